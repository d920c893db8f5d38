"""What can be true of a living person, what is an alarm, and who may be cared for at home."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.follow_up_rules import follow_up_rules, parse
from bot.domain.health import SYMPTOMS, Alarm, CaseFacts, Implausible, MayStay, alarms, doubted, may_stay_home
from bot.domain.isolation_rules import Category
from bot.domain.person import Doses

RULES = follow_up_rules()
ON = date(2021, 9, 8)


def raised(category: Category, symptoms: tuple[str, ...] = (), **measured: str) -> list[str]:
    values = {name: Decimal(value) for name, value in measured.items()}
    return [alarm.what for alarm in alarms(category, values, symptoms, RULES)]


@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("365", "36.5"),
        ("375", "37.5"),
        ("340", "34"),
        ("430", "43"),
        ("33.9", None),
        ("43.1", None),
        ("440", None),
        ("3", None),
    ],
)
def test_a_temperature_that_cannot_be_is_asked_again_and_a_lost_comma_is_offered(typed: str, offer: str | None) -> None:
    found = doubted(RULES.vital["temperature"], Decimal(typed))

    assert found == Implausible(Decimal("34.0"), Decimal("43.0"), Decimal(offer) if offer else None)


@pytest.mark.parametrize(
    ("vital", "value", "possible"),
    [
        ("temperature", "34", True),
        ("temperature", "43", True),
        ("spo2", "100", True),
        ("spo2", "101", False),
        ("spo2", "49", False),
        ("spo2", "960", False),
        ("breathing", "4", False),
        ("breathing", "18", True),
        ("breathing", "81", False),
    ],
)
def test_each_value_has_a_range(vital: str, value: str, possible: bool) -> None:
    assert (doubted(RULES.vital[vital], Decimal(value)) is None) is possible


def test_only_a_temperature_is_offered_divided_by_ten() -> None:
    found = doubted(RULES.vital["spo2"], Decimal(960))

    assert found is not None
    assert found.offer is None


def test_a_temperature_of_37_5_is_an_alarm_and_37_4_is_none() -> None:
    assert raised(Category.RETURNEE, temperature="37.5") == ["temperature"]
    assert raised(Category.RETURNEE, temperature="37.4") == []


def test_any_symptom_is_an_alarm_with_or_without_a_thermometer() -> None:
    assert raised(Category.CONTACT, symptoms=("cough",)) == [SYMPTOMS]
    assert raised(Category.CONTACT, symptoms=("cough",), temperature="38") == ["temperature", SYMPTOMS]


@pytest.mark.parametrize(
    ("measured", "alarm"),
    [
        ({"spo2": "95"}, ["spo2"]),
        ({"spo2": "96"}, []),
        ({"breathing": "21"}, ["breathing"]),
        ({"breathing": "20"}, []),
        ({"spo2": "90", "breathing": "30", "temperature": "39"}, ["temperature", "spo2", "breathing"]),
    ],
)
def test_a_case_has_limits_of_oxygen_and_breathing(measured: dict[str, str], alarm: list[str]) -> None:
    assert raised(Category.CASE, **measured) == alarm
    assert raised(Category.CONTACT, **measured) == [name for name in alarm if name == "temperature"]


def test_an_alarm_carries_what_was_measured() -> None:
    assert alarms(Category.CASE, {"spo2": Decimal(91)}, (), RULES) == (Alarm("spo2", Decimal(91)),)


@given(st.decimals(0, 500, places=1))
def test_what_is_offered_is_itself_possible(value: Decimal) -> None:
    for vital in RULES.vital.values():
        found = doubted(vital, value)
        if found is not None and found.offer is not None:
            assert doubted(vital, found.offer) is None


# --- cared for at home ----------------------------------------------------------------------------------------------------

FIT = CaseFacts(
    mild=True,
    breathing=Decimal(18),
    spo2=Decimal(98),
    doses=Doses.NONE,
    age=30,
    underlying_disease=False,
    pregnant=False,
    cared_for=True,
)


def test_a_mild_case_of_low_risk_may_stay_and_so_may_a_vaccinated_one_of_any_age() -> None:
    old = replace(FIT, age=80, doses=Doses.ONE, last_dose_on=ON - timedelta(days=14))

    assert may_stay_home(FIT, ON, RULES) == MayStay(True)
    assert may_stay_home(old, ON, RULES) == MayStay(True)


@pytest.mark.parametrize(
    ("changed", "against"),
    [
        ({"mild": False}, "mild"),
        ({"breathing": Decimal(21)}, "breathing"),
        ({"spo2": Decimal(95)}, "spo2"),
        ({"cared_for": False}, "cared_for"),
        ({"age": 50}, "age"),
        ({"age": 0}, "age"),
        ({"underlying_disease": True}, "underlying_disease"),
        ({"pregnant": True}, "pregnant"),
    ],
)
def test_what_speaks_against_staying_is_named(changed: dict[str, object], against: str) -> None:
    found = may_stay_home(replace(FIT, **changed), ON, RULES)

    assert found is not None
    assert found.allowed is False
    assert against in found.against


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [
        ({"breathing": Decimal(20), "spo2": Decimal(96)}, True),
        ({"age": 1}, True),
        ({"age": 49}, True),
        ({"age": 60, "doses": Doses.ONE, "last_dose_on": ON - timedelta(days=13)}, False),
        ({"age": 60, "doses": Doses.TWO, "last_dose_on": ON - timedelta(days=1)}, True),  # the first was weeks earlier
    ],
)
def test_limits_are_inclusive_and_a_dose_is_fourteen_days_old(changed: dict[str, object], allowed: bool) -> None:
    found = may_stay_home(replace(FIT, **changed), ON, RULES)

    assert found is not None
    assert found.allowed is allowed


def test_what_nobody_measured_is_asked_for_and_not_assumed() -> None:
    found = may_stay_home(replace(FIT, spo2=None, age=None), ON, RULES)

    assert found == MayStay(None, missing=("spo2", "age"))


def test_one_thing_against_it_is_enough_whatever_else_is_unknown() -> None:
    found = may_stay_home(CaseFacts(spo2=Decimal(90)), ON, RULES)

    assert found == MayStay(False, against=("spo2",))


def test_before_the_decision_was_in_force_an_official_decides() -> None:
    assert may_stay_home(FIT, date(2021, 8, 20), RULES) is None
    assert may_stay_home(FIT, date(2021, 8, 21), RULES) is not None


# --- the data file -----------------------------------------------------------------------------------------------------------


def test_the_thresholds_are_those_of_the_documents() -> None:
    vital, care = RULES.vital, RULES.home_care

    assert vital["temperature"].alarm_from == Decimal("37.5")
    assert (vital["spo2"].alarm_below, vital["breathing"].alarm_above) == (96, 20)
    assert (care.spo2_at_least, care.breathing_at_most) == (96, 20)
    assert (care.dose_days, care.age_from, care.age_to, care.valid_from) == (14, 1, 49, date(2021, 8, 21))
    assert {name for name, one in vital.items() if not one.verified} == {"temperature"}


@pytest.mark.parametrize(
    ("hours", "named"),
    [
        ("opens = 22:00:00\ncloses = 05:00:00\nclimbs = []", "night: closes"),
        ('opens = 05:00:00\ncloses = 12:00:00\nclimbs = [{to = "head", at = 11:00:00}]', "night: climbs"),
        ('opens = 05:00:00\ncloses = 12:00:00\nclimbs = [{to = "nobody", at = 12:00:00}]', "to"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(hours: str, named: str) -> None:
    visit = f'[[visit]]\ncategories = ["case"]\nslot = "night"\n{hours}\nsource = "x"\nverified = true\n'

    with pytest.raises(ValueError, match=named):
        parse(visit)
