"""How many visits were due, made and missed: it follows from people's files, as their stocks do. Pure.

The visits of a day belong to the report of the next morning. A day's figures stay open as long as its visits may be entered:
whatever happens to a person meanwhile posts the difference, wherever they are by then; after that they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.clock import vietnam_day
from bot.domain.due import VISITS_DONE, VISITS_DUE, VISITS_MISSED, File, Forms, visits_on
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.ledger import Entry

Counted = Mapping[tuple[str, str, date], int]
"""What a person counts: (unit, indicator, reporting window) -> n."""


def window_of_visits(day: date) -> date:
    """The day whose report has the visits of this day."""
    return day + timedelta(days=1)


def open_days(now: datetime) -> list[date]:
    """The days whose visits may be entered now, today last."""
    today = vietnam_day(now)
    return [today - timedelta(days=n) for n in range(follow_up_rules().enter_late_days, -1, -1)]


def settled(
    people: Mapping[str, tuple[str, File]],
    forms: Forms,
    counted: Mapping[str, Counted],
    now: datetime,
    *,
    opening: bool = False,
) -> list[Entry]:
    """What is to be posted so that the visits of these people, each at their unit, are counted as their files say.

    ``counted``: what they count for the days that are open. ``opening``: the round that opens a day, which alone may find that
    something was due on a day that is over: what becomes known later makes nobody late for it.
    """
    return [
        Entry(person, unit, indicator, window, n)
        for person, (place, file) in people.items()
        for (unit, indicator, window), n in _changes(
            _wanted(person, place, file, forms, counted.get(person, {}), now, opening), counted.get(person, {})
        )
    ]


def _changes(wanted: Counted, counted: Counted) -> list[tuple[tuple[str, str, date], int]]:
    keys = sorted(wanted.keys() | counted.keys())
    return [(key, n) for key in keys if (n := wanted.get(key, 0) - counted.get(key, 0))]


def _wanted(person: str, unit: str, file: File, forms: Forms, counted: Counted, now: datetime, opening: bool) -> Counted:
    found: dict[tuple[str, str, date], int] = {}
    today = vietnam_day(now)
    for day in open_days(now):
        window = window_of_visits(day)
        visits = visits_on(day, person, file, forms)
        due, done = len(visits), sum(one.done for one in visits)
        if day < today and not opening:
            before = sum(n for (_, key, at), n in counted.items() if (key, at) == (VISITS_DUE, window))
            due = max(min(due, before), done)
        figures = {VISITS_DUE: due, VISITS_DONE: done, VISITS_MISSED: due - done if day < today else 0}
        found |= {(unit, key, window): n for key, n in figures.items() if n}
    return found
