"""A village stays silent: its commune keeps what was known of it, if there is anything, and everybody can see that."""

from __future__ import annotations

from datetime import date

from bot.storage import records
from bot.storage.records import Report

from .deeds import counted, file_returnee
from .talk import Person, Talk

VILLAGE, PLACE = "04123-01", "Bản Cây Đa (mẫu)"


async def reported_yesterday(talk: Talk) -> None:
    parts = talk.running.parts
    async with parts.db.write() as tx:
        await records.save_report(tx, Report(VILLAGE, "daily", date(2021, 9, 8), "former", parts.clock(), zero=False))


async def test_the_former_figures_are_kept_with_a_remark_and_nobody_is_new(talk: Talk, head: Person, officer: Person) -> None:
    await file_returnee(head)
    before = await counted(talk)
    await reported_yesterday(talk)
    await officer.says("/bang")
    await officer.taps(f"{PLACE}: Báo cáo", "Giữ số kỳ trước")
    assert "Giữ số kỳ trước (08/9/2021)?" in (await officer.heard())[-1]
    await officer.taps("Giữ số kỳ trước")

    assert await counted(talk) == before | {"reports_in": 1, "reports_on_time": 1}
    assert any("đã giữ số kỳ trước cho Bản Cây Đa (mẫu)" in text for text in await head.heard())
    await officer.says("/tinhhinh")
    assert f"{PLACE}: giữ số kỳ trước (08/9/2021)" in await officer.last()  # the remarks of the table are the same


async def test_what_the_village_reports_itself_takes_its_place(talk: Talk, head: Person, officer: Person) -> None:
    await reported_yesterday(talk)
    await officer.says("/bang")
    await officer.taps(f"{PLACE}: Báo cáo", "Giữ số kỳ trước", "Giữ số kỳ trước")
    await head.says("/baocao")
    await head.taps("Gửi báo cáo")

    parts = talk.running.parts
    async with parts.db.read() as tx:
        report = await records.report_of(tx, VILLAGE, "daily", date(2021, 9, 9))
    assert report is not None
    assert not report.kept
    await officer.says("/tinhhinh")
    assert "giữ số kỳ trước" not in await officer.last()


async def test_where_nothing_was_reported_before_there_is_nothing_to_keep(talk: Talk, head: Person, officer: Person) -> None:
    await officer.says("/bang")
    await officer.taps(f"{PLACE}: Báo cáo", "Giữ số kỳ trước")
    assert f"{PLACE} chưa có báo cáo nào trước đây để giữ." in await officer.heard()

    await head.says("/menu")
    await head.forges(f"do:former_sure:{VILLAGE}:2021-09-09")
    assert "được giao. Cần thì liên hệ cấp trên." in await head.last()
