"""Lists of people: the columns officials know, text that stays text, order as on Vietnamese paper."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.conversation.form import Form
from bot.domain.deadlines import Timetable
from bot.domain.person import CaseClassification
from bot.domain.units import Tree
from bot.forms.absence import Absence
from bot.forms.contact import Contact
from bot.forms.f0 import F0
from bot.forms.returnee import Returnee
from bot.reports.book import HEADER_ROW, Made
from bot.reports.people_lists import SHEETS, people_workbook
from bot.storage.records import Record
from bot.texts import Voice
from tests.reports.conftest import DAY, MORNING, UNITS

MADE = Made("Lò Thị Mẫu", MORNING)

RETURNEE: dict[str, Any] = {
    "full_name": "Lò Văn Mẫu",
    "birth_year": 1985,
    "sex": "male",
    "phone": "+84900000001",
    "household": "Lò Văn Chủ",
    "came_from": "TP. Hồ Chí Minh",
    "arrived_on": "2021-09-08",
    "transport": "coach",
    "doses": "2",
    "last_dose_on": "2021-08-01",
    "health_declared": False,
    "quarantine_type": "home",
    "quarantine_from": "2021-09-08",
}


def _record(number: int, unit: str = "90001-01", kind: str = "returnee", **body: Any) -> Record:
    return Record(f"r{number}", 1, kind, 1, unit, None, DAY, body, MORNING, None, number)


def _sheet(
    tree: Tree, *people: Record, kind: str = "returnee", unit: str = "90001", language: str = "vi", at: int = 0
) -> tuple[Any, list[tuple[Any, ...]]]:
    content = people_workbook({kind: people}, tree[unit], tree, MORNING, MADE, Voice(language))
    sheet = load_workbook(io.BytesIO(content)).worksheets[at]
    rows = list(sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True))
    return sheet, rows[: len(people) + 1]


def test_returnees_have_the_columns_of_the_official_list_and_by_what_they_are_known_again(tree: Tree) -> None:
    _, rows = _sheet(tree, _record(1, **RETURNEE))

    assert "; ".join(rows[0]) == (
        "STT; Họ và tên; Năm sinh; Nam/Nữ; CMND/CCCD; Điện thoại; Thôn; Địa chỉ; Về từ; Ngày về; Phương tiện; "
        "Vắc xin (mũi, ngày); Xét nghiệm (ngày, kết quả); Hình thức cách ly; Từ ngày; Đến ngày; Ghi chú; "
        "Khai báo y tế; Mã hồ sơ"
    )
    assert rows[1] == (
        1,
        "Lò Văn Mẫu",
        1985,
        "Nam",
        None,
        "0900 000 001",
        "Bản Nà Nọi",
        "Hộ Lò Văn Chủ",
        "TP. Hồ Chí Minh",
        "08/9/2021",
        "Xe khách",
        "2 mũi, 01/8/2021",
        None,
        "Cách ly tại nhà",
        "08/9/2021",
        None,
        "Chưa khai báo y tế",
        "Không",
        "r1",
    )


def test_phones_and_dates_are_text_cells(tree: Tree) -> None:
    sheet, _ = _sheet(tree, _record(1, **RETURNEE))

    row = sheet[HEADER_ROW + 2]
    assert [row[at].data_type for at in (5, 9)] == ["s", "s"]


@pytest.mark.parametrize("typed", ["=1+1", "+84", "-3", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x"])
def test_what_a_person_typed_is_never_a_formula_or_a_link(tree: Tree, typed: str) -> None:
    sheet, rows = _sheet(tree, _record(1, **{**RETURNEE, "came_from": typed}))

    cell = sheet[HEADER_ROW + 2][8]
    assert (rows[1][8], cell.data_type, cell.hyperlink) == (typed, "s", None)


def test_people_are_sorted_by_village_then_by_given_name_as_in_vietnamese(tree: Tree) -> None:
    names = [("90001-02", "A Văn An"), ("90001-01", "Trần Văn Đức"), ("90001-01", "Lò Thị Dung"), ("90001-01", "Vì Văn Ánh")]

    _, rows = _sheet(tree, *(_record(at, unit, full_name=name) for at, (unit, name) in enumerate(names)))

    assert [row[:2] for row in rows[1:]] == [(1, "Vì Văn Ánh"), (2, "Lò Thị Dung"), (3, "Trần Văn Đức"), (4, "A Văn An")]


def test_a_list_over_several_communes_names_the_commune(tree: Tree) -> None:
    _, rows = _sheet(tree, _record(1, "90002-01", full_name="Lò Văn Mẫu"), unit="900")

    assert rows[1][6] == "Bản Pá Po, Xã Chiềng Hai"


def test_a_person_of_whom_little_is_known_leaves_empty_cells(tree: Tree) -> None:
    _, rows = _sheet(tree, _record(1, full_name="Lò Văn Mẫu", phone=None, birth_year=None))

    assert rows[1][1] == "Lò Văn Mẫu"
    assert {rows[1][at] for at in (2, 3, 5, 7, 9, 11, 16)} == {None}


def test_an_option_that_has_no_words_is_shown_as_it_is(tree: Tree) -> None:
    _, rows = _sheet(tree, _record(1, full_name="Lò Văn Mẫu", transport="Xe ba gác | thuê"), _record(2, transport="boat"))

    assert {row[10] for row in rows[1:]} == {"Xe ba gác | thuê", "boat"}


def test_people_away_and_their_needs(tree: Tree) -> None:
    away = _record(
        1,
        full_name="Hà Thị Mẫu",
        group="worker",
        now_at="Thuận An, Bình Dương",
        expected_return="2021-10-20",
        returned=False,
        contacted=True,
        needs_support=True,
        support_note="Mất việc",
        doses="0",
    )

    _, rows = _sheet(tree, away, kind="absence")

    assert rows[1][7:15] == ("Lao động", "Thuận An, Bình Dương", "20/10/2021", "Không", "Có", "Có", "Mất việc", "Chưa tiêm")


def test_cases_in_english(tree: Tree) -> None:
    case = _record(1, full_name="Hà Thị Mẫu", classification="suspect", detected_on="2021-09-08", quarantine_type="hospital")

    sheet, rows = _sheet(tree, case, kind="f0", language="en", at=1)

    assert sheet.title == "Suspected"
    assert rows[0][7] == "Classification"
    assert rows[1][8] == "08/9/2021"
    assert sheet.cell(HEADER_ROW - 1, 1).value == "Total: 1 person"


def test_the_list_can_be_filtered_and_its_header_stays(tree: Tree) -> None:
    sheet, _ = _sheet(tree, _record(1, **RETURNEE), _record(2, **RETURNEE))

    assert sheet.auto_filter.ref == f"A{HEADER_ROW + 1}:S{HEADER_ROW + 3}"
    assert sheet.freeze_panes == f"C{HEADER_ROW + 2}"


def test_an_empty_list_is_still_a_list(tree: Tree) -> None:
    sheet, rows = _sheet(tree)

    assert rows[0][1] == "Họ và tên"
    assert sheet.cell(HEADER_ROW - 1, 1).value == "Tổng số: 0 người"


def test_every_kind_has_its_sheet(tree: Tree) -> None:
    people = {"returnee": [_record(1, **RETURNEE)], "absence": [], "f0": []}

    content = people_workbook(people, tree["90001"], tree, MORNING, MADE, Voice("vi"))

    assert load_workbook(io.BytesIO(content)).sheetnames == ["Người về", "Người ở ngoài tỉnh", "F0", "Nghi ngờ"]


AWAY: dict[str, Any] = {
    "full_name": "Hà Thị Mẫu",
    "birth_year": 1990,
    "group": "worker",
    "now_at": "Bình Dương",
    "doses": "0",
    "contacted": True,
    "needs_support": False,
}
CASE: dict[str, Any] = {
    "full_name": "Vì Văn Mẫu",
    "birth_year": 1970,
    "sex": "male",
    "detected_on": "2021-09-08",
    "quarantine_type": "hospital",
}
PEOPLE = st.one_of(
    st.just((Returnee, RETURNEE)),
    st.booleans().map(lambda back: (Absence, {**AWAY, "returned": back})),
    st.just((Contact, {"full_name": "Lò Mẫu Bình", "source_case": "CASE00000A"})),
    st.sampled_from(list(CaseClassification)).map(lambda found: (F0, {**CASE, "classification": str(found)})),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(PEOPLE, max_size=12))
def test_every_sheet_is_as_long_as_a_figure(people: list[tuple[type[Form], dict[str, Any]]]) -> None:
    figures: Counter[str] = Counter()
    by_kind: dict[str, list[Record]] = {kind: [] for kind in SHEETS}
    for number, (form, body) in enumerate(people):
        filed = form.model_validate(body, context={"today": DAY, "answers": body})
        figures.update(filed.entries(Timetable().window(DAY)))
        figures.update(form.stands(body, frozenset()))
        by_kind[form.name].append(_record(number, kind=form.name, **body))
    tree = Tree(UNITS, DAY)

    book = load_workbook(io.BytesIO(people_workbook(by_kind, tree["90001"], tree, MORNING, MADE, Voice("vi"))))

    counted = {sheet.title: sheet.cell(HEADER_ROW - 1, 1).value for sheet in book.worksheets}
    listed = {
        "Người về": "returnees_total",
        "Người ở ngoài tỉnh": "away_total",
        "F1": "f1_followed",
        "F0": "f0_new",
        "Nghi ngờ": "f0_suspected_new",
    }
    assert counted == {sheet: f"Tổng số: {figures[key]} người" for sheet, key in listed.items()}
    rows = {
        sheet.title: [row[0] for row in sheet.iter_rows(min_row=HEADER_ROW + 2, max_col=1, values_only=True)] for sheet in book
    }
    assert {title: len([cell for cell in cells if isinstance(cell, int)]) for title, cells in rows.items()} == {
        sheet: figures[key] for sheet, key in listed.items()
    }
