"""Where a leader's messages come from: arrivals first, in their order, deleted only after commit."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.channels.base import Batch
from bot.channels.intake import Hook, Intake
from bot.channels.telegram_updates import to_inbound
from bot.errors import Rejected, Unreachable
from bot.storage import arrivals
from bot.storage.arrivals import Posted
from bot.storage.crypto import Keyring
from bot.storage.schema import arrival

LAN = {"id": 501, "type": "private"}


def update(number, text="x", date=1631145600):
    message = {"message_id": number, "date": date, "chat": LAN, "from": {"id": 501, "first_name": "Lan"}, "text": text}
    return {"update_id": number, "message": message}


class Platform:
    """Says what it was told, hands ``polled`` out once, and has so many updates left to post as ``backlog`` holds."""

    name, bot, once, secret_header = "telegram", "777", True, "X-Secret"

    def __init__(self):
        self.told = []
        self.polled = []
        self.left = []
        self.refuses = False

    def read_posted(self, update, arrived_at):
        return to_inbound(update, self.bot, arrived_at)

    async def set_webhook(self, url, secret):
        self.told.append(f"post to {url} with {secret}")

    async def delete_webhook(self):
        self.told.append("wait to be asked")
        if self.refuses:
            raise Rejected("there is none")

    async def backlog(self):
        left = self.left.pop(0) if self.left else 0
        if left is None:
            raise Unreachable("getWebhookInfo")
        return left

    async def fetch(self, wait):
        return Batch((self.polled.pop(0),) if self.polled else ())

    async def confirm(self, batch):
        self.told.append(f"confirmed {[message.id for message in batch.messages]}")

    async def flush_confirm(self):
        self.told.append("flushed")


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def hook():
    return Hook("https://bot.example/telegram", "bi-mat")


@pytest.fixture
def posted(platform, db, keys, hook):
    return Intake(platform, db, keys, hook, look_every=3600)


@pytest.fixture
def looking(platform, db, keys, hook):
    """One that looks often, and does not wait long for the platform."""
    return Intake(platform, db, keys, hook, look_every=0.01, catch_up=0.05)


@pytest.fixture
def polled(platform, db, keys):
    return Intake(platform, db, keys)


@pytest.fixture
def store(db, keys, clock):
    async def store(*contents, bot="777", by=keys):
        bodies = [content if isinstance(content, bytes) else json.dumps(content).encode() for content in contents]
        async with db.write() as tx:
            await arrivals.keep(tx, by, [Posted("telegram", bot, body, clock()) for body in bodies])

    return store


@pytest.fixture
def left(db):
    async def left():
        async with db.read() as tx:
            return await tx.scalar(sa.select(sa.func.count()).select_from(arrival))

    return left


def ids(batch):
    return [message.id for message in batch.messages]


async def test_arrivals_come_in_their_order_and_again_until_they_are_confirmed(posted, store, left):
    await store(update(7), update(3), update(5))

    assert ids(await posted.fetch(0)) == ["7", "3", "5"]
    batch = await posted.fetch(0)
    assert ids(batch) == ["7", "3", "5"]
    await store(update(9))
    await posted.confirm(batch)

    assert await left() == 1
    assert ids(await posted.fetch(0)) == ["9"]


async def test_a_message_keeps_its_own_instant_and_a_tap_has_that_of_its_arrival(posted, store, clock):
    tap = {"id": "1", "from": LAN, "chat_instance": "1", "data": "a", "message": {"message_id": 5, "date": 1, "chat": LAN}}
    await store(update(1, date=1631145600), {"update_id": 2, "callback_query": tap})
    arrived = clock()
    clock.move(arrived + timedelta(hours=3))

    said, tapped = (await posted.fetch(0)).messages

    assert said.sent_at.timestamp() == 1631145600
    assert tapped.sent_at == arrived


async def test_another_bots_arrivals_are_not_ours(posted, store):
    await store(update(1), bot="778")

    assert await posted.fetch(0) == Batch(())


@pytest.mark.parametrize("body", [b"", b"Lan", b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b"null", b'{"update_id": "x"}'])
async def test_what_cannot_be_read_is_handed_on_to_be_set_aside_and_stops_nobody(posted, store, left, caplog, body):
    caplog.set_level(logging.DEBUG)
    await store(body, update(1))

    batch = await posted.fetch(0)
    assert ids(batch) == ["1"]
    assert batch.unreadable == (body.decode("utf-8", "replace"),)
    assert posted.set_aside == 0
    await posted.confirm(batch)

    assert posted.set_aside == 1
    assert await left() == 0
    assert "Lan" not in caplog.text


async def test_what_another_key_sealed_is_set_aside_as_it_is(posted, store, left):
    await store(update(1), by=Keyring.generate())
    await store(update(2))

    batch = await posted.fetch(0)

    assert ids(batch) == ["2"]
    assert [set(kept) for kept in batch.unreadable] == [{"sealed"}]


async def test_an_update_that_concerns_nobody_is_handled_by_forgetting_it(posted, store, left):
    await store({"update_id": 1, "poll": {}})

    batch = await posted.fetch(0)
    assert batch == Batch(())
    await posted.confirm(batch)

    assert await left() == 0


async def test_what_this_process_accepts_ends_the_wait_at_once(posted, store, hook):
    waiting = asyncio.create_task(posted.fetch(3600))
    await asyncio.sleep(0)

    await store(update(1))
    hook.posted.set()

    assert ids(await asyncio.wait_for(waiting, 10)) == ["1"]


async def test_what_another_process_accepts_is_found_soon(looking, store):
    waiting = asyncio.create_task(looking.fetch(3600))
    await asyncio.sleep(0)

    await store(update(1))

    assert ids(await asyncio.wait_for(waiting, 10)) == ["1"]


async def test_without_news_the_wait_ends_and_nothing_is_asked_of_the_platform(posted, platform):
    platform.polled.append(to_inbound(update(1), "777", None))

    assert await posted.fetch(0.01) == Batch(())
    await posted.confirm(Batch(()))
    await posted.flush_confirm()

    assert platform.told == []


async def test_each_leader_says_where_to_post_and_first_waits_for_what_is_still_to_come(platform, db, keys, hook, store):
    intake = Intake(platform, db, keys, hook, look_every=0.01)
    platform.left = [2, 2, None, 1]

    await intake.listen()
    assert platform.told == ["post to https://bot.example/telegram with bi-mat"]

    assert await asyncio.wait_for(intake.fetch(0), 10) == Batch(())
    assert platform.left == []


async def test_what_the_platform_does_not_post_is_waited_for_only_so_long(looking, platform, caplog):
    platform.left = [1] * 1000

    await looking.listen()
    assert await asyncio.wait_for(looking.fetch(0), 10) == Batch(())

    assert "has not posted" in caplog.text
    asked = len(platform.left)
    await looking.fetch(0)
    assert len(platform.left) == asked


async def test_what_arrives_while_a_leader_waits_for_the_rest_is_handled_meanwhile(platform, db, keys, hook, store):
    intake = Intake(platform, db, keys, hook, look_every=0.01)
    platform.left = [1] * 1000

    await intake.listen()
    await store(update(1))

    assert ids(await asyncio.wait_for(intake.fetch(0), 10)) == ["1"]


async def test_polling_handles_first_what_a_webhook_left_behind(polled, platform, store, left):
    await store(update(1))
    platform.polled.append(to_inbound(update(2), "777", None))

    await polled.listen()
    batch = await polled.fetch(50)
    await polled.confirm(batch)
    assert ids(batch) == ["1"]
    assert await left() == 0
    batch = await polled.fetch(50)
    await polled.confirm(batch)
    await polled.flush_confirm()

    assert platform.told == ["wait to be asked", "confirmed ['2']", "flushed"]


async def test_polling_begins_even_if_the_platform_knows_no_webhook_to_delete(polled, platform, caplog):
    platform.refuses = True

    await polled.listen()

    assert "does not delete the webhook" in caplog.text


def test_a_webhooks_messages_are_never_handed_out_once_only(posted, polled):
    assert polled.once
    assert not posted.once


def test_the_secret_of_a_webhook_does_not_show(hook):
    assert "bi-mat" not in repr(hook)
