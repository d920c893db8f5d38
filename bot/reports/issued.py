"""Digests as issued, and the same window as it is known later (N18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.data_sets import COMMUNE_DAILY, data_sets, first_day
from bot.domain.deadlines import Timetable
from bot.domain.units import Tree
from bot.reports.figures import Figures, Known, roll_up
from bot.reports.figures import read as read_figures
from bot.storage import digests
from bot.storage.database import Tx
from bot.storage.digests import Issued
from bot.storage.ledger import Range

MORNING, EVENING = "morning", "evening"


def days_of(kind: str, day: date) -> Range:
    """The windows a digest of ``day`` is about: the morning's is the one just closed, the evening's the one now open.

    Of a data set over several days (``data_sets``): those of its period that ends on the day.
    """
    if kind in data_sets():
        first = first_day(data_sets()[kind], day)
        return Range(first, day)
    window = day + timedelta(days=1) if kind == EVENING else day
    return Range(window, window)


def cumulative_from(kind: str) -> date:
    """The day from which the cumulative figures of this kind of digest count; a day's are those that the commune owes."""
    return data_sets().get(kind, data_sets()[COMMUNE_DAILY]).cumulative_from


async def read_now(tx: Tx, tree: Tree, unit: str, kind: str, day: date, now: datetime) -> Known:
    """What that digest and those of all units below are made from, with everything that is known by now.

    To be read once: whatever is read again may know of one report more.
    """
    return await read_figures(tx, tree, unit, days_of(kind, day), now, report_day=day)


async def read_then(tx: Tx, tree: Tree, made: Issued) -> Known:
    """What an issued digest was made from."""
    return await read_figures(tx, tree, made.unit, days_of(made.kind, made.day), made.as_of, made.seq, made.day)


async def issue(tx: Tx, tree: Tree, unit: str, kind: str, day: date, now: datetime, timetable: Timetable) -> Issued:
    """The digest of this unit and day, made and stored if it is not yet. One that was issued comes back unchanged."""
    return await issue_from(tx, tree, unit, kind, day, await read_now(tx, tree, unit, kind, day, now), timetable)


async def issue_from(tx: Tx, tree: Tree, unit: str, kind: str, day: date, known: Known, timetable: Timetable) -> Issued:
    """The same, made from what ``read_now`` gave."""
    former = await digests.latest(tx, unit, kind, day)
    if former is not None:
        return former
    made = roll_up(tree, unit, known, timetable)
    issued = Issued(unit, kind, day, 1, known.seq, known.as_of, known.as_of, made.to_json())
    await digests.save(tx, issued)
    return issued


async def next_version(tx: Tx, tree: Tree, unit: str, kind: str, day: date, known: Known, timetable: Timetable) -> Issued:
    """One more version of this digest, made from what ``read_now`` gave; those before it stay as they are."""
    former = await digests.latest(tx, unit, kind, day)
    made = roll_up(tree, unit, known, timetable)
    version = former.version + 1 if former is not None else 1
    issued = Issued(unit, kind, day, version, known.seq, known.as_of, known.as_of, made.to_json())
    await digests.save(tx, issued)
    return issued


async def known_now(tx: Tx, tree: Tree, unit: str, kind: str, day: date, now: datetime, timetable: Timetable) -> Figures:
    """The figures of that digest with everything that became known since, late reports and corrections included."""
    return roll_up(tree, unit, await read_now(tx, tree, unit, kind, day, now), timetable)


@dataclass(frozen=True)
class Reading:
    """A digest as issued, and the one issued before it, which it was compared with."""

    figures: Figures
    previous: Figures | None
    issued_at: datetime

    def late(self, due: datetime, grace: timedelta = timedelta(minutes=1)) -> timedelta | None:
        """By how much it went out after ``due``; None if it was on time, a minute's work allowed."""
        behind = self.issued_at - due
        return behind if behind >= grace else None


async def read(tx: Tx, tree: Tree, issued: Issued) -> Reading:
    """What an issued digest said. ``tree`` is that of its day; a former unit that is gone by then shows its code."""
    before = await digests.before(tx, issued.unit, issued.kind, issued.day)
    previous = Figures.from_json(before.figures, tree) if before is not None else None
    return Reading(Figures.from_json(issued.figures, tree), previous, issued.issued_at)


async def as_issued(tx: Tx, tree: Tree, unit: str, kind: str, day: date) -> Reading | None:
    """The digest of that day as it was sent; None if there was none."""
    issued = await digests.latest(tx, unit, kind, day)
    return await read(tx, tree, issued) if issued is not None else None
