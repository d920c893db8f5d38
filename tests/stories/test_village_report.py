"""A village has reported when its daily or its zero report is in."""

from __future__ import annotations

from .deeds import counted, file_returnee
from .talk import Person, Talk

IN = {"reports_in": 1, "reports_on_time": 1}


async def test_nothing_new_is_reported_in_two_taps(talk: Talk, head: Person) -> None:
    await head.says("/menu")

    await head.taps("Không phát sinh mới", "Gửi báo cáo")

    assert await head.last() == "Đã ghi nhận báo cáo ngày 09/9/2021 của Bản Cây Đa (mẫu). Cảm ơn chị."
    assert await counted(talk) == IN | {"zero_reports": 1}


async def test_a_zero_report_warns_if_people_were_reported(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await head.says("/khong")

    assert "Lưu ý: trong kỳ này đã ghi 1 trường hợp mới." in await head.last()
    await head.taps("Gửi báo cáo")
    assert (await counted(talk))["reports_in"] == 1


async def test_the_daily_report_opens_with_what_was_filed(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await head.says("/baocao")

    card = await head.last()
    assert "Người về trong kỳ: 1\nNgười đi, mới ghi nhận: 0\nF0 mới: 0\nKhó khăn, vướng mắc: (không có)" in card
    assert "Lưu ý" not in card
    await head.taps("Gửi báo cáo")
    assert {key: (await counted(talk))[key] for key in IN} == IN


async def test_a_figure_that_differs_from_the_list_is_shown_and_not_blocked(talk: Talk, head: Person) -> None:
    await file_returnee(head)

    await head.says("/baocao")
    await head.answers("Sửa", "Người về trong kỳ", "3")

    assert "Lưu ý: Người về trong kỳ báo 3, theo danh sách 1." in await head.last()
    await head.taps("Gửi báo cáo")
    assert (await counted(talk))["returnees_new"] == 1  # people are counted, not declared


async def test_a_second_report_of_the_day_replaces_the_first(talk: Talk, head: Person) -> None:
    await head.says("/khong")
    await head.taps("Gửi báo cáo")

    await talk.person("04123-01-member").says("/baocao")
    await talk.person("04123-01-member").taps("Gửi báo cáo")

    assert await counted(talk) == IN


async def test_a_report_after_eight_is_late_and_says_so(talk: Talk, head: Person) -> None:
    await talk.clock.to("08:00")

    await head.says("/khong")
    await head.taps("Gửi báo cáo")

    assert "Báo cáo gửi sau 08:00 nên được ghi là muộn." in await head.last()
    assert await counted(talk) == {"reports_in": 1, "zero_reports": 1}


async def test_correcting_a_report_late_does_not_make_it_late(talk: Talk, head: Person) -> None:
    await head.says("/khong")
    await head.taps("Gửi báo cáo")
    await talk.clock.to("08:30")

    await head.says("/baocao")
    await head.taps("Gửi báo cáo")

    assert "muộn" not in await head.last()
    assert await counted(talk) == IN


async def test_from_six_in_the_evening_the_report_is_for_tomorrow(talk: Talk, head: Person) -> None:
    await talk.clock.to("18:00")

    await head.says("/khong")
    await head.taps("Gửi báo cáo")

    assert (await head.last()).startswith("Đã ghi nhận báo cáo ngày 10/9/2021")


async def test_a_correction_of_yesterdays_report_compares_with_yesterdays_people(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await head.says("/baocao")
    await head.taps("Gửi báo cáo")
    await talk.clock.to("09:00", (await talk.clock.now()).date().replace(day=10))

    await head.taps("Sửa")

    assert "Người về trong kỳ: 1" in await head.last()
    assert "Lưu ý" not in await head.last()
