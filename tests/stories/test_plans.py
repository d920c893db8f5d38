"""Until when somebody isolates: what the rules say, what the commune decides, and what moves the dates."""

from __future__ import annotations

from .deeds import file_number, file_returnee
from .talk import Person, Talk

FROM_HCMC = ("Lò Mẫu An", "1985", "Nam", "0900 000 001", "Lò Mẫu Hoa", "TP. Hồ Chí Minh", "Hôm qua", "Xe khách")
VACCINATED = (*FROM_HCMC, "2 mũi", "20/8", "Có", "Tự theo dõi sức khỏe")
UNVACCINATED = (*FROM_HCMC, "Chưa tiêm", "Có", "Cách ly tại nhà", "Hôm qua")


async def test_where_a_rule_decides_the_card_foresees_the_plan_and_the_confirmation_says_it(head: Person) -> None:
    await head.says("/nguoive")
    await head.answers(*VACCINATED)
    foreseen = (
        "Thời hạn theo quy định:\nKhông phải cách ly.\nTự theo dõi sức khỏe đến hết ngày 15/9/2021.\n"
        "Xét nghiệm ngày: 09/9/2021, 15/9/2021.\nCăn cứ: CV 6386 (06/8/2021)."
    )
    assert foreseen in await head.last()

    await head.taps("Gửi báo cáo")

    assert foreseen.partition("\n")[2] in await head.last()
    await head.taps("Xem hồ sơ")
    assert foreseen.partition("\n")[2] in await head.last()


async def test_a_place_that_is_not_the_rules_is_warned_of_and_kept(head: Person) -> None:
    await head.says("/nguoive")
    await head.answers(*VACCINATED[:-1], "Cách ly tại nhà", "Hôm qua")

    assert "Lưu ý: đang khai Cách ly tại nhà; theo quy định: Tự theo dõi sức khỏe." in await head.last()
    await head.taps("Gửi báo cáo", "Xem hồ sơ")
    assert "Đang khai Cách ly tại nhà; theo thời hạn đã định: Tự theo dõi sức khỏe." in await head.last()


async def test_what_no_verified_rule_decides_is_asked_of_the_commune_and_taken_over_by_a_tap(
    head: Person, officer: Person
) -> None:
    code = await file_returnee(head, *UNVACCINATED)
    assert "Thời hạn cách ly do xã quyết định; đã báo cán bộ xã." in await head.last()
    asked = await officer.last()
    assert asked.startswith(f"Bản Cây Đa (mẫu) có người cần xã quyết định thời hạn cách ly (hồ sơ {code}).")
    assert "Lò Mẫu An" not in asked

    await officer.taps("Chờ quyết định", "Lò Mẫu An, 1985 – Bản Cây Đa (mẫu)")
    offered = await officer.last()
    assert "Cách ly tại nhà đến hết ngày 22/9/2021." in offered
    assert "Căn cứ này chưa được kiểm chứng." in offered
    await officer.taps("Đồng ý đề xuất")

    assert "Căn cứ: CV 6386 (06/8/2021), xã đã quyết định." in await officer.last()
    assert await head.last() == f"Xã đã quyết định thời hạn cách ly của hồ sơ {code}, Bản Cây Đa (mẫu)."
    await officer.taps("Chờ quyết định")
    assert await officer.last() == "Xã Chiềng Mung: không có ai chờ quyết định thời hạn cách ly."
    await head.taps("Xem hồ sơ")
    assert "Cách ly tại nhà đến hết ngày 22/9/2021.\n" in await head.last()


async def test_a_place_that_may_be_an_epidemic_area_is_proposed_as_one(head: Person, officer: Person) -> None:
    await file_returnee(head)

    await officer.taps("Chờ quyết định", "Lò Văn Mẫu, 1985 – Bản Cây Đa (mẫu)")

    assert "nơi đó có phải vùng dịch không: xã quyết định thời hạn cách ly.\nNếu nơi đó là vùng dịch:\n" in await officer.last()
    await officer.taps("Đồng ý đề xuất")
    assert "Cách ly tại nhà đến hết ngày 22/9/2021." in await officer.last()


async def test_an_official_enters_dates_with_a_reason_changes_them_and_takes_that_back(head: Person, officer: Person) -> None:
    await file_returnee(head, *UNVACCINATED)
    await officer.taps("Chờ quyết định", "Lò Mẫu An, 1985 – Bản Cây Đa (mẫu)", "Đồng ý đề xuất")

    await officer.taps("Xem hồ sơ", "Đổi thời hạn cách ly")
    await officer.answers("Cách ly tại nhà", "25/9", "Theo quy định", "Theo quy định")
    await officer.says("tiếp xúc lại với ca bệnh")
    card = await officer.last()
    assert "Cách ly tại nhà đến hết ngày 25/9/2021.\nTự theo dõi sức khỏe đến hết ngày 09/10/2021." in card
    await officer.taps("Gửi báo cáo")

    assert "Thời hạn cách ly đổi từ hết ngày 22/9/2021 sang hết ngày 25/9/2021." in await officer.last()
    await officer.taps("Xem hồ sơ")
    assert "Quyết định thời hạn cách ly – Cách ly tại nhà, 25/9/2021, tiếp xúc lại với ca bệnh" in await officer.last()
    await officer.taps("Lịch sử thời hạn")
    assert [line.partition(": ")[2] for line in (await officer.last()).splitlines()[1:]] == [
        "Chờ xã quyết định. ",
        "Cách ly tại nhà đến hết ngày 22/9/2021. Căn cứ: CV 6386 (06/8/2021), xã đã quyết định.",
        "Cách ly tại nhà đến hết ngày 25/9/2021. Căn cứ: CV 6386 (06/8/2021), xã đã quyết định.",
    ]
    await officer.taps("Rút lại", "Rút lại báo cáo")
    await head.taps("Xem hồ sơ")
    assert "Cách ly tại nhà đến hết ngày 22/9/2021." in await head.last()


async def test_dates_that_cannot_be_are_warned_of(head: Person, officer: Person) -> None:
    await file_returnee(head, *UNVACCINATED)

    await officer.taps("Chờ quyết định", "Lò Mẫu An, 1985 – Bản Cây Đa (mẫu)", "Nhập thời hạn khác")
    await officer.answers("Khu cách ly tập trung", "01/9", "Theo quy định", "Theo quy định")
    await officer.says("nhầm")

    assert "Lưu ý: thời hạn không thể trước ngày 08/9/2021" in await officer.last()


async def test_an_answer_that_was_missing_moves_the_dates_and_says_so(head: Person, officer: Person) -> None:
    await file_returnee(head, *UNVACCINATED)
    await officer.taps("Chờ quyết định", "Lò Mẫu An, 1985 – Bản Cây Đa (mẫu)", "Đồng ý đề xuất")

    await head.forges(f"do:correct:{(await head.last()).split('hồ sơ ')[1][:10]}")
    await head.taps("Sửa", "Vắc xin", "2 mũi")
    await head.answers("20/8")
    await head.taps("Gửi báo cáo")

    assert "Không phải cách ly." in await head.last()


async def test_a_plan_is_taken_back_with_its_role(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head, *UNVACCINATED)

    await head.taps("Rút lại", "Rút lại báo cáo")

    assert (await head.last()).startswith("Đã rút lại hồ sơ ")
    await officer.taps("Chờ quyết định")
    assert "không có ai chờ quyết định" in await officer.last()


async def test_a_role_cannot_be_taken_back_before_the_decision_about_it(head: Person, officer: Person) -> None:
    code = await file_returnee(head, *UNVACCINATED)
    await officer.taps("Chờ quyết định", "Lò Mẫu An, 1985 – Bản Cây Đa (mẫu)", "Đồng ý đề xuất")

    await head.forges(f"do:undo:{code}")
    await head.taps("Rút lại báo cáo")

    assert "Quyết định thời hạn cách ly" in await head.last()


async def test_a_team_decides_nothing(head: Person) -> None:
    code = await file_returnee(head, *UNVACCINATED)
    await head.taps("Xem hồ sơ")
    assert "Đổi thời hạn cách ly" not in await head.buttons()

    for forged in (f"do:decide:{code}", f"do:accept:{code}:home:2021-09-22", f"do:about:order:{code}"):
        await head.forges(forged)
        assert await head.last() == "Báo cáo này đã gửi hoặc đã hủy."
    await head.says("/quyetdinh")
    assert "ngoài phần" in await head.last()


async def test_a_case_at_home_takes_the_place_of_the_plan_and_taken_back_gives_it_again(head: Person, officer: Person) -> None:
    person = await file_returnee(head, *VACCINATED)
    await head.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await head.answers("Khẳng định dương tính", "Hôm nay", "Cách ly tại nhà", "Bỏ qua")
    assert "Ngày 09/9/2021 chưa có quy định áp dụng: xã quyết định thời hạn cách ly." in await head.last()
    await head.taps("Gửi báo cáo")
    case = await file_number(head)
    assert "Thời hạn cách ly do xã quyết định" in await head.last()

    await officer.taps("Chờ quyết định", "Lò Mẫu An, 1985 – Bản Cây Đa (mẫu)", "Nhập thời hạn khác")
    await officer.answers("Cách ly tại nhà", "23/9", "Theo quy định", "Theo quy định", "theo dõi F0 tại nhà", "Gửi báo cáo")
    assert "Cách ly tại nhà đến hết ngày 23/9/2021.\nXã quyết định ngày 09/9/2021." in await officer.last()
    await officer.taps("Rút lại", "Rút lại báo cáo")
    await head.forges(f"do:undo:{case}")
    await head.taps("Rút lại báo cáo")

    await head.forges(f"do:person:{person}")
    assert "Tự theo dõi sức khỏe đến hết ngày 15/9/2021." in await head.last()
