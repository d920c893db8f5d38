"""What each form counts, a sentence each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.clock import window_of
from bot.conversation.form import Form
from bot.domain.deadlines import Timetable
from bot.forms import forms
from bot.forms.absence import Absence
from bot.forms.daily_report import DailyReport
from bot.forms.f0 import F0
from bot.forms.returnee import Returnee
from bot.forms.zero_report import ZeroReport

TODAY = date(2021, 9, 9)
WINDOW = window_of(TODAY, Timetable().cut_off)  # from 08:00 of the 8th

RETURNEE = {
    "full_name": "Lò Văn Mẫu",
    "birth_year": 1985,
    "sex": "male",
    "came_from": "Bình Dương",
    "arrived_on": "2021-09-08",
    "transport": "coach",
    "doses": "0",
    "health_declared": True,
    "quarantine_type": "home",
}
ABSENCE = {
    "full_name": "Vì Thị Mẫu",
    "birth_year": 1999,
    "group": "worker",
    "now_at": "Bình Dương",
    "doses": "2",
    "returned": False,
    "contacted": True,
    "needs_support": False,
}
CASE = {
    "full_name": "Hà Văn Mẫu",
    "birth_year": 1970,
    "sex": "male",
    "classification": "confirmed",
    "detected_on": "2021-09-09",
    "quarantine_type": "hospital",
}


def counted(form: type[Form], answers: dict[str, Any], **changed: Any) -> dict[str, int]:
    """What a report with these answers counts, zeros left out."""
    given = answers | changed
    entries = form.model_validate(given, context={"today": TODAY, "answers": given}).entries(WINDOW)
    stocks = dict.fromkeys(form.stands(given, frozenset()), 1)
    return {indicator: n for indicator, n in entries.items() if n} | stocks


def test_the_menu_offers_the_forms_in_their_order() -> None:
    assert [form.name for form in forms().values() if form.files and form.alone] == [
        "zero_report",
        "returnee",
        "absence",
        "f0",
        "contact",
        "night",
        "symptoms",
        "support",
        "daily_report",
    ]


@pytest.mark.parametrize(
    ("place", "stock"),
    [
        ("home", {"quarantine_home": 1}),
        ("institutional", {"quarantine_institutional": 1}),
        ("hotel", {"quarantine_institutional": 1}),
        ("hospital", {"quarantine_institutional": 1}),
        ("self_monitoring", {}),
    ],
)
def test_a_returnee_is_new_and_stands_where_they_isolate(place: str, stock: dict[str, int]) -> None:
    assert counted(Returnee, RETURNEE, quarantine_type=place) == {"returnees_new": 1, "returnees_total": 1, **stock}


def test_a_returnee_from_before_the_window_is_counted_now_with_the_remark() -> None:
    assert counted(Returnee, RETURNEE, arrived_on="2021-09-07")["returnees_before_window"] == 1
    assert "returnees_before_window" not in counted(Returnee, RETURNEE, arrived_on="2021-09-08")


def test_a_person_away_is_counted_by_return_contact_and_need_apart() -> None:
    assert counted(Absence, ABSENCE) == {"away_new": 1, "away_total": 1, "away_not_returned": 1, "away_contacted": 1}
    assert counted(Absence, ABSENCE, returned=True, contacted=False, needs_support=True) == {
        "away_new": 1,
        "away_total": 1,
        "away_returned": 1,
        "away_not_contacted": 1,
        "away_need_support": 1,
    }


def test_returned_and_not_returned_add_up_to_the_total() -> None:
    for returned in (True, False):
        found = counted(Absence, ABSENCE, returned=returned)
        assert found.get("away_returned", 0) + found.get("away_not_returned", 0) == found["away_total"]


def test_a_suspected_case_is_no_case_yet() -> None:
    assert counted(F0, CASE) == {"f0_new": 1, "f0_under_treatment": 1}
    for level in ("suspect", "probable"):
        assert counted(F0, CASE, classification=level) == {"f0_suspected_new": 1, "f0_suspected": 1}


def test_declared_figures_count_nobody() -> None:
    assert counted(DailyReport, {"returnees_new": 5, "away_new": 2, "f0_new": 1}) == {}
    assert counted(ZeroReport, {}) == {}


def test_the_daily_report_opens_with_what_was_filed() -> None:
    assert DailyReport.prefill({"filed": {"returnees_new": 2, "away_total": 9}}) == {
        "returnees_new": 2,
        "away_new": 0,
        "f0_new": 0,
        "difficulties": None,
    }


def test_a_figure_that_its_list_does_not_bear_out_is_named() -> None:
    facts = {"filed": {"returnees_new": 2}}

    [warning] = DailyReport.check({"returnees_new": 3, "away_new": 0, "f0_new": 0}, facts)

    assert (warning.key, warning.params["declared"], warning.params["listed"]) == ("form.daily_report.differs", 3, 2)
    assert DailyReport.check({"returnees_new": 2, "away_new": 0, "f0_new": 0}, facts) == []


def test_a_zero_report_is_doubted_only_if_people_are_new() -> None:
    assert ZeroReport.check({}, {"filed": {"away_total": 9}}) == []
    [warning] = ZeroReport.check({}, {"filed": {"returnees_new": 2, "f0_new": 1}})
    assert warning.params["n"] == 3
