"""The papers of one version of a unit's figures: Word file, PDF, Excel table. Made once and kept: all get the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.units import COMMUNE, OrgUnit, Tree
from bot.handlers.call import Desk
from bot.messages import Attachment
from bot.reports import issued
from bot.reports.book import Made, file_name
from bot.reports.counters import counters
from bot.reports.figures import Known
from bot.reports.issued import Reading
from bot.reports.letter import DOCX, letter, own_letterhead
from bot.reports.own_figures import told
from bot.reports.own_table import Refused, TableMap, Values, fill, restored
from bot.reports.pdf import PDF
from bot.reports.remarks import NO_REMARKS, Remarks, remarks
from bot.reports.table_file import XLSX, table
from bot.storage import digests, outbox, own_tables
from bot.storage.database import Database, Tx
from bot.texts import Voice


@dataclass(frozen=True)
class Edition:
    """One version of a unit's figures."""

    unit: str
    kind: str
    day: date
    version: int

    @property
    def key(self) -> str:
        return f"{self.unit}:{self.kind}:{self.day}:{self.version}"

    def written(self) -> dict[str, str | int]:
        """For the arguments of long work; ``read`` reads it."""
        return {"unit": self.unit, "kind": self.kind, "day": self.day.isoformat(), "version": self.version}

    @staticmethod
    def read(args: Mapping[str, Any]) -> Edition:
        return Edition(args["unit"], args["kind"], date.fromisoformat(args["day"]), args["version"])


@dataclass(frozen=True)
class Papers:
    """``pdf`` is None where there is no LibreOffice or where it failed; ``own`` is the unit's own table, if it has one."""

    reading: Reading
    letter: Attachment
    pdf: Attachment | None
    table: Attachment | None = None
    own: Attachment | None = None

    @property
    def files(self) -> list[Attachment]:
        return [file for file in (self.own, self.table, self.letter, self.pdf) if file is not None]


@dataclass(frozen=True)
class _Material:
    reading: Reading
    superior: OrgUnit | None
    remarks: Remarks
    letter: Attachment | None
    pdf: Attachment | None
    table: Attachment | None
    own: _Own | None


@dataclass(frozen=True)
class _Own:
    """A unit's own table and what it is filled with."""

    template: bytes
    table: TableMap
    values: Values


async def make(db: Database, desk: Desk, edition: Edition, *, with_table: bool = False) -> Papers | None:
    """The papers of a version, in the installation's language; None if there is no such version.

    Nothing is held while they are rendered. ``keep`` them, and the next call gives the same files.
    """
    async with db.read() as tx:
        found = await _read(tx, desk, edition, with_table)
    if found is None:
        return None
    written = found.letter
    if written is None:
        written = await asyncio.to_thread(_letter, desk, edition, found)
    printed = found.pdf if found.pdf is not None else await _pdf(desk, edition, written)
    own = await asyncio.to_thread(_own_table, edition, found) if found.own is not None else None
    return Papers(found.reading, written, printed, found.table, own)


async def keep(tx: Tx, desk: Desk, papers: Papers, edition: Edition) -> None:
    """Store the files under their ids; those of a version are stored once."""
    made = await digests.at_version(tx, edition.unit, edition.kind, edition.day, edition.version)
    if made is not None:
        for file in papers.files:
            await outbox.attach(tx, desk.keys, file.id, file, made.issued_at)


async def _read(tx: Tx, desk: Desk, edition: Edition, with_table: bool) -> _Material | None:
    made = await digests.at_version(tx, edition.unit, edition.kind, edition.day, edition.version)
    if made is None:
        return None
    tree = await desk.trees.on(tx, edition.day)
    reading = await issued.read(tx, tree, made)
    parent = reading.figures.unit.parent
    stored = {ending: await outbox.read_attachment(tx, desk.keys, _id(edition, ending)) for ending in ("docx", "pdf", "xlsx")}
    excel, own, said = stored["xlsx"], None, await remarks(tx, desk.keys, tree, edition.unit, edition.day)
    if with_table:
        known = await issued.read_then(tx, tree, made)
        if excel is None:
            file = await table(
                tx, desk.keys, tree, desk.timetable, reading.figures, known, desk.language, issued.cumulative_from(edition.kind)
            )
            excel = replace(file, id=_id(edition, "xlsx"))
        own = await _own(tx, desk, edition, tree, known, said)
    return _Material(
        reading=reading,
        superior=tree.get(parent) if parent else None,
        remarks=said,
        letter=stored["docx"],
        pdf=stored["pdf"],
        table=excel if with_table else None,
        own=own,
    )


async def _own(tx: Tx, desk: Desk, edition: Edition, tree: Tree, known: Known, said: Remarks) -> _Own | None:
    """The template in force for a day's report, with what it is filled with."""
    version = await own_tables.in_force(tx, desk.keys, edition.unit, edition.day) if edition.kind == issued.MORNING else None
    if version is None or version.content is None:
        return None
    mapping = restored(version.mapping)
    noted = said if tree[edition.unit].level == COMMUNE else NO_REMARKS
    asked = (await counters(tx, desk.keys, tree, [edition.unit], edition.day, known.as_of)).get(edition.unit, ())
    return _Own(version.content, mapping, told(tree, edition.unit, mapping, known, desk.timetable, noted, asked).values)


def _own_table(edition: Edition, found: _Material) -> Attachment | None:
    """A filled copy; None if it cannot be filled, which its own message in the chat explains."""
    assert found.own is not None
    filled = fill(found.own.template, found.own.table, found.own.values)
    if isinstance(filled, Refused):
        return None
    name = file_name("own_table", found.reading.figures.unit.name, edition.day, Voice("vi"))
    return Attachment(name, filled.content, XLSX, _id(edition, "own"))


def _letter(desk: Desk, edition: Edition, found: _Material) -> Attachment:
    voice, figures = Voice(desk.language), found.reading.figures
    head = own_letterhead(desk.letter, figures.unit, found.superior, voice)
    made = Made(voice.word("schedule.made_by"), figures.as_of)
    since = issued.cumulative_from(edition.kind)
    content = letter(figures, head, made, voice, remarks=found.remarks, since=since, timetable=desk.timetable)
    return Attachment(file_name("letter", figures.unit.name, edition.day, voice), content, DOCX, _id(edition, "docx"))


async def _pdf(desk: Desk, edition: Edition, written: Attachment) -> Attachment | None:
    content = await desk.as_pdf(written.content)
    name = written.name.removesuffix(".docx") + ".pdf"
    return Attachment(name, content, PDF, _id(edition, "pdf")) if content is not None else None


def _id(edition: Edition, ending: str) -> str:
    return f"paper:{edition.key}:{ending}"
