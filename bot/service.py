"""One process at work: who leads, the loop that takes messages, and what runs beside it.

Several processes may share a database and a token. The one that holds the lease takes messages, sends and runs the schedule;
the others stand by. Every transaction of the leader checks the lease, so a former leader cannot commit.

At the start everything that waits at the platform is taken before the schedule runs, so that no late list accuses people whose
reports are in the queue.

Trouble of the platform or of the database is waited out and blames nobody: what is not committed is not confirmed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.channels.base import Batch, Channel
from bot.channels.intake import Intake
from bot.channels.sender import Sender
from bot.channels.waiting import Trouble, Unwatched, Watch, backoff, until_asked_again
from bot.clock import Clock
from bot.errors import ChannelError, LostLease, StorageError, TokenRefused, TransientStorage
from bot.handlers.call import Desk
from bot.handlers.ingest import Ingest
from bot.handlers.live_boards import LiveBoards
from bot.handlers.long_work import Workshop
from bot.handlers.posting import Mailer
from bot.messages import Inbound, InboundKind
from bot.storage import jobs, settings
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.jobs import Lease
from bot.storage.units import UnitTrees
from scheduler.runner import Runner

log = logging.getLogger(__name__)

CLEAN_STOP = "clean_stop"
SHORT_POLL = 5.0  # seconds, for a channel that hands out each message once
LONG_POLL = 50.0  # seconds
TICK = 15.0  # seconds between two looks at the schedule
PATIENCE = 60.0  # seconds for which a platform that cannot be asked holds back the schedule of the others
BOARDS_REST = 15.0  # seconds between two looks at the boards, and so between two edits in one chat
BOARDS_ALL = 120.0  # seconds after which those are looked at too where nobody did anything
TAPS_LIVE = timedelta(seconds=150)  # Telegram drops a tap that waited longer


class Drained:
    """Holds the schedule back until what waits at every platform was taken.

    A platform that cannot be asked for ``patience`` seconds, as with a refused token, holds the others back no longer.
    """

    def __init__(self, channels: Iterable[str], patience: float = PATIENCE) -> None:
        self._waiting = set(channels)
        self._patience = patience
        self._all = asyncio.Event()

    def done(self, channel: str) -> None:
        """What waited there is taken, or another process sees to it."""
        self._waiting.discard(channel)
        if not self._waiting:
            self._all.set()

    async def wait(self) -> None:
        try:
            await asyncio.wait_for(self._all.wait(), self._patience)
        except TimeoutError:
            log.warning("the schedule waits no longer for what may be queued at %s", ", ".join(sorted(self._waiting)))


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
    """What the composition root joined for one channel.

    Whoever leads a channel looks at the schedule and at the long work too: a run is claimed once, whoever looks first, and
    with the token of one channel refused the people of the other are still served. ``drained`` is shared by all channels.
    ``intake`` is where its messages come from. ``wake`` tells the senders of all channels that something was queued;
    ``touch`` the boards of all channels at which units somebody did something;
    ``work_news`` tells that somebody asked for long work; ``watch`` is told whether the platform takes the token.
    """

    db: Database
    desk: Desk
    trees: UnitTrees
    keys: Keyring
    channel: Channel
    intake: Intake
    clock: Clock
    leadership: Leadership
    ingest: Ingest
    sender: Sender
    wake: Callable[[], None]
    touch: Callable[[Collection[str]], None]
    work_news: asyncio.Event
    runner: Runner
    workshop: Workshop
    mailer: Mailer
    boards: LiveBoards
    drained: Drained
    watch: Watch = field(default_factory=Unwatched)


@dataclass(frozen=True)
class Start:
    """How this process found the lead: whether the last leader ended without saying so, and for how long nobody led."""

    unclean: bool
    away: timedelta


class Service:
    """Runs until ``stop``. ``ready`` is set once this process leads and has taken what was waiting.

    With ``ticking`` it looks at the schedule every ``every`` seconds. ``monotonic`` and ``sleep`` are for waiting out trouble.
    """

    def __init__(
        self,
        parts: Parts,
        ticking: bool = True,
        every: float = TICK,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._parts = parts
        self._ticking = ticking
        self._every = every
        self._monotonic = monotonic
        self._sleep = sleep
        self._stopping = asyncio.Event()
        self.ready = asyncio.Event()
        self.alive = False  # between the beginning and the end of ``run``; false after either
        self._last_message: float | None = None
        self._acknowledging: set[asyncio.Task[None]] = set()

    @property
    def since_message(self) -> float | None:
        """Seconds since the last messages were taken; None if this process took none."""
        return None if self._last_message is None else self._monotonic() - self._last_message

    def stop(self) -> None:
        """End cleanly: what is under way is finished, the lead is given away."""
        self._stopping.set()

    async def run(self) -> None:
        """Connect, then lead whenever no other process does. Returns after ``stop``."""
        self.alive = True
        try:
            await self._connect_and_lead()
        finally:
            self.alive = False

    async def _connect_and_lead(self) -> None:
        trouble = "the platform does not say who this bot is"
        if not await self._asked(self._parts.channel.connect, trouble):
            return
        leadership = self._parts.leadership
        standing_by = False
        while not self._stopping.is_set():
            if (start := await self._take_lead()) is None:
                if not standing_by:
                    log.info("this process stands by")
                    self._parts.drained.done(self._parts.channel.name)
                standing_by = True
                await self._pause(leadership.length.total_seconds() / 3)
                continue
            standing_by = False
            log.info("this process leads")
            await self._lead(start)
            self.ready.clear()
            leadership.held = None

    # --- leading --------------------------------------------------------------------------------------------------------

    async def _take_lead(self) -> Start | None:
        """Lead if nobody does. What a leader must know of the last one, and that this one has not ended, goes with it."""
        lead = self._parts.leadership
        try:
            async with self._parts.db.write() as tx:
                now = datetime.now(UTC)
                led_until = await jobs.led_until(tx, self._lease_name())
                held = await jobs.acquire(tx, self._lease_name(), lead.holder, now, lead.length)
                if held is None:
                    return None
                unclean = await settings.get(tx, self._clean_stop()) == "no"
                await settings.set_(tx, self._clean_stop(), "no")
        except StorageError as error:
            log.warning("the lead cannot be asked for: %s", type(error).__name__)
            return None
        lead.held = held
        return Start(unclean, max(now - led_until, timedelta()) if led_until else timedelta())

    def _clean_stop(self) -> str:
        return f"{CLEAN_STOP}:{self._lease_name()}"

    def _lease_name(self) -> str:
        return f"{self._parts.channel.name}:{self._parts.channel.bot}"

    async def _lead(self, start: Start) -> None:
        parts = self._parts
        try:
            async with asyncio.TaskGroup() as tasks:
                loops = [
                    tasks.create_task(self._keep_lead()),
                    tasks.create_task(self._take_messages(start)),
                    tasks.create_task(parts.sender.run()),
                    tasks.create_task(self._work()),
                    tasks.create_task(self._mail()),
                    tasks.create_task(self._keep_boards()),
                    tasks.create_task(self._tick()),
                ]
                await self._stopping.wait()
                await self._end(loops)
        except* LostLease:
            log.warning("another process leads now")
        finally:
            await self._stop_schedule()

    async def _end(self, loops: Sequence[asyncio.Task[None]]) -> None:
        parts = self._parts
        keep, take, send, *others = loops
        if parts.intake.once:
            await asyncio.wait([take], timeout=SHORT_POLL * 2)  # what the platform is just handing out is not to be had again
        for task in (take, *others):
            task.cancel()
        await asyncio.gather(take, *others, return_exceptions=True)
        await self._stop_schedule()
        parts.sender.stop()
        await asyncio.wait([send], timeout=10)
        keep.cancel()
        try:
            await parts.intake.flush_confirm()
        except ChannelError as error:
            log.info("the last messages stay unconfirmed and come again: %s", type(error).__name__)
        try:
            async with parts.db.write() as tx:
                if parts.leadership.held is not None:
                    await jobs.require(tx, parts.leadership.held)
                    await jobs.release(tx, parts.leadership.held, datetime.now(UTC))
                await settings.set_(tx, self._clean_stop(), "yes")
        except TransientStorage as error:
            log.warning("the lead is not given away, it runs out: %s", error)
        send.cancel()

    async def _tick(self) -> None:
        """Start the schedule once nothing waits any more, here and at the other platforms."""
        await self.ready.wait()
        await self._parts.drained.wait()
        if self._ticking:
            self._parts.runner.start(self._every)

    async def _stop_schedule(self) -> None:
        await self._parts.runner.stop()

    async def _keep_lead(self) -> None:
        """Prolong the lease. A database that does not answer is no other leader: every transaction checks anyway.

        A lead that another process had in between is a new one, even if it is ours again: whoever met that other, as the
        sender may have, has stopped.
        """
        lead = self._parts.leadership
        while True:
            await asyncio.sleep(lead.length.total_seconds() / 3)
            try:
                async with self._parts.db.write() as tx:
                    held = await jobs.acquire(tx, self._lease_name(), lead.holder, datetime.now(UTC), lead.length)
            except StorageError as error:
                log.warning("the lead cannot be prolonged: %s", type(error).__name__)
                continue
            if held != lead.held:
                raise LostLease(self._lease_name())

    # --- messages -------------------------------------------------------------------------------------------------------

    async def _asked(self, ask: Callable[[], Awaitable[None]], words: str) -> bool:
        """Ask the platform for something until it does it; False if the end came first."""
        trouble = Trouble(words)
        while not self._stopping.is_set():
            try:
                await ask()
            except ChannelError as error:
                trouble.met(error)
                await self._watched(error)
                await self._pause(until_asked_again(error, trouble.failures))
            else:
                trouble.over()
                await self._parts.watch.works()
                return True
        return False

    async def _take_messages(self, start: Start) -> None:
        """Take what waits, then what comes. Once nothing waits any more, the schedule may run.

        First of all the platform is told which way its messages should come, so that a changed configuration is enough.

        Taps do not wait at the platform for longer than ``TAPS_LIVE``: if nobody asked for so long, everyone with a draft is
        shown the open question again.
        """
        parts = self._parts
        careful, taps_lost = start.unclean, start.away > TAPS_LIVE
        asked_until = self._monotonic()
        await self._asked(parts.intake.listen, "the platform does not take how its messages should come")
        poll = SHORT_POLL if parts.intake.once else LONG_POLL
        while not (parts.intake.once and self._stopping.is_set()):
            asked_at, batch = await self._fetch(poll if self.ready.is_set() and not taps_lost else 0)
            if asked_at - asked_until > TAPS_LIVE.total_seconds():
                taps_lost = True
            asked_until = self._monotonic()
            await self._stored(lambda: self._commit(batch, careful))  # noqa: B023  done before the next turn
            await self._stored(lambda: parts.intake.confirm(batch))  # noqa: B023
            if batch.messages:
                self._last_message = self._monotonic()
            for message in batch.messages:
                if message.kind is InboundKind.TAP and message.ack:
                    self._acknowledge(message)
            if batch.messages or batch.unreadable:
                continue
            careful = False
            if taps_lost:
                await self._stored(self._show_open_questions)
                taps_lost = False
            if not self.ready.is_set():
                parts.drained.done(parts.channel.name)
                self.ready.set()

    async def _fetch(self, wait: float) -> tuple[float, Batch]:
        """The next batch, however long platform or database are in trouble, and the instant at which it was asked for."""
        trouble = Trouble("no messages can be fetched")
        while True:
            asked_at = self._monotonic()
            try:
                batch = await self._parts.intake.fetch(0 if trouble.failures else wait)
            except (ChannelError, TransientStorage) as error:
                trouble.met(error)
                await self._watched(error)
                await self._sleep(until_asked_again(error, trouble.failures))
            else:
                trouble.over()
                await self._parts.watch.works()
                return asked_at, batch

    async def _watched(self, error: Exception) -> None:
        if isinstance(error, TokenRefused):
            await self._parts.watch.refused()

    async def _commit(self, batch: Batch, careful: bool) -> None:
        parts = self._parts
        if batch.unreadable:
            await parts.ingest.keep_unreadable(parts.channel.bot, batch.unreadable)
        if batch.messages:
            await parts.ingest.take(batch.messages, careful=careful)
            touched, parts.ingest.touched = parts.ingest.touched, set()
            parts.touch(touched)
            parts.wake()
            parts.work_news.set()

    async def _show_open_questions(self) -> None:
        try:
            await self._parts.ingest.show_open_questions(self._parts.channel.name, self._parts.channel.bot)
        except (TransientStorage, LostLease):
            raise
        except Exception as error:  # not worth standing still for
            log.error("open questions are not shown again: %s", type(error).__name__)
        self._parts.sender.wake()

    async def _stored(self, change: Callable[[], Awaitable[None]]) -> None:
        """Try until it is stored: what is not, is not confirmed."""
        trouble = Trouble("nothing can be stored, nothing is confirmed")
        while True:
            try:
                await change()
            except LostLease:
                raise
            except Exception as error:
                trouble.met(error)
                await self._sleep(backoff(trouble.failures))
            else:
                trouble.over()
                return

    def _acknowledge(self, message: Inbound) -> None:
        task = asyncio.create_task(self._parts.channel.acknowledge(message))
        self._acknowledging.add(task)
        task.add_done_callback(self._acknowledging.discard)

    # --- long work ------------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            self._parts.work_news.clear()
            try:
                while await self._parts.workshop.do_next():
                    self._parts.wake()
            except LostLease:
                raise
            except Exception as error:
                log.error("work waits: %s", type(error).__name__)
            try:
                await asyncio.wait_for(self._parts.work_news.wait(), timeout=30)
            except TimeoutError:
                continue

    async def _mail(self) -> None:
        """Mail waits for its hour, and then for the server: it is looked for often enough to leave within a minute."""
        mailer = self._parts.mailer
        while True:
            mailer.news.clear()
            try:
                while await mailer.send_next():
                    self._parts.wake()
            except LostLease:
                raise
            except Exception as error:
                log.error("mail waits: %s", type(error).__name__)
            try:
                await asyncio.wait_for(mailer.news.wait(), timeout=TICK)
            except TimeoutError:
                continue

    async def _keep_boards(self) -> None:
        """Show on officers' boards what changed, a while after it did: what comes together is one edit."""
        looked = self._monotonic()
        while True:
            await asyncio.sleep(BOARDS_REST)
            everything = self._monotonic() - looked >= BOARDS_ALL
            looked = self._monotonic() if everything else looked
            try:
                if await self._refresh_boards(everything):
                    self._parts.wake()
            except LostLease:
                raise
            except Exception as error:
                log.error("boards wait: %s", type(error).__name__)

    async def _refresh_boards(self, everything: bool) -> bool:
        parts = self._parts
        return await parts.boards.refresh(parts.channel.name, parts.channel.bot, everything)

    # --- practice mode --------------------------------------------------------------------------------------------------

    async def settled(self, timeout: float) -> bool:
        """Whether, within ``timeout`` seconds, no work or mail waits and all that can be delivered now is delivered.

        Boards show what is, too: the practice's clock stands still, so nothing is waited for to come together.
        """
        end = time.monotonic() + timeout
        while await self._parts.workshop.waiting() or await self._parts.mailer.waiting():
            self._parts.work_news.set()
            self._parts.mailer.news.set()
            if time.monotonic() >= end:
                return False
            await asyncio.sleep(0.01)
        if not await self._parts.sender.idle(max(0.0, end - time.monotonic())):
            return False
        if await self._refresh_boards(everything=True):
            self._parts.wake()
        return await self._parts.sender.idle(max(0.0, end - time.monotonic()))

    async def _pause(self, seconds: float) -> None:
        """Wait, but not longer than until ``stop``."""
        try:
            await asyncio.wait_for(self._stopping.wait(), timeout=seconds)
        except TimeoutError:
            return
