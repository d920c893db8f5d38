"""A copy of the district's file with our figures in it; everything else as it was."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell

from bot.conversation.words import Say
from bot.domain.vietnamese import strip_unsafe
from bot.reports.own_table.grid import Grid
from bot.reports.own_table.mapping import CODE, NOTE, TableMap
from bot.reports.own_table.package import open_book
from bot.reports.own_table.places import Names, Unit, is_total
from bot.reports.own_table.reading import locate_in, template_of
from bot.reports.own_table.template import Refused, Template

Values = Mapping[str, Mapping[str, int | str | None]]
"""Unit -> target -> what is known; a figure that is not known is None or not there."""

_TEXT_FORMAT = "@"
_MOST_TEXT = 32_767  # what a cell holds


class Left(StrEnum):
    """Why a cell was not written."""

    FORMULA = "formula"
    LOCKED = "locked"
    MERGED = "merged"
    COLUMN_GONE = "column_gone"
    ROW_GONE = "row_gone"


@dataclass(frozen=True)
class Gap:
    """A figure that found no place: the keys of its column and row, and why. A row or column that is gone has no other key."""

    column: str
    row: str
    why: Left

    @property
    def say(self) -> Say:
        return Say(f"own_table.left.{self.why}")


@dataclass(frozen=True)
class Filled:
    """``written``: cells that hold a value of ours. ``empty``: cells of ours of which nothing is known."""

    content: bytes
    written: int
    empty: int
    gaps: tuple[Gap, ...] = ()


def fill(content: bytes, table: TableMap, values: Values) -> Filled | Refused:
    """A copy of the file with the values in the columns and rows that the mapping names, found by their headings again.

    Cells with formulas, and those that the sheet locks, are left alone. A figure that is not known leaves its cell empty,
    also where an old one stood; a remark or code that is not known leaves it as it is. Whole numbers are written as numbers,
    but as text where the column holds its numbers as text. Refuses as ``read`` does.
    """
    book = open_book(content)
    if isinstance(book, Refused):
        return book
    names = Names([Unit(row.key, (row.name,)) for row in table.rows if not is_total(row.name)])
    found = locate_in(book, names, table.sheet if table.sheet in book.sheetnames else None)  # some are named by the day
    if isinstance(found, Refused):
        return found
    template = template_of(found, names, book)
    counted = _Counted()
    _fill(found.grid, template, table, values, counted)
    book.calculation.fullCalcOnLoad = True  # the sums that were stored are no longer true
    saved = _saved(book)
    if saved is None:
        return Refused("broken")
    return Filled(saved, counted.written, counted.empty, (*counted.gaps, *_gone(template, table)))


@dataclass
class _Counted:
    written: int = 0
    empty: int = 0
    gaps: tuple[Gap, ...] = ()


def _fill(grid: Grid, template: Template, table: TableMap, values: Values, counted: _Counted) -> None:
    targets = {column.key: column.target for column in table.columns if column.target is not None}
    units = {row.key: row.unit for row in table.rows if row.unit is not None}
    for field in template.fields:
        target = targets.get(field.key)
        if target is None:
            continue
        as_text = any(_holds_text(grid.cell(line.at, field.at)) for line in template.lines)
        for line in template.lines:
            unit = units.get(line.key)
            if unit is None:
                continue
            cell = grid.cell(line.at, field.at)
            if (why := _untouchable(cell, grid)) is not None:
                counted.gaps += (Gap(field.key, line.key, why),)
            elif (value := values.get(unit, {}).get(target)) is not None:
                _write(cell, value, as_text)
                counted.written += 1
            else:
                counted.empty += 1
                if target not in (NOTE, CODE):
                    cell.value = None


def _untouchable(cell: Cell | MergedCell, grid: Grid) -> Left | None:
    if isinstance(cell, MergedCell):
        return Left.MERGED
    if cell.data_type == "f":
        return Left.FORMULA
    return Left.LOCKED if grid.sheet.protection.sheet and cell.protection.locked else None


def _holds_text(cell: Cell | MergedCell) -> bool:
    """Whether a number stands there as text, or would."""
    return cell.number_format == _TEXT_FORMAT or (isinstance(cell.value, str) and cell.value.strip().isdecimal())


def _write(cell: Cell | MergedCell, value: int | str, as_text: bool) -> None:
    if isinstance(value, int) and not as_text:
        cell.value = value
        return
    cell.value = strip_unsafe(str(value))[:_MOST_TEXT]
    cell.data_type = "s"  # what begins with "=" is no formula if a person wrote it


def _gone(template: Template, table: TableMap) -> Iterator[Gap]:
    fields, lines = {one.key for one in template.fields}, {one.key for one in template.lines}
    for column in table.columns:
        if column.target is not None and column.key not in fields:
            yield Gap(column.key, "", Left.COLUMN_GONE)
    for row in table.rows:
        if row.unit is not None and row.key not in lines:
            yield Gap("", row.key, Left.ROW_GONE)


def _saved(book: Workbook) -> bytes | None:
    out = io.BytesIO()
    try:
        book.save(out)
    except Exception:  # the library reads some oddities that it cannot write
        return None
    return out.getvalue()
