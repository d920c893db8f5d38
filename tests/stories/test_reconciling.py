"""Figures as sent last + in − out = now, with the names behind each difference."""

from __future__ import annotations

from datetime import date

from .deeds import counted, file_returnee
from .talk import Person, Talk

TUESDAY = date(2021, 9, 10)
AT_HOME = (
    *("1985", "Nam", "Bỏ qua", "Bỏ qua", "Bình Dương", "Hôm qua", "Xe khách", "Chưa tiêm", "Có"),
    *("Cách ly tại nhà", "Hôm qua"),
)


async def test_the_card_names_who_came_in_and_who_went_out_since_the_digest(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head, "Lò Mẫu An", *AT_HOME)
    await file_returnee(head, "Vì Mẫu Bình", *AT_HOME)
    await talk.clock.to("09:45")
    await head.says("/doichieu")
    assert "Không có gì thay đổi." in await head.last()

    await talk.clock.to("07:00", TUESDAY)
    await file_returnee(head, "Hà Mẫu Cường", *AT_HOME)
    await officer.says("/doichieu")

    assert "So với bản tổng hợp 09h45 ngày 09/9/2021:" in await officer.last()
    assert "Cách ly tại nhà: 2 + 1 − 0 = 3" in await officer.last()
    assert (await counted(talk, day=TUESDAY))["quarantine_home"] == 3
    await officer.taps("Ai: Cách ly tại nhà")
    assert "+ Hà Mẫu Cường, 1985" in await officer.buttons()
    await officer.taps("+ Hà Mẫu Cường, 1985")
    assert "Hà Mẫu Cường, 1985" in await officer.last()


async def test_a_report_taken_back_is_who_went_out(talk: Talk, head: Person) -> None:
    await file_returnee(head, "Lò Mẫu An", *AT_HOME)
    await talk.clock.to("09:45")
    await head.taps("Rút lại", "Rút lại báo cáo")

    await head.says("/doichieu")

    assert "Cách ly tại nhà: 1 + 0 − 1 = 0" in await head.last()
    await head.taps("Ai: Cách ly tại nhà")
    assert "− Lò Mẫu An, 1985" in await head.buttons()


async def test_nobody_sees_who_is_behind_the_figures_of_another_village(talk: Talk, head: Person) -> None:
    await file_returnee(talk.person("04123-02-head"), "Lò Mẫu An", *AT_HOME)

    await head.says("/menu")
    await head.forges("do:moved:04123-02:quarantine_home")

    assert "Lò Mẫu An" not in await head.last()
    assert not any("Lò Mẫu An" in label for label in await head.buttons())
