"""What the schedule does about quick questions: each thing once, in time, and not to who need not hear it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.clock import at, vietnam_day
from bot.domain.access import Role
from bot.domain.lateness import LateReason
from bot.domain.questions import Answer, AnswerKind, Asked, Question, State
from bot.domain.ways import Way
from bot.storage import deputies, lateness, people, questions, ways
from bot.storage.deputies import Deputy
from bot.storage.ways import Reporting
from scheduler.jobs import OCCASIONS
from tests.scheduler.conftest import DAY, MUNG, District, Said, clock_shows

JOB = OCCASIONS[0].name
ONE, TWO, THREE = "04136-01", "04136-02", "04136-03"


@pytest.fixture
def url(sqlite_url: str) -> str:
    """What is stored is proved on both databases elsewhere."""
    return sqlite_url


async def asked(district: District, due: str, **changes: object) -> Question:
    """The commune's officer asked its villages for a number, once."""
    now = district.clock()
    one = Question("Q1", MUNG, "officer", AnswerKind.NUMBER, "Mấy hộ?", (), None, State.DRAFT, vietnam_day(now), now)
    one = replace(one, **changes)  # type: ignore[arg-type]
    async with district.db.write() as tx:
        await questions.keep(tx, district.keys, one)
        first = None if one.daily else Asked(one.id, vietnam_day(now), now, at(vietnam_day(now), time.fromisoformat(due)))
        assert await questions.ask(tx, one, first, now)
    return replace(one, state=State.OPEN)


async def answer(district: District, unit: str, value: int = 1) -> None:
    async with district.db.write() as tx:
        new = Answer("Q1", vietnam_day(district.clock()), unit, 0, value, f"head-{unit}", "app", district.clock())
        await questions.answer(tx, district.keys, new)


def about(said: Sequence[Said]) -> list[tuple[str, str]]:
    """Who heard of the question, and the first words."""
    return sorted((one.to, one.text.split(":")[0]) for one in said if "Mấy hộ?" in one.text)


async def test_who_is_silent_is_reminded_once_and_who_asked_hears_who_is_missing_once(district: District) -> None:
    await district.move("10:30")
    await asked(district, "13:00")
    await district.hear()
    await answer(district, ONE)

    await district.move("12:30")
    nudged = await district.hear()
    assert {one.to for one in nudged if "Mấy hộ?" in one.text} == {"head-04136-02", "head-04136-03"}
    await answer(district, TWO, 4)
    await district.move("13:00")
    await district.move("13:00")

    told = [one for one in await district.hear() if "Đã đến hạn" in one.text]
    assert [one.to for one in told] == ["officer"]
    assert told[0].text.endswith("Đã trả lời 2/3. Chưa trả lời: Bản Ba.\nTổng: 5")
    ran = {due: outcome for (job, _, due), outcome in (await district.runs()).items() if job == JOB}
    assert ran == {clock_shows("12:30"): "ran", clock_shows("13:00"): "ran"}


async def test_nobody_is_reminded_who_gave_a_reason_or_is_rung_up(district: District) -> None:
    await district.move("10:30")
    await asked(district, "13:00")
    async with district.db.write() as tx:
        await lateness.note(tx, ONE, DAY, LateReason.NO_SIGNAL, "head-04136-01", district.clock())
        await ways.save(tx, district.keys, Reporting(TWO, Way.PHONE), None, district.clock())
    await district.hear()

    await district.move("12:30")

    assert {one.to for one in await district.hear() if "Mấy hộ?" in one.text} == {"head-04136-03"}


async def test_a_daily_question_is_asked_every_morning_once_whatever_the_clock_does(district: District) -> None:
    await asked(district, "", ask_wall=time(7), due_wall=time(8))

    await district.move("07:00")
    first = about(await district.hear())
    district.clock.move(clock_shows("06:30"))
    await district.runner().run_due()
    await district.move("07:00")

    assert {to for to, _ in first} == {"officer", "head-04136-01", "head-04136-02", "head-04136-03", "member-04136-01"}
    assert about(await district.hear()) == []
    await district.move("07:00", DAY + timedelta(days=1))
    again = [one for one in await district.hear() if one.text.startswith("Xã Chiềng Mung hỏi: Mấy hộ?")]
    assert len(again) == 4


async def test_after_an_outage_nobody_is_asked_what_is_over_and_who_is_missing_is_still_told(district: District) -> None:
    await asked(district, "", ask_wall=time(7), due_wall=time(8))

    await district.move("09:00")

    said = [one for one in await district.hear() if "Mấy hộ?" in one.text and "HỎI HẰNG NGÀY" not in one.text]
    assert [one.to for one in said] == ["officer"]
    assert "Đã trả lời 0/3" in said[0].text


async def test_a_deadline_that_is_set_after_the_clock_went_back_is_kept(district: District) -> None:
    await district.move("10:00")
    district.clock.move(clock_shows("09:10"))
    await asked(district, "09:30")
    await district.hear()

    for wall in ("09:20", "09:30", "09:31", "10:01", "11:00"):
        await district.move(wall)

    told = [one for one in await district.hear() if "Đã đến hạn" in one.text]
    assert [one.to for one in told] == ["officer"]
    assert ("late_list", "125", clock_shows("10:00")) in await district.runs()


async def test_when_who_asked_no_longer_works_there_the_others_hear(district: District) -> None:
    await district.move("10:30")
    await asked(district, "13:00")
    async with district.db.write() as tx:
        assert await people.revoke_role(tx, "officer", Role.COMMUNE_OFFICER, MUNG, district.clock())
    await district.hear()

    await district.move("13:00")

    assert [one.to for one in await district.hear() if "Đã đến hạn" in one.text] == ["chair"]


async def test_who_is_away_is_asked_and_told_through_their_deputy(district: District) -> None:
    async with district.db.write() as tx:
        for away, deputy, unit in (("head-04136-01", "member-04136-01", ONE), ("officer", "chair", MUNG)):
            await deputies.add(tx, Deputy(f"D-{away}", away, deputy, unit, district.clock(), DAY, None))
    await asked(district, "", ask_wall=time(7), due_wall=time(8))

    await district.move("07:00")
    await district.move("08:00")

    heard = {one.to for one in await district.hear() if "Mấy hộ?" in one.text}
    assert heard == {"chair", "member-04136-01", "head-04136-02", "head-04136-03"}


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN])
async def test_of_what_was_ended_nobody_hears_any_more(district: District, state: State) -> None:
    await district.move("10:30")
    one = await asked(district, "13:00")
    async with district.db.write() as tx:
        await questions.end(tx, one.id, state, "chair", district.clock())
    await district.hear()

    await district.move("13:00")

    assert about(await district.hear()) == []
