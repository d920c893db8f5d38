"""What a line states, one fact after another: which field of a form, which value, and where in the line.

A field that begins with "_" is a remark by which the reader finds out what kind of report it is; it never leaves the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from bot.domain.paste.around import Around
from bot.domain.paste.lines import Line
from bot.domain.paste.names import Name
from bot.domain.paste.reading import Fact
from bot.domain.paste.told_figures import FIGURES
from bot.domain.paste.told_words import WORDS
from bot.domain.paste.words import Sense, spelled
from bot.domain.vietnamese import fold

_PLAIN = {"sex", "group", "transport", "quarantine_type"}  # groups of the vocabulary that are fields, with values of the form
_REMARKS = {
    "still": "_still",
    "recovered": "_recovered",
    "expected": "_expected",
    "oops": "_oops",
    "not": "_not",
    "all": "_all",
    "cumulative": "_cumulative",
}
_READERS = {**FIGURES, **WORDS}


def facts(line: Line, day: date) -> list[Fact]:
    """Every fact of a line in its order. ``day`` is the day on which it was said."""
    around = Around(line, day)
    found = [fact for i in range(len(line.senses)) for fact in _of_sense(around, i)]
    found += [fact for name in line.names for fact in _of_name(around, name)]
    return sorted(found, key=lambda fact: fact.start)


def _of_sense(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    group = sense.group
    if group in _PLAIN and sense.value != "cue":
        if not (group == "quarantine_type" and around.over(i)) and not (group == "sex" and _is_no_sex(around, i)):
            yield around.fact(group, sense.value, sense, weak=group == "group")
    elif group == "place":
        yield around.fact(_place_field(around, sense), sense.value, sense)
    elif group in _REMARKS:
        yield around.fact(_REMARKS[group], True, sense)
    elif group == "over":
        if any(other.group == "quarantine_type" for other in around.clause(sense)):
            yield around.fact("_over", True, sense)
    elif group in _READERS:
        yield from _READERS[group](around, i)


def _of_name(around: Around, name: Name) -> Iterator[Fact]:
    if name.role == "household" and name.full:
        yield around.fact("household", name.full, name)
    if name.role == "person" and name.title:
        yield around.fact("sex", name.title, name)
    if name.role == "person" and _is_thi(name.full):
        yield around.fact("sex", "female", name, weak=True)


def _is_thi(full_name: str) -> bool:
    """Whether a name has "Thị" before the given name, which is borne by women only."""
    return any(fold(word) == "thi" and spelled(word) for word, _ in pairwise(full_name.split()))


def _place_field(around: Around, sense: Sense) -> str:
    clause = around.clause(sense)
    before = [other for other in clause if other.end <= sense.start and other.group != "noise"]
    if before and before[-1].group == "back" and fold(around.line.piece(before[-1])) in ("ve", "tro ve"):
        return "_to"
    return "_place"


def _is_no_sex(around: Around, i: int) -> bool:
    """Whether "nam" may mean "năm", as in "nam 1986" without any marks, or is the South, as in "Bắc Nam"."""
    at = next(k for k, token in enumerate(around.line.tokens) if token.start == around.senses[i].start)
    before = around.line.tokens[at - 1] if at else None
    if before is not None and before.word and before.titled and around.line.tokens[at].titled and around.line.tokens[at].joined:
        return not before.text.isupper()
    return _may_be_a_year(around, i)


def _may_be_a_year(around: Around, i: int) -> bool:
    following = around.next_to(i, 1)
    return following is not None and following.group == "year" and not any(token.accents for token in around.line.tokens)
