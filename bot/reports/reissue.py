"""What sending issued figures again would change, said to whoever corrects a report that they count (N9)."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.domain.indicators import flows
from bot.domain.units import COMMUNE, Tree
from bot.reports.figures import Figures, Row
from bot.reports.issued import MORNING, known_now
from bot.reports.phrases import moment, place
from bot.storage import digests, ledger
from bot.storage.database import Tx
from bot.storage.records import Record
from bot.storage.units import UnitTrees


async def reissue(tx: Tx, trees: UnitTrees, tree: Tree, record: Record, now: datetime, timetable: Timetable) -> list[Say]:
    """Of the record's own village, the figures of its window that this event changed, as issued and as known now.

    Nothing where its commune's figures of that morning were not issued yet, or the event changed none of them: what changes in
    a stock became known only now and is no figure of that morning.
    """
    commune = tree.above(record.unit, COMMUNE)
    issued = await digests.latest(tx, commune.code, MORNING, record.day) if commune is not None else None
    if commune is None or issued is None:
        return []
    touched = {indicator for indicator, day in await ledger.posted_by(tx, record.event) if day == record.day} & set(flows())
    then_tree = await trees.on(tx, record.day)
    if not touched or commune.code not in then_tree:
        return []
    before = _row(Figures.from_json(issued.figures, then_tree), record.unit)
    after = _row(await known_now(tx, then_tree, commune.code, MORNING, record.day, now, timetable), record.unit)
    if before is None or after is None:
        return []
    changes = [
        Say("reissue.change", indicator=Say(f"reports.indicator.{key}"), a=before.totals[key], b=after.totals[key])
        for key in after.totals
        if key in touched and key in before.totals and before.totals[key] != after.totals[key]
    ]
    if not changes:
        return []
    return [Say("reissue.would", at=moment(issued.issued_at, now), unit=place(tree[record.unit]), changes=changes)]


def _row(figures: Figures, unit: str) -> Row | None:
    return next((row for row in figures.rows if row.unit.code == unit), None)
