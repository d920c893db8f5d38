"""What moves the dates of a plan says what moved and why, and leaves the former plan as it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.isolation import Ask, Phase, Plan, Why, phase, plan, released_on
from bot.domain.isolation_rules import Category, Facts, national
from bot.domain.person import Doses, QuarantineType
from bot.domain.plan_changes import (
    BY_OFFICIAL,
    Because,
    Changed,
    Move,
    accepted,
    answered,
    exposed_again,
    extended,
    overridden,
    positive,
    shortened,
)
from bot.domain.plan_changes import (
    given as own_plan,
)

UNVACCINATED = Facts(doses=Doses.NONE, recovered=False)
DAY0 = date(2021, 9, 8)


def planned(category: Category = Category.CONTACT, day0: date = DAY0, facts: Facts = UNVACCINATED) -> Plan:
    found = plan(category, day0, facts, national())
    assert isinstance(found, Plan)
    return found


def moved(outcome: Changed | Ask) -> Changed:
    assert isinstance(outcome, Changed)
    return outcome


def test_a_later_exposure_starts_the_count_again_and_names_what_moved() -> None:
    change = moved(exposed_again(planned(), date(2021, 9, 12), UNVACCINATED, national()))

    assert change.plan.isolate_until == date(2021, 9, 26)
    assert change.change.because is Because.EXPOSED_AGAIN
    assert Move("isolate_until", date(2021, 9, 22), date(2021, 9, 26)) in change.change.moves
    assert Move("day0", DAY0, date(2021, 9, 12)) in change.change.moves
    # the test of day 1 stood; those of 15/9 and 22/9 are now those of the new count
    assert change.plan.test_on == (date(2021, 9, 9), date(2021, 9, 13), date(2021, 9, 19), date(2021, 9, 26))


@pytest.mark.parametrize("on", [DAY0, DAY0 - timedelta(days=3)])
def test_an_exposure_that_is_not_later_moves_nothing(on: date) -> None:
    change = moved(exposed_again(planned(), on, UNVACCINATED, national()))

    assert (change.plan, change.change.moves) == (planned(), ())


def test_a_later_exposure_under_a_milder_rule_lets_nobody_out_earlier() -> None:
    full = Facts(Doses.TWO, last_dose_on=date(2021, 11, 1), recovered=False)
    before = planned(day0=date(2021, 12, 14), facts=full)  # fourteen days, the day before the last of CV 5599

    change = moved(exposed_again(before, date(2021, 12, 16), full, national()))

    assert change.plan.rule == "contact-10696-full"
    assert change.plan.isolate_until == before.isolate_until == date(2021, 12, 28)
    assert change.plan.monitor_until == before.monitor_until


def test_who_came_back_and_then_met_a_case_is_followed_as_a_contact() -> None:
    facts = Facts(Doses.NONE, recovered=False, province="79")

    change = moved(exposed_again(planned(Category.RETURNEE, facts=facts), date(2021, 9, 10), facts, national()))

    assert (change.plan.category, change.plan.isolate_until) == (Category.CONTACT, date(2021, 9, 24))
    assert Move("category", Category.RETURNEE, Category.CONTACT) in change.change.moves


def test_a_positive_test_turns_the_plan_into_a_cases() -> None:
    change = moved(positive(planned(day0=date(2022, 2, 1)), date(2022, 2, 4), UNVACCINATED, national()))

    assert (change.plan.category, change.plan.isolate_until) == (Category.CASE, date(2022, 2, 11))
    assert change.change.because is Because.POSITIVE


def test_where_no_rule_says_what_follows_a_positive_test_an_official_is_asked() -> None:
    outcome = positive(planned(), date(2021, 9, 15), UNVACCINATED, national())

    assert outcome == Ask(Category.CASE, date(2021, 9, 15), Why.BEFORE_FIRST)


def test_an_answer_takes_away_what_was_assumed() -> None:
    day0 = date(2022, 1, 20)
    before = planned(day0=day0, facts=Facts(recovered=False))

    change = moved(answered(before, Facts(Doses.TWO, date(2021, 12, 1), recovered=False), national()))

    assert before.assumed == ("doses", "last_dose_on")
    assert (change.plan.assumed, change.plan.isolate_until) == ((), date(2022, 1, 27))
    assert change.change.because is Because.ANSWERED


# --- an official ----------------------------------------------------------------------------------------------------------


def test_an_extension_moves_monitoring_along_and_keeps_the_reason() -> None:
    change = extended(planned(), date(2021, 9, 25), " ca bệnh cùng nhà ")

    assert (change.plan.isolate_until, change.plan.monitor_until) == (date(2021, 9, 25), date(2021, 10, 9))
    assert change.change.reason == "ca bệnh cùng nhà"
    assert {move.what for move in change.change.moves} == {"isolate_until", "monitor_until"}


def test_a_shortened_plan_needs_no_test_after_its_last_day() -> None:
    monitored_only = own_plan(
        Category.CONTACT,
        DAY0,
        DAY0,
        isolate_until=date(2021, 9, 22),
        place=QuarantineType.HOME,
        test_on=(date(2021, 9, 9), date(2021, 9, 22)),
    )

    change = shortened(monitored_only, date(2021, 9, 15), "phản hồi của tỉnh")

    assert (change.plan.isolate_until, change.plan.test_on) == (date(2021, 9, 15), (date(2021, 9, 9),))
    assert change.change.because is Because.SHORTENED


def test_a_case_whose_stay_an_official_shortens_needs_no_negative_test() -> None:
    before = planned(Category.CASE, date(2021, 12, 28))

    change = shortened(before, date(2022, 1, 20), "chuyển tuyến")

    assert released_on(before) is None
    assert released_on(change.plan) == date(2022, 1, 20)
    assert phase(change.plan, date(2022, 1, 21)) is Phase.OVER


def test_who_only_monitors_can_be_told_to_isolate() -> None:
    before = planned(day0=date(2022, 4, 20))

    change = extended(before, date(2022, 4, 23), "ở cùng người già")

    assert (before.isolate_until, change.plan.isolate_until) == (None, date(2022, 4, 23))
    assert change.plan.monitor_until == date(2022, 5, 3)


def test_dates_the_wrong_way_round_and_changes_without_a_reason_are_refused() -> None:
    current = planned()
    for wrong in (date(2021, 9, 22), date(2021, 9, 1)):
        with pytest.raises(ValueError, match="later"):
            extended(current, wrong, "lý do")
    with pytest.raises(ValueError, match="earlier"):
        shortened(current, date(2021, 9, 22), "lý do")
    with pytest.raises(ValueError, match="first day"):
        shortened(current, date(2021, 9, 7), "lý do")
    with pytest.raises(ValueError, match="reason"):
        extended(current, date(2021, 9, 25), "  ")
    with pytest.raises(ValueError, match="reason"):
        overridden(current, current, "")


def test_an_official_lets_a_proposal_hold_at_one_of_its_places() -> None:
    proposed = planned(day0=date(2022, 1, 20))

    change = accepted(proposed, QuarantineType.HOME)

    assert (proposed.settled, change.plan.settled) == (False, True)
    assert change.plan.places == (QuarantineType.HOME,)
    with pytest.raises(ValueError, match="places"):
        accepted(proposed, QuarantineType.HOSPITAL)
    with pytest.raises(ValueError, match="places"):
        accepted(proposed)  # which of the two, nobody said


def test_an_officials_own_dates_stand_where_no_rule_does() -> None:
    own = own_plan(
        Category.CASE, DAY0, DAY0, isolate_until=date(2021, 9, 18), place=QuarantineType.HOME, test_on=(date(2021, 9, 18),)
    )

    change = overridden(planned(), own, "hướng dẫn của tỉnh")

    assert own.settled
    assert (own.rule, change.plan.isolate_until) == (BY_OFFICIAL, date(2021, 9, 18))
    assert change.change.because is Because.OVERRIDDEN


@pytest.mark.parametrize(
    ("until", "place", "monitor"),
    [
        (date(2021, 9, 18), None, None),
        (None, QuarantineType.HOME, None),
        (date(2021, 9, 18), QuarantineType.SELF_MONITORING, None),
        (date(2021, 9, 7), QuarantineType.HOME, None),
        (date(2021, 9, 18), QuarantineType.HOME, date(2021, 9, 17)),
    ],
)
def test_dates_of_an_official_that_make_no_plan_are_refused(
    until: date | None, place: QuarantineType | None, monitor: date | None
) -> None:
    with pytest.raises(ValueError, match=r"together|after"):
        own_plan(Category.CONTACT, DAY0, DAY0, isolate_until=until, place=place, monitor_until=monitor)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2021, 7, 14), date(2022, 6, 1)), st.lists(st.integers(-3, 30), max_size=5))
def test_however_often_somebody_is_exposed_nothing_ends_earlier_than_before(day0: date, later: list[int]) -> None:
    current = planned(day0=day0)
    for days in later:
        change = moved(exposed_again(current, day0 + timedelta(days=days), UNVACCINATED, national()))
        for end in ("isolate_until", "monitor_until"):
            assert (getattr(change.plan, end) or date.min) >= (getattr(current, end) or date.min)
        assert all(move.before != move.after for move in change.change.moves)
        current = change.plan
