"""Tables as they are really drawn: where they begin, what is a heading, what a unit, what belongs to neither."""

from __future__ import annotations

from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports.own_table import Confidence, Template, Unit, Why, propose
from bot.reports.own_table.places import Names, is_total, line_key
from tests.reports.own_table.books import CANG, SANG, THREE, UNITS, put, saved, signed, template_in, titled, villages_across

A, B = "Bản Cang", "Bản Nà Sàng"


def of(*rows: list[Any], framed: bool = True, first: int = 1, merged: str = "", units: tuple[Unit, ...] = UNITS) -> Template:
    book = Workbook()
    for at, row in enumerate(rows, start=first):
        put(book.active, at, row, framed=framed)
    for area in merged.split():
        book.active.merge_cells(area)
    return template_in(saved(book), units)


def paths(template: Template) -> list[tuple[str, ...]]:
    return [field.path for field in template.fields]


def names(template: Template) -> list[str]:
    return [line.name for line in template.lines]


def test_a_heading_that_was_not_merged_reaches_over_the_empty_cells_beside_it() -> None:
    template = of(["Bản", "F0", None, None], [None, "Mới", "Khỏi", "Tử vong"], [A], [B], framed=False)

    assert paths(template) == [("F0", "Mới"), ("F0", "Khỏi"), ("F0", "Tử vong")]


def test_a_line_between_them_ends_it() -> None:
    template = of(["Bản", "F0", None], [None, "Mới", "Ghi chú"], [A], [B])

    assert paths(template) == [("F0", "Mới"), ("Ghi chú",)]


def test_a_merged_heading_reaches_no_further_than_it_is_merged() -> None:
    template = of(["Bản", "F0", None, None], [None, "Mới", "Khỏi", "Ghi chú"], [A], [B], framed=False, merged="B1:C1")

    assert paths(template) == [("F0", "Mới"), ("F0", "Khỏi"), ("Ghi chú",)]


def test_titles_above_are_no_headings() -> None:
    titles = ["Biểu số 3", None, "Đơn vị tính: người", None]
    table = (["TT", "Bản", "Đã về", "Chưa về"], [1, A], [2, B])

    plain = of(titles, *table, framed=False)
    book = Workbook()
    put(book.active, 1, ["Huyện Mẫu Sơn", None, "Số liệu trong ngày", "08h00"], framed=False)
    for row, values in enumerate(table, start=2):
        put(book.active, row, values)

    assert paths(plain) == paths(template_in(saved(book))) == [("Đã về",), ("Chưa về",)]
    assert plain.titles == ("Biểu số 3", "Đơn vị tính: người")


def test_a_framed_row_above_is_a_level_of_headings_whatever_it_says() -> None:
    template = of(["Số liệu tính đến 09/9 của trẻ em", None], [None, "Bản", "Đã về", "Chưa về"], [1, A], [2, B], framed=False)
    framed = of([None, None, "Trẻ em, tính đến 09/9", None], [None, "Bản", "Đã về", "Chưa về"], [1, A], [2, B], merged="C1:D1")

    assert paths(template)[0] == ("Đã về",)
    assert paths(framed)[0] == ("Trẻ em, tính đến 09/9", "Đã về")


def test_a_remark_beside_a_new_unit_does_not_make_a_heading_of_it() -> None:
    template = of(["TT", "Bản", "Đã về", "Ghi chú"], [1, "Bản Mới Mẫu", None, "mới tách"], [2, A], [3, B])

    assert (names(template), paths(template)) == (["Bản Mới Mẫu", A, B], [("Đã về",), ("Ghi chú",)])


def test_a_title_right_above_a_table_without_a_heading_over_the_units() -> None:
    template = of(
        ["DANH SÁCH TỔNG HỢP", None, None, None, None],
        [None, "Đã về", "Chưa về", "F0 mới", "Ghi chú"],
        [A],
        [B],
        merged="A1:E1",
    )

    assert paths(template) == [("Đã về",), ("Chưa về",), ("F0 mới",), ("Ghi chú",)]


@pytest.mark.parametrize(
    "numbers",
    [
        ["A", "B", "1", "2"],
        ["(1)", "(2)", "(3)=(4)+(5)", "(4)"],
        [1, 2, 3, 4],
        [None, None, "(1)", "(2a)"],
        ["a", "b", "1", "2=3+4"],
    ],
)
def test_a_row_of_numbers_is_no_heading(numbers: list[Any]) -> None:
    template = of(["TT", "Bản", "Đã về", "Chưa về"], numbers, [1, A], [2, B])

    assert paths(template) == [("Đã về",), ("Chưa về",)]
    assert [field.number for field in template.fields] == [str(number) for number in numbers[2:]]
    assert names(template) == [A, B]


def test_an_empty_row_below_the_headings_is_passed_over() -> None:
    template = of(["TT", "Bản", "Đã về"], [None, None, None], [1, A], [2, B])

    assert (paths(template), names(template)) == ([("Đã về",)], [A, B])


def test_units_that_are_new_stand_among_the_others_and_are_asked() -> None:
    template = of(["Bản", "Đã về"], ["Bản Mới Mẫu"], [A], ["Bản Hai Mẫu"], [B], ["Bản Ba Mẫu"])

    assert names(template) == ["Bản Mới Mẫu", A, "Bản Hai Mẫu", B, "Bản Ba Mẫu"]
    assert [row.name for row in propose(template, UNITS).open_rows] == ["Bản Mới Mẫu", "Bản Hai Mẫu", "Bản Ba Mẫu"]


def test_who_signs_below_is_no_unit() -> None:
    template = of(["Bản", "Đã về"], [A], [B], ["Nơi nhận:"], ["- Như trên;"])

    assert names(template) == [A, B]


def test_sections_part_the_units_and_are_none() -> None:
    template = of(
        ["TT", "Bản", "Đã về"],
        ["I", "Vùng cao", None],
        [1, A, None],
        ["II", "Vùng thấp", None],
        [2, B, None],
        [None, "Cộng", 0],
    )

    assert names(template) == [A, B, "Cộng"]


def test_a_second_table_below_with_the_same_units_is_not_read() -> None:
    template = of(["Bản", "Đã về"], [A], [B], ["Bản", "F0 mới"], [A], [B])

    assert (paths(template), len(template.lines)) == ([("Đã về",)], 3)


def test_a_second_table_beside_it_is_not_read() -> None:
    template = of(["TT", "Bản", "Đã về", "TT", "Bản", "F0 mới"], [1, A, None, 3, "Tiểu khu 3"], [2, B])

    assert paths(template) == [("Đã về",)]


def test_columns_of_the_same_name_are_told_apart_and_both_asked() -> None:
    template = of(["Bản", "Đã về", "Đã về"], [A], [B])

    assert [field.key for field in template.fields] == ["da ve", "da ve #2"]
    assert [(column.target, column.candidates) for column in propose(template, UNITS).columns] == [
        (None, ("away_returned",))
    ] * 2


def test_a_part_of_a_daily_figure_is_asked() -> None:
    book = Workbook()
    titled(book.active, 6)
    put(book.active, 5, ["TT", "Nội dung", *(unit.names[0] for unit in UNITS)])
    rows = ((1, "F0 mới trong ngày"), (None, "- Tử vong"), (2, "Người ở ngoài tỉnh"), (None, "- Đã về"))
    for row, values in enumerate(rows, start=6):
        put(book.active, row, values)
    signed(book.active, 12)

    table = propose(template_in(saved(book)), UNITS)

    assert [(column.path[-1], column.target) for column in table.columns] == [
        ("F0 mới trong ngày", "f0_new"),
        ("- Tử vong", None),
        ("Người ở ngoài tỉnh", "away_total"),
        ("- Đã về", "away_returned"),
    ]


def test_units_side_by_side_are_columns_and_the_measure_is_no_heading() -> None:
    template = template_in(villages_across())

    assert template.across
    assert paths(template)[1] == ("Người ở ngoài tỉnh", "Tổng số")
    assert names(template) == ["Bản Cang", "Bản Nà Sàng", "Tiểu khu 3", "Bản Lò Văn Mẫu", "Cộng"]


def test_a_sheet_that_is_formatted_to_its_end_is_read() -> None:
    book = Workbook()
    sheet: Worksheet = book.active
    put(sheet, 1, ["Bản", "Đã về"])
    put(sheet, 2, [A])
    put(sheet, 3, [B])
    sheet["XFD1048576"].number_format = "0.0"

    assert names(template_in(saved(book))) == [A, B]


@pytest.mark.parametrize(
    ("text", "unit", "confidence"),
    [
        ("Bản Cang", CANG.code, Confidence.SURE),
        ("1. BẢN CANG", CANG.code, Confidence.SURE),
        ("ban cang", CANG.code, Confidence.SURE),
        ("Bản  Cang.", CANG.code, Confidence.SURE),
        ("Cang", CANG.code, Confidence.LIKELY),
        ("Thôn Cang", CANG.code, Confidence.LIKELY),
        ("NS", SANG.code, Confidence.SURE),
        ("TK 03", THREE.code, Confidence.SURE),
        ("Tiểu khu 03", THREE.code, Confidence.SURE),
        ("Bản 3", None, Confidence.UNKNOWN),
        ("3", None, Confidence.UNKNOWN),
        ("Bản Cáng Mới", None, Confidence.UNKNOWN),
        ("", None, Confidence.UNKNOWN),
    ],
)
def test_a_unit_is_known_by_its_name(text: str, unit: str | None, confidence: Confidence) -> None:
    match = Names(UNITS).find(text)

    assert (match.code, match.confidence) == (unit, confidence)


def test_a_commune_and_a_town_of_one_name_are_two() -> None:
    names = Names([Unit("1", ("Xã Hát Mẫu",)), Unit("2", ("Thị trấn Hát Mẫu",))])

    assert (names.find("Xã Hát Mẫu").code, names.find("TT Hát Mẫu").code) == ("1", "2")
    assert (names.find("Hát Mẫu").why, names.find("Hát Mẫu").candidates) == (Why.SEVERAL, ("1", "2"))
    assert Names([Unit("1", ("Xã Hát Mẫu",))]).find("Thị trấn Hát Mẫu").code is None


@pytest.mark.parametrize("text", ["Cộng", "TỔNG CỘNG:", "Tổng số", "Toàn xã", "II. Tổng"])
def test_a_total_is_known_by_its_words(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize("text", ["Xã Tổng Cọt", "Bản Cộng", "Tổng Cọt"])
def test_a_unit_with_such_a_word_in_its_name_is_no_total(text: str) -> None:
    assert not is_total(text)


def test_the_same_unit_has_the_same_key_however_it_is_written() -> None:
    assert line_key("3. TK 03") == line_key("Tiểu khu 3") == "tieu khu 3"
