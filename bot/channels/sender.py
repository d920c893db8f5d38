"""Delivering the outbox.

Each chat has at most one message under way, and its next one starts only when what became of the former is committed. So
order holds per chat and lane, and after a crash a chat sees at most one message again. Chats do not wait for each other:
many sends are under way at once, and all that ended meanwhile is marked in one transaction.

A message is chosen only when the pacer lets one go, so that a reply queued a moment ago leaves before a thousand digests.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime
from random import random as any_random

from bot.channels.backoff import LONGEST, Outage, Random, backoff
from bot.channels.base import Channel
from bot.channels.front import Front
from bot.channels.marker import End, Lead, Marker, Outcome
from bot.channels.pacer import Pacer
from bot.channels.waiting import Unwatched, Watch
from bot.clock import Clock
from bot.errors import (
    ChatClosed,
    Conflict,
    LostLease,
    Rejected,
    Throttled,
    TokenRefused,
    TransientStorage,
    Unreachable,
)
from bot.messages import FILES, Outgoing
from bot.storage import outbox
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.outbox import Pending

PARALLEL = 256  # sends under way at once
ATTEMPTS = 5  # for a message that breaks the sender itself
NAP = 5.0  # seconds after which an idle sender looks by itself
NAP_BEFORE_LATER = 1.0  # the same while something waits for its instant
PICTURES = ("image/png", "image/jpeg")

log = logging.getLogger(__name__)


class Sender:
    """Delivers one bot's outbox. ``lease`` gives the lead that every transaction checks; None where no lead is needed.

    ``clock`` decides what is due and what is too late; ``monotonic`` and ``sleep`` are for pauses and back-off.
    ``watch`` is told whether the token is taken, ``moved`` that what waited for a closed chat may wait for another
    now, perhaps on a channel that is not among ``carries_files``. While it is ``quiet``, only what is urgent or was
    asked for goes out; the rest waits.
    """

    def __init__(
        self,
        db: Database,
        keys: Keyring,
        channel: Channel,
        clock: Clock,
        pacer: Pacer,
        lease: Lead,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        random: Random = any_random,
        watch: Watch | None = None,
        moved: Callable[[], None] = lambda: None,
        carries_files: Collection[str] = FILES,
        quiet: Callable[[datetime], bool] = lambda _now: False,
    ) -> None:
        self._db = db
        self._keys = keys
        self._channel = channel
        self._clock = clock
        self._pacer = pacer
        self._lease = lease
        self._monotonic = monotonic
        self._sleep = sleep
        self._random = random
        self._watch = watch or Unwatched()
        self._moved = moved
        self._carries_files = carries_files
        self._quiet = quiet
        self._stopping = False
        self._dispatcher: asyncio.Task[None] | None = None
        self._news = asyncio.Event()  # for the dispatcher: look again
        self._progress = asyncio.Event()  # for idle(): something has ended
        self._last_sent: float | None = None
        self._begin()

    def _begin(self) -> None:
        """Remember nothing: the database knows everything that a new leader must know."""
        self._front = Front(self._db, self._channel.bot, self._clock, self._lease, self._end, self._quiet)
        self._marker = Marker(
            *(self._db, self._keys, self._channel, self._clock, self._lease, self._sleep, self._random),
            marked=self._marked,
            carries_files=self._carries_files,
        )
        self._outage = Outage(self._random)
        self._ids: set[int] = set()  # under way, or ended and not yet marked
        self._busy: set[str] = set()  # their chats
        self._held: set[str] = set()  # chats that may still be resting after a failure
        self._failures: dict[str, int] = {}  # in a row, by chat
        self._plain: set[int] = set()  # rejected once: now without buttons and as a new message

    async def run(self) -> None:
        """Deliver until ``stop()`` or until the lead is lost. Cancelling it is a crash: one repeat per chat may follow."""
        if self._stopping:
            return
        self._begin()
        try:
            async with asyncio.TaskGroup() as marking:
                marker = marking.create_task(self._marker.run())
                async with asyncio.TaskGroup() as sending:
                    self._dispatcher = sending.create_task(self._dispatch(sending))
                await self._marker.all_marked()
                marker.cancel()
        except* LostLease:
            log.warning("another process leads now: sending stops")
        finally:
            self._dispatcher = None

    def wake(self) -> None:
        """A transaction queued or cancelled something, or the domain's clock moved."""
        self._front.refresh()
        self._news.set()

    def stop(self) -> None:
        """Begin nothing more; ``run`` returns when what is under way has ended and is marked. There is no way back."""
        self._stopping = True
        if self._dispatcher is not None:
            self._dispatcher.cancel()

    async def idle(self, timeout: float) -> bool:
        """Whether, within ``timeout`` seconds, nothing is left that could be sent now and nothing is under way."""
        end = self._monotonic() + timeout
        self.wake()
        while True:
            self._progress.clear()
            if not self._ids and not await self._left() and not self._ids:
                return True
            if (rest := end - self._monotonic()) <= 0:
                return False
            await self._first_of(self._progress, rest)

    @property
    def since_sent(self) -> float | None:
        """Seconds since the last message was delivered; None if this process delivered none."""
        return None if self._last_sent is None else self._monotonic() - self._last_sent

    async def _left(self) -> int:
        async with self._db.read() as tx:
            return await outbox.count_pending(tx, self._channel.bot, self._clock(), self._quiet(self._clock()))

    # --- choosing -------------------------------------------------------------------------------------------------------

    async def _dispatch(self, sending: asyncio.TaskGroup) -> None:
        troubles = 0
        while True:
            self._news.clear()
            try:
                if await self._next() is not None:
                    await self._pacer.wait()
                    if (item := await self._next()) is not None:
                        self._start(item, sending)
                elif not await self._first_of(self._news, self._nap()):
                    self._front.refresh()
                troubles = 0
            except LostLease:
                raise
            except Exception as error:  # whatever it is, standing still for ever is worse than asking again
                troubles += 1
                log.error("the outbox cannot be read: %s", type(error).__name__)
                self._front.refresh()
                await self._sleep(backoff(troubles, self._random))

    async def _next(self) -> Pending | None:
        # While nothing gets through, one message at a time tries.
        if len(self._ids) >= (1 if self._outage.lasts else PARALLEL):
            return None
        return await self._front.next(self._ids, lambda: self._busy | self._resting())

    def _resting(self) -> set[str]:
        now = self._monotonic()
        for chat in [chat for chat in self._held if self._pacer.not_before(chat) <= now]:
            self._held.discard(chat)
            self._front.freed(chat)
        return self._held

    def _nap(self) -> float:
        now = self._monotonic()
        rests = [self._pacer.not_before(chat) - now for chat in self._resting()]
        return min([NAP_BEFORE_LATER if self._front.later else NAP, *rests])

    async def _first_of(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait for the event, at most so long. Whether it came."""
        told, slept = asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._sleep(seconds))
        try:
            await asyncio.wait({told, slept}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            told.cancel()
            slept.cancel()
        return event.is_set()

    # --- sending --------------------------------------------------------------------------------------------------------

    def _start(self, item: Pending, sending: asyncio.TaskGroup) -> None:
        self._front.take(item)
        self._ids.add(item.id)
        self._busy.add(item.address)
        sending.create_task(self._deliver(item, self._outage.round))

    async def _deliver(self, item: Pending, begun_in: int) -> None:
        """Send one message, once. Whatever goes wrong with it is its own affair."""
        try:
            message = await self._outgoing(item)
            try:
                message_id = await self._channel.send(message)
            except Rejected:
                if not message.buttons and message.edits is None:
                    raise
                log.warning("outbox %d was rejected; once more as a new message without buttons", item.id)
                self._plain.add(item.id)
                self._answered(begun_in)
                self._again(item)
                return
        except Throttled as error:
            log.warning("the platform asks for a pause of %g s", error.retry_after)
            self._pacer.pause(error.retry_after)
            self._answered(begun_in)
            self._again(item, error.retry_after)
        except (TokenRefused, Conflict) as error:
            if self._outage.failed(begun_in) is not None:
                log.error("the platform refuses this bot (%s): pause of %g s", type(error).__name__, LONGEST)
                self._pacer.pause(LONGEST)
                if isinstance(error, TokenRefused):
                    await self._watch.refused()
            self._again(item)
        except Unreachable:
            if (pause := self._outage.failed(begun_in)) is not None:
                log.warning("the platform is out of reach: pause of %.1f s", pause)
                self._pacer.pause(pause)
            self._again(item, self._longer(item.address))
        except ChatClosed:
            log.info("outbox %d: its chat is closed", item.id)
            self._answered(begun_in)
            self._end(Outcome(End.CLOSED, item.id, item))
        except Rejected:
            log.error("outbox %d was rejected", item.id)
            self._answered(begun_in)
            self._end(Outcome(End.FAILED, item.id, item))
        except TransientStorage:
            self._again(item, self._longer(item.address))
        except Exception as error:
            attempt = item.attempts + 1
            log.error("outbox %d broke in attempt %d: %s", item.id, attempt, type(error).__name__)
            if attempt < ATTEMPTS:
                self._rest(item.address, self._longer(item.address))
            self._end(Outcome(End.BROKE if attempt < ATTEMPTS else End.FAILED, item.id, item))
        else:
            self._answered(begun_in)
            self._last_sent = self._monotonic()
            self._end(Outcome(End.SENT, item.id, item, message_id))
            await self._watch.works()

    async def _outgoing(self, item: Pending) -> Outgoing:
        message = outbox.open_message(self._keys, self._channel.bot, item)
        if item.id in self._plain:
            message = replace(message, buttons=(), edits=None)
        elif item.edits is not None and message.edits is None:  # it may have been delivered since the queue was read
            async with self._db.read() as tx:
                message = replace(message, edits=await outbox.shown_as(tx, item.edits))
        if item.attachment is None:
            return message
        async with self._db.read() as tx:
            file = await outbox.read_attachment(tx, self._keys, item.attachment)
        if file is not None and file.mime in PICTURES:
            return replace(message, photo=file)
        return replace(message, document=file)

    # --- afterwards -----------------------------------------------------------------------------------------------------

    def _answered(self, begun_in: int) -> None:
        if self._outage.over(begun_in):
            log.info("the platform answers again")

    def _longer(self, chat: str) -> float:
        """Seconds for which this chat is to rest after one more failure in a row."""
        self._failures[chat] = self._failures.get(chat, 0) + 1
        return backoff(self._failures[chat], self._random)

    def _rest(self, chat: str, seconds: float) -> None:
        self._pacer.hold(chat, seconds)
        self._held.add(chat)

    def _again(self, item: Pending, rest: float = 0) -> None:
        """Nothing was delivered and nothing is to be marked: the message stands at the head of its chat again."""
        if rest > 0:
            self._rest(item.address, rest)
        self._front.changed(item.address)
        self._free(item)

    def _end(self, outcome: Outcome) -> None:
        self._ids.add(outcome.id)
        self._marker.put(outcome)

    def _marked(self, outcome: Outcome) -> None:
        item = outcome.item
        if item is None:
            self._ids.discard(outcome.id)
            self._news.set()
            self._progress.set()
        else:
            if outcome.end in (End.BROKE, End.CLOSED):
                self._front.changed(item.address)
            if outcome.end is End.CLOSED:
                self._moved()
            if outcome.end is not End.BROKE:
                self._plain.discard(item.id)
                self._failures.pop(item.address, None)
            self._free(item)

    def _free(self, item: Pending) -> None:
        self._ids.discard(item.id)
        self._busy.discard(item.address)
        self._front.freed(item.address)
        self._news.set()
        self._progress.set()
