"""The report table: what stands in the file is what stands in the digest."""

from __future__ import annotations

import io
from datetime import time
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.clock import at
from bot.domain.units import Tree
from bot.reports.book import HEADER_ROW, Made, file_name
from bot.reports.digest import digest_lines
from bot.reports.figures import Known, roll_up
from bot.reports.workbook import COUNTED, report_table
from bot.storage.ledger import Range
from bot.texts import Voice
from tests.reports.conftest import DAY, MORNING, UNITS, Roll

VI, EN = Voice("vi", "dong_chi"), Voice("en")
MADE = Made("Lò Thị Mẫu", MORNING)
TREE = Tree(UNITS, DAY)
CODES = [unit.code for unit in UNITS]
FIRST = HEADER_ROW + 2  # openpyxl counts rows from 1


def _table(content: bytes, sheet: int = 0) -> tuple[Any, list[tuple[Any, ...]]]:
    """A sheet, and its rows from the header to the totals."""
    opened = load_workbook(io.BytesIO(content)).worksheets[sheet]
    rows = list(opened.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    return opened, rows[: next(at for at, row in enumerate(rows) if row[1] in ("Cộng", "Total")) + 1]


def test_the_table_has_the_columns_of_the_official_report(roll: Roll) -> None:
    _, rows = _table(report_table(roll("90001", {}, {}), MADE, VI))

    assert ", ".join(rows[0]) == (
        "TT, Thôn, Ở ngoài tỉnh, Đã về, Chưa về, Đã liên lạc, Chưa liên lạc, Cần hỗ trợ, "
        "Cách ly tập trung, Cách ly tại nhà, F0, F1, Ghi chú"
    )
    assert rows[-1][1] == "Cộng"


def test_a_missing_village_keeps_its_figures_and_is_marked_a_late_one_too(roll: Roll) -> None:
    filed = {"90001-02": time(8), "90001-03": time(7)}

    _, rows = _table(report_table(roll("90001", {"90001-01": {"away_total": 5}}, filed), MADE, VI))

    assert [(row[1], row[2], row[-1]) for row in rows[1:-1]] == [
        ("Bản Nà Nọi", 5, "chưa báo cáo"),
        ("Bản Co Chai", 0, "báo cáo muộn"),
        ("Tiểu khu 3", 0, None),
    ]


def test_the_contacts_that_are_followed_stand_beside_the_cases(roll: Roll) -> None:
    _, rows = _table(report_table(roll("90001", {"90001-01": {"f1_followed": 4, "f0_under_treatment": 1}}, {}), MADE, VI))

    assert [row[-3:-1] for row in (rows[1], rows[-1])] == [(1, 4), (1, 4)]


def test_the_heading_says_for_when_and_the_foot_who_made_it(roll: Roll) -> None:
    sheet, _ = _table(report_table(roll("90001", {}, {}), MADE, VI))

    text = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert text[0] == "XÃ CHIỀNG MỘT"
    assert "Ngày 09/9/2021 (tính đến 08h00 ngày 09/9/2021)" in text
    assert "Đã báo cáo: 0/3 bản, tiểu khu" in text
    assert text[-1] == "Người lập: Lò Thị Mẫu, lúc 09h45 ngày 09/9/2021"


def test_the_sheet_is_ready_for_paper_and_for_scrolling(roll: Roll) -> None:
    sheet, _ = _table(report_table(roll("90001", {}, {}), MADE, VI))

    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.freeze_panes == f"C{FIRST}"
    assert sheet.print_title_rows == f"${HEADER_ROW + 1}:${HEADER_ROW + 1}"
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"Times New Roman"}


def test_a_district_has_a_row_a_commune_and_a_sheet_of_all_villages(roll: Roll) -> None:
    sums = {"90001-01": {"away_total": 5}, "90002": {"away_total": 2}, "900": {"away_total": 1}}
    filed = {"90001-01": time(7)}
    parts = [roll(code, sums, filed) for code in ("90001", "90002")]
    content = report_table(roll("900", sums, filed), MADE, VI, parts=parts)

    _, communes = _table(content)
    _, villages = _table(content, 1)

    assert [(row[1], row[2], row[-1]) for row in communes[1:]] == [
        ("Xã Chiềng Một", 5, "1/3 đã báo cáo"),
        ("Xã Chiềng Hai", 2, "chưa báo cáo"),
        ("Huyện Thử", 1, "ghi chung cho cả đơn vị"),
        ("Cộng", 8, None),
    ]
    assert [row[1] for row in villages[1:4]] == ["Bản Nà Nọi", "Bản Co Chai", "Tiểu khu 3"]
    assert villages[1][2] == "Xã Chiềng Một"
    assert villages[-1][3] == sum(row[3] for row in villages[1:-1]) == 8


def test_the_table_is_written_in_the_readers_language(roll: Roll) -> None:
    _, rows = _table(report_table(roll("90001", {}, {}), MADE, EN))

    assert (rows[0][2], rows[1][-1], rows[-1][1]) == ("Away", "not reported", "Total")


def test_the_large_way_of_writing_gives_the_same_table(roll: Roll, tmp_path: Path) -> None:
    figures = roll("90001", {"90001-01": {"away_total": 5}}, {})

    assert _table(report_table(figures, MADE, VI, tmpdir=tmp_path))[1] == _table(report_table(figures, MADE, VI))[1]
    assert list(tmp_path.iterdir()) == []


counts = st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(COUNTED)), st.integers(0, 99))


@settings(max_examples=25, deadline=None)
@given(counts, st.sets(st.sampled_from([unit.code for unit in TREE.villages("900")])), st.sampled_from(["900", "90001"]))
def test_every_column_adds_up_to_its_total_and_to_the_sentence_of_the_digest(
    sums: dict[tuple[str, str], int], reported: set[str], code: str
) -> None:
    known = Known(Range(DAY, DAY), DAY, MORNING, 1, sums, dict.fromkeys(reported, at(DAY, time(7))))
    figures = roll_up(TREE, code, known)

    _, rows = _table(report_table(figures, MADE, VI))
    said = [VI(line) for line in digest_lines(figures, None)]

    for at_column, key in enumerate(COUNTED, start=2):
        column = [row[at_column] for row in rows[1:]]
        assert sum(column[:-1]) == column[-1] == figures.totals[key]

    for sentence, keys in SENTENCES.items():
        line = next(line for line in said if line.startswith(sentence))
        assert line.endswith(": " + " / ".join(str(figures.totals[key]) for key in keys))


SENTENCES = {
    "Tổng số người đang ở ngoài tỉnh": ("away_total",),
    "Đã về": ("away_returned", "away_not_returned"),
    "Đã liên lạc được": ("away_contacted", "away_not_contacted"),
    "Gặp khó khăn": ("away_need_support",),
    "Đang cách ly": ("quarantine_institutional", "quarantine_home"),
}


def test_a_file_is_named_in_vietnamese_without_what_a_disk_refuses() -> None:
    assert file_name("returnee", "Xã Chiềng Mung", DAY, VI) == "Danh sách người về – Xã Chiềng Mung – 09-9-2021.xlsx"
    assert file_name("table", "Xã A/B: C", DAY, VI) == "Bảng tổng hợp – Xã A-B- C – 09-9-2021.xlsx"
    assert file_name("f0", "Xã Chiềng Mung", DAY, EN) == "F0 – Xã Chiềng Mung – 09-9-2021.xlsx"
