"""The rows of a list as answers: any order of columns, with or without marks, and never a guess."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.lists import Place, Row, Sheet, read_sheet
from bot.forms import forms
from bot.reports.list_process import KINDS, words

DAY = date(2021, 9, 9)
ONE = [Place("v1", ("Nà Nọi (mẫu)", "Bản Nà Nọi (mẫu)"))]
TWO = [*ONE, Place("v2", ("Bản 3", "3")), Place("v3", ("Tiểu khu 03",))]
WORDS = words()
FORMS = {kind: forms()[kind] for kind in KINDS}
RETURNEE = {
    "Họ và tên": "Lò Mẫu An",
    "Năm sinh": "1985",
    "Giới tính": "Nam",
    "Về từ": "Bình Dương",
    "Ngày về": "8/9/2021",
    "Phương tiện": "Xe khách",
    "Vắc xin": "2 mũi",
    "Khai báo y tế": "x",
    "Hình thức cách ly": "Cách ly tại nhà",
    "Từ ngày": "8/9/2021",
}


def read(*lines: list[str], tab: str = "", places: list[Place] = ONE) -> Sheet | None:
    return read_sheet(lines, tab, FORMS, places, WORDS, DAY)


def one(changed: dict[str, str], places: list[Place] = ONE) -> Row:
    cells = {**RETURNEE, **changed}
    sheet = read(list(cells), list(cells.values()), places=places)
    assert sheet is not None
    [row] = sheet.rows
    return row


def wrong(row: Row) -> dict[str, str]:
    return {fault.field: fault.key for fault in row.faults}


def test_a_whole_row() -> None:
    row = one({"STT": "1", "SĐT": "912345678"})

    assert wrong(row) == {}
    assert (row.unit, row.code) == ("v1", "")
    assert row.answers == {
        "full_name": "Lò Mẫu An",
        "birth_year": 1985,
        "sex": "male",
        "phone": "+84912345678",
        "came_from": "Bình Dương",
        "arrived_on": "2021-09-08",
        "transport": "coach",
        "doses": "2",
        "health_declared": True,
        "quarantine_type": "home",
        "quarantine_from": "2021-09-08",
    }


@pytest.mark.parametrize(
    ("heading", "cell", "field", "stored"),
    [
        ("NGAY VE", "hôm qua", "arrived_on", "2021-09-08"),
        ("Ngày sinh", "20/05/1985", "birth_year", 1985),
        ("Năm sinh", "36 tuổi", "birth_year", 1985),
        ("Vắc xin (mũi, ngày)", "2 mũi, 01/8/2021", "last_dose_on", "2021-08-01"),
        ("Vắc xin (mũi, ngày)", "1 mũi (01/8/2021)", "doses", "1"),
        ("Số mũi", "2", "doses", "2"),
        ("Tiêm", "chưa", "doses", "0"),
        ("Hình thức cách ly", "tap trung", "quarantine_type", "institutional"),
        ("Địa chỉ", "Hộ Lò Văn Mẫu, đội 2", "household", "Lò Văn Mẫu"),
        ("KBYT", "chưa", "health_declared", False),
        ("Giới tính", "Female", "sex", "female"),
        ("phuong tien", "o to khach", "transport", "coach"),
    ],
)
def test_cells_as_people_write_them(heading: str, cell: str, field: str, stored: object) -> None:
    sheet = read(["Họ và tên", heading], ["Lò Mẫu An", cell], tab="Người về")

    assert sheet is not None
    assert sheet.rows[0].answers[field] == stored


@pytest.mark.parametrize(
    ("changed", "field", "why"),
    [
        ({"Năm sinh": "1890"}, "birth_year", "error.birth_year_out_of_range"),
        ({"Năm sinh": ""}, "birth_year", "lists.missing"),
        ({"Ngày về": "10/9/2021"}, "arrived_on", "error.date_in_future"),
        ({"Ngày về": "12/12"}, "arrived_on", "lists.which_year"),
        ({"Ngày về": "tuần nào đó"}, "arrived_on", "error.date_not_understood"),
        ({"Phương tiện": "cà kheo"}, "transport", "lists.no_choice"),
        ({"Vắc xin": "="}, "doses", "lists.formula"),
        ({"SĐT": "12"}, "phone", "error.phone_not_understood"),
        ({"Họ và tên": "An 2"}, "full_name", "error.name_not_understood"),
        ({"Thôn": "Bản Xa"}, "village", "lists.no_village"),
    ],
)
def test_what_is_wrong_is_said_and_never_guessed(changed: dict[str, str], field: str, why: str) -> None:
    row = one(changed)

    assert wrong(row) == {field: why}
    assert field not in row.answers


@pytest.mark.parametrize(
    ("written", "unit"), [("na noi", "v1"), ("Bản Nà Nọi", "v1"), ("Thôn Nà Nọi", "v1"), ("bản 03", "v2"), ("Thôn 3", "")]
)
def test_villages_are_found_by_their_names(written: str, unit: str) -> None:
    assert one({"Thôn": written}, TWO).unit == unit


def test_a_reporter_of_several_villages_says_which() -> None:
    assert wrong(one({}, TWO)) == {"village": "lists.missing"}


def test_a_village_in_a_row_of_its_own_is_that_of_those_below() -> None:
    sheet = read(["STT", "Họ và tên", "Đang ở"], ["Bản Nà Nọi"], ["1", "Lò Mẫu An", "Hà Nội"], places=TWO)

    assert sheet is not None
    assert [row.unit for row in sheet.rows] == ["v1"]


def test_a_heading_of_two_rows_divides_the_year_by_sex() -> None:
    sheet = read(
        ["DANH SÁCH CÔNG DÂN VỀ ĐỊA PHƯƠNG"],
        ["STT", "Họ và tên", "Năm sinh", "", "Về từ"],
        ["", "", "Nam", "Nữ", ""],
        ["1", "Lò Mẫu An", "1985", "", "Huế"],
        ["2", "Lò Mẫu Hoa", "", "1990", "Huế"],
    )

    assert sheet is not None
    assert sheet.heading == 2
    assert [(row.answers["sex"], row.answers["birth_year"]) for row in sheet.rows] == [("male", 1985), ("female", 1990)]


def test_what_is_no_person_is_passed_over() -> None:
    sheet = read(
        ["UBND XÃ MẪU"],
        [],
        ["STT", "Họ và tên", "Năm sinh", "Đang ở"],
        ["(1)", "(2)", "(3)", "(4)"],
        ["Ví dụ", "Lò Văn Mẫu", "1985", "Hà Nội"],
        ["1", "Lò Mẫu An", "1985", "Hà Nội"],
        ["STT", "Họ và tên", "Năm sinh", "Đang ở"],
        ["", "Tổng cộng", "1", ""],
        ["", "NGƯỜI LẬP BIỂU"],
        ["", "Lò Thị Mẫu"],
    )

    assert sheet is not None
    assert [(row.number, row.answers["full_name"]) for row in sheet.rows] == [(5, "Lò Mẫu An")]


@pytest.mark.parametrize(
    ("heading", "tab", "form"),
    [
        (["Họ tên", "Ngày về"], "", "returnee"),
        (["Họ tên", "Đang ở"], "", "absence"),
        (["Họ tên", "Ngày phát hiện"], "", "f0"),
        (["Họ tên", "Ngày tiếp xúc"], "", "contact"),
        (["Họ tên", "Năm sinh"], "F1", "contact"),
        (["Họ tên", "Năm sinh"], "DS người về", "returnee"),
        (["Họ tên", "Năm sinh"], "Trang 1", None),
        (["Năm sinh", "Ngày về"], "", None),
    ],
)
def test_which_report_a_list_is(heading: list[str], tab: str, form: str | None) -> None:
    sheet = read(heading, ["Lò Mẫu An", "x"], tab=tab)

    assert (sheet.form if sheet else None) == form


def test_of_a_report_that_is_completed_later_the_name_is_enough() -> None:
    sheet = read(["Họ tên", "Ngày tiếp xúc"], ["Lò Mẫu An", ""])

    assert sheet is not None
    assert [row.faults for row in sheet.rows] == [()]
