"""A database, a platform that does as it is told, the sender between them, and time that passes only when nothing else does."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from bot.channels.pacer import Pacer
from bot.channels.sender import Sender
from bot.clock import StandingClock
from bot.errors import TransientStorage
from bot.messages import Outgoing
from bot.storage import jobs, outbox
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.outbox import Post
from bot.storage.schema import outbox as rows


class Time:
    """Seconds that pass, up to the next sleeper's end, only while neither the database nor anything else is at work."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.at_work = 0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, end))
        try:
            await end
        finally:
            self._sleepers = [(at, other) for at, other in self._sleepers if other is not end]

    @contextlib.contextmanager
    def work(self) -> Iterator[None]:
        self.at_work += 1
        try:
            yield
        finally:
            self.at_work -= 1

    async def passes(self) -> None:
        quiet = 0
        while True:
            await asyncio.sleep(0)
            quiet = 0 if self.at_work else quiet + 1
            if quiet > 40 and self._sleepers:
                quiet = 0
                self.now = max(self.now, min(at for at, _ in self._sleepers))
                for at, end in self._sleepers:
                    if at <= self.now and not end.done():
                        end.set_result(None)


class Watched:
    """A database that knows how often it is read and can be told to fail."""

    def __init__(self, db: Database, time: Time) -> None:
        self._db = db
        self._time = time
        self.reads = 0
        self.writes_that_fail = 0
        self.commits = 0
        self.readers_dawdle: asyncio.Event | None = None  # until then, between a reader's first look and its second

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        self.reads += 1
        with self._time.work():
            async with self._db.read() as tx:
                if self.readers_dawdle is not None:
                    await tx.execute(sa.select(rows.c.id).limit(1))
                    await self.readers_dawdle.wait()
                yield tx

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        with self._time.work():
            if self.writes_that_fail:
                self.writes_that_fail -= 1
                raise TransientStorage("disk full")
            async with self._db.write() as tx:
                yield tx
            self.commits += 1


@dataclass
class Platform:
    """Keeps what was delivered and when; ``rules`` may raise, or wait, before that."""

    time: Time
    name: str = "telegram"
    bot: str = "777"
    buttons: bool = True
    text_limit: int = 4096
    tried: list[tuple[float, str]] = field(default_factory=list)
    seen: list[Outgoing] = field(default_factory=list)
    refusals: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    rules: list[Callable[[Outgoing], Any]] = field(default_factory=list)
    under_way: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    most_at_once: int = 0

    async def send(self, message: Outgoing) -> str:
        self.under_way[message.address] += 1
        self.most_at_once = max(self.most_at_once, self.under_way[message.address])
        self.tried.append((self.time.now, message.text))
        try:
            for rule in self.rules:
                await rule(message)
            if self.refusals[message.text]:
                raise self.refusals[message.text].pop(0)
            await asyncio.sleep(0)
            self.seen.append(message)
            return f"m{len(self.seen)}"
        finally:
            self.under_way[message.address] -= 1

    def texts(self, chat: str | None = None) -> list[str]:
        return [message.text for message in self.seen if chat in (None, message.address)]

    def times_of(self, text: str) -> list[float]:
        return [at for at, tried in self.tried if tried == text]


class Office:
    """A database, a platform and whoever sends between them."""

    def __init__(self, db: Database, keys: Keyring, clock: StandingClock) -> None:
        self.time = Time()
        self.db = Watched(db, self.time)
        self.keys = keys
        self.clock = clock
        self.platform = Platform(self.time)
        self.lease: jobs.Lease | None = None
        self.sender = self.new_sender()

    def new_sender(self, rate: float | None = None, **options: Any) -> Sender:
        time = self.time
        pacer = Pacer(rate, time, time.sleep)
        lead = lambda: self.lease  # noqa: E731
        here = (self.db, self.keys, self.platform, self.clock, pacer, lead, time, time.sleep)
        self.sender = Sender(*here, random=lambda: 0.0, **options)
        return self.sender

    async def queue(self, *posts: Post) -> None:
        async with self.db.write() as tx:
            await outbox.queue(tx, self.keys, posts, self.clock())

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[asyncio.Task[None]]:
        """The sender runs; at the end it is killed."""
        running = asyncio.create_task(self.sender.run())
        try:
            yield running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def deliver(self, rate: float | None = None, **options: Any) -> None:
        """A new sender works until there is nothing left to do."""
        self.new_sender(rate, **options)
        async with self.open():
            assert await self.sender.idle(100_000)

    async def states(self) -> list[str]:
        async with self.db.read() as tx:
            return list((await tx.scalars(sa.select(rows.c.state).order_by(rows.c.id))).all())

    async def ids(self) -> list[int]:
        async with self.db.read() as tx:
            return list((await tx.scalars(sa.select(rows.c.id).order_by(rows.c.id))).all())

    async def attempts(self) -> list[int]:
        async with self.db.read() as tx:
            return list((await tx.scalars(sa.select(rows.c.attempts).order_by(rows.c.id))).all())

    async def until(self, happened: Callable[[], bool]) -> None:
        while not happened():  # noqa: ASYNC110  what happens has no event in common
            await asyncio.sleep(0)


@pytest.fixture
async def office(db: Database, keys: Keyring, clock: StandingClock) -> AsyncIterator[Office]:
    office = Office(db, keys, clock)
    passing = asyncio.create_task(office.time.passes())
    yield office
    passing.cancel()
