"""Counts and years of birth as they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import parse_birth_year, parse_count, spoken
from bot.domain.vietnamese import Misread

TODAY = date(2021, 9, 9)
years = st.integers(1900, 2021)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("không", 0),
        ("Không ạ", 0),
        ("khong co ai", 0),
        ("none", 0),
        ("7", 7),
        ("007", 7),
        ("1200", 1200),
        ("1.200", 1200),
        ("1 200", 1200),
        ("1\u00a0200", 1200),
        ("1,200", 1200),
        ("1.000.000", 1_000_000),
        ("12.", 12),
        ("5 người", 5),
        ("3 ca", 3),
        ("mười hai", 12),
        ("hai mươi lăm người", 25),
        ("MƯỜI", 10),
    ],
)
def test_a_count_is_read_as_people_write_it(typed, number):
    assert parse_count(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "-5", "+5", "1_200", "1.2", "0.200", "1.200,5", "1 200.300", "1e3", "5-6", "hai ba", "nhiều", "٣", "²", "người"],
)
def test_what_is_no_whole_number_is_no_count(typed):
    with pytest.raises(Misread) as refused:
        parse_count(typed)

    assert refused.value.key == "count_not_understood"


@pytest.mark.parametrize("typed", ["1.000.001", "1000001", "9" * 5000])
def test_a_count_beyond_a_million_is_too_large(typed):
    with pytest.raises(Misread) as refused:
        parse_count(typed)

    assert (refused.value.key, refused.value.params) == ("count_too_large", {"most": 1_000_000})


@given(st.integers(0, 1_000_000), st.sampled_from([".", " ", ","]))
def test_a_count_reads_back_from_any_way_of_grouping(number, separator):
    assert parse_count(f"{number:,}".replace(",", separator)) == number
    assert parse_count(str(number)) == number


@pytest.mark.parametrize(
    ("words", "number"), [("mot", 1), ("muoi", 10), ("muoi lam", 15), ("hai muoi", 20), ("ba muoi mot", 31), ("ten", 10)]
)
def test_small_numbers_are_read_in_words(words, number):
    assert spoken(words) == number


@pytest.mark.parametrize("words", ["", "nguoi", "muoi muoi", "mot hai", "hai muoi muoi"])
def test_other_words_are_no_number(words):
    assert spoken(words) is None


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("1985", 1985),
        ("85", 1985),
        ("05", 2005),
        ("21", 2021),
        ("22", 1922),
        ("sinh năm 1985", 1985),
        ("SN 85", 1985),
        ("khoảng 1950", 1950),
        ("12/3/1985", 1985),
        ("36 tuổi", 1985),
        ("36 tuoi ạ", 1985),
        ("36t", 1985),
        ("36 T", 1985),
        ("tuổi 36", 1985),
        ("tám tuổi", 2013),
        ("khoảng ba mươi tuổi", 1991),
        ("36 years old", 1985),
        ("3 tháng tuổi", 2021),
        ("10 tháng", 2020),
        ("5 ngày tuổi", 2021),
        ("sơ sinh", 2021),
    ],
)
def test_a_year_of_birth_is_read_from_a_year_or_an_age(typed, year):
    assert parse_birth_year(typed, TODAY) == year


@pytest.mark.parametrize("typed", ["", "7", "985", "19855", "abc", "-36 tuổi", "tuổi Sửu", "1_985", "năm"])
def test_what_is_neither_year_nor_age_is_not_understood(typed):
    with pytest.raises(Misread) as refused:
        parse_birth_year(typed, TODAY)

    assert refused.value.key == "birth_year_not_understood"


@pytest.mark.parametrize("typed", ["1899", "2022", "122 tuổi", "0000", "9999"])
def test_a_year_in_which_nobody_here_was_born_is_out_of_range(typed):
    with pytest.raises(Misread) as refused:
        parse_birth_year(typed, TODAY)

    assert refused.value.key == "birth_year_out_of_range"
    assert refused.value.params == {"first": "1900", "last": "2021"}


@given(years)
def test_a_year_and_the_age_it_makes_mean_the_same(year):
    assert parse_birth_year(str(year), TODAY) == year
    assert parse_birth_year(f"{2021 - year} tuổi", TODAY) == year


@given(st.integers(1922, 2021))
def test_two_digits_mean_the_latest_such_year(year):
    assert parse_birth_year(f"{year % 100:02d}", TODAY) == year
