"""What each column and row of a template means, as proposed and as an officer confirmed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.conversation.words import Say
from bot.domain.indicators import flows, indicators
from bot.reports.own_table.headings import Confidence, Meaning, Why, meaning
from bot.reports.own_table.places import Names, Unit
from bot.reports.own_table.template import Field, Line, Template

NOTE, CODE = "note", "code"
"""What a column may be besides an indicator: remarks on the unit, and its code."""


@dataclass(frozen=True)
class Column:
    """A field of the template and the figure that belongs there.

    ``target``: an indicator, ``note``, ``code`` or a name of the caller's; None: nothing is filled in. ``candidates``: what it
    may be, the likest first. ``words``: what the reason speaks of.
    """

    key: str
    at: int
    path: tuple[str, ...]
    target: str | None
    confidence: Confidence
    why: Why
    words: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether an officer has to say what it is."""
        return self.confidence is Confidence.UNKNOWN and self.why not in (Why.FORMULA, Why.HIDDEN, Why.EMPTY)

    @property
    def reason(self) -> Say:
        return _reason(self.why, self.words)


@dataclass(frozen=True)
class Row:
    """A line of the template and its unit; None: nothing is filled in. ``candidates``: units that bear its name."""

    key: str
    at: int
    name: str
    unit: str | None
    confidence: Confidence
    why: Why
    candidates: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.confidence is Confidence.UNKNOWN and self.why not in (Why.FORMULA, Why.NO_FIGURE)

    @property
    def reason(self) -> Say:
        return _reason(self.why, (self.name,))


@dataclass(frozen=True)
class TableMap:
    """The meaning of a template, with enough of it to tell later what changed; see ``stored`` and ``restored``."""

    sheet: str
    across: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def open_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_open)

    @property
    def open_rows(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.is_open)

    def column(self, key: str, target: str | None) -> TableMap:
        """With the column as an officer says it is; None: people fill it in. Raises KeyError for no such column."""
        changed = replace(_by_key(self.columns, key), target=target, confidence=Confidence.CONFIRMED, why=Why.PERSON)
        return replace(self, columns=tuple(changed if column.key == key else column for column in self.columns))

    def row(self, key: str, unit: str | None) -> TableMap:
        """With the row as an officer says it is; None: it is left alone. Raises KeyError for no such row."""
        changed = replace(_by_key(self.rows, key), unit=unit, confidence=Confidence.CONFIRMED, why=Why.PERSON)
        return replace(self, rows=tuple(changed if row.key == key else row for row in self.rows))

    def confirmed(self) -> TableMap:
        """With all that was proposed confirmed."""

        def agreed(one: Column) -> Column:
            return one if one.target is None else replace(one, confidence=Confidence.CONFIRMED)

        def known(one: Row) -> Row:
            return one if one.unit is None else replace(one, confidence=Confidence.CONFIRMED)

        return replace(self, columns=tuple(map(agreed, self.columns)), rows=tuple(map(known, self.rows)))


def propose(
    template: Template, units: Sequence[Unit], targets: Collection[str] | None = None, whole: str | None = None
) -> TableMap:
    """What the columns and rows are, each with its reason; what is not sure is left open and never guessed.

    ``targets``: the indicators that there are, by default all. ``whole``: the unit whose figures belong into a line of
    totals that the sheet does not compute itself.
    """
    known = frozenset(indicators() if targets is None else targets) | {NOTE, CODE}
    columns = [_column(field, known) for field in template.fields]
    columns = list(_without_twins(list(_without_parts(columns))))
    names = Names(units)
    rows = _without_doubles([_row(line, names, whole) for line in template.lines])
    return TableMap(template.sheet, template.across, tuple(columns), tuple(rows))


def stored(table: TableMap) -> dict[str, Any]:
    """The mapping as JSON can hold it."""
    return dict(_ADAPTER.dump_python(table, mode="json"))


def restored(data: object) -> TableMap:
    """What was stored. Raises pydantic's ValidationError."""
    return _ADAPTER.validate_python(data, strict=False)


def _column(field: Field, known: frozenset[str]) -> Column:
    read = meaning(field.path)
    candidates = tuple(one for one in read.candidates if one in known)
    if read.target is not None and read.target not in known:
        read = Meaning(None, Confidence.UNKNOWN, Why.NO_FIGURE, field.path, candidates)
    if field.formula or field.hidden:
        likely = (read.target,) if read.target is not None else candidates
        why = Why.FORMULA if field.formula else Why.HIDDEN
        return Column(field.key, field.at, field.path, None, Confidence.UNKNOWN, why, field.path, likely)
    return Column(field.key, field.at, field.path, read.target, read.confidence, read.why, read.words, candidates)


def _without_twins(columns: Sequence[Column]) -> Iterator[Column]:
    """Two columns that would be the same figure differ in something we did not see: both are asked, unless one is sure."""
    often = Counter(column.target for column in columns)
    sure = Counter(column.target for column in columns if column.confidence is Confidence.SURE)
    for column in columns:
        first = column.confidence is Confidence.SURE and sure[column.target] == 1
        yield column if column.target is None or often[column.target] == 1 or first else _asked(column)


def _without_parts(columns: Sequence[Column]) -> Iterator[Column]:
    """What stands below a flow that is a figure itself is a part of it: of those who are new, the deceased."""
    figures = {column.path: column.target for column in columns}
    for column in columns:
        part = any(figures.get(column.path[:n]) in flows() for n in range(1, len(column.path)))
        yield _asked(column) if part and column.target is not None else column


def _asked(column: Column) -> Column:
    candidates = () if column.target is None else (column.target,)
    asked = replace(column, target=None, confidence=Confidence.UNKNOWN, why=Why.SEVERAL)
    return replace(asked, words=column.path, candidates=candidates)


def _row(line: Line, names: Names, whole: str | None) -> Row:
    if line.formula:
        return Row(line.key, line.at, line.name, None, Confidence.UNKNOWN, Why.FORMULA)
    if line.total:
        sure = Confidence.UNKNOWN if whole is None else Confidence.LIKELY
        return Row(line.key, line.at, line.name, whole, sure, Why.ASSUMED if whole else Why.NO_FIGURE)
    match = names.find(line.name)
    return Row(line.key, line.at, line.name, match.code, match.confidence, match.why, match.candidates)


def _without_doubles(rows: Sequence[Row]) -> Iterator[Row]:
    """Two rows of one unit: which of them is it? Both are asked."""
    often = Counter(row.unit for row in rows)
    for row in rows:
        if row.unit is not None and often[row.unit] > 1:
            yield replace(row, unit=None, confidence=Confidence.UNKNOWN, why=Why.SEVERAL, candidates=(row.unit,))
        else:
            yield row


def _reason(why: Why, words: Sequence[str]) -> Say:
    return Say(f"own_table.reason.{why}", words=" / ".join(words))


_Part = TypeVar("_Part", Column, Row)


def _by_key(parts: Sequence[_Part], key: str) -> _Part:
    found = next((part for part in parts if part.key == key), None)
    if found is None:
        raise KeyError(key)
    return found


_ADAPTER = TypeAdapter(TableMap)
