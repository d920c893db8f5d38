"""What is to be reported, for which days, until when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import local
from bot.domain.data_sets import COMMUNE_DAILY, DAILY, FORTNIGHT, MONTH, data_sets, period_of, periods
from bot.domain.deadlines import Timetable
from bot.domain.indicators import indicators

TIMES = Timetable()
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def wall(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M}"


def test_every_data_set_speaks_of_known_indicators() -> None:
    assert all(set(one.indicators) <= set(indicators()) for one in data_sets().values())


def test_a_village_owes_its_report_by_08_00_and_a_commune_by_10_00_of_the_day() -> None:
    day = date(2021, 9, 9)

    assert wall(period_of(data_sets()[DAILY], day, TIMES).due) == "2021-09-09 08:00"
    assert wall(period_of(data_sets()[COMMUNE_DAILY], day, TIMES).due) == "2021-09-09 10:00"


def test_10_00_itself_is_late() -> None:
    period = period_of(data_sets()[COMMUNE_DAILY], date(2021, 9, 9), TIMES)

    assert period.on_time(period.due - timedelta(microseconds=1))
    assert not period.on_time(period.due)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2021, ["01-15 from 12-31", "01-30 from 01-16", "02-15 from 01-31", "02-28 from 02-16", "03-15 from 03-01"]),
        (2024, ["01-15 from 12-31", "01-30 from 01-16", "02-15 from 01-31", "02-29 from 02-16", "03-15 from 03-01"]),
    ],
)
def test_reports_on_the_15th_and_30th_cover_every_day_once_and_february_ends_with_its_last(
    year: int, expected: list[str]
) -> None:
    found = periods(data_sets()[FORTNIGHT], date(year, 1, 1), date(year, 3, 15), TIMES)

    assert [f"{one.last:%m-%d} from {one.first:%m-%d}" for one in found] == expected


def test_a_fortnights_report_is_due_by_the_end_of_its_day_and_a_months_some_days_after() -> None:
    assert wall(period_of(data_sets()[FORTNIGHT], date(2021, 9, 15), TIMES).due) == "2021-09-16 00:00"
    assert wall(period_of(data_sets()[MONTH], date(2021, 9, 30), TIMES).due) == "2021-10-06 00:00"


def test_no_period_ends_on_any_other_day() -> None:
    with pytest.raises(ValueError, match="2021-09-16"):
        period_of(data_sets()[FORTNIGHT], date(2021, 9, 16), TIMES)


@given(st.sampled_from(sorted(data_sets())), days)
def test_periods_follow_one_another_without_gap_or_overlap(key: str, start: date) -> None:
    found = periods(data_sets()[key], start, start + timedelta(days=100), TIMES)

    for before, after in pairwise(found):
        assert after.first == before.last + timedelta(days=1)
        assert before.due < after.due
        assert before.due < before.locked
