"""The sender against the local server with Telegram's limits on, in real time over HTTP: no haste of its own is refused."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.pacer import Pacer
from bot.channels.sender import Sender
from bot.channels.telegram import TelegramChannel
from bot.errors import Throttled
from bot.sandbox.limits import BOT, PRIVATE
from bot.sandbox.server import SandboxServer
from bot.storage import outbox
from bot.storage.outbox import Post

TOKEN = "1000000001:invented-for-tests"
RATE = 0.98 * BOT.per_second


class Noting:
    """The channel, noting when it sent and how often it was refused."""

    def __init__(self, channel):
        self._channel = channel
        self.bot = channel.bot
        self.sent = []
        self.refusals = 0

    async def send(self, message):
        self.sent.append((time.monotonic(), message.text))
        try:
            return await self._channel.send(message)
        except Throttled:
            self.sent.pop()
            self.refusals += 1
            raise


class Office:
    def __init__(self, db, keys, clock, channel):
        self.channel = channel
        self.skipped = 0.0
        monotonic = lambda: time.monotonic() + self.skipped  # noqa: E731
        self._db, self._keys, self._clock = db, keys, clock
        self.sender = Sender(db, keys, channel, clock, Pacer(RATE, monotonic), lambda: None, monotonic)

    async def send(self, *posts):
        """Queue these, (chat, text), and wait until they are delivered."""
        async with self._db.write() as tx:
            queued = [Post("telegram", self.channel.bot, str(chat), text) for chat, text in posts]
            await outbox.queue(tx, self._keys, queued, self._clock())
        assert await self.sender.idle(60)


@pytest.fixture
async def office(tmp_path, sqlite_url, open_db, keys, clock):
    server = SandboxServer(tmp_path / "sandbox", TOKEN, None, limits=True)
    await server.start("127.0.0.1", 0)
    channel = TelegramChannel(TOKEN, server.url, clock)
    await channel.connect()
    office = Office(open_db(sqlite_url), keys, clock, Noting(channel))
    running = asyncio.create_task(office.sender.run())
    yield office
    office.sender.stop()
    await running
    await channel.close()
    await server.stop()


async def test_neither_a_steady_stream_nor_a_rush_after_a_long_rest_is_refused(office):
    many = int(1.5 * BOT.burst)

    await office.send((1, "đầu tiên"))
    office.skipped += 3600  # no point of the grid that passed meanwhile is made up for
    await office.send(*((chat, "bản tổng hợp") for chat in range(2, 2 + many)))
    office.skipped += 7.7
    await office.send(*((chat, "bản tổng hợp") for chat in range(2, 2 + many)))

    assert len(office.channel.sent) == 2 * many + 1
    assert office.channel.refusals == 0


async def test_a_chat_that_is_told_too_much_at_once_gets_it_all_in_order_and_the_others_get_theirs(office):
    """Its own limit is the platform's to tell: the sender waits as long as it says."""
    fast, said = 7, [f"câu {number}" for number in range(PRIVATE.burst + 2)]

    await office.send(*((fast, text) for text in said), *((chat, "bản tổng hợp") for chat in range(100, 120)))

    assert [text for _, text in office.channel.sent if text.startswith("câu")] == said
    assert [text for _, text in office.channel.sent].count("bản tổng hợp") == 20
