"""When a village usually reports, and for how long it has been silent."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import at
from bot.domain.lateness import LateReason
from bot.reports.habits import RECENT, Habit, silent, usual
from bot.reports.punctuality import Arrived
from bot.texts import Voice

FIRST = date(2021, 9, 1)
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(n))
minutes = st.integers(-6 * 60, 30 * 60)
reports = st.dictionaries(days, minutes, max_size=40)


def arrived(found: dict[date, int]) -> list[Arrived]:
    return [Arrived("v", day, at(day, time(0)) + timedelta(minutes=n), False) for day, n in found.items()]


@given(reports)
def test_half_of_the_newest_reports_come_by_the_usual_hour_and_half_not_before(found: dict[date, int]) -> None:
    hour = usual(arrived(found))

    newest = [timedelta(minutes=found[day]) for day in sorted(found)[-RECENT:]]
    if hour is None:
        assert not newest
        return
    assert hour in newest
    assert 2 * sum(one <= hour for one in newest) >= len(newest)
    assert 2 * sum(one >= hour for one in newest) >= len(newest)


@given(reports, st.integers(1, 20))
def test_what_is_older_than_the_newest_reports_does_not_matter(found: dict[date, int], more: int) -> None:
    newest = dict(sorted(found.items())[-RECENT:])
    older = {FIRST - timedelta(days=n): 60 for n in range(1, more)}

    if len(newest) == RECENT:
        assert usual(arrived({**older, **found})) == usual(arrived(newest))


@given(st.sets(days), st.sets(days))
def test_silent_is_what_was_due_since_the_last_report(owed: set[date], came: set[date]) -> None:
    n = silent(owed, came)

    since = sorted(owed)[len(owed) - n :]
    assert not came & set(since)
    assert silent(owed, came | owed) == 0
    assert silent(owed, ()) == len(owed)


def test_it_is_said_in_words() -> None:
    vi, en = Voice("vi"), Voice("en")
    habit = Habit(timedelta(hours=8, minutes=10), 3, {LateReason.NO_SIGNAL: 2, LateReason.CHECKING: 1})

    assert [vi(one) for one in habit.words()] == [
        "thường báo lúc 08:10",
        "im lặng 3 kỳ liền",
        "lý do: Mất sóng 2 lần, Đang xác minh 1 lần",
    ]
    assert [vi(one) for one in Habit(timedelta(hours=-5)).words()] == ["thường báo lúc 19:00 hôm trước"]
    assert [en(one) for one in Habit(timedelta(hours=31)).words()] == ["usually reports at 07:00, 1 d late"]
    assert Habit().words() == []


def test_whoever_usually_reports_at_the_cut_off_reports_after_it() -> None:
    assert Habit(timedelta(hours=8)).after(time(8))
    assert not Habit(timedelta(hours=7, minutes=59)).after(time(8))
    assert not Habit().after(time(8))
