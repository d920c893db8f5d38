"""The figures of one unit: read from the ledger once, rolled up over the unit tree.

A total is the sum over the unit's whole subtree; ``rows`` split the same total, so that the rows of a table always add up
to its last line. Every digest, list and workbook is made from ``Figures`` and from nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.deadlines import Timetable
from bot.domain.indicators import flows, indicators
from bot.domain.units import VILLAGE, OrgUnit, Tree
from bot.storage import ledger, records
from bot.storage.database import Tx
from bot.storage.ledger import Range, Sums

DATA_SET = "daily"
DEFAULTS = Timetable()


@dataclass(frozen=True)
class Row:
    """One part of a unit: a child with everything below it, or what was posted at the unit itself (``expected`` is 0)."""

    unit: OrgUnit
    totals: Mapping[str, int]
    expected: int
    reported: int
    on_time: int
    missing: tuple[OrgUnit, ...]

    @property
    def silent(self) -> bool:
        """None of its villages has reported."""
        return self.expected > 0 and self.reported == 0


@dataclass(frozen=True)
class Figures:
    """What is known of ``unit`` at ``as_of``, up to posting ``seq``.

    Flows are those of ``days``, stocks those of its last day. ``expected``, ``reported``, ``on_time`` and ``missing`` speak of
    the villages' reports for ``report_day``. ``totals`` has every indicator, also those that are 0.
    """

    unit: OrgUnit
    days: Range
    report_day: date
    as_of: datetime
    seq: int
    totals: Mapping[str, int]
    rows: tuple[Row, ...]
    expected: int
    reported: int
    on_time: int
    missing: tuple[OrgUnit, ...]  # villages without a report

    @property
    def silent(self) -> bool:
        return self.expected > 0 and self.reported == 0

    def to_json(self) -> dict[str, Any]:
        """Counts and unit codes only: safe to store unsealed."""
        return {
            "unit": self.unit.code,
            "first": self.days.first.isoformat(),
            "last": self.days.last.isoformat(),
            "report_day": self.report_day.isoformat(),
            "as_of": self.as_of.isoformat(),
            "seq": self.seq,
            "totals": dict(self.totals),
            "rows": [
                {
                    "unit": row.unit.code,
                    "totals": {key: n for key, n in row.totals.items() if n},
                    "expected": row.expected,
                    "reported": row.reported,
                    "on_time": row.on_time,
                    "missing": [unit.code for unit in row.missing],
                }
                for row in self.rows
            ],
        }

    @staticmethod
    def from_json(stored: Mapping[str, Any], tree: Tree) -> Figures:
        """What ``to_json`` wrote, with names from ``tree``: the one of that day. A unit it does not know shows its code."""

        def unit(code: str) -> OrgUnit:
            return tree.get(code) or OrgUnit(code, code, VILLAGE, None)

        rows = tuple(
            Row(
                unit=unit(row["unit"]),
                totals={key: row["totals"].get(key, 0) for key in stored["totals"]},
                expected=row["expected"],
                reported=row["reported"],
                on_time=row["on_time"],
                missing=tuple(unit(code) for code in row["missing"]),
            )
            for row in stored["rows"]
        )
        return Figures(
            unit=unit(stored["unit"]),
            days=Range(date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"])),
            report_day=date.fromisoformat(stored["report_day"]),
            as_of=datetime.fromisoformat(stored["as_of"]),
            seq=stored["seq"],
            totals=dict(stored["totals"]),
            rows=rows,
            expected=sum(row.expected for row in rows),
            reported=sum(row.reported for row in rows),
            on_time=sum(row.on_time for row in rows),
            missing=tuple(village for row in rows for village in row.missing),
        )


@dataclass(frozen=True)
class Known:
    """What was read for a subtree: its sums, and when each village's report was sent."""

    days: Range
    report_day: date
    as_of: datetime
    seq: int
    sums: Sums
    filed: Mapping[str, datetime]


def roll_up(tree: Tree, code: str, known: Known, timetable: Timetable = DEFAULTS) -> Figures:
    """The figures of a unit. Pure. Raises KeyError for a unit that the tree does not have."""
    unit = tree[code]
    by_unit: dict[str, Counter[str]] = {}
    for (place, indicator), n in known.sums.items():
        by_unit.setdefault(place, Counter())[indicator] += n
    rows = tuple(_rows(tree, unit, by_unit, known, timetable))
    return Figures(
        unit=unit,
        days=known.days,
        report_day=known.report_day,
        as_of=known.as_of,
        seq=known.seq,
        totals={key: sum(row.totals[key] for row in rows) for key in indicators()},
        rows=rows,
        expected=sum(row.expected for row in rows),
        reported=sum(row.reported for row in rows),
        on_time=sum(row.on_time for row in rows),
        missing=tuple(village for row in rows for village in row.missing),
    )


def _rows(tree: Tree, unit: OrgUnit, by_unit: Mapping[str, Counter[str]], known: Known, timetable: Timetable) -> Iterator[Row]:
    def row(part: OrgUnit, units: Iterable[OrgUnit]) -> Row:
        units = tuple(units)
        villages = [place for place in units if place.level == VILLAGE]
        filed = [known.filed[village.code] for village in villages if village.code in known.filed]
        return Row(
            unit=part,
            totals=_added_up(by_unit[place.code] for place in units if place.code in by_unit),
            expected=len(villages),
            reported=len(filed),
            on_time=sum(timetable.on_time(instant, known.report_day) for instant in filed),
            missing=tuple(village for village in villages if village.code not in known.filed),
        )

    if unit.level == VILLAGE:
        yield row(unit, tree.subtree(unit.code))
        return
    for child in tree.children(unit.code):
        yield row(child, tree.subtree(child.code))
    if any(by_unit.get(unit.code, Counter()).values()):
        yield row(unit, (unit,))


def _added_up(counted: Iterable[Mapping[str, int]]) -> dict[str, int]:
    totals = dict.fromkeys(indicators(), 0)
    for one in counted:
        for key, n in one.items():
            totals[key] += n
    return totals


async def read(
    tx: Tx, tree: Tree, code: str, days: Range, as_of: datetime, seq: int | None = None, report_day: date | None = None
) -> Known:
    """Everything that the figures of ``code`` and of all units below it need, in two statements (three for ``seq=None``).

    ``seq=None`` means everything up to now; with a past ``seq``, a report counts if it was sent by ``as_of``. ``report_day``
    is the last day unless it is given: while a window is open, the reports still due may be those of the window before.
    """
    codes = [unit.code for unit in tree.subtree(code)]
    day = report_day or days.last
    until = seq if seq is not None else await ledger.last_seq(tx)
    sums = await _sums(tx, tree, code, days, until)
    reports = await records.reports_for(tx, codes, DATA_SET, day)
    filed = {unit: report.filed_at for unit, report in reports.items() if seq is None or report.filed_at <= as_of}
    return Known(days, day, as_of, until, sums, filed)


async def _sums(tx: Tx, tree: Tree, code: str, days: Range, seq: int) -> Sums:
    """The sums of all units at or below ``code``, what was counted in units that ended or moved away meanwhile included.

    What a unit counted before it ended stays where it was counted: with the nearest unit above it that is there still. What it
    counted before it moved stays with the unit above it of then.
    """
    ended = tree.ended(code)
    units = [*(one.code for one in tree.subtree(code)), *ended]
    found: Sums = {}

    def count(unit: str, indicator: str, n: int) -> None:
        found[unit, indicator] = found.get((unit, indicator), 0) + n

    for (unit, indicator), n in (await ledger.sums(tx, units, days, seq)).items():
        count(ended.get(unit, unit), indicator, n)
    for moved, former, day in tree.moved(days.first, days.last):
        below = [one.code for one in tree.subtree(moved)]
        before = await ledger.sums(tx, below, Range(days.first, day - timedelta(days=1)), seq)
        home = former if former in tree else ended.get(former, "")
        for (unit, indicator), n in before.items():
            if indicator in flows() and tree.within(unit, code):
                count(unit, indicator, -n)
            if indicator in flows() and tree.within(home, code):
                count(home, indicator, n)
    return {place: n for place, n in found.items() if n}


async def figures(
    tx: Tx,
    tree: Tree,
    unit_code: str,
    days: Range,
    as_of: datetime,
    seq: int | None = None,
    *,
    report_day: date | None = None,
    timetable: Timetable = DEFAULTS,
) -> Figures:
    """The figures of one unit; arguments as for ``read``."""
    return roll_up(tree, unit_code, await read(tx, tree, unit_code, days, as_of, seq, report_day), timetable)
