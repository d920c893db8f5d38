"""Choices on a channel without buttons."""

from __future__ import annotations

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
