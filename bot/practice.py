"""Practice mode: the whole bot on one machine, with no account and no network, and a clock that is moved by hand (N11).

The bot talks to the local server over HTTP exactly as to Telegram and Zalo. Nothing in the bot knows that it is practice: this
module only builds it with a standing clock and hands the server what it asks for.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.app import build, prepare, stopping
from bot.channels.telegram import TelegramChannel
from bot.clock import StandingClock, vietnam_day
from bot.config import App, Config, Telegram, Web, Zalo
from bot.conversation.words import Say
from bot.demo.cast import cast
from bot.demo.history import make_history
from bot.demo.people import TELEGRAM, ZALO
from bot.demo.seed import seed
from bot.errors import ConfigError
from bot.handlers.call import NOTICE_VERSION
from bot.handlers.routes import platform_commands
from bot.sandbox.practice import ClockMove, PersonView
from bot.sandbox.practice import Ran as Shown
from bot.sandbox.server import SandboxServer
from bot.service import Parts, Service
from bot.storage import outbox, people, settings
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.units import UnitTrees
from bot.texts import Voice
from bot.web.files import FilePages
from bot.web.links import Links
from scheduler.runner import Ran

log = logging.getLogger(__name__)

TOKENS = {TELEGRAM: "1000000:practice-mode-no-secret", ZALO: "2000000:practice-mode-no-secret"}
BOTS = {channel: token.split(":")[0] for channel, token in TOKENS.items()}
FIRST_MORNING = datetime.fromisoformat("2021-09-09T06:50+07:00")
CLOCK = "practice_clock"
HOST = "127.0.0.1"


class Rehearsal:
    """What the local server asks of the bot (``sandbox.practice.Practice``)."""

    def __init__(self, clock: StandingClock) -> None:
        self._clock = clock
        self._moving = asyncio.Lock()
        self.ready = asyncio.Event()  # the parts are there
        self.joined: Sequence[Parts] = ()  # Telegram's first, whose schedule is used
        self.services: Sequence[Service] = ()

    def now(self) -> datetime:
        return self._clock()

    async def persons(self, language: str) -> Sequence[PersonView]:
        """Everyone who has an account, and a newcomer on each channel."""
        await self.ready.wait()
        parts = self.joined[0]
        async with parts.db.read() as tx:
            tree = await UnitTrees().on(tx, self._clock().date())
            everyone = await people.everyone(tx, parts.keys)
        return cast(everyone, tree, Voice(language))

    async def settled(self, timeout: float) -> bool:
        """On every channel; twice around, since what one channel refuses may go out on another."""
        clock = asyncio.get_running_loop().time
        end = clock() + timeout
        for service in (*self.services, *self.services):
            if not await service.settled(max(0.0, end - clock())):
                return False
        return True

    async def move_clock(self, to: datetime) -> ClockMove:
        parts = self.joined[0]
        async with self._moving:
            ran = await self._run_until(to)
            await _store_clock(parts.db, self._clock())
            quiet = parts.desk.timetable.quiet(self._clock())
            async with parts.db.read() as tx:
                undelivered = sum([await outbox.count_pending(tx, bot, self._clock(), quiet) for bot in BOTS.values()])
        return ClockMove([Shown(run.job, run.unit, run.due_at) for run in ran], undelivered)

    async def _run_until(self, to: datetime) -> list[Ran]:
        """Settle, then run what is due in (now, to] instant by instant, delivering each; then set the clock."""
        runner, wake = self.joined[0].runner, self.joined[0].wake
        await self.settled(10)
        ran: list[Ran] = []
        for instant in await runner.instants(to):
            if instant > self._clock():
                self._clock.move(instant)
            ran += await runner.run_due(self._clock())
            wake()
            await self.settled(10)
        self._clock.move(to)
        wake()
        await self.settled(10)
        return ran


async def _store_clock(db: Database, now: datetime) -> None:
    async with db.write() as tx:
        await settings.set_(tx, CLOCK, now.isoformat())


async def _clock(db: Database, now: datetime | None) -> StandingClock:
    """The clock as it was left, or later: a later ``now`` is an outage. Raises ConfigError for an earlier one."""
    async with db.read() as tx:
        stored = await settings.get(tx, CLOCK)
    left = datetime.fromisoformat(stored) if stored else None
    if now is not None and left is not None and now < left:
        raise ConfigError("--now", f"is earlier than this practice's clock, {left.isoformat()}; begin anew with --fresh")
    clock = StandingClock(now or left or FIRST_MORNING)
    await _store_clock(db, clock())
    return clock


@dataclass(frozen=True)
class Running:
    """Practice mode at work; ``parts`` are those of Telegram."""

    url: str
    parts: Parts


@asynccontextmanager
async def practising(
    data: Path, port: int = 0, now: datetime | None = None, history: bool = False, given: Config | None = None
) -> AsyncIterator[Running]:
    """Practice mode on 127.0.0.1 while entered; port 0 takes a free one. What is in ``data`` goes on where it was left.

    ``history`` fills a new folder with what the invented teams filed before. Of ``given``, mail and letter are heeded.
    """
    with _alone_in(data):
        async with _practising(data, port, now, history, given or Config()) as running:
            yield running


@contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    """Two processes on one folder would both believe that they lead: the second is refused."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "in-use.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError("--data", f"{data} is in use by another practice; choose another folder") from None
        yield


@asynccontextmanager
async def _practising(data: Path, port: int, now: datetime | None, history: bool, given: Config) -> AsyncIterator[Running]:
    key_file = data / "practice.key"
    if not key_file.exists():
        Keyring.create(key_file)
    keys = Keyring.load(key_file)
    db = Database(f"sqlite+aiosqlite:///{data / 'practice.db'}")
    try:
        await prepare(db, keys)
        clock = await _clock(db, now)
        async with db.write() as tx:
            await seed(tx, keys, clock(), bot=BOTS[TELEGRAM], zalo_bot=BOTS[ZALO], notice=NOTICE_VERSION)
        rehearsal = Rehearsal(clock)
        files = FilePages(db, keys, Links(keys, clock, "", timedelta()))  # which open what the bot's own links lead to
        server = SandboxServer(data / "chats", TOKENS[TELEGRAM], rehearsal, zalo_token=TOKENS[ZALO], more=files.routes())
        try:
            await server.start(HOST, port)
        except OSError:
            raise ConfigError("--port", f"{port} is in use; choose another, for example --port {port + 1}") from None
        try:
            async with _bot(db, keys, clock, rehearsal, server, history, given) as running:
                yield running
        finally:
            await server.stop()
    finally:
        await db.close()


@asynccontextmanager
async def _bot(
    db: Database,
    keys: Keyring,
    clock: StandingClock,
    rehearsal: Rehearsal,
    server: SandboxServer,
    history: bool,
    given: Config,
) -> AsyncIterator[Running]:
    config = Config(
        telegram=Telegram(token=SecretStr(TOKENS[TELEGRAM]), base_url=server.url),
        zalo=Zalo(token=SecretStr(TOKENS[ZALO]), base_url=f"{server.url}/zalo"),
        web=Web(public_url=server.url),
        app=App(controller=Voice("vi").word("practice.controller")),
        mail=given.mail,
        letter=given.letter,
    )
    joined = build(config, db, keys, clock)
    first = joined[0]
    for parts in joined:
        parts.leadership.holder = "practice"  # one process owns this folder: a killed one need not be waited for
    if history:
        async with db.write() as tx:
            today = vietnam_day(clock())
            await make_history(tx, first.desk, await first.trees.on(tx, today), BOTS, today)
    rehearsal.joined, rehearsal.services = joined, [Service(parts, ticking=False) for parts in joined]
    rehearsal.ready.set()
    try:
        async with asyncio.TaskGroup() as tasks:
            for service in rehearsal.services:
                tasks.create_task(service.run())
            await rehearsal.services[0].ready.wait()
            await server.drained(10)  # Zalo's idle poll lasts a second; the server knows at once whether something waits
            assert isinstance(first.channel, TelegramChannel)
            await first.channel.set_commands(platform_commands())
            await first.runner.run_due()  # after an outage: what was missed
            first.wake()
            try:
                yield Running(server.url, first)
            finally:
                for service in rehearsal.services:
                    service.stop()
                server.end_polls()
    finally:
        for parts in joined:
            await parts.channel.close()


async def demo(port: int = 8080, data: Path = Path("data/practice"), fresh: bool = False, now: datetime | None = None) -> None:
    """Serve practice mode until SIGTERM or SIGINT."""
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    stop = asyncio.Event()
    with stopping(stop.set):
        async with practising(data, port, now, history=True) as running:
            print(Voice("vi")(Say("practice.ready", url=running.url)), flush=True)
            await stop.wait()
