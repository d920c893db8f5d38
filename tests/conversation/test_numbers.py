"""Choices on a channel without buttons."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.numbers import Listed, listed

SEX = [("D:3:male", "Nam"), ("D:3:female", "Nữ"), ("D:3:*back", "Quay lại"), ("D:3:*cancel", "Hủy")]
DOSES = [("D:9:0", "Chưa tiêm"), ("D:9:1", "1 mũi"), ("D:9:2", "2 mũi"), ("D:9:unknown", "Chưa rõ"), ("D:9:*back", "Quay lại")]
PHONE = [("D:4:*skip", "Không có điện thoại"), ("D:4:*back", "Quay lại"), ("D:4:*cancel", "Hủy")]


def numbers(shown: Listed) -> list[tuple[str, str]]:
    return [(option.number, option.label) for option in shown.options]


def test_choices_are_numbered_from_one_and_zero_leads_back() -> None:
    assert numbers(listed(SEX)) == [("1", "Nam"), ("2", "Nữ"), ("0", "Quay lại"), ("", "Hủy")]


def test_a_number_names_what_was_listed_under_it() -> None:
    shown = listed(SEX)

    assert [shown.meant(text) for text in ("1", "2.", "02", "0", "3", "9")] == [
        "D:3:male",
        "D:3:female",
        "D:3:female",
        "D:3:*back",
        None,
        None,
    ]


def test_a_label_is_understood_without_diacritics_and_by_its_beginning() -> None:
    shown = listed(SEX)

    assert (shown.meant("nu"), shown.meant("quay lai"), shown.meant("quay"), shown.meant("huy")) == (
        "D:3:female",
        "D:3:*back",
        "D:3:*back",
        "D:3:*cancel",
    )
    assert shown.meant("hu") is None  # what drops work takes its whole word


def test_two_means_two_doses() -> None:
    shown = listed(DOSES)

    assert shown.meant("2") == "D:9:2"
    assert shown.meant("0") == "D:9:0"
    assert numbers(shown)[3:] == [("3", "Chưa rõ"), ("", "Quay lại")]


def test_where_free_text_is_an_answer_nothing_is_numbered() -> None:
    shown = listed(PHONE, typed=True)

    assert shown.numbered == ()
    assert shown.meant("0912345678") is None
    assert shown.meant("1") is None
    assert shown.meant("khong co dien thoai") == "D:4:*skip"


def test_the_code_of_a_village_is_no_number_of_a_menu() -> None:
    shown = listed([("do:form:returnee:04123", "Xã A"), ("do:form:returnee:04126", "Xã B")])

    assert shown.meant("1") == "do:form:returnee:04123"
    assert shown.meant("4123") is None


FILED = [("do:again:R1:household", "Thêm người cùng hộ"), ("do:undo_sure:R1", "Rút lại báo cáo"), ("do:menu", "Về đầu")]
COSTLY = {"do:undo_sure:R1": "RÚT LẠI"}


def test_a_menu_is_left_by_zero() -> None:
    assert numbers(listed(FILED, back="do:menu")) == [("1", "Thêm người cùng hộ"), ("2", "Rút lại báo cáo"), ("0", "Về đầu")]


def test_a_costly_step_is_taken_by_its_word_and_by_no_number() -> None:
    shown = listed(FILED, back="do:menu", words=COSTLY)

    assert numbers(shown) == [("1", "Thêm người cùng hộ"), ("", "Rút lại báo cáo"), ("0", "Về đầu")]
    assert [shown.meant(text) for text in ("RÚT LẠI", "rut lai", "Rút lại báo cáo")] == ["do:undo_sure:R1"] * 3
    assert [shown.meant(text) for text in ("rút", "rút lại báo", "2", "r")] == [None] * 4


@given(st.text(alphabet="0123456789０１２⃣️ .,()#số", max_size=12))
def test_no_digits_ever_take_a_costly_step(text: str) -> None:
    assert listed(FILED, back="do:menu", words=COSTLY).meant(text) != "do:undo_sure:R1"


@given(st.integers(min_value=1, max_value=60))
def test_however_many_answers_a_question_has_each_has_its_number_and_its_label(most: int) -> None:
    choices = [(f"D:1:key{n}", f"Thôn {n}") for n in range(1, most + 1)]
    shown = listed([*choices, ("D:1:*back", "Quay lại")])

    assert [shown.meant(str(n)) for n in range(1, most + 1)] == [token for token, _ in choices]
    assert [shown.meant(f"thon {n}") for n in range(1, most + 1)] == [token for token, _ in choices]
    assert shown.meant("0") == "D:1:*back"


def test_a_list_knows_the_question_it_belongs_to() -> None:
    assert (listed(SEX).draft, listed(FILED).draft, listed([]).draft) == ("D", "", "")


def test_a_choice_that_is_called_by_a_number_is_named_by_it_where_nothing_is_listed_under_it() -> None:
    shown = listed([("do:answer:0", "36"), ("do:answer:1", "2"), ("do:menu", "Về đầu")], back="do:menu")

    assert [shown.meant(text) for text in ("36", "1", "2", "7")] == ["do:answer:0", "do:answer:0", "do:answer:1", None]
