"""Tests that are due or missing, and who finishes when (N6). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.isolation import Phase, Plan, phase, released_on


@dataclass(frozen=True)
class Followed:
    """One person's plan with the days on which samples were taken and on which a negative antigen test was."""

    plan: Plan
    sampled: frozenset[date] = frozenset()
    negatives: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Countdown:
    """Of a list of people, by their keys, in the order given. Tests are day numbers ("ngày 14").

    ``finishing``: whose last day of isolation, as far as is known today, is tomorrow, with the tests not taken that the rule
    wants by then. ``lacking``: who lacks a test that was due before today. ``test_today``: whose test is due today.
    """

    finishing: Mapping[str, tuple[int, ...]]
    lacking: Mapping[str, tuple[int, ...]]
    test_today: Mapping[str, int]


def missing_tests(plan: Plan, sampled: Collection[date], before: date) -> tuple[int, ...]:
    """Day numbers of the tests that were due before a day and were not taken.

    A sample stands for the last test that was due on or before its day: one taken late, before the next is due, still counts;
    one taken early does not, since the rule wants to know what day it is on that day.
    """
    missing = []
    for number, day in enumerate(plan.test_on):
        following = plan.test_on[number + 1] if number + 1 < len(plan.test_on) else date.max
        if day < before and not any(day <= taken < following for taken in sampled):
            missing.append((day - plan.day0).days)
    return tuple(missing)


def due_test(plan: Plan, sampled: Collection[date], today: date) -> int | None:
    """The day number of the test that is due today and not taken yet; None if there is none."""
    return (today - plan.day0).days if today in plan.test_on and today not in sampled else None


def countdown(people: Iterable[tuple[str, Followed]], today: date) -> Countdown:
    """The morning's card of a supervisor. Who is neither isolated nor monitored any more is on none of its lists."""
    finishing, lacking, test_today = {}, {}, {}
    for key, one in people:
        if phase(one.plan, today, one.negatives) is Phase.OVER:
            continue
        end = released_on(one.plan, one.negatives)
        if end == today + timedelta(days=1):
            finishing[key] = missing_tests(one.plan, one.sampled, end + timedelta(days=1))
        if tests := missing_tests(one.plan, one.sampled, today):
            lacking[key] = tests
        if (number := due_test(one.plan, one.sampled, today)) is not None:
            test_today[key] = number
    return Countdown(finishing, lacking, test_today)
