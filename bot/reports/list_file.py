"""Files with lists as people send them: opened into rows of text, and given back with what is wrong beside each row.

Meant for a process of its own (``list_process``): what strangers made may be broken, huge or hostile.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import repeat, zip_longest
from pathlib import PurePath
from typing import Any

from bot.domain.lists.reading import FORMULA
from bot.errors import TungNhaError

MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_INSIDE = 80 * 1024 * 1024
"""Bytes of a workbook once it is unpacked: a sheet of that many rows has a tenth of it."""

_SCANNED = 4 * MOST_ROWS  # rows, the empty ones that spreadsheets leave behind included
_LONGEST_CELL = 1_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what .xls, and a workbook with a password, begins with
_FORMULA = re.compile(rb"<(?:x:)?f[ />]")
_DELIMITERS = ("\t", ";", ",", "|")
_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".csv", ".tsv"})


class Refused(TungNhaError):
    """A file out of which no list can be read; ``key`` names the sentence below ``lists.refused``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Mark:
    """What is written beside a row: the number of its file, "" if it has none, and what is wrong."""

    code: str
    fault: str


def may_be_list(name: str | None) -> bool:
    """Whether a file's name says that it is a table."""
    return name is not None and PurePath(name).suffix.lower() in _SUFFIXES


def opened(name: str, content: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """Sheet by sheet its name and its rows, each cell as the text that it shows. Raises Refused."""
    if PurePath(name).suffix.lower() in (".csv", ".tsv"):
        yield "", _of_text(content)
        return
    _check(content)
    try:
        yield from _of_book(content)
    except Refused:
        raise
    except Exception as error:
        raise Refused("broken") from error


def _check(content: bytes) -> None:
    if content.startswith(_OLE):
        raise Refused("protected" if "EncryptedPackage".encode("utf-16-le") in content else "old")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Refused("broken") from error
    if sum(part.file_size for part in parts) > MOST_INSIDE:
        raise Refused("too_large_inside")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("protected")
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if "xl/workbook.bin" in names:
        raise Refused("old")
    if "xl/workbook.xml" not in names:
        raise Refused("broken")


def _of_book(content: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    from openpyxl import load_workbook  # late: only the process that reads a file needs it

    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    formulas = load_workbook(io.BytesIO(content), read_only=True) if _has_formulas(content) else None
    for sheet in values.worksheets:
        if sheet.sheet_state == "visible":
            written = _rows(formulas[sheet.title]) if formulas is not None else repeat(())
            yield sheet.title, _filled(_rows(sheet), written)


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return any(_FORMULA.search(packed.read(name)) for name in packed.namelist() if name.startswith("xl/worksheets/"))


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what a file says about its own size is often wrong
    yield from sheet.iter_rows(max_row=_SCANNED, max_col=MOST_COLUMNS, values_only=True)


def _filled(values: Iterable[tuple[Any, ...]], written: Iterable[tuple[Any, ...]]) -> list[list[str]]:
    rows: list[list[str]] = []
    empty = 0
    for shown, typed in zip(values, written, strict=False):
        row = [_text(value, cell) for value, cell in zip_longest(shown, typed)]
        while row and not row[-1]:
            row.pop()
        if not row:
            empty += 1
            continue
        rows += [[] for _ in range(empty)]
        empty = 0
        rows.append(row)
        _limit(rows)
    return rows


def _limit(rows: Sequence[Sequence[str]]) -> None:
    if len(rows) > MOST_ROWS + 100:  # headings and empty rows are no people
        raise Refused("too_many_rows")


def _text(value: Any, written: Any) -> str:
    """A cell as it shows; a formula that was never calculated has nothing to show."""
    if value is None:
        return FORMULA if isinstance(written, str) and written.startswith(FORMULA) else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (datetime, date)):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:_LONGEST_CELL].strip()


def _of_text(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise Refused("broken")
    delimiter = delimiter_of(text)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([cell[:_LONGEST_CELL].strip() for cell in row[:MOST_COLUMNS]])
            _limit(rows)
    except csv.Error as error:
        raise Refused("broken") from error
    return rows


def delimiter_of(text: str) -> str:
    """What stands between cells: the sign that the longest of the first lines has most of."""
    first = text.splitlines()[:40]
    return max(_DELIMITERS, key=lambda sign: max((line.count(sign) for line in first), default=0))


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 or the code page of Vietnamese Windows, which no byte contradicts."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1258", "replace")


# --- giving it back ---------------------------------------------------------------------------------------------------


def marked(name: str, content: bytes, marks: Mapping[str, tuple[int, int | None, Mapping[int, Mark]]], titles: Mark) -> bytes:
    """The same file with two more columns: the number of each row's file, and what is wrong with it.

    ``marks``: by the name of the sheet, the row of its heading, where its codes stand if it has them, and what to write by row.
    ``titles`` are the headings of the two.
    """
    if PurePath(name).suffix.lower() in (".csv", ".tsv"):
        return _marked_text(content, marks[""], titles)
    from openpyxl import load_workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    book = load_workbook(io.BytesIO(content))
    for tab, (heading, code_at, rows) in marks.items():
        sheet: Any = book[tab]
        # Behind the last column that says anything: formats without content reach far beyond it.
        width = 1 + max((cell.column for row in sheet.iter_rows() for cell in row if cell.value is not None), default=0)
        at_code = code_at + 1 if code_at is not None else width
        at_fault = width + (code_at is None)
        for row, mark in {heading: titles, **rows}.items():
            if row == heading and code_at is not None:
                mark = Mark("", mark.fault)
            if mark.code:
                _write(sheet, row, at_code, mark.code)
            if mark.fault:
                cell = _write(sheet, row, at_fault, mark.fault)
                cell.font, cell.alignment = (
                    Font(color="C00000", bold=row == heading),
                    Alignment(wrap_text=True, vertical="center"),
                )
                if row != heading:
                    cell.fill = PatternFill("solid", fgColor="FDE9E7")
        sheet.column_dimensions[sheet.cell(1, at_fault).column_letter].width = 60
        if code_at is None:
            sheet.column_dimensions[sheet.cell(1, at_code).column_letter].width = 14
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row + 1, column)
    cell.value = text
    cell.data_type = "s"  # what was typed may begin like a formula
    return cell


def _marked_text(content: bytes, marks: tuple[int, int | None, Mapping[int, Mark]], titles: Mark) -> bytes:
    text = _decoded(content)
    delimiter = delimiter_of(text)
    heading, code_at, by_row = marks
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    width = max((len(row) for row in read), default=0)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    for number, row in enumerate(read):
        mark = titles if number == heading else by_row.get(number, Mark("", ""))
        cells = row + [""] * (width - len(row))
        if code_at is not None:
            cells[code_at] = cells[code_at] if number == heading else mark.code or cells[code_at]
            writer.writerow([*cells, mark.fault])
        else:
            writer.writerow([*cells, mark.code, mark.fault])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
