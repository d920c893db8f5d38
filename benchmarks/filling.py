"""How long a unit's own table of 25 rows and 40 columns takes to fill, beside opening and saving the same file."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

from openpyxl import Workbook, load_workbook

from bot.domain.indicators import indicators
from bot.reports.own_table import Refused, Unit, fill, propose, read

ROWS, COLUMNS = 25, 40
TIMES = 7
UNITS = [Unit(f"U{n:02}", (f"Bản Mẫu {n}",)) for n in range(1, ROWS + 1)]


def template() -> bytes:
    """A title, headings, the villages, a line of sums."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "BÁO CÁO NHANH (mẫu)"
    sheet.append([])
    sheet.append(["TT", "Tên bản", *(f"Chỉ tiêu {n}" for n in range(1, COLUMNS + 1))])
    for number, unit in enumerate(UNITS, start=1):
        sheet.append([number, *unit.names])
    sums = [f"=SUM({column[0].column_letter}4:{column[0].column_letter}28)" for column in sheet.iter_cols(3, COLUMNS + 2)]
    sheet.append([None, "Tổng cộng", *sums])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line() -> str:
    """The numbers for people, of CPU time."""
    content = template()
    found = read(content, UNITS)
    assert not isinstance(found, Refused)
    table, targets = propose(found, UNITS), list(indicators())
    for number, column in enumerate(table.columns):
        table = table.column(column.key, targets[number % len(targets)])
    values = {unit.code: dict.fromkeys(targets, 7) for unit in UNITS}
    filled = fill(content, table, values)
    assert not isinstance(filled, Refused)
    assert filled.written == ROWS * COLUMNS, filled.written
    ours = _seconds(lambda: fill(content, table, values))
    bare = _seconds(lambda: load_workbook(io.BytesIO(content)).save(io.BytesIO()))
    return f"own table, {ROWS} x {COLUMNS}: filled in {ours:.2f} s of CPU, {ours / bare:.2f} of opening and saving the file"


def _seconds(what: Callable[[], object]) -> float:
    """The median of some runs."""
    took = []
    for _ in range(TIMES):
        begin = time.process_time()
        what()
        took.append(time.process_time() - begin)
    return statistics.median(took)
