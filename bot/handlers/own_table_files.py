"""The long work of a unit's own table: reading the template that an officer sent, and filling a copy for a day.

The original is never changed. Nothing of a template is used until an officer has confirmed it (``handlers.own_table``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from bot.clock import Clock, vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, OVERSEERS, offices
from bot.domain.units import COMMUNE
from bot.handlers.call import Desk
from bot.handlers.fetching import Download, Finish, fetched
from bot.handlers.wanted import who_wants
from bot.messages import Attachment, Media
from bot.reports import issued
from bot.reports.book import file_name
from bot.reports.counters import counters
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.own_figures import Told, scopes, told
from bot.reports.own_look import Looked, heading
from bot.reports.own_process import look_apart
from bot.reports.own_table import Filled, Refused, TableMap, fill, restored, stored
from bot.reports.phrases import HOME, instant, place, places
from bot.reports.questions import named
from bot.reports.remarks import remarks
from bot.storage import digests, outbox, own_tables
from bot.storage.database import Database, Tx
from bot.storage.own_tables import Draft
from bot.storage.people import Who
from bot.storage.units import UnitTrees
from bot.storage.work import Work
from bot.texts import Voice

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN = Choice("do:table", Say("menu.table"))


class OwnTableFiles:
    """``downloads`` is by channel."""

    def __init__(self, db: Database, desk: Desk, trees: UnitTrees, clock: Clock, downloads: Mapping[str, Download]) -> None:
        self._db = db
        self._desk = desk
        self._trees = trees
        self._clock = clock
        self._downloads = downloads

    async def give_up(self, tx: Tx, piece: Work) -> None:
        """It broke too often."""
        who = await who_wants(tx, self._desk.keys, piece)
        if who is not None:
            await self._tell(piece, who, [Say("error.internal", reference=piece.id[:6])], tx)

    # --- reading --------------------------------------------------------------------------------------------------------

    async def read(self, piece: Work) -> Finish:
        """Look at what was sent, or again at a draft of which a sheet was chosen. Raises ``ChannelError`` as fetching does."""
        async with self._db.read() as tx:
            who = await who_wants(tx, self._desk.keys, piece)
            tree = await self._trees.on(tx, vietnam_day(piece.as_of))
            draft = await own_tables.draft_of(tx, self._desk.keys, who.id) if who is not None else None
            units = offices(who.roles, tree) if who is not None else []
            newest = {unit: await own_tables.latest(tx, self._desk.keys, unit) for unit in units}
        if who is None or not units:
            return _nothing
        sheet = None
        if "draft" in piece.args:
            if draft is None or draft.id != piece.args["draft"]:
                return _nothing
            name, content, sheet = draft.name, draft.content, draft.sheets[int(piece.args["sheet"])]
        else:
            sent = Media(**piece.args["media"])
            content = await fetched(self._downloads, who.channel, sent, piece.as_of, self._clock())
            name = sent.name or ""
        if not content:
            return partial(self._tell, piece, who, [Say("own_table.lost")])
        former = {unit: restored(one.mapping) for unit, one in newest.items() if one is not None and one.mapping is not None}
        found = await look_apart(content, scopes(tree, units), former, sheet)
        unit = found.unit if isinstance(found, Looked) else units[0]
        version = newest[unit]
        began = Draft(self._desk.new_id(), unit, version.version if version is not None else 0, name, content)
        if isinstance(found, Refused):
            return partial(self._refuse, piece, who, found, began)
        return partial(self._propose, piece, who, found, former.get(unit), began)

    async def _refuse(self, piece: Work, who: Who, found: Refused, began: Draft, tx: Tx) -> None:
        if found.sheets:
            draft = replace(began, sheets=found.sheets)
            await own_tables.keep(tx, self._desk.keys, who.id, draft, self._clock())
        await self._tell(piece, who, [found.say], tx, [OPEN, HOME] if found.sheets else [HOME])

    async def _propose(self, piece: Work, who: Who, found: Looked, former: TableMap | None, began: Draft, tx: Tx) -> None:
        paths = {field.key: heading(field.path) for field in found.template.fields}
        paths |= {row.key: row.name for row in found.table.rows}
        if former is not None:
            paths = {column.key: heading(column.path) for column in former.columns} | paths
            paths = {row.key: row.name for row in former.rows} | paths
        changes = [found.changes.columns, found.changes.rows] if found.changes is not None else []
        draft = replace(
            began,
            mapping=stored(found.table),
            added=tuple(paths[key] for one in changes for key in one.added),
            removed=tuple(paths[key] for one in changes for key in one.removed),
            renamed=tuple(paths[new] for one in changes for _, new in one.renamed),
            notices=tuple((notice.key, notice.params) for notice in found.template.notices),
        )
        await own_tables.keep(tx, self._desk.keys, who.id, draft, self._clock())
        await self._tell(piece, who, [*summary(draft, found.table), Say("own_table.not_yet")], tx, [OPEN, HOME])

    # --- filling --------------------------------------------------------------------------------------------------------

    async def fill(self, piece: Work) -> Finish:
        """Fill the table that is in force on a day with the figures of that day, as issued if they were."""
        unit, day = str(piece.args["unit"]), date.fromisoformat(str(piece.args["day"]))
        async with self._db.read() as tx:
            who = await who_wants(tx, self._desk.keys, piece)
            tree = await self._trees.on(tx, day)
            version = await own_tables.in_force(tx, self._desk.keys, unit, day)
            if unit not in tree or version is None or version.content is None:
                return partial(self._tell, piece, who, [Say("own_table.none")]) if who is not None else _nothing
            made = await digests.latest(tx, unit, issued.MORNING, day)
            if made is not None:
                known = await issued.read_then(tx, tree, made)
            else:
                known = await issued.read_now(tx, tree, unit, issued.MORNING, day, piece.as_of)
            asked = (await counters(tx, self._desk.keys, tree, [unit], day, known.as_of)).get(unit, ())
            said = await remarks(tx, self._desk.keys, tree, unit, day) if tree[unit].level == COMMUNE else {}
        table = restored(version.mapping)
        figures = told(tree, unit, table, known, self._desk.timetable, said, asked)
        filled = await asyncio.to_thread(fill, version.content, table, figures.values)
        if isinstance(filled, Refused):
            lines = [Say("own_table.not_filled"), filled.say]
            return partial(self._deliver, piece, unit, who, lines, None)
        name = file_name("own_table", tree[unit].name, day, Voice("vi"))
        lines = [
            Say("own_table.filled.title", unit=place(tree[unit]), day=day, n=version.version),
            Say(f"own_table.filled.{'issued' if made is not None else 'now'}", at=instant(known.as_of)),
            *_gaps(figures, filled),
        ]
        return partial(self._deliver, piece, unit, who, lines, Attachment(name, filled.content, XLSX))

    async def _deliver(
        self, piece: Work, unit: str, who: Who | None, lines: Sequence[Say], file: Attachment | None, tx: Tx
    ) -> None:
        if "address" in piece.args:
            readers = [who] if who is not None else []
        else:
            held = await holding(tx, self._desk.keys, [unit], COMMUNE_ROLES | OVERSEERS)
            readers = held.get(unit, [])
        for reader in readers:
            await self._tell(piece, reader, lines, tx, [OPEN, HOME], file)

    # --- telling --------------------------------------------------------------------------------------------------------

    async def _tell(
        self,
        piece: Work,
        who: Who,
        lines: Sequence[Say],
        tx: Tx,
        choices: Sequence[Choice] = (HOME,),
        file: Attachment | None = None,
    ) -> None:
        attached = await outbox.attach(tx, self._desk.keys, piece.id, file, self._clock()) if file is not None else None
        posts = duty(
            who,
            "\n".join(voice(who)(line) for line in lines),
            f"work:{piece.id}:{who.id}",
            buttons=buttons(who, choices),
            attachment=attached,
            carries_files=self._desk.carries_files,
        )
        await outbox.queue(tx, self._desk.keys, posts, self._clock())


def summary(draft: Draft, table: TableMap) -> list[Say]:
    """What was read of a template, what changed since the one in force, and what there is to know about the file."""
    filled = sum(column.target is not None for column in table.columns)
    lines = [
        Say("own_table.read", sheet=table.sheet, rows=len(table.rows), columns=len(table.columns)),
        Say("own_table.understood", n=filled, rows=sum(row.unit is not None for row in table.rows)),
    ]
    if asked := len(table.open_columns) + len(table.open_rows):
        lines.append(Say("own_table.asked", n=asked))
    if draft.based_on:
        parts = {"added": draft.added, "removed": draft.removed, "renamed": draft.renamed}
        lines += [
            Say(f"own_table.changed.{key}", what=[Say("reports.as_written", value=one) for one in names])
            for key, names in parts.items()
            if names
        ] or [Say("own_table.changed.nothing")]
    return [*lines, *(Say(f"own_table.notice.{key}", **params) for key, params in draft.notices)]


def _gaps(figures: Told, filled: Filled) -> list[Say]:
    lines = []
    if figures.silent:
        lines.append(Say("own_table.filled.silent", units=places(figures.silent)))
    if figures.gone:
        lines.append(Say("own_table.filled.gone", units=[Say("reports.as_written", value=name) for name in figures.gone]))
    lines += [Say("own_table.filled.unanswered", text=text, units=named(units)) for text, units in figures.unanswered]
    if filled.empty:
        lines.append(Say("own_table.filled.empty", n=filled.empty))
    if filled.gaps:
        lines.append(Say("own_table.filled.kept", n=len(filled.gaps)))
    return lines


async def _nothing(tx: Tx) -> None:
    """Whoever asked is no longer there, or something else took its place."""
