"""Long work: exports and downloads, made outside the writing transaction and delivered through the outbox.

What was asked for is a row (``storage.work``). Whoever leads takes one, reads quickly, renders or fetches without holding
anything, and writes the result in the transaction that also marks the work done. Access is asked again when it runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.clock import Clock, vietnam_day
from bot.conversation.words import Say
from bot.domain.access import Act, may, works_for
from bot.errors import ChannelError, LostLease, Throttled, TransientStorage
from bot.handlers.call import Desk
from bot.handlers.fetching import Download, Fetching, Finish
from bot.handlers.list_files import SAVE, TEMPLATE, ListFiles
from bot.handlers.own_table_files import OwnTableFiles
from bot.handlers.picturing import Picturing
from bot.handlers.printing import PRINT, Printing
from bot.handlers.question_card import FILE
from bot.handlers.received import FETCH, LIST
from bot.handlers.scans import SCAN, Scanning
from bot.handlers.wanted import who_wants
from bot.messages import Attachment
from bot.reports.book import Made, file_name
from bot.reports.people_lists import SHEETS, people_workbook
from bot.reports.people_view import folk, narrowed
from bot.reports.phrases import place
from bot.reports.picture_file import PICTURE
from bot.reports.questions import question_book, read_round
from bot.storage import jobs, openings, outbox, persons, questions, records, work
from bot.storage.database import Database, Tx
from bot.storage.jobs import Lease
from bot.storage.outbox import Post
from bot.storage.own_tables import FILL, READ
from bot.storage.people import Who
from bot.storage.records import Record
from bot.storage.units import UnitTrees
from bot.storage.work import Work
from bot.texts import Voice

log = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEASE = timedelta(minutes=2)  # of one piece of work, in real time


PAUSE = timedelta(minutes=1)  # in real time, before a platform that is in trouble is asked again


@dataclass(frozen=True)
class Kind:
    """One kind of work. ``do`` raises ``ChannelError`` to be asked again later; ``give_up`` tells whoever waits for it."""

    do: Callable[[Work], Awaitable[Finish]]
    give_up: Callable[[Tx, Work], Awaitable[None]]


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
        downloads: Mapping[str, Download] | None = None,
        real_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._db = db
        self._desk = desk
        self._trees = trees
        self._clock = clock
        self._lease = lease
        self._real_now = real_now
        fetching = Fetching(db, desk, trees, clock, downloads or {})
        lists = ListFiles(db, desk, trees, clock, downloads or {}, fetching)
        picturing = Picturing(db, desk, clock)
        scanning = Scanning(db, desk, clock, downloads or {})
        own_tables = OwnTableFiles(db, desk, trees, clock, downloads or {})
        self._kinds: Mapping[str, Kind] = {
            "people_list": Kind(partial(self._for_asker, self._people_list), self._apologise),
            FILE: Kind(partial(self._for_asker, self._question), self._apologise),
            FETCH: Kind(fetching.do, fetching.give_up),
            PRINT: Kind(Printing(db, desk, clock).do, self._apologise),
            PICTURE: Kind(picturing.do, picturing.give_up),
            SCAN: Kind(scanning.do, scanning.give_up),
            READ: Kind(own_tables.read, own_tables.give_up),
            FILL: Kind(own_tables.fill, own_tables.give_up),
            LIST: Kind(lists.read, lists.give_up),
            TEMPLATE: Kind(lists.template, lists.give_up),
            SAVE: Kind(lists.save, lists.give_up),
        }

    async def do_next(self) -> bool:
        """Do one piece of work, or give up one that was begun too often; False if none waits.

        Raises TransientStorage and LostLease.
        """
        async with self._db.write() as tx:
            await self._require(tx)
            piece = await work.take(tx, self._desk.keys, self._real_now(), LEASE)
        if piece is None:
            return False
        if piece.exhausted:
            await self._give_up(piece)
            return True
        try:
            finish = await self._kinds[piece.kind].do(piece)
            async with self._db.write() as tx:
                await self._require(tx)
                await finish(tx)
                await work.finish(tx, piece.id)
        except (TransientStorage, LostLease):
            raise
        except ChannelError as error:
            log.warning("work %s of kind %s is put off: %s", piece.id, piece.kind, type(error).__name__)
            await self._put_off(piece, error)
        except Exception as error:
            log.error("work %s of kind %s failed: %s", piece.id, piece.kind, type(error).__name__)
            await self._give_back(piece)
        return True

    async def waiting(self) -> int:
        async with self._db.read() as tx:
            return await work.waiting(tx)

    async def _put_off(self, piece: Work, why: ChannelError) -> None:
        pause = timedelta(seconds=why.retry_after) if isinstance(why, Throttled) else PAUSE
        async with self._db.write() as tx:
            await self._require(tx)
            await work.put_off(tx, piece.id, self._real_now() + max(pause, PAUSE))

    async def _give_back(self, piece: Work) -> None:
        async with self._db.write() as tx:
            await self._require(tx)
            await work.give_back(tx, piece.id)

    async def _give_up(self, piece: Work) -> None:
        log.error("work %s of kind %s is given up", piece.id, piece.kind)
        async with self._db.write() as tx:
            await self._require(tx)
            await work.fail(tx, piece.id)
            if piece.kind in self._kinds:
                await self._kinds[piece.kind].give_up(tx, piece)

    async def _require(self, tx: Tx) -> None:
        if (held := self._lease()) is not None:
            await jobs.require(tx, held)

    async def _for_asker(self, make: Callable[[Work, Who], Awaitable[Result]], piece: Work) -> Finish:
        """For whoever asked, in the chat from which they did."""
        chat = _chat(piece)
        async with self._db.read() as tx:
            who = await who_wants(tx, self._desk.keys, piece)
        result = await make(piece, who) if who is not None else None

        async def finish(tx: Tx) -> None:
            if result is None or who is None:
                return
            text = Voice(who.language, who.address_form)(result.say)
            file = await outbox.attach(tx, self._desk.keys, piece.id, result.file, self._clock()) if result.file else None
            await outbox.queue(
                tx, self._desk.keys, [Post(*chat, text, attachment=file, dedup_key=f"work:{piece.id}")], self._clock()
            )

        return finish

    async def _apologise(self, tx: Tx, piece: Work) -> None:
        chat = _chat(piece)
        who = await who_wants(tx, self._desk.keys, piece)
        if who is not None:
            text = Voice(who.language, who.address_form)(Say("error.internal", reference=piece.id[:6]))
            await outbox.queue(tx, self._desk.keys, [Post(*chat, text)], self._clock())

    async def _people_list(self, piece: Work, who: Who) -> Result:
        """Everyone on the lists of a unit, as an Excel file."""
        code = str(piece.args["unit"])
        async with self._db.read() as tx:
            tree = await self._trees.on(tx, vietnam_day(piece.as_of))
            if not may(who.roles, Act.SEE_PEOPLE, code, tree):
                return Result(Say("access.denied"))
            units = [unit.code for unit in tree.subtree(code)]
            found = await self._listed(tx, units, piece, may(who.roles, Act.DECIDE, code, tree))
            before = await openings.of_units(tx, self._desk.keys, units) if "what" not in piece.args else []
            files = await persons.files(tx, self._desk.keys, {one.person_id for one in found if one.person_id})
        unit, voice = tree[code], Voice(who.language, who.address_form)
        if not found:
            return Result(Say("list.empty", unit=place(unit)))
        if who.channel not in self._desk.carries_files:
            return Result(Say("list.no_file", unit=place(unit), n=len(found)))
        by_kind = {kind: [record for record in found if record.kind == kind] for kind in SHEETS}
        made = Made(who.name, piece.as_of)
        content = await asyncio.to_thread(
            people_workbook, by_kind, unit, tree, piece.as_of, made, voice, before=before, files=files
        )
        name = file_name("people", voice(place(unit)), vietnam_day(piece.as_of), voice)
        return Result(Say("list.done", unit=place(unit), n=len(found)), Attachment(name, content, XLSX))

    async def _question(self, piece: Work, who: Who) -> Result:
        """What came of a round of a quick question, as an Excel file."""
        async with self._db.read() as tx:
            tree = await self._trees.on(tx, vietnam_day(piece.as_of))
            one = await questions.get(tx, self._desk.keys, str(piece.args["question"]))
            rounds = (await questions.rounds(tx, [str(piece.args["question"])])).values()
            asked = next((round_ for of in rounds for round_ in of if str(round_.day) == piece.args["day"]), None)
            if one is None or asked is None or not works_for(who.roles, one.unit) or one.unit not in tree:
                return Result(Say("access.denied"))
            then = await self._trees.on(tx, asked.day)
            seen = await read_round(tx, self._desk.keys, tree, one, asked, then=then)
        voice, made = Voice(who.language, who.address_form), Made(who.name, piece.as_of)
        content = await asyncio.to_thread(question_book, seen, tree[one.unit].name, made, voice)
        name = file_name("question", tree[one.unit].name, asked.day, voice)
        return Result(Say("question.file", text=one.text), Attachment(name, content, XLSX))

    async def _listed(self, tx: Tx, units: list[str], piece: Work, decides: bool) -> list[Record]:
        """The records of everybody there, or of those alone whom a group or a filter means (``people_view.narrowed``)."""
        keys = self._desk.keys
        if "what" not in piece.args:
            return await persons.newest_of_each(tx, keys, await records.in_units(tx, keys, units, SHEETS))
        meant = await narrowed(tx, keys, await folk(tx, keys, units, piece.as_of, decides), str(piece.args["what"]))
        files = await persons.files(tx, keys, [one.id for one in meant])
        newest = [{record.kind: record for record in file if record.kind in SHEETS} for file in files.values()]
        return [record for found in newest for record in found.values()]


def _chat(piece: Work) -> tuple[str, str, str]:
    return str(piece.args["channel"]), str(piece.args["bot"]), str(piece.args["address"])
