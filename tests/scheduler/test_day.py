"""The daily chain of one commune and its district, hour by hour."""

from __future__ import annotations

from datetime import timedelta

from tests.scheduler.conftest import BAN, DAY, DISTRICT, MUNG, VILLAGES, District, clock_shows

TEAMS = {"04136-01": {"head-04136-01", "member-04136-01"}, "04136-02": {"head-04136-02"}, "04136-03": {"head-04136-03"}}


async def test_a_morning_and_an_evening_of_one_commune(district: District) -> None:
    await district.report(*VILLAGES[BAN])

    await district.move("06:59")
    assert await district.hear() == []

    await district.move("07:00")
    assert {one.to for one in await district.hear()} == set().union(*TEAMS.values())

    await district.report("04136-01", filed=clock_shows("07:10"))
    await district.move("07:30")
    nudged = await district.hear()
    assert {one.to for one in nudged} == TEAMS["04136-02"] | TEAMS["04136-03"]
    assert all("còn 30 phút" in one.text or "tin mới ở bên dưới" in one.text for one in nudged)

    await district.report("04136-02", filed=clock_shows("07:45"))
    await district.move("08:00")
    assert {one.to for one in await district.hear()} == {"head-04136-03", "officer"}

    await district.move("09:15")
    forecasts = {one.to: one.text for one in await district.hear()}
    assert forecasts.keys() == {"officer", "chair", "secretary", "district-officer", "district-chair"}
    assert "Đã báo cáo: 2/3 bản." in forecasts["chair"]
    assert "Chưa bắt đầu: Bản Ba." in forecasts["chair"]
    await district.move("09:44")
    assert await district.hear() == []

    ran = await district.move("09:45")
    digests = {one.to: one for one in await district.hear()}
    assert [(one.unit, one.outcome) for one in ran] == [(MUNG, "ran"), (BAN, "ran"), (DISTRICT, "ran")]
    assert digests.keys() == {"officer", "chair", "secretary", "district-officer", "district-chair"}
    assert "2/3 bản đã báo cáo; chưa báo cáo: Bản Ba" in digests["chair"].text
    assert "Xã Chiềng Mung: 2/3" in digests["district-officer"].text
    assert "Xã Chiềng Mung: 2/3" in digests["district-chair"].text
    assert "gửi muộn" not in digests["chair"].text
    assert all(one.file is not None and one.file.endswith(".xlsx") for one in digests.values())

    await district.report("04136-03", filed=clock_shows("10:00"))
    ran = await district.move("10:00")
    lists = {one.to: one.text for one in await district.hear()}
    assert [(one.job, one.unit) for one in ran] == [("late_list", DISTRICT)]
    assert lists.keys() == {"district-officer", "district-chair"}
    assert "Xã Chiềng Mung: thiếu 1/3: Bản Ba" in lists["district-officer"]
    assert "Chiềng Ban" not in lists["district-officer"]

    await district.move("17:00")
    evenings = {one.to: one.text for one in await district.hear()}
    assert evenings.keys() == {"officer", "chair", "secretary"}
    assert "Bản Ba" in evenings["officer"]

    assert await district.move("23:59") == []


async def test_the_same_tick_again_does_nothing(district: District) -> None:
    await district.move("09:45")
    heard = await district.said()

    assert await district.move("09:45") == []
    assert await district.move("09:45") == []

    assert await district.said() == heard


async def test_a_clock_that_stands_lets_nothing_come_due(district: District) -> None:
    runner = district.runner()

    assert [await runner.run_due() for _ in range(3)] == [[], [], []]
    assert await district.said() == []


async def test_a_district_without_officers_is_left_out_and_its_communes_are_not(district: District) -> None:
    await district.revoke(DISTRICT)

    digests = await district.move("09:45")
    late_lists = await district.move("10:00")

    assert [one.unit for one in digests if one.job == "digest"] == [MUNG, BAN]
    assert late_lists == []


async def test_each_day_has_its_own_chain(district: District) -> None:
    await district.report(*VILLAGES[MUNG], *VILLAGES[BAN])
    await district.move("23:00")
    await district.hear()

    await district.move("07:00", DAY + timedelta(days=1))

    assert "head-04136-01" in {one.to for one in await district.said()}


async def test_the_instants_that_are_due_are_known_before_the_clock_moves_there(district: District) -> None:
    runner = district.runner()

    instants = await runner.instants(clock_shows("09:45"))

    assert instants == [clock_shows(wall) for wall in ("07:00", "07:30", "08:00", "09:15", "09:45")]
