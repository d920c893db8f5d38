"""An Excel file in the style of an official paper: Times New Roman, A4 landscape, a heading, a table, who made it and when.

Text is always written as text: what a person typed is never a formula, and a phone keeps its zero.
"""

from __future__ import annotations

import io
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.conversation.words import Say
from bot.reports.phrases import instant
from bot.texts import Voice, show_date

Cell = str | int | None

FONT, SIZE = "Times New Roman", 11
LONGEST = 32_767  # characters in a cell of Excel; more would drop the whole cell
HEADER_ROW = 5  # below four lines of heading and an empty one
_MARGINS = {"left": 30 / 25.4, "right": 15 / 25.4, "top": 20 / 25.4, "bottom": 20 / 25.4}  # Decree 30/2020
_LINE, _TALLEST = 14.5, 409.0  # points; 409 is Excel's limit
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True)
class Made:
    """Who made a file, and when: it stands in every export (Law 91/2025/QH15)."""

    by: str
    at: datetime

    def line(self) -> Say:
        return Say("reports.sheet.made", name=self.by, at=instant(self.at))


@dataclass(frozen=True)
class Column:
    title: str
    width: float  # in characters
    centred: bool = False  # and its numbers are ordinals or years, never grouped
    choices: tuple[str, ...] = ()  # which a cell below it offers


@dataclass(frozen=True)
class Heading:
    unit: str
    title: str
    under: str
    counted: str


class Book:
    """One workbook. With ``tmpdir``, rows go through a file there as they are written: give it a private folder in memory.

    Without, everything stays in memory, which is right for a commune.
    """

    def __init__(self, tmpdir: Path | None = None) -> None:
        self._bytes = io.BytesIO()
        memory = {"in_memory": True} if tmpdir is None else {"constant_memory": True, "tmpdir": str(tmpdir)}
        never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        import xlsxwriter  # late: a start needs no Excel

        self._book = xlsxwriter.Workbook(self._bytes, {**memory, **never})
        base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
        boxed = {**base, "border": 1, "text_wrap": True}
        add = self._book.add_format
        self._unit = add({**base, "bold": True, "font_size": 13})
        self._title = add({**base, "bold": True, "font_size": 14, "align": "center"})
        self._under = add({**base, "italic": True, "font_size": 13, "align": "center"})
        self._line = add({**base, "italic": True})
        self._head = add({**boxed, "bold": True, "align": "center", "bg_color": "#E7EEF7"})
        self._text = add({**boxed, "num_format": "@"})  # what is typed there later stays as it is typed
        self._centred = add({**boxed, "align": "center"})
        number = {**boxed, "num_format": "#,##0_)", "align": "right"}
        self._number = add(number)
        self._sum = add({**number, "bold": True})
        self._sum_text = add({**boxed, "bold": True, "align": "center"})

    def sheet(
        self,
        tab: str,
        heading: Heading,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        *,
        total: Sequence[Cell] | None = None,
        below: Sequence[str] = (),
        page: str = "",
        frozen: int = 2,
        filtered: bool = False,
    ) -> None:
        """Add a sheet. Rows are written in the order in which they come and may be a generator."""
        sheet = self._book.add_worksheet(tab)
        self._set_up(sheet, columns, page, frozen)
        sheet.write_string(0, 0, heading.unit, self._unit)
        for row, words, style in ((1, heading.title, self._title), (2, heading.under, self._under)):
            sheet.merge_range(row, 0, row, len(columns) - 1, words, style)
        sheet.write_string(3, 0, heading.counted, self._line)
        sheet.set_row(HEADER_ROW, _height([column.title.upper() for column in columns], columns))
        for at, column in enumerate(columns):
            sheet.write_string(HEADER_ROW, at, column.title, self._head)
        last = HEADER_ROW
        for last, cells in enumerate(rows, start=HEADER_ROW + 1):
            sheet.set_row(last, _height(cells, columns))
            for at, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                styles = (self._centred, self._centred) if column.centred else (self._text, self._number)
                self._write(sheet, last, at, cell, *styles)
        for at, column in enumerate(columns):
            if column.choices:
                offered = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
                sheet.data_validation(HEADER_ROW + 1, at, max(last, HEADER_ROW + 1), at, offered)
        if filtered:
            sheet.autofilter(HEADER_ROW, 0, last, len(columns) - 1)
        if total is not None:
            last += 1
            sheet.set_row(last, _height(total, columns))
            for at, cell in enumerate(total):
                self._write(sheet, last, at, cell, self._sum_text, self._sum)
        for row, words in enumerate(below, start=last + 2):
            sheet.write_string(row, 0, words, self._line)

    def _write(self, sheet: Any, row: int, at: int, cell: Cell, text: Any, number: Any) -> None:
        if cell is None or cell == "":
            sheet.write_blank(row, at, None, text)
        elif isinstance(cell, int):
            sheet.write_number(row, at, cell, number)
        else:
            sheet.write_string(row, at, cell[:LONGEST], text)

    def _set_up(self, sheet: Any, columns: Sequence[Column], page: str, frozen: int) -> None:
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.set_margins(**_MARGINS)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        sheet.freeze_panes(HEADER_ROW + 1, frozen)
        sheet.hide_gridlines(2)
        sheet.set_footer(f'&C&"{FONT},Regular"&{SIZE} {page}')
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)

    def finish(self) -> bytes:
        """The file. Nothing can be added afterwards."""
        self._book.close()
        return self._bytes.getvalue()


def _height(cells: Sequence[Cell], columns: Sequence[Column]) -> float:
    """Points that a row needs: not every program that opens the file fits wrapped text by itself."""
    lines = (
        len(textwrap.wrap(cell, max(1, int(column.width)))) if isinstance(cell, str) else 1
        for cell, column in zip(cells, columns, strict=True)
    )
    return min(_TALLEST, 4 + _LINE * max(1, *lines))


def file_name(kind: str, unit_name: str, day: date, voice: Voice) -> str:
    """ "Danh sách người về – Xã Chiềng Mung – 09-9-2021.xlsx". Kinds: table, letter, picture, people, returnee, absence, f0."""
    name = voice(Say(f"reports.file.{kind}", unit=unit_name, day=show_date(day).replace("/", "-")))
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("-", name))
