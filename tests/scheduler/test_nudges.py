"""Who is reminded, when, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.access import Role, RoleAt
from bot.domain.ways import Way
from bot.storage import ways
from bot.storage.ways import Reporting
from scheduler.nudges import minutes_left
from tests.scheduler.conftest import BAN, DAY, MUNG, VILLAGES, District, clock_shows


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Words and people do not depend on the database."""
    return sqlite_url


HEADS = [f"head-{code}" for codes in VILLAGES.values() for code in codes]


async def test_at_seven_every_silent_team_is_nudged(district: District) -> None:
    ran = await district.move("07:00")

    said = await district.said()
    assert sorted(one.to for one in said) == sorted([*HEADS, "member-04136-01"])
    nudged = {(one.job, one.unit) for one in ran if one.outcome == "ran"}
    assert nudged == {("nudge_first", MUNG), ("nudge_first", BAN)}
    assert district.woken == 1


async def test_a_nudge_says_how_long_is_left_and_offers_the_quickest_answer(district: District) -> None:
    await district.move("07:00")

    nudge = next(one for one in await district.said() if one.to == "member-04136-01")
    assert nudge.text == "Bác ơi, còn 60 phút nữa đến giờ báo cáo (08:00). Bản Một chưa có báo cáo hôm nay."
    assert nudge.buttons == ("do:open:zero_report:04136-01", f"do:late:04136-01:{DAY}", "do:menu")
    assert nudge.lane == 1
    assert nudge.drop_after == clock_shows("07:30")


async def test_who_has_reported_is_not_nudged(district: District) -> None:
    await district.report("04136-01", "04136-02")

    await district.move("07:00")
    await district.move("07:30")
    await district.move("08:00")

    addressed = {one.to for one in await district.said()}
    assert not addressed & {"head-04136-01", "member-04136-01", "head-04136-02"}
    assert "head-04136-03" in addressed


async def test_a_commune_where_all_have_reported_drops_its_nudges(district: District) -> None:
    await district.report(*VILLAGES[MUNG])

    for wall in ("07:00", "07:30", "08:00"):
        await district.move(wall)

    assert {outcome for (_job, unit, _at), outcome in (await district.runs()).items() if unit == MUNG} == {"dropped"}
    assert {one.to for one in await district.said()} <= {"head-04140-01", "head-04140-02"}


async def test_yesterdays_report_does_not_spare_todays_nudge(district: District) -> None:
    await district.report(*VILLAGES[MUNG], day=clock_shows("06:00").date() - timedelta(days=1))

    await district.move("07:00")

    assert "head-04136-01" in {one.to for one in await district.said()}


async def test_filing_takes_back_a_nudge_that_is_not_sent_yet(district: District) -> None:
    await district.move("07:00")

    await district.report("04136-01")

    assert {one.to for one in await district.said("cancelled")} == {"head-04136-01", "member-04136-01"}


async def test_who_blocked_the_bot_gets_nothing_queued(district: District) -> None:
    await district.block("head-04136-01")
    await district.block("officer")

    await district.move("08:00")

    assert not {one.to for one in await district.said()} & {"head-04136-01", "officer"}


async def test_the_head_of_two_villages_is_asked_for_each_and_a_head_who_is_also_member_once(district: District) -> None:
    await district.add(("both", Role.HEAD, "04136-02"))
    await district.grant("both", RoleAt(Role.MEMBER, "04136-02"), RoleAt(Role.HEAD, "04136-03"))

    await district.move("07:00")

    texts = [one.text for one in await district.said() if one.to == "both"]
    assert ["Bản Hai" in text for text in texts] == [True, False]
    assert "Bản Ba" in texts[1]


async def test_at_eight_the_teams_and_the_communes_officers_hear_who_is_missing(district: District) -> None:
    await district.report("04136-01")

    await district.move("08:00")

    said = {one.to: one for one in await district.said()}
    assert said["head-04136-02"].text == "Đã quá 08:00, Bản Hai chưa có báo cáo. Mong anh/chị gửi giúp."
    assert said["officer"].text == "Đã quá 08:00, Xã Chiềng Mung còn 2/3 bản chưa báo cáo: Bản Hai, Bản Ba."
    assert said["officer"].buttons == (f"do:calls:{MUNG}", f"do:missing:{MUNG}:{DAY}", "do:menu")
    assert said["officer"].drop_after == clock_shows("10:00")
    assert not said.keys() & {"chair", "secretary", "district-officer"}


async def test_where_every_silent_village_is_rung_up_nobody_is_reminded_and_the_officer_gets_the_list(
    district: District,
) -> None:
    await district.report("04136-01")
    async with district.db.write() as tx:
        for code in ("04136-02", "04136-03"):
            await ways.save(tx, district.keys, Reporting(code, Way.PHONE), None, district.clock())

    await district.move("07:00")
    await district.move("07:30")

    assert (await district.runs())["nudge_first", MUNG, clock_shows("07:00")] == "dropped"
    said = [one for one in await district.said() if not one.to.startswith("head-04140")]
    assert [(one.to, one.buttons) for one in said] == [("officer", (f"do:calls:{MUNG}", "do:menu"))]
    assert "2 nơi báo qua điện thoại hoặc giấy chưa có báo cáo (08:00): Bản Hai, Bản Ba." in said[0].text
    assert said[0].drop_after == clock_shows("08:00")


async def test_a_village_that_sent_a_picture_is_not_nudged_and_the_officer_is_told_so(district: District) -> None:
    await district.send_picture("head-04136-01", "04136-01")

    await district.move("07:00")
    await district.move("08:00")

    said = await district.said()
    assert not {one.to for one in said} & {"head-04136-01", "member-04136-01"}
    [told] = [one.text for one in said if one.to == "officer"]
    assert "còn 3/3 bản chưa báo cáo: Bản Một (đã gửi ảnh, chờ xã nhập), Bản Hai, Bản Ba." in told


async def test_a_commune_whose_silent_villages_all_sent_pictures_drops_its_nudges_and_its_officer_hears_of_them(
    district: District,
) -> None:
    await district.report("04136-02", "04136-03")
    await district.send_picture("head-04136-01", "04136-01")

    for wall in ("07:00", "07:30", "08:00"):
        await district.move(wall)

    runs = {job: outcome for (job, unit, _at), outcome in (await district.runs()).items() if unit == MUNG}
    nudges = {job: outcome for job, outcome in runs.items() if job in ("nudge_first", "nudge_second", "overdue")}
    assert nudges == {"nudge_first": "dropped", "nudge_second": "dropped", "overdue": "ran"}
    assert [one.to for one in await district.said() if one.to.endswith("04136-01")] == []


async def test_who_has_not_agreed_to_the_notice_in_force_is_sent_nothing(district: District) -> None:
    await district.add(("former", Role.MEMBER, "04136-01"), notice="2019-1")

    for wall in ("07:00", "07:30", "08:00"):
        await district.move(wall)

    assert "former" not in {one.to for one in await district.said()}


async def test_no_push_holds_a_persons_name_or_number_and_each_leads_on(district: District) -> None:
    for wall in ("07:00", "07:30", "08:00", "09:45", "10:00", "17:00"):
        await district.move(wall)
    said = await district.said()

    assert {one.to for one in said} >= {"officer", "chair", "district-officer"}
    assert all("do:menu" in one.buttons for one in said)

    assert not [one.text for one in said if "Người Giả Định" in one.text or "90000" in one.text]


def test_a_begun_minute_counts() -> None:
    due = clock_shows("08:00")

    assert [minutes_left(due - timedelta(seconds=s), due) for s in (3600, 3599, 61, 60, 1)] == [60, 60, 2, 1, 1]
