"""The isolation plan of a person follows from what stands recorded about them: their roles, and what officials decided.

Each role (somebody came back, is a contact, is a case at home) has a plan of its own; that of the newest role counts. The
rule's answer is kept as it was found: only other facts of the role lead to another one, a newer rule table does not. What an
official decided holds for the answer that they saw; when the facts lead to another, the rule's dates are in force again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import TypeAdapter

from bot.clock import vietnam_day
from bot.domain.isolation import Ask, Phase, Plan, Why, phase, plan
from bot.domain.isolation_rules import Category, Facts, Rules
from bot.domain.person import ISOLATED, CaseClassification, CaseOutcome, Doses, QuarantineType
from bot.domain.plan_changes import Changed, accepted, exposed_again, extended, given, shortened
from bot.domain.provinces import province_of

PLAN, ORDER = "plan", "order"  # kinds of record: what follows from the rules, what an official decided
ROLES = ("returnee", "contact", "f0")  # kinds of record that a plan can follow
ENDS = ("release", "follow_up_end")
_EXPOSED = (Category.RETURNEE, Category.CONTACT)


class Filed(Protocol):
    """A record that stands, in its newest version. ``body`` holds canonical answers in JSON."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...
    @property
    def follows(self) -> str | None: ...
    @property
    def recorded_at(self) -> datetime: ...


@dataclass(frozen=True)
class Given:
    """What a plan is made from. ``after``: the plan in which a contact met a case again."""

    category: Category
    day0: date
    facts: Facts
    after: Plan | None = None


@dataclass(frozen=True)
class Planned:
    """The plan of one role, as a record of kind ``PLAN`` that follows the role's.

    ``rule`` is the rule's answer, ``plan`` what holds: the rule's, or what an official made of it (``order``, the record's id);
    None until one has decided. ``overtaken`` are decisions that were made for another answer. ``waiting``: an official is
    asked, and no later role has made the question idle.
    """

    given: Given
    rule: Plan | Ask
    plan: Plan | None
    waiting: bool
    order: str | None = None
    overtaken: tuple[str, ...] = ()


_STORED = TypeAdapter(Planned)


def to_json(planned: Planned) -> dict[str, Any]:
    stored: dict[str, Any] = _STORED.dump_python(planned, mode="json")
    return stored


def from_json(stored: Mapping[str, Any]) -> Planned:
    return _STORED.validate_python(dict(stored))


def given_by(kind: str, answers: Mapping[str, Any], recovered_on: date | None = None) -> Given | None:
    """What the answers of a role give a plan; None for what needs none, or of which not even day 0 is known.

    A case in a hospital, and one that is only suspected, has no plan. Somebody may have recovered without our knowing.
    """
    recovered = True if recovered_on is not None else answers.get("recovered")
    facts = Facts(
        doses=Doses(answers.get("doses") or Doses.UNKNOWN),
        last_dose_on=_day(answers.get("last_dose_on")),
        recovered=recovered,
        recovered_on=recovered_on,
    )
    match kind:
        case "returnee":
            day0, category = _day(answers.get("arrived_on")), Category.RETURNEE
            facts = replace(facts, province=province_of(str(answers.get("came_from") or "")))
        case "contact":
            day0, category = _day(answers.get("last_contact_on")), Category.CONTACT
        case "f0":
            confirmed = answers.get("classification") == CaseClassification.CONFIRMED
            at_home = answers.get("quarantine_type") == QuarantineType.HOME
            day0, category = _day(answers.get("detected_on")) if confirmed and at_home else None, Category.CASE
        case _:
            return None
    return None if day0 is None else Given(category, day0, facts)


def answer(found: Given, rules: Rules) -> Plan | Ask:
    """What the rules say."""
    if found.after is None:
        return plan(found.category, found.day0, found.facts, rules)
    outcome = exposed_again(found.after, found.day0, found.facts, rules)
    return outcome.plan if isinstance(outcome, Changed) else outcome


def proposal(planned: Planned, rules: Rules) -> Plan | None:
    """What an official may take over as it is: the rule's dates; or, where nobody has called the place they came from an
    epidemic area, what would hold if it is one."""
    if isinstance(planned.rule, Plan):
        return planned.rule
    if planned.rule.why is Why.UNKNOWN and "epidemic" in planned.rule.missing:
        supposed = plan(planned.given.category, planned.given.day0, replace(planned.given.facts, epidemic=True), rules)
        return supposed if isinstance(supposed, Plan) else None
    return None


def planned_for(file: Sequence[Filed], cancelled: Collection[str], rules: Rules) -> dict[str, Planned]:
    """The plans of a person by the id of their role, in order of filing.

    ``file`` is all that stands about them in that order, their plans of until now included; ``cancelled`` are the records of
    which a later one says that they were never so.
    """
    stored = {one.follows: from_json(one.body) for one in file if one.kind == PLAN}
    ended = {one.follows for one in file if _ends(one)}
    found: dict[str, Planned] = {}
    before: Planned | None = None
    for role in (one for one in file if one.id not in cancelled):
        made = given_by(role.kind, role.body, _recovered(file, role))
        if made is None and not _is_case(role):
            continue
        found = {id_: replace(one, waiting=False) for id_, one in found.items()}
        if made is None:  # a case that is treated elsewhere: what was planned until then is over
            before = None
            continue
        orders = [one for one in file if one.kind == ORDER and one.follows == role.id]
        before = _revised(replace(made, after=_still_on(before, made)), stored.get(role.id), orders, rules)
        found[role.id] = replace(before, waiting=before.waiting and role.id not in ended)
    return found


def _is_case(role: Filed) -> bool:
    return role.kind == "f0" and role.body.get("classification") == CaseClassification.CONFIRMED


def _ends(one: Filed) -> bool:
    """Whether nobody need decide any more about the role that this record follows."""
    return one.kind in ENDS or one.body.get("outcome") in (CaseOutcome.RECOVERED, CaseOutcome.DECEASED)


def current(file: Sequence[Filed]) -> tuple[str, Planned] | None:
    """The plan that counts, with the id of its role: that of the newest role that has one."""
    plans = {one.follows: one for one in file if one.kind == PLAN}
    newest = next((role.id for role in reversed(file) if role.id in plans), None)
    return (newest, from_json(plans[newest].body)) if newest is not None else None


def _revised(made: Given, was: Planned | None, orders: Sequence[Filed], rules: Rules) -> Planned:
    overtaken: tuple[str, ...] = was.overtaken if was is not None else ()
    if was is not None and was.given == made:
        rule = was.rule
    else:
        rule = answer(made, rules)
        if was is not None and rule != was.rule:
            overtaken = tuple(sorted({*overtaken, *(one.id for one in orders)}))
    order = next((one for one in reversed(orders) if one.id not in overtaken), None)
    decided = ordered(made, rule, order.body, vietnam_day(order.recorded_at)) if order is not None else None
    holds = decided or (rule if isinstance(rule, Plan) and rule.settled else None)
    return Planned(made, rule, holds, holds is None, order.id if order is not None and decided else None, overtaken)


def ordered(made: Given, rule: Plan | Ask, answers: Mapping[str, Any], on: date) -> Plan | None:
    """What an official's decision makes of the rule's answer; None if its dates cannot be."""
    place = QuarantineType(answers["isolate_at"])
    until = _day(answers.get("isolate_until")) if place in ISOLATED else None
    monitor, tests = _day(answers.get("monitor_until")), answers.get("tests")
    try:
        if isinstance(rule, Plan) and monitor is None and tests is None and _allowed(rule, place):
            return _moved(accepted(rule, place if rule.places else None).plan, until, str(answers.get("reason") or ORDER))
        return given(
            made.category,
            made.day0,
            on,
            isolate_until=until,
            place=place if until is not None else None,
            monitor_until=monitor,
            test_on=_tests(rule, tests, monitor or until),
        )
    except ValueError:
        return None


def _allowed(rule: Plan, place: QuarantineType) -> bool:
    return place in rule.places if rule.places else place not in ISOLATED


def _moved(base: Plan, until: date | None, reason: str) -> Plan:
    if until is None or until == base.isolate_until:
        return base
    later = base.isolate_until is None or until > base.isolate_until
    return (extended if later else shortened)(base, until, reason).plan


def _tests(rule: Plan | Ask, said: Sequence[str] | None, last: date | None) -> tuple[date, ...]:
    if said is not None:
        return tuple(date.fromisoformat(day) for day in said)
    wanted = rule.test_on if isinstance(rule, Plan) else ()
    return tuple(day for day in wanted if last is not None and day <= last)


def _still_on(before: Planned | None, made: Given) -> Plan | None:
    """The plan that somebody was in when they met a case (again)."""
    if before is None or before.plan is None or made.category is not Category.CONTACT or before.given.category not in _EXPOSED:
        return None
    return before.plan if phase(before.plan, made.day0) is not Phase.OVER else None


def _recovered(file: Sequence[Filed], role: Filed) -> date | None:
    """When somebody recovered from a case that we know of, before this role was filed."""
    before = file[: [one.id for one in file].index(role.id)]
    ends = [one.body.get("outcome_on") for one in before if one.body.get("outcome") == CaseOutcome.RECOVERED]
    return _day(ends[-1]) if ends else None


def _day(stored: Any) -> date | None:
    return date.fromisoformat(stored) if stored else None
