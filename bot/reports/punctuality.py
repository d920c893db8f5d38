"""Completeness and timeliness (A2): of what was owed, how much came, and how much of it in time.

Completeness is received ÷ expected, timeliness on time ÷ expected. Expected is one report for each unit and period on whose
last day the unit was there, since the installation's first report; so neither can pass 100 %.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from bot.conversation.words import Param
from bot.domain.data_sets import COMMUNE_DAILY, DAILY, DataSet, Period, data_sets, periods
from bot.domain.deadlines import Timetable
from bot.domain.signing import Step
from bot.domain.units import OrgUnit, Tree
from bot.reports.issued import MORNING
from bot.storage import lateness
from bot.storage import units as stored
from bot.storage.database import Tx
from bot.storage.schema import report, sign_off
from bot.storage.sql import among


@dataclass(frozen=True)
class Punctuality:
    """Counts of reports. ``zero`` are those that said that nothing happened; ``excused`` those that came late or not at all,
    with a reason (N4)."""

    expected: int = 0
    received: int = 0
    on_time: int = 0
    zero: int = 0
    excused: int = 0

    @property
    def late(self) -> int:
        return self.received - self.on_time

    @property
    def completeness(self) -> int | None:
        """Percent, rounded down, so that 100 means all; None where nothing was owed."""
        return 100 * self.received // self.expected if self.expected else None

    @property
    def timeliness(self) -> int | None:
        return 100 * self.on_time // self.expected if self.expected else None

    def __add__(self, other: Punctuality) -> Punctuality:
        return Punctuality(
            self.expected + other.expected,
            self.received + other.received,
            self.on_time + other.on_time,
            self.zero + other.zero,
            self.excused + other.excused,
        )


@dataclass(frozen=True)
class Arrived:
    unit: str
    day: date
    at: datetime
    zero: bool


NOTHING = Punctuality()


class Owing:
    """Who owed a data set below a unit on which day; the tree is built again only where a unit began or ended."""

    def __init__(self, data_set: DataSet, code: str, units: Sequence[OrgUnit]) -> None:
        self._level, self._code, self._units = data_set.owes, code, units
        self._turns = sorted({day for unit in units for day in (unit.valid_from, unit.valid_to) if day is not None})
        self._known: dict[int, tuple[str, ...]] = {}

    def on(self, day: date) -> tuple[str, ...]:
        turn = bisect_right(self._turns, day)
        if turn not in self._known:
            tree = Tree(self._units, day)
            self._known[turn] = tuple(unit.code for unit in tree.at_level(self._code, self._level))
        return self._known[turn]


async def punctuality(
    tx: Tx, key: str, code: str, first: date, last: date, now: datetime, timetable: Timetable
) -> Mapping[str, Punctuality]:
    """Of each unit that owed this data set at or below ``code`` in periods that end in [first, last] and were due by ``now``.

    The units are those of each period's own last day, under the unit that they belonged to then.
    """
    since = await began(tx)
    if since is None:
        return {}
    data_set = data_sets()[key]
    due = [period for period in periods(data_set, max(first, since), last, timetable) if period.due <= now]
    owing = Owing(data_set, code, await stored.load(tx))
    owed = {unit for period in due for unit in owing.on(period.last)}
    gave = await lateness.given(tx, owed, due[0].last, due[-1].last) if due and key == DAILY else set()
    return count(owing, due, await _arrived(tx, key, data_set, owed, due), gave)


def count(
    owing: Owing, due: Sequence[Period], arrived: Iterable[Arrived], gave: Collection[tuple[str, date]] = ()
) -> Mapping[str, Punctuality]:
    """The same out of what came, and of the reports for which a reason was given. Pure."""
    came = {(one.unit, one.day): one for one in arrived}
    found: dict[str, list[Punctuality]] = {}
    for period in due:
        for unit in owing.on(period.last):
            one = _one(period, came.get((unit, period.last)))
            excused = not one.on_time and (unit, period.last) in gave
            found.setdefault(unit, []).append(replace(one, excused=1) if excused else one)
    return {unit: sum(all_, NOTHING) for unit, all_ in found.items()}


def _one(period: Period, arrived: Arrived | None) -> Punctuality:
    if arrived is None or not period.taken(arrived.at):
        return Punctuality(expected=1)
    return Punctuality(1, 1, int(period.on_time(arrived.at)), int(arrived.zero))


def rolled_up(found: Mapping[str, Punctuality], tree: Tree, code: str) -> dict[str, Punctuality]:
    """By child of ``code``; a unit that owes for itself stands under its own code."""
    sums: dict[str, Punctuality] = {}
    for unit, counted in found.items():
        ups = [up.code for up in tree.ancestors(unit)]
        below = ups[ups.index(code) - 1] if code in ups and unit != code else unit
        sums[below] = sums.get(below, NOTHING) + counted
    return sums


def total(found: Mapping[str, Punctuality]) -> Punctuality:
    return sum(found.values(), NOTHING)


def in_words(counted: Punctuality) -> dict[str, Param]:
    """What sentences about it name."""
    return {
        "a": counted.received,
        "b": counted.expected,
        "complete": counted.completeness or 0,
        "punctual": counted.on_time,
        "timely": counted.timeliness or 0,
        "late": counted.late,
        "zero": counted.zero,
        "excused": counted.excused,
    }


async def began(tx: Tx) -> date | None:
    """The first day for which this installation has a report."""
    first: date | None = await tx.scalar(sa.select(sa.func.min(report.c.day)))
    return first


async def _arrived(tx: Tx, key: str, data_set: DataSet, units: Collection[str], due: Sequence[Period]) -> list[Arrived]:
    """What came of these periods, each first version once."""
    if not due:
        return []
    first, last = due[0].last, due[-1].last
    if data_set.received == "report":
        query = sa.select(report).where(
            among(tx, report.c.unit_code, units), report.c.data_set == key, report.c.day.between(first, last)
        )
        return [Arrived(row.unit_code, row.day, row.filed_at, row.zero) for row in await tx.execute(query)]
    kind = MORNING if key == COMMUNE_DAILY else key
    approved = (
        sa.select(sign_off.c.unit_code, sign_off.c.day, sa.func.min(sign_off.c.at).label("at"))
        .where(
            among(tx, sign_off.c.unit_code, units),
            sign_off.c.kind == kind,
            sign_off.c.step == Step.APPROVED.value,
            sign_off.c.day.between(first, last),
        )
        .group_by(sign_off.c.unit_code, sign_off.c.day)
    )
    return [Arrived(row.unit_code, row.day, row.at, False) for row in await tx.execute(approved)]
