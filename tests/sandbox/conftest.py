"""A sandbox over real HTTP, a client for its Bot API, and a small bot and application to play with."""

from __future__ import annotations

import asyncio
import itertools
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.clock import StandingClock
from bot.sandbox.practice import ClockMove, PersonView, Practice, Ran
from bot.sandbox.server import SandboxServer

TOKEN = "1000000001:invented-for-tests"
MORNING = datetime.fromisoformat("2021-09-09T07:00:00+07:00")


class FakePractice:
    """Two invented persons, a standing clock, and one job at every full hour."""

    def __init__(self) -> None:
        self.clock = StandingClock(MORNING)
        self.everyone = [
            PersonView("lan", "Người Hư Cấu Lan", "Trưởng thôn", "Bản Mẫu 1", "telegram", 501),
            PersonView("minh", "Người Hư Cấu Minh", "Chủ tịch xã", "Xã Mẫu", "telegram", 502),
        ]
        self.asked_to_settle = 0

    async def persons(self, language: str) -> Sequence[PersonView]:
        return self.everyone

    def now(self) -> datetime:
        return self.clock()

    async def settled(self, timeout: float) -> bool:
        self.asked_to_settle += 1
        return True

    async def move_clock(self, to: datetime) -> ClockMove:
        hour = self.clock().replace(minute=0, second=0) + timedelta(hours=1)
        ran = []
        while hour <= to:
            ran.append(Ran("nudge_first", "Xã Mẫu", hour))
            hour += timedelta(hours=1)
        self.clock.move(to)
        return ClockMove(ran, 0)


class Client:
    """Calls the Bot API as a bot does, and the practice API as a page does."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http = http
        self.url = url

    async def call(self, method: str, /, **params: Any) -> Any:
        """The result; a refusal fails the test."""
        status, answer = await self.ask(method, **params)
        assert (status, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def ask(self, method: str, /, token: str = TOKEN, **params: Any) -> tuple[int, Any]:
        async with self.http.post(f"{self.url}/bot{token}/{method}", json=params) as response:
            return response.status, await response.json()

    async def refusal(self, method: str, /, **params: Any) -> str:
        """``"400 Bad Request: …"``; the HTTP status and the error code are the same."""
        status, answer = await self.ask(method, **params)
        assert not answer["ok"], answer
        assert status == answer["error_code"]
        return f"{status} {answer['description']}"

    async def get(self, path: str) -> Any:
        async with self.http.get(self.url + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        async with self.http.post(self.url + path, json={} if body is None else body) as response:
            return response.status, await response.json()

    async def hear(self, text: str, chat_id: int = 501, message_id: int = 1) -> int:
        """A message from outside; returns the id of its update."""
        person = {"id": chat_id, "is_bot": False, "first_name": "Người Hư Cấu"}
        chat = {"id": chat_id, "type": "private", "first_name": "Người Hư Cấu"}
        message = {"message_id": message_id, "from": person, "chat": chat, "date": 1631145600, "text": text}
        _, answer = await self.post("/api/updates", {"message": message})
        update_id: int = answer["update_id"]
        return update_id


Reply = Callable[[Client, dict[str, Any]], Awaitable[None]]


class SmallBot:
    """Polls, answers each update, and confirms it with the next poll."""

    def __init__(self, client: Client, reply: Reply) -> None:
        self.seen: list[dict[str, Any]] = []
        self._client = client
        self._reply = reply

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self._client.call("getUpdates", offset=offset, timeout=20):
                self.seen.append(update)
                await self._reply(self._client, update)
                offset = update["update_id"] + 1


Start = Callable[..., Awaitable[SandboxServer]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start a sandbox on a free port; all of them share one data folder."""
    servers: list[SandboxServer] = []

    async def begin(practice: Practice | None = None, **options: Any) -> SandboxServer:
        server = SandboxServer(tmp_path / "sandbox", TOKEN, practice, **options)
        await server.start("127.0.0.1", 0)
        servers.append(server)
        return server

    yield begin
    for server in servers:
        await server.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def server(start: Start) -> SandboxServer:
    return await start()


@pytest.fixture
async def api(server: SandboxServer, http: aiohttp.ClientSession) -> Client:
    return Client(http, server.url)


@pytest.fixture
def practice() -> FakePractice:
    return FakePractice()


@pytest.fixture
async def page(start: Start, practice: FakePractice, http: aiohttp.ClientSession) -> Client:
    """A client of a sandbox that has an application behind it."""
    return Client(http, (await start(practice)).url)


@pytest.fixture
async def bot_on() -> AsyncIterator[Callable[[Client, Reply], SmallBot]]:
    tasks: list[asyncio.Task[None]] = []

    def begin(client: Client, reply: Reply) -> SmallBot:
        bot = SmallBot(client, reply)
        tasks.append(asyncio.create_task(bot.run()))
        return bot

    yield begin
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def picture() -> bytes:
    """The head of a PNG of 3 by 2: all that a server looks at."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0) + b"\0" * 4


Received = asyncio.Queue[tuple[str | None, dict[str, Any]]]


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[str, Received]]:
    """A web server that takes webhook posts; with ``?fail=1`` it refuses the very first."""
    received: Received = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        refused = bool(request.query.get("fail")) and next(count) == 0
        await received.put((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return web.Response(status=503 if refused else 200)

    count = itertools.count()
    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook", received
    await runner.cleanup()
