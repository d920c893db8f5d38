"""Whoever accepts, the leader handles: messages posted to any process, at any time, are answered once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import build, web_server
from bot.clock import StandingClock
from bot.config import Config, Storage, Telegram, Web, Zalo
from bot.messages import Attachment
from bot.sandbox.server import SandboxServer
from bot.service import Parts, Service
from bot.storage import arrivals, outbox
from bot.storage.database import Database
from bot.storage.outbox import Post
from bot.storage.schema import arrival, inbox

from .chats import TOKEN, ZALO_TOKEN, Platform, ZaloPlatform
from .installation import Installation, free_port, install, until

Mode = Literal["polling", "webhook"]
MORNING = datetime.fromisoformat("2021-09-09T07:10:00+07:00")
LAN = 704123012  # chat id of a member of a team


@dataclass
class Process:
    """One process of the program, in this one. ``url`` is its own web server."""

    parts: Parts
    service: Service
    url: str


@dataclass
class Town:
    installation: Installation
    platform: Platform
    channel: str
    http: aiohttp.ClientSession
    clock: StandingClock
    public_port: int  # where the platform posts to

    def config(self, port: int, mode: Mode) -> Config:
        web = Web(port=port, public_url=f"http://127.0.0.1:{self.public_port}")
        storage = Storage(lease_seconds=1)
        if self.channel == "zalo":
            zalo = Zalo(token=SecretStr(ZALO_TOKEN), base_url=f"{self.platform.url}/zalo", mode=mode)
            return Config(zalo=zalo, web=web, storage=storage)
        telegram = Telegram(token=SecretStr(TOKEN), base_url=self.platform.url, mode=mode)
        return Config(telegram=telegram, web=web, storage=storage)

    @asynccontextmanager
    async def process(self, port: int | None = None, mode: Mode = "webhook", leads: bool = True) -> AsyncIterator[Process]:
        """It ends as an administrator ends it. One that does not lead knows who it is, accepts, and tries for nothing more."""
        here, port = self.installation, port or self.public_port
        config = self.config(port, mode)
        db = Database(here.db.url.render_as_string(hide_password=False), busy_ms=100)
        (parts,) = build(config, db, here.keys, self.clock)
        service = Service(parts, ticking=False)
        try:
            async with asyncio.timeout(30), web_server(config, [parts], [service]), asyncio.TaskGroup() as tasks:
                if leads:
                    tasks.create_task(service.run())
                    await service.ready.wait()
                else:
                    await parts.channel.connect()
                yield Process(parts, service, f"http://127.0.0.1:{port}")
                service.stop()
        finally:
            await parts.channel.close()
            await db.close()

    async def arrived(self) -> int:
        return await self.installation.count(arrival.c.id > 0)

    async def until_arrived(self, number: int) -> None:
        async def arrived() -> bool:
            return await self.arrived() == number

        await until(arrived, what=f"that {number} messages are stored")

    async def health(self, process: Process) -> dict[str, int]:
        async with self.http.get(f"{process.url}/health") as answer:
            counted: dict[str, int] = (await answer.json())["webhooks"]
        return counted

    async def heard(self, number: int) -> list[str]:
        """What the bot said to Lan, once it is so much and everything that arrived is handled."""

        async def said() -> bool:
            return len(await self.platform.heard(LAN)) >= number and not await self.arrived()

        await until(said, what="the answer")
        return await self.platform.heard(LAN)

    async def taken(self) -> int:
        return await self.installation.count(inbox.c.outcome == "done")


@pytest.fixture(params=["telegram", "zalo"])
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def town(tmp_path: Path, url: str, channel: str) -> AsyncIterator[Town]:
    installation = await install(tmp_path, url, MORNING, channel=channel)
    server = SandboxServer(tmp_path / "sandbox", TOKEN, None, zalo_token=ZALO_TOKEN)
    await server.start("127.0.0.1", 0)
    platform = ZaloPlatform if channel == "zalo" else Platform
    async with aiohttp.ClientSession() as http:
        yield Town(installation, platform(http, server.url), channel, http, StandingClock(MORNING), free_port())
    await server.stop()
    await installation.db.close()


async def test_what_one_process_accepts_the_other_handles(town: Town) -> None:
    async with town.process(free_port()) as leader, town.process(leads=False) as other:
        await town.platform.says(LAN, "xin chào", MORNING)
        assert len(await town.heard(1)) == 1

        assert (await town.health(other))["accepted"] == 1
        assert (await town.health(leader))["accepted"] == 0
    assert await town.taken() == 1


async def test_what_was_accepted_while_nobody_led_is_handled_by_the_next_leader(town: Town) -> None:
    async with town.process(leads=False) as waiting:
        await waiting.parts.intake.listen()
        await town.platform.says(LAN, "xin chào", MORNING)
        await town.until_arrived(1)
    assert await town.platform.heard(LAN) == []

    async with town.process():
        assert len(await town.heard(1)) == 1
    assert await town.taken() == 1


async def test_an_update_that_is_posted_again_is_handled_once(town: Town) -> None:
    async with town.process(leads=False) as waiting:
        await waiting.parts.intake.listen()
        await town.platform.says(LAN, "xin chào", MORNING)
        await town.until_arrived(1)
    async with town.installation.db.read() as tx:
        (first,) = await arrivals.waiting(tx, town.installation.keys, town.channel, waiting.parts.channel.bot, 10)

    async with town.process() as leader:
        hook = leader.parts.intake.hook
        assert hook is not None
        headers = {leader.parts.intake.channel.secret_header: hook.secret}
        for _ in range(3):
            async with town.http.post(hook.url, data=first.body, headers=headers) as answer:
                assert answer.status == 200
        await town.platform.says(LAN, "/khong", MORNING)

        assert len(await town.heard(2)) == 2
    assert await town.taken() == 2


async def test_changing_the_mode_in_the_configuration_is_enough_and_loses_nothing(town: Town) -> None:
    async with town.process(leads=False) as waiting:
        await waiting.parts.intake.listen()
        await town.platform.says(LAN, "chào 1", MORNING)
        await town.until_arrived(1)
    await town.platform.says(LAN, "chào 2", MORNING)  # nobody accepts it: it waits at the platform

    async with town.process(mode="polling"):
        assert len(await town.heard(2)) == 2
    await town.platform.says(LAN, "chào 3", MORNING)
    async with town.process(mode="webhook"):
        assert len(await town.heard(3)) == 3
    assert await town.taken() == 3


async def test_a_link_in_a_chat_leads_to_the_file(town: Town) -> None:
    content = b"PK\x03\x04 invented"
    async with town.process() as leader:
        async with town.installation.db.write() as tx:
            file = Attachment("Danh sách.xlsx", content)
            await outbox.attach(tx, town.installation.keys, "LIST", file, MORNING)
            post = Post(town.channel, leader.parts.channel.bot, str(LAN), "Danh sách:", attachment="LIST")
            await outbox.queue(tx, town.installation.keys, [post], MORNING)
        leader.parts.wake()
        (text,) = await town.heard(1)
        if town.channel == "telegram":  # it carries files itself
            assert "http" not in text
            return
        link = text.splitlines()[-1]
        async with town.http.get(link) as answer:
            assert (answer.status, await answer.read()) == (200, content)
        town.clock.move(MORNING + timedelta(hours=12))
        async with town.http.get(link) as answer:
            assert answer.status == 410


async def test_health_says_who_leads_and_who_stands_by(town: Town) -> None:
    async with town.process() as leader:
        other_port = free_port()
        config = town.config(other_port, "webhook")
        (parts,) = build(config, town.installation.db, town.installation.keys, town.clock)
        service = Service(parts, ticking=False)
        async with web_server(config, [parts], [service]):
            running = asyncio.create_task(service.run())
            states = {await state(town, leader.url), await state(town, f"http://127.0.0.1:{other_port}", "stands_by")}
            service.stop()
            await running
            ended = await state(town, f"http://127.0.0.1:{other_port}")
        await parts.channel.close()

    assert states == {"leads", "stands_by"}
    assert ended == "ended"


async def state(town: Town, url: str, awaited: str = "") -> str:
    async def now() -> str:
        async with town.http.get(f"{url}/health") as answer:
            found: str = (await answer.json())["channels"][0]["state"]
        return found if not awaited or found == awaited else ""

    await until(now, what=f"{awaited} in the health of a process")
    return await now()
