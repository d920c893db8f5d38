"""Somebody came back: from the first tap to the list, the digest and the ledger."""

from __future__ import annotations

from bot.domain.access import Role, RoleAt

from .deeds import RETURNEE, begin_returnee, counted, file_number, file_returnee, put_in_charge, versions
from .talk import Person, Talk, rows


async def test_a_returnee_is_filed_by_tapping_and_typing_only_what_the_bot_asks(talk: Talk, head: Person) -> None:
    await head.says("/menu")
    await head.taps("Có người về / người đi", "Báo người từ tỉnh ngoài về")
    assert "Họ và tên người cần báo:" in await head.last()
    await head.answers(*RETURNEE)
    card = await head.last()
    assert card.startswith("✓ Cách ly từ ngày: 08/9/2021\n\nKIỂM TRA TRƯỚC KHI GỬI\nNgười từ tỉnh ngoài về – Bản Cây Đa (mẫu)")
    assert "Họ và tên: Lò Văn Mẫu\nNăm sinh: 1985\nGiới tính: Nam\nĐiện thoại: 0912 345 678\n" in card
    assert "Vắc xin: 1 mũi\nNgày tiêm gần nhất: 20/8/2021\n" in card

    await head.taps("Gửi báo cáo")

    assert (await head.last()).startswith("Đã ghi nhận. Mã hồ sơ: ")
    assert await counted(talk) == {"returnees_new": 1, "returnees_total": 1, "quarantine_home": 1}


async def test_whoever_says_more_than_was_asked_is_understood_and_asked_only_the_rest(talk: Talk, head: Person) -> None:
    await head.says("/nguoive", "Lò Văn Mẫu 1985 nam 0912 345 678")
    assert (await head.last()).startswith("✓ Họ và tên: Lò Văn Mẫu, Năm sinh: 1985, Giới tính: Nam, Điện thoại: 0912 345 678\n")
    await head.answers("Lò Thị Mẫu", "Bình Dương hôm qua xe khách", "1 mũi 20/8", "Có", "Cách ly tại nhà", "Hôm qua")

    await head.taps("Gửi báo cáo")

    assert head.acts == 9
    [filed] = await versions(talk, await file_number(head))
    assert (filed.body["came_from"], filed.body["arrived_on"], filed.body["transport"]) == ("Bình Dương", "2021-09-08", "coach")
    assert (filed.body["doses"], filed.body["last_dose_on"]) == ("1", "2021-08-20")
    assert await counted(talk) == {"returnees_new": 1, "returnees_total": 1, "quarantine_home": 1}


async def test_the_list_holds_every_field_of_a_returnee(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)

    await officer.says("/danhsach")
    await officer.taps("Tải Excel")

    assert await officer.last() == "Danh sách Xã Chiềng Mung: 1 người."
    [row] = rows(await officer.document())
    assert len(row.pop("Mã hồ sơ")) == 10
    assert {title: cell for title, cell in row.items() if cell is not None} == {
        "STT": 1,
        "Họ và tên": "Lò Văn Mẫu",
        "Năm sinh": 1985,
        "Nam/Nữ": "Nam",
        "Điện thoại": "0912 345 678",
        "Thôn": "Bản Cây Đa (mẫu)",
        "Địa chỉ": "Hộ Lò Thị Mẫu",
        "Về từ": "Bình Dương",
        "Ngày về": "08/9/2021",
        "Phương tiện": "Xe khách",
        "Khai báo y tế": "Có",
        "Vắc xin (mũi, ngày)": "1 mũi, 20/8/2021",
        "Hình thức cách ly": "Cách ly tại nhà",
        "Từ ngày": "08/9/2021",
    }


async def test_a_returnee_stands_in_the_digest_of_the_commune(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)

    await talk.clock.to("09:45")

    assert "\nVề trong kỳ / lũy kế từ 27/4/2021: 1 / 1\n" in await officer.last()
    assert "\nĐang cách ly tập trung / tại nhà: 0 / 1\n" in await officer.last()
    assert rows(await officer.document())[0]["Cách ly tại nhà"] == 1


async def test_one_more_of_the_household_is_asked_only_what_is_their_own(talk: Talk, head: Person) -> None:
    first = await file_returnee(head)

    await head.taps("Thêm người cùng hộ")
    assert "Họ và tên người cần báo:" in await head.last()
    await head.answers("Lò Thị Mới", "12 tuổi", "Nữ", "Không có điện thoại", "Chưa tiêm")
    await head.taps("Gửi báo cáo")

    second = await file_number(head)
    shared = ("household", "came_from", "arrived_on", "transport", "health_declared", "quarantine_type", "quarantine_from")
    [one], [other] = await versions(talk, first), await versions(talk, second)
    assert [one.body[name] for name in shared] == [other.body[name] for name in shared]
    assert (other.body["full_name"], other.body["birth_year"], other.body["phone"]) == ("Lò Thị Mới", 2009, None)
    assert (await counted(talk))["returnees_new"] == 2


async def test_one_more_of_the_vehicle_belongs_to_a_household_of_their_own(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await head.taps("Thêm người cùng xe")
    await head.answers("Hà Văn Mẫu", "1990", "Nam", "0987 654 321", "Hà Văn Mẫu", "2 mũi", "Không nhớ ngày")
    assert "Về từ: Bình Dương\nNgày về: 08/9/2021\nPhương tiện: Xe khách\n" in await head.last()
    await head.taps("Gửi báo cáo")

    [other] = await versions(talk, await file_number(head))
    assert (other.body["household"], other.body["last_dose_on"]) == ("Hà Văn Mẫu", None)


async def test_a_correction_changes_the_totals_and_keeps_what_was_said_before(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)

    await head.taps("Sửa", "Sửa", "Hình thức cách ly", "Khu cách ly tập trung")
    assert "Cách ly từ ngày: 08/9/2021" in await head.last()
    await head.taps("Gửi báo cáo")

    assert await head.last() == f"Đã ghi nhận nội dung sửa. Mã hồ sơ: {code}."
    assert await counted(talk) == {"returnees_new": 1, "returnees_total": 1, "quarantine_institutional": 1}
    assert [version.body["quarantine_type"] for version in await versions(talk, code)] == ["home", "institutional"]


async def test_taking_back_uncounts_a_person_after_a_question(talk: Talk, head: Person, officer: Person) -> None:
    code = await file_returnee(head)

    await head.taps("Rút lại")
    assert await head.last() == f"Rút lại hồ sơ {code} (Người từ tỉnh ngoài về)? Hồ sơ này sẽ không còn được tính."
    await head.taps("Rút lại báo cáo")

    assert await head.last() == f"Đã rút lại hồ sơ {code}."
    assert await counted(talk) == {}
    await officer.says("/danhsach")
    assert await officer.last() == "Xã Chiềng Mung chưa có ai trong danh sách."
    await head.taps("Sửa")
    assert await head.last() == "Báo cáo này đã gửi hoặc đã hủy."


async def test_a_report_that_is_kept_after_all_still_counts(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await head.taps("Rút lại", "Giữ nguyên")

    assert (await counted(talk))["returnees_new"] == 1


async def test_nobody_but_the_area_can_correct_or_take_back(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)
    stranger = talk.person("04126-01-head")
    await stranger.says("/menu")

    for forged in (f"do:correct:{code}", f"do:undo:{code}", f"do:again:{code}:household"):
        await stranger.forges(forged)
        assert await stranger.last() == "Báo cáo này đã gửi hoặc đã hủy."
    await stranger.forges(f"do:undo_sure:{code}")

    assert (await stranger.last()).endswith("được giao. Cần thì liên hệ cấp trên.")
    assert (await counted(talk))["returnees_new"] == 1


async def test_a_head_of_several_villages_is_asked_for_which(talk: Talk, head: Person) -> None:
    await put_in_charge(talk, head.id, RoleAt(Role.HEAD, "04123-02"))

    await head.says("/nguoive")
    assert await head.last() == "Báo cáo cho thôn, bản nào?"
    await head.taps("Bản Chim Én (mẫu)")
    await head.answers(*RETURNEE)
    await head.taps("Gửi báo cáo")

    assert (await counted(talk, "04123-02"))["returnees_new"] == 1
    assert await counted(talk, "04123-01") == {}


async def test_an_officer_reports_for_a_village(talk: Talk, officer: Person) -> None:
    await officer.says("/menu")
    await officer.taps("Thêm", "Báo cáo của thôn, bản", "Báo người từ tỉnh ngoài về", "Bản Mía Ngọt (mẫu)")
    await officer.answers(*RETURNEE)
    await officer.taps("Gửi báo cáo")

    assert (await counted(talk, "04123-03"))["returnees_new"] == 1


async def test_a_person_away_and_a_case_are_counted_where_they_belong(talk: Talk, head: Person) -> None:
    await head.says("/nguoidi")
    await head.answers("Vì Thị Mẫu", "1999", "Lao động", "Vì Văn Mẫu", "Không có điện thoại", "Bình Dương", "2 mũi")
    await head.answers("Không", "20/9", "Có", "Có", "hết gạo", "Gửi báo cáo")
    await head.says("/f0")
    await head.answers("Hà Văn Mẫu", "1970", "Nam", "Không có điện thoại", "Bỏ qua", "Nghi ngờ", "Hôm nay")
    await head.answers("Cơ sở điều trị", "Chưa rõ", "Gửi báo cáo")

    assert await counted(talk) == {
        "away_new": 1,
        "away_total": 1,
        "away_not_returned": 1,
        "away_contacted": 1,
        "away_need_support": 1,
        "f0_suspected_new": 1,
        "f0_suspected": 1,
    }


async def test_opening_a_report_shows_no_more_than_its_first_question(head: Person) -> None:
    await begin_returnee(head)

    assert (await head.last()).startswith("Họ và tên người cần báo:")
    assert await head.buttons() == ["Hủy"]
