"""Files as people send them: opened whatever the program that wrote them, refused with a reason, given back with the errors."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.conversation.form import steps
from bot.domain.lists import Place
from bot.domain.lists.columns import heading_of
from bot.domain.units import VILLAGE, OrgUnit, Tree
from bot.forms import forms
from bot.reports import list_file
from bot.reports.book import Made
from bot.reports.list_file import MOST_ROWS, Mark, Refused, marked, may_be_list, opened
from bot.reports.list_process import KINDS, answered, lists_apart, marked_apart, words
from bot.reports.list_template import template
from bot.reports.people_lists import people_workbook
from bot.storage.records import Record
from bot.texts import Voice
from tests.reports.conftest import DAY, MORNING

HERE = [Place("v1", ("Bản Mẫu",))]
HEADING = ["STT", "Họ và tên", "Năm sinh", "Đang ở"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return out.getvalue()


def only(name: str, content: bytes) -> list[list[str]]:
    [(_, rows)] = opened(name, content)
    return rows


def test_cells_become_the_text_that_they_show() -> None:
    rows = only("a.xlsx", book([1.0, 2.5, date(2021, 9, 8), datetime(2021, 9, 8, 7), True, None, " Lò "]))  # noqa: DTZ001 - as Excel has it

    assert rows == [["1", "2.5", "08/09/2021", "08/09/2021", "yes", "", "Lò"]]


def test_a_formula_without_a_result_is_told_from_an_empty_cell() -> None:
    assert only("a.xlsx", book(["=1+1", None, "x"])) == [["=", "", "x"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_tables_of_any_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    text = f"Họ và tên{delimiter}Đang ở\r\nLò Mẫu An{delimiter}Hà Nội\r\n"

    assert only("a.csv", text.encode(encoding)) == [["Họ và tên", "Đang ở"], ["Lò Mẫu An", "Hà Nội"]]


def test_a_text_table_of_vietnamese_windows() -> None:
    text = "Ho\u0323 va\u0300 t\xean;\u0110ang \u01a1\u0309"  # as that code page writes it, tone by tone

    sent = (text + "\r\nLo\u0300 M\xe2\u0303u An;Ha\u0300 N\xf4\u0323i\r\n").encode("cp1258")

    assert answered_forms("a.csv", sent) == ["absence"]


def answered_forms(name: str, content: bytes) -> list[str]:
    asked = {"do": "read", "name": name, "places": [{"code": "v1", "names": ["Bản Mẫu"]}], "today": DAY.isoformat()}
    told = json.loads(answered(asked, content))
    return [told["refused"]] if told["refused"] else [sheet["form"] for sheet in told["sheets"].values()]


@pytest.mark.parametrize(
    ("why", "name", "content"),
    [
        ("protected", "a.xlsx", OLE + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")),
        ("old", "a.xls", OLE + b"\0" * 512 + "Workbook".encode("utf-16-le")),
        ("old", "a.xlsb", packed(xl__workbook_bin=b"x")),
        ("macros", "a.xlsm", packed(xl__workbook_xml=b"<a/>", xl__vbaProject_bin=b"x")),
        ("macros", "a.xlsx", packed(xl__workbook_xml=b"<a/>", xl__vbaProject_bin=b"x")),
        ("broken", "a.xlsx", b""),
        ("broken", "a.xlsx", b"PK\x03\x04 cut off"),
        ("broken", "a.xlsx", packed(word__document_xml=b"<a/>")),
        ("broken", "a.xlsx", packed(xl__workbook_xml=b"<no xml")),
        ("broken", "a.csv", b"\0\0\0\0"),
        ("too_large_inside", "a.xlsx", packed(xl__workbook_xml=b"<a/>", xl__bomb_xml=b"\0" * (list_file.MOST_INSIDE + 1))),
    ],
)
def test_what_cannot_be_opened_is_refused_with_its_reason(why: str, name: str, content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        list(opened(name, content))

    assert refused.value.key == why


def test_a_list_that_is_too_long_is_refused_before_it_is_all_in_memory() -> None:
    lines = "\n".join(["Họ và tên,Đang ở", *("Lò Mẫu An,Hà Nội" for _ in range(MOST_ROWS + 200))])

    assert answered_forms("a.csv", lines.encode()) == ["too_many_rows"]


def test_hidden_sheets_and_sheets_without_a_list_are_passed_over() -> None:
    made = Workbook()
    made.worksheets[0].append(["Chỉ tiêu", "Số lượng"])
    for title in ("Ẩn", "Đi"):
        sheet = made.create_sheet(title)
        sheet.append(HEADING)
        sheet.append([1, "Lò Mẫu An", 1985, "Hà Nội"])
    made["Ẩn"].sheet_state = "hidden"

    assert answered_forms("a.xlsx", saved(made)) == ["absence"]


def test_a_workbook_without_a_list_says_so() -> None:
    assert answered_forms("a.xlsx", book(["Chỉ tiêu", "Số lượng"], ["F0", 3])) == ["no_list"]
    assert answered_forms("a.xlsx", book(HEADING)) == ["nobody"]


def test_the_file_comes_back_as_it_was_with_two_columns_more() -> None:
    sent = book(["DANH SÁCH"], HEADING, [1, "Lò Mẫu An", 1985, "Hà Nội"], [2, "Lò Mẫu Bình", 1, None])

    back = marked("a.xlsx", sent, {"Sheet": (1, None, {2: Mark("R1", ""), 3: Mark("", "=sai")})}, Mark("Mã hồ sơ", "Lỗi"))

    rows = list(load_workbook(io.BytesIO(back)).worksheets[0].iter_rows(values_only=True))
    assert rows[1:] == [
        (*HEADING, "Mã hồ sơ", "Lỗi"),
        (1, "Lò Mẫu An", 1985, "Hà Nội", "R1", None),
        (2, "Lò Mẫu Bình", 1, None, None, "=sai"),
    ]
    assert load_workbook(io.BytesIO(back)).worksheets[0]["F4"].data_type == "s"


def test_a_text_table_comes_back_with_the_codes_where_they_stood() -> None:
    sent = "Mã hồ sơ;Họ và tên\r\nR9;Lò Mẫu An\r\n;Lò Mẫu Bình\r\n".encode()

    back = marked("a.csv", sent, {"": (0, 0, {1: Mark("", ""), 2: Mark("R2", "sai")})}, Mark("Mã hồ sơ", "Lỗi"))

    assert back.decode("utf-8-sig").split("\r\n")[:3] == ["Mã hồ sơ;Họ và tên;Lỗi", "R9;Lò Mẫu An;", "R2;Lò Mẫu Bình;sai"]


def test_which_files_may_be_lists() -> None:
    names = ("a.XLSX", "b.csv", "c.pdf", "d", None, "e.xls")

    assert [name for name in names if may_be_list(name)] == [
        "a.XLSX",
        "b.csv",
        "e.xls",
    ]


async def test_a_process_of_its_own_reads_and_marks() -> None:
    sent = book(["STT", "Họ và tên", "Năm sinh", "Đang ở"], [1, "Lò Mẫu An", 1800, "Hà Nội"])

    lists = await lists_apart("a.xlsx", sent, HERE, DAY)
    back = await marked_apart("a.xlsx", sent, {"Sheet": (0, None, {1: Mark("", "sai")})}, Mark("Mã", "Lỗi"))

    [row] = lists.sheets["Sheet"].rows
    assert (row.unit, row.answers["full_name"], row.faults[0].field) == ("v1", "Lò Mẫu An", "birth_year")
    assert back is not None
    assert load_workbook(io.BytesIO(back)).worksheets[0]["F2"].value == "sai"


async def test_a_file_that_cannot_be_read_is_an_answer_too() -> None:
    assert (await lists_apart("a.xlsx", b"PK", HERE, DAY)).refused == "broken"
    assert await marked_apart("a.xlsx", b"PK", {"Sheet": (0, None, {})}, Mark("", "")) is None


FILED: dict[str, dict[str, Any]] = {
    "returnee": {
        "full_name": "Lò Văn Mẫu",
        "birth_year": 1985,
        "sex": "male",
        "phone": "+84900000001",
        "household": "Lò Thị Mẫu",
        "came_from": "TP. Hồ Chí Minh",
        "arrived_on": "2021-09-08",
        "transport": "coach",
        "doses": "2",
        "last_dose_on": "2021-08-01",
        "health_declared": True,
        "quarantine_type": "home",
        "quarantine_from": "2021-09-08",
    },
    "absence": {
        "full_name": "Hà Thị Mẫu",
        "birth_year": 1999,
        "group": "student",
        "household": "Hà Văn Mẫu",
        "now_at": "Hà Nội",
        "doses": "unknown",
        "returned": False,
        "expected_return": "2021-10-20",
        "contacted": True,
        "needs_support": True,
        "support_note": "Mất việc",
    },
    "contact": {
        "full_name": "Vì Thị Mẫu",
        "birth_year": 1970,
        "sex": "female",
        "source_case": "R000000001",
        "exposure_type": "masked",
        "last_contact_on": "2021-09-07",
        "contact_place": "Nhà văn hóa",
        "doses": "0",
        "quarantine_type": "home",
        "quarantine_from": "2021-09-08",
    },
    "f0": {
        "full_name": "Cầm Văn Mẫu",
        "birth_year": 1960,
        "sex": "male",
        "classification": "confirmed",
        "detected_on": "2021-09-08",
        "quarantine_type": "hospital",
        "source_case": "R000000001",
    },
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", sorted(FILED))
def test_our_own_lists_open_again_with_the_same_answers(kind: str, language: str, tree: Tree) -> None:
    record = Record("R000000002", 1, kind, 1, "90001-01", None, DAY, FILED[kind], MORNING, None, 1)
    content = people_workbook({kind: [record]}, tree["90001"], tree, MORNING, Made("Lò Thị Mẫu", MORNING), Voice(language))
    asked = {
        "do": "read",
        "name": "a.xlsx",
        "places": [{"code": "90001-01", "names": ["Bản Nà Nọi"]}],
        "today": DAY.isoformat(),
    }

    [row] = [row for sheet in json.loads(answered(asked, content))["sheets"].values() for row in sheet["rows"]]

    assert (row["code"], row["unit"], row["faults"], row["answers"]) == ("R000000002", "90001-01", [], FILED[kind])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_column_of_the_template_is_the_question_that_it_is_named_after(language: str) -> None:
    voice = Voice(language)
    content = template(OrgUnit("v1", "Bản Mẫu", VILLAGE, None), DAY, voice)

    for (tab, rows), kind in zip(opened("a.xlsx", content), KINDS, strict=True):
        heading = heading_of(rows, words().ours)
        assert heading is not None
        assert {one for one in heading.columns if one} - {"number", "village"} == {
            step.name for step in steps(forms()[kind]) if step.name != "source_case"
        }, tab
        assert len(set(heading.columns)) == len(heading.columns)
