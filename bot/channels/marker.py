"""Writing down what became of messages: one transaction for all that ended meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto

from bot.channels.backoff import Random, backoff
from bot.channels.base import Channel
from bot.clock import Clock
from bot.errors import LostLease
from bot.messages import FILES
from bot.reports.duties import forward
from bot.storage import jobs, outbox, people
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.outbox import Delivered, Pending

Lead = Callable[[], jobs.Lease | None]

log = logging.getLogger(__name__)


class End(Enum):
    SENT = auto()
    DROPPED = auto()
    FAILED = auto()
    CLOSED = auto()  # the person blocked the bot; what was to be sent unasked goes to their other account
    BROKE = auto()  # counts as an attempt; the message stays pending


@dataclass(frozen=True)
class Outcome:
    end: End
    id: int
    item: Pending | None = None  # None for what was settled without being under way
    message_id: str = ""


class Marker:
    """Marks outcomes in the order in which they come and reports each to ``marked`` once it is committed.

    While the database is in trouble it keeps them and tries again: a message that was delivered is never forgotten.
    """

    def __init__(
        self,
        db: Database,
        keys: Keyring,
        channel: Channel,
        clock: Clock,
        lead: Lead,
        sleep: Callable[[float], Awaitable[object]],
        random: Random,
        marked: Callable[[Outcome], None],
        carries_files: Collection[str] = FILES,
    ) -> None:
        self._db = db
        self._keys = keys
        self._channel = channel
        self._clock = clock
        self._lead = lead
        self._sleep = sleep
        self._random = random
        self._marked = marked
        self._carries_files = carries_files
        self._outcomes: asyncio.Queue[Outcome] = asyncio.Queue()

    def put(self, outcome: Outcome) -> None:
        self._outcomes.put_nowait(outcome)

    async def all_marked(self) -> None:
        await self._outcomes.join()

    async def run(self) -> None:
        """Mark until cancelled. Raises LostLease."""
        while True:
            batch = [await self._outcomes.get()]
            while not self._outcomes.empty():
                batch.append(self._outcomes.get_nowait())
            await self._write_in_the_end(batch)
            for outcome in batch:
                self._marked(outcome)
                self._outcomes.task_done()

    async def _write_in_the_end(self, batch: list[Outcome]) -> None:
        failures = 0
        while True:
            try:
                return await self._write(batch)
            except LostLease:
                raise
            except Exception as error:
                # Whatever it is, going on without the mark would show these messages again and again.
                failures += 1
                log.error("%d outcomes cannot be marked: %s", len(batch), type(error).__name__)
                await self._sleep(backoff(failures, self._random))

    async def _write(self, batch: list[Outcome]) -> None:
        now, bot = self._clock(), self._channel.bot

        def ids(end: End) -> list[int]:
            return [outcome.id for outcome in batch if outcome.end is end]

        sent = [Delivered(one.item, one.message_id) for one in batch if one.end is End.SENT and one.item]
        closed = [one.item.address for one in batch if one.end is End.CLOSED and one.item]
        async with self._db.write() as tx:
            await require_lead(tx, self._lead)
            await outbox.mark_sent(tx, bot, sent, now)
            await outbox.mark_dropped(tx, ids(End.DROPPED), now)
            await outbox.mark_failed(tx, ids(End.FAILED), now)
            await outbox.count_attempt(tx, ids(End.BROKE))
            for address in closed:
                await people.set_state(tx, self._channel.name, bot, address, people.BLOCKED, now)
                await forward(tx, self._keys, self._channel.name, bot, address, now, self._carries_files)


async def require_lead(tx: Tx, lead: Lead) -> None:
    """Raise LostLease if a lead is needed and another process has it."""
    held = lead()
    if held is not None:
        await jobs.require(tx, held)
