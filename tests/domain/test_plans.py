"""The plan of a person follows from their roles and from what officials decided, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.isolation import Ask, Plan, Why
from bot.domain.isolation_rules import Category, Rules, national
from bot.domain.plan_changes import BY_OFFICIAL
from bot.domain.plans import ORDER, PLAN, Planned, current, from_json, given_by, planned_for, proposal, to_json

NOON = datetime(2021, 9, 9, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Filed:
    id: str
    kind: str
    body: Mapping[str, Any]
    follows: str | None = None
    recorded_at: datetime = NOON


RETURNEE = Filed(
    "r",
    "returnee",
    {
        "came_from": "TP. Hồ Chí Minh",
        "arrived_on": "2021-09-08",
        "doses": "2",
        "last_dose_on": "2021-08-20",
        "quarantine_type": "home",
    },
)
UNVACCINATED = replace(RETURNEE, body={**RETURNEE.body, "doses": "0", "last_dose_on": None})
CONTACT = Filed("c", "contact", {"last_contact_on": "2021-09-12", "doses": "0", "quarantine_type": "home"})
CASE = Filed("f", "f0", {"classification": "confirmed", "detected_on": "2022-02-01", "quarantine_type": "home"})
ORDERED = Filed(
    "o", ORDER, {"isolate_at": "home", "isolate_until": "2021-09-22", "monitor_until": None, "tests": None, "reason": "CV"}, "r"
)


def after(*events: Filed, rules: Rules | None = None) -> list[Filed]:
    """What stands once these were filed one after the other, each followed by the plans; a later version takes its place."""
    file: dict[str, Filed] = {}
    for event in events:
        file[event.id] = event
        planned = planned_for(list(file.values()), (), rules or national())
        file = {id_: one for id_, one in file.items() if one.kind != PLAN}
        file |= {f"{role}.plan": Filed(f"{role}.plan", PLAN, to_json(one), role) for role, one in planned.items()}
    return list(file.values())


def plan_of(file: Sequence[Filed]) -> Planned:
    found = current(file)
    assert found is not None
    return found[1]


def test_a_verified_rule_holds_at_once() -> None:
    planned = plan_of(after(RETURNEE))

    assert planned.plan == planned.rule
    assert planned.plan is not None
    assert planned.plan.rule == "returnee-6386-full"
    assert not planned.waiting


def test_what_is_not_verified_waits_for_an_official_and_holds_once_they_took_it_over() -> None:
    waiting = plan_of(after(UNVACCINATED))
    assert (waiting.plan, waiting.waiting) == (None, True)
    assert proposal(waiting, national()) == waiting.rule

    decided = plan_of(after(UNVACCINATED, ORDERED))

    assert decided.plan is not None
    assert decided.plan.settled
    assert (decided.plan.rule, decided.plan.isolate_until) == ("returnee-6386-other", date(2021, 9, 22))
    assert not decided.waiting


def test_where_no_rule_is_an_official_gives_the_dates() -> None:
    elsewhere = replace(RETURNEE, body={**RETURNEE.body, "came_from": "miền Nam", "arrived_on": "2021-03-01"})
    asked = plan_of(after(elsewhere))
    assert isinstance(asked.rule, Ask)
    assert asked.rule.why is Why.BEFORE_FIRST
    assert proposal(asked, national()) is None

    given_ = plan_of(after(elsewhere, ORDERED)).plan

    assert given_ is not None
    assert (given_.rule, given_.isolate_until) == (BY_OFFICIAL, date(2021, 9, 22))


def test_an_official_extends_and_shortens_and_what_follows_moves_along() -> None:
    longer = replace(ORDERED, id="o2", body={**ORDERED.body, "isolate_until": "2021-09-25"})
    shorter = replace(ORDERED, id="o3", body={**ORDERED.body, "isolate_until": "2021-09-15"})

    extended, shortened = plan_of(after(UNVACCINATED, longer)).plan, plan_of(after(UNVACCINATED, longer, shorter)).plan

    assert extended is not None
    assert (extended.isolate_until, extended.monitor_until) == (date(2021, 9, 25), date(2021, 10, 9))
    assert shortened is not None
    assert shortened.test_on == (date(2021, 9, 9), date(2021, 9, 15), date(2021, 9, 22))
    assert shortened.monitor_until == date(2021, 9, 29)


def test_a_decision_holds_only_for_the_answer_that_was_seen() -> None:
    corrected = plan_of(after(UNVACCINATED, ORDERED, RETURNEE))

    assert corrected.plan is not None
    assert corrected.plan.rule == "returnee-6386-full"
    assert (corrected.order, corrected.overtaken) == (None, ("o",))


def test_a_correction_that_changes_no_fact_leaves_the_decision() -> None:
    other_name = replace(UNVACCINATED, body={**UNVACCINATED.body, "full_name": "Lò Mẫu An"})

    assert plan_of(after(UNVACCINATED, ORDERED, other_name)) == plan_of(after(UNVACCINATED, ORDERED))


def test_a_newer_rule_table_moves_no_plan_that_exists() -> None:
    file = after(RETURNEE)
    none = Rules(areas={}, rule=())

    assert planned_for(file, (), none) == {"r": plan_of(file)}
    assert isinstance(planned_for([RETURNEE], (), none)["r"].rule, Ask)


def test_a_contact_during_a_plan_starts_the_count_again_and_ends_nothing_earlier() -> None:
    long = replace(ORDERED, body={**ORDERED.body, "isolate_until": "2021-10-20"})

    planned = plan_of(after(UNVACCINATED, long, CONTACT))

    assert planned.given.category is Category.CONTACT
    assert isinstance(planned.rule, Plan)
    assert planned.rule.day0 == date(2021, 9, 12)
    assert planned.rule.isolate_until == date(2021, 10, 20)
    assert planned.waiting  # CV 5599 leaves the place to an official


def test_only_the_newest_role_waits() -> None:
    file = after(UNVACCINATED, CONTACT)

    waiting = {one.follows: from_json(one.body).waiting for one in file if one.kind == PLAN}
    assert waiting == {"r": False, "c": True}


def test_a_case_in_a_hospital_has_no_plan_and_nobody_is_asked() -> None:
    hospital = replace(CASE, body={**CASE.body, "quarantine_type": "hospital"})

    file = after(UNVACCINATED, hospital)

    assert [from_json(one.body).waiting for one in file if one.kind == PLAN] == [False]


def test_a_role_that_never_was_has_no_plan() -> None:
    assert planned_for([UNVACCINATED, CASE], {"f"}, national()).keys() == {"r"}


def test_who_was_released_is_not_asked_about() -> None:
    released = Filed("e", "release", {}, "r")

    assert not plan_of(after(UNVACCINATED, released)).waiting


def test_a_recovery_that_we_know_of_counts() -> None:
    recovered = Filed("e", "outcome", {"outcome": "recovered", "outcome_on": "2021-06-01"}, "f")
    earlier = replace(CASE, body={**CASE.body, "detected_on": "2021-05-20"})

    planned = plan_of(after(earlier, recovered, UNVACCINATED))

    assert planned.plan is not None
    assert planned.plan.rule == "returnee-6386-full"


def test_nothing_is_planned_where_day_0_is_not_known() -> None:
    assert given_by("contact", {"last_contact_on": None, "doses": None}) is None
    assert given_by("f0", {"classification": "suspect", "detected_on": "2021-09-09", "quarantine_type": "home"}) is None
    assert given_by("absence", {}) is None


@given(
    st.lists(
        st.sampled_from(
            [
                RETURNEE,
                UNVACCINATED,
                CONTACT,
                CASE,
                ORDERED,
                replace(ORDERED, id="o2", follows="c"),
                replace(ORDERED, id="o3", body={**ORDERED.body, "isolate_until": "2021-08-01"}),
            ]
        ),
        max_size=7,
    )
)
def test_whatever_is_filed_plans_are_settled_or_asked_for_and_come_back_from_storage(events: list[Filed]) -> None:
    file = after(*events)

    plans = [from_json(one.body) for one in file if one.kind == PLAN]
    assert all(one.plan is None or one.plan.settled for one in plans)
    assert sum(one.waiting for one in plans) <= 1
    assert {one.kind for one in file} >= ({PLAN} if plans else set())
    for one in file:
        if one.kind == PLAN:
            assert to_json(from_json(one.body)) == one.body
