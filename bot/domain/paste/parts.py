"""The lines of a message, ready to be read: rows of a table labelled, cut where they go through villages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bot.domain.paste.lines import Line, scan
from bot.domain.paste.tables import Row, rows
from bot.domain.paste.villages import Villages

_LONGEST = 1500  # letters of a line that are read together; longer ones are cut at a space


@dataclass(eq=False)
class Part:
    """A line, or the part of one that speaks of one village.

    ``written`` is the whole line as it was; ``used``: something was made of it; ``dropped``: pieces that were not sure.
    """

    written: str
    line: Line
    heading: bool = False
    village: str | None = None
    used: bool = False
    dropped: list[str] = field(default_factory=list)

    def as_written(self, source: str) -> str:
        """A piece of the line that was read, as it stands in the line that was written: in a table without its label."""
        for piece in (source, source.rpartition(":")[2].strip()):
            if piece and piece in self.written:
                return piece
        return self.written


def parts(text: str, villages: Villages) -> Iterator[Part | None]:
    """The parts of a message in their order; None for an empty line."""
    for row in _cut(rows(text.split("\n"))):
        if row.heading:
            yield Part(row.written, scan("", villages), heading=True, used=True)
        elif row.text.strip():
            yield from _by_village(row, villages)
        else:
            yield None


def _by_village(row: Row, villages: Villages) -> Iterator[Part]:
    """A line is one part, unless it goes through several villages: "Thôn 1 không phát sinh, thôn 2 có …"."""
    line = scan(row.text, villages)
    leading = [
        sense
        for sense in line.senses
        if sense.group == "village" and not line.text[line.clause_span(line.clause(sense.start))[0] : sense.start].strip(" -*+")
    ]
    cuts = [0, *(sense.start for sense in leading[1:] if sense.value != leading[0].value), len(row.text)]
    if len(cuts) == 2:
        yield Part(row.written, line)
        return
    for start, end in pairwise(cuts):
        yield Part(row.written, scan(row.text[start:end], villages))


def _cut(given: Iterable[Row]) -> Iterator[Row]:
    """The rows, those that are longer than any person writes cut in pieces: what is read together stays short."""
    for row in given:
        text = row.text
        while len(text) > _LONGEST:
            at = max(text.rfind(" ", 0, _LONGEST), _LONGEST // 2)
            yield Row(row.written, text[:at])
            text = text[at:]
        yield row if text is row.text else Row(row.written, text)
