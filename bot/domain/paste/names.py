"""The people in a line: who is reported, whose household it is, and who is only mentioned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.paste.runs import cased, ending, uncased
from bot.domain.paste.words import Sense, Token, lexicon
from bot.domain.vietnamese import clean_name, fold

_MOST_BETWEEN = 12  # letters between two names of which the second only keeps the first company
_TITLE = frozenset({"title"})
_HOUSEHOLD = frozenset({"household"})
_COURTESIES = frozenset({"noise", "mention", "title"})
_AGES = frozenset({"birth", "age", "year", "phone"})


@dataclass(frozen=True)
class Name:
    """A name at [start, end) of its line. ``role``: person, household (its head), other (who is only mentioned).

    ``full`` is empty for somebody who is only called "ông Sơn"; ``title`` is the sex that the form of address tells, or "".
    """

    full: str
    role: str
    title: str
    start: int
    end: int


def find_names(line: str, written: Sequence[Token], claimed: bytearray, figures: Sequence[Sense]) -> list[Name]:
    """The names of a line in their order. Marks in ``claimed`` what they took, forms of address included."""
    found = _all(line, written, cased(written, claimed))
    if not any(name.full for name in found):
        taken = {figure.start for figure in figures if figure.group in _AGES}
        found = _all(line, written, uncased(written, claimed, taken)) or found
    found = _company(line, found)
    for name in found:
        claimed[name.start : name.end] = b"\1" * (name.end - name.start)
    return sorted(found, key=lambda name: name.start)


def _all(line: str, written: Sequence[Token], runs: Sequence[tuple[int, int]]) -> list[Name]:
    return [name for start, end in runs if (name := _name(line, written, start, end)) is not None]


def _company(line: str, names: Sequence[Name]) -> list[Name]:
    """Who stands beside somebody who is only mentioned is only mentioned as well: "tiếp xúc với A và B"."""
    found: list[Name] = []
    for name in sorted(names, key=lambda name: name.start):
        before = found[-1] if found else None
        if before and before.role == "other" and name.role == "person" and not name.title:
            between = fold(line[before.end : name.start])
            if len(between) <= _MOST_BETWEEN and between.endswith(("va", ",")):
                name = replace(name, role="other")
        found.append(name)
    return found


def _name(line: str, written: Sequence[Token], start: int, end: int) -> Name | None:
    full = clean_name(line[written[start].start : written[end - 1].end]) if end - start > 1 else ""
    at, title, role = start, "", "person"
    step = ending(written, at, _HOUSEHOLD)
    if step is None and not _pair(written, at) and (before := ending(written, at, _TITLE)) is not None:
        at, title = before[0], before[1].value
        step = ending(written, at, _HOUSEHOLD)
        if step is None and (ending(written, at, frozenset({"relation"})) is not None and not _pair(written, at)):
            return Name(full, "other", "", written[at].start, written[end - 1].end)
    if step is not None:
        at, role = step[0], "household"
        full = full or clean_name(line[written[start].start : written[end - 1].end])
    elif _mentioned(written, at, named=bool(full)):
        role = "other"
    if role == "person" and not full and not _says_something(written, end):
        return None
    return Name(full, role, title if title != "any" else "", written[at].start, written[end - 1].end)


def _pair(written: Sequence[Token], i: int) -> bool:
    step = ending(written, i, frozenset({"family"}))
    return step is not None and step[1].value != "more"


def _mentioned(written: Sequence[Token], i: int, named: bool) -> bool:
    """Whether what stands before a name only addresses or mentions that person, or is the speaker's own introduction."""
    step = ending(written, i, frozenset({"mention"}))
    if step is None:
        return False
    if step[1].value == "speaker":
        return _only_courtesy(written, step[0])
    return step[1].value == "never" or not named


def _only_courtesy(written: Sequence[Token], end: int) -> bool:
    """Whether a line has nothing but courtesies before token ``end``."""
    k = 0
    while k < end and (step := lexicon().at(written, k, _COURTESIES)) is not None:
        k = step[0]
    return k == end


def _says_something(written: Sequence[Token], i: int) -> bool:
    step = lexicon().at(written, i) if i < len(written) else None
    return step is not None and step[1].group in ("back", "from", "away", "born", "f0")
