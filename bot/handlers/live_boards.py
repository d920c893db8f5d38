"""Boards that change while nobody touches them: what they show is compared with what is, and edited where it differs.

Whoever changed something touched the units of their roles, so only the boards of those are looked at, and each of the others
once in a while: what is overdue becomes so by itself. Reading is done beside the writer; an edit is queued only if nobody else
queued one meanwhile. How often is the caller's: ``service`` waits between two rounds, so a chat is edited once in that time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

from bot.clock import Clock, vietnam_day
from bot.domain.access import NOTICE_VERSION, works_for
from bot.domain.units import Tree
from bot.handlers.board_facts import read
from bot.handlers.board_view import View, view
from bot.handlers.call import Desk
from bot.messages import EDITS, TEXT_LIMITS, split
from bot.reports.duties import buttons, voice
from bot.storage import jobs, live_boards, outbox, people
from bot.storage.database import Database
from bot.storage.jobs import Lease
from bot.storage.live_boards import BOARD, LiveBoard
from bot.storage.outbox import Lane, Post
from bot.storage.people import Who

LIVE = timedelta(hours=12)
"""For so long after its reader opened it or turned a page a board is kept up to date: a shift."""


class LiveBoards:
    """The boards of one channel."""

    def __init__(self, db: Database, desk: Desk, clock: Clock, lease: Callable[[], Lease | None]) -> None:
        self._db = db
        self._desk = desk
        self._clock = clock
        self._lease = lease
        self._touched: set[str] = set()

    def touch(self, units: Collection[str]) -> None:
        """Somebody who works at these units did something, on whichever channel."""
        self._touched.update(units)

    async def refresh(self, channel: str, bot: str, everything: bool = False) -> bool:
        """Queue an edit for each board that shows something else than what is; whether there was one.

        Looks at the boards of what was touched since the last time, or at all. Raises TransientStorage and LostLease.
        """
        touched, self._touched = None if everything else self._touched, set()
        if not EDITS[channel] or touched == set():
            return False
        posts = await self._changed(channel, bot, touched)
        for former, name, fingerprint, post in posts:
            async with self._db.write() as tx:
                if (held := self._lease()) is not None:
                    await jobs.require(tx, held)
                if await live_boards.shows(tx, former, name, fingerprint):
                    await outbox.queue(tx, self._desk.keys, [post], self._clock())
        return bool(posts)

    async def _changed(self, channel: str, bot: str, touched: Collection[str] | None) -> list[tuple[LiveBoard, str, str, Post]]:
        now = self._clock()
        async with self._db.read() as tx:
            live = [one for one in await live_boards.of_channel(tx, channel, bot, now - LIVE) if one.message is not None]
            if not live:
                return []
            tree = await self._desk.trees.on(tx, vietnam_day(now))
            live = [one for one in live if one.unit in tree and _concerns(tree, one.unit, touched)]
            readers = await people.at_addresses(tx, self._desk.keys, channel, bot, {one.address for one in live})
            live = [one for one in live if _may_read(readers.get(one.address), one.unit)]
            seen = {unit: await read(tx, self._desk, tree, unit, now) for unit in sorted({one.unit for one in live})}
        found = []
        for one in live:
            shown, who = view(seen[one.unit], one.page, channel, now), readers[one.address]
            fingerprint = shown.fingerprint(voice(who))
            if fingerprint != one.shown:
                name = f"{BOARD}{self._desk.new_id()}"
                found.append((one, name, fingerprint, _edit(one, who, shown, name)))
        return found


def _may_read(who: Who | None, unit: str) -> bool:
    return who is not None and who.state == people.OPEN and who.notice_version == NOTICE_VERSION and works_for(who.roles, unit)


def _concerns(tree: Tree, unit: str, touched: Collection[str] | None) -> bool:
    return touched is None or any(tree.within(one, unit) or tree.within(unit, one) for one in touched)


def _edit(former: LiveBoard, who: Who, shown: View, name: str) -> Post:
    """The board as it is now, in the message that showed it. Longer than one message takes, its end is left out."""
    said = voice(who)
    text = "\n".join(said(line) for line in (shown.title, *shown.lines))
    return Post(
        channel=former.channel,
        bot=former.bot,
        address=former.address,
        text=split(text, TEXT_LIMITS[former.channel])[0],
        buttons=buttons(who, *shown.rows),
        lane=Lane.DUTY,
        edits_message=former.message,
        dedup_key=name,
    )
