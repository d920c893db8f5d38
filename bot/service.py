"""One process at work: who leads, the loop that takes messages, and what runs beside it.

Several processes may share a database and a token. The one that holds the lease takes messages, sends and runs the schedule;
the others stand by. Every transaction of the leader checks the lease, so a former leader cannot commit.

At the start everything that waits at the platform is taken before the schedule runs, so that no late list accuses people whose
reports are in the queue.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import random

from bot.channels.base import Batch
from bot.channels.sender import Sender
from bot.channels.telegram import TelegramChannel
from bot.clock import Clock, StandingClock
from bot.errors import ChannelError, Conflict, LostLease, StorageError, Throttled, TokenRefused, TransientStorage
from bot.handlers.call import Desk
from bot.handlers.ingest import Ingest
from bot.handlers.long_work import Workshop
from bot.messages import Inbound, InboundKind
from bot.storage import jobs, outbox, settings
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.jobs import Lease
from bot.storage.units import UnitTrees
from scheduler.runner import Ran, Runner

log = logging.getLogger(__name__)

CLEAN_STOP = "clean_stop"
LONG_POLL = 50.0  # seconds
TAPS_LIVE = timedelta(seconds=150)  # Telegram drops a tap that waited longer


class Leadership:
    """The lease of this process, if it leads. Made first, since everything that writes asks it."""

    def __init__(self, holder: str, length: timedelta) -> None:
        self.holder = holder
        self.length = length
        self.held: Lease | None = None

    def __call__(self) -> Lease | None:
        return self.held


@dataclass(frozen=True)
class Parts:
    """What the composition root joined."""

    db: Database
    desk: Desk
    trees: UnitTrees
    keys: Keyring
    channel: TelegramChannel
    clock: Clock
    leadership: Leadership
    ingest: Ingest
    sender: Sender
    runner: Runner
    workshop: Workshop


class Service:
    """Runs until ``stop``. ``ready`` is set once this process leads and has taken what was waiting."""

    def __init__(self, parts: Parts, ticking: bool = True) -> None:
        self._parts = parts
        self._ticking = ticking
        self._stopping = asyncio.Event()
        self.ready = asyncio.Event()
        self._work_news = asyncio.Event()
        self._acknowledging: set[asyncio.Task[None]] = set()
        self._away = timedelta()

    def stop(self) -> None:
        """End cleanly: what is under way is finished, the lead is given away."""
        self._stopping.set()

    async def run(self) -> None:
        """Connect, then lead whenever no other process does. Returns after ``stop``."""
        if not await self._connected():
            return
        leadership = self._parts.leadership
        while not self._stopping.is_set():
            if not await self._acquire():
                await self._pause(leadership.length.total_seconds() / 3)
                continue
            log.info("this process leads")
            await self._lead()
            self.ready.clear()
            leadership.held = None

    # --- leading --------------------------------------------------------------------------------------------------------

    async def _acquire(self) -> bool:
        parts = self._parts
        lead = parts.leadership
        try:
            now = datetime.now(UTC)
            async with parts.db.write() as tx:
                led_until = await jobs.led_until(tx, self._lease_name())
                lead.held = await jobs.acquire(tx, self._lease_name(), lead.holder, now, lead.length)
            self._away = max(now - led_until, timedelta()) if led_until else timedelta()
        except StorageError as error:
            log.warning("the lead cannot be asked for: %s", type(error).__name__)
            return False
        return lead.held is not None

    def _lease_name(self) -> str:
        return f"{self._parts.channel.name}:{self._parts.channel.bot}"

    async def _lead(self) -> None:
        parts = self._parts
        drained = asyncio.Event()
        unclean, away = await self._begin()
        try:
            async with asyncio.TaskGroup() as tasks:
                loops = [
                    tasks.create_task(self._keep_lead()),
                    tasks.create_task(self._take_messages(drained, careful=unclean)),
                    tasks.create_task(parts.sender.run()),
                    tasks.create_task(self._work()),
                ]
                tasks.create_task(self._after_draining(drained, away))
                await self._stopping.wait()
                await self._end(loops)
        except* LostLease:
            log.warning("another process leads now")
        finally:
            await parts.runner.stop()

    async def _begin(self) -> tuple[bool, timedelta]:
        """Whether the last leader ended without saying so, and for how long nobody led. This one has not said so yet."""
        async with self._parts.db.write() as tx:
            unclean = await settings.get(tx, CLEAN_STOP) == "no"
            await settings.set_(tx, CLEAN_STOP, "no")
        return unclean, self._away

    async def _after_draining(self, drained: asyncio.Event, away: timedelta) -> None:
        await drained.wait()
        if away > TAPS_LIVE:
            await self._parts.ingest.show_open_questions(self._parts.channel.name, self._parts.channel.bot)
            self._parts.sender.wake()
        if self._ticking:
            self._parts.runner.start()
        self.ready.set()

    async def _end(self, loops: Sequence[asyncio.Task[None]]) -> None:
        parts = self._parts
        keep, take, send, work = loops
        take.cancel()
        work.cancel()
        await asyncio.gather(take, work, return_exceptions=True)
        await parts.runner.stop()
        parts.sender.stop()
        await asyncio.wait([send], timeout=10)
        keep.cancel()
        try:
            await parts.channel.flush_confirm()
        except ChannelError as error:
            log.info("the last messages stay unconfirmed and come again: %s", type(error).__name__)
        async with parts.db.write() as tx:
            if parts.leadership.held is not None:
                await jobs.require(tx, parts.leadership.held)
                await jobs.release(tx, parts.leadership.held, datetime.now(UTC))
            await settings.set_(tx, CLEAN_STOP, "yes")
        send.cancel()

    async def _keep_lead(self) -> None:
        """Prolong the lease. A database that does not answer is no other leader: every transaction checks anyway."""
        while True:
            await asyncio.sleep(self._parts.leadership.length.total_seconds() / 3)
            if not await self._acquire() and self._parts.leadership.held is None:
                raise LostLease(self._lease_name())

    # --- messages -------------------------------------------------------------------------------------------------------

    async def _connected(self) -> bool:
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._parts.channel.connect()
            except ChannelError as error:
                failures += 1
                log.warning("the platform does not know us yet: %s", type(error).__name__)
                await self._pause(_wait(error, failures))
            else:
                return True
        return False

    async def _take_messages(self, drained: asyncio.Event, careful: bool) -> None:
        parts = self._parts
        failures = 0
        while True:
            try:
                batch = await parts.channel.fetch(LONG_POLL if drained.is_set() else 0)
                failures = 0
            except ChannelError as error:
                failures += 1
                log.warning("no messages: %s, waiting", type(error).__name__)
                await asyncio.sleep(_wait(error, failures))
                continue
            await self._commit(batch, careful)
            await parts.channel.confirm(batch)
            for message in batch.messages:
                if message.kind is InboundKind.TAP and message.ack:
                    self._acknowledge(message)
            if not batch.messages and not batch.unreadable:
                drained.set()
                careful = False

    async def _commit(self, batch: Batch, careful: bool) -> None:
        """Try until the batch is committed: what is not, is not confirmed."""
        parts = self._parts
        failures = 0
        while True:
            try:
                if batch.unreadable:
                    await parts.ingest.keep_unreadable(parts.channel.bot, batch.unreadable)
                if batch.messages:
                    await parts.ingest.take(batch.messages, careful=careful)
                    parts.sender.wake()
                    self._work_news.set()
            except LostLease:
                raise
            except TransientStorage as error:
                log.error("nothing can be stored (%s), nothing is confirmed", error)
            except Exception as error:
                log.error("a batch cannot be settled: %s", type(error).__name__)
            else:
                return
            failures += 1
            await asyncio.sleep(_backoff(failures, most=30))

    def _acknowledge(self, message: Inbound) -> None:
        task = asyncio.create_task(self._parts.channel.acknowledge(message))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

    # --- long work ------------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            self._work_news.clear()
            try:
                while await self._parts.workshop.do_next():
                    self._parts.sender.wake()
            except TransientStorage as error:
                log.error("work waits: %s", error)
            try:
                await asyncio.wait_for(self._work_news.wait(), timeout=30)
            except TimeoutError:
                continue

    # --- practice mode --------------------------------------------------------------------------------------------------

    async def settled(self, timeout: float) -> bool:
        """Whether, within ``timeout`` seconds, no work waits and everything that can be delivered now is delivered."""
        end = time.monotonic() + timeout
        while await self._parts.workshop.waiting():
            self._work_news.set()
            if time.monotonic() >= end:
                return False
            await asyncio.sleep(0.01)
        return await self._parts.sender.idle(max(0.0, end - time.monotonic()))

    async def move_clock(self, clock: StandingClock, to: datetime) -> tuple[list[Ran], int]:
        """Settle, then run what is due in (now, to] instant by instant, delivering each; then set the clock.

        Returns what ran and how many messages could not be delivered.
        """
        parts = self._parts
        await self.settled(10)
        ran: list[Ran] = []
        for instant in await parts.runner.instants(to):
            if instant > clock():
                clock.move(instant)
            ran += await parts.runner.run_due(clock())
            parts.sender.wake()
            await self.settled(10)
        clock.move(to)
        parts.sender.wake()
        await self.settled(10)
        async with parts.db.read() as tx:
            return ran, await outbox.count_pending(tx, parts.channel.bot, clock())

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than until ``stop``."""
        try:
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)
        except TimeoutError:
            return


def _backoff(failures: int, most: float) -> float:
    return min(most, 0.5 * 2.0 ** min(failures, 10)) * (0.75 + random() / 2)


def _wait(error: ChannelError, failures: int) -> float:
    """Seconds until it makes sense to ask the platform again."""
    match error:
        case Throttled():
            return error.retry_after
        case TokenRefused():
            return 60
        case Conflict():
            return 5
        case _:
            return _backoff(failures, most=30)
