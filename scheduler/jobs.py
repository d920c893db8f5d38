"""The day as a timetable (docs/reference/schedule.md). To add a job, add a line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.access import OVERSEERS
from bot.domain.deadlines import Timetable
from bot.domain.units import COMMUNE, Tree
from bot.reports.supervision import communes_watching
from bot.storage import roster
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from scheduler import contacts, deputies, digests, discrepancies, forecast, nudges, questions, transfers, visits
from scheduler.due import Job
from scheduler.round import Units, Work
from scheduler.upkeep import upkeep

EVERYWHERE = "*"
"""The unit of a job that concerns the whole installation."""

PAST_MIDNIGHT, UPKEEP_AT = time(0, 1), time(3, 30)
SUMMARIES_KEPT = timedelta(days=3)
WORDS_KEPT = timedelta(days=8)
ONE_DAY = timedelta(days=1)
MOST_OF_A_DAY = timedelta(hours=14)
ONE_STEP = timedelta(hours=2)


@dataclass(frozen=True)
class Duty(Job):
    """A job with the units at which it runs and what it does there."""

    units: Units
    work: Work

    async def units_at(self, tx: Tx, keys: Keyring, tree: Tree, _due_at: datetime) -> Sequence[str]:
        return await self.units(tx, keys, tree)


@dataclass(frozen=True)
class Occasion:
    """What happens at hours that people set: ``moments`` are those in (after, until], ``units_at`` where it is due then."""

    name: str
    keep: timedelta
    moments: Callable[[Tx, Keyring, datetime, datetime], Awaitable[Collection[datetime]]]
    units_at: Callable[[Tx, Keyring, Tree, datetime], Awaitable[Sequence[str]]]
    work: Work


OCCASIONS = (Occasion("questions", questions.KEPT, questions.moments_between, questions.units_at, questions.due_now),)


def timetable_of(times: Timetable, words_kept: timedelta = WORDS_KEPT) -> tuple[Duty, ...]:
    """The daily chain. A nudge is worth sending until the next one, a summary for three days."""
    first_until = _gap(times.first_nudge, times.second_nudge)
    second_until = _gap(times.second_nudge, times.cut_off)
    overdue_until = _gap(times.cut_off, times.deadline)
    until_deadline = _gap(times.first_nudge, times.deadline)
    chain = (
        Duty("nudge_first", times.first_nudge, first_until, communes, nudges.first_nudge),
        Duty("contacts_to_complete", times.first_nudge, until_deadline, communes, contacts.contacts_to_complete),
        Duty("visits", times.first_nudge, MOST_OF_A_DAY, communes_watching, visits.morning),
        Duty("transfers_waiting", times.first_nudge, until_deadline, communes, transfers.transfers_waiting),
        Duty("nudge_second", times.second_nudge, second_until, communes, nudges.second_nudge),
        Duty("overdue", times.cut_off, overdue_until, communes, nudges.overdue),
        Duty("discrepancies", times.cut_off, overdue_until, communes, discrepancies.unexplained),
        Duty("forecast", times.forecast, _gap(times.forecast, times.digest), communes_and_overseers, forecast.forecast),
        Duty("digest", times.digest, SUMMARIES_KEPT, communes_and_overseers, digests.morning),
        Duty("late_list", times.deadline, SUMMARIES_KEPT, overseers, digests.late_list),
        Duty("evening", times.evening, SUMMARIES_KEPT, communes, digests.evening),
        *(Duty(f"visits_{hour:%H%M}", hour, ONE_STEP, communes_watching, visits.climb) for hour in visits.climb_times()),
    )
    own = ["upkeep", "deputies_over", *(job.name for job in chain), *(one.name for one in OCCASIONS)]
    nightly = (
        Duty("deputies_over", PAST_MIDNIGHT, ONE_DAY, everywhere, deputies.over),
        Duty("upkeep", UPKEEP_AT, ONE_DAY, everywhere, upkeep(words_kept, own)),
    )
    return (*nightly, *chain)


def _gap(start: time, end: time) -> timedelta:
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


async def communes(_tx: Tx, _keys: Keyring, tree: Tree) -> Sequence[str]:
    return [unit.code for unit in tree if unit.level == COMMUNE]


async def overseers(tx: Tx, _keys: Keyring, tree: Tree) -> Sequence[str]:
    """The nearest unit above each commune at which someone sees to communes: its district or, since 2025, its province."""
    manned = await roster.units_with(tx, OVERSEERS)
    nearest = (
        next((up.code for up in tree.ancestors(unit.code) if up.code in manned and up.level != COMMUNE), None)
        for unit in tree
        if unit.level == COMMUNE
    )
    return sorted({code for code in nearest if code is not None})


async def communes_and_overseers(tx: Tx, keys: Keyring, tree: Tree) -> Sequence[str]:
    return [*await communes(tx, keys, tree), *await overseers(tx, keys, tree)]


async def everywhere(_tx: Tx, _keys: Keyring, _tree: Tree) -> Sequence[str]:
    return [EVERYWHERE]
