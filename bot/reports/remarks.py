"""What the teams wrote into their reports of a day beside the lists: figures that differ from them, and difficulties.

A difficulty is free text and may name people: it belongs into files and private chats of who may see people, never into a push.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from types import MappingProxyType

from bot.conversation.words import Say
from bot.domain.units import COMMUNE, VILLAGE, Tree
from bot.errors import WrongKey
from bot.reports.figures import DATA_SET, Figures
from bot.reports.phrases import place, places
from bot.storage import ledger, records
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.ledger import Range
from bot.storage.records import Record

log = logging.getLogger(__name__)

Remarks = Mapping[str, Sequence[Say]]  # by village code
NO_REMARKS: Remarks = MappingProxyType({})

KIND = "daily_report"
DECLARED = ("returnees_new", "away_new", "f0_new")
KEPT = "_kept"
"""In the body of a report that its commune filed for a silent village: the day of the former one. No form has such a field."""

LONGEST, MOST = 200, 20  # characters of a difficulty and remarks in a chat; the file has all of them


async def remarks(tx: Tx, keys: Keyring, tree: Tree, unit: str, day: date) -> Mapping[str, list[Say]]:
    """What the reports for ``day`` of the villages of ``unit`` remark, by village; villages without a remark are absent."""
    villages = [village.code for village in tree.villages(unit)]
    filed = await records.reports_for(tx, villages, DATA_SET, day)
    declared = {code: report.record_id for code, report in filed.items() if not report.zero}
    if not declared:
        return {}
    bodies = await opened(tx, keys, declared.values())
    listed = await ledger.sums(tx, declared, Range(day, day))
    found: dict[str, list[Say]] = {}
    for code in villages:
        record = bodies.get(declared.get(code, ""))
        if record is not None and not record.void and record.kind == KIND and (said := list(_said(record, code, listed))):
            found[code] = said
    return found


async def kept_lines(tx: Tx, tree: Tree, unit: str, day: date) -> list[Say]:
    """Of which villages the digest says what was known before; above a commune, how many they are."""
    kept = await records.kept_for(tx, [village.code for village in tree.villages(unit)], DATA_SET, day)
    if not kept:
        return []
    if tree[unit].level == COMMUNE:
        return [Say("reports.digest.kept", villages=places(village for village in tree.villages(unit) if village.code in kept))]
    return [Say("reports.digest.kept_count", n=len(kept))]


async def opened(tx: Tx, keys: Keyring, ids: Collection[str]) -> dict[str, Record]:
    """These records; one that cannot be opened is left out, so that a digest still goes out."""
    try:
        return await records.as_known(tx, keys, ids)
    except WrongKey:
        found: dict[str, Record] = {}
        for one in ids:
            try:
                found |= await records.as_known(tx, keys, [one])
            except WrongKey as error:
                log.error("the remarks of record %s are left out: %s", one, type(error).__name__)
        return found


def _said(record: Record, village: str, listed: ledger.Sums) -> Iterator[Say]:
    if (former := record.body.get(KEPT)) is not None:
        yield Say("reports.remark.kept", day=date.fromisoformat(former))
    for key in DECLARED:
        declared, counted = record.body.get(key), listed.get((village, key), 0)
        if isinstance(declared, int) and declared != counted:
            yield Say("reports.remark.differs", indicator=Say(f"reports.indicator.{key}"), a=declared, b=counted)
    if difficulties := record.body.get("difficulties"):
        yield Say("reports.remark.difficulties", text=str(difficulties))


def remark_lines(figures: Figures, found: Remarks) -> list[Say]:
    """The remarks of a village or of a commune's villages for a chat, shortened. Pure."""
    lines = [
        Say("reports.remark.line", unit=place(row.unit), remark=_short(remark))
        for row in figures.rows
        if row.unit.level == VILLAGE
        for remark in found.get(row.unit.code, ())
    ]
    more = [Say("reports.remark.more", n=len(lines) - MOST)] if len(lines) > MOST else []
    return [*islice(lines, MOST), *more]


def _short(remark: Say) -> Say:
    text = remark.params.get("text")
    if not isinstance(text, str):
        return remark
    text = " ".join(text.split())
    return Say(remark.key, **{**remark.params, "text": text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"})
