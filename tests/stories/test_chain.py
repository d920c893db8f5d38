"""The chain of transmission, read from anybody's card."""

from __future__ import annotations

from bot.domain.access import Role, RoleAt

from .deeds import put_in_charge
from .talk import Person, Talk
from .test_contacts import file_case, file_first_contact


async def infect_the_contact(head: Person) -> None:
    """The contact who was filed last tests positive, and somebody was near them."""
    await head.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await head.answers("Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị")
    await head.taps("Gửi báo cáo", "Chỉ ghi tên")
    await head.says("Vì Mẫu Hoa")
    await head.taps("Gửi danh sách")


async def test_the_chain_goes_from_the_source_to_the_last_contact(head: Person) -> None:
    await file_case(head)
    await file_first_contact(head)
    await infect_the_contact(head)

    await head.taps("Bổ sung F1, F0", "Vì Mẫu Hoa", "Hủy")
    await head.forges(f"do:chain:{(await head.payload('Vì Mẫu Hoa')).split(':')[-1]}")

    assert await head.last() == (
        "CHUỖI LÂY\n\n"
        "F0, phát hiện 09/9/2021: Hà Văn Mẫu, 1970, Bản Cây Đa (mẫu)\n"
        "└ F0, phát hiện 09/9/2021: Hà Thị Mẫu Lan, 1972, Bản Cây Đa (mẫu)\n"
        "    └ F1: Vì Mẫu Hoa, Bản Cây Đa (mẫu)"
    )


async def test_a_card_of_a_case_leads_to_its_chain_and_back(head: Person) -> None:
    await file_case(head)
    await head.taps("Xem hồ sơ", "Chuỗi lây")
    assert "F0, phát hiện 09/9/2021: Hà Văn Mẫu, 1970" in await head.last()

    await head.taps("Xem hồ sơ")

    assert (await head.last()).startswith("Hà Văn Mẫu, 1970, Nam")


async def test_whoever_is_outside_ones_area_is_a_code(talk: Talk, head: Person) -> None:
    case = await file_case(head)
    second = "04123-02-head"
    await put_in_charge(talk, second, RoleAt(Role.HEAD, "04123-01"))
    other = talk.person(second)
    await other.says("/f1")
    await other.taps("Bản Chim Én (mẫu)")
    await other.answers("Vì Mẫu Hoa", "1999", "Nữ", "Không có điện thoại", "Bỏ qua", "Hà Văn Mẫu, 1970")
    await other.answers("Có khẩu trang, từ 15 phút", "Chưa rõ ngày", "Bỏ qua", "Chưa tiêm", "Tự theo dõi sức khỏe")
    await other.taps("Gửi báo cáo")
    contact = (await other.last()).split("Mã hồ sơ: ")[1][:10]

    await head.forges(f"do:chain:{case}")

    assert f"└ F1: ở địa bàn khác, mã {contact}" in await head.last()
    assert "Vì Mẫu Hoa" not in await head.last()
    await head.forges(f"do:chain:{contact}")
    assert "Vì Mẫu Hoa" not in await head.last()
