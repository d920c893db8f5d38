"""Dates of isolation: how days are counted, which rule decides, what is not known, and when an official is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.isolation import Ask, Phase, Plan, Why, phase, plan, released_on
from bot.domain.isolation_rules import Category, Facts, Risk, months_after, national
from bot.domain.person import Doses, QuarantineType

HCMC, BINH_DUONG, LONG_AN, HA_NOI = "79", "74", "80", "01"
UNVACCINATED = Facts(doses=Doses.NONE, recovered=False)


def planned(category: Category, day0: date, facts: Facts = UNVACCINATED) -> Plan:
    found = plan(category, day0, facts, national())
    assert isinstance(found, Plan), found
    return found


def asked(category: Category, day0: date, facts: Facts = UNVACCINATED) -> Ask:
    found = plan(category, day0, facts, national())
    assert isinstance(found, Ask), found
    return found


def vaccinated(day0: date, days_ago: int, doses: Doses = Doses.TWO) -> Facts:
    return Facts(doses=doses, last_dose_on=day0 - timedelta(days=days_ago), recovered=False)


# --- counting -----------------------------------------------------------------------------------------------------------


def test_fourteen_days_from_the_eighth_end_with_the_end_of_the_twenty_second() -> None:
    found = planned(Category.CONTACT, date(2021, 9, 8))

    assert found.isolate_until == date(2021, 9, 22)
    assert found.monitor_until == date(2021, 10, 6)
    assert found.test_on == (date(2021, 9, 9), date(2021, 9, 15), date(2021, 9, 22))


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (0, Phase.ISOLATING),
        (13, Phase.ISOLATING),
        (14, Phase.ISOLATING),
        (15, Phase.MONITORING),
        (28, Phase.MONITORING),
        (29, Phase.OVER),
    ],
)
def test_day_thirteen_and_fourteen_are_isolation_and_day_fifteen_is_not(day: int, what: Phase) -> None:
    day0 = date(2021, 9, 8)

    assert phase(planned(Category.CONTACT, day0), day0 + timedelta(days=day)) is what


def test_no_test_falls_outside_of_what_is_followed() -> None:
    for rule in national().rule:
        last = max(rule.isolate_days, rule.without_negative_days or 0) + rule.monitor_days

        assert all(0 < day <= last for day in rule.test_days)


def test_who_need_not_isolate_watches_their_health_from_the_first_day() -> None:
    day0 = date(2022, 4, 15)
    found = planned(Category.CONTACT, day0)

    assert (found.places, found.isolate_until, found.monitor_until) == ((), None, date(2022, 4, 25))
    assert (found.test_on, found.tests_if_symptoms) == ((), True)
    assert phase(found, day0) is Phase.MONITORING
    assert released_on(found) is None


# --- fully vaccinated or recovered ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days_ago", "rule"), [(13, "contact-10696-other"), (14, "contact-10696-full")])
def test_a_dose_thirteen_days_ago_is_too_recent_and_one_fourteen_days_ago_is_not(days_ago: int, rule: str) -> None:
    day0 = date(2022, 1, 20)

    assert planned(Category.CONTACT, day0, vaccinated(day0, days_ago)).rule == rule


@pytest.mark.parametrize(
    ("dose", "day0", "rule"),
    [
        (date(2021, 7, 10), date(2022, 1, 10), "contact-10696-full"),
        (date(2021, 7, 10), date(2022, 1, 11), "contact-10696-other"),
        (date(2021, 8, 31), date(2022, 2, 20), "contact-10696-full"),
        (date(2021, 7, 31), date(2022, 1, 31), "contact-10696-full"),
        (date(2021, 7, 31), date(2022, 2, 1), "contact-10696-other"),
    ],
)
def test_six_months_are_counted_to_the_day(dose: date, day0: date, rule: str) -> None:
    facts = Facts(doses=Doses.TWO, last_dose_on=dose, recovered=False)

    assert planned(Category.CONTACT, day0, facts).rule == rule


@pytest.mark.parametrize(
    ("day0", "rule"),
    [(date(2022, 2, 28), "returnee-8399-full"), (date(2022, 3, 1), "returnee-8399-none")],
)
def test_six_months_from_the_thirty_first_of_august_end_with_february(day0: date, rule: str) -> None:
    facts = Facts(
        doses=Doses.NONE, recovered=True, recovered_on=date(2021, 8, 31), province=HCMC, epidemic=True, risk=Risk.RISK
    )

    assert planned(Category.RETURNEE, day0, facts).rule == rule


@pytest.mark.parametrize(
    ("day0", "rule"),
    [(date(2022, 2, 28), "contact-762-vaccinated"), (date(2022, 3, 1), "contact-762-other")],
)
def test_a_document_has_its_own_limit_for_recovery(day0: date, rule: str) -> None:
    facts = Facts(doses=Doses.NONE, recovered=True, recovered_on=date(2021, 11, 30))  # three months, in a shorter month

    assert planned(Category.CONTACT, day0, facts).rule == rule


def test_one_dose_is_not_full_but_three_are() -> None:
    day0 = date(2022, 1, 20)

    assert planned(Category.CONTACT, day0, vaccinated(day0, 30, Doses.ONE)).rule == "contact-10696-other"
    assert planned(Category.CONTACT, day0, vaccinated(day0, 30, Doses.THREE)).rule == "contact-10696-full"


def test_recovery_counts_only_where_the_document_says_so() -> None:
    facts = Facts(doses=Doses.NONE, recovered=True, recovered_on=date(2021, 12, 1))

    assert planned(Category.CASE, date(2022, 2, 1), facts).rule == "case-250-other"


def test_a_dose_after_day_zero_does_not_count() -> None:
    day0 = date(2021, 10, 10)
    only = Facts(Doses.ONE, day0 + timedelta(days=1), recovered=False, province=HCMC, epidemic=True, risk=Risk.RISK)
    second = Facts(Doses.TWO, day0 + timedelta(days=1), recovered=False, province=HCMC, epidemic=True, risk=Risk.RISK)

    assert planned(Category.RETURNEE, day0, only).rule == "returnee-8399-none"
    assert planned(Category.RETURNEE, day0, second).assumed == ("doses", "last_dose_on")  # how many before it, nobody said


# --- which rule -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day0", "source"),
    [
        (date(2021, 7, 14), "CV 5599"),
        (date(2021, 12, 15), "CV 5599"),
        (date(2021, 12, 16), "CV 10696"),
        (date(2022, 2, 20), "CV 10696"),
        (date(2022, 2, 21), "CV 762"),
        (date(2022, 4, 14), "CV 762"),
        (date(2022, 4, 15), "CV 1909"),
    ],
)
def test_the_document_in_force_on_day_zero_decides(day0: date, source: str) -> None:
    assert planned(Category.CONTACT, day0).source == source


@pytest.mark.parametrize(
    ("day0", "facts", "rule"),
    [
        (date(2021, 7, 7), Facts(Doses.NONE, recovered=False, province=HCMC), "returnee-5389"),
        (date(2021, 8, 5), Facts(Doses.NONE, recovered=False, province=HCMC), "returnee-5389"),
        (date(2021, 8, 6), Facts(Doses.NONE, recovered=False, province=HCMC), "returnee-6386-other"),
        (date(2021, 9, 8), Facts(Doses.NONE, recovered=False, province=BINH_DUONG, epidemic=True), "returnee-6386-other"),
        (
            date(2021, 9, 8),
            Facts(Doses.TWO, date(2021, 8, 25), recovered=False, province=HCMC),
            "returnee-6386-full",
        ),
        (
            date(2021, 10, 3),
            Facts(Doses.TWO, date(2021, 8, 25), recovered=False, province=HA_NOI, epidemic=False, risk=Risk.HIGH),
            "returnee-8318-full",
        ),
        (
            date(2021, 10, 6),
            Facts(Doses.ONE, date(2021, 10, 1), recovered=False, province=LONG_AN, epidemic=True, risk=Risk.HIGH),
            "returnee-8399-one-dose",
        ),
        (
            date(2021, 10, 6),
            Facts(Doses.TWO, date(2021, 10, 1), recovered=False, province=LONG_AN, epidemic=True, risk=Risk.HIGH),
            "returnee-8399-one-dose",
        ),
        (
            date(2021, 10, 6),
            Facts(Doses.NONE, recovered=False, province=LONG_AN, epidemic=True, risk=Risk.HIGH),
            "returnee-8399-none",
        ),
    ],
)
def test_for_people_who_came_back_the_newest_document_that_speaks_of_the_place_decides(
    day0: date, facts: Facts, rule: str
) -> None:
    assert planned(Category.RETURNEE, day0, facts).rule == rule


def test_a_plan_names_its_document_and_is_settled_only_where_the_rule_alone_decides() -> None:
    day0 = date(2022, 1, 20)
    full, other = planned(Category.CONTACT, day0, vaccinated(day0, 30)), planned(Category.CONTACT, day0)

    assert (full.source, full.issued, full.places) == ("CV 10696", date(2021, 12, 16), (QuarantineType.HOME,))
    assert full.settled
    assert (other.verified, other.settled) == (False, False)
    assert not planned(Category.CONTACT, date(2021, 9, 8)).settled  # home or central: somebody has to choose


# --- asking ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "day0"),
    [
        (Category.CONTACT, date(2021, 7, 13)),
        (Category.RETURNEE, date(2021, 7, 6)),
        (Category.CASE, date(2021, 12, 27)),
    ],
)
def test_before_the_first_rule_an_official_is_asked(category: Category, day0: date) -> None:
    facts = Facts(Doses.NONE, recovered=False, province=HCMC)

    assert asked(category, day0, facts) == Ask(category, day0, Why.BEFORE_FIRST)
    assert isinstance(plan(category, day0 + timedelta(days=1), facts, national()), Plan)


def test_for_a_place_that_no_document_speaks_of_an_official_is_asked() -> None:
    day0 = date(2021, 9, 8)
    facts = Facts(Doses.NONE, recovered=False, province=HA_NOI, epidemic=False, risk=Risk.RISK)

    assert asked(Category.RETURNEE, day0, facts) == Ask(Category.RETURNEE, day0, Why.NOT_COVERED_PLACE)


def test_for_a_person_whom_the_document_leaves_out_an_official_is_asked_and_told_which() -> None:
    day0 = date(2021, 10, 4)
    facts = Facts(Doses.NONE, recovered=False, province=HA_NOI, epidemic=True, risk=Risk.VERY_HIGH)

    assert asked(Category.RETURNEE, day0, facts) == Ask(Category.RETURNEE, day0, Why.NOT_COVERED_PERSON, source="CV 8318")


def test_where_an_unknown_fact_decides_whether_there_is_a_rule_it_is_asked_for() -> None:
    day0 = date(2021, 9, 8)

    found = asked(Category.RETURNEE, day0, Facts(Doses.NONE, recovered=False, province=HA_NOI))

    assert (found.why, found.missing) == (Why.UNKNOWN, ("epidemic",))


# --- what nobody has said ---------------------------------------------------------------------------------------------------


def test_unknown_doses_take_the_strictest_row_and_say_so() -> None:
    day0 = date(2021, 10, 10)
    facts = Facts(recovered=False, province=HCMC, epidemic=True, risk=Risk.HIGH)

    found = planned(Category.RETURNEE, day0, facts)

    assert (found.rule, found.isolate_until) == ("returnee-8399-none", date(2021, 10, 24))
    assert found.assumed == ("doses", "last_dose_on")
    assert not found.settled


def test_a_dose_without_a_date_is_named_where_it_matters() -> None:
    day0 = date(2022, 1, 20)
    found = planned(Category.CONTACT, day0, Facts(Doses.TWO, recovered=False))

    assert (found.rule, found.assumed) == ("contact-10696-other", ("last_dose_on",))


def test_what_changes_nothing_is_not_called_assumed() -> None:
    assert planned(Category.CONTACT, date(2021, 9, 8), Facts()).assumed == ()


def test_a_recovery_nobody_asked_about_is_named() -> None:
    assert planned(Category.CONTACT, date(2022, 1, 20), Facts(Doses.NONE)).assumed == ("recovered", "recovered_on")


DAYS = st.dates(date(2021, 6, 1), date(2022, 6, 1))


@st.composite
def facts_known(draw: st.DrawFn, day0: date) -> Facts:
    doses = draw(st.sampled_from([Doses.NONE, Doses.ONE, Doses.TWO, Doses.THREE]))
    recovered = draw(st.booleans())
    past = st.dates(day0 - timedelta(days=400), day0)
    return Facts(
        doses=doses,
        last_dose_on=None if doses is Doses.NONE else draw(past),
        recovered=recovered,
        recovered_on=draw(past) if recovered else None,
        province=draw(st.sampled_from([HCMC, BINH_DUONG, LONG_AN, HA_NOI])),
        epidemic=draw(st.booleans()),
        risk=draw(st.sampled_from(Risk)),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Category, date, Facts]:
    day0 = draw(DAYS)
    return draw(st.sampled_from(Category)), day0, draw(facts_known(day0))


def longest(found: Plan) -> date:
    return found.latest or (date.max if found.needs_negative else found.isolate_until or found.day0)


def forgotten(facts: Facts) -> Iterator[Facts]:
    """The same person with one thing nobody has said."""
    for name, unknown in [("doses", Doses.UNKNOWN), *((n, None) for n in ("recovered", "province", "epidemic", "risk"))]:
        values = vars(facts) | {name: unknown}
        yield Facts(**(values | ({"recovered_on": None} if name == "recovered" else {})))


@settings(max_examples=50, deadline=None)
@given(cases())
def test_whatever_is_not_said_makes_no_plan_milder(person: tuple[Category, date, Facts]) -> None:
    category, day0, facts = person
    known = plan(category, day0, facts, national())

    for less in forgotten(facts):
        guessed = plan(category, day0, less, national())
        if isinstance(guessed, Plan):  # then every possible answer leads to a rule
            assert isinstance(known, Plan)
            assert longest(guessed) >= longest(known)
            assert guessed.assumed or guessed == known


@settings(max_examples=50, deadline=None)
@given(cases())
def test_what_is_known_is_never_assumed_and_dates_follow_each_other(person: tuple[Category, date, Facts]) -> None:
    category, day0, facts = person
    found = plan(category, day0, facts, national())

    if isinstance(found, Ask):
        assert found.missing == ()
        assert found.why is not Why.UNKNOWN
        return
    assert found.assumed == ()
    dates = [day for day in (found.day0, found.isolate_until, found.latest, found.monitor_until) if day is not None]
    assert dates == sorted(dates)
    assert bool(found.places) == (found.isolate_until is not None)
    assert all(day0 < day for day in found.test_on)


@given(DAYS, st.integers(1, 24))
def test_a_month_later_is_later_and_never_more_than_thirty_one_days_a_month(day: date, months: int) -> None:
    assert timedelta(0) < months_after(day, months) - day <= timedelta(days=31 * months)


# --- cases at home ----------------------------------------------------------------------------------------------------------


def test_a_case_leaves_isolation_on_day_seven_with_a_negative_test() -> None:
    day0 = date(2022, 2, 1)
    found = planned(Category.CASE, day0)

    assert (found.needs_negative, found.isolate_until, found.latest) == (True, date(2022, 2, 8), date(2022, 2, 15))
    assert released_on(found, [date(2022, 2, 8)]) == date(2022, 2, 8)
    assert phase(found, date(2022, 2, 8), [date(2022, 2, 8)]) is Phase.ISOLATING
    assert phase(found, date(2022, 2, 9), [date(2022, 2, 8)]) is Phase.OVER


def test_a_case_without_a_negative_test_stays_until_the_last_day_of_the_rule() -> None:
    day0 = date(2022, 2, 1)
    full, other = planned(Category.CASE, day0, vaccinated(day0, 30)), planned(Category.CASE, day0)

    assert released_on(full) == full.latest == date(2022, 2, 11)
    assert released_on(other) == other.latest == date(2022, 2, 15)
    assert released_on(other, [date(2022, 2, 10)]) == date(2022, 2, 10)


def test_a_negative_test_before_the_first_possible_day_ends_nothing() -> None:
    found = planned(Category.CASE, date(2022, 2, 1))

    assert released_on(found, [date(2022, 2, 7)]) == date(2022, 2, 15)


def test_under_the_first_rule_only_a_negative_test_ends_isolation() -> None:
    found = planned(Category.CASE, date(2021, 12, 28))

    assert released_on(found) is None
    assert phase(found, date(2022, 3, 1)) is Phase.ISOLATING
    assert released_on(found, [date(2022, 1, 6), date(2022, 1, 7)]) == date(2022, 1, 7)
