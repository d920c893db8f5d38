"""The district's own table: an officer sends it once, confirms what its columns are, and gets it filled every morning."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot.domain.access import Role, RoleAt

from .deeds import file_returnee, put_in_charge
from .talk import Person, Talk, talking

NAMES = (
    "Bản Cây Đa (mẫu)",
    "Bản Chim Én (mẫu)",
    "Bản Mía Ngọt (mẫu)",
    "Bản Cối Nước (mẫu)",
    "Tiểu khu 1 (mẫu)",
    "Tiểu khu 2 (mẫu)",
)
COLUMNS = ("Số người về mới", "Cách ly tập trung", "Cách ly tại nhà", "Số túi thuốc đã cấp", "Ghi chú")
FIRST, TOTAL = 6, 12
"""The rows of the first village and of the sums."""
OFFICER = "04123-commune_officer"
FILE = "Bieu 01.xlsx"
TODAY = date(2021, 9, 9)


def template(columns: Sequence[str] = COLUMNS, sheets: Sequence[str] = ("Biểu 01",)) -> bytes:
    """What a district might send: a title, headings, a row for each village, a line of sums, a sheet of explanations."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet["A1"], sheet["A2"] = "UBND HUYỆN MAI SƠN", "BÁO CÁO NHANH (mẫu)"
        sheet.append([])
        sheet.append(["TT", "Tên bản, tiểu khu", *columns])
        sheet.append(["A", "B", *range(1, len(columns) + 1)])
        for number, village in enumerate(NAMES, start=1):
            sheet.append([number, village])
        sums = [f"=SUM({chr(67 + n)}{FIRST}:{chr(67 + n)}{TOTAL - 1})" for n in range(len(columns) - 1)]
        sheet.append([None, "Tổng cộng", *sums])
    book.create_sheet("Hướng dẫn")["A1"] = "Đơn vị ghi số, không ghi chữ."
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def filled(who: Person, column: int, sheet: str = "Biểu 01") -> list[object]:
    """What stands in a column of the newest file, village by village, from the first column of figures."""
    book = await who.document()
    return [book[sheet].cell(row, 2 + column).value for row in range(FIRST, TOTAL)]


async def confirmed(officer: Person, content: bytes) -> None:
    await officer.sends_file(FILE, content)
    await officer.taps("Xem biểu", "Dùng, chưa rõ thì tự gõ")


async def test_a_template_is_read_confirmed_and_comes_back_filled_with_the_digest(talk: Talk, officer: Person) -> None:
    await officer.sends_file(FILE, template())

    read = await officer.last()
    assert 'trang "Biểu 01", 7 dòng, 5 cột' in read
    assert "Điền sẵn được 4 cột, 6 dòng" in read
    assert "Chưa rõ: 1 mục" in read
    assert "Chưa dùng gì cho đến khi đồng chí xác nhận." in read

    await officer.taps("Xem biểu", "Trả lời mục chưa rõ")
    assert "Số túi thuốc đã cấp" in await officer.last()
    await officer.taps("Cột này xã tự gõ")
    assert "4. Số túi thuốc đã cấp → tự gõ" in await officer.last()
    await officer.taps("Xác nhận, dùng từ hôm nay")
    assert (await officer.last()).startswith("ĐÃ DÙNG MẪU BIỂU (bản 1)\nTừ ngày 09/9/2021")

    head = talk.person("04123-01-head")
    await file_returnee(head)
    await head.says("/baocao")
    await head.taps("Gửi báo cáo")
    await talk.clock.to("09:45")

    told = await officer.last()
    assert told.startswith("Biểu của Xã Chiềng Mung ngày 09/9/2021 (mẫu bản 1)")
    assert "Số liệu như báo cáo đã phát hành, tính đến 09h45" in told
    assert "Chưa có báo cáo: Bản Chim Én (mẫu), Bản Mía Ngọt (mẫu)" in told
    assert await filled(officer, 1) == [1, None, None, None, None, None]  # who is silent has no "0" of new people
    assert (await filled(officer, 3))[1:] == [0] * 5  # the register knows of nobody
    assert await filled(officer, 4) == [None] * 6
    assert (await filled(officer, 5))[1:] == ["chưa báo cáo"] * 5
    book = await officer.document()
    assert book["Biểu 01"].cell(TOTAL, 3).value == "=SUM(C6:C11)"
    assert book["Hướng dẫn"]["A1"].value == "Đơn vị ghi số, không ghi chữ."


async def test_a_column_added_overnight_is_all_that_is_asked_and_former_days_keep_their_template(
    talk: Talk, officer: Person
) -> None:
    await confirmed(officer, template())
    await talk.clock.to("09:45")
    await talk.clock.to("08:50", TODAY + timedelta(days=1))

    await officer.sends_file(FILE, template((*COLUMNS[:4], "F0 nhập viện hôm nay", COLUMNS[4])))
    read = await officer.last()
    assert "Từ hôm nay thêm: F0 nhập viện hôm nay" in read
    assert "Chưa rõ: 1 mục" in read

    await officer.taps("Xem biểu", "Trả lời mục chưa rõ", "F0 mới")
    await officer.taps("Xác nhận, dùng từ hôm nay")
    assert "ĐÃ DÙNG MẪU BIỂU (bản 2)\nTừ ngày 10/9/2021" in await officer.last()

    await talk.clock.to("09:45", TODAY + timedelta(days=1))
    assert "ngày 10/9/2021 (mẫu bản 2)" in await officer.last()
    assert (await officer.document())["Biểu 01"]["G4"].value == "F0 nhập viện hôm nay"

    await officer.says("/bieu hôm qua")
    assert "ngày 09/9/2021 (mẫu bản 1)" in await officer.last()
    assert (await officer.document())["Biểu 01"]["G4"].value == "Ghi chú"


async def test_any_proposal_can_be_corrected(officer: Person) -> None:
    await officer.sends_file(FILE, template())
    await officer.taps("Xem biểu", "2")
    assert "Đang hiểu là: Cách ly tập trung" in await officer.last()
    await officer.taps("F1 đang theo dõi")
    assert "2. Cách ly tập trung → F1 đang theo dõi" in await officer.last()

    await officer.taps("Xem các dòng", "3", "Dòng này để nguyên")
    await officer.taps("Xem các dòng")
    assert "3. Bản Mía Ngọt (mẫu) → tự gõ" in await officer.last()


async def test_of_two_officers_the_second_is_told_what_the_first_confirmed(talk: Talk, officer: Person) -> None:
    await put_in_charge(talk, "04123-commune_chair", RoleAt(Role.COMMUNE_OFFICER, "04123"))
    chair = talk.person("04123-commune_chair")
    await officer.sends_file(FILE, template())
    await chair.sends_file(FILE, template(COLUMNS[:3]))

    await chair.taps("Xem biểu", "Xác nhận, dùng từ hôm nay")
    await officer.taps("Xem biểu", "Dùng, chưa rõ thì tự gõ")
    assert "đã xác nhận một mẫu khác (bản 1)" in await officer.last()

    await officer.taps("Dùng mẫu của tôi")
    assert "ĐÃ DÙNG MẪU BIỂU (bản 2)" in await officer.last()
    await chair.says("/bieu")
    assert "Bản 2, dùng từ ngày 09/9/2021" in await chair.last()
    assert "Xã tự gõ: Số túi thuốc đã cấp" in await chair.last()


async def test_a_file_with_many_sheets_is_asked_which(officer: Person) -> None:
    await officer.sends_file(FILE, template(sheets=[f"Tháng {n}" for n in range(1, 51)]))
    assert "Tệp có 50 trang tính có bảng." in await officer.last()

    await officer.taps("Xem biểu", "Trang sau", "Tháng 30")
    assert 'trang "Tháng 30"' in await officer.last()
    await officer.taps("Xem biểu", "Dùng, chưa rõ thì tự gõ", "Lấy bản hôm nay")
    assert await filled(officer, 2, "Tháng 30") == [0] * 6
    assert await filled(officer, 2, "Tháng 29") == [None] * 6


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("Bieu.xlsx", b"khong phai Excel", "không phải Excel"),
        ("Bieu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xlsx"),
    ],
)
async def test_a_file_that_cannot_be_used_is_answered_with_why(officer: Person, name: str, content: bytes, why: str) -> None:
    await officer.sends_file(name, content)

    assert why in await officer.last()


async def test_a_table_that_is_stopped_comes_no_more_and_former_days_stay(talk: Talk, officer: Person) -> None:
    await confirmed(officer, template())
    await talk.clock.to("09:45")
    await talk.clock.to("08:50", TODAY + timedelta(days=1))
    await officer.says("/bieu")
    await officer.taps("Thôi dùng", "Thôi dùng mẫu này")
    assert "Đã thôi dùng mẫu biểu từ ngày 10/9/2021." in await officer.last()

    before = len(await officer.heard())
    await talk.clock.to("09:46", TODAY + timedelta(days=1))
    assert not [text for text in (await officer.heard())[before:] if text.startswith("Biểu của")]
    await officer.says("/bieu 9/9")
    assert "ngày 09/9/2021 (mẫu bản 1)" in await officer.last()


async def test_what_was_proposed_and_what_was_confirmed_survive_a_restart(data: Path) -> None:
    async with talking(data) as talk:
        await talk.person(OFFICER).sends_file(FILE, template())
        await talk.person(OFFICER).taps("Xem biểu", "Trả lời mục chưa rõ", "Cột này xã tự gõ")

    async with talking(data) as talk:
        officer = talk.person(OFFICER)
        await officer.says("/bieu")
        assert "4. Số túi thuốc đã cấp → tự gõ" in await officer.last()
        await officer.taps("Xác nhận, dùng từ hôm nay")

    async with talking(data) as talk:
        officer = talk.person(OFFICER)
        await officer.says("/bieu")
        await officer.taps("Lấy bản hôm nay")
        assert "báo cáo ngày này chưa phát hành" in await officer.last()
        assert await filled(officer, 2) == [0] * 6


async def test_a_confirmed_table_can_be_changed_without_sending_it_again(officer: Person) -> None:
    await confirmed(officer, template())

    await officer.says("/bieu")
    await officer.taps("Xem, sửa các cột", "2", "Cột này xã tự gõ", "Xác nhận, dùng từ hôm nay")
    assert "bản 2" in await officer.last()
    await officer.taps("Lấy bản hôm nay")
    assert await filled(officer, 2) == [None] * 6


async def test_a_district_gets_its_communes(talk: Talk) -> None:
    officer = talk.person("125-district_officer-1")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["TT", "Xã, thị trấn", "Cách ly tại nhà", "Ghi chú"])
    for number, name in enumerate(("Xã Chiềng Mung", "Thị trấn Hát Lót"), start=1):
        sheet.append([number, name])
    await officer.sends_file("Huyen.xlsx", saved(book))
    await officer.taps("Xem biểu", "Xác nhận, dùng từ hôm nay", "Lấy bản hôm nay")

    found = load_workbook(io.BytesIO(saved(await officer.document()))).worksheets[0]
    assert [found.cell(row, 3).value for row in (2, 3)] == [0, 0]
    assert found.cell(2, 4).value == "chưa báo cáo"


async def test_what_is_over_or_somebody_elses_is_not_touched(talk: Talk, officer: Person) -> None:
    await confirmed(officer, template())
    used = await officer.last()
    await officer.forges("do:table_ok:gone")
    assert "Phần này đã xong" in await officer.last()
    head = talk.person("04123-01-head")
    await head.says("/bieu")
    assert "được giao. Cần thì liên hệ" in await head.last()
    for token in ("do:table_get:04123:2021-09-09", "do:table_stop:04123:1", "do:table_edit:04123"):
        await head.forges(token)
        assert "được giao. Cần thì liên hệ" in await head.last()
    await officer.says("/bieu")
    assert "Bản 1" in await officer.last()
    assert used.startswith("ĐÃ DÙNG")
