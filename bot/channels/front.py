"""The front of the outbox: which message should leave next, read in pages and only when something may have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from bot.channels.marker import End, Lead, Outcome, require_lead
from bot.clock import Clock
from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.outbox import Lane, Pending

PAGE = 256  # messages read at once
NAMED_IN_SQL = 1000  # more waiting chats than that are told apart here


class Front:
    """The next messages in sending order, as last read. ``settle`` is told of those whose time has passed."""

    def __init__(
        self,
        db: Database,
        bot: str,
        clock: Clock,
        lead: Lead,
        settle: Callable[[Outcome], None],
        quiet: Callable[[datetime], bool],
    ) -> None:
        self._db = db
        self._bot = bot
        self._clock = clock
        self._lead = lead
        self._settle = settle
        self._quiet = quiet
        self._page: list[Pending] = []
        self._more = False  # the queue goes on behind the page
        self._stale = True  # something newer may stand in the queue
        self._left_out: set[str] = set()  # chats without which the page was read
        self._changed: set[str] = set()  # chats whose rows on the page no longer hold
        self.later = False  # something waits for its instant

    def refresh(self) -> None:
        """The queue or the clock has changed."""
        self._stale = True

    def changed(self, chat: str) -> None:
        """A message that was under way stands at the head of this chat again, or all of the chat's are gone."""
        self._changed.add(chat)
        self._stale = True

    def freed(self, chat: str) -> None:
        """This chat need not wait any longer."""
        if chat in self._left_out:
            self._stale = True

    def take(self, item: Pending) -> None:
        self._page.remove(item)

    async def next(self, under_way: set[int], waiting: Callable[[], set[str]]) -> Pending | None:
        """The message to send next. ``under_way`` are ids not to be read again; ``waiting`` are the chats that must wait.

        A function, since chats are freed while the database reads.
        """
        item = self._first(waiting())
        # Hardly anything that was queued since comes before a reply: what is urgent waits for a page of them at most.
        if self._stale and (item is None or item.lane > Lane.REPLY):
            await self._read(under_way)
            item = self._first(waiting())
        if item is None and self._more:
            await self._read(under_way)
            item = self._first(waiting())
        if item is None and self._more:
            # A whole page for chats that must wait; what stands behind it must not wait with them.
            await self._read(under_way, islice(waiting(), NAMED_IN_SQL))
            item = self._first(waiting())
        return item

    def _first(self, waiting: set[str]) -> Pending | None:
        return next((item for item in self._page if item.address not in waiting and item.address not in self._changed), None)

    async def _read(self, under_way: set[int], without: Iterable[str] = ()) -> None:
        # All of this before reading: what changes meanwhile counts for the next time, and an id that is forgotten meanwhile,
        # because its mark was committed, may still look pending to a reader that began before.
        self._stale, self._changed, self._left_out = False, set(), set(without)
        known, now = set(under_way), self._clock()
        async with self._db.read() as tx:
            await require_lead(tx, self._lead)
            quiet = self._quiet(now)
            found = await outbox.pending(tx, self._bot, now, PAGE, known, self._left_out, quiet)
            self.later = not found.more and await outbox.any_later(tx, self._bot, now, quiet)
        self._page, self._more = found.ready, found.more
        for end, ids in ((End.DROPPED, found.expired), (End.FAILED, found.closed)):
            for number in ids:
                self._settle(Outcome(end, number))
