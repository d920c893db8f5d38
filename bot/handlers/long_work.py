"""Long work: exports, made outside the writing transaction and delivered through the outbox.

What was asked for is a row (``storage.work``). Whoever leads takes one, reads quickly, renders without holding anything, and
queues the result in the transaction that also marks the work done. Access is asked again when it runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock, vietnam_day
from bot.conversation.words import Say
from bot.domain.access import Act, may
from bot.errors import LostLease, TransientStorage
from bot.handlers.call import Desk
from bot.messages import Attachment
from bot.reports.book import Made, file_name
from bot.reports.people_lists import SHEETS, people_workbook
from bot.reports.phrases import place
from bot.storage import jobs, outbox, people, records, work
from bot.storage.database import Database, Tx
from bot.storage.jobs import Lease
from bot.storage.outbox import Post
from bot.storage.people import Who
from bot.storage.units import UnitTrees
from bot.storage.work import Work
from bot.texts import Voice

log = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEASE = timedelta(minutes=2)  # of one piece of work, in real time


@dataclass(frozen=True)
class Result:
    """A sentence for whoever asked, and perhaps a file."""

    say: Say
    file: Attachment | None = None


class Workshop:
    """Does what waits, one piece at a time."""

    def __init__(
        self,
        db: Database,
        desk: Desk,
        trees: UnitTrees,
        clock: Clock,
        lease: Callable[[], Lease | None],
        real_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._db = db
        self._desk = desk
        self._trees = trees
        self._clock = clock
        self._lease = lease
        self._real_now = real_now
        self._kinds: Mapping[str, Callable[[Work, Who], Awaitable[Result]]] = {"people_list": self._people_list}

    async def do_next(self) -> bool:
        """Do one piece of work; False if none waits. Raises TransientStorage and LostLease."""
        async with self._db.write() as tx:
            await self._require(tx)
            piece = await work.take(tx, self._desk.keys, self._real_now(), LEASE)
        if piece is None:
            return False
        try:
            await self._do(piece)
        except (TransientStorage, LostLease):
            raise
        except Exception as error:
            log.error("work %s of kind %s failed: %s", piece.id, piece.kind, type(error).__name__)
            await self._give_back(piece)
        return True

    async def waiting(self) -> int:
        async with self._db.read() as tx:
            return await work.waiting(tx)

    async def _do(self, piece: Work) -> None:
        channel, bot, address = (str(piece.args[key]) for key in ("channel", "bot", "address"))
        async with self._db.read() as tx:
            who = (await people.at_addresses(tx, self._desk.keys, channel, bot, [address])).get(address)
        result = await self._kinds[piece.kind](piece, who) if who is not None else None
        async with self._db.write() as tx:
            await self._require(tx)
            if result is not None and who is not None:
                voice = Voice(who.language, who.address_form)
                file = await outbox.attach(tx, self._desk.keys, piece.id, result.file, self._clock()) if result.file else None
                post = Post(channel, bot, address, voice(result.say), attachment=file, dedup_key=f"work:{piece.id}")
                await outbox.queue(tx, self._desk.keys, [post], self._clock())
            await work.finish(tx, piece.id)

    async def _give_back(self, piece: Work) -> None:
        async with self._db.write() as tx:
            await self._require(tx)
            if piece.attempts < work.MOST_ATTEMPTS:
                await work.give_back(tx, piece.id)
                return
            await work.fail(tx, piece.id)
            channel, bot, address = (str(piece.args[key]) for key in ("channel", "bot", "address"))
            who = (await people.at_addresses(tx, self._desk.keys, channel, bot, [address])).get(address)
            if who is not None:
                text = Voice(who.language, who.address_form)(Say("error.internal", reference=piece.id[:6]))
                await outbox.queue(tx, self._desk.keys, [Post(channel, bot, address, text)], self._clock())

    async def _require(self, tx: Tx) -> None:
        if (held := self._lease()) is not None:
            await jobs.require(tx, held)

    async def _people_list(self, piece: Work, who: Who) -> Result:
        """Everyone on the lists of a unit, as an Excel file."""
        code = str(piece.args["unit"])
        async with self._db.read() as tx:
            tree = await self._trees.on(tx, vietnam_day(piece.as_of))
            if not may(who.roles, Act.SEE_PEOPLE, code, tree):
                return Result(Say("access.denied"))
            units = [unit.code for unit in tree.subtree(code)]
            found = await records.in_units(tx, self._desk.keys, units, SHEETS)
        unit, voice = tree[code], Voice(who.language, who.address_form)
        if not found:
            return Result(Say("list.empty", unit=place(unit)))
        if who.channel not in self._desk.carries_files:
            return Result(Say("list.no_file", unit=place(unit), n=len(found)))
        by_kind = {kind: [record for record in found if record.kind == kind] for kind in SHEETS}
        made = Made(who.name, piece.as_of)
        content = await asyncio.to_thread(people_workbook, by_kind, unit, tree, piece.as_of, made, voice)
        name = file_name("people", voice(place(unit)), vietnam_day(piece.as_of), voice)
        return Result(Say("list.done", unit=place(unit), n=len(found)), Attachment(name, content, XLSX))
