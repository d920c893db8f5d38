"""Who does what (A22): at which hour a village usually reports, for how long it has been silent, and which reasons it gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median_low

import sqlalchemy as sa

from bot.clock import at
from bot.conversation.words import Param, Say
from bot.domain.data_sets import DAILY, data_sets, periods
from bot.domain.deadlines import Timetable
from bot.domain.lateness import LateReason
from bot.reports.punctuality import Arrived, Owing, began
from bot.storage import lateness
from bot.storage import units as stored
from bot.storage.database import Tx
from bot.storage.schema import report
from bot.storage.sql import among

RECENT = 14  # reports of which the usual hour is formed
LOOKS_BACK = timedelta(days=60)
MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Habit:
    """Of one village.

    ``usual`` counts from midnight of the report's own day, so that of whoever reports the evening before it is negative; None
    where nothing ever came. ``silent`` is the number of reports that were due since the last that came.
    """

    usual: timedelta | None = None
    silent: int = 0
    reasons: Mapping[LateReason, int] = field(default_factory=dict)

    def after(self, hour: time) -> bool:
        """Whether it usually reports at this hour of the day or later."""
        return self.usual is not None and self.usual >= timedelta(hours=hour.hour, minutes=hour.minute)

    def words(self) -> list[Say]:
        found = [_usual(self.usual)] if self.usual is not None else []
        if self.silent:
            found.append(Say("statistics.habit.silent", n=self.silent))
        if self.reasons:
            counted = sorted(self.reasons.items(), key=lambda one: (-one[1], one[0]))
            given = [Say("statistics.habit.reason", reason=Say(f"lateness.{reason}"), n=n) for reason, n in counted]
            found.append(Say("statistics.habit.reasons", reasons=given))
        return found


def _usual(usual: timedelta) -> Say:
    days, since_midnight = divmod(usual, ONE_DAY)
    words: dict[str, Param] = {"at": time(*divmod(since_midnight // MINUTE, 60)), "n": abs(days)}
    return Say(f"statistics.habit.{'usual' if not days else 'usual_before' if days < 0 else 'usual_after'}", **words)


def usual(arrived: Iterable[Arrived]) -> timedelta | None:
    """The median hour, in whole minutes after midnight of the report's day, of the newest 14 reports. Pure."""
    newest = sorted(arrived, key=lambda one: one.day)[-RECENT:]
    return MINUTE * median_low((one.at - at(one.day, time(0))) // MINUTE for one in newest) if newest else None


def silent(owed: Collection[date], came: Iterable[date]) -> int:
    """How many of the reports that were due are younger than the last that came. Pure."""
    last = max(came, default=date.min)
    return sum(day > last for day in owed)


async def habits(tx: Tx, code: str, first: date, last: date, now: datetime, timetable: Timetable) -> Mapping[str, Habit]:
    """Of each village at or below ``code``: hour and silence as of ``now``, reasons for the reports of [first, last]."""
    data_set, today = data_sets()[DAILY], timetable.reporting_day(now)
    since = max(today - LOOKS_BACK, await began(tx) or today)
    due = [one.last for one in periods(data_set, since, today, timetable) if one.due <= now]
    owing = Owing(data_set, code, await stored.load(tx))
    owed: dict[str, list[date]] = {}
    for day in due:
        for unit in owing.on(day):
            owed.setdefault(unit, []).append(day)
    came = await _came(tx, owed, since, today)
    gave: dict[str, Counter[LateReason]] = {}
    for unit, reason in await lateness.reasons_between(tx, owed, first, last):
        gave.setdefault(unit, Counter())[reason] += 1
    return {
        unit: Habit(usual(came.get(unit, ())), silent(days, (one.day for one in came.get(unit, ()))), gave.get(unit, {}))
        for unit, days in owed.items()
    }


async def _came(tx: Tx, units: Collection[str], first: date, last: date) -> Mapping[str, Sequence[Arrived]]:
    query = sa.select(report).where(
        among(tx, report.c.unit_code, units), report.c.data_set == DAILY, report.c.day.between(first, last)
    )
    found: dict[str, list[Arrived]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.unit_code, []).append(Arrived(row.unit_code, row.day, row.filed_at, row.zero))
    return found
