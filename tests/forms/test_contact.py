"""A contact of a case (F1), and how they become a case and back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.clock import window_of
from bot.conversation.engine import REVIEW, opened
from bot.conversation.form import unanswered
from bot.domain.deadlines import Timetable
from bot.forms.contact import Contact
from bot.forms.f0 import F0
from bot.forms.returnee import Returnee
from bot.forms.ruled_out import RuledOut

TODAY = date(2021, 9, 9)
WINDOW = window_of(TODAY, Timetable().cut_off)
NOWHERE: frozenset[str] = frozenset()
NAMED = {"full_name": "Lò Mẫu An", "source_case": "CASE00000A"}
CONFIRMED, SUSPECT = {"classification": "confirmed"}, {"classification": "suspect"}
CASES = [{"id": "CASE00000A", "label": "Hà Mẫu Ca", "day": "2021-09-08"}]


def warnings(**answers: Any) -> list[str]:
    return [say.key for say in Contact.check({**NAMED, **answers}, {"cases": CASES})]


def test_a_name_is_enough_to_be_followed() -> None:
    filed = Contact.model_validate(NAMED, context={"today": TODAY, "answers": NAMED})

    assert filed.entries(WINDOW) == {"f1_new": 1}
    assert Contact.stands(NAMED, NOWHERE) == {"f1_followed"}


def test_only_what_is_missing_of_somebody_named_is_asked() -> None:
    turn = opened(Contact, "D", "v", NAMED, {"cases": CASES}, TODAY)

    assert turn.draft.at == "birth_year"
    assert "full_name" not in [step.name for step in unanswered(Contact, NAMED)]


def test_an_unknown_day_of_contact_is_an_answer_and_stays_unknown() -> None:
    assert "last_contact_on" not in [step.name for step in unanswered(Contact, {**NAMED, "last_contact_on": None})]


def test_where_no_case_is_known_nobody_is_asked_which_it_was() -> None:
    turn = opened(Contact, "D", "v", {"full_name": "Lò Mẫu An"}, {"cases": []}, TODAY)

    assert turn.draft.answers["source_case"] is None
    assert opened(Contact, "D", "v", {"full_name": "Lò Mẫu An"}, {"cases": CASES}, TODAY).draft.at == "birth_year"


def test_a_case_that_was_chosen_is_shown_by_its_name() -> None:
    known = dict.fromkeys(Contact.model_fields) | {
        **NAMED,
        "birth_year": 1985,
        "sex": "male",
        "exposure_type": "physical",
        "doses": "0",
        "quarantine_type": "self_monitoring",
    }
    turn = opened(Contact, "D", "v", known, {"cases": CASES, "unit_name": "Bản Mẫu"}, TODAY)

    assert turn.draft.at == REVIEW
    assert "Hà Mẫu Ca" in [line.params.get("value") for line in turn.prompt.lines]


@pytest.mark.parametrize(("day", "warned"), [("2021-09-05", True), ("2021-09-06", False), ("2021-09-08", False)])
def test_a_contact_more_than_two_days_before_the_case_was_found_is_doubted(day: str, warned: bool) -> None:
    assert warnings(last_contact_on=day) == ["form.contact.before_infectious"] * warned


def test_an_unknown_day_or_source_is_not_doubted() -> None:
    assert warnings(last_contact_on=None) == []
    assert warnings(last_contact_on="2021-01-01", source_case=None) == []


def test_who_is_only_named_stays_where_they_isolate() -> None:
    assert Contact.stands(NAMED, frozenset({"returnees_total", "quarantine_home"})) == {
        "returnees_total",
        "quarantine_home",
        "f1_followed",
    }
    moved = Contact.stands({**NAMED, "quarantine_type": "institutional"}, frozenset({"quarantine_home"}))
    assert moved == {"quarantine_institutional", "f1_followed"}


def test_a_contact_who_tests_positive_is_followed_as_a_contact_no_more() -> None:
    followed = Contact.stands({**NAMED, "quarantine_type": "home"}, NOWHERE)

    assert F0.stands(CONFIRMED, followed) == {"f0_under_treatment"}
    assert F0.stands(SUSPECT, followed) == {"f1_followed", "quarantine_home", "f0_suspected"}


def test_somebody_under_treatment_is_no_contact() -> None:
    treated = F0.stands(CONFIRMED, NOWHERE)

    assert Contact.stands(NAMED, treated) == treated
    assert not Contact.possible(treated)
    assert Contact.possible(frozenset({"f0_recovered"}))


def test_a_suspected_case_can_be_confirmed_or_ruled_out_and_a_confirmed_one_neither() -> None:
    suspected = F0.stands(SUSPECT, NOWHERE)
    confirmed = F0.stands(CONFIRMED, suspected)

    assert F0.possible(suspected)
    assert RuledOut.possible(suspected)
    assert confirmed == {"f0_under_treatment"}
    assert not F0.possible(confirmed)
    assert not RuledOut.possible(confirmed)


def test_when_a_suspected_case_was_confirmed_is_asked_again() -> None:
    carried = F0.carries("f0")

    assert {"full_name", "quarantine_type", "source_case"} <= carried
    assert not carried & {"classification", "detected_on"}


def test_who_came_back_brings_their_vaccination_and_not_their_journey() -> None:
    assert Contact.carries(Returnee.name) == {
        *("full_name", "birth_year", "sex", "phone", "household", "doses", "last_dose_on"),
    }
