"""Visits at home: which are due, when they are overdue or missed, and whom that climbs to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.access import Role
from bot.domain.follow_up import (
    Climbs,
    FollowUpStatus,
    Visit,
    VisitState,
    VisitStatus,
    Watch,
    climbing,
    due,
    missed,
    state,
    status,
    watch,
)
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.isolation import Plan, plan
from bot.domain.isolation_rules import Category, Facts, national
from bot.domain.person import Doses, QuarantineType

RULES = follow_up_rules()
DAY0 = date(2021, 9, 8)
HOME = QuarantineType.HOME
CONTACT = Watch(Category.CONTACT, DAY0, date(2021, 9, 22))
CASE = Watch(Category.CASE, DAY0, None)


def at(text: str) -> datetime:
    """ "8/9 17:00" in Vietnam."""
    day, hour = text.split()
    number, month = day.split("/")
    return datetime.fromisoformat(f"2021-{int(month):02}-{int(number):02}T{hour}:00+07:00")


def seen(day: date, slot: str, when: str, how: VisitStatus = VisitStatus.COOPERATIVE) -> Visit:
    return Visit(day, slot, how, at(when))


def slots(watched: Watch | None, day: date) -> list[str]:
    return [slot.slot for slot in due(watched, day, RULES)]


def planned(category: Category, day0: date) -> Plan:
    found = plan(category, day0, Facts(doses=Doses.NONE, recovered=False), national())
    assert isinstance(found, Plan)
    return found


# --- who is visited -----------------------------------------------------------------------------------------------------


def test_a_contact_at_home_is_visited_once_on_every_day_of_isolation() -> None:
    watched = watch(Category.CONTACT, HOME, DAY0, planned(Category.CONTACT, DAY0))

    visited = [day for n in range(-1, 20) if slots(watched, day := DAY0 + timedelta(days=n)) == ["day"]]

    assert (visited[0], visited[-1], len(visited)) == (DAY0, date(2021, 9, 22), 15)


def test_a_case_at_home_is_visited_in_the_morning_and_in_the_afternoon() -> None:
    assert slots(CASE, date(2021, 9, 10)) == ["morning", "afternoon"]


@pytest.mark.parametrize("place", [place for place in QuarantineType if place is not HOME])
def test_nobody_is_visited_who_isolates_elsewhere_or_not_at_all(place: QuarantineType) -> None:
    assert watch(Category.CONTACT, place, DAY0, planned(Category.CONTACT, DAY0)) is None
    assert watch(Category.CONTACT, HOME, DAY0, planned(Category.CONTACT, date(2022, 4, 20))) is None
    assert slots(None, DAY0) == []


def test_nobody_is_late_for_a_day_before_the_team_knew() -> None:
    watched = watch(Category.CONTACT, HOME, date(2021, 9, 11), planned(Category.CONTACT, DAY0))

    assert watched is not None
    assert missed(watched, [], at("12/9 08:00"), RULES) == ((date(2021, 9, 11), "day"),)


def test_a_case_is_visited_until_released_or_until_the_rule_ends_it() -> None:
    found = planned(Category.CASE, date(2022, 2, 1))
    open_end = watch(Category.CASE, HOME, date(2022, 2, 1), planned(Category.CASE, date(2021, 12, 28)))

    until_rule = watch(Category.CASE, HOME, date(2022, 2, 1), found)
    until_test = watch(Category.CASE, HOME, date(2022, 2, 1), found, released=date(2022, 2, 8))

    assert until_rule is not None
    assert until_test is not None
    assert open_end is not None
    assert (until_rule.until, until_test.until, open_end.until) == (date(2022, 2, 15), date(2022, 2, 8), None)


def test_who_waits_for_an_officials_dates_is_visited_meanwhile() -> None:
    watched = watch(Category.CASE, HOME, DAY0)

    assert slots(watched, date(2021, 10, 30)) == ["morning", "afternoon"]


# --- one visit ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "is_"),
    [
        ("8/9 04:59", VisitState.UPCOMING),
        ("8/9 05:00", VisitState.OPEN),
        ("8/9 11:59", VisitState.OPEN),
        ("8/9 12:00", VisitState.OVERDUE),
        ("8/9 23:59", VisitState.OVERDUE),
        ("9/9 00:00", VisitState.MISSED),
    ],
)
def test_a_visit_opens_closes_and_is_missed_at_midnight(now: str, is_: VisitState) -> None:
    (slot,) = due(CONTACT, DAY0, RULES)

    assert state(slot, DAY0, [], at(now)) is is_


def test_a_visit_is_done_when_the_person_was_seen_also_when_that_was_late() -> None:
    (slot,) = due(CONTACT, DAY0, RULES)

    assert state(slot, DAY0, [seen(DAY0, "day", "9/9 07:00")], at("9/9 08:00")) is VisitState.DONE


@pytest.mark.parametrize("how", [VisitStatus.UNAVAILABLE, VisitStatus.UNCOOPERATIVE])
def test_nobody_at_home_or_a_refusal_leaves_the_visit_open(how: VisitStatus) -> None:
    (slot,) = due(CONTACT, DAY0, RULES)

    assert state(slot, DAY0, [seen(DAY0, "day", "8/9 07:00", how)], at("8/9 08:00")) is VisitState.OPEN


# --- where the follow-up stands -----------------------------------------------------------------------------------------


def test_a_follow_up_is_overdue_until_the_person_is_seen_again() -> None:
    visits = [seen(DAY0, "day", "8/9 07:00")]
    late = [*visits, seen(date(2021, 9, 10), "day", "10/9 07:00")]

    assert status(CONTACT, visits, at("9/9 11:59"), RULES) is FollowUpStatus.FOLLOW_UP
    assert status(CONTACT, visits, at("9/9 12:00"), RULES) is FollowUpStatus.OVERDUE
    assert status(CONTACT, late, at("10/9 08:00"), RULES) is FollowUpStatus.FOLLOW_UP
    assert missed(CONTACT, late, at("10/9 08:00"), RULES) == ((date(2021, 9, 9), "day"),)  # and stays missed


def test_before_the_first_visit_closes_nothing_is_overdue() -> None:
    assert status(CONTACT, [], at("8/9 11:00"), RULES) is FollowUpStatus.FOLLOW_UP


@pytest.mark.parametrize("ended", [FollowUpStatus.COMPLETED, FollowUpStatus.CANCELED, FollowUpStatus.LOST])
def test_what_an_event_has_ended_is_not_overdue(ended: FollowUpStatus) -> None:
    assert status(CONTACT, [], at("30/9 12:00"), RULES, ended) is ended


# --- climbing -----------------------------------------------------------------------------------------------------------


def test_a_visit_not_made_climbs_to_the_head_at_noon_and_to_the_commune_at_five() -> None:
    told = climbing(CONTACT, [], at("8/9 08:00"), at("8/9 20:00"), RULES)

    assert told == (
        Climbs(DAY0, "day", Role.HEAD, at("8/9 12:00")),
        Climbs(DAY0, "day", Role.COMMUNE_OFFICER, at("8/9 17:00")),
    )


def test_what_was_told_at_the_very_instant_is_not_told_again() -> None:
    at_noon = climbing(CONTACT, [], at("8/9 08:00"), at("8/9 12:00"), RULES)

    assert [one.to for one in at_noon] == [Role.HEAD]
    assert climbing(CONTACT, [], at("8/9 12:00"), at("8/9 12:30"), RULES) == ()


def test_who_is_seen_late_climbs_no_further() -> None:
    visits = [seen(DAY0, "day", "8/9 13:00")]

    assert climbing(CONTACT, visits, at("8/9 12:00"), at("8/9 20:00"), RULES) == ()


def test_a_case_missed_in_the_morning_and_seen_in_the_afternoon_is_not_told_to_the_commune() -> None:
    visits = [seen(DAY0, "afternoon", "8/9 12:30")]

    assert climbing(CASE, visits, at("8/9 12:00"), at("8/9 16:00"), RULES) == ()


@settings(max_examples=50)
@given(st.lists(st.integers(1, 60 * 24 * 4), max_size=8, unique=True))
def test_however_often_it_is_asked_everyone_is_told_once(minutes: list[int]) -> None:
    start, end = at("8/9 00:00"), at("12/9 00:00")
    moments = [start, *sorted(start + timedelta(minutes=n) for n in minutes), end]

    told = [one for since, now in pairwise(moments) for one in climbing(CASE, [], since, now, RULES)]

    assert told == list(climbing(CASE, [], start, end, RULES))
    assert len(told) == len(set(told)) == 4 * 2 * 2
