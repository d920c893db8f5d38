"""A plan in words: until when, where, which tests, on whose word. Sentences before they have a language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.conversation.words import Param, Say
from bot.domain.isolation import Ask, Plan
from bot.domain.isolation_rules import rules_here
from bot.domain.person import QuarantineType
from bot.domain.plan_changes import BY_OFFICIAL
from bot.domain.plans import answer, given_by


def plan_lines(plan: Plan) -> list[Say]:
    """What somebody does until when, and which document or official says so."""
    return [_isolation(plan), *_afterwards(plan), *_source(plan)]


def proposed_lines(plan: Plan) -> list[Say]:
    """The same of a plan that an official has not accepted yet, with what it hangs on."""
    lines = [Say("plan.proposed"), *plan_lines(plan)]
    if plan.assumed:
        lines.append(Say("plan.assumed", missing=_facts(plan.assumed)))
    return lines if plan.verified else [*lines, Say("plan.unverified")]


def asked_line(ask: Ask) -> Say:
    """Why an official gives the dates."""
    return Say(f"plan.asked.{ask.why}", day0=ask.day0, source=ask.source or "", missing=_facts(ask.missing))


def answer_lines(rule: Plan | Ask) -> list[Say]:
    """The rule's answer before anybody has decided anything."""
    if isinstance(rule, Ask):
        return [asked_line(rule)]
    return plan_lines(rule) if rule.settled else proposed_lines(rule)


def foreseen(kind: str, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Say]:
    """What the plan of a role with these answers will be, for the card that is looked at before it is sent."""
    made = given_by(kind, answers)
    if made is None:
        return []
    return [Say("plan.foreseen"), *answer_lines(answer(made, rules_here(facts.get("rules", ""))))]


def place_differs(kind: str, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Say]:
    """That the place which was said is none that the rule names: said, not changed (A21)."""
    made = given_by(kind, answers)
    rule = answer(made, rules_here(facts.get("rules", ""))) if made is not None else None
    if not isinstance(rule, Plan) or not rule.settled or not answers.get("quarantine_type"):
        return []
    said = QuarantineType(answers["quarantine_type"])
    wanted = rule.places or (QuarantineType.SELF_MONITORING,)
    if said in wanted:
        return []
    return [Say("plan.differs", said=Say(f"choice.quarantine_type.{said}"), wanted=_places(wanted, "choice.quarantine_type"))]


def _isolation(plan: Plan) -> Say:
    if plan.isolate_until is None:
        return Say("plan.no_isolation")
    words: dict[str, Param] = {"places": _places(plan.places, "plan.at"), "until": plan.isolate_until}
    if len(plan.places) > 1:
        return Say("plan.isolate_where", **words)
    if not plan.needs_negative:
        return Say("plan.isolate", **words)
    return Say("plan.isolate_negative", latest=plan.latest, **words) if plan.latest else Say("plan.until_negative", **words)


def _afterwards(plan: Plan) -> Iterator[Say]:
    if plan.monitor_until is not None:
        yield Say("plan.monitor", until=plan.monitor_until)
    if plan.test_on:
        yield Say("plan.tests", days=[Say("plan.day", day=day) for day in plan.test_on])
    elif plan.tests_if_symptoms:
        yield Say("plan.tests_if_symptoms")


def _source(plan: Plan) -> Iterator[Say]:
    if plan.rule == BY_OFFICIAL:
        yield Say("plan.decided", on=plan.issued)
    elif plan.accepted:
        yield Say("plan.decided_by_source", source=plan.source, issued=plan.issued)
    else:
        yield Say("plan.source", source=plan.source, issued=plan.issued)


def _places(places: Sequence[QuarantineType], words: str) -> list[Say]:
    return [Say(f"{words}.{place}") for place in places]


def _facts(names: Sequence[str]) -> list[Say]:
    return [Say(f"plan.fact.{name}") for name in names]
