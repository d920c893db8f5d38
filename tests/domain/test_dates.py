"""Dates as they are typed on Thursday 9 September 2021."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import parse_date, show_date
from bot.domain.vietnamese import Misread, fold

TODAY = date(2021, 9, 9)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
todays = st.dates(date(1950, 1, 1), date(2150, 12, 31))
leans = st.sampled_from(["past", "future", "near"])

COMPLETE = [
    ("09/09/2021", TODAY),
    ("9/9/2021", TODAY),
    ("9-9-21", TODAY),
    ("9/9/21", TODAY),
    ("9.9.2021", TODAY),
    ("9 / 9 / 2021", TODAY),
    ("2021-09-09", TODAY),
    ("09092021", TODAY),
    ("5/8/1999", date(1999, 8, 5)),
    ("5/8/99", date(1999, 8, 5)),
    ("ngày 5 tháng 8 năm 2021", date(2021, 8, 5)),
    ("mùng 5 tháng 8 năm 2021", date(2021, 8, 5)),
    ("5 tháng 8/2021", date(2021, 8, 5)),
    ("ngày 5/8/21", date(2021, 8, 5)),
    ("5 Aug 2021", date(2021, 8, 5)),
    ("August 5th, 2021", date(2021, 8, 5)),
    ("hôm nay", TODAY),
    ("sáng nay", TODAY),
    ("hôm qua", date(2021, 9, 8)),
    ("Dạ hôm qua ạ", date(2021, 9, 8)),
    ("từ tối hôm qua", date(2021, 9, 8)),
    ("hôm kia", date(2021, 9, 7)),
    ("hôm kìa", date(2021, 9, 6)),
    ("ngày mai", date(2021, 9, 10)),
    ("mai", date(2021, 9, 10)),
    ("ngày kia", date(2021, 9, 11)),
    ("ngày mốt", date(2021, 9, 11)),
    ("3 ngày trước", date(2021, 9, 6)),
    ("ba ngày trước", date(2021, 9, 6)),
    ("cách đây 3 ngày", date(2021, 9, 6)),
    ("1 tuần trước", date(2021, 9, 2)),
    ("3 ngày nữa", date(2021, 9, 12)),
    ("hai tuần nữa", date(2021, 9, 23)),
    ("thứ hai tuần trước", date(2021, 8, 30)),
    ("thứ 2 tuần trước", date(2021, 8, 30)),
    ("chủ nhật tuần trước", date(2021, 9, 5)),
    ("thứ bảy tuần này", date(2021, 9, 11)),
    ("thứ năm tuần sau", date(2021, 9, 16)),
    ("thứ năm vừa rồi", date(2021, 9, 2)),
    ("thứ năm tới", date(2021, 9, 16)),
    ("thứ hai, 6/9/2021", date(2021, 9, 6)),
    ("thứ hai (6/9)", date(2021, 9, 6)),
    ("ngày 15 tháng trước", date(2021, 8, 15)),
    ("ngày 15 tháng này", date(2021, 9, 15)),
    ("today", TODAY),
    ("Yesterday", date(2021, 9, 8)),
    ("the day before yesterday", date(2021, 9, 7)),
    ("tomorrow", date(2021, 9, 10)),
    ("3 days ago", date(2021, 9, 6)),
    ("a week ago", date(2021, 9, 2)),
    ("in 2 days", date(2021, 9, 11)),
    ("last Thursday", date(2021, 9, 2)),
    ("Monday last week", date(2021, 8, 30)),
]

# typed, past, near, future
OPEN = [
    ("9/9", TODAY, TODAY, TODAY),
    ("9.9", TODAY, TODAY, TODAY),
    ("8/9", date(2021, 9, 8), date(2021, 9, 8), date(2022, 9, 8)),
    ("10/9", date(2020, 9, 10), date(2021, 9, 10), date(2021, 9, 10)),
    ("30/12", date(2020, 12, 30), date(2021, 12, 30), date(2021, 12, 30)),
    ("15/1", date(2021, 1, 15), date(2022, 1, 15), date(2022, 1, 15)),
    ("29/2", date(2020, 2, 29), date(2020, 2, 29), date(2024, 2, 29)),
    ("mùng 5 tháng 8", date(2021, 8, 5), date(2021, 8, 5), date(2022, 8, 5)),
    ("mồng năm tháng tám", date(2021, 8, 5), date(2021, 8, 5), date(2022, 8, 5)),
    ("ngày hai mươi ba tháng chín", date(2020, 9, 23), date(2021, 9, 23), date(2021, 9, 23)),
    ("5 Aug", date(2021, 8, 5), date(2021, 8, 5), date(2022, 8, 5)),
    ("mùng 5", date(2021, 9, 5), date(2021, 9, 5), date(2021, 10, 5)),
    ("ngày 31", date(2021, 8, 31), date(2021, 8, 31), date(2021, 10, 31)),
    ("thứ 2", date(2021, 9, 6), date(2021, 9, 6), date(2021, 9, 13)),
    ("T2", date(2021, 9, 6), date(2021, 9, 6), date(2021, 9, 13)),
    ("thứ năm", TODAY, TODAY, TODAY),
    ("hôm thứ tư", date(2021, 9, 8), date(2021, 9, 8), date(2021, 9, 15)),
    ("chủ nhật", date(2021, 9, 5), date(2021, 9, 12), date(2021, 9, 12)),
    ("CN", date(2021, 9, 5), date(2021, 9, 12), date(2021, 9, 12)),
    ("Monday", date(2021, 9, 6), date(2021, 9, 6), date(2021, 9, 13)),
]


@pytest.mark.parametrize("lean", ["past", "future", "near"])
@pytest.mark.parametrize(("typed", "day"), COMPLETE)
def test_a_complete_date_is_that_day_whatever_is_asked(typed, day, lean):
    assert parse_date(typed, TODAY, lean) == day


@pytest.mark.parametrize(("typed", "past", "near", "future"), OPEN)
def test_a_date_with_a_part_missing_is_the_nearest_on_the_side_that_is_asked(typed, past, near, future):
    assert [parse_date(typed, TODAY, lean) for lean in ("past", "near", "future")] == [past, near, future]


@pytest.mark.parametrize("typed", [typed for typed, _ in COMPLETE if "kìa" not in typed] + [row[0] for row in OPEN])
def test_diacritics_case_and_unicode_form_make_no_difference(typed):
    meant = parse_date(typed, TODAY)

    assert parse_date(fold(typed), TODAY) == meant
    assert parse_date(typed.upper(), TODAY) == meant
    assert parse_date(unicodedata.normalize("NFD", typed), TODAY) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("", "5", "31/2", "30/2/2021", "29/2/2021", "9/13", "0/9", "9/2021", "9/9/202", "1/1/1899", "2021-13-01"),
        *("tuần trước", "hôm trước", "rằm", "5/8 âm lịch", "5 tháng trước", "thứ", "thứ 8", "thứ hai 7/9", "một", "lâu rồi"),
        *("last week", "soon", "٩/٩", "9/9/21/22", "1000 ngày trước", "mùng tháng 8"),
    ],
)
def test_what_names_no_single_day_is_not_understood(typed):
    with pytest.raises(Misread) as refused:
        parse_date(typed, TODAY)

    assert refused.value.key == "date_not_understood"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2021, 9, 9), "09/9/2021"),
        (date(2021, 1, 10), "10/01/2021"),
        (date(2021, 2, 1), "01/02/2021"),
        (date(2021, 3, 31), "31/3/2021"),
        (date(2021, 12, 5), "05/12/2021"),
    ],
)
def test_days_under_ten_and_the_first_two_months_carry_a_zero(day, shown):
    assert show_date(day) == shown


@given(days, todays, leans)
def test_a_date_reads_back_from_how_it_is_shown_and_stored(day, today, lean):
    assert parse_date(show_date(day), today, lean) == day
    assert parse_date(day.isoformat(), today, lean) == day


@given(todays, st.integers(1, 31), st.integers(1, 12))
def test_a_day_and_month_lie_on_the_side_that_is_asked_and_near_is_one_of_the_two(today, day, month):
    typed = f"{day}/{month}"
    try:
        near = parse_date(typed, today)
    except Misread:
        return  # no such day in any year

    past, future = parse_date(typed, today, "past"), parse_date(typed, today, "future")

    assert past <= today <= future
    assert near in (past, future)
    assert abs(near - today) == min(today - past, future - today)


@given(todays, st.integers(0, 999))
def test_days_ago_count_back_from_today(today, n):
    assert parse_date(f"{n} ngày trước", today) == today - timedelta(n)
    assert parse_date(f"{n} ngày nữa", today) == today + timedelta(n)


@given(todays, st.sampled_from(["thứ 2", "thứ 3", "thứ 4", "thứ 5", "thứ 6", "thứ 7", "chủ nhật"]))
def test_a_weekday_is_within_six_days_on_either_side_and_last_week_ends_before_monday(today, weekday):
    past, future = parse_date(weekday, today, "past"), parse_date(weekday, today, "future")
    monday = today - timedelta(today.weekday())

    assert 0 <= (today - past).days <= 6
    assert 0 <= (future - today).days <= 6
    assert monday - timedelta(7) <= parse_date(f"{weekday} tuần trước", today) < monday


@given(st.text(), todays, leans)
def test_any_text_is_a_date_or_is_refused(text, today, lean):
    try:
        day = parse_date(text, today, lean)
    except Misread:
        return

    assert type(day) is date
