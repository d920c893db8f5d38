"""One line with everything that was recognised in it, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.domain.paste.figures import figures
from bot.domain.paste.names import Name, find_names
from bot.domain.paste.villages import Villages
from bot.domain.paste.whereabouts import find_places, free_place
from bot.domain.paste.words import Sense, Token, flat, is_family, lexicon, tokens

# What ends a statement. A dot does between words; a hyphen between spaces; a colon never, since labels end with it.
_BOUNDARY = re.compile(r"[,;()|\t+\n]|\.(?=\s|$|[^\W\d_])|(?<=\s)[-–—](?=\s)|^\s*[-–—*•]")
_BRACKETS = re.compile(r"\(([^()]{1,40})\)")
_NUMBERING = re.compile(r"\s*(?:[-–—+*•]+\s*)?(?:\d{1,3}\s*[.)/\t:\-]+(?!\d)|\d{1,3}(?=\s+[^\W\d_]))?")
_PEOPLE, _FAMILY = frozenset({"people"}), frozenset({"family"})
_LEADING = frozenset({"noise", "label", "yes"})
_SAYS_MORE = ("ve", "f 0", "f 1", "lao dong")
PASSED_OVER = frozenset({"noise", "title", "label", "yes", "family", "all", "relation", "people"})


@dataclass(frozen=True)
class Line:
    """``senses`` and ``names`` in their order; ``clauses``: where each statement begins."""

    text: str
    tokens: tuple[Token, ...]
    senses: tuple[Sense, ...]
    names: tuple[Name, ...]
    clauses: tuple[int, ...]
    begins: int  # behind the numbering

    def clause(self, at: int) -> int:
        return bisect_right(self.clauses, at) - 1

    def clause_span(self, clause: int) -> tuple[int, int]:
        end = self.clauses[clause + 1] if clause + 1 < len(self.clauses) else len(self.text)
        return self.clauses[clause], end

    def piece(self, sense: Sense | Name) -> str:
        return self.text[sense.start : sense.end].strip()

    def tokens_between(self, start: int, end: int) -> tuple[Token, ...]:
        return self.tokens[bisect_left(self._starts, start) : bisect_right(self._starts, end - 1)]

    def clause_senses(self, at: int) -> Sequence[Sense]:
        """The senses of the clause in which something stands."""
        return self._by_clause[self.clause(at)]

    def known(self, at: int) -> bool:
        """Whether something was made of the word that begins here."""
        return bool(self._covered[at])

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    @cached_property
    def _by_clause(self) -> Sequence[Sequence[Sense]]:
        clauses: list[list[Sense]] = [[] for _ in self.clauses]
        for sense in self.senses:
            clauses[self.clause(sense.start)].append(sense)
        return clauses

    @cached_property
    def _covered(self) -> bytearray:
        covered = bytearray(len(self.text))
        for start, end in [(x.start, x.end) for x in self.senses] + [(x.start, x.end) for x in self.names]:
            covered[start:end] = b"\1" * (end - start)
        return covered


def scan(text: str, villages: Villages) -> Line:
    """Recognises what it can, from what is least to what is most easily mistaken."""
    written = tokens(text)
    claimed = bytearray(len(text))
    skipped = _numbering(text, written)
    senses: list[Sense] = []
    for village in villages.find(written):
        claimed[village.start : village.end] = b"\1" * (village.end - village.start)
        senses.append(village)
    if not any(claimed[:skipped]):
        claimed[:skipped] = b"\1" * skipped
    found = figures(text, flat(text), claimed)
    senses += found
    senses += find_places(text, written, claimed)
    names = find_names(text, written, claimed, found)
    senses += _phrases(text, written, claimed)
    whole = bytearray(len(text))
    for sense in senses:
        if sense.group != "noise":
            whole[sense.start : sense.end] = b"\1" * (sense.end - sense.start)
    cuts = {0} | {match.end() for match in _BOUNDARY.finditer(text) if not whole[match.start()]}
    cuts -= _asides(text, senses)
    senses.sort(key=lambda sense: (sense.start, -sense.end))
    return Line(text, written, tuple(senses), tuple(names), tuple(sorted(cuts)), skipped)


def _asides(text: str, senses: Sequence[Sense]) -> set[int]:
    """The brackets around a mere remark, "mũi 1 (Moderna) ngày 5/8", which end no statement."""
    noise = {(sense.start, sense.end) for sense in senses if sense.group == "noise"}
    return {at for match in _BRACKETS.finditer(text) if match.span(1) in noise for at in (match.start() + 1, match.end())}


def unknown(line: Line, start: int, end: int) -> list[Token]:
    """The words and numbers in [start, end) of which nothing was made."""
    return [
        token
        for token in line.tokens_between(start, end)
        if (token.word or token.number) and token.start >= line.begins and not line.known(token.start)
    ]


def _numbering(text: str, written: Sequence[Token]) -> int:
    """Where a line begins behind "1.", "- " or "2)"; a bare number is one only before a name, not in "2 người", "2 mũi"."""
    match = _NUMBERING.match(text)
    end = match.end() if match else 0
    first = next((i for i, token in enumerate(written) if token.number and token.end <= end), None)
    if first is None or first + 1 >= len(written):
        return end
    following = written[first + 1]
    if _noun(written, first + 1) is not None or (following.word and not following.titled and not is_family(following)):
        return written[first].start
    return end


def _noun(written: Sequence[Token], i: int) -> tuple[int, Sense] | None:
    return lexicon().at(written, i, _PEOPLE) or lexicon().at(written, i, _FAMILY)


def _phrases(text: str, written: Sequence[Token], claimed: bytearray) -> list[Sense]:
    found: list[Sense] = []
    i = 0
    while i < len(written):
        if claimed[written[i].start]:
            i += 1
            continue
        end, sense = _count(written, i) or _longest(written, i, claimed)
        if sense is not None:
            claimed[sense.start : sense.end] = b"\1" * (sense.end - sense.start)
            found.append(sense)
            if (
                sense.group == "from"
                and end < len(written)
                and (place := free_place(text, written, _past_colon(written, end), claimed))
            ):
                claimed[place.start : place.end] = b"\1" * (place.end - place.start)
                found.append(place)
        i = max(end, i + 1)
    return found


def _past_colon(written: Sequence[Token], i: int) -> int:
    return i + 1 if written[i].text == ":" and i + 1 < len(written) else i


def _longest(written: Sequence[Token], i: int, claimed: bytearray) -> tuple[int, Sense | None]:
    """The longest phrase that does not run into something that was recognised before."""
    for end, sense in lexicon().all_at(written, i):
        if not any(claimed[sense.start : sense.end]):
            return end, sense
    return i + 1, None


def _number(written: Sequence[Token], i: int) -> int | None:
    if written[i].number:
        return int(written[i].text) if len(written[i].text) <= 4 else None
    numeral = lexicon().at(written, i, frozenset({"numeral"}))
    return int(numeral[1].value) if numeral else None


def _count(written: Sequence[Token], i: int) -> tuple[int, Sense | None] | None:
    """A number of people: "3 người", "hai mẹ con", "vợ chồng", "1 F1"."""
    pair = lexicon().at(written, i, _FAMILY)
    if pair is not None and pair[1].value == "pair":
        return pair[0], Sense("family_count", "2", pair[1].start, pair[1].end)
    number = _number(written, i)
    if number is None or i + 1 >= len(written):
        return None
    family = lexicon().at(written, i + 1, _FAMILY)
    if family is not None:
        group = "family_more" if family[1].value == "more" else "family_count"
        return family[0], Sense(group, str(number), written[i].start, family[1].end)
    noun = lexicon().at(written, i + 1, _PEOPLE)
    if noun is None:
        return None
    last = " ".join(token.plain for token in written[i + 1 : noun[0]])
    if last == "ve" and i and written[i - 1].word and lexicon().at(written, i - 1, _LEADING) is None:
        return None
    end = i + 1 if last in _SAYS_MORE else noun[0]
    return end, Sense("count", str(number), written[i].start, written[end - 1].end)
