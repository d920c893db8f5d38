"""What happens after the program stood still, and when something fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deadlines import Timetable
from bot.errors import LostLease
from bot.storage import jobs
from bot.storage.database import Database
from scheduler.jobs import timetable_of
from scheduler.round import Decisions, Round
from tests.scheduler.conftest import BAN, DAY, DISTRICT, LEASE, MUNG, VILLAGES, District, clock_shows


async def test_an_outage_across_the_digest_brings_one_late_digest(district: District) -> None:
    await district.move("08:00")
    await district.hear()

    ran = await district.move("10:50")
    again = await district.move("10:51")

    assert again == []
    assert {(one.job, one.unit, one.outcome) for one in ran} == {
        ("forecast", MUNG, "dropped"),
        ("forecast", BAN, "dropped"),
        ("forecast", DISTRICT, "dropped"),
        ("digest", MUNG, "late"),
        ("digest", BAN, "late"),
        ("digest", DISTRICT, "late"),
        ("late_list", DISTRICT, "late"),
    }
    to_chair = [one.text for one in await district.said() if one.to == "chair"]
    assert len(to_chair) == 1
    assert "gửi muộn 1 giờ 5 phút" in to_chair[0]
    digest, late_list = (one.text for one in await district.said() if one.to == "district-officer")
    assert "gửi muộn 1 giờ" in digest
    assert "gửi muộn 50 phút (lẽ ra lúc 10:00 09/9/2021)" in late_list


async def test_a_late_list_that_comes_late_does_not_accuse_who_reported_meanwhile(district: District) -> None:
    await district.report(*VILLAGES[BAN], filed=clock_shows("10:40"))

    await district.move("10:50")

    late_list = [one.text for one in await district.said() if one.to == "district-officer"][-1]
    assert "Chiềng Mung" in late_list
    assert "Chiềng Ban" not in late_list


async def test_nudges_missed_in_an_outage_are_dropped_but_the_last_useful_one(district: District) -> None:
    ran = await district.move("07:40")

    outcomes = {(one.job, one.outcome) for one in ran if one.job.startswith("nudge")}
    assert outcomes == {("nudge_first", "dropped"), ("nudge_second", "late")}
    texts = [one.text for one in await district.said() if one.to == "head-04136-01"]
    assert texts == ["Anh/Chị ơi, còn 20 phút nữa đến giờ báo cáo (08:00). Bản Một chưa có báo cáo hôm nay."]


async def test_after_five_days_the_digests_of_three_days_are_sent_and_the_rest_is_dropped(district: District) -> None:
    ran = await district.move("06:00", DAY + timedelta(days=5))

    digests = {one.due_at: one.outcome for one in ran if one.job == "digest" and one.unit == MUNG}
    assert digests == {clock_shows("09:45", DAY + timedelta(days=n)): "dropped" if n < 2 else "late" for n in range(5)}
    assert {one.outcome for one in ran if one.job in ("nudge_first", "nudge_second", "overdue")} == {"dropped"}
    assert [one.outcome for one in ran if one.job == "upkeep"] == ["dropped"] * 4 + ["late"]
    said = await district.said()
    assert not [one for one in said if one.to.startswith("head")]
    assert len([one for one in said if one.to == "chair" and one.text.startswith("TỔNG HỢP Xã")]) == 3
    assert await district.move("06:00", DAY + timedelta(days=5)) == []


async def test_three_runners_on_one_database_run_everything_once(
    district: District, url: str, open_db: Callable[..., Database]
) -> None:
    runners = [district.runner(open_db(url)) for _ in range(3)]
    district.clock.move(clock_shows("10:00"))

    rounds = await asyncio.gather(*(runner.run_due() for runner in runners))

    ran = [(one.job, one.unit, one.due_at) for ran in rounds for one in ran]
    assert len(ran) == len(set(ran)) == 2 + 2 + 2 + 2 + 2 + 2 + 3 + 3 + 1
    said = [(one.to, one.text) for one in await district.said()]
    assert len(said) == len(set(said))
    assert len([to for to, _text in said if to == "chair"]) == 1


async def test_without_the_lease_nothing_runs(district: District) -> None:
    district.lease = None

    assert await district.move("10:00") == []
    assert await district.runs() == {}


async def test_a_former_leader_commits_nothing(district: District) -> None:
    async with district.db.write() as tx:
        assert district.lease is not None
        await jobs.release(tx, district.lease, datetime(2021, 1, 2, tzinfo=UTC))
        assert await jobs.acquire(tx, LEASE, "other", datetime(2021, 1, 3, tzinfo=UTC), timedelta(days=1)) is not None

    with pytest.raises(LostLease):
        await district.move("10:00")

    assert await district.runs() == {}
    assert await district.said() == []


async def test_a_unit_that_fails_stops_no_other_and_is_tried_again(
    district: District, caplog: pytest.LogCaptureFixture
) -> None:
    broken = True
    chain = timetable_of(Timetable())
    digest = next(duty for duty in chain if duty.name == "digest")

    async def sometimes(round_: Round, units: Sequence[str]) -> Decisions:
        if broken and MUNG in units:
            raise ValueError("Người Giả Định officer, 0900 000 001")
        return await digest.work(round_, units)

    duties = [replace(duty, work=sometimes) if duty.name == "digest" else duty for duty in chain]
    runner = district.runner(duties=duties)
    district.clock.move(clock_shows("10:00"))

    with caplog.at_level(logging.INFO):
        first = await runner.run_due()
    district.clock.move(clock_shows("10:00"))
    broken = False
    second = await runner.run_due()

    assert {(one.job, one.unit) for one in first if one.job in ("digest", "late_list")} == {
        ("digest", BAN),
        ("digest", DISTRICT),
        ("late_list", DISTRICT),
    }
    assert [(one.job, one.unit, one.outcome) for one in second] == [("digest", MUNG, "late")]
    assert f"failed at {MUNG} and" in caplog.text
    assert "ValueError" in caplog.text
    assert "Giả Định" not in caplog.text
    assert "0900" not in caplog.text


class Bench:
    """A process's own time, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def pass_(self, **time: float) -> None:
        self.seconds += timedelta(**time).total_seconds()


async def test_a_clock_that_jumps_days_ahead_runs_nothing_until_it_is_mended(
    district: District, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench()
    runner = district.runner(monotonic=bench)
    district.clock.move(clock_shows("06:30"))
    await runner.tick()

    for _ in range(9):
        bench.pass_(minutes=10)
        district.clock.move(clock_shows("10:30", DAY + timedelta(days=2)))
        await runner.tick()
    assert await district.runs() == {}
    assert caplog.text.count("the clock jumped") == 2  # once an hour

    bench.pass_(minutes=10)
    district.clock.move(clock_shows("07:10"))
    await runner.tick()
    assert {due for _job, _unit, due in await district.runs()} == {clock_shows("07:00")}


async def test_an_outage_of_days_is_no_jump_whether_the_process_was_down_or_kept_waiting(district: District) -> None:
    bench = Bench()
    runner = district.runner(monotonic=bench)
    late = DAY + timedelta(days=3)

    district.clock.move(clock_shows("06:00", late))
    await runner.tick()  # the first of this process
    assert ("digest", MUNG, clock_shows("09:45")) in await district.runs()

    bench.pass_(days=3)
    district.clock.move(clock_shows("06:00", late + timedelta(days=3)))
    await runner.tick()
    assert ("digest", MUNG, clock_shows("09:45", late)) in await district.runs()


async def test_the_tick_runs_what_is_due_and_stops(district: District) -> None:
    runner = district.runner()
    district.clock.move(clock_shows("07:00"))

    runner.start(every=3600)
    await asyncio.wait_for(district.awake.wait(), 10)
    await runner.stop()

    assert {one.to for one in await district.said()} >= {"head-04136-01"}
