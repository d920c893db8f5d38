"""What is due for whom on a day: visits, tests, the end of an isolation or of a follow-up.

One pure function over what stands recorded about people. Morning's card, lists, the ladder of missed visits and the figures
of visits all ask here, so they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.clock import at, vietnam_day
from bot.conversation.form import Form
from bot.domain import follow_up
from bot.domain.countdown import Followed, due_test, missing_tests
from bot.domain.follow_up import Visit, VisitStatus, Watch, watch
from bot.domain.follow_up_rules import FollowUpRules, Slot, follow_up_rules
from bot.domain.isolation import Phase, Plan, phase, released_on
from bot.domain.isolation_rules import Category
from bot.domain.person import FOLLOWED_CONTACT, QUARANTINE, CaseClassification, QuarantineType
from bot.domain.plans import PLAN, Filed, current, from_json
from bot.domain.standing import NOWHERE, standing, uncancelled

VISIT, SAMPLE, RESULT, FOLLOW_UP_END = "visit", "sample", "result", "follow_up_end"  # kinds of record
VISITS_DUE, VISITS_DONE, VISITS_MISSED = VISIT_FIGURES = ("visits_due", "visits_done", "visits_missed")
CATEGORY = {"returnee": Category.RETURNEE, "contact": Category.CONTACT, "f0": Category.CASE}
NEGATIVE, POSITIVE = "negative", "positive"  # results of a sample
_A_DAY = timedelta(days=1)


class Dated(Filed, Protocol):
    """A record that stands. ``filed_at``: when its first version was recorded."""

    @property
    def filed_at(self) -> datetime: ...


Forms = Mapping[str, type[Form]]
File = Sequence[Dated]
"""All that stands recorded about a person, in order of filing."""


class What(StrEnum):
    VISIT = "visit"
    TEST = "test"
    RELEASE = "release"  # isolation is over by its dates, and nobody has said so
    CLOSE = "close"  # a contact's watching of their health is over, and nobody has said so


@dataclass(frozen=True)
class Due:
    """Something to do about a person. ``role`` is the record that it builds on, ``day`` the one on which it was due first.

    ``slot``: of a visit. ``number``: of a test, "ngày 14". ``done``: a visit that was made; all others vanish when done.
    """

    person: str
    what: What
    role: str
    category: Category
    day: date
    slot: str = ""
    number: int | None = None
    done: bool = False


@dataclass(frozen=True)
class Stay:
    """A time of isolation at home in one role, from the instant at which we knew to the day on which an event ended it."""

    role: str
    category: Category
    opened_at: datetime
    watched: Watch | None
    closed_on: date | None = None


def due(today: date, files: Mapping[str, File], forms: Forms, rules: FollowUpRules | None = None) -> list[Due]:
    """What is due on ``today`` for these people, by their ids: visits of the day, made ones too, and whatever is left over."""
    found: list[Due] = []
    for person, file in files.items():
        found += visits_on(today, person, file, forms, rules)
        found += _others(today, person, file, forms)
    return found


# --- visits -------------------------------------------------------------------------------------------------------------


def visits_on(day: date, person: str, file: File, forms: Forms, rules: FollowUpRules | None = None) -> list[Due]:
    """The visits of a day. On the day on which an isolation ended, those that were made before."""
    rules = rules or follow_up_rules()
    made = {(one.day, one.slot) for one in visits(file) if one.status is VisitStatus.COOPERATIVE}
    found: dict[str, Due] = {}
    for stay in stays(file, forms):
        for slot in follow_up.due(stay.watched, day, rules):
            done = (day, slot.slot) in made
            if not _closed_before(slot, day, stay) and (stay.closed_on is None or day < stay.closed_on or done):
                found[slot.slot] = Due(person, What.VISIT, stay.role, stay.category, day, slot.slot, done=done)
    return list(found.values())


def _closed_before(slot: Slot, day: date, stay: Stay) -> bool:
    """Whether the hours of a visit were over when the isolation became known: nobody is late for that."""
    return stay.opened_at >= at(day, slot.closes)


def visits(file: File) -> list[Visit]:
    return [
        Visit(
            date.fromisoformat(one.body["visited_on"]),
            str(one.body["slot"]),
            VisitStatus(one.body["visit_status"]),
            one.filed_at,
        )
        for one in file
        if one.kind == VISIT
    ]


def still_open(day: date, today: date, rules: FollowUpRules | None = None) -> bool:
    """Whether a visit of ``day`` may be entered on ``today``: of the day itself, and for so long after as the rules say."""
    return timedelta() <= today - day <= timedelta(days=(rules or follow_up_rules()).enter_late_days)


def at_home(file: File, forms: Forms) -> Stay | None:
    """The isolation at home in which somebody is now."""
    last = next(reversed(stays(file, forms)), None)
    return last if last is not None and last.closed_on is None else None


def stays(file: File, forms: Forms) -> list[Stay]:
    """Every isolation at home of a person, in order. It follows what the team says; its days follow the plan."""
    plans = {one.follows: from_json(one.body).plan for one in file if one.kind == PLAN}
    negatives = negatives_of(file)
    stocks, role = NOWHERE, None
    found: list[Stay] = []
    for record in uncancelled(file, forms):
        stocks = forms[record.kind].stands(record.body, stocks)
        role = record if _is_role(record) else role
        here = role if role is not None and _home(role, stocks) else None
        open_ = found[-1] if found and found[-1].closed_on is None else None
        if open_ is not None and (here is None or here.id != open_.role):
            found[-1] = replace(open_, closed_on=vietnam_day(record.filed_at))
        if here is not None and (open_ is None or here.id != open_.role):
            found.append(_stay(here, record.filed_at, plans.get(here.id), negatives))
    return found


def _is_role(record: Dated) -> bool:
    if record.kind == "f0":
        return bool(record.body.get("classification") == CaseClassification.CONFIRMED)
    return record.kind in CATEGORY


def _home(role: Dated, stocks: frozenset[str]) -> bool:
    if role.kind == "f0":
        return "f0_under_treatment" in stocks and role.body.get("quarantine_type") == QuarantineType.HOME
    return "quarantine_home" in stocks


def _stay(role: Dated, opened_at: datetime, plan: Plan | None, negatives: frozenset[date]) -> Stay:
    category = CATEGORY[role.kind]
    released = released_on(plan, negatives) if plan is not None else None
    watched = watch(category, QuarantineType.HOME, _first_day(category, opened_at), plan, released)
    return Stay(role.id, category, opened_at, watched)


def _first_day(category: Category, opened_at: datetime) -> date:
    """The day from which visits are due: the next one, if all hours of the day were over when it became known."""
    day = vietnam_day(opened_at)
    closes = [at(day, slot.closes) for slot in follow_up_rules().slots(category)]
    return day + _A_DAY if all(opened_at >= over for over in closes) else day


# --- tests, and what has an end ---------------------------------------------------------------------------------------------


def followed(file: File, forms: Forms) -> tuple[str, Followed] | None:
    """The plan by which somebody isolates or watches their health, with the id of its role; None for who does neither."""
    found = current(file)
    ended = {one.follows for one in file if one.kind == FOLLOW_UP_END}
    if found is None or found[1].plan is None or found[0] in ended:
        return None
    stocks = standing(file, forms)
    plan = found[1].plan
    treated = "f0_under_treatment" in stocks
    if treated is not (plan.category is Category.CASE) or "f0_deceased" in stocks:
        return None
    return found[0], Followed(plan, sampled_on(file), negatives_of(file))


def _others(today: date, person: str, file: File, forms: Forms) -> Iterator[Due]:
    found = followed(file, forms)
    if found is None:
        return
    role, one = found
    plan, category = one.plan, one.plan.category
    stocks = standing(file, forms)
    if stocks & QUARANTINE or phase(plan, today, one.negatives) is not Phase.OVER:
        for number in missing_tests(plan, one.sampled, today):
            yield Due(person, What.TEST, role, category, plan.day0 + timedelta(days=number), number=number)
        if (number_today := due_test(plan, one.sampled, today)) is not None:
            yield Due(person, What.TEST, role, category, today, number=number_today)
    end = released_on(plan, one.negatives)
    if stocks & QUARANTINE and end is not None and end < today:
        yield Due(person, What.RELEASE, role, category, end + _A_DAY)
    elif stocks & FOLLOWED_CONTACT and not stocks & QUARANTINE and phase(plan, today, one.negatives) is Phase.OVER:
        last = plan.monitor_until or end or plan.day0
        yield Due(person, What.CLOSE, role, category, last + _A_DAY)


def sampled_on(file: File) -> frozenset[date]:
    """The days on which samples were taken."""
    return frozenset(date.fromisoformat(one.body["taken_on"]) for one in file if one.kind == SAMPLE)


def negatives_of(file: File) -> frozenset[date]:
    """The days on which a sample was taken that turned out negative."""
    results = {one.follows: one.body.get("result") for one in file if one.kind == RESULT}
    return frozenset(
        date.fromisoformat(one.body["taken_on"])
        for one in file
        if one.kind == SAMPLE and results.get(one.id, one.body.get("result")) == NEGATIVE
    )
