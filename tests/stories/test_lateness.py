"""A village that says why its report comes later is reminded no more, and is late but not silent."""

from __future__ import annotations

from .talk import Person, Talk


async def test_who_gives_a_reason_is_reminded_no_more_and_the_lists_name_it(talk: Talk, head: Person, officer: Person) -> None:
    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")
    late = talk.person("04123-02-head")
    await talk.clock.to("07:00")
    await late.taps("Báo lý do", "Mất sóng")
    assert await late.last() == "Đã ghi nhận: Bản Chim Én (mẫu) báo sau (Mất sóng). Không nhắc nữa; bác gửi khi được nhé."
    said = len(await late.heard())

    await talk.clock.to("08:00")

    assert len(await late.heard()) == said
    assert "Bản Chim Én (mẫu) (báo sau: Mất sóng)" in await officer.last()
    await officer.says("/thieu")
    assert "Bản Chim Én (mẫu) (báo sau: Mất sóng)" in await officer.last()
    await talk.clock.to("10:00")
    late_list = await talk.person("125-district_officer-1").last()
    assert "Bản Chim Én (mẫu) (báo sau: Mất sóng)" in late_list
    await officer.says("/tiendo")
    progress = await officer.last()
    assert "có lý do 1" in progress
    (silent,) = (line for line in progress.splitlines() if line.startswith("Bản Chim Én (mẫu): "))
    assert silent.startswith("Bản Chim Én (mẫu): 0/1 (0 %), đúng giờ 0 (0 %), muộn 0; ")
    assert silent.endswith("lý do: Mất sóng 1 lần")
    assert "Bản Cây Đa (mẫu): 1/1 (100 %), đúng giờ 1 (100 %), muộn 0; thường báo lúc 0" in progress


async def test_a_report_that_came_meanwhile_needs_no_reason(talk: Talk, head: Person) -> None:
    await talk.clock.to("07:00")
    await head.taps("Báo lý do")
    await talk.person("04123-01-member").says("/menu")
    await talk.person("04123-01-member").taps("Không phát sinh mới", "Gửi báo cáo")

    await head.taps("Lý do khác")

    assert "Bản Cây Đa (mẫu) đã có báo cáo ngày 09/9/2021." in await head.last()


async def test_a_reason_can_be_typed_where_there_are_no_buttons(talk: Talk) -> None:
    zalo = talk.person("04123-04-head")
    await talk.clock.to("07:00")
    assert '"báo lý do"' in await zalo.last()

    await zalo.says("bao ly do", "2")

    assert "báo sau (Đang đi cơ sở)" in await zalo.last()


async def test_somebody_else_s_village_takes_no_reason(talk: Talk, head: Person) -> None:
    await talk.clock.to("07:00")

    await head.forges("do:late:04123-02:2021-09-09:other")

    assert "được giao. Cần thì liên hệ cấp trên." in await head.last()
