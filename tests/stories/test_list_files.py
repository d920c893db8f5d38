"""A list comes as a file: read, answered by counts, filed once confirmed, and what is wrong comes back beside its rows."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from .deeds import counted, file_returnee
from .talk import Person, Talk, rows

HEADING = (
    *("STT", "HỌ VÀ TÊN", "Nam sinh", "Giới tính", "SĐT", "Về từ", "Ngày về", "Phương tiện", "Số mũi vắc xin"),
    *("KBYT", "Hình thức cách ly", "Cách ly từ ngày"),
)
AN = (1, "Lò Mẫu An", 1985, "nam", 900000101, "Bình Dương", "8/9/2021", "xe khách", "2 mũi", "x", "Tại nhà", "8/9/2021")
HOA = (2, "Cầm Mẫu Hoa", 1990, "Nữ", "0900 000 102", "Hà Nội", "hôm qua", "xe máy", 1, "rồi", "tập trung", "8/9/2021")
BAD = (3, "Vì Mẫu Sơn", 1890, "nam", "12", "Hà Nội", "8/9/2021", "xe máy", 1, "rồi", "tập trung", "8/9/2021")
KNOWN = (4, "lo van mau", 1985, "nam", "", "Bình Dương", "8/9/2021", "xe khách", "1", "x", "Tại nhà", "8/9/2021")


def book(*lines: Any, tab: str = "Trang 1") -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = tab
    for line in lines:
        sheet.append(line)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def bytes_of(made: Workbook) -> bytes:
    out = BytesIO()
    made.save(out)
    return out.getvalue()


GIVEN = ("Sơn", "Hùng", "Khánh", "Phong", "Quyết", "Thắng", "Việt", "Đức", "Chung", "Bảo", "Xuân")
LISTED = (("DANH SÁCH CÔNG DÂN VỀ ĐỊA PHƯƠNG",), (), HEADING)


async def test_a_file_is_answered_by_counts_and_filed_by_one_tap(talk: Talk, head: Person) -> None:
    await head.sends_file("ds.xlsx", book(*LISTED, AN, HOA))

    answered = await head.last()
    assert answered.startswith("ĐÃ ĐỌC TỆP: 2 dòng\n• Người từ tỉnh ngoài về: 2 người đủ thông tin")
    assert "Mẫu An" not in answered, "a message about a file shows on a locked screen"
    assert await counted(talk) == {}
    await head.taps("Ghi nhận 2 người")

    assert await head.last() == "Đã ghi nhận 2 người."
    after = await counted(talk)
    assert (after["returnees_total"], after["quarantine_home"], after["quarantine_institutional"]) == (2, 1, 1)


async def test_what_is_wrong_comes_back_in_the_file_and_what_was_filed_is_known_when_it_is_sent_again(
    talk: Talk, head: Person
) -> None:
    await head.sends_file("ds.xlsx", book(*LISTED, AN, BAD))
    assert "• Có lỗi: 1 dòng" in await head.last()
    await head.taps("Ghi nhận 1 người")

    back = await head.document()
    sheet = back.worksheets[0]
    wrong = {cell.value: cell.column for cell in sheet[3]}
    assert sheet.cell(4, wrong["Lỗi"]).value is None
    said = str(sheet.cell(5, wrong["Lỗi"]).value)
    assert "Năm sinh: Năm sinh phải từ 1900 đến 2021" in said
    assert "Điện thoại: Số điện thoại chưa đúng" in said
    sheet.cell(5, 3).value = 1990
    sheet.cell(5, 5).value = "0900000103"
    sheet.delete_cols(wrong["Lỗi"])
    await head.sends_file("ds.xlsx", bytes_of(back))
    answered = await head.last()

    assert "• Đã có trong danh sách (theo mã hồ sơ): 1 người, không thay đổi gì" in answered
    await head.taps("Ghi nhận 1 người")
    assert (await counted(talk))["returnees_new"] == 2


async def test_whoever_is_perhaps_known_is_asked_about_and_not_filed_with_the_others(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await head.sends_file("ds.xlsx", book(*LISTED, AN, KNOWN, AN))

    assert "• Có thể đã báo rồi: 2 người, sẽ hỏi từng người" in await head.last()
    await head.taps("Ghi nhận 1 người")
    assert "Còn 2 người chưa ghi" in await head.last()
    await head.taps("Xem từng người")
    assert "Có thể đã có: Lò Văn Mẫu, 1985" in await head.last()
    await head.taps("Đã có chưa? Lo Van Mau", "Cùng một người", "Sửa bản đã có", "Gửi báo cáo")

    assert (await counted(talk))["returnees_new"] == 2


async def test_our_own_list_comes_back_without_changing_anything(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)
    before = await counted(talk)
    await officer.says("/danhsach")
    await officer.taps("Tải Excel")
    exported = await officer.document()

    await officer.sends_file("ds.xlsx", bytes_of(exported))

    assert "• Đã có trong danh sách (theo mã hồ sơ): 1 người, không thay đổi gì" in await officer.last()
    assert await officer.buttons() == ["Về đầu"]
    assert await counted(talk) == before


async def test_an_officer_s_list_says_the_village_of_each(talk: Talk, officer: Person) -> None:
    heading = (*HEADING, "Thôn, bản")
    lines = ((*AN, "Bản Cây Đa"), (*HOA, "chim én"), (*HOA[:1], "Hà Mẫu Lan", *HOA[2:], "Bản Xa"))
    await officer.sends_file("ds.xlsx", book(LISTED[0], heading, *lines))

    assert "2 người đủ thông tin" in await officer.last()
    assert "• Có lỗi: 1 dòng" in await officer.last()
    await officer.taps("Ghi nhận 2 người")

    assert (await counted(talk))["returnees_new"] == 1
    assert (await counted(talk, "04123-02"))["returnees_new"] == 1
    assert any('không có "Bản Xa" trong địa bàn' in str(cell.value) for cell in (await officer.document()).worksheets[0][5])


async def test_nothing_counts_before_the_tap_a_second_tap_files_nobody_twice_and_it_can_be_dropped(
    talk: Talk, head: Person
) -> None:
    await head.sends_file("ds.xlsx", book(*LISTED, AN))
    old = await head.payload("Ghi nhận 1 người")
    await head.taps("Bỏ, không gửi")
    assert await head.last() == "Đã bỏ qua, chưa gửi gì."
    await head.forges(old)
    assert "Phần này đã gửi, đã bỏ" in await head.last()
    assert await counted(talk) == {}

    await head.sends_file("ds.xlsx", book(*LISTED, AN))
    await head.taps_twice("Ghi nhận 1 người")

    assert (await counted(talk))["returnees_new"] == 1


async def test_the_template_comes_back_filled_and_its_example_is_nobody(talk: Talk, head: Person) -> None:
    await head.says("/mau")
    made = await head.document()
    first = rows(made)[0]
    assert (first["STT"], first["Họ và tên"]) == ("Ví dụ", "Lò Văn Mẫu")
    await head.sends_file("mau.xlsx", bytes_of(made))
    assert await head.last() == "Danh sách trong tệp chưa có ai."

    sheet = made["Người ở ngoài tỉnh"]
    filled = (
        1,
        "Hà Mẫu Tâm",
        1999,
        "Người lao động",
        None,
        "0900 000 109",
        "Thuận An, Bình Dương",
        "2 mũi",
        "Chưa",
        None,
        "Rồi",
        "Không",
    )
    for at, value in enumerate(filled, start=1):
        sheet.cell(8, at).value = value
    await head.sends_file("mau.xlsx", bytes_of(made))
    await head.taps("Ghi nhận 1 người")

    assert (await counted(talk))["away_not_returned"] == 1


async def test_a_file_that_cannot_be_read_goes_to_the_commune_with_the_reason_to_its_sender(
    head: Person, officer: Person
) -> None:
    await head.sends_file("ds.xlsx", b"PK\x03\x04 not a workbook")

    assert (await head.last()).startswith("Tệp bị hỏng, không mở được.")
    assert "Đã nhận tệp. Xã sẽ nhập" in await head.last()
    assert "gửi tệp lúc 06h50, chờ nhập" in await officer.last()


async def test_an_officer_s_file_that_is_no_list_is_read_as_their_own_table(officer: Person) -> None:
    table = (("STT", "Thôn", "F0", "F1"), (1, "Cây Đa", None, None), (2, "Chim Én", None, None))
    await officer.sends_file("so-lieu.xlsx", book(*table))

    assert "Xem biểu" in await officer.buttons()
    assert not [text for text in await officer.heard() if "danh sách người" in text]


async def test_an_officer_s_text_table_that_is_no_list_is_answered_with_the_reason(officer: Person) -> None:
    await officer.sends_file("so-lieu.csv", b"Ten,So\nF0,3\n")

    assert (await officer.last()).startswith("Không thấy danh sách người trong tệp")


async def test_a_csv_of_vietnamese_windows_is_read(talk: Talk, head: Person) -> None:
    lines = [HEADING, AN, HOA]
    text = "\r\n".join(";".join(str(cell) for cell in line) for line in lines)
    await head.sends_file("ds.csv", b"\xff\xfe" + text.encode("utf-16-le"))

    await head.taps("Ghi nhận 2 người")

    assert (await counted(talk))["returnees_new"] == 2


async def test_a_file_beyond_what_telegram_gives_is_refused_before_it_is_fetched(head: Person) -> None:
    large = {"file_id": "F1", "file_unique_id": "U1", "file_size": 25 * 1024 * 1024, "file_name": "ds.xlsx"}
    await head.sends(document=large)

    assert "Tệp lớn hơn 20 MB" in await head.last()


async def test_more_people_than_are_filed_at_once_are_all_filed_once(talk: Talk, head: Person) -> None:
    names = [f"{family} Mẫu {given}" for family in ("Lò", "Vì", "Hà", "Cầm", "Tòng") for given in GIVEN]
    lines = [(n, name, 1930 + 5 * (n % 15), *AN[3:4], "", *AN[5:]) for n, name in enumerate(names, start=1)]
    await head.sends_file("ds.xlsx", book(*LISTED, *lines))

    await head.taps("Ghi nhận 55 người")

    assert (await head.last()) == "Đã ghi nhận 55 người."
    assert (await counted(talk))["returnees_new"] == 55
