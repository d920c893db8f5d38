"""What a chat sees after crashes, lost leads and a database in trouble."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bot.errors import Conflict, Throttled, TokenRefused, TransientStorage, Unreachable
from bot.messages import Outgoing
from bot.storage import jobs, outbox
from bot.storage.outbox import Lane, Post


def post(text: str, chat: str = "an", lane: Lane = Lane.REPLY, **more: Any) -> Post:
    return Post("telegram", "777", chat, text, lane=lane, **more)


async def test_after_a_crash_between_sending_and_marking_that_one_message_repeats_and_no_other(office) -> None:
    await office.queue(*(post(f"{chat}.{n}", chat) for chat in "abc" for n in range(3)))
    office.db.writes_that_fail = 10**6

    async with office.open():
        await office.until(lambda: len(office.platform.seen) == 3)
    office.db.writes_that_fail = 0
    await office.deliver()

    assert all(office.platform.texts(c) == [f"{c}.0", f"{c}.0", f"{c}.1", f"{c}.2"] for c in "abc")


async def test_a_database_in_trouble_delays_the_next_message_and_repeats_none(office) -> None:
    await office.queue(post("one"), post("two"))
    office.db.writes_that_fail = 4

    await office.deliver()

    assert office.platform.texts() == ["one", "two"]
    assert office.platform.times_of("two")[0] >= 1000 + 1 + 2 + 4 + 8


async def test_a_sender_that_lost_the_lead_marks_nothing_and_stops(office, caplog: pytest.LogCaptureFixture) -> None:
    now, length = office.clock(), timedelta(seconds=30)
    async with office.db.write() as tx:
        office.lease = await jobs.acquire(tx, "telegram 777", "one", now, length)
    gate = asyncio.Event()
    office.platform.rules.append(lambda _message: gate.wait())
    await office.queue(post("one"), post("two"))

    async with office.open() as running:
        await office.until(lambda: bool(office.platform.tried))
        async with office.db.write() as tx:
            other = await jobs.acquire(tx, "telegram 777", "other", now + 2 * length, length)
        gate.set()
        await running

    assert other is not None
    assert office.platform.texts() == ["one"]
    assert await office.states() == [outbox.PENDING, outbox.PENDING]
    office.lease = other
    await office.deliver()
    assert office.platform.texts() == ["one", "one", "two"]


async def test_stopping_lets_what_is_under_way_end_and_begins_nothing_more(office) -> None:
    gate = asyncio.Event()
    office.platform.rules.append(lambda _message: gate.wait())
    await office.queue(post("one", "a"), post("two", "a"), post("three", "b"))

    async with office.open() as running:
        await office.until(lambda: len(office.platform.tried) == 2)
        office.sender.stop()
        gate.set()
        await running

    assert sorted(office.platform.texts()) == ["one", "three"]
    assert await office.states() == [outbox.SENT, outbox.PENDING, outbox.SENT]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_fails_each_chat_sees_everything_in_order_and_repeats_only_after_a_crash(office, seed: int) -> None:
    chance = Random(seed)
    queued: dict[tuple[str, Lane], list[str]] = defaultdict(list)

    async def trouble(_message: Outgoing) -> None:
        for _ in range(chance.randrange(5)):
            await asyncio.sleep(0)
        if chance.random() < 0.15:
            raise chance.choice([Throttled(3), Unreachable(), TokenRefused(), Conflict(), TransientStorage()])

    office.platform.rules.append(trouble)
    crashes = 0
    for _ in range(12):
        posts = [
            post(f"{seed}-{chance.random()}", chance.choice("abcdef"), chance.choice(list(Lane)))
            for _ in range(chance.randrange(12))
        ]
        for one in posts:
            queued[one.address, one.lane].append(one.text)
        office.db.writes_that_fail = 0
        await office.queue(*posts)
        office.db.writes_that_fail = chance.choice([0, 0, 2])
        office.new_sender(chance.choice([None, 5, 30]))
        async with office.open():
            if chance.random() < 0.5:
                goal, late = len(office.platform.tried) + chance.randrange(6), office.time.now + 90
                await office.until(lambda g=goal, late=late: len(office.platform.tried) >= g or office.time.now > late)
                crashes += 1
            else:
                office.sender.wake()
                assert await office.sender.idle(100_000)
    office.db.writes_that_fail = 0
    await office.deliver()

    assert office.platform.most_at_once == 1
    assert set(await office.states()) <= {outbox.SENT}
    for (chat, lane), texts in queued.items():
        assert list(dict.fromkeys(t for t in office.platform.texts(chat) if t in texts)) == texts, (chat, lane)
    for chat in "abcdef":
        assert len(office.platform.texts(chat)) - len(set(office.platform.texts(chat))) <= crashes
