"""After a stop: what waited is taken first, what was missed is said once and as late, open questions come again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
import sqlalchemy as sa

from bot.demo.people import demo_people, demo_units
from bot.domain.access import Role
from bot.storage import settings
from bot.storage.schema import job_run, lease, report
from bot.texts import catalogue
from scheduler.runner import UNTIL

from .conftest import House
from .installation import until
from .reporter import VOICE

COMMUNE = "04111"
VILLAGES = [unit.code for unit in demo_units() if unit.parent == COMMUNE]
HEADS = [person.chat_id for person in demo_people() if person.role is Role.HEAD and person.unit in VILLAGES]
CHAIR = next(person.chat_id for person in demo_people() if person.id == f"{COMMUNE}-commune_chair")
DISTRICT = next(person.chat_id for person in demo_people() if person.id == "125-district_officer-1")
SEND = VOICE.word("button.send")
LATE_BY = str(catalogue("vi")["reports.digest.late_minutes"]).format(n=20)
LATE_LIST = str(catalogue("vi")["reports.late.title"]).split("{")[0]
AFTER_OUTAGE = str(catalogue("vi")["draft.after_outage"]).split("{")[0]
MEMBER = "04123-01-member"
LAN = 704123012


def wall(time: str) -> datetime:
    return datetime.fromisoformat(f"2021-09-09T{time}:00+07:00")


async def until_everything_ran(house: House) -> None:
    async def listed() -> bool:
        return await house.installation.count(job_run.c.job == "late_list") > 0 and await house.installation.all_sent()

    await until(listed, what="the late list")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_reports_that_waited_at_the_platform_count_before_anyone_is_called_late(
    house: House, mode: Literal["polling", "webhook"]
) -> None:
    house.mode = mode
    house.clock.move(wall("07:50"))

    async def asked() -> bool:
        async with house.installation.db.read() as tx:
            begun = await settings.get(tx, UNTIL)
        return begun is not None and all([await house.platform.heard(chat) for chat in HEADS])

    async with house.at_work():
        for chat in HEADS:
            await house.platform.says(chat, "/khong", house.clock())
        await until(asked, what="the card of every village")
    for chat in HEADS:
        await house.platform.says(chat, SEND, wall("07:55"))
    house.clock.move(wall("10:05"))

    for _ in range(2):
        async with house.at_work() as service:
            await service.ready.wait()
            await until_everything_ran(house)
    digests = [text for text in await house.platform.heard(CHAIR) if LATE_BY in text]
    late_lists = [text for text in await house.platform.heard(DISTRICT) if LATE_LIST in text]

    async with house.installation.db.read() as tx:
        filed = (await tx.scalars(sa.select(report.c.filed_at).where(report.c.unit_code.in_(VILLAGES)))).all()
    assert list(filed) == [wall("07:55")] * len(HEADS)
    assert len(digests) == len(late_lists) == 1  # late, and says so, and once, though the bot started twice
    assert f"{len(HEADS)}/{len(HEADS)}" in digests[0]
    name = next(unit.name for unit in demo_units() if unit.code == COMMUNE)
    other = next(unit.name for unit in demo_units() if unit.code == "04123")
    assert other in late_lists[0]
    assert name not in late_lists[0]


async def led_until(house: House, ago: timedelta) -> None:
    async with house.installation.db.write() as tx:
        await tx.execute(sa.update(lease).values(until=datetime.now(UTC) - ago))


async def shown_again(house: House) -> int:
    return sum(AFTER_OUTAGE in text for text in await house.platform.heard(LAN))


async def test_after_an_outage_everyone_with_a_draft_gets_the_open_question_again_once(house: House) -> None:
    await house.draft(MEMBER, 1)
    counts = []

    for ago in (0, 100, 200, 200):
        await led_until(house, timedelta(seconds=ago))
        async with house.at_work() as service:
            await service.ready.wait()
            await until(house.installation.all_sent)
        counts.append(await shown_again(house))

    assert counts == [0, 0, 1, 1]


async def test_a_platform_out_of_reach_for_longer_than_taps_live_is_an_outage_too(house: House) -> None:
    await house.draft(MEMBER, 1)

    async def shown() -> int:
        return await shown_again(house)

    async def waited_long() -> bool:
        return sum(house.patience.asked) > 200

    async with house.at_work() as service:
        await service.ready.wait()
        await house.gateway.close()
        await until(waited_long)
        assert await shown_again(house) == 0
        await house.gateway.open()
        await until(shown, what="the open question")

    assert await shown_again(house) == 1
