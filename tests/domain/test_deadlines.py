"""When things are due, on a Vietnamese wall clock."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.clock import at
from bot.domain.deadlines import Timetable

TIMES = Timetable()
DAY = date(2021, 9, 9)


def vietnam(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def test_the_default_times_are_in_order() -> None:
    assert TIMES.out_of_order() == []
    assert (TIMES.digest, TIMES.deadline) == (time(9, 45), time(10, 0))


def test_times_out_of_order_are_named() -> None:
    wrong = Timetable(second_nudge=time(6, 0), digest=time(10, 30))

    assert wrong.out_of_order() == [("first_nudge", "second_nudge"), ("digest", "deadline")]


def test_two_things_at_one_instant_are_out_of_order() -> None:
    assert Timetable(first_nudge=time(7, 30)).out_of_order() == [("first_nudge", "second_nudge")]
    assert Timetable(digest=time(10, 0)).out_of_order() == [("digest", "deadline")]


@pytest.mark.parametrize(
    ("filed", "on_time"),
    [
        ("2021-09-09T07:59:59.999999", True),
        ("2021-09-09T08:00:00", False),  # "trước": the instant itself is late
        ("2021-09-08T18:00:00", True),
        ("2021-09-09T11:00:00", False),
    ],
)
def test_a_report_is_on_time_before_the_cut_off(filed: str, on_time: bool) -> None:
    assert TIMES.on_time(vietnam(filed), DAY) is on_time


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2021-09-08T07:59:59", date(2021, 9, 8)),
        ("2021-09-08T08:00:00", DAY),
        ("2021-09-08T23:30:00", DAY),
        ("2021-09-09T00:30:00", DAY),
        ("2021-09-09T07:59:59", DAY),
        ("2021-09-09T08:00:00", date(2021, 9, 10)),
    ],
)
def test_every_instant_falls_into_exactly_one_window(now: str, day: date) -> None:
    window = TIMES.window_at(vietnam(now))

    assert window.day == day
    assert vietnam(now) in window
    assert window == TIMES.window(day)


def test_windows_meet_without_gap_or_overlap() -> None:
    assert TIMES.window(DAY).end == TIMES.window(date(2021, 9, 10)).start == TIMES.due(DAY) == vietnam("2021-09-09T08:00:00")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2021-09-09T00:00:00", DAY),
        ("2021-09-09T07:00:00", DAY),
        ("2021-09-09T17:59:59", DAY),  # late, but still today's
        ("2021-09-09T18:00:00", date(2021, 9, 10)),
        ("2021-09-30T18:00:00", date(2021, 10, 1)),
    ],
)
def test_a_village_reports_for_today_until_the_evening(now: str, day: date) -> None:
    assert TIMES.reporting_day(vietnam(now)) == day


def test_the_machines_own_time_zone_does_not_matter() -> None:
    assert TIMES.reporting_day(datetime.fromisoformat("2021-09-08T17:30:00+00:00")) == DAY
    assert TIMES.due(DAY) == datetime.fromisoformat("2021-09-09T01:00:00+00:00")


def test_a_province_may_have_its_own_times() -> None:
    early = Timetable(cut_off=time(6, 30))

    assert early.due(DAY) == vietnam("2021-09-09T06:30:00")
    assert early.window_at(vietnam("2021-09-09T07:00:00")).day == date(2021, 9, 10)


@pytest.mark.parametrize(
    ("start", "end", "wall", "quiet"),
    [
        (time(22), time(6), time(21, 59, 59), False),
        (time(22), time(6), time(22), True),
        (time(22), time(6), time(0), True),
        (time(22), time(6), time(5, 59, 59), True),
        (time(22), time(6), time(6), False),
        (time(0, 30), time(5), time(0), False),
        (time(0, 30), time(5), time(3), True),
        (time(6), time(6), time(6), False),
    ],
)
def test_the_night_is_quiet_from_its_first_instant_until_its_last(start: time, end: time, wall: time, quiet: bool) -> None:
    assert Timetable(quiet_from=start, quiet_until=end).quiet(at(date(2021, 9, 9), wall)) is quiet
