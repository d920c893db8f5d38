"""The commune decides until when somebody isolates: who waits for it, what the rule proposes, and taking that over."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.draft import REVIEW, Draft
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may
from bot.domain.isolation import Ask, Plan
from bot.domain.isolation_rules import rules_here
from bot.domain.person import QuarantineType
from bot.domain.plan_words import answer_lines, plan_lines
from bot.domain.plans import ORDER, PLAN, Planned, from_json, proposal
from bot.forms.order import Order
from bot.handlers import areas, filing
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.handlers.persons import told
from bot.handlers.planning import plan_id
from bot.reports.phrases import HOME, place, who_is
from bot.storage import persons, records
from bot.storage.records import Record

NOWHERE = QuarantineType.SELF_MONITORING


async def decisions(call: Call, code: str = "", page: str = "0") -> None:
    """Who waits for a decision of the commune; a button for each."""
    unit = areas.asked(call, "decisions", Act.DECIDE, code, page)
    if unit is None:
        return
    waiting = await _waiting(call, [one.code for one in call.tree.subtree(unit.code)])
    known = await persons.of_ids(call.tx, call.desk.keys, {one.person_id for one in waiting if one.person_id})
    choices = [
        Choice(
            f"do:decide:{one.follows}",
            Say("plan.waiting_person", person=who_is(known[str(one.person_id)]), place=place(call.tree[one.unit])),
        )
        for one in waiting
    ]
    title = Say("plan.waiting" if waiting else "plan.nobody_waits", unit=place(unit), n=len(waiting))
    call.say(title, rows=paged(choices, page, f"do:decisions:{unit.code}", call.message.channel, [HOME]))


async def _waiting(call: Call, units: Sequence[str]) -> list[Record]:
    plans = await records.in_units(call.tx, call.desk.keys, units, [PLAN])
    return [one for one in plans if from_json(one.body).waiting]


async def decide(call: Call, role_id: str, *before: Say) -> None:
    """What is known about somebody, what the rule says, and what may be done about it."""
    found = await _role(call, role_id)
    if found is None:
        call.say(Say("draft.gone"), fresh=True)
        return
    role, planned = found
    person = (await persons.of_ids(call.tx, call.desk.keys, [await persons.kept_for(call.tx, str(role.person_id))])).popitem()[
        1
    ]
    offered = proposal(planned, rules_here(call.desk.override))
    lines = [
        Say("plan.who", person=who_is(person), place=place(call.tree[role.unit])),
        told(role, call.desk.forms.get(role.kind)),
    ]
    lines += plan_lines(planned.plan) if planned.plan is not None else answer_lines(planned.rule)
    if offered is not None and isinstance(planned.rule, Ask):
        lines += [Say("plan.if_epidemic"), *plan_lines(offered)]
    rows = [(choice,) for choice in _takeovers(role_id, planned, offered)]
    rows.append((Choice(f"do:about:{ORDER}:{role_id}", Say("plan.own_dates")),))
    steer = (Choice(f"do:person:{role.person_id}", Say("button.card")), Choice("do:decisions", Say("menu.decisions")), HOME)
    call.say(*before, *lines, rows=(*rows, steer))


def _takeovers(role_id: str, planned: Planned, offered: Plan | None) -> list[Choice]:
    """A button for each place that the proposal allows; none where it is decided already."""
    if offered is None or not planned.waiting:
        return []
    until = offered.isolate_until.isoformat() if offered.isolate_until else "-"
    if len(offered.places) < 2:
        return [Choice(f"do:accept:{role_id}:{(*offered.places, NOWHERE)[0]}:{until}", Say("plan.accept"))]
    return [
        Choice(f"do:accept:{role_id}:{where}:{until}", Say("plan.accept_at", place=Say(f"choice.quarantine_type.{where}")))
        for where in offered.places
    ]


async def accept(call: Call, role_id: str, where: str, until: str) -> None:
    """Take the proposal over that the button showed; if it has become another meanwhile, that one is shown instead."""
    found = await _role(call, role_id)
    if found is None:
        call.say(Say("draft.gone"), fresh=True)
        return
    role, planned = found
    offered = proposal(planned, rules_here(call.desk.override))
    shown = [choice.key for choice in _takeovers(role_id, planned, offered)]
    if offered is None or f"do:accept:{role_id}:{where}:{until}" not in shown:
        await decide(call, role_id, Say("draft.changed_meanwhile"))
        return
    answers = {"isolate_at": where, "reason": offered.source}
    if offered.isolate_until is not None:
        answers["isolate_until"] = offered.isolate_until.isoformat()
    own = {
        "monitor_until": offered.monitor_until.isoformat() if offered.monitor_until else None,
        "tests": [day.isoformat() for day in offered.test_on],
    }
    draft = Draft(
        call.desk.new_id(),
        ORDER,
        Order.version,
        role.unit,
        REVIEW,
        answers={**dict.fromkeys(Order.model_fields), **answers, **(own if isinstance(planned.rule, Ask) else {})},
        facts={"person": await persons.kept_for(call.tx, str(role.person_id)), "follows": role.id},
    )
    filed = await filing.file_report(call.tx, call.desk, call.tree, call.user, Order, draft, call.at)
    rows = (
        (Choice("do:decisions", Say("menu.decisions")), Choice(f"do:person:{role.person_id}", Say("button.card"))),
        (Choice(f"do:undo:{filed.record.id}", Say("button.undo")), HOME),
    )
    lines = filed.replanned.lines() if filed.replanned is not None else []
    call.say(Say("filed.done", code=filed.record.id), *lines, rows=rows, record=(filed.record.id, filed.record.version))


async def _role(call: Call, role_id: str) -> tuple[Record, Planned] | None:
    """A role that has a plan, for whoever may decide about it."""
    role = await records.current(call.tx, call.desk.keys, role_id)
    stored = await records.current(call.tx, call.desk.keys, plan_id(role_id))
    if role is None or stored is None or stored.void or not may(call.user.roles, Act.DECIDE, role.unit, call.tree):
        return None
    return role, from_json(stored.body)


async def history(call: Call, role_id: str) -> None:
    """Every version of somebody's plan: since when it held, until when they isolate by it, and on whose word."""
    versions = await records.versions(call.tx, call.desk.keys, plan_id(role_id))
    if not versions or not may(call.user.roles, Act.SEE_PEOPLE, versions[-1].unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
        return
    lines = []
    for one in versions:
        planned = from_json(one.body)
        if one.void:
            lines.append(Say("plan.version", at=one.recorded_at, what=Say("plan.idle"), source=Say("reports.nothing")))
        elif planned.plan is None:
            lines.append(Say("plan.version", at=one.recorded_at, what=Say("plan.not_decided"), source=Say("reports.nothing")))
        else:
            what, *_, source = plan_lines(planned.plan)
            lines.append(Say("plan.version", at=one.recorded_at, what=what, source=source))
    back = Choice(f"do:person:{versions[-1].person_id}", Say("button.back"))
    call.say(Say("plan.versions"), *lines, rows=((back, HOME),))
