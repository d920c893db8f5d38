"""The papers of one version of a unit's figures: Word file, PDF, Excel table. Made once and kept: all get the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.units import OrgUnit
from bot.handlers.call import Desk
from bot.messages import Attachment
from bot.reports import issued
from bot.reports.book import Made, file_name
from bot.reports.issued import Reading
from bot.reports.letter import DOCX, letter, own_letterhead
from bot.reports.pdf import PDF
from bot.reports.remarks import Remarks, remarks
from bot.reports.table_file import table
from bot.storage import digests, outbox
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
    """``pdf`` is None where there is no LibreOffice or where it failed."""

    reading: Reading
    letter: Attachment
    pdf: Attachment | None
    table: Attachment | None = None

    @property
    def files(self) -> list[Attachment]:
        return [file for file in (self.table, self.letter, self.pdf) if file is not None]


@dataclass(frozen=True)
class _Material:
    reading: Reading
    superior: OrgUnit | None
    remarks: Remarks
    letter: Attachment | None
    pdf: Attachment | None
    table: Attachment | None


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
    return Papers(found.reading, written, printed, found.table)


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
    excel = stored["xlsx"]
    if with_table and excel is None:
        known = await issued.read_then(tx, tree, made)
        file = await table(tx, desk.keys, tree, desk.timetable, reading.figures, known, desk.language)
        excel = replace(file, id=_id(edition, "xlsx"))
    return _Material(
        reading=reading,
        superior=tree.get(parent) if parent else None,
        remarks=await remarks(tx, desk.keys, tree, edition.unit, edition.day),
        letter=stored["docx"],
        pdf=stored["pdf"],
        table=excel if with_table else None,
    )


def _letter(desk: Desk, edition: Edition, found: _Material) -> Attachment:
    voice, figures = Voice(desk.language), found.reading.figures
    head = own_letterhead(desk.letter, figures.unit, found.superior, voice)
    made = Made(voice.word("schedule.made_by"), figures.as_of)
    content = letter(figures, head, made, voice, remarks=found.remarks, timetable=desk.timetable)
    return Attachment(file_name("letter", figures.unit.name, edition.day, voice), content, DOCX, _id(edition, "docx"))


async def _pdf(desk: Desk, edition: Edition, written: Attachment) -> Attachment | None:
    content = await desk.as_pdf(written.content)
    name = written.name.removesuffix(".docx") + ".pdf"
    return Attachment(name, content, PDF, _id(edition, "pdf")) if content is not None else None


def _id(edition: Edition, ending: str) -> str:
    return f"paper:{edition.key}:{ending}"
