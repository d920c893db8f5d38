"""Vietnamese letters: what is the same to a reader is the same to the program."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.vietnamese import clean_name, fold, given_name_key, marks, plain, strip_unsafe, tidy

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
DICTIONARY = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mái", "măn", "mân"]
NAMESAKES = ["Đinh Văn Hoà", "Lò Thị Hòa", "Lò Văn Hoà", "Vì An Hòa"]
syllables = st.text(alphabet=[*LETTERS, *LETTERS.upper(), *(unicodedata.normalize("NFC", "ớ"), "ặ", "ễ", "ỵ")], min_size=1)
names = st.lists(syllables, min_size=1, max_size=4).map(" ".join)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["Đặng Thị Hường", "ĐẶNG THỊ HƯỜNG", "  đặng  thị\thường ", "dang thi huong"])
def test_a_name_is_found_in_any_case_and_form_with_or_without_diacritics(form, typed):
    assert fold(unicodedata.normalize(form, typed)) == "dang thi huong"


def test_an_eth_that_looks_like_a_barred_d_is_read_as_one():
    assert fold("Ðiện Biên") == fold("Điện Biên") == "dien bien"


def test_every_vietnamese_letter_folds_to_plain_latin():
    every = {unicodedata.normalize("NFC", letter + tone) for letter in LETTERS for tone in TONES}

    assert {fold(letter) for letter in every} <= set("abcdeghiklmnopqrstuvxy") | {fold(x + "\u0300") for x in "bcd"}


@given(st.text())
def test_folding_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(names)
def test_both_unicode_forms_fold_alike(name):
    assert fold(unicodedata.normalize("NFD", name)) == fold(unicodedata.normalize("NFC", name.upper()))


@pytest.mark.parametrize("typed", ["hôm qua", "Dạ hôm qua ạ", "hôm qua ạ.", "Dạ, vâng, hôm qua nhé!", "HÔM QUA..."])
def test_courtesies_around_an_answer_are_not_part_of_it(typed):
    assert plain(typed) == "hom qua"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("lò văn a", "Lò Văn A"),
        ("LÒ VĂN A", "Lò Văn A"),
        ("  Lò   Văn\nA ", "Lò Văn A"),
        ("Lò văn A", "Lò văn A"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("đỗ thị ánh-hồng", "Đỗ Thị Ánh-Hồng"),
        (unicodedata.normalize("NFD", "nguyễn thị thuỷ"), "Nguyễn Thị Thuỷ"),
    ],
)
def test_a_name_is_tidied_but_mixed_case_is_left_to_its_owner(typed, stored):
    assert clean_name(typed) == stored


@given(st.text())
def test_cleaning_a_name_again_changes_nothing(text):
    assert clean_name(clean_name(text)) == clean_name(text)


@given(names)
def test_cleaning_a_name_changes_no_letter(name):
    assert fold(clean_name(name)) == fold(name)


def test_people_are_listed_by_given_name_in_vietnamese_order():
    shuffled = ["Trần Văn Tú", "Lò Văn Đỗ", "Hà Thị Ân", "Cầm Văn Dũng", "Vì Văn An", "Lò Thị Ăn", "Quàng Văn Eng"]

    ordered = sorted(shuffled, key=given_name_key)

    assert ordered == [
        "Vì Văn An",
        "Lò Thị Ăn",
        "Hà Thị Ân",
        "Cầm Văn Dũng",
        "Lò Văn Đỗ",
        "Quàng Văn Eng",
        "Trần Văn Tú",
    ]


@given(st.permutations(DICTIONARY))
def test_letters_order_before_tones_and_tones_in_the_order_of_the_dictionary(shuffled):
    assert sorted(shuffled, key=given_name_key) == DICTIONARY


@given(st.permutations(NAMESAKES))
def test_the_same_given_name_orders_by_family_name_then_middle_name(shuffled):
    assert sorted(shuffled, key=given_name_key) == NAMESAKES


@given(st.permutations(LETTERS))
def test_single_letters_follow_the_vietnamese_alphabet(letters):
    assert "".join(sorted(letters, key=given_name_key)) == LETTERS


@given(st.lists(st.text(), max_size=6))
def test_any_texts_can_be_ordered(texts):
    sorted(texts, key=given_name_key)


@given(names)
def test_the_order_does_not_depend_on_case_or_unicode_form(name):
    assert given_name_key(unicodedata.normalize("NFD", name.upper())) == given_name_key(name)


def test_what_a_database_or_a_reader_cannot_bear_is_removed():
    assert strip_unsafe("a\x00b\ud800c\x1bd\u202ee\u200bf\x85") == "abcdef"


def test_line_ends_and_tabs_stay():
    assert strip_unsafe("a\r\nb\rc\td\n") == "a\nb\nc\td\n"


@given(st.text(alphabet=st.characters()))
def test_a_stripped_text_can_be_stored_as_utf_8(text):
    assert b"\x00" not in tidy(text).encode("utf-8")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_word_has_the_same_marks_wherever_they_stand_and_in_any_form(form):
    assert marks(unicodedata.normalize(form, "hòa")) == marks(unicodedata.normalize(form, "HOÀ"))
    assert marks("Đồng") > marks("dong") == frozenset()
    assert marks("đ") == marks("ð") != marks("d")
