"""How a sentence comes into a language: who is addressed, how numbers and dates are written, what happens if it is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.conversation.words import Param, Say
from bot.forms.profile import AddressForm
from bot.texts import Voice, catalogue, languages, show_date

VI, EN = Voice("vi", "chi"), Voice("en", "chi")


def test_vietnamese_comes_first_and_english_is_there() -> None:
    assert languages() == ("vi", "en")


@pytest.mark.parametrize("address", [*AddressForm, "anh_chi"])
@pytest.mark.parametrize("language", languages())
def test_every_form_of_address_is_known(language: str, address: str) -> None:
    assert Voice(language, address)(Say("menu.title"))


def test_the_reader_is_addressed_as_they_chose() -> None:
    assert Voice("vi", "bac")(Say("access.denied")).startswith("Việc này ngoài phần bác được giao")
    assert "Khi chưa đồng ý" in Voice("vi", "bac")(Say("notice.disagreed"))
    assert 'Đổi ý, bác chọn "Đồng ý".' in Voice("vi", "bac")(Say("notice.disagreed"))


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (0, "0", "0"),
        (1200, "1.200", "1,200"),
        (1_000_000, "1.000.000", "1,000,000"),
        (-1200, "-1.200", "-1,200"),
        (True, "Có", "Yes"),
        (False, "Không", "No"),
        (date(2021, 9, 9), "09/9/2021", "09/9/2021"),
        (date(2021, 2, 10), "10/02/2021", "10/02/2021"),
        (time(8, 5), "08:05", "08:05"),
        (datetime(2021, 9, 8, 23, 50, tzinfo=UTC), "06:50 09/9/2021", "06:50 09/9/2021"),
        ("Lò Văn {A}", "Lò Văn {A}", "Lò Văn {A}"),
        (Say("choice.sex.male"), "Nam", "Male"),
        ([Say("choice.sex.male"), Say("choice.sex.female")], "Nam, Nữ", "Male, Female"),
    ],
)
def test_what_is_filled_in_is_written_as_the_language_writes_it(value: Param, vietnamese: str, english: str) -> None:
    line = Say("review.line", label="X", value=value)

    assert VI(line) == f"X: {vietnamese}"
    assert EN(line) == f"X: {english}"


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2021, 1, 1), "01/01/2021"),
        (date(2021, 2, 28), "28/02/2021"),
        (date(2021, 3, 1), "01/3/2021"),
        (date(2021, 9, 9), "09/9/2021"),
        (date(2021, 12, 31), "31/12/2021"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day: date, shown: str) -> None:
    assert show_date(day) == shown


@pytest.mark.parametrize(("n", "english"), [(0, "0 people"), (1, "1 person"), (2, "2 people"), (21, "21 people")])
def test_english_knows_one_and_many(n: int, english: str) -> None:
    assert EN(Say("list.done", unit="X", n=n)) == f"List of X: {english}."
    assert VI(Say("list.done", unit="X", n=n)) == f"Danh sách X: {n} người."


def test_a_sentence_that_is_missing_in_a_language_is_said_in_vietnamese(monkeypatch: pytest.MonkeyPatch) -> None:
    poorer = {key: leaf for key, leaf in catalogue("en").items() if key != "menu.more"}
    monkeypatch.setattr("bot.texts.catalogue", lambda language: poorer if language == "en" else catalogue(language))

    assert EN(Say("menu.more")) == "Thêm"
    assert EN(Say("menu.help")) == "Help"


def test_the_first_alternative_that_exists_is_said() -> None:
    assert VI(Say("form.returnee.sex.label|field.sex.label")) == "Giới tính"
    assert VI(Say("form.returnee.came_from.label|field.came_from.label")) == "Về từ"


def test_a_key_that_no_language_has_is_a_mistake() -> None:
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        VI(Say("no.such.key"))
    assert not VI.has("no.such.key")
    assert VI.has("no.such.key|menu.help")


def test_what_people_typed_is_never_taken_for_a_placeholder() -> None:
    assert VI(Say("draft.understood", label="{you}", value="{0} {value!r}")) == "✓ {you}: {0} {value!r}\n"
