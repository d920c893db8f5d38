"""What is due for whom: one function over what stands recorded, asked by the card, the lists, the ladder and the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import at
from bot.domain.due import What, due, still_open, visits_on
from bot.domain.isolation_rules import national
from bot.domain.plans import PLAN, planned_for, to_json
from bot.domain.visit_figures import settled
from bot.forms import forms

DAY = date(2021, 9, 9)
FORMS = forms()
RETURNEE = {
    "came_from": "TP. Hồ Chí Minh",
    "arrived_on": "2021-09-08",
    "doses": "2",
    "last_dose_on": "2021-08-01",
    "quarantine_type": "home",
    "quarantine_from": "2021-09-08",
}
CONTACT = {"last_contact_on": "2021-09-08", "doses": "0", "quarantine_type": "home", "exposure_type": "care"}
HOSPITAL = {"classification": "confirmed", "detected_on": "2021-09-10", "quarantine_type": "hospital"}
CASE_AT_HOME = {**HOSPITAL, "quarantine_type": "home"}


@dataclass(frozen=True)
class Paper:
    id: str
    kind: str
    body: Mapping[str, Any]
    filed_at: datetime
    follows: str | None = None

    @property
    def recorded_at(self) -> datetime:
        return self.filed_at


@dataclass
class History:
    """A person's file, written day by day; its plans are kept as the program keeps them."""

    papers: list[Paper] = field(default_factory=list)

    def file(self, kind: str, body: Mapping[str, Any], day: date = DAY, wall: str = "06:00", follows: str | None = None) -> str:
        name = f"{kind}{len(self.papers)}"
        when = at(day, datetime.strptime(wall, "%H:%M").time())  # noqa: DTZ007
        self.papers.append(Paper(name, kind, body, when, follows))
        return name

    def contact(self, wall: str = "06:00") -> str:
        """A contact for whom the commune has chosen home, since the rule leaves the place to it."""
        role = self.file("contact", CONTACT, wall=wall)
        self.file("order", {"isolate_at": "home", "isolate_until": "2021-09-22", "reason": "-"}, wall=wall, follows=role)
        return role

    def visit(self, role: str, day: date = DAY, slot: str = "day", status: str = "cooperative", wall: str = "08:00") -> None:
        self.file("visit", {"visited_on": day.isoformat(), "slot": slot, "visit_status": status}, day, wall, role)

    @property
    def whole(self) -> list[Paper]:
        planned = planned_for(self.papers, (), national())
        last = self.papers[-1].filed_at
        return [*self.papers, *(Paper(f"{role}.plan", PLAN, to_json(one), last, role) for role, one in planned.items())]

    def due(self, day: date) -> list[tuple[What, str, bool]]:
        return [(one.what, one.slot or str(one.number), one.done) for one in due(day, {"p": self.whole}, FORMS)]

    def visits(self, day: date) -> list[tuple[str, bool]]:
        return [(one.slot, one.done) for one in visits_on(day, "p", self.whole, FORMS)]

    def figures(self, day: date, now: datetime, *, opening: bool = True) -> dict[str, int]:
        entries = settled({"p": ("v", self.whole)}, FORMS, {}, now, opening=opening)
        return {one.indicator: one.n for one in entries if one.day == day + timedelta(days=1)}


@pytest.fixture
def history() -> History:
    return History()


def days(n: int) -> date:
    return DAY + timedelta(days=n)


def test_a_contact_is_visited_every_day_until_the_isolation_is_over(history: History) -> None:
    history.contact()

    visited = [n for n in range(-3, 30) if history.visits(days(n))]

    assert visited == list(range(14))  # 9/9 to 22/9, day 14


def test_who_becomes_known_after_the_hours_of_a_visit_is_first_visited_the_day_after(history: History) -> None:
    history.file("contact", CONTACT, wall="12:00")

    assert history.visits(DAY) == []
    assert history.visits(days(1)) == [("day", False)]


def test_a_case_that_becomes_known_in_the_afternoon_is_visited_that_afternoon(history: History) -> None:
    history.file("f0", CASE_AT_HOME, wall="13:00")

    assert [slot for slot, _ in history.visits(DAY)] == ["afternoon"]
    assert [slot for slot, _ in history.visits(days(1))] == ["morning", "afternoon"]


def test_only_who_was_met_has_been_visited(history: History) -> None:
    role = history.file("contact", CONTACT)
    history.visit(role, status="unavailable")
    assert history.visits(DAY) == [("day", False)]

    history.visit(role)
    history.visit(role, wall="09:00")

    assert history.visits(DAY) == [("day", True)]


def test_a_conversion_ends_the_visits_and_keeps_the_one_that_was_made(history: History) -> None:
    role = history.file("contact", CONTACT)
    history.visit(role)
    history.visit(role, days(1))
    history.file("f0", HOSPITAL, days(1), "10:00")

    assert history.visits(DAY) == [("day", True)]
    assert history.visits(days(1)) == [("day", True)]
    assert history.visits(days(2)) == []


def test_a_conversion_takes_the_visit_that_was_still_to_be_made(history: History) -> None:
    history.file("contact", CONTACT)
    history.file("f0", HOSPITAL, days(1), "10:00")

    assert history.visits(DAY) == [("day", False)]
    assert history.visits(days(1)) == []


def test_a_returnee_who_turns_out_to_be_a_contact_has_one_visit_a_day(history: History) -> None:
    history.file("returnee", {**RETURNEE, "doses": "0", "last_dose_on": None})
    history.file("contact", CONTACT, days(1), "09:00")

    assert history.visits(days(1)) == [("day", False)]
    assert history.visits(days(2)) == [("day", False)]


def test_tests_are_due_on_their_day_and_stay_due_until_one_is_taken(history: History) -> None:
    role = history.contact()  # tested on days 1, 7 and 14
    assert [one for one in history.due(DAY) if one[0] is What.TEST] == [(What.TEST, "1", False)]
    assert [one for one in history.due(days(2)) if one[0] is What.TEST] == [(What.TEST, "1", False)]

    history.file("sample", {"taken_on": days(1).isoformat(), "result": "pending"}, days(1), follows=role)

    assert [one for one in history.due(days(2)) if one[0] is What.TEST] == []
    assert [one for one in history.due(days(6)) if one[0] is What.TEST] == [(What.TEST, "7", False)]


def test_who_only_watches_their_health_is_not_visited_and_is_tested(history: History) -> None:
    history.file("returnee", {**RETURNEE, "quarantine_type": "self_monitoring", "quarantine_from": None})

    assert history.due(DAY) == [(What.TEST, "1", False)]


def test_an_isolation_that_is_over_waits_for_somebody_to_say_so(history: History) -> None:
    history.contact()

    assert What.RELEASE not in [what for what, *_ in history.due(days(13))]
    assert What.RELEASE in [what for what, *_ in history.due(days(14))]


@pytest.mark.parametrize(("later", "may"), [(-1, False), (0, True), (1, True), (2, False)])
def test_a_visit_may_be_entered_on_its_day_and_the_next(later: int, may: bool) -> None:
    assert still_open(DAY, days(later)) is may


def test_what_was_due_and_not_made_is_missed_when_the_day_is_over(history: History) -> None:
    history.file("contact", CONTACT)

    assert history.figures(DAY, at(DAY, datetime.min.time().replace(hour=23))) == {"visits_due": 1}
    assert history.figures(DAY, at(days(1), datetime.min.time())) == {"visits_due": 1, "visits_missed": 1}


def test_what_becomes_known_later_makes_nobody_late_for_a_day_that_is_over(history: History) -> None:
    history.file("contact", CONTACT)

    assert history.figures(DAY, at(days(1), datetime.min.time()), opening=False) == {}


changes = st.lists(
    st.tuples(
        st.sampled_from(["returnee", "contact", "hospital", "case", "visit", "absent"]),
        st.integers(0, 5),
        st.sampled_from(["06:00", "11:59", "12:00", "18:30"]),
    ),
    max_size=8,
)


@given(changes, st.integers(0, 30))
def test_visits_are_due_for_who_is_followed_at_home_and_for_nobody_else(steps: list[tuple[str, int, str]], n: int) -> None:
    history, role = History(), ""
    bodies = {"returnee": ("returnee", RETURNEE), "contact": ("contact", CONTACT), "hospital": ("f0", HOSPITAL)}
    for what, day, wall in sorted(steps, key=lambda step: (step[1], step[2])):
        if what in ("visit", "absent"):
            history.visit(role, days(day), status="cooperative" if what == "visit" else "unavailable", wall=wall)
        else:
            role = history.file(*bodies.get(what, ("f0", CASE_AT_HOME)), days(day), wall)
    if not history.papers:
        return

    found = visits_on(days(n), "p", history.whole, FORMS)

    assert len({one.slot for one in found}) == len(found)
    if any(not one.done for one in found):
        standing = frozenset[str]()
        for paper in history.papers:
            standing = FORMS[paper.kind].stands(paper.body, standing)
        if n > 5:
            assert standing & {"quarantine_home", "f0_under_treatment"}
            assert history.papers[-1].body.get("quarantine_type") != "hospital"
