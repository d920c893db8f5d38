"""My list: the people of one's area on screen, whom one looks for, and whom one filters out. Never anybody beyond it."""

from __future__ import annotations

import pytest

from bot.domain.access import Role, RoleAt

from .deeds import RETURNEE, counted, file_returnee, put_in_charge
from .talk import Person, Talk, rows
from .test_over_time import ABSENCE

FROM_HA_NOI = (
    *("Đỗ Mẫu Ánh", "1990", "Nữ", "0900 000 123", "Bỏ qua", "Hà Nội", "Hôm nay", "Xe máy"),
    *("Chưa tiêm", "Có", "Khu cách ly tập trung", "Hôm nay"),
)


@pytest.fixture
def zalo(talk: Talk) -> Person:
    """The head of Bản Cối Nước, who is on Zalo."""
    return talk.person("04123-04-head")


async def file_away(head: Person) -> None:
    await head.says("/nguoidi")
    await head.answers(*ABSENCE, "Gửi báo cáo")


async def test_the_list_shows_who_has_something_due_then_everybody_by_given_name(head: Person) -> None:
    await file_returnee(head)
    await file_returnee(head, *FROM_HA_NOI)
    await file_away(head)

    await head.says("/danhsach")

    assert (await head.last()).splitlines() == [
        "DANH SÁCH Bản Cây Đa (mẫu): 3 người",
        "Việc hôm nay: 1 người, xếp đầu danh sách.",
        "",
        "• Lò Văn Mẫu, 1985 – về từ Bình Dương ngày 08/9/2021, cách ly tại nhà. HÔM NAY: thăm trong ngày",
        "• Đỗ Mẫu Ánh, 1990 – về từ Hà Nội ngày 09/9/2021, cách ly tập trung",
        "• Vì Mẫu Hoa, 1999 – đang ở Bình Dương",
    ]
    assert (await head.buttons())[:3] == ["Lò Văn Mẫu, 1985", "Đỗ Mẫu Ánh, 1990", "Vì Mẫu Hoa, 1999"]


async def test_who_has_something_due_stands_on_top(talk: Talk, head: Person) -> None:
    await file_away(head)
    await head.says("/f0")
    await head.answers("Lò Văn Mẫu", "1985", "Nam", "Không có điện thoại", "Bỏ qua", "Khẳng định dương tính", "Hôm nay")
    await head.answers("Cơ sở điều trị", "Bỏ qua", "Gửi báo cáo")
    await head.taps("Chỉ ghi tên")
    await head.says("Vì Mẫu Yến")
    await head.taps("Gửi danh sách")

    await head.says("/danhsach")

    assert "Việc hôm nay: 1 người, xếp đầu danh sách." in await head.last()
    assert (await head.last()).splitlines()[3].startswith("• Vì Mẫu Yến – F1. HÔM NAY: bổ sung Năm sinh")
    await head.taps("Nhóm khác", "Việc hôm nay (1)")
    assert (await head.buttons())[0] == "Vì Mẫu Yến"


async def test_a_group_is_as_long_as_its_figure(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await file_returnee(head, *FROM_HA_NOI)
    await file_away(head)
    figures = await counted(talk)

    await head.says("/danhsach")
    await head.taps("Nhóm khác")

    shown = await head.buttons()
    for group, indicator in (("Người về", "returnees_total"), ("Đang ở ngoài tỉnh", "away_not_returned")):
        assert f"{group} ({figures[indicator]})" in shown
    await head.taps("Người về (2)")
    assert (await head.last()).startswith("DANH SÁCH Bản Cây Đa (mẫu) – Người về: 2 người")


async def test_a_card_leads_to_its_records_and_back_to_the_list(head: Person) -> None:
    await file_returnee(head)
    await head.says("/danhsach")
    await head.taps("Lò Văn Mẫu, 1985")
    assert "Hiện nay: về từ Bình Dương ngày 08/9/2021, cách ly tại nhà" in await head.last()
    assert "   Cầm Mẫu Ngân báo 06:50 09/9/2021." in await head.last()

    await head.taps("Xem, sửa ghi nhận", "Sửa", "Sửa", "Năm sinh")
    await head.says("1958")
    await head.taps("Gửi báo cáo", "Xem hồ sơ")
    assert "đã sửa 1 lần, gần nhất Cầm Mẫu Ngân" in await head.last()
    await head.taps("Xem, sửa ghi nhận")
    assert "• 06:50 09/9/2021: Năm sinh: 1985 → 1958" in await head.last()
    await head.taps("Xem hồ sơ", "Về danh sách")

    assert "• Lò Văn Mẫu, 1958 – " in await head.last()


async def test_of_several_records_one_is_chosen(head: Person) -> None:
    await file_away(head)
    await head.taps("Xem hồ sơ", "Đã về")
    await head.answers("Nữ", "Bình Dương", "Hôm nay", "Xe khách", "Không nhớ ngày", "Có", "Cách ly tại nhà", "Hôm nay")
    await head.taps("Gửi báo cáo", "Xem hồ sơ", "Xem, sửa ghi nhận")
    assert len([label for label in await head.buttons() if label.startswith("• 09/9/2021")]) == 2

    await head.taps("• 09/9/2021: Người đang ở ngoài tỉnh – Bình Dương", "Rút lại", "Rút lại báo cáo")

    assert "Chưa rút được" in await head.last()


async def test_a_pasted_person_keeps_the_line_they_were_read_from(head: Person) -> None:
    line = "Vì Văn Mẫu 1990 về từ Hà Nội hôm qua, 0900 000 123, chưa tiêm, đã khai báo y tế, đi xe máy, cách ly tại nhà, nam"
    await head.says(line)
    await head.taps("Bổ sung: Vì Văn Mẫu")
    await head.answers("Hôm qua", "Gửi báo cáo")
    await head.says("/tim vi van")

    assert f"   Nguồn: {line}" in await head.last()


async def test_on_zalo_a_person_is_a_number(zalo: Person) -> None:
    await file_returnee(zalo)

    await zalo.says("danh sách")
    assert (
        "1. Lò Văn Mẫu, 1985 – về từ Bình Dương ngày 08/9/2021, cách ly tại nhà. HÔM NAY: thăm trong ngày\n2."
        in await zalo.last()
    )
    await zalo.says("1")

    assert (await zalo.last()).startswith("Lò Văn Mẫu, 1985, Nam")


async def test_a_group_comes_as_a_file(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await file_returnee(head, *FROM_HA_NOI)
    await head.says("/loc về từ Hà Nội")

    await head.taps("Tải Excel")

    assert await head.last() == "Danh sách Bản Cây Đa (mẫu): 1 người."
    assert [row["Họ và tên"] for row in rows(await head.document())] == ["Đỗ Mẫu Ánh"]


# --- finding --------------------------------------------------------------------------------------------------------------


async def test_somebody_is_found_by_a_part_of_the_name(head: Person) -> None:
    await file_returnee(head)
    await file_returnee(head, *FROM_HA_NOI)

    await head.says("/tim mau")
    assert await head.last() == 'Tìm "mau": 2 người.'
    assert (await head.buttons())[:2] == ["Lò Văn Mẫu, 1985 – Bản Cây Đa (mẫu)", "Đỗ Mẫu Ánh, 1990 – Bản Cây Đa (mẫu)"]
    await head.says("tìm do anh")

    assert (await head.last()).startswith("Đỗ Mẫu Ánh, 1990, Nữ")


@pytest.mark.parametrize("typed", ["5678", "0912 345 678", "{code}"])
async def test_somebody_is_found_by_phone_and_code(head: Person, typed: str) -> None:
    code = await file_returnee(head)

    await head.says("/tim " + typed.format(code=code.lower()))

    assert (await head.last()).startswith("Lò Văn Mẫu, 1985, Nam")


async def test_without_a_name_the_bot_asks_for_it_and_takes_it_at_once(zalo: Person) -> None:
    await file_returnee(zalo)

    await zalo.says("tìm người")
    assert "gõ một phần tên" in await zalo.last()
    await zalo.says("lo van")

    assert (await zalo.last()).startswith("Lò Văn Mẫu, 1985, Nam")


async def test_a_report_that_is_half_written_is_not_lost_for_a_search(head: Person) -> None:
    await head.says("/nguoive")
    await head.says("Lò Văn Mẫu")

    await head.says("/tim")
    assert "/tim lo van a" in await head.last()
    await head.says("/tim abc")
    assert await head.last() == "Không tìm thấy ai: abc."
    await head.says("/menu")

    assert "Tiếp tục" in await head.buttons()


async def test_whoever_was_asked_whom_they_look_for_may_do_something_else(head: Person) -> None:
    await head.says("/tim")
    await head.says("/menu")
    assert "Tiếp tục" not in await head.buttons()
    await head.says("/tim")

    await head.says("Vì Văn Mẫu 1990 nam về từ Hà Nội hôm qua, chưa tiêm, 0900 000 123")

    assert "ĐÃ ĐỌC ĐƯỢC 1 NGƯỜI" in await head.last()


async def test_nobody_beyond_ones_area_is_found(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)
    neighbour, elsewhere = talk.person("04123-02-head"), talk.person("04126-commune_officer")

    for other in (neighbour, elsewhere):
        for text in ("/tim lo van", "/tim 0912 345 678", "/tim 678", f"/tim {code}", "/loc người về", "/danhsach"):
            await other.says(text)
            assert "Lò Văn Mẫu" not in await other.last(), (other.id, text)
        for payload in (
            f"do:person:{code}",
            f"do:records:{code}",
            f"do:record:{code}",
            "do:list:04123-01:all",
            "do:file:04123-01:all",
        ):
            await other.forges(payload)
            assert "Lò Văn Mẫu" not in await other.last(), (other.id, payload)


async def test_above_a_commune_it_is_chosen_first_but_a_whole_phone_is_enough(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    district = talk.person("125-district_officer-1")

    await district.says("/tim lò văn")
    assert await district.last() == "Đồng chí chọn xã:"
    await district.taps("Xã Chiềng Mung")
    assert (await district.last()).startswith("Lò Văn Mẫu, 1985, Nam")
    await district.says("/loc người về")
    await district.taps("Xã Chiềng Mung")
    assert "Xã Chiềng Mung: 1 người." in await district.last()
    await district.says("/menu", "/tim 0912345678")

    assert (await district.last()).startswith("Lò Văn Mẫu, 1985, Nam")


async def test_an_administrator_sees_nobody(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    admin = talk.person("14-admin")

    for text in ("/danhsach", "/tim lo van", "/tim", "/loc", "/loc người về"):
        await admin.says(text)
        assert "ngoài phần" in await admin.last()


# --- in words ---------------------------------------------------------------------------------------------------------------


async def test_a_filter_says_how_it_was_read_and_counts_what_it_lists(head: Person) -> None:
    await file_returnee(head)
    await file_returnee(head, *FROM_HA_NOI)

    await head.says("/loc về từ Hà Nội chưa xét nghiệm")

    assert (await head.last()).splitlines() == [
        "Đã hiểu: người về, từ Hà Nội, chưa xét nghiệm.",
        "Bản Cây Đa (mẫu): 1 người.",
        "",
        "• Đỗ Mẫu Ánh, 1990 – về từ Hà Nội ngày 09/9/2021, cách ly tập trung",
    ]
    await head.taps("Đỗ Mẫu Ánh, 1990", "Về danh sách")
    assert (await head.last()).startswith("Đã hiểu: người về, từ Hà Nội, chưa xét nghiệm.")


async def test_what_is_not_understood_is_named_and_filters_nothing(head: Person) -> None:
    await file_returnee(head)

    await head.says("/loc người về có hộ khẩu ở xã khác")
    assert "Chưa hiểu: “hộ khẩu”, “khác”. Chưa lọc gì." in await head.last()
    assert "Lò Văn Mẫu" not in await head.last()
    await head.taps("Lọc phần đã hiểu")
    assert "Bản Cây Đa (mẫu): 1 người." in await head.last()

    await head.says("/loc con mèo")
    assert "Chưa hiểu: “con mèo”. Chưa lọc gì." in await head.last()
    await head.taps("Lọc lại")
    await head.says("người về chưa tiêm")
    assert "Bản Cây Đa (mẫu): 0 người." in await head.last()


async def test_a_long_list_is_turned_page_by_page(talk: Talk, zalo: Person) -> None:
    names = (
        "Lò Mẫu An",
        "Vì Mẫu Bình",
        "Hà Mẫu Cường",
        "Đỗ Mẫu Đào",
        "Lừ Mẫu Giang",
        "Tòng Mẫu Hạnh",
        "Cà Mẫu Khôi",
        "Mè Mẫu Lan",
    )
    for number, name in enumerate(names):
        await file_returnee(zalo, name, str(1950 + 5 * number), "Nam", "Không có điện thoại", "Bỏ qua", *RETURNEE[5:])

    await zalo.says("danh sách")
    assert "7. Cà Mẫu Khôi, 1980" in await zalo.last()
    await zalo.says("tiếp")
    assert "1. Mè Mẫu Lan, 1985" in await zalo.last()
    await zalo.says("1")
    assert (await zalo.last()).startswith("Mè Mẫu Lan, 1985")
    await zalo.says("về danh sách")

    assert "1. Mè Mẫu Lan, 1985" in await zalo.last()


async def test_a_card_with_many_choices_has_pages_where_they_are_numbers(talk: Talk, zalo: Person) -> None:
    await file_returnee(zalo)
    await put_in_charge(talk, zalo.id, RoleAt(Role.COMMUNE_OFFICER, "04123"))

    await zalo.says("tìm lò văn")
    first = await zalo.last()
    assert "10. " not in first
    assert 'gõ "tiếp"' in first
    await zalo.says("tiếp")
    assert "Về danh sách" in await zalo.last()
    await zalo.says("về danh sách")

    assert (await zalo.last()).startswith("DANH SÁCH Bản Cối Nước (mẫu): 1 người")
