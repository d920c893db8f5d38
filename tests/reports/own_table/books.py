"""Invented templates of districts: what a district office sends, in five shapes, and the villages of an invented commune."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports.own_table import Template, Unit, read

CANG, SANG, THREE, LO = UNITS = (
    Unit("90001-01", ("Bản Cang",)),
    Unit("90001-02", ("Bản Nà Sàng", "ns")),
    Unit("90001-03", ("Tiểu khu 3",)),
    Unit("90001-04", ("Bản Lò Văn Mẫu",)),
)
WHOLE = "90001"
THIN = Side(style="thin")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
NAMES = ("Bản Cang", "Bản Nà Sàng", "Tiểu khu 3", "Bản Lò Văn Mẫu")


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content), rich_text=True)


def template_in(content: bytes, units: Sequence[Unit] = UNITS, sheet: str | None = None) -> Template:
    template = read(content, units, sheet)
    assert isinstance(template, Template), template
    return template


def put(sheet: Worksheet, row: int, values: Sequence[Any], *, framed: bool = True, column: int = 1) -> None:
    for at, value in enumerate(values, start=column):
        cell = sheet.cell(row, at, value)
        if framed:
            cell.border = FRAME
            cell.alignment = Alignment(horizontal="center", wrap_text=True)


def titled(sheet: Worksheet, width: int) -> None:
    """Four rows as they stand above every official table."""
    sheet["A1"] = "UBND HUYỆN MẪU SƠN"
    sheet.cell(1, max(width - 2, 4), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=width)
    sheet["A2"] = "BIỂU TỔNG HỢP NGƯỜI NGOÀI TỈNH, NGƯỜI VỀ TỪ VÙNG DỊCH"
    sheet["A2"].font = Font(bold=True, size=14, name="Times New Roman")
    sheet.merge_cells(start_row=3, end_row=3, start_column=1, end_column=width)
    sheet["A3"] = "(Kèm theo Công văn số 123/UBND-YT ngày 09/9/2021)"


def signed(sheet: Worksheet, row: int) -> None:
    sheet.cell(row, 2, "NGƯỜI LẬP BIỂU")
    sheet.cell(row, 5, "TM. BAN CHỈ ĐẠO")


def merged_headings() -> bytes:
    """Headings merged over two rows and over two columns, a row of numbers, a title over all, a second sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Biểu 01"
    titled(sheet, 9)
    heads = ["STT", "Thôn, bản", "Tổng số người đang ở ngoài tỉnh", "Trong đó", None, "Liên lạc", None, "Cần hỗ trợ", "Ghi chú"]
    put(sheet, 5, heads)
    put(sheet, 6, [None, None, None, "Số đã về", "Chưa về", "Đã liên lạc được", "Chưa LL được", None, None])
    for area in ("A5:A6", "B5:B6", "C5:C6", "D5:E5", "F5:G5", "H5:H6", "I5:I6"):
        sheet.merge_cells(area)
    put(sheet, 7, ["A", "B", "(1)=(2)+(3)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"])
    for at, name in enumerate(NAMES):
        put(sheet, 8 + at, [at + 1, name, None, None, None, None, None, None, None])
        sheet.cell(8 + at, 3).number_format = "#,##0"
    signed(sheet, 14)
    sheet.column_dimensions["B"].width = 31.5
    sheet.row_dimensions[5].height = 44
    other = book.create_sheet("Hướng dẫn")
    other["A1"], other["B2"] = "Gửi trước 10h00 hằng ngày", "=1+1"
    return saved(book)


def two_levels() -> bytes:
    """Two and three levels of headings, no numbering, the names in capitals."""
    book = Workbook()
    sheet = book.active
    titled(sheet, 12)
    put(sheet, 5, [None, "Thôn, bản", "F0", None, None, "F1", None, "Cách ly y tế", None, "Mẫu xét nghiệm", None, None])
    put(
        sheet,
        6,
        [None, None, "Mới", "Đang điều trị", "Khỏi", "Mới", "Đang theo dõi", "CLTT", "Tại nhà", "Đã lấy", "Kết quả", None],
    )
    put(sheet, 7, [None] * 9 + [None, "(+)", "(-)"])
    for area in ("B5:B7", "C5:E5", "F5:G5", "H5:I5", "J5:L5", "J6:J7", "K6:L6", *(f"{at}6:{at}7" for at in "CDEFGHI")):
        sheet.merge_cells(area)
    for at, name in enumerate(NAMES):
        put(sheet, 8 + at, [None, name.upper(), *[None] * 10])
    signed(sheet, 13)
    return saved(book)


def totals_row() -> bytes:
    """Sums above and below, a column that is computed, yesterday's figures still in the cells, a section, a remark below."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Tổng hợp"
    titled(sheet, 7)
    put(sheet, 5, ["TT", "Đơn vị", "Người về từ vùng dịch", None, "F0 tử vong", "Cộng", "Số túi thuốc đã cấp"])
    put(sheet, 6, [None, None, "Trong ngày", "Lũy kế", None, None, None])
    for area in ("A5:A6", "B5:B6", "C5:D5", "E5:E6", "F5:F6", "G5:G6"):
        sheet.merge_cells(area)
    put(sheet, 7, [None, "Toàn xã", "=SUM(C8:C12)", "=SUM(D8:D12)", "=SUM(E8:E12)", "=SUM(F8:F12)", "=SUM(G8:G12)"])
    put(sheet, 8, ["I", "Khu vực trung tâm", None, None, None, None, None])
    for row, name in zip((9, 10, 11, 12), NAMES, strict=True):
        put(sheet, row, [row - 8, name, 3, 40, 1, f"=C{row}+E{row}", 5])
        sheet.cell(row, 4).fill = PatternFill("solid", fgColor="FFFF00")
    put(sheet, 13, ["Cộng", None, *(f"=SUM({at}9:{at}12)" for at in "CDEFG")])
    sheet.merge_cells("A13:B13")
    sheet["B15"] = "Ghi chú: số liệu tính đến 08h00"
    sheet.freeze_panes = "C7"
    return saved(book)


def villages_across() -> bytes:
    """Units side by side, figures one below the other under sections, the sum in the last column."""
    book = Workbook()
    sheet = book.active
    titled(sheet, 8)
    put(sheet, 5, ["STT", "Chỉ tiêu", "ĐVT", *NAMES, "Cộng", "Ghi chú"])
    rows = [
        ("I", "Người ở ngoài tỉnh", None),
        (1, "Tổng số", "người"),
        (2, "Đã về", "người"),
        (3, "Chưa về", "người"),
        ("II", "F0", None),
        (1, "Mới trong ngày", "ca"),
        (None, "- Trong đó: trẻ em", "ca"),
        (2, "Tử vong", "ca"),
        ("III", "Số hộ bị phong tỏa", "hộ"),
    ]
    for row, (number, name, measure) in enumerate(rows, start=6):
        put(sheet, row, [number, name, measure, None, None, None, None, f"=SUM(D{row}:G{row})", None])
    signed(sheet, 17)
    return saved(book)


def extra_column() -> bytes:
    """The first template of the next morning: a column was added in the middle, another is worded otherwise."""
    book = opened(merged_headings())
    sheet = book["Biểu 01"]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_cols(6)
    put(sheet, 5, ["Số hộ có người nhiễm, phải cách ly cả hộ"], column=6)
    sheet["I5"] = "Số người cần được hỗ trợ"
    sheet["F7"] = "(3a)"
    for area in ("A2:J2", "A3:J3", "A5:A6", "B5:B6", "C5:C6", "D5:E5", "F5:F6", "G5:H5", "I5:I6", "J5:J6"):
        sheet.merge_cells(area)
    return saved(book)


FIVE = {
    "merged headings": merged_headings,
    "two levels": two_levels,
    "totals row": totals_row,
    "villages across": villages_across,
    "extra column": extra_column,
}
