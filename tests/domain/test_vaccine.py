"""Doses that hardly fit those that were known are said, and taken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.domain.plans import Filed
from bot.domain.vaccine import dose_doubts, vaccinated
from bot.storage.records import Record

KNOWN = {"vaccinated": {"doses": "1", "last_dose_on": "2021-08-20"}}


def record(**body: Any) -> Filed:
    day = date(2021, 9, 9)
    at: Any = None
    return Record("R", 1, "returnee", 1, "v", "P", day, body, at, None, 1)


@pytest.mark.parametrize(
    ("doses", "day", "said"),
    [
        ("2", "2021-08-19", ["vaccine.before_earlier"]),
        ("2", "2021-08-20", ["vaccine.before_earlier"]),  # two on one day
        ("2", "2021-08-21", []),
        ("2", None, []),
        ("1", "2021-08-01", []),  # the same dose, its day mended
        ("0", None, ["vaccine.fewer"]),
        ("unknown", None, []),
        (None, None, []),
    ],
)
def test_a_second_dose_is_after_the_first(doses: str | None, day: str | None, said: list[str]) -> None:
    assert [one.key for one in dose_doubts({"doses": doses, "last_dose_on": day}, KNOWN)] == said


def test_of_somebody_new_nothing_is_doubted_and_a_correction_may_take_a_dose_back() -> None:
    assert dose_doubts({"doses": "2", "last_dose_on": "2021-08-01"}, {}) == []
    assert dose_doubts({"doses": "0"}, {**KNOWN, "base": 1}) == []


def test_the_most_doses_of_a_file_are_what_is_known() -> None:
    file = [record(doses="1", last_dose_on="2021-07-01"), record(doses="2", last_dose_on="2021-08-01"), record(doses="unknown")]

    assert vaccinated(file) == {"vaccinated": {"doses": "2", "last_dose_on": "2021-08-01"}}
    assert vaccinated([record(doses="0"), record(note="x")]) == {}
