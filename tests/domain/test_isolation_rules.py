"""The rule table says what the documents say, row by row; a province may override it; a wrong file names what is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.isolation import Plan, plan
from bot.domain.isolation_rules import Category, Facts, Rule, When, months_after, national, overridden, parse
from bot.domain.person import Doses

HOME, CENTRAL = "home", "institutional"

# Written out by hand from the sources that each row names, not from the data file:
# category, area, from, source, condition, isolate, where, then monitor, tests on day, seen in a primary source
TABLE = [
    ("contact", None, "2021-07-14", "CV 5599", "any", 14, (HOME, CENTRAL), 14, (1, 7, 14), True),
    ("contact", None, "2021-12-16", "CV 10696", "FULL <= 6, recovered <= 6", 7, (HOME,), 7, (1, 7), True),
    ("contact", None, "2021-12-16", "CV 10696", "otherwise", 14, (HOME, CENTRAL), 14, (1, 7, 14), False),
    ("contact", None, "2022-02-21", "CV 762", "FULL, recovered <= 3", 5, (HOME,), 5, (5,), True),
    ("contact", None, "2022-02-21", "CV 762", "otherwise", 7, (HOME,), 3, (7,), True),
    ("contact", None, "2022-04-15", "CV 1909", "any", 0, (), 10, "if symptoms", True),
    ("returnee", "hcmc", "2021-07-07", "CV 5389", "any", 7, (HOME,), 7, (1, 3, 6), True),
    ("returnee", "epidemic", "2021-08-06", "CV 6386", "FULL <= 12, recovered <= 6", 0, (), 7, (1, 7), True),
    ("returnee", "epidemic", "2021-08-06", "CV 6386", "otherwise", 14, (HOME,), 14, (1, 7, 14), False),
    ("returnee", "high_risk", "2021-10-03", "CV 8318", "FULL, recovered <= 6", 0, (), 7, (1, 7), True),
    ("returnee", "four_provinces", "2021-10-06", "CV 8399", "FULL, recovered <= 6", 0, (), 7, (1,), True),
    ("returnee", "four_provinces", "2021-10-06", "CV 8399", "one dose", 7, (HOME,), 7, (1, 7), True),
    ("returnee", "four_provinces", "2021-10-06", "CV 8399", "otherwise", 14, (HOME, CENTRAL), 14, (1, 7, 14), True),
    ("case", None, "2021-12-28", "Bộ Y tế", "any, ends negative", 10, (HOME,), 0, (10,), True),
    ("case", None, "2022-01-28", "QĐ 250", "FULL, ends negative, else 10", 7, (HOME,), 0, (7,), True),
    ("case", None, "2022-01-28", "QĐ 250", "otherwise, ends negative, else 14", 7, (HOME,), 0, (7,), True),
]


def condition(rule: Rule) -> str:
    """A row's condition in the words of the table above."""
    alone = sum(other.document == rule.document and other.category is rule.category for other in national().rule) == 1
    parts = ["any" if alone else "otherwise"]
    if (when := rule.when) is not None:
        limit = f" <= {when.dose_months}" if when.dose_months else ""
        parts = [f"FULL{limit}" if (when.doses, when.dose_days) == (2, 14) else "one dose"]
        if when.recovered_months:
            parts.append(f"recovered <= {when.recovered_months}")
    if rule.needs_negative:
        parts.append("ends negative")
    if rule.without_negative_days:
        parts.append(f"else {rule.without_negative_days}")
    return ", ".join(parts)


def test_the_data_says_what_the_table_of_the_documents_says_row_by_row() -> None:
    read = [
        (
            str(rule.category),
            rule.area,
            rule.valid_from.isoformat(),
            rule.source,
            condition(rule),
            rule.isolate_days,
            tuple(map(str, rule.places)),
            rule.monitor_days,
            "if symptoms" if rule.tests_if_symptoms else rule.test_days,
            rule.verified,
        )
        for rule in national().rule
    ]

    assert read == TABLE


def test_the_areas_are_the_places_that_the_documents_name() -> None:
    areas = national().areas

    assert areas["hcmc"].provinces == {"79"}
    assert areas["four_provinces"].provinces == {"79", "74", "75", "80"}
    assert areas["epidemic"].declared
    assert areas["high_risk"].risks == {"high", "very_high"}


def test_every_document_has_a_date_and_binds_nobody_before_it() -> None:
    assert all(rule.issued <= rule.valid_from for rule in national().rule)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2021-08-31", 6, "2022-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2021-08-28", 6, "2022-02-28"),
        ("2021-12-31", 3, "2022-03-31"),
        ("2021-11-30", 3, "2022-02-28"),
        ("2021-06-15", 6, "2021-12-15"),
        ("2021-01-31", 12, "2022-01-31"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2021-12-01", 1, "2022-01-01"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, months: int, later: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(later)


@pytest.mark.parametrize(("day0", "fits"), [("2022-02-28", True), ("2022-03-01", False)])
def test_a_dose_of_the_thirty_first_of_august_counts_to_the_end_of_february(day0: str, fits: bool) -> None:
    facts = Facts(Doses.TWO, last_dose_on=date(2021, 8, 31), recovered=False)

    assert When(doses=2, dose_days=14, dose_months=6).fits(facts, date.fromisoformat(day0)) is fits


# --- a province's own file ----------------------------------------------------------------------------------------------

STRICTER = """
[[rule]]
id = "contact-5599"
category = "contact"
source = "CV 1 của tỉnh"
issued = 2021-08-01
valid_from = 2021-08-01
isolate_days = 21
places = ["institutional"]
monitor_days = 7
test_days = [1, 14, 20]
verified = true
"""

ADDED = """
[areas.neighbours]
provinces = ["14"]

[[rule]]
id = "province-neighbours"
category = "returnee"
area = "neighbours"
source = "CV 2 của tỉnh"
issued = 2021-08-06
valid_from = 2021-08-06
isolate_days = 3
places = ["home"]
monitor_days = 4
test_days = [3]
verified = true
"""


def test_a_provinces_row_takes_the_place_of_the_national_one() -> None:
    rules = overridden(national(), parse(STRICTER))

    found = plan(Category.CONTACT, date(2021, 9, 8), Facts(), rules)

    assert isinstance(found, Plan)
    assert (found.source, found.isolate_until) == ("CV 1 của tỉnh", date(2021, 9, 29))
    assert len(rules.rule) == len(national().rule)


def test_a_province_may_add_a_row_for_places_of_its_own_and_leaves_the_others_alone() -> None:
    rules = overridden(national(), parse(ADDED))

    near = plan(Category.RETURNEE, date(2021, 9, 8), Facts(province="14", epidemic=False, risk=None), rules)
    far = Facts(doses=Doses.NONE, recovered=False, province="79")

    assert isinstance(near, Plan)
    assert near.rule == "province-neighbours"
    assert plan(Category.RETURNEE, date(2021, 9, 8), far, rules) == plan(Category.RETURNEE, date(2021, 9, 8), far, national())


def test_of_two_documents_of_one_day_the_provinces_counts() -> None:
    rules = overridden(national(), parse(ADDED))

    found = plan(Category.RETURNEE, date(2021, 9, 8), Facts(province="14", epidemic=True), rules)

    assert isinstance(found, Plan)
    assert found.rule == "province-neighbours"


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ("isolate_days = 21", "isolate_days = -1", "isolate_days"),
        ("isolate_days = 21", "isolate_days = 0", "contact-5599: places"),
        ('places = ["institutional"]', 'places = ["self_monitoring"]', "self_monitoring"),
        ('places = ["institutional"]', 'places = ["hut"]', "places"),
        ("test_days = [1, 14, 20]", "test_days = [14, 1]", "test_days"),
        ("verified = true", "", "verified"),
        ("monitor_days = 7", "monitoring = 7", "monitoring"),
        ("monitor_days = 7", "monitor_days = 7\nwithout_negative_days = 21", "needs_negative"),
        ("monitor_days = 7", "monitor_days = 7\nneeds_negative = true\nwithout_negative_days = 20", "before the end"),
        ('category = "contact"', 'category = "f1"', "category"),
        ("[[rule]]", "[[rule", "line"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(written: str, instead: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        parse(STRICTER.replace(written, instead))


def test_a_row_given_twice_or_for_an_unknown_area_is_refused() -> None:
    with pytest.raises(ValueError, match="contact-5599"):
        parse(STRICTER + STRICTER)
    with pytest.raises(ValueError, match="nowhere"):
        overridden(national(), parse(ADDED.replace('area = "neighbours"', 'area = "nowhere"')))
