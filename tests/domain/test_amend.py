"""A correction in words changes what is written beside it and nothing else; what is not sure is named."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.draft import Json
from bot.conversation.form import steps
from bot.domain.amend import read_amendment
from bot.forms import forms
from bot.handlers.amending import spoken
from bot.texts import Voice

TODAY = date(2021, 9, 9)
REPORTS: Mapping[str, Mapping[str, Json]] = {
    "returnee": {
        "full_name": "Lò Văn Bính",
        "birth_year": 1967,
        "sex": "male",
        "phone": "+84900000111",
        "household": None,
        "came_from": "Hải Phòng",
        "arrived_on": "2021-09-06",
        "transport": "coach",
        "doses": "1",
        "last_dose_on": "2021-08-20",
        "health_declared": True,
        "quarantine_type": "home",
        "quarantine_from": "2021-09-07",
    },
    "absence": {
        "full_name": "Lò Thị Mẫu",
        "birth_year": 1990,
        "group": "worker",
        "household": None,
        "phone": None,
        "now_at": "Bình Dương",
        "doses": "2",
        "returned": False,
        "expected_return": "2021-09-20",
        "contacted": True,
        "needs_support": False,
    },
    "f0": {
        "full_name": "Vì Mẫu Ca",
        "birth_year": 1970,
        "sex": "male",
        "phone": None,
        "household": None,
        "classification": "suspect",
        "detected_on": "2021-09-07",
        "quarantine_type": "hospital",
        "source_case": None,
        "source": None,
    },
    "contact": {"full_name": "Hà Mẫu Gần", "birth_year": 1980, "sex": "male", "last_contact_on": "2021-09-05", "doses": "0"},
}
EXAMPLES = tomllib.loads((Path(__file__).parent / "amend.toml").read_text(encoding="utf-8"))["amendment"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.get('about', 'returnee')}: {one['said']}")
def test_a_correction_changes_what_is_written_beside_it(example: dict[str, Any]) -> None:
    form = forms()[example.get("about", "returnee")]

    read = read_amendment(form, REPORTS[form.name], example["said"], TODAY, spoken(form, Voice()))

    expected = {name: None if value == "none" else value for name, value in example.get("changes", {}).items()}
    assert dict(read.changes) == expected
    assert list(read.unread) == example.get("unread", [])
    assert list(read.same) == example.get("same", [])


def test_there_are_enough_examples_of_either_kind() -> None:
    understood = sum("changes" in one for one in EXAMPLES)

    assert understood >= 40
    assert len(EXAMPLES) - understood >= 15


def test_two_answers_that_were_the_same_day_are_not_guessed_between() -> None:
    form = forms()["returnee"]
    report = {**REPORTS["returnee"], "quarantine_from": "2021-09-06"}

    read = read_amendment(form, report, "5/9 không phải 6/9", TODAY, spoken(form, Voice()))

    assert (dict(read.changes), read.unread) == ({}, ("5/9 không phải 6/9",))


def test_an_answer_that_would_not_be_asked_is_named() -> None:
    form = forms()["returnee"]
    report = {**REPORTS["returnee"], "doses": "0", "last_dose_on": None}

    read = read_amendment(form, report, "ngày tiêm 25/8", TODAY, spoken(form, Voice()))

    assert (dict(read.changes), read.unread) == ({}, ("ngày tiêm 25/8",))


@given(st.text(max_size=120), st.sampled_from(sorted(REPORTS)), st.sampled_from(["vi", "en"]))
def test_no_text_is_too_strange_to_correct_with(typed: str, kind: str, language: str) -> None:
    form = forms()[kind]

    read = read_amendment(form, REPORTS[kind], typed, TODAY, spoken(form, Voice(language)))

    assert read.changes.keys() <= {step.name for step in steps(form)}


@given(st.sampled_from(EXAMPLES), st.sampled_from(EXAMPLES))
def test_what_two_messages_change_one_never_exceeds(first: dict[str, Any], second: dict[str, Any]) -> None:
    form = forms()["returnee"]
    said = [one["said"] for one in (first, second) if one.get("about", "returnee") == "returnee"]

    read = read_amendment(form, REPORTS["returnee"], "; ".join(said), TODAY, spoken(form, Voice()))

    named = {name for one in (first, second) if one["said"] in said for name in one.get("changes", {})}
    assert read.changes.keys() <= named
