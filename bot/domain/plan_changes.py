"""What moves the dates of a plan: a later exposure, a positive test, an answer, an official. The caller keeps the history.

Every function leaves the plan it is given as it is and returns the new one with a ``Change`` that names what moved and why.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from bot.domain.isolation import Ask, Plan, plan
from bot.domain.isolation_rules import Category, Facts, Rules
from bot.domain.person import QuarantineType

BY_OFFICIAL = "official"
"""In the place of a rule's id: the dates are an official's own."""


class Because(StrEnum):
    EXPOSED_AGAIN = "exposed_again"
    POSITIVE = "positive"
    ANSWERED = "answered"  # facts became known that the plan hung on
    EXTENDED = "extended"
    SHORTENED = "shortened"
    ACCEPTED = "accepted"  # an official stands for a plan that was only proposed
    OVERRIDDEN = "overridden"  # an official gives dates of their own


@dataclass(frozen=True)
class Move:
    """One field of ``Plan``, by its name."""

    what: str
    before: object
    after: object


@dataclass(frozen=True)
class Change:
    """``reason``: an official's words; empty where a rule decides. No moves: nothing changed."""

    because: Because
    moves: tuple[Move, ...]
    reason: str = ""


@dataclass(frozen=True)
class Changed:
    plan: Plan
    change: Change


def compared(before: Plan, after: Plan, because: Because, reason: str = "") -> Changed:
    """``after`` in the place of ``before``."""
    moves = tuple(
        Move(field.name, getattr(before, field.name), getattr(after, field.name))
        for field in fields(Plan)
        if getattr(before, field.name) != getattr(after, field.name)
    )
    return Changed(after, Change(because, moves, reason))


def exposed_again(current: Plan, on: date, facts: Facts, rules: Rules) -> Changed | Ask:
    """A contact who met a case again, on ``on``: a new day 0 under the rule in force on it. Nothing ends earlier by it.

    An exposure on or before the plan's day 0 moves nothing. Tests until the new day 0 stay, later ones are the new rule's. An
    ``Ask`` means that the new dates are an official's; until then the current plan holds.
    """
    if on <= current.day0:
        return compared(current, current, Because.EXPOSED_AGAIN)
    found = plan(Category.CONTACT, on, facts, rules)
    if isinstance(found, Ask):
        return found
    after = replace(
        found,
        isolate_until=_later(current.isolate_until, found.isolate_until),
        places=found.places or (current.places if current.isolate_until else ()),
        monitor_until=_later(current.monitor_until, found.monitor_until),
        test_on=tuple(sorted({*(day for day in current.test_on if day <= on), *found.test_on})),
    )
    return compared(current, after, Because.EXPOSED_AGAIN)


def positive(current: Plan, on: date, facts: Facts, rules: Rules) -> Changed | Ask:
    """Somebody followed tested positive, the sample taken on ``on``: from then on the plan of a case cared for at home."""
    found = plan(Category.CASE, on, facts, rules)
    return found if isinstance(found, Ask) else compared(current, found, Because.POSITIVE)


def answered(current: Plan, facts: Facts, rules: Rules) -> Changed | Ask:
    """The plan again, with what has become known; day 0 and the rules in force on it stay the same.

    Dates that an official has moved are the rule's again; the change names them, so that the official can object.
    """
    found = plan(current.category, current.day0, facts, rules)
    return found if isinstance(found, Ask) else compared(current, found, Because.ANSWERED)


def extended(current: Plan, until: date, reason: str) -> Changed:
    """Isolation to the end of a later day; monitoring keeps its length and follows. An official's act, with a reason.

    Raises ValueError if ``until`` is not later than the end now (day 0 where there is no isolation) or no reason is given.
    """
    if until <= (current.isolate_until or current.day0):
        raise ValueError("an extension ends later than the plan")
    return _ending(current, until, Because.EXTENDED, reason)


def shortened(current: Plan, until: date, reason: str) -> Changed:
    """Isolation to the end of an earlier day, whether or not a test is negative; monitoring keeps its length and follows.

    Tests after the new last day fall away. Raises ValueError if there is no isolation, if ``until`` is before day 0 or not
    earlier than the end now, or if no reason is given.
    """
    end = current.latest or current.isolate_until
    if end is None or not current.day0 <= until:
        raise ValueError("only an isolation can be shortened, at most to its first day")
    if until >= end and not (current.needs_negative and current.latest is None):
        raise ValueError("a shortened isolation ends earlier than the plan")
    return _ending(current, until, Because.SHORTENED, reason)


def accepted(current: Plan, place: QuarantineType | None = None) -> Changed:
    """A proposed plan as an official lets it hold, at ``place``. Raises ValueError if the rule does not allow the place."""
    places = (place,) if place is not None else current.places
    if not set(places) <= set(current.places) or len(places) > 1:
        raise ValueError("one of the places that the rule allows")
    return compared(current, replace(current, places=places, accepted=True), Because.ACCEPTED)


def given(
    category: Category,
    day0: date,
    on: date,
    *,
    isolate_until: date | None,
    place: QuarantineType | None,
    monitor_until: date | None = None,
    test_on: tuple[date, ...] = (),
) -> Plan:
    """The plan that an official gives on the day ``on``: the answer to an ``Ask``, or in the place of a rule's plan.

    Raises ValueError if a place is given without isolation or the other way round, or if the dates do not follow each other.
    """
    if (isolate_until is None) != (place is None) or place is QuarantineType.SELF_MONITORING:
        raise ValueError("a place to isolate and a last day belong together")
    days = [day for day in (day0, isolate_until, monitor_until) if day is not None]
    if days != sorted(days):
        raise ValueError("isolation ends after day 0, monitoring after isolation")
    return Plan(
        category=category,
        day0=day0,
        rule=BY_OFFICIAL,
        source="",
        issued=on,
        places=(place,) if place is not None else (),
        isolate_until=isolate_until,
        monitor_until=monitor_until,
        test_on=tuple(sorted(set(test_on))),
        accepted=True,
    )


def overridden(current: Plan, own: Plan, reason: str) -> Changed:
    """An official's own plan (see ``given``) in the place of the one there is. Raises ValueError without a reason."""
    return compared(current, own, Because.OVERRIDDEN, _given_reason(reason))


def _given_reason(reason: str) -> str:
    if not reason.strip():
        raise ValueError("an official's change has a reason")
    return reason.strip()


def _ending(current: Plan, until: date, because: Because, reason: str) -> Changed:
    reason = _given_reason(reason)
    monitor_until = None
    if current.monitor_until is not None:
        monitor_until = until + (current.monitor_until - (current.isolate_until or current.day0))
    latest = current.latest
    if current.needs_negative:
        latest = until if because is Because.SHORTENED else _later(latest, until) if latest else None
    last = monitor_until or until
    after = replace(
        current,
        isolate_until=until,
        monitor_until=monitor_until,
        latest=latest,
        test_on=tuple(day for day in current.test_on if day <= last),
    )
    return compared(current, after, because, reason)


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)
