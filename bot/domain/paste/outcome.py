"""What a message comes to once all its lines are read: the people, the numbers, who has nothing new, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.paste.fields import EVENT, FIELDS
from bot.domain.paste.lines import PASSED_OVER, Line, unknown
from bot.domain.paste.parts import Part
from bot.domain.paste.person import IDENTITY, Someone, kind_of, resolve, settled
from bot.domain.paste.reading import Counted, Fact, Found, NothingNew, Reading, Said, Unread

_MOST_PEOPLE = 10_000
_MOST_UNKNOWN = 2  # words beside a name of which no kind of report is known
_SILENT = ("village", "report", "mention")


@dataclass(frozen=True)
class Number:
    """A number of people in a part, and what is said with it. ``family``: its kind is that of the people named there."""

    part: Part
    number: int
    said: Sequence[Fact]
    family: bool = False


@dataclass(frozen=True)
class Outcome:
    """Everything that was heard in one message. ``zeros``: the parts that say that nothing is new, with where they do."""

    said: Said
    today: date
    parts: Sequence[Part]
    people: Sequence[Someone]
    numbers: Sequence[Number]
    zeros: Sequence[tuple[Part, str]]

    def reading(self) -> Reading:
        found = tuple(person for someone in self.people if (person := self._found(someone)) is not None)
        counted = tuple(self._counted(found))
        zeros = tuple(self._zeros({piece.village for piece in (*found, *counted)}))
        return Reading(found, counted, zeros, tuple(self._unread()))

    def _found(self, someone: Someone) -> Found | None:
        read = resolve(someone, self.today)
        told = read.answers.keys() - {"full_name", "sex"}
        if not read.kind and not (told and "full_name" in read.answers):
            return None
        part = someone.part
        if read.kind is None and sum(token.word for token in unknown(part.line, 0, len(part.line.text))) > _MOST_UNKNOWN:
            return None
        for used in someone.parts:
            used.used = True
        part.dropped += [text for text in read.dropped if text in part.line.text]
        sources = {name: self._source(someone, source) for name, source in read.sources.items()}
        return Found(part.written, someone.village, self.said.sender, self.said.day, read.kind, read.answers, sources)

    def _source(self, someone: Someone, source: str) -> str:
        if any(source in part.written for part in someone.parts):
            return source
        return someone.part.as_written(source)

    def _counted(self, found: Sequence[Found]) -> Iterator[Counted]:
        for number in self.numbers:
            kind = kind_of(number.said)
            if number.family:
                kind = next((person.kind for person in found if person.line == number.part.written), None) or kind
            if kind is not None and number.number <= _MOST_PEOPLE:
                number.part.used = True
                yield self._of_kind(number, kind)

    def _of_kind(self, number: Number, kind: str) -> Counted:
        settled_now, _ = settled(kind, [fact for fact in number.said if fact.field not in IDENTITY], self.today)
        told = {name: settled_now[name] for name in FIELDS[kind] if name in settled_now and name in EVENT}
        return Counted(
            number.part.written,
            number.part.village,
            self.said.sender,
            self.said.day,
            kind,
            number.number,
            {name: value for name, (value, _) in told.items()},
            {name: number.part.as_written(source) for name, (_, source) in told.items()},
        )

    def _zeros(self, busy: set[str | None]) -> Iterator[NothingNew]:
        """Nothing is new where nobody was found; said twice, it is said once."""
        for part, text in self.zeros:
            part.used = True
            if part.village not in busy:
                busy.add(part.village)
                yield NothingNew(part.written, part.village, self.said.sender, self.said.day, text)

    def _unread(self) -> Iterator[Unread]:
        for part in self.parts:
            pieces = [*_unread_clauses(part.line), *dict.fromkeys(part.dropped)] if part.used else _whole(part)
            for text in pieces:
                yield Unread(part.written, part.village, self.said.sender, self.said.day, text)


def _unread_clauses(line: Line) -> list[str]:
    """The statements of a line that was understood otherwise, of which nothing at all was made."""
    pieces = []
    for clause in range(len(line.clauses)):
        start, end = line.clause_span(clause)
        meant = any(start <= sense.start < end and sense.group not in PASSED_OVER for sense in line.senses)
        named = any(start <= name.start < end for name in line.names)
        if not meant and not named and any(token.word for token in unknown(line, start, end)):
            pieces.append(line.text[start:end].strip(" ,;.()-"))
    return pieces


def _whole(part: Part) -> list[str]:
    """A line of which nothing was made, unless it is all courtesy."""
    line = part.line
    meant = any(sense.group not in PASSED_OVER and sense.group not in _SILENT for sense in line.senses)
    strange = any(letter.isalnum() and not line.known(at) for at, letter in enumerate(line.text) if at >= line.begins)
    if not meant and not line.names and not strange:
        return []
    return [line.text.strip() if line.text in part.written else part.written.strip()]
