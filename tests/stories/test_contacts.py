"""Who was near a case: told one after another, each another person than the case, and each counted once."""

from __future__ import annotations

from .deeds import counted, file_number, file_returnee
from .talk import Person, Talk

CASE = (
    *("Hà Văn Mẫu", "1970", "Nam", "Không có điện thoại", "Hà Thị Mẫu"),
    *("Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị", "Chưa rõ"),
)
FIRST = (
    *("Hà Thị Mẫu Lan", "1972", "Nữ", "Không có điện thoại", "Hà Thị Mẫu", "Tiếp xúc trực tiếp (bắt tay, ôm)"),
    *("Hôm qua", "nhà văn hóa bản", "2 mũi", "Không nhớ ngày", "Cách ly tại nhà", "Hôm nay"),
)


async def file_case(head: Person) -> str:
    await head.says("/f0")
    await head.answers(*CASE)
    await head.taps("Gửi báo cáo")
    return await file_number(head)


async def file_first_contact(head: Person) -> str:
    await head.taps("Thêm người tiếp xúc")
    await head.answers(*FIRST)
    await head.taps("Gửi báo cáo")
    return await file_number(head)


async def test_after_a_case_its_contacts_are_asked_for_and_linked_to_it(talk: Talk, head: Person) -> None:
    await file_case(head)
    assert "Có ai tiếp xúc gần không?" in await head.last()

    await head.taps("Thêm người tiếp xúc")
    await head.answers(*FIRST)
    assert "Tiếp xúc với ca: Hà Văn Mẫu, 1970" in await head.last()
    await head.taps("Gửi báo cáo")

    assert await counted(talk) == {
        "f0_new": 1,
        "f0_under_treatment": 1,
        "f1_new": 1,
        "f1_followed": 1,
        "quarantine_home": 1,
    }


async def test_the_next_of_the_household_is_asked_only_what_is_their_own(talk: Talk, head: Person) -> None:
    await file_case(head)
    await file_first_contact(head)

    await head.taps("Thêm F1 cùng hộ")
    await head.answers("Hà Mẫu Nam", "2012", "Nam", "Không có điện thoại", "Chưa tiêm")
    assert "Tiếp xúc với ca: Hà Văn Mẫu, 1970" in await head.last()
    assert "Nơi tiếp xúc: nhà văn hóa bản" in await head.last()
    await head.taps("Gửi báo cáo")

    assert (await counted(talk))["f1_followed"] == 2


async def test_from_the_menu_the_case_is_chosen_or_left_unknown(talk: Talk, head: Person) -> None:
    await file_case(head)
    await head.says("/f1")
    await head.answers("Vì Mẫu Hoa", "1999", "Nữ", "Không có điện thoại", "Bỏ qua")
    assert "Tiếp xúc với ca bệnh nào?" in await head.last()
    assert {"Hà Văn Mẫu, 1970", "Chưa rõ nguồn"} <= set(await head.buttons())

    await head.says("Hà Văn Mẫu")

    assert "Tiếp xúc với ca: Hà Văn Mẫu, 1970" in await head.last()


async def test_a_village_is_offered_its_own_cases_and_the_commune_all_of_them(
    talk: Talk, head: Person, officer: Person
) -> None:
    await file_case(head)
    other = talk.person("04123-02-head")
    await other.says("/f1")
    await other.answers("Vì Mẫu Hoa", "1999", "Nữ", "Không có điện thoại", "Bỏ qua")
    assert "Tiếp xúc thế nào?" in await other.last()

    await officer.says("/f1")
    await officer.taps("Bản Mía Ngọt (mẫu)")
    await officer.answers("Vì Mẫu Hoa", "1999", "Nữ", "Không có điện thoại", "Bỏ qua")

    assert "Hà Văn Mẫu, 1970" in await officer.buttons()


async def test_an_answer_that_was_not_offered_is_none(head: Person) -> None:
    case = await file_case(head)
    await head.says("/f1")
    await head.answers("Vì Mẫu Hoa", "1999", "Nữ", "Không có điện thoại", "Bỏ qua")
    token = (await head.payload("Hà Văn Mẫu, 1970")).replace(case, "0000000000")

    await head.forges(token)

    assert "Tiếp xúc với ca bệnh nào?" in await head.last()


async def test_a_day_before_the_case_could_infect_is_doubted_and_taken(talk: Talk, head: Person) -> None:
    await file_case(head)
    await head.taps("Thêm người tiếp xúc")
    await head.answers(*FIRST[:6], "01/9", *FIRST[7:])
    assert "tiếp xúc trước ngày 07/9/2021 thường không phải F1" in await head.last()

    await head.taps("Gửi báo cáo")

    assert (await counted(talk))["f1_new"] == 1


async def test_who_came_back_becomes_a_contact_and_is_asked_no_name_again(talk: Talk, head: Person) -> None:
    await file_case(head)
    await file_returnee(head)
    await head.taps("Xem hồ sơ", "Là người tiếp xúc (F1)")
    await head.answers("Hà Văn Mẫu, 1970", "Có khẩu trang, từ 15 phút", "Chưa rõ ngày", "Bỏ qua")
    await head.answers("Khu cách ly tập trung", "Hôm nay")
    await head.taps("Gửi báo cáo")

    after = await counted(talk)
    assert (after["returnees_total"], after["f1_followed"]) == (1, 1)
    assert (after["quarantine_institutional"], after.get("quarantine_home", 0)) == (1, 0)


async def test_a_contact_tests_positive_and_is_a_contact_again_when_that_is_taken_back(talk: Talk, head: Person) -> None:
    await file_case(head)
    await file_first_contact(head)
    before = await counted(talk)
    await head.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await head.answers("Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị")
    assert "Lây từ ca: Hà Văn Mẫu, 1970" in await head.last()
    await head.taps("Gửi báo cáo")
    positive = await counted(talk)
    assert (positive["f0_under_treatment"], positive.get("f1_followed", 0), positive.get("quarantine_home", 0)) == (2, 0, 0)

    await head.taps("Rút lại", "Rút lại báo cáo")

    assert await counted(talk) == before


async def test_a_case_with_contacts_is_not_taken_back_before_them(talk: Talk, head: Person) -> None:
    case = await file_case(head)
    await file_first_contact(head)

    await head.forges(f"do:undo:{case}")
    await head.taps("Rút lại báo cáo")

    assert "Chưa rút được" in await head.last()
    assert "Người tiếp xúc gần (F1)" in await head.last()
    assert (await counted(talk))["f0_under_treatment"] == 1


async def test_a_suspicion_is_confirmed_on_its_own_day_or_ruled_out(talk: Talk, head: Person) -> None:
    await head.says("/f0")
    await head.answers(*CASE[:5], "Nghi ngờ", *CASE[6:])
    await head.taps("Gửi báo cáo")
    suspected = {"f0_suspected_new": 1, "f0_suspected": 1}
    assert await counted(talk) == suspected

    await head.taps("Xem hồ sơ", "Không phải ca bệnh")
    await head.answers("Hôm nay", "Bỏ qua")
    await head.taps("Gửi báo cáo")
    assert await counted(talk) == {"f0_suspected_new": 1}
    await head.taps("Rút lại", "Rút lại báo cáo")
    assert await counted(talk) == suspected

    await head.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await head.answers("Khẳng định dương tính", "Hôm nay")
    await head.taps("Gửi báo cáo")
    assert await counted(talk) == {"f0_suspected_new": 1, "f0_new": 1, "f0_under_treatment": 1}
