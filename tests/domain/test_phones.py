"""Phone numbers as they are typed, as they are stored, as they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.phones import convert_old, parse_phone, show_phone
from bot.domain.vietnamese import Misread

OLD_AND_NEW = [
    *[("0120", "070"), ("0121", "079"), ("0122", "077"), ("0126", "076"), ("0128", "078")],
    *[("0123", "083"), ("0124", "084"), ("0125", "085"), ("0127", "081"), ("0129", "082")],
    *[("0162", "032"), ("0163", "033"), ("0164", "034"), ("0165", "035")],
    *[("0166", "036"), ("0167", "037"), ("0168", "038"), ("0169", "039")],
    *[("0186", "056"), ("0188", "058"), ("0199", "059")],
]
mobiles = st.from_regex(r"\+84[35789][0-9]{8}", fullmatch=True)
landlines = st.from_regex(r"\+84(24[2-8]|28[2-9]|212|203|236|299)[0-9]{7}", fullmatch=True)
separators = st.sampled_from(["", " ", ".", "-", "  ", " - ", "\u00a0"])


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "0912-345-678",
        "(0912) 345678",
        "+84 912.345.678",
        "+84912345678",
        "+84 (0)912 345 678",
        "84912345678",
        "0084 912 345 678",
        "912345678",
        " 0912\u00a0345\u00a0678 ",
        "Dạ 0912345678 ạ",
    ],
)
def test_a_mobile_number_is_read_however_it_is_spaced(typed):
    assert parse_phone(typed) == "+84912345678"


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("0212 3852 123", "+842123852123", "0212 385 2123"),
        ("024 3825 1234", "+842438251234", "024 3825 1234"),
        ("84 28 3825 1234", "+842838251234", "028 3825 1234"),
    ],
)
def test_a_landline_of_eleven_digits_is_read(typed, stored, shown):
    assert parse_phone(typed) == stored
    assert show_phone(stored) == shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("022 3852 123", "+842123852123"),
        ("04 3825 1234", "+842438251234"),
        ("+84 61 385 1234", "+842513851234"),
        ("0240 385 1234", "+842043851234"),
        ("0710 385 1234", "+842923851234"),
    ],
)
def test_a_landline_of_before_2017_becomes_the_one_of_today(typed, stored):
    assert parse_phone(typed) == stored
    assert convert_old(typed) == stored


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW)
def test_a_mobile_number_of_eleven_digits_becomes_the_one_that_replaced_it(old, new):
    for typed in (f"{old} 000 1234", f"+84 {old[1:]}.000.1234", f"84{old[1:]}0001234"):
        assert parse_phone(typed) == convert_old(typed) == f"+84{new[1:]}0001234"


@pytest.mark.parametrize("typed", ["0912345678", "0212 385 2123", "+8562055512345", "abc"])
def test_only_an_old_number_is_converted(typed):
    assert convert_old(typed) is None


@pytest.mark.parametrize("typed", ["+856 20 5551 2345", "00856 20 5551 2345"])
def test_a_number_abroad_is_kept_as_it_is(typed):
    assert show_phone(parse_phone(typed)) == "+8562055512345"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "không có",
        "113",
        "0912 345 67",
        "0912 345 6789",
        "0161 000 1234",
        "0012",
        "0912345678 / 0912345679",
        "٠٩١٢٣٤٥٦٧٨",
        "+",
        "0912a45678",
    ],
)
def test_what_is_no_number_is_not_understood(typed):
    with pytest.raises(Misread) as refused:
        parse_phone(typed)

    assert refused.value.key == "phone_not_understood"


@given(st.one_of(mobiles, landlines))
def test_what_is_stored_reads_back_from_itself_and_from_how_it_is_shown(e164):
    assert parse_phone(e164) == e164
    assert parse_phone(show_phone(e164)) == e164


@given(mobiles, st.lists(separators, min_size=9, max_size=9))
def test_separators_make_no_difference(e164, between):
    national = "0" + e164[3:]

    assert parse_phone("".join(d + s for d, s in zip(national, [*between, ""], strict=True))) == e164


@given(st.text(alphabet=st.sampled_from("0123456789+84 .-()"), max_size=20))
def test_whatever_is_accepted_is_canonical(typed):
    try:
        stored = parse_phone(typed)
    except Misread:
        return

    assert parse_phone(stored) == stored
    assert convert_old(stored) is None
