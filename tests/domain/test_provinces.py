"""Where somebody was, as teams write it, and the province that it lies in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.isolation_rules import national
from bot.domain.provinces import province_of, provinces


def test_there_are_the_63_provinces_of_2021_and_no_name_is_given_twice() -> None:
    names = [name for known in provinces().values() for name in known]

    assert len(provinces()) == 63
    assert len(set(names)) == len(names)


def test_every_province_is_known_by_each_of_its_names() -> None:
    for code, names in provinces().items():
        assert {province_of(name) for name in names} == {code}
        assert province_of(f"Tỉnh {names[0].upper()}") == code


def test_every_province_that_a_rule_speaks_of_is_one() -> None:
    assert national().provinces() <= provinces().keys()


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("quận 12, TP. Hồ Chí Minh", "79"),
        ("tp.hcm", "79"),
        ("TPHCM", "79"),
        ("sai gon", "79"),
        ("Thuận An - Bình Dương", "74"),
        ("xã Bình Hòa, Thuận An, binh duong", "74"),
        ("thành phố Hải Dương", "30"),
        ("KCN Biên Hòa, Đồng Nai", "75"),
        ("Bà Rịa - Vũng Tàu", "77"),
        ("Dak Lak", "66"),
    ],
)
def test_a_place_is_read_as_it_is_written(place: str, code: str) -> None:
    assert province_of(place) == code


@pytest.mark.parametrize(
    "place", ["", "miền Nam", "quận 12", "xã Bình Dương", "đường Hà Nội", "Hà Nội, Bắc Ninh", "Lào", "huyện Hà Nam"]
)
def test_what_names_no_province_or_several_is_not_guessed(place: str) -> None:
    assert province_of(place) is None


@given(st.text(max_size=60))
def test_any_text_is_a_province_or_none(text: str) -> None:
    assert province_of(text) in {None, *provinces()}
