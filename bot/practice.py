"""Practice mode: the whole bot on one machine, with no account and no network, and a clock that is moved by hand (N11).

The bot talks to the local Bot API server over HTTP exactly as to Telegram. Nothing in the bot knows that it is practice: this
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
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from bot.app import build, prepare, stopping
from bot.channels.telegram import TelegramChannel
from bot.clock import StandingClock, vietnam_day
from bot.config import App, Config, Telegram
from bot.conversation.words import Say
from bot.demo.history import make_history
from bot.demo.people import demo_people
from bot.demo.seed import seed
from bot.domain.units import COMMUNE, VILLAGE, Tree
from bot.errors import ConfigError
from bot.handlers.call import NOTICE_VERSION
from bot.handlers.router import platform_commands
from bot.sandbox.practice import ClockMove, PersonView
from bot.sandbox.practice import Ran as Shown
from bot.sandbox.server import SandboxServer
from bot.service import Parts, Service
from bot.storage import outbox, people, settings
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.units import UnitTrees
from bot.texts import Voice
from scheduler.runner import Ran

log = logging.getLogger(__name__)

TOKEN = "1000000:practice-mode-no-secret"
FIRST_MORNING = datetime.fromisoformat("2021-09-09T06:50+07:00")
CLOCK = "practice_clock"
NEWCOMER = PersonView("newcomer", "", "", "", "telegram", 990_000_001)
HOST = "127.0.0.1"


class Rehearsal:
    """What the local server asks of the bot (``sandbox.practice.Practice``)."""

    def __init__(self, clock: StandingClock) -> None:
        self._clock = clock
        self._moving = asyncio.Lock()
        self.ready = asyncio.Event()  # the parts are there
        self.parts: Parts | None = None
        self.service: Service | None = None

    def now(self) -> datetime:
        return self._clock()

    async def persons(self, language: str) -> Sequence[PersonView]:
        """Everyone who has an account, and one newcomer who has none yet."""
        await self.ready.wait()
        assert self.parts is not None
        voice = Voice(language)
        async with self.parts.db.read() as tx:
            tree = await UnitTrees().on(tx, self._clock().date())
            everyone = await people.everyone(tx, self.parts.keys)
        # In the order in which a newcomer wants to meet them; who joined while practising comes last.
        order = {person.id: place for place, person in enumerate(demo_people())}
        views = []
        for who in sorted(everyone, key=lambda who: order.get(who.id, len(order))):
            held = who.roles[0] if who.roles else None
            unit = tree.get(held.unit) if held else None
            views.append(
                PersonView(
                    id=NEWCOMER.id if int(who.address) == NEWCOMER.chat_id else who.id,
                    name=who.name,
                    role=voice.word(f"role.{held.role}") if held else "",
                    unit=_where(tree, unit.code, voice) if unit else "",
                    channel=who.channel,
                    chat_id=int(who.address),
                )
            )
        known = {view.chat_id for view in views}
        if NEWCOMER.chat_id not in known:
            name, role = voice.word("practice.newcomer.name"), voice.word("practice.newcomer.role")
            views.append(PersonView(NEWCOMER.id, name, role, "", NEWCOMER.channel, NEWCOMER.chat_id))
        return views

    async def settled(self, timeout: float) -> bool:
        assert self.service is not None
        return await self.service.settled(timeout)

    async def move_clock(self, to: datetime) -> ClockMove:
        assert self.service is not None
        assert self.parts is not None
        async with self._moving:
            ran = await self._run_until(to)
            await _store_clock(self.parts.db, self._clock())
            async with self.parts.db.read() as tx:
                undelivered = await outbox.count_pending(tx, self.parts.channel.bot, self._clock())
        return ClockMove([Shown(run.job, run.unit, run.due_at) for run in ran], undelivered)

    async def _run_until(self, to: datetime) -> list[Ran]:
        """Settle, then run what is due in (now, to] instant by instant, delivering each; then set the clock."""
        assert self.parts is not None
        assert self.parts.runner is not None
        await self.settled(10)
        ran: list[Ran] = []
        for instant in await self.parts.runner.instants(to):
            if instant > self._clock():
                self._clock.move(instant)
            ran += await self.parts.runner.run_due(self._clock())
            self.parts.wake()
            await self.settled(10)
        self._clock.move(to)
        self.parts.wake()
        await self.settled(10)
        return ran


def _where(tree: Tree, code: str, voice: Voice) -> str:
    """A unit's name; a village with its commune, since several communes have a village of the same name."""
    unit, commune = tree[code], tree.above(code, COMMUNE)
    if unit.level != VILLAGE or commune is None:
        return unit.name
    return voice(Say("practice.village", village=unit.name, commune=commune.name))


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
    """Practice mode at work."""

    url: str
    parts: Parts
    service: Service


@asynccontextmanager
async def practising(data: Path, port: int = 0, now: datetime | None = None, history: bool = False) -> AsyncIterator[Running]:
    """Practice mode on 127.0.0.1 while entered; port 0 takes a free one. What is in ``data`` goes on where it was left.

    ``history`` fills a new folder with what the invented teams filed before.
    """
    with _alone_in(data):
        async with _practising(data, port, now, history) as running:
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
async def _practising(data: Path, port: int, now: datetime | None, history: bool) -> AsyncIterator[Running]:
    key_file = data / "practice.key"
    if not key_file.exists():
        Keyring.create(key_file)
    keys = Keyring.load(key_file)
    db = Database(f"sqlite+aiosqlite:///{data / 'practice.db'}")
    try:
        await prepare(db, keys)
        clock = await _clock(db, now)
        async with db.write() as tx:
            await seed(tx, keys, clock(), bot=TOKEN.split(":")[0], notice=NOTICE_VERSION)
        rehearsal = Rehearsal(clock)
        server = SandboxServer(data / "chats", TOKEN, rehearsal)
        try:
            await server.start(HOST, port)
        except OSError:
            raise ConfigError("--port", f"{port} is in use; choose another, for example --port {port + 1}") from None
        try:
            async with _bot(db, keys, clock, rehearsal, server.url, history) as running:
                yield running
        finally:
            await server.stop()
    finally:
        await db.close()


@asynccontextmanager
async def _bot(
    db: Database, keys: Keyring, clock: StandingClock, rehearsal: Rehearsal, url: str, history: bool
) -> AsyncIterator[Running]:
    config = Config(
        telegram=Telegram(token=SecretStr(TOKEN), base_url=url),
        app=App(controller=Voice("vi").word("practice.controller")),
    )
    (parts,) = build(config, db, keys, clock)
    parts.leadership.holder = "practice"  # one process owns this folder: a killed one need not be waited for
    if history:
        async with db.write() as tx:
            today = vietnam_day(clock())
            tree = await parts.trees.on(tx, today)
            await make_history(tx, parts.desk, tree, parts.channel.name, TOKEN.split(":")[0], today)
    service = Service(parts, ticking=False)
    rehearsal.parts, rehearsal.service = parts, service
    rehearsal.ready.set()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(service.run())
            await service.ready.wait()
            assert isinstance(parts.channel, TelegramChannel)
            assert parts.runner is not None
            await parts.channel.set_commands(platform_commands())
            await parts.runner.run_due()  # after an outage: what was missed
            parts.wake()
            try:
                yield Running(url, parts, service)
            finally:
                service.stop()
    finally:
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
