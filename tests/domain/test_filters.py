"""A filter in words means what is written beside it, shows how it was read, and passes over nothing."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.words import Say
from bot.domain.filter_words import read_filter
from bot.domain.filters import Condition, Known, coded, decoded, meets, told
from bot.domain.paste import Village
from bot.texts import Voice

TODAY = date(2021, 9, 9)
VILLAGES = [Village("04123-01", ("Bản Cây Đa",)), Village("04123-02", ("Bản Nà Nọi",))]
EXAMPLES = tomllib.loads((Path(__file__).parent / "filters.toml").read_text(encoding="utf-8"))["filter"]
NAMES = {"04123-01": Say("value.as_written", value="Bản Cây Đa")}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["said"])
def test_a_filter_means_what_is_written_beside_it(example: dict[str, Any]) -> None:
    read = read_filter(example["said"], TODAY, VILLAGES)

    assert coded(read.conditions) == example.get("means", "")
    assert list(read.unread) == example.get("unread", [])


@pytest.mark.parametrize("example", [one for one in EXAMPLES if "means" in one], ids=lambda example: example["said"])
def test_a_button_carries_a_filter_and_it_can_be_said(example: dict[str, Any]) -> None:
    conditions = decoded(example["means"])

    assert conditions is not None
    assert coded(conditions) == example["means"]
    for language in ("vi", "en"):
        assert all(Voice(language)(said) for said in told(conditions, NAMES))


@pytest.mark.parametrize("forged", ["", "all", "kz", "p999", "d4", "b210905210901", "b2109", "a12", "t1", "v", "cr,,t", "<"])
def test_what_no_button_of_ours_carries_is_no_filter(forged: str) -> None:
    assert decoded(forged) is None


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_filter_by(typed: str) -> None:
    read = read_filter(typed, TODAY, VILLAGES)

    assert not read.conditions or decoded(coded(read.conditions)) == read.conditions


def somebody(
    *stocks: str, unit: str = "04123-01", year: int | None = 1985, sex: str = "male", **answers: dict[str, Any]
) -> Known:
    return Known(unit, frozenset(stocks), {"birth_year": year, "sex": sex}, answers)


BACK = somebody(
    "returnees_total", "quarantine_home", returnee={"came_from": "Quận 12, Hà Nội", "arrived_on": "2021-09-08", "doses": "0"}
)
NEAR = somebody("f1_followed", contact={"last_contact_on": "2021-09-01", "doses": "2"}, year=1950, sex="female")
AWAY = somebody("away_total", "away_not_returned", "away_not_contacted", absence={"now_at": "Bình Dương", "doses": "unknown"})
EVERYBODY = {"back": BACK, "near": NEAR, "away": AWAY}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("về từ Hà Nội", ["back"]),
        ("về từ Hà Nội chưa xét nghiệm", ["back"]),
        ("đã xét nghiệm", []),
        ("chưa tiêm", ["back"]),
        ("đã tiêm", ["near"]),
        ("chưa rõ số mũi", ["away"]),
        ("F1 hoặc người về", []),  # two different things: both must hold
        ("F1, F0", ["near"]),
        ("về trong 3 ngày qua", ["back"]),
        ("từ 1/9", ["back", "near"]),
        ("F1 từ 2/9", []),
        ("người đi chưa liên lạc được", ["away"]),
        ("chưa liên lạc được", ["away"]),  # nobody says that of those who are here
        ("nữ", ["near"]),
        ("trên 60 tuổi", ["near"]),
        ("trên 30 tuổi dưới 60 tuổi", ["back", "away"]),
        ("bản Cây Đa", ["back", "near", "away"]),
        ("bản Nà Nọi", []),
        ("đang cách ly", ["back"]),
        ("không phải F1", ["back", "away"]),
        ("không phải F1, không phải người về", ["away"]),
    ],
)
def test_whom_a_filter_means(said: str, meant: list[str]) -> None:
    read = read_filter(said, TODAY, VILLAGES)

    assert read.unread == ()
    assert [name for name, one in EVERYBODY.items() if meets(one, read.conditions)] == meant


def test_alternatives_are_said_as_alternatives() -> None:
    said = told((Condition("k", "c"), Condition("k", "f"), Condition("t", negated=True)), NAMES)

    assert [Voice()(one) for one in said] == ["F1 hoặc F0 đang điều trị", "chưa xét nghiệm"]
