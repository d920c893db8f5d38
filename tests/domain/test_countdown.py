"""The morning's countdown: who finishes tomorrow, who lacks a test, whose test is today (N6)."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.countdown import Countdown, Followed, countdown, due_test, missing_tests
from bot.domain.isolation import Plan, plan
from bot.domain.isolation_rules import Category, Facts, national
from bot.domain.person import Doses

DAY0 = date(2021, 9, 8)  # tests on 9/9, 15/9 and 22/9


def planned(category: Category = Category.CONTACT, day0: date = DAY0) -> Plan:
    found = plan(category, day0, Facts(doses=Doses.NONE, recovered=False), national())
    assert isinstance(found, Plan)
    return found


def september(*days: int) -> frozenset[date]:
    return frozenset(date(2021, 9, day) for day in days)


def test_who_finishes_tomorrow_is_named_with_the_tests_still_wanted() -> None:
    people = [
        ("tested", Followed(planned(), september(9, 15))),
        ("untested", Followed(planned(), september(9))),
        ("later", Followed(planned(day0=date(2021, 9, 9)), september(10, 16))),
    ]

    found = countdown(people, date(2021, 9, 21))

    assert found == Countdown(
        finishing={"tested": (14,), "untested": (7, 14)},
        lacking={"untested": (7,)},
        test_today={},
    )


def test_on_the_day_itself_the_test_is_due_and_the_next_day_it_is_missing() -> None:
    people = [("contact", Followed(planned(), september(9, 15)))]

    assert countdown(people, date(2021, 9, 22)).test_today == {"contact": 14}
    assert countdown(people, date(2021, 9, 22)).lacking == {}
    assert countdown(people, date(2021, 9, 23)).lacking == {"contact": (14,)}


def test_a_late_sample_counts_and_an_early_one_does_not() -> None:
    assert missing_tests(planned(), september(11), date(2021, 9, 15)) == ()
    assert missing_tests(planned(), september(9, 14), date(2021, 9, 16)) == (7,)
    assert missing_tests(planned(), september(15), date(2021, 9, 16)) == (1,)  # that is the sample of day 7
    assert missing_tests(planned(), september(9, 16), date(2021, 9, 17)) == ()
    assert due_test(planned(), september(14), date(2021, 9, 15)) == 7
    assert due_test(planned(), september(15), date(2021, 9, 15)) is None


def test_who_is_followed_no_more_is_on_no_list() -> None:
    people = [("over", Followed(planned()))]

    assert countdown(people, date(2021, 10, 7)) == Countdown({}, {}, {})


def test_a_case_finishes_when_a_negative_test_says_so() -> None:
    case = planned(Category.CASE, date(2022, 2, 1))

    waiting = countdown([("case", Followed(case))], date(2022, 2, 7))
    without = countdown([("case", Followed(case))], date(2022, 2, 14))

    assert waiting.finishing == {}
    assert without.finishing == {"case": (7,)}


@given(st.frozensets(st.dates(DAY0, date(2021, 10, 10))), st.dates(DAY0, date(2021, 10, 10)))
def test_another_sample_never_makes_a_test_missing(sampled: frozenset[date], more: date) -> None:
    before = date(2021, 10, 10)

    assert set(missing_tests(planned(), sampled | {more}, before)) <= set(missing_tests(planned(), sampled, before))
