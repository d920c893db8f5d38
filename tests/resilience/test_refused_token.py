"""Two services on one database, Telegram and Zalo over HTTP: one platform refuses the token, the other one carries the news."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import build
from bot.clock import StandingClock
from bot.config import Config, Storage, Telegram, Zalo
from bot.domain.access import Role, RoleAt
from bot.sandbox.server import SandboxServer
from bot.service import Drained, Parts, Service
from bot.storage import accounts, outbox, people, settings
from bot.storage.outbox import Lane, Post
from scheduler.runner import UNTIL

from .chats import BOT, TOKEN, Platform
from .conftest import START, Patience
from .gateway import Fault, Gateway
from .installation import Installation, install, until

ZALO_TOKEN = "1459232241454765289:invented-token"
ZALO_BOT = ZALO_TOKEN.split(":")[0]
ADMIN, HEAD = 704123012, "zalo-head"  # a Telegram chat of the demo's; a chat on Zalo
REFUSED = Fault(200, json.dumps({"ok": False, "error_code": 401, "description": "Unauthorized"}))


class Town:
    """An installation on both channels; Zalo stands behind a gateway that can refuse the token."""

    def __init__(self, installation: Installation, server: SandboxServer, platform: Platform, gateway: Gateway) -> None:
        self.installation, self.server, self.platform, self.gateway = installation, server, platform, gateway
        self.clock = StandingClock(START)
        self.patience = Patience()

    def refuse(self, *methods: str) -> None:
        for method in methods:
            self.gateway.faults[method] = [REFUSED] * 1000

    def accept(self) -> None:
        self.gateway.faults.clear()

    @asynccontextmanager
    async def at_work(self, ticking: bool = False) -> AsyncIterator[Sequence[Parts]]:
        """Both services, which end as an administrator ends them."""
        here = self.installation
        config = Config(
            telegram=Telegram(token=SecretStr(TOKEN), base_url=self.platform.url),
            zalo=Zalo(token=SecretStr(ZALO_TOKEN), base_url=f"{self.gateway.url}/zalo"),
            storage=Storage(lease_seconds=1),
        )
        joined: tuple[Parts, ...] = build(config, here.db, here.keys, self.clock)
        waiting = {"monotonic": self.patience.monotonic, "sleep": self.patience.sleep}
        drained = Drained([parts.channel.name for parts in joined], patience=0.2)
        joined = tuple(replace(parts, drained=drained) for parts in joined)
        services = [Service(parts, ticking=ticking, every=0.1, **waiting) for parts in joined]
        running = [asyncio.create_task(service.run()) for service in services]
        try:
            async with asyncio.timeout(30):
                yield joined
                for service in services:
                    service.stop()
                self.server.end_polls()
                await asyncio.gather(*running)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for parts in joined:
                await parts.channel.close()

    async def waits_for_the_head(self, text: str, lane: Lane = Lane.DUTY) -> None:
        async with self.installation.db.write() as tx:
            post = Post("zalo", ZALO_BOT, HEAD, text, lane=lane, dedup_key=text)
            await outbox.queue(tx, self.installation.keys, [post], self.clock())

    async def heard_by_the_administrator(self) -> list[str]:
        return [text for text in await self.platform.heard(ADMIN) if "token" in text]


@pytest.fixture
async def town(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Town]:
    installation = await install(tmp_path, sqlite_url, START)
    async with installation.db.write() as tx:
        (admin,) = (await people.at_addresses(tx, installation.keys, "telegram", BOT, [str(ADMIN)])).values()
        await people.grant(tx, admin.id, RoleAt(Role.ADMIN, "125"), None, START)
        await people.link(tx, "zalo", ZALO_BOT, HEAD, "04123-commune_chair", START)
        await accounts.choose(tx, "04123-commune_chair", "zalo")
    server = SandboxServer(tmp_path / "sandbox", TOKEN, None, zalo_token=ZALO_TOKEN)
    await server.start("127.0.0.1", 0)
    gateway = Gateway(server.url)
    await gateway.open()
    async with aiohttp.ClientSession() as http:
        yield Town(installation, server, Platform(http, server.url), gateway)
    await gateway.close()
    await server.stop()
    await installation.db.close()


async def told(town: Town, times: int) -> None:
    async def so_often() -> bool:
        return len(await town.heard_by_the_administrator()) >= times

    await until(so_often, what=f"that the administrator is told {times} times")


async def test_a_token_refused_at_the_start_is_told_on_the_other_channel_and_what_waits_goes_later(town: Town) -> None:
    await town.waits_for_the_head("Bản tổng hợp.")
    town.refuse("getme")
    async with town.at_work():
        await told(town, 1)
    assert "Zalo từ chối mã truy cập (token)" in (await town.heard_by_the_administrator())[0]
    assert not await town.installation.all_sent()

    town.accept()
    async with town.at_work():  # restarted with a token that is taken
        await told(town, 2)
        await until(town.installation.all_sent, what="that all is sent")

    assert "Zalo đã nhận lại mã truy cập (token)" in (await town.heard_by_the_administrator())[1]
    assert len(await town.heard_by_the_administrator()) == 2
    assert [one["text"] for one in await zalo_chat(town)] == ["Bản tổng hợp."]


@pytest.mark.parametrize("method", ["getupdates", "sendmessage"])
async def test_a_token_refused_at_work_is_told_once_and_that_it_works_again(town: Town, method: str) -> None:
    async with town.at_work() as joined:
        town.refuse(method)
        await town.waits_for_the_head("Đến giờ báo cáo.")
        joined[0].wake()
        await told(town, 1)
        town.accept()
        if method == "getupdates":  # what is sent rests for a real minute
            await told(town, 2)

    assert len(await town.heard_by_the_administrator()) == (2 if method == "getupdates" else 1)


async def test_the_schedule_does_not_wait_for_ever_for_a_platform_that_refuses_the_token(town: Town) -> None:
    async def looked_at() -> bool:
        async with town.installation.db.read() as tx:
            return await settings.get(tx, UNTIL) is not None

    town.refuse("getme")
    async with town.at_work(ticking=True):
        await until(looked_at, what="that somebody looks at the schedule")


async def test_the_schedule_waits_until_what_is_queued_at_every_platform_was_taken() -> None:
    drained = Drained(["telegram", "zalo"], patience=60)
    waiting = asyncio.create_task(drained.wait())

    drained.done("telegram")
    await asyncio.sleep(0)
    assert not waiting.done()

    drained.done("zalo")
    await waiting


async def zalo_chat(town: Town) -> list[dict[str, str]]:
    async with aiohttp.ClientSession() as http, http.get(f"{town.platform.url}/api/persons/zalo-{HEAD}/chat") as answer:
        found: list[dict[str, str]] = await answer.json()
    return found
