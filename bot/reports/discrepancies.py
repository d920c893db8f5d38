"""Figures that do not match (R7, A21): what a village declared and its list, what those above have and what is counted here.

They follow from what is stored, so one that was mended is gone by itself. An explanation belongs to two numbers: if one of them
changes, it explains nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.conversation.words import Say
from bot.domain.units import COMMUNE, OrgUnit, Tree
from bot.reports.figures import DATA_SET
from bot.reports.phrases import place
from bot.reports.remarks import DECLARED, KIND, opened
from bot.storage import explanations, ledger, records
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.explanations import Explanation
from bot.storage.ledger import Range, Sums
from bot.storage.records import Record

DECLARED_HERE, ABOVE = "declared", "above"


@dataclass(frozen=True)
class Discrepancy:
    """``declared`` and ``listed`` differ. ``record`` is the report that declared it; None for a figure of those above."""

    unit: OrgUnit
    indicator: str
    source: str
    declared: int
    listed: int
    record: str | None = None
    explanation: Explanation | None = None

    @property
    def line(self) -> Say:
        """Without the words of the explanation, which may name people: safe to push."""
        state = Say("discrepancy.explained" if self.explanation else "discrepancy.open")
        return Say(
            f"discrepancy.{self.source}",
            unit=place(self.unit),
            indicator=Say(f"reports.indicator.{self.indicator}"),
            a=self.declared,
            b=self.listed,
            state=state,
        )


async def discrepancies(tx: Tx, keys: Keyring, tree: Tree, code: str, day: date) -> list[Discrepancy]:
    """Of the report day at or below a unit, those that nobody explained first."""
    villages = [village.code for village in tree.villages(code)]
    communes = [one.code for one in tree.at_level(code, COMMUNE)]
    filed = await records.reports_for(tx, villages, DATA_SET, day)
    bodies = await opened(tx, keys, [report.record_id for report in filed.values() if not report.zero])
    told = await explanations.above(tx, communes, day)
    below = [unit.code for unit in tree.subtree(code)] if told else list(filed)
    sums = await ledger.sums(tx, below, Range(day, day)) if bodies or told else {}
    said = {
        (one.unit, one.indicator, one.source, one.declared, one.listed): one
        for one in await explanations.explanations(tx, keys, [*villages, *communes], day)
    }
    found = [*_declared(tree, bodies, sums), *_above(tree, told, sums)]
    explained = [_with(one, said.get((one.unit.code, one.indicator, one.source, one.declared, one.listed))) for one in found]
    return sorted(explained, key=lambda one: (one.explanation is not None, one.unit.code, one.indicator))


def _declared(tree: Tree, bodies: Mapping[str, Record], sums: Sums) -> Iterator[Discrepancy]:
    for record in bodies.values():
        if record.void or record.kind != KIND or record.unit not in tree:
            continue
        for key in DECLARED:
            declared, listed = record.body.get(key), sums.get((record.unit, key), 0)
            if isinstance(declared, int) and declared != listed:
                yield Discrepancy(tree[record.unit], key, DECLARED_HERE, declared, listed, record.id)


def _above(tree: Tree, told: Mapping[tuple[str, str], int], sums: Sums) -> Iterator[Discrepancy]:
    for (code, key), n in told.items():
        listed = sum(sums.get((unit.code, key), 0) for unit in tree.subtree(code))
        if n != listed:
            yield Discrepancy(tree[code], key, ABOVE, n, listed)


def _with(one: Discrepancy, said: Explanation | None) -> Discrepancy:
    return Discrepancy(one.unit, one.indicator, one.source, one.declared, one.listed, one.record, said)


def discrepancy_lines(found: Sequence[Discrepancy], tree: Tree, code: str) -> list[Say]:
    """For a commune each by name; above one, how many there are in which communes."""
    if not found:
        return []
    open_ = sum(one.explanation is None for one in found)
    title = Say("discrepancy.title", n=len(found), open=open_)
    if tree[code].level == COMMUNE:
        return [title, *(one.line for one in found)]
    parts: dict[str, int] = {}
    for one in found:
        if one.explanation is None:
            commune = tree.above(one.unit.code, COMMUNE) or one.unit
            parts[commune.code] = parts.get(commune.code, 0) + 1
    return [title, *(Say("discrepancy.part", unit=place(tree[part]), n=n) for part, n in parts.items())]
