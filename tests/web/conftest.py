"""A web server of the bot's own on a free port, reached over real HTTP, and what it stored."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

import aiohttp
import pytest
from aiohttp import web

from bot.storage import arrivals
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.web.server import serving


class Stubborn:
    """A database whose next ``writes_that_fail`` transactions fail with ``error``; it counts those that were committed."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.writes_that_fail = 0
        self.error: Exception = RuntimeError
        self.commits = 0
        self.reads_fail = False

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        if self.reads_fail:
            raise self.error
        async with self._db.read() as tx:
            yield tx

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        async with self._db.write() as tx:
            yield tx
            if self.writes_that_fail:
                self.writes_that_fail -= 1
                raise self.error
        self.commits += 1


@pytest.fixture
def stubborn(db: Database) -> Stubborn:
    return Stubborn(db)


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Iterable[web.RouteDef]], object]]:
    """Serves routes until the end of the test; the answer is the address."""
    async with contextlib.AsyncExitStack() as servers:

        async def begin(routes: Iterable[web.RouteDef]) -> str:
            return await servers.enter_async_context(serving(routes, "127.0.0.1", 0))

        yield begin


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def stored(db: Database, keys: Keyring) -> Callable[..., object]:
    """The bodies that wait for the leader, in their order."""

    async def bodies(channel: str = "telegram", bot: str = "777") -> list[bytes | None]:
        async with db.read() as tx:
            return [arrival.body for arrival in await arrivals.waiting(tx, keys, channel, bot, 1000)]

    return bodies
