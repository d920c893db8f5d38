"""A template that changed overnight: only what is new in it is asked."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from bot.reports.own_table import Changes, Confidence, Template, Why, difference, propose, renewed
from tests.reports.own_table.books import NAMES, UNITS, extra_column, merged_headings, put, saved, template_in, totals_row

HEADS = ["STT", "Bản", "Tổng số người ở ngoài tỉnh", "Đã về", "Chưa về", "Cần hỗ trợ", "Số túi quà", "Ghi chú"]


def of(heads: list[str], names: tuple[str, ...] = NAMES, first: int = 1) -> Template:
    book = Workbook()
    put(book.active, first, heads)
    for row, name in enumerate(names, start=first + 1):
        cells: list[Any] = [row - first, name, *[None] * (len(heads) - 2)]
        put(book.active, row, cells)
    return template_in(saved(book))


OLD = propose(of(HEADS), UNITS).column("so tui qua", "question:7").confirmed()


def test_nothing_changed() -> None:
    assert not difference(OLD, of(HEADS))
    assert not difference(propose(template_in(totals_row()), UNITS), template_in(totals_row()))


def test_rows_that_were_put_above_the_table_change_nothing() -> None:
    assert not difference(OLD, of(HEADS, first=6))


def test_a_column_that_was_added_moves_none() -> None:
    found = difference(OLD, of([*HEADS[:4], "Số người ho, sốt", *HEADS[4:]]))

    assert found.columns == Changes(added=("so nguoi ho sot",))
    assert not found.rows


def test_a_column_that_is_gone() -> None:
    assert difference(OLD, of([*HEADS[:5], *HEADS[6:]])).columns == Changes(removed=("can ho tro",))


def test_a_column_that_moved_follows_its_heading() -> None:
    found = difference(OLD, of([*HEADS[:3], "Ghi chú", *HEADS[3:7]]))

    assert found.columns == Changes(moved=("ghi chu",))


def test_a_column_that_is_worded_otherwise_is_told_by_what_it_means() -> None:
    heads = [*HEADS[:5], "Số người gặp khó khăn, đề nghị hỗ trợ", *HEADS[6:]]

    assert difference(OLD, of(heads)).columns.renamed == (("can ho tro", "so nguoi gap kho khan de nghi ho tro"),)


def test_a_column_that_nobody_understands_is_told_by_its_place_and_letters() -> None:
    assert difference(OLD, of([*HEADS[:6], "Số túi quà tặng", *HEADS[7:]])).columns == Changes(
        renamed=(("so tui qua", "so tui qua tang"),)
    )


def test_villages_that_came_went_and_were_renamed() -> None:
    names = ("Bản Cang", "Bản ns", "Tiểu khu 3", "Bản Mới Mẫu")
    units = [*UNITS[:1], type(UNITS[1])(UNITS[1].code, ("Bản Nà Sàng", "Bản ns")), *UNITS[2:]]

    found = difference(OLD, of(HEADS, names), units)

    assert found.rows == Changes(added=("ban moi mau",), removed=("ban lo van mau",), renamed=(("ban na sang", "ban ns"),))


def test_what_was_confirmed_stays_and_only_the_difference_is_open() -> None:
    new = of([*HEADS[:4], "Số người ho, sốt", *HEADS[4:]], ("Bản Cang", "Bản Nà Sàng", "Bản Mới Mẫu", "Tiểu khu 3"))

    table = renewed(OLD, new, UNITS)

    assert [column.key for column in table.open_columns] == ["so nguoi ho sot"]
    assert [row.name for row in table.open_rows] == ["Bản Mới Mẫu"]
    kept = {column.key: column for column in table.columns}
    assert (kept["so tui qua"].target, kept["so tui qua"].confidence, kept["so tui qua"].at) == (
        "question:7",
        Confidence.CONFIRMED,
        8,
    )


def test_the_template_with_an_extra_column() -> None:
    old = propose(template_in(merged_headings()), UNITS).confirmed()
    new = template_in(extra_column())

    found = difference(old, new, UNITS)

    assert found.columns == Changes(
        added=("so ho co nguoi nhiem phai cach ly ca ho",), renamed=(("can ho tro", "so nguoi can duoc ho tro"),)
    )
    assert [column.confidence for column in renewed(old, new, UNITS).columns if column.target == "away_need_support"] == [
        Confidence.LIKELY
    ]


def test_a_column_that_the_district_computes_now_is_no_longer_filled() -> None:
    old = propose(of(HEADS), UNITS).confirmed()
    book = Workbook()
    put(book.active, 1, HEADS)
    for row, name in enumerate(NAMES, start=2):
        put(book.active, row, [row, name, f"=D{row}+E{row}", None, None, None, None, None])

    table = renewed(old, template_in(saved(book)), UNITS)

    assert (table.columns[0].target, table.columns[0].why) == (None, Why.FORMULA)
