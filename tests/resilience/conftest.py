"""The whole bot in this process, over real HTTP, with a clock that stands still and waits that pass at once."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import build, web_server
from bot.channels.pacer import Pacer
from bot.channels.sender import Sender
from bot.clock import StandingClock
from bot.config import Config, Storage, Telegram, Web
from bot.conversation.draft import REVIEW, Draft
from bot.sandbox.server import SandboxServer
from bot.service import Parts, Service
from bot.storage import drafts
from bot.storage.drafts import Saved

from .chats import TOKEN, Platform
from .gateway import Gateway
from .installation import Installation, free_port, install
from .reporter import stored

START = datetime.fromisoformat("2021-09-09T07:10:00+07:00")


class Patience:
    """Seconds that are waited for pass at once, and are remembered."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._skipped = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._skipped

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        await asyncio.sleep(min(seconds, 0.01))
        self._skipped += max(0.0, seconds - 0.01)


@dataclasses.dataclass
class House:
    """An installation, its platform behind a gateway, and the bot whenever it is ``at_work``."""

    installation: Installation
    platform: Platform
    gateway: Gateway
    clock: StandingClock
    patience: Patience = dataclasses.field(default_factory=Patience)
    mode: Literal["polling", "webhook"] = "polling"

    @asynccontextmanager
    async def at_work(self, change: Callable[[Parts], Parts] = lambda parts: parts) -> AsyncIterator[Service]:
        """A bot that starts, and ends as an administrator ends it. It may not be ready yet."""
        here, patience = self.installation, Patience()
        telegram = Telegram(token=SecretStr(TOKEN), base_url=self.gateway.url, mode=self.mode)
        port = free_port()
        web = Web(port=port, public_url=f"http://127.0.0.1:{port}") if self.mode == "webhook" else Web()
        config = Config(telegram=telegram, storage=Storage(lease_seconds=1), web=web)
        (parts,) = build(config, here.db, here.keys, self.clock)
        pacer = Pacer(None, patience.monotonic, patience.sleep)
        sender = Sender(
            *(here.db, here.keys, parts.channel, self.clock, pacer, parts.leadership, patience.monotonic, patience.sleep)
        )
        parts = change(dataclasses.replace(parts, sender=sender))
        service = Service(parts, every=0.05, monotonic=self.patience.monotonic, sleep=self.patience.sleep)
        running = asyncio.create_task(service.run())
        try:
            async with asyncio.timeout(30), web_server(config, [parts], [service]):
                yield service
                service.stop()
                await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await parts.channel.close()

    async def draft(self, person: str, number: int, **changed: str) -> Draft:
        """A returnee report of this person that only has to be sent."""
        unit = person.rpartition("-")[0]
        draft = Draft(f"DRAFT{number}", "returnee", 1, unit, REVIEW, 13, {**stored(number), **changed}, {"unit_name": unit})
        async with self.installation.db.write() as tx:
            await drafts.save(tx, self.installation.keys, [Saved(person, draft, self.clock())])
        return draft


@pytest.fixture
async def house(tmp_path: Path, sqlite_url: str) -> AsyncIterator[House]:
    installation = await install(tmp_path, sqlite_url, START, busy_ms=100)
    server = SandboxServer(tmp_path / "sandbox", TOKEN, None)
    await server.start("127.0.0.1", 0)
    gateway = Gateway(server.url)
    await gateway.open()
    async with aiohttp.ClientSession() as http:
        yield House(installation, Platform(http, server.url), gateway, StandingClock(START))
    await gateway.close()
    await server.stop()
    await installation.db.close()
