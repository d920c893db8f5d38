"""A case in the night: entered in four answers, told at once to whom it concerns, taken by somebody or climbing."""

from __future__ import annotations

import asyncio
from datetime import date

from .deeds import counted, file_number
from .talk import Person, Talk
from .test_contacts import CASE, file_case

CHAIR, SECRETARY = "04123-commune_chair", "04123-commune_secretary"
DISTRICT, DISTRICT_CHAIR = "125-district_officer-1", "125-district_chair"
WHERE = "Bản Mía Ngọt (mẫu)"
NOT_FURTHER = "Chưa báo lên trên khi chưa khẳng định."
PLAN = "Đề nghị đ/c Chủ tịch UBND xã báo cáo ngay phương án lập chốt kiểm soát."
TOMORROW = date(2021, 9, 10)


async def alerts(*people: Person) -> list[str]:
    """Everything about a case that these people were told unasked."""
    return [text for one in people for text in await one.heard() if "ghi nhận ca" in text]


async def enter(officer: Person, level: str) -> str:
    await officer.says("/truc")
    await officer.taps("Bản Mía Ngọt (mẫu)")
    await officer.answers("Vì Mẫu Hoa", "về từ Bình Dương", level)
    await officer.taps("Gửi báo cáo")
    return await file_number(officer)


async def test_a_suspicion_of_the_night_is_four_answers_and_stays_in_the_commune(talk: Talk, officer: Person) -> None:
    await talk.clock.to("21:05")
    chair, district, secretary = talk.person(CHAIR), talk.person(DISTRICT), talk.person(SECRETARY)

    code = await enter(officer, "Nghi ngờ")

    assert await alerts(chair) == [
        f"TRỰC: Xã Chiềng Mung ghi nhận ca nghi ngờ lúc 21h05 ngày 09/9/2021.\n{WHERE}, mã hồ sơ {code}. {NOT_FURTHER}"
    ]
    assert await alerts(officer, secretary, district, talk.person(DISTRICT_CHAIR)) == []
    await talk.clock.to("21:30")
    assert await alerts(district, talk.person(DISTRICT_CHAIR)) == []
    assert len(await alerts(secretary)) == 1


async def test_when_it_is_confirmed_the_district_hears_at_once_and_nothing_is_asked_again(talk: Talk, officer: Person) -> None:
    await enter(officer, "Mẫu gộp dương tính")
    await officer.taps("Xem hồ sơ", "Trực: có kết quả", "Khẳng định dương tính", "Gửi báo cáo")
    code = await file_number(officer)

    told = await alerts(talk.person(DISTRICT))
    assert told == [f"KHẨN: Xã Chiềng Mung ghi nhận ca khẳng định lúc 06h50 ngày 09/9/2021.\n{WHERE}, mã hồ sơ {code}.\n{PLAN}"]
    assert "Vì Mẫu Hoa" not in told[0]


async def test_what_the_night_did_not_ask_is_asked_by_day(talk: Talk, officer: Person) -> None:
    await talk.clock.to("23:00")
    await enter(officer, "Khẳng định dương tính")

    await talk.clock.to("07:00", TOMORROW)
    await officer.says("/bosung")
    assert "• Vì Mẫu Hoa, Bản Mía Ngọt (mẫu) – thiếu: Năm sinh, Giới tính" in await officer.last()
    await officer.taps("Vì Mẫu Hoa")
    await officer.answers("1999", "Nữ", "Không có điện thoại", "Bỏ qua", "Hôm qua", "Cơ sở điều trị")
    assert "Nguồn lây: về từ Bình Dương" in await officer.last()
    await officer.taps("Gửi báo cáo")

    await officer.says("/bosung")
    assert "Không có hồ sơ F1, F0 nào cần bổ sung." in await officer.last()
    assert len(await alerts(talk.person(DISTRICT))) == 1


async def test_a_case_filed_by_a_team_alerts_in_the_same_way_and_names_nobody(
    talk: Talk, head: Person, officer: Person
) -> None:
    code = await file_case(head)

    told = await alerts(officer, talk.person(CHAIR), talk.person(DISTRICT), talk.person("125-district_officer-2"))
    assert len(told) == 4
    assert all(text.startswith("KHẨN: Xã Chiềng Mung") and code in text and "Hà Văn Mẫu" not in text for text in told)
    assert await alerts(head, talk.person(DISTRICT_CHAIR), talk.person("04138-commune_officer")) == []


async def test_whoever_takes_it_is_known_to_the_others_and_it_climbs_no_further(talk: Talk, head: Person) -> None:
    code = await file_case(head)
    chair, district = talk.person(CHAIR), talk.person(DISTRICT)
    await talk.clock.to("06:58")

    await chair.taps("Đã nhận")
    assert f"Đã ghi nhận đồng chí nhận hồ sơ {code} lúc 06h58." in await chair.last()
    assert (await district.last()).startswith(f"Hồ sơ {code}: đ/c ")
    assert "Chủ tịch UBND xã, Xã Chiềng Mung) đã nhận lúc 06h58" in await district.last()
    await district.taps("Đã nhận")
    assert "Chủ tịch UBND xã, Xã Chiềng Mung) đã nhận lúc 06h58" in await district.last()
    assert "Xem hồ sơ" in await district.buttons()

    await talk.clock.to("07:20")
    assert await alerts(talk.person(DISTRICT_CHAIR)) == []


async def test_untaken_for_a_quarter_of_an_hour_it_climbs_once(talk: Talk, head: Person) -> None:
    await file_case(head)
    above = talk.person(DISTRICT_CHAIR)
    await talk.clock.to("07:04")
    assert await alerts(above) == []

    await talk.clock.to("07:06")
    assert (await alerts(above))[0].startswith("Sau 15 phút chưa ai nhận.\nKHẨN: Xã Chiềng Mung")
    await above.taps("Đã nhận")

    await talk.clock.to("08:30")
    assert len(await alerts(above)) == 1


async def test_a_case_that_is_taken_back_climbs_no_further_and_whoever_was_told_is_told_that(talk: Talk, head: Person) -> None:
    code = await file_case(head)
    await head.taps("Rút lại", "Rút lại báo cáo")

    assert (await talk.person(CHAIR).last()).startswith(f"Hồ sơ {code} (Bản Cây Đa (mẫu)) đã được rút lại lúc")
    await talk.clock.to("07:30")
    assert await alerts(talk.person(DISTRICT_CHAIR)) == []
    await talk.person(DISTRICT).taps("Đã nhận")
    assert "đã được rút lại hoặc không còn khẩn" in await talk.person(DISTRICT).last()


async def test_correcting_a_case_alerts_nobody_again_and_confirming_a_suspicion_does(talk: Talk, head: Person) -> None:
    await head.says("/f0")
    await head.answers(*CASE[:5], "Nghi ngờ", *CASE[6:])
    await head.taps("Gửi báo cáo")
    district = talk.person(DISTRICT)
    assert await alerts(district) == []

    await head.taps("Sửa", "Sửa", "Mức độ", "Khẳng định dương tính", "Gửi báo cáo")
    assert len(await alerts(district)) == 1
    await head.taps("Sửa", "Sửa", "Năm sinh")
    await head.says("1971")
    await head.taps("Gửi báo cáo")

    assert len(await alerts(district)) == 1
    assert (await counted(talk))["f0_new"] == 1


async def test_a_case_that_was_none_climbs_no_further_and_alerts_anew_if_it_is_one_after_all(talk: Talk, head: Person) -> None:
    code = await file_case(head)
    district = talk.person(DISTRICT)
    await head.taps("Xem hồ sơ", "Kết thúc ca bệnh", "Không phải ca bệnh", "Hôm nay", "Bỏ qua", "Gửi báo cáo")

    assert (await district.last()).startswith(f"Ca {code} (Bản Cây Đa (mẫu)): không phải ca bệnh, ghi nhận lúc")
    await district.taps("Đã nhận")
    assert "đã được rút lại hoặc không còn khẩn" in await district.last()
    await talk.clock.to("07:30")
    assert await alerts(talk.person(DISTRICT_CHAIR)) == []

    await head.taps("Rút lại", "Rút lại báo cáo")
    assert len(await alerts(district)) == 2
    await talk.clock.to("07:46")
    assert len(await alerts(talk.person(DISTRICT_CHAIR))) == 1


async def test_a_suspicion_with_a_result_climbs_no_further(talk: Talk, officer: Person) -> None:
    await enter(officer, "Nghi ngờ")
    await officer.taps("Xem hồ sơ", "Không phải ca bệnh", "Hôm nay", "Bỏ qua", "Gửi báo cáo")
    await enter(officer, "Nghi ngờ")
    await officer.taps("Xem hồ sơ", "Trực: có kết quả", "Khẳng định dương tính", "Gửi báo cáo")

    await talk.clock.to("07:30")
    told = await alerts(talk.person(SECRETARY))
    assert len(told) == 1
    assert "KHẨN" in told[0]


async def test_a_case_that_is_only_suspected_after_all_is_told_so_and_alerts_again_once_confirmed(
    talk: Talk, head: Person
) -> None:
    code = await file_case(head)
    district = talk.person(DISTRICT)
    await head.taps("Sửa", "Sửa", "Mức độ", "Nghi ngờ", "Gửi báo cáo")
    assert f"Ca {code} (Bản Cây Đa (mẫu)): nay là ca nghi ngờ, chưa khẳng định." in await district.last()
    await talk.clock.to("07:06")
    assert await alerts(talk.person(DISTRICT_CHAIR)) == []

    await head.taps("Sửa", "Sửa", "Mức độ", "Khẳng định dương tính", "Gửi báo cáo")
    assert len(await alerts(district)) == 2
    await talk.clock.to("07:22")
    assert len(await alerts(talk.person(DISTRICT_CHAIR))) == 1


async def test_two_who_take_it_at_the_same_moment_see_that_one_of_them_has_it(talk: Talk, head: Person) -> None:
    await file_case(head)
    both = [talk.person(CHAIR), talk.person(DISTRICT)]

    await asyncio.gather(*(one.taps("Đã nhận") for one in both))

    took = [one for one in both if any("Đã ghi nhận đồng chí nhận hồ sơ" in text for text in await one.heard())]
    assert len(took) == 1
    (other,) = [one for one in both if one not in took]
    assert any(" đã nhận lúc 06h50" in text for text in await other.heard())


async def test_the_night_desk_is_the_communes_and_nobody_elses(talk: Talk, head: Person) -> None:
    for one in (head, talk.person(DISTRICT)):
        await one.says("/truc")
        assert "được giao. Cần thì liên hệ" in await one.last()
    await file_case(head)
    code = await file_number(head)

    await head.forges(f"do:taken:{code}")

    assert await talk.person(CHAIR).last() == (await alerts(talk.person(CHAIR)))[0]
