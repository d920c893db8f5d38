"""An installation in a folder: configuration, key, database with the demo's people, a clock in a file, and its processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bot.app import prepare
from bot.demo.seed import seed
from bot.handlers.call import NOTICE_VERSION
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.schema import outbox

from .chats import BOT, TOKEN, ZALO_BOT, ZALO_TOKEN

PROGRAM = Path(__file__).with_name("bot_process.py")
LEADS, STANDS_BY = "this process leads", "this process stands by"


async def until(true: Callable[[], Awaitable[object]], seconds: float = 90, what: str = "it") -> None:
    """Wait for a condition, and fail if it does not come."""
    try:
        async with asyncio.timeout(seconds):
            while not await true():  # noqa: ASYNC110  what is waited for has no event in common
                await asyncio.sleep(0.01)
    except TimeoutError:
        raise AssertionError(f"{what} did not happen within {seconds:g} s") from None


@dataclass(frozen=True)
class Installation:
    folder: Path
    db: Database
    keys: Keyring

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock"

    def set_clock(self, now: datetime) -> None:
        beside = self.clock_file.with_suffix(".new")
        beside.write_text(now.isoformat())
        beside.replace(self.clock_file)

    def configure(self, base_url: str, channel: str = "telegram", mode: str = "polling") -> Path:
        """config.toml: one second of lease, so that a killed process is replaced soon."""
        path = self.folder / "config.toml"
        token, root = (TOKEN, base_url) if channel == "telegram" else (ZALO_TOKEN, f"{base_url}/zalo")
        port = free_port()
        web = f'[web]\nport = {port}\npublic_url = "http://127.0.0.1:{port}"\n' if mode == "webhook" else ""
        path.write_text(
            f'[{channel}]\ntoken = "{token}"\nbase_url = "{root}"\nmode = "{mode}"\n{web}'
            f'[storage]\nurl = "{self.db.url.render_as_string(hide_password=False)}"\nlease_seconds = 1\n'
            f'[privacy]\nkey_file = "{self.folder / "tungnha.key"}"\n'
        )
        return path

    async def count(self, what: sa.ColumnElement[bool]) -> int:
        """How many rows hold this."""
        async with self.db.read() as tx:
            return int(await tx.scalar(sa.select(sa.func.count()).where(what)) or 0)

    async def all_sent(self) -> bool:
        return not await self.count(outbox.c.state == "pending")


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def install(folder: Path, url: str, now: datetime, busy_ms: int = 5000, channel: str = "telegram") -> Installation:
    """Everybody of the demo is on this channel and has accepted the notice; nobody has filed anything."""
    Keyring.create(folder / "tungnha.key")
    keys = Keyring.load(folder / "tungnha.key")
    db = Database(url, busy_ms)
    await prepare(db, keys)
    async with db.write() as tx:
        await seed(tx, keys, now, channel=channel, bot=BOT if channel == "telegram" else ZALO_BOT, notice=NOTICE_VERSION)
    installation = Installation(folder, db, keys)
    installation.set_clock(now)
    return installation


@dataclass
class BotProcess:
    pid: int
    log: Path

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def ended(self) -> None:
        async def gone() -> bool:
            return not self.alive

        await until(gone, what="the end of a process")

    async def killed(self) -> None:
        self.signal(signal.SIGKILL)
        await self.ended()

    async def stopped(self) -> None:
        """As an administrator stops it."""
        self.signal(signal.SIGTERM)
        await self.ended()

    @property
    def leads(self) -> bool:
        """As far as it knows."""
        return self.written.rfind(LEADS) > self.written.rfind(STANDS_BY)

    @property
    def written(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


class Forge:
    """Starts bots. Those that still live at the end are killed."""

    def __init__(self, process: asyncio.subprocess.Process, config: Path, clock: Path) -> None:
        self._process = process
        self._config = config
        self._clock = clock
        self.made: list[BotProcess] = []

    async def start(self, deadly: str = "") -> BotProcess:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        log = self._config.with_name(f"bot-{len(self.made)}.log")
        line = {"config": str(self._config), "clock": str(self._clock), "log": str(log), "deadly": deadly}
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        await self._process.stdin.drain()
        bot = BotProcess(int(await self._process.stdout.readline()), log)
        self.made.append(bot)
        return bot

    async def leader(self) -> BotProcess:
        """The one that leads, once one does."""

        async def led() -> bool:
            return any(bot.leads and bot.alive for bot in self.made)

        await until(led, what="that somebody leads")
        return next(bot for bot in self.made if bot.leads and bot.alive)

    @property
    def written(self) -> str:
        """What all of them logged."""
        return "\n".join(bot.written for bot in self.made)


@asynccontextmanager
async def forge(
    installation: Installation, base_url: str, channel: str = "telegram", mode: str = "polling"
) -> AsyncIterator[Forge]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    made = Forge(process, installation.configure(base_url, channel, mode), installation.clock_file)
    try:
        yield made
    finally:
        for bot in made.made:
            if bot.alive:
                bot.signal(signal.SIGKILL)
        process.kill()
        await process.wait()
