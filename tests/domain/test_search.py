"""Somebody is found by any part of the name, by the end of a phone, by a code; the likeliest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.search import By, Named, Wanted, code_of, hits, wanted
from bot.domain.vietnamese import fold

PEOPLE = [
    Named("1", "Lò Mẫu Đức", "+84912345678"),
    Named("2", "Đức Mẫu Lan", "+84900000123"),
    Named("3", "Trần Mẫu Ánh", None),
    Named("4", "Lò Thị Mẫu Lan", "+842123855012"),
    Named("5", "Hoàng Mẫu Lân", "+84900000678"),
]


def found(typed: str) -> list[str]:
    look = wanted(typed)
    assert look is not None
    return [one.key for one in hits(PEOPLE, look)]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("Lan", ["2", "4", "5"]),  # given names, in Vietnamese order: Lan before Lân
        ("duc", ["1", "2"]),  # whose given name it is comes first
        ("ĐỨC", ["1", "2"]),
        ("lo duc", ["1"]),
        ("lò lan", ["4"]),
        ("mau lan", ["2", "4", "5"]),
        ("la", ["2", "4", "5"]),
        ("anh", ["3"]),
        ("an", ["3", "2", "4", "5"]),
        ("khong", []),
        ("lan lo", []),
        ("678", ["1", "5"]),
        ("0900000", ["2", "5"]),
        ("0912 345 678", ["1"]),
        ("+84 912.345.678", ["1"]),
        ("000", []),
    ],
)
def test_people_are_found_and_ranked(typed: str, keys: list[str]) -> None:
    assert found(typed) == keys


@pytest.mark.parametrize("typed", ["", "12", " . ", "?!", "…"])
def test_too_little_is_nothing_to_look_for(typed: str) -> None:
    assert wanted(typed) is None


def test_a_whole_phone_is_told_from_its_end() -> None:
    assert wanted("0912345678") == Wanted(By.WHOLE_PHONE, "+84912345678")
    assert wanted("345678") == Wanted(By.PHONE_END, "345678")


@pytest.mark.parametrize(
    ("typed", "code"), [("zq4byw2pgv", "ZQ4BYW2PGV"), ("Lò Văn Mẫu", None), ("12345", None), ("Đ123456789", None)]
)
def test_a_code_has_ten_letters_and_digits(typed: str, code: str | None) -> None:
    assert code_of(typed) == code


@given(st.sampled_from(PEOPLE), st.data())
def test_whatever_part_of_a_name_is_typed_it_is_found(one: Named, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(one.name) - 2))
    part = one.name[start : data.draw(st.integers(start + 1, len(one.name)))]
    look = wanted(part)

    assert not fold(part) or (look is not None and one in hits(PEOPLE, look))


@given(st.text(max_size=80))
def test_no_text_is_too_strange_to_look_for(typed: str) -> None:
    look = wanted(typed)

    assert look is None or isinstance(hits(PEOPLE, look), list)
