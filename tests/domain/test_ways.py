"""Whom the commune rings up, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.units import VILLAGE, OrgUnit
from bot.domain.ways import Way, to_call

ONE, TWO, THREE, FOUR = (OrgUnit(code, f"Bản {code}", VILLAGE, "c") for code in ("v1", "v2", "v3", "v4"))
ALL = (ONE, TWO, THREE, FOUR)
PHONE = {"v2": Way.PHONE, "v3": Way.PAPER}
EARLY, LATE = datetime(2021, 9, 9, 0, 10, tzinfo=UTC), datetime(2021, 9, 9, 0, 40, tzinfo=UTC)


def test_villages_that_do_not_use_the_app_are_rung_up_from_the_start() -> None:
    assert to_call(ALL, (), PHONE, (), {}, silent_too=False) == (TWO, THREE)


def test_silent_villages_of_the_app_come_to_it_later_unless_something_of_theirs_waits() -> None:
    assert to_call(ALL, (), PHONE, {"v4"}, {}, silent_too=True) == (ONE, TWO, THREE)


def test_who_has_reported_is_not_rung_up() -> None:
    assert to_call(ALL, {"v1", "v2"}, PHONE, (), {}, silent_too=True) == (THREE, FOUR)


def test_who_was_not_reached_goes_to_the_end_the_least_lately_tried_first() -> None:
    assert to_call(ALL, (), PHONE, (), {"v1": LATE, "v2": EARLY}, silent_too=True) == (THREE, FOUR, TWO, ONE)
