"""What holds for every text that is pasted, sensible or not."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.form import relevant_steps, steps
from bot.domain import paste
from bot.domain.paste import Counted, Found, Piece, Reading, Village, read
from bot.domain.paste.fields import FIELDS
from bot.domain.paste.words import vocabulary
from bot.domain.vietnamese import fold
from bot.forms import forms

from .scoring import examples

TODAY = date(2021, 9, 9)
CANG, SANG, THREE = Village("cang", ("Bản Cang",)), Village("sang", ("Bản Nà Sàng", "ns")), Village("three", ("Thôn 3",))
VILLAGES = (CANG, SANG, THREE)


def understood(text: str, senders: dict[str, str] | None = None) -> Reading:
    return read(text, TODAY, VILLAGES, senders)


def only(text: str) -> Found:
    (person,) = understood(text).people
    return person


NOT_READ = {
    "f0": {"source_case"},  # one of the village's cases, chosen from a list
    "contact": {
        *("source_case", "exposure_type", "last_contact_on", "contact_place", "doses", "last_dose_on"),
        *("quarantine_type", "quarantine_from"),
    },
}
"""What is asked and not read from a text yet. Of a contact a name is enough; the rest is asked for later."""


# --- answers of the forms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in FIELDS if kind in forms()])
def test_what_can_be_read_is_what_the_form_asks(kind: str) -> None:
    asked = [step.name for step in steps(forms()[kind])]

    assert list(FIELDS[kind]) == [name for name in asked if name in FIELDS[kind]]
    assert set(asked) - set(FIELDS[kind]) == NOT_READ.get(kind, set())


FRAGMENTS = (
    *("Lò Mẫu Sơn", "quàng mẫu inh", "GIÀNG MẪU PÁO", "ông Vì Mẫu Xôm", "bà Lò Thị Mẫu Pha", "con trai", "vợ chồng", "hộ ông"),
    *("sn 1985", "36 tuổi", "1990", "sinh 31/12/1999", "sn 2050", "90", "5 tháng tuổi", "0900 000 123", "sđt 900000124"),
    *(
        "về từ",
        "từ",
        "ở",
        "đang ở",
        "đang làm ở",
        "đi",
        "Bình Dương",
        "hcm",
        "Quận 7, TP HCM",
        "Thuận An",
        "Lào",
        "về",
        "chưa về",
    ),
    *("hôm qua", "5/9", "31/2", "12/12/2025", "ngày mai", "thứ 7", "mùng 5", "dự kiến", "từ ngày", "đến ngày 20/9"),
    *("xe khách", "xe máy", "đã tiêm 2 mũi", "mũi 1 ngày 1/8", "chưa tiêm", "khai báo y tế", "chưa", "rồi", "cách ly tại nhà"),
    *("dương tính", "F0", "F1", "nghi ngờ", "test nhanh 2 vạch", "âm tính", "lây từ vợ", "phát hiện", "pcr"),
    *("cần hỗ trợ", "hết gạo", "không liên lạc được", "công nhân", "sinh viên", "3 người", "0 F0", "không phát sinh"),
    *("nhầm", "không phải", "cả hai", "Bản Cang:", "thôn 3", "ns", "1.", "2)", "-", ",", ";", ":", "\n", "\t", "(", ")", ". "),
)
unhurried = settings(deadline=None)  # the words are loaded with the first text
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map(" ".join)
days = st.dates(date(2020, 1, 1), date(2024, 12, 31))


@unhurried
@given(texts, days)
def test_every_answer_is_one_that_the_form_itself_would_store(text: str, today: date) -> None:
    for found in _told(read(text, today, VILLAGES)):
        if found.kind not in forms():
            assert set(found.answers) <= set(FIELDS[None])
            continue
        form = forms()[found.kind]
        relevant = {step.name: step for step in relevant_steps(form, found.answers)}
        for name, value in found.answers.items():
            assert relevant[name].read(value, today, found.answers) == value


def _told(reading: Reading) -> tuple[Found | Counted, ...]:
    return (*reading.people, *reading.counted)


@unhurried
@given(texts)
def test_composed_and_decomposed_letters_are_read_alike(text: str) -> None:
    assert understood(unicodedata.normalize("NFD", text)) == understood(unicodedata.normalize("NFC", text))


@unhurried
@given(texts)
def test_by_village_is_the_same_reading_in_parts(text: str) -> None:
    reading = understood(text)

    parts = reading.by_village()

    assert sum(len(part.people) for part in parts.values()) == len(reading.people)
    assert sum(len(part.not_understood) for part in parts.values()) == len(reading.not_understood)
    assert all(piece.village == code for code, part in parts.items() for piece in (*part.people, *part.nothing_new))


# --- any text -----------------------------------------------------------------------------------------------------------


@unhurried
@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    assert isinstance(understood(text), Reading)


LONG = {
    "figures": "0 ",
    "numbers in a row": "0900000",
    "names": "Lò Mẫu Sơn 1990, ",
    "names in small letters": "lo mau son ",
    "places": "về từ hcm 5/9 ",
    "brackets": "(a)",
    "colons": ":",
    "borders of cells": "a\t",
    "lines": "Lò Mẫu Sơn 1990 về từ hcm 5/9\n",
    "heads of messages": "[08:15, 9/9/2021] A: b\n",
    "marks": "a\u0301\u0323",
    "right to left": "\u202eLò Mẫu Sơn\u200f ",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_twenty_thousand_letters_are_read_to_their_end(piece: str) -> None:
    text = (piece * 20_000)[:20_000] + "\nThôn 3: Lò Mẫu Cuối 1990 về từ Hà Nội 5/9"

    assert [person.village for person in understood(text).people if person.answers.get("full_name") == "Lò Mẫu Cuối"] == [
        "three"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE people; --",
        '{"kind": "f0", "full_name": "x"}',
        "<script>alert(1)</script>",
        "${jndi:ldap://x}",
        "١٢٣٤٥٦٧٨٩٠",
        "\U0001d5db\U0001d5ee \U0001d5e1\U0001d5fc\U0001d5f6",
        "zxcv qwer asdf",
    ],
)
def test_what_means_nothing_is_shown_and_not_guessed(text: str) -> None:
    reading = understood(text)

    assert _told(reading) == reading.nothing_new == ()
    assert [piece.text for piece in reading.not_understood] == [text]


@pytest.mark.parametrize("text", ["", " \n\t", "👍", "Dạ vâng ạ", "em cảm ơn anh", "..."])
def test_courtesies_are_passed_over(text: str) -> None:
    assert understood(text) == Reading()


# --- not sure -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Lò Mẫu Sơn 1990 về từ Huế ngày 12/9", "arrived_on"),
        ("Lò Mẫu Sơn 1990 về từ ĐN 5/9", "came_from"),
        ("Lò Mẫu Sơn sn 1990 sn 1991 về từ Huế", "birth_year"),
        ("Lò Mẫu Sơn 45, về từ Huế", "birth_year"),
        ("Lò Mẫu Sơn 1990 về từ Huế, đã tiêm vắc xin", "doses"),
        ("Lò Mẫu Sơn 1990 về từ Huế bằng ô tô", "transport"),
        ("Lò Mẫu Sơn 1990 về từ Huế và từ Hà Nội", "came_from"),
        ("vợ chồng Lò Mẫu Sơn và con 5 tuổi về từ Huế", "birth_year"),
        ("Lò Mẫu Sơn 1990 sđt vợ 0900 000 123, về từ Huế", "phone"),
        ("Lò Mẫu Sơn 1990 về từ Huế, đã cách ly tập trung đủ 14 ngày", "quarantine_type"),
    ],
)
def test_what_is_not_sure_is_left_out(text: str, field: str) -> None:
    assert field not in only(text).answers


def test_what_contradicts_itself_is_shown_as_not_understood() -> None:
    shown = [piece.text for piece in understood("Lò Mẫu Sơn sn 1990 sn 1991 về từ Huế").not_understood]

    assert shown == ["1990", "1991"]


def test_a_question_is_no_report() -> None:
    assert understood("Lò Mẫu Sơn sn 1990 về từ Hà Nội chưa ạ?").people == ()


def test_somebody_who_is_only_named_is_no_report() -> None:
    reading = understood("Anh Lò Mẫu Sơn trưởng công an")

    assert reading.people == ()
    assert len(reading.not_understood) == 1


# --- the whole group ------------------------------------------------------------------------------------------------------


def test_a_message_of_a_thread_is_read_as_of_its_own_day() -> None:
    reading = understood("[08:00, 7/9/2021] A: Lò Mẫu Sơn 1990 về từ Hà Nội hôm qua\n[08:00, 9/9/2021] A: ok")

    assert reading.people[0].answers["arrived_on"] == "2021-09-06"
    assert (reading.people[0].day, reading.people[0].sender) == (date(2021, 9, 7), "A")


def test_a_sender_speaks_for_the_village_unless_the_text_names_another() -> None:
    thread = "Quàng Mẫu Trưởng\n08:00\nkhông có gì mới\nQuàng Mẫu Trưởng\n08:05\nThôn 3: không phát sinh"

    reading = understood(thread, {"quang mau truong": "sang"})

    assert [zero.village for zero in reading.nothing_new] == ["sang", "three"]


def test_nothing_new_is_not_believed_where_somebody_is_reported_in_the_same_message() -> None:
    reading = understood("Bản Cang không có gì mới, chỉ có Lò Mẫu Sơn 1990 về từ Hà Nội hôm qua")

    assert len(reading.people) == 1
    assert reading.nothing_new == ()


def test_a_village_that_is_not_known_ends_the_one_before() -> None:
    reading = understood("Thôn 3: không phát sinh\nThôn 88: Lò Mẫu Sơn 1990 về từ Hà Nội 5/9")

    assert [person.village for person in reading.people] == [None]


def test_a_name_that_two_villages_bear_means_none() -> None:
    twins = (Village("a", ("Bản Mới",)), Village("b", ("Bản Mới",)))

    reading = read("Bản Mới không phát sinh", TODAY, twins)

    assert [zero.village for zero in reading.nothing_new] == [None]


def test_a_line_through_several_villages_is_read_for_each() -> None:
    reading = understood("Bản Cang không phát sinh; Thôn 3: Lò Mẫu Sơn 1990 về từ Hà Nội 5/9").by_village()

    assert list(reading) == ["three", "cang"]
    assert reading["cang"].nothing_new
    assert reading["three"].people[0].answers["came_from"] == "Hà Nội"


# --- the vocabulary -------------------------------------------------------------------------------------------------------


def test_no_group_of_the_vocabulary_has_a_phrase_twice() -> None:
    for group, values in vocabulary().items():
        phrases = [phrase for listed in values.values() for phrase in listed]
        assert len(set(phrases)) == len(phrases), group


def test_no_place_has_two_meanings() -> None:
    loaded = tomllib.loads((Path(paste.__file__).parent / "places.toml").read_text(encoding="utf-8"))

    meanings = {(fold(phrase), name) for group in loaded.values() for name, known in group.items() for phrase in known}

    assert len({phrase for phrase, _ in meanings}) == len(meanings)


# --- the documentation ----------------------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "paste.md"
DOCUMENTED = re.findall(
    r"^\| `(.+?)` \| ((?:\w+(?: in \w+)?: |not understood).+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
)


def shown(reading: Reading) -> str:
    """A reading as the page shows it."""

    def of(piece: Piece) -> str:
        return f" in {piece.village}" if piece.village else ""

    told = [
        f"{person.kind}{of(person)}: " + ", ".join(f"{name} {value}" for name, value in person.answers.items())
        for person in reading.people
    ]
    told += [f"{count.number} {count.kind}{of(count)}" for count in reading.counted]
    told += [f"nothing new{of(zero)}" for zero in reading.nothing_new]
    told += [f"not understood: {piece.text}" for piece in reading.not_understood]
    return " · ".join(told)


def test_the_page_has_examples() -> None:
    assert len(DOCUMENTED) > 10


@pytest.mark.parametrize(("text", "expected"), DOCUMENTED)
def test_the_page_shows_what_is_understood(text: str, expected: str) -> None:
    assert shown(understood(text.replace("⏎", "\n").replace("⇥", "\t"))) == expected


def test_the_page_knows_how_many_examples_there_are() -> None:
    assert f"{len(examples('examples'))} written examples" in PAGE.read_text(encoding="utf-8")
