"""A sheet as a grid of texts in which a merged cell stands everywhere it covers, if need be with rows and columns exchanged."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from bot.domain.vietnamese import tidy
from bot.texts import show_date

MOST_ROWS, MOST_COLUMNS = 1000, 200
"""What is looked at of a sheet; sheets that are formatted to their very end have a million rows."""

Place = tuple[int, int]


@dataclass(frozen=True)
class Span:
    """What a cell covers, in rows and columns of the grid."""

    top: int
    left: int
    bottom: int
    right: int


class Grid:
    """Rows and columns count from 1, up to the last that says something."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self.across = False
        """Whether a row of the grid is a column of the sheet, and the other way round."""
        rows, columns = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
        self._texts = {
            (row, column): text
            for row, line in enumerate(sheet.iter_rows(max_row=rows, max_col=columns), start=1)
            for column, cell in enumerate(line, start=1)
            if (text := written(cell))
        }
        self._spans = _merged(sheet, rows, columns)
        self.rows = max((row for row, _ in self._texts), default=0)
        self.columns = max((column for _, column in self._texts), default=0)

    def turned(self) -> Grid:
        """The same sheet with rows and columns exchanged."""
        other = copy(self)
        other.across = not self.across
        other.rows, other.columns = self.columns, self.rows
        other._texts = {(column, row): text for (row, column), text in self._texts.items()}
        other._spans = {
            (column, row): Span(span.left, span.top, span.right, span.bottom) for (row, column), span in self._spans.items()
        }
        return other

    def span(self, row: int, column: int) -> Span:
        return self._spans.get((row, column)) or Span(row, column, row, column)

    def text(self, row: int, column: int) -> str:
        """What stands there, tidy; of a merged cell wherever it covers."""
        span = self.span(row, column)
        return self._texts.get((span.top, span.left), "")

    def own(self, row: int, column: int) -> str:
        """What is written in this very cell."""
        return self._texts.get((row, column), "")

    def cell(self, row: int, column: int) -> Cell | MergedCell:
        return self.sheet.cell(column, row) if self.across else self.sheet.cell(row, column)

    def is_formula(self, row: int, column: int) -> bool:
        return self.cell(row, column).data_type == "f"

    def is_framed(self, row: int, column: int) -> bool:
        """Whether lines are drawn around it."""
        border = self.cell(row, column).border
        return any(side is not None and side.style for side in (border.left, border.right, border.top, border.bottom))

    def hidden(self, kind: str) -> frozenset[int]:
        """The hidden "rows" or "columns" of the grid."""
        rows = frozenset(at for at, line in self.sheet.row_dimensions.items() if line.hidden)
        columns = frozenset(
            at
            for group in self.sheet.column_dimensions.values()
            if group.hidden and group.min and group.max
            for at in range(group.min, min(group.max, MOST_COLUMNS) + 1)
        )
        return rows if (kind == "rows") is not self.across else columns


def _merged(sheet: Worksheet, rows: int, columns: int) -> dict[Place, Span]:
    found = {}
    for area in sheet.merged_cells.ranges:
        span = Span(area.min_row, area.min_col, min(area.max_row, rows), min(area.max_col, columns))
        for row in range(span.top, span.bottom + 1):
            for column in range(span.left, span.right + 1):
                found[row, column] = span
    return found


def written(cell: Cell | MergedCell) -> str:
    """What a person sees in a cell, a formula as such; nothing for what a merged cell covers."""
    value = cell.value
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return show_date(value)
    return tidy(str(value))
