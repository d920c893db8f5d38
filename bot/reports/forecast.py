"""Half an hour before the digest: what is in, what is being written, what nobody has touched, and who is late often (N10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.conversation.words import Param, Say
from bot.domain.data_sets import DAILY
from bot.domain.deadlines import Timetable
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit, Tree
from bot.reports.excuses import excuses
from bot.reports.figures import Figures
from bot.reports.habits import Habit, habits
from bot.reports.phrases import place, places, village_labels
from bot.reports.punctuality import Punctuality, punctuality
from bot.storage import drafts
from bot.storage.database import Tx

LOOKS_BACK = timedelta(days=14)
OFTEN = 50
"""Percent: whoever was in time less often than this is likely to be late again."""


@dataclass(frozen=True)
class Outlook:
    """The villages without a report: those of which one is being written, and the rest; with remarks and records."""

    writing: tuple[OrgUnit, ...]
    untouched: tuple[OrgUnit, ...]
    notes: Mapping[str, Say]
    records: Mapping[str, Punctuality]
    habits: Mapping[str, Habit]
    cut_off: time

    def often_late(self) -> tuple[OrgUnit, ...]:
        """Who was late or silent more often than not, or usually reports after the cut-off."""
        return tuple(one for one in (*self.writing, *self.untouched) if self._often_late(one.code))

    def _often_late(self, village: str) -> bool:
        record, habit = self.records.get(village), self.habits.get(village, Habit())
        seldom = record is not None and record.timeliness is not None and record.timeliness < OFTEN
        return seldom or habit.after(self.cut_off)

    def told(self) -> Mapping[str, Say]:
        """What there is to say of these habits, by village."""
        said = {one.code: self.habits[one.code].words() for one in self.often_late() if one.code in self.habits}
        return {code: Say("forecast.habits", habits=words) for code, words in said.items() if words}


async def outlook(tx: Tx, tree: Tree, seen: Figures, now: datetime, timetable: Timetable) -> Outlook:
    missing = [village.code for village in seen.missing]
    writing = await drafts.units_of(tx, missing)
    notes = await excuses(tx, tree, missing, seen.report_day)
    first, last = seen.report_day - LOOKS_BACK, seen.report_day - timedelta(days=1)
    records = await punctuality(tx, DAILY, seen.unit.code, first, last, now, timetable)
    named = tree[seen.unit.code].level in (VILLAGE, COMMUNE)  # above a commune, villages are counted
    usually = await habits(tx, seen.unit.code, first, last, now, timetable) if named else {}
    return Outlook(
        tuple(one for one in seen.missing if one.code in writing),
        tuple(one for one in seen.missing if one.code not in writing),
        notes,
        {code: one for code, one in records.items() if code in missing},
        usually,
        timetable.cut_off,
    )


def forecast_lines(
    seen: Figures, ahead: Outlook, approved: bool, digest: time, to_approve: Sequence[OrgUnit] = ()
) -> list[Say]:
    """For a commune the villages by name; above one, numbers of villages, and the communes that have not approved."""
    words: dict[str, Param] = {"labels": village_labels(seen), "n": seen.reported, "all": seen.expected}
    title = Say("forecast.title", unit=place(seen.unit), day=seen.report_day, at=digest)
    lines = [title, Say("forecast.in", **words)]
    if any(row.unit.level != VILLAGE for row in seen.rows if row.expected):
        lines.append(Say("forecast.counts", writing=len(ahead.writing), untouched=len(ahead.untouched)))
        if to_approve:
            lines.append(Say("forecast.to_approve", units=places(to_approve)))
        return lines
    if ahead.writing:
        lines.append(Say("forecast.writing", villages=places(ahead.writing, ahead.notes)))
    if ahead.untouched:
        lines.append(Say("forecast.untouched", villages=places(ahead.untouched, ahead.notes)))
    if often := ahead.often_late():
        lines.append(Say("forecast.often_late", villages=places(often, ahead.told())))
    if not approved:
        lines.append(Say("signing.not_approved"))
    return lines
