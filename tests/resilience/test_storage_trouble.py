"""A full disk and a database that another program holds: nothing is confirmed, nobody is blamed, and it goes on afterwards."""

from __future__ import annotations

import asyncio
import logging
import sqlite3

import pytest

from bot.demo.people import demo_people
from bot.domain.access import TEAM
from bot.storage.schema import inbox, outbox

from .conftest import House
from .installation import until

CROWD = [person.chat_id for person in demo_people() if person.role in TEAM][:80]
LAN = CROWD[0]
LINE = "nothing can be stored, nothing is confirmed"
NO_LIMIT = 1_073_741_823


async def limit_pages(house: House, most: int) -> None:
    """As the disk would: the file cannot grow beyond so many pages, or beyond what it has."""
    async with house.installation.db.write() as tx:
        await tx.exec_driver_sql(f"PRAGMA max_page_count = {most}")


async def test_a_full_disk_confirms_nothing_and_blames_nobody_until_there_is_room(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def full() -> bool:
        return LINE in caplog.text and house.patience.asked[5:] != []

    async def answered() -> bool:
        return await house.installation.count(outbox.c.state == "sent") == len(CROWD)

    async with house.at_work() as service:
        await service.ready.wait()
        await limit_pages(house, 1)
        for chat in CROWD:
            await house.platform.says(chat, "/nguoive", house.clock())
        await until(full)
        stored = await house.installation.count(inbox.c.outcome == "done")
        assert await house.platform.unconfirmed() == len(CROWD) - stored > 0
        assert await house.installation.count(inbox.c.outcome != "done") == 0

        await limit_pages(house, NO_LIMIT)
        await until(answered, what="an answer for everybody")

    assert [len(await house.platform.heard(chat)) for chat in CROWD] == [1] * len(CROWD)
    assert await house.platform.unconfirmed() == 0
    assert await house.installation.count(inbox.c.outcome == "done") == len(CROWD)
    assert await house.installation.count(inbox.c.outcome != "done") == 0
    assert sum(LINE in record.getMessage() for record in caplog.records if record.levelno == logging.WARNING) == 1


async def test_a_post_that_cannot_be_stored_is_sent_again_by_the_platform(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.mode, few = "webhook", CROWD[:5]
    other = sqlite3.connect(str(house.installation.db.url.database), isolation_level=None, check_same_thread=False)

    async def refused() -> bool:
        return "an update is not stored" in caplog.text

    async with house.at_work() as service:
        await service.ready.wait()
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        for chat in few:
            await house.platform.says(chat, "/nguoive", house.clock())
        await until(refused)
        assert await house.platform.unconfirmed() == len(few)

        other.execute("ROLLBACK")
        for chat in few:
            await house.platform.latest(chat)
    other.close()

    assert [len(await house.platform.heard(chat)) for chat in few] == [1] * len(few)
    assert await house.platform.unconfirmed() == 0
    assert await house.installation.count(inbox.c.outcome == "done") == len(few)


async def test_a_database_that_another_program_holds_is_waited_for_at_the_start_and_at_work(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    other = sqlite3.connect(str(house.installation.db.url.database), isolation_level=None, check_same_thread=False)

    async def not_led() -> bool:
        return "the lead cannot be asked for" in caplog.text

    async def not_stored() -> bool:
        return LINE in caplog.text and house.patience.asked[2:] != []

    other.execute("BEGIN IMMEDIATE")
    async with house.at_work() as service:
        await until(not_led)
        other.execute("ROLLBACK")
        await service.ready.wait()
        # In a thread: the bot, in the middle of a write of its own, needs this loop to finish it.
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        await house.platform.says(LAN, "/nguoive", house.clock())
        await until(not_stored)
        assert await house.platform.unconfirmed() == 1
        assert await house.platform.heard(LAN) == []

        other.execute("ROLLBACK")
        await house.platform.latest(LAN)
    other.close()

    assert len(await house.platform.heard(LAN)) == 1
    assert await house.platform.unconfirmed() == 0
    assert await house.installation.count(inbox.c.outcome != "done") == 0
