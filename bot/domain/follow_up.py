"""Visits to people who isolate at home: which are due, what is overdue or missed, whom that climbs to. Pure.

A visit counts as done when the person was seen and answered (``cooperative``). Nobody at home, or a refusal, is kept but
leaves the visit open: somebody goes again, and if nobody does, it climbs like any other visit that was not made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.clock import at, vietnam_day
from bot.domain.access import Role
from bot.domain.follow_up_rules import FollowUpRules, Slot
from bot.domain.isolation import Plan
from bot.domain.isolation_rules import Category
from bot.domain.person import QuarantineType


class VisitStatus(StrEnum):
    UNAVAILABLE = "unavailable"
    UNCOOPERATIVE = "uncooperative"
    COOPERATIVE = "cooperative"


class FollowUpStatus(StrEnum):
    """``completed``, ``canceled`` and ``lost`` are set by an event and never by time."""

    FOLLOW_UP = "follow_up"
    COMPLETED = "completed"
    CANCELED = "canceled"
    LOST = "lost"
    OVERDUE = "overdue"


class VisitState(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    DONE = "done"
    OVERDUE = "overdue"  # closed on the same day
    MISSED = "missed"  # its day is over; still accepted, and marked late


@dataclass(frozen=True)
class Watch:
    """Somebody who isolates at home and is visited on every day of [since, until]; ``until`` None: no end is known."""

    category: Category
    since: date
    until: date | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Visit:
    """A visit that was made at the instant ``at`` and belongs to a slot of ``day``."""

    day: date
    slot: str
    status: VisitStatus
    at: datetime


@dataclass(frozen=True)
class Climbs:
    """A visit that was not made, told to a role of the village or its commune at ``due_at``."""

    day: date
    slot: str
    to: Role
    due_at: datetime


def watch(
    category: Category, place: QuarantineType, opened_on: date, plan: Plan | None = None, released: date | None = None
) -> Watch | None:
    """Whom somebody visits who isolates as ``category`` at ``place``; None for who isolates elsewhere or not at all.

    ``opened_on``: the day from which the team knows of it; nobody is late for a day before. Without a plan (an official has
    been asked and has not answered) visits go on without an end. ``released``: the last day of isolation where a test or an
    event has set it, else it is the plan's.
    """
    if place is not QuarantineType.HOME:
        return None
    if plan is None:
        return Watch(category, opened_on, released)
    if plan.isolate_until is None:
        return None
    end = plan.latest if plan.needs_negative else plan.isolate_until
    return Watch(category, max(plan.day0, opened_on), released or end)


def due(watched: Watch | None, day: date, rules: FollowUpRules) -> tuple[Slot, ...]:
    """The visits of a day, in their order; none for who is not followed on it."""
    return rules.slots(watched.category) if watched is not None and day in watched else ()


def state(slot: Slot, day: date, visits: Collection[Visit], now: datetime) -> VisitState:
    """How the visit of ``slot`` on ``day`` stands. It is overdue at the instant it closes, and missed from midnight."""
    if any(_done(visit) and (visit.day, visit.slot) == (day, slot.slot) for visit in visits):
        return VisitState.DONE
    if vietnam_day(now) > day:
        return VisitState.MISSED
    if now >= at(day, slot.closes):
        return VisitState.OVERDUE
    return VisitState.OPEN if now >= at(day, slot.opens) else VisitState.UPCOMING


def missed(watched: Watch, visits: Collection[Visit], now: datetime, rules: FollowUpRules) -> tuple[tuple[date, str], ...]:
    """Every visit up to yesterday that was not made, oldest first: day and slot."""
    return tuple(
        (day, slot.slot) for day, slot in _slots(watched, now, rules) if state(slot, day, visits, now) is VisitState.MISSED
    )


def status(
    watched: Watch, visits: Collection[Visit], now: datetime, rules: FollowUpRules, ended: FollowUpStatus | None = None
) -> FollowUpStatus:
    """Where the follow-up of a person stands. ``ended``: how an event has ended it.

    It is overdue from the close of a visit that was not made until the person is seen again; older gaps are ``missed`` and
    make nobody overdue for ever.
    """
    if ended is not None:
        return ended
    closed = [(day, slot) for day, slot in _slots(watched, now, rules) if now >= at(day, slot.closes)]
    if not closed:
        return FollowUpStatus.FOLLOW_UP
    return FollowUpStatus.FOLLOW_UP if _seen(*closed[-1], visits) else FollowUpStatus.OVERDUE


def climbing(
    watched: Watch, visits: Collection[Visit], since: datetime, now: datetime, rules: FollowUpRules
) -> tuple[Climbs, ...]:
    """Who is to be told of visits that were not made, for instants in (since, now], in order.

    Once the person is seen, however late, it climbs no further. ``since``: when this was last asked, so that nobody
    is told twice.
    """
    found = [
        Climbs(day, slot.slot, step.to, at(day, step.at))
        for day, slot in _slots(watched, now, rules)
        for step in slot.climbs
        if since < at(day, step.at) <= now and not _seen(day, slot, visits)
    ]
    return tuple(sorted(found, key=lambda one: (one.due_at, one.day, one.slot)))


def _done(visit: Visit) -> bool:
    return visit.status is VisitStatus.COOPERATIVE


def _seen(day: date, slot: Slot, visits: Collection[Visit]) -> bool:
    """Whether a visit was made, or the person was seen after it closed."""
    return any(
        _done(visit) and ((visit.day, visit.slot) == (day, slot.slot) or visit.at >= at(day, slot.closes)) for visit in visits
    )


def _slots(watched: Watch, now: datetime, rules: FollowUpRules) -> Iterator[tuple[date, Slot]]:
    """All visits from the first day to today."""
    today = vietnam_day(now)
    for number in range((today - watched.since).days + 1):
        day = watched.since + timedelta(days=number)
        for slot in due(watched, day, rules):
            yield day, slot
