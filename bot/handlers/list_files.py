"""Lists of people that come as a file (A17): read as long work, shown as counts, filed piece by piece once confirmed.

What was read waits as what was pasted does (``storage.pasted``), and whoever is perhaps known is asked about on the same card.
A message about a file is pushed and holds counts only; names are behind its buttons and in the file that comes back.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import PurePath

from bot.clock import Clock, vietnam_day
from bot.conversation.form import label
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, is_official, may, offices, villages_of
from bot.domain.deadlines import nudge_key
from bot.domain.lists import Fault, Place, Row
from bot.domain.units import COMMUNE, Tree
from bot.handlers import officers
from bot.handlers.call import Call, Desk
from bot.handlers.duplicates import Around, around
from bot.handlers.fetching import Download, Fetching, Finish, fetched
from bot.handlers.pasting import file_item
from bot.handlers.received import is_table
from bot.handlers.wanted import want, who_wants
from bot.messages import Attachment, Media
from bot.reports.duties import buttons
from bot.reports.list_file import Mark
from bot.reports.list_process import Lists, lists_apart, marked_apart
from bot.reports.list_template import template as empty_lists
from bot.reports.phrases import HOME, place
from bot.storage import media, outbox, own_tables, pasted, records, work
from bot.storage.database import Database, Tx
from bot.storage.media import MediaItem
from bot.storage.outbox import Post
from bot.storage.pasted import Item, Pasted
from bot.storage.people import Who
from bot.storage.units import UnitTrees
from bot.storage.work import Work
from bot.texts import Voice

log = logging.getLogger(__name__)

SAVE = "list_save"
"""The kind of work that files what was read."""

TEMPLATE = "list_template"
"""The kind of work that makes the empty lists."""

AT_ONCE = 50  # people filed in one transaction: whoever writes meanwhile waits no longer than for that


@dataclass(frozen=True)
class _Sorted:
    """The rows of a file: ``new`` ones in their order, how many of them are perhaps known, and the others by number of row."""

    new: tuple[tuple[str, Row, Item], ...] = ()
    alike: int = 0
    known: int = 0
    bad: tuple[tuple[str, Row], ...] = ()


# --- reading ----------------------------------------------------------------------------------------------------------


class ListFiles:
    """The long work of files with lists. ``downloads`` is by channel."""

    def __init__(
        self,
        db: Database,
        desk: Desk,
        trees: UnitTrees,
        clock: Clock,
        downloads: Mapping[str, Download],
        fetching: Fetching,
    ) -> None:
        self._db = db
        self._desk = desk
        self._trees = trees
        self._clock = clock
        self._downloads = downloads
        self._fetching = fetching

    async def read(self, piece: Work) -> Finish:
        """Read a file; what is to be written about it. Raises ``ChannelError`` if it is worth trying again later."""
        sent = Media(**piece.args["media"])
        async with self._db.read() as tx:
            who = await who_wants(tx, self._desk.keys, piece)
            tree = await self._trees.on(tx, vietnam_day(piece.as_of))
        if who is None:
            return _nothing
        content = await fetched(self._downloads, who.channel, sent, piece.as_of, self._clock())
        if not content:
            return partial(self._tell, piece, who, [Say("lists.lost")])
        name = sent.name or ""
        places = [Place(unit.code, (unit.name, Voice("vi")(place(unit)))) for unit in villages_of(who.roles, Act.REPORT, tree)]
        lists = await lists_apart(name, content, places, vietnam_day(piece.as_of))
        if lists.refused:
            return partial(self._refuse, piece, who, tree, sent, lists.refused, content)
        found = await self._sort(who, tree, name, lists)
        file = await self._marked(who, name, content, lists, found) if found.bad else None
        return partial(self._offer, piece, who, lists, found, file)

    async def give_up(self, tx: Tx, piece: Work) -> None:
        """It broke too often."""
        who = await who_wants(tx, self._desk.keys, piece)
        if who is not None:
            await self._tell(piece, who, [Say("error.internal", reference=piece.id[:6])], tx)

    async def _sort(self, who: Who, tree: Tree, name: str, lists: Lists) -> _Sorted:
        rows = [(tab, sheet.form, row) for tab, sheet in lists.sheets.items() for row in sheet.rows]
        async with self._db.read() as tx:
            codes = {row.code for _, _, row in rows} | {str(row.answers.get("source_case") or "") for _, _, row in rows}
            there = await records.as_known(tx, self._desk.keys, codes - {""})
            units = sorted({row.unit for _, _, row in rows if row.unit})
            near = await _around(tx, self._desk, tree, who, units)
        seen = {one.id for one in there.values() if not one.void and may(who.roles, Act.SEE_PEOPLE, one.unit, tree)}
        cases = {one.id for one in there.values() if one.id in seen and one.kind == "f0"}
        voice = _voice(who)
        known, bad, new = 0, [], []
        for tab, form, row in rows:
            if row.code in seen:
                known += 1
            elif faulty := _checked(row, cases):
                bad.append((tab, faulty))
            else:
                line = voice(Say("lists.source", name=name, row=row.number + 1))
                new.append((tab, row, Item(self._desk.new_id(), form, row.unit, dict(row.answers), line)))
        alike = await asyncio.to_thread(_alike, [item for _, _, item in new], near, self._clock())
        return _Sorted(tuple(new), alike, known, tuple(bad))

    async def _marked(self, who: Who, name: str, content: bytes, lists: Lists, found: _Sorted) -> Attachment | None:
        """The file with what is wrong beside each row, and the numbers under which the others are filed."""
        voice = _voice(who)
        marks: dict[str, dict[int, Mark]] = {tab: {} for tab in lists.sheets}
        for tab, row, item in found.new:
            marks[tab][row.number] = Mark(item.record, "")
        for tab, row in found.bad:
            marks[tab][row.number] = Mark("", self._wrong(voice, lists.sheets[tab].form, row.faults))
        sheets = {tab: (sheet.heading, sheet.code_at, marks[tab]) for tab, sheet in lists.sheets.items()}
        titles = Mark(voice.word("reports.list.column.code"), voice.word("lists.column"))
        back = await marked_apart(name, content, sheets, titles)
        suffix = PurePath(name).suffix.lower()
        return Attachment(voice.word("lists.file_name") + suffix, back) if back is not None else None

    def _wrong(self, voice: Voice, form: str, faults: Sequence[Fault]) -> str:
        names = {one.field: self._label(form, one.field) for one in faults}
        missing = [names[one.field] for one in faults if one.key == "lists.missing"]
        said = [Say("lists.missing", fields=missing)] if missing else []
        said += [
            Say("lists.fault", label=names[one.field], problem=Say(one.key, **one.params))
            for one in faults
            if one.key != "lists.missing"
        ]
        return "; ".join(voice(one).strip() for one in said)

    def _label(self, form: str, field: str) -> Say:
        return Say("reports.list.column.village") if field == "village" else label(self._desk.forms[form], field)

    # --- what is said of it -----------------------------------------------------------------------------------------------

    async def _offer(self, piece: Work, who: Who, lists: Lists, found: _Sorted, file: Attachment | None, tx: Tx) -> None:
        items = tuple(item for _, _, item in found.new)
        kinds = Counter(item.form for item in items)
        lines = [Say("lists.read", n=sum(len(sheet.rows) for sheet in lists.sheets.values()))]
        lines += [Say("lists.good", n=n, form=Say(f"form.{form}.title")) for form, n in kinds.items()]
        if found.known:
            lines.append(Say("lists.known", n=found.known))
        if found.bad:
            lines.append(Say("lists.bad" if file else "lists.bad_without_file", n=len(found.bad)))
        if found.alike:
            lines.append(Say("lists.alike", n=found.alike))
        rows: list[tuple[Choice, ...]] = [(HOME,)]
        if items:
            kept = Pasted(self._desk.new_id(), items, (), ())
            await pasted.keep(tx, self._desk.keys, who.id, kept, self._clock())
            look = Choice(f"do:paste:{kept.id}", Say("lists.look"))
            rows = [(look, Choice(f"do:paste_no:{kept.id}", Say("lists.drop"))), (HOME,)]
            if sure := len(items) - found.alike:
                rows.insert(0, (Choice(f"do:file_send:{kept.id}", Say("lists.send", n=sure)),))
                lines.append(Say("lists.not_yet"))
        await self._tell(piece, who, lines, tx, rows, file)

    async def _refuse(self, piece: Work, who: Who, tree: Tree, sent: Media, why: str, content: bytes, tx: Tx) -> None:
        """No list can be read: an official's may be their own table, a team's file goes to its commune as every file does."""
        if why not in ("nobody", "too_many_rows") and offices(who.roles, tree) and is_table(sent):
            args = {name: piece.args[name] for name in ("channel", "bot", "address", "media")}
            asked = Work(self._desk.new_id(), own_tables.READ, args, who.id, piece.as_of)
            await work.ask(tx, self._desk.keys, asked, self._clock())
            return
        lines = [Say(f"lists.refused.{why}")]
        villages = [unit.code for unit in villages_of(who.roles, Act.REPORT, tree)]
        commune = next((up for village in villages if (up := tree.above(village, COMMUNE))), None)
        team = not is_official(who.roles) and commune is not None
        if team and why != "nobody" and commune is not None and await officers.who_types_in(tx, self._desk.keys, commune.code):
            day = self._desk.timetable.reporting_day(piece.as_of)
            unit = villages[0] if len(villages) == 1 else commune.code
            caption = str(piece.args["caption"])
            chat = (who.channel, who.bot, who.address)
            item = MediaItem(self._desk.new_id(), *chat, who.id, unit, day, sent, caption, piece.as_of)
            await media.add(tx, self._desk.keys, item)
            await outbox.cancel(tx, [nudge_key(village, day) for village in villages], piece.as_of)
            await self._fetching.put_before_officers(item, content, tx)
            lines.append(Say("media.received", what=Say(f"media.kind.{sent.kind}")))
        await self._tell(piece, who, lines, tx)

    async def _tell(
        self,
        piece: Work,
        who: Who,
        lines: Sequence[Say],
        tx: Tx,
        rows: Sequence[Sequence[Choice]] = ((HOME,),),
        file: Attachment | None = None,
    ) -> None:
        attached = await outbox.attach(tx, self._desk.keys, piece.id, file, self._clock()) if file else None
        text = "\n".join(_voice(who)(line) for line in lines)
        post = Post(who.channel, who.bot, who.address, text, buttons(who, *rows), attachment=attached)
        await outbox.queue(tx, self._desk.keys, [replace(post, dedup_key=f"work:{piece.id}")], self._clock())

    async def template(self, piece: Work) -> Finish:
        """The empty lists, for whoever asked."""
        async with self._db.read() as tx:
            who = await who_wants(tx, self._desk.keys, piece)
            unit = (await self._trees.on(tx, vietnam_day(piece.as_of))).get(str(piece.args["unit"]))
        if who is None or unit is None:
            return _nothing
        content = await asyncio.to_thread(empty_lists, unit, vietnam_day(piece.as_of), _voice(who))
        file = Attachment(_voice(who).word("lists.template.file_name"), content)
        return partial(self._tell, piece, who, [Say("lists.template.here")], rows=((HOME,),), file=file)

    # --- filing -----------------------------------------------------------------------------------------------------------

    async def save(self, piece: Work) -> Finish:
        """File the next of what was confirmed, in the transaction that ends this piece and asks for the next."""
        return partial(self._save, piece)

    async def _save(self, piece: Work, tx: Tx) -> None:
        who = await who_wants(tx, self._desk.keys, piece)
        kept = await pasted.of_user(tx, self._desk.keys, who.id) if who is not None else None
        if who is None or kept is None or kept.id != piece.args["paste"]:
            return
        tree = await self._trees.on(tx, vietnam_day(piece.as_of))
        begin = int(piece.args["from"])
        here = [item for item in kept.items[begin : begin + AT_ONCE] if not item.dropped]
        filed = set(await records.as_known(tx, self._desk.keys, [item.record for item in here]))
        near = await _around(tx, self._desk, tree, who, sorted({item.unit for item in here}))
        for item in here:
            if item.record not in filed and may(who.roles, Act.REPORT, item.unit, tree):
                await file_item(tx, self._desk, tree, who, item, near[item.unit], piece.as_of)
        if begin + AT_ONCE < len(kept.items):
            rest = {**piece.args, "from": begin + AT_ONCE}
            await work.ask(tx, self._desk.keys, Work(self._desk.new_id(), SAVE, rest, who.id, piece.as_of), self._clock())
            return
        await self._saved(piece, who, kept, tx)

    async def _saved(self, piece: Work, who: Who, kept: Pasted, tx: Tx) -> None:
        items = [item for item in kept.items if not item.dropped]
        done = await records.as_known(tx, self._desk.keys, [item.record for item in items])
        lines, rows = [Say("paste.filed", n=len(done))], [(HOME,)]
        if left := len(items) - len(done):
            lines.append(Say("lists.left", n=left))
            rows.insert(0, (Choice(f"do:paste:{kept.id}", Say("lists.look")),))
        else:
            await pasted.forget(tx, who.id)
        await self._tell(piece, who, lines, tx, rows)


async def send(call: Call, paste: str) -> None:
    """File everybody of a file who lacks nothing and resembles nobody known."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    if kept is None or kept.id != paste:
        call.say(Say("paste.over"), rows=((HOME,),), fresh=True)
        return
    await want(call, SAVE, paste=paste, **{"from": 0})
    call.say(Say("lists.saving"), rows=((HOME,),), fresh=True)


async def _nothing(tx: Tx) -> None:
    """Whoever sent it is no longer there."""


def _voice(who: Who) -> Voice:
    return Voice(who.language, who.address_form)


async def _around(tx: Tx, desk: Desk, tree: Tree, who: Who, units: Sequence[str]) -> dict[str, Around]:
    """By village; those of one commune share what is read of it."""
    shared: dict[str, Around] = {}
    found = {}
    for unit in units:
        commune = tree.above(unit, COMMUNE)
        key = commune.code if commune else unit
        if key not in shared:
            shared[key] = await around(tx, desk, tree, who, unit)
        found[unit] = shared[key].asking(who.roles, unit, tree)
    return found


def _checked(row: Row, cases: set[str]) -> Row | None:
    """The row with what is wrong about it; None if nothing is."""
    source = row.answers.get("source_case")
    if source is not None and source not in cases:
        row = replace(row, faults=(*row.faults, Fault("source_case", "lists.no_case", {})))
    return row if row.faults else None


def _alike(items: Sequence[Item], near: Mapping[str, Around], at: datetime) -> int:
    """How many of these are perhaps known, or stand above in the same file."""
    n = 0
    for item in items:
        around_ = near[item.unit]
        if around_.asked(around_.alike(item.answers)):
            n += 1
        around_.add(item.record, item.unit, item.answers, at)
    return n
