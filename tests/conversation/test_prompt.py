"""Choices on a channel with buttons and on one without."""

from __future__ import annotations

import pytest

from bot.conversation.prompt import Choice, Prompt, chosen, in_rows, number_typed
from bot.conversation.words import Say

TRANSPORT = [("motorbike", "Xe máy"), ("coach", "Xe khách"), ("plane", "Máy bay"), ("*back", "Quay lại")]
TYPED = [("~binh_duong", "Bình Dương"), ("*skip", "Không có điện thoại"), ("*back", "Quay lại"), ("*cancel", "Hủy")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1", "motorbike"),
        ("3.", "plane"),
        ("4)", "*back"),
        ("0", None),
        ("5", None),
        ("xe khách", "coach"),
        ("XE KHACH", "coach"),
        ("Xe kha\u0301ch", "coach"),
        ("may", "plane"),
        ("xe", None),  # two of them
        ("m", None),  # too short
        ("xe khách và xe máy", None),
        ("", None),
        ("  ", None),
    ],
)
def test_where_nothing_is_typed_a_number_a_label_or_its_beginning_chooses(text: str, key: str | None) -> None:
    assert chosen(text, TRANSPORT) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Bình Dương", "~binh_duong"),
        ("binh duong", "~binh_duong"),
        ("khong co dien thoai", "*skip"),
        ("hủy", "*cancel"),
        ("HU\u0309Y", "*cancel"),
        ("Huy", None),  # a name
        ("qua", None),  # yesterday
        ("Bình", None),  # or Bình Phước
        ("1", None),  # a count
        ("không", None),
    ],
)
def test_where_one_types_only_a_whole_label_chooses(text: str, key: str | None) -> None:
    assert chosen(text, TYPED, typed=True) == key


def test_rows_keep_the_order() -> None:
    listed = [Choice(str(n), Say("x")) for n in range(5)]

    rows = in_rows(listed, 2)

    assert [len(row) for row in rows] == [2, 2, 1]
    assert list(Prompt((), rows).choices) == listed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *((text, 1) for text in ("1", " 1 ", "01", "1.", "1)", "(1)", "[1]", "1!", "#1", "１", "１．", "1️⃣", "①", "١")),
        *(
            (text, 1)
            for text in ("số 1", "SO 1", "sô 1", "chọn 1", "Em chọn số 1 ạ", "dạ 1", "1 ạ", "1 nhé.", "mục 1", "bấm phím 1")
        ),
        *((text, 2) for text in ("option 2", "No. 2", "number 2", "choose 2")),
        ("10", 10),
        ("000", 0),
        *((text, None) for text in ("1 2", "1,2", "1-2", "-1", "+1", "1.5", "1/9", "1 người", "1a", "a1", "một", "¹ ²", "½")),
        *((text, None) for text in ("1985", "0912345678", "0912 345 678", "1.200", "9" * 5000, "số", "số 1 2", "", " ", "?")),
    ],
)
def test_a_number_of_a_list_is_a_number_alone_however_it_is_written(text: str, number: int | None) -> None:
    assert number_typed(text) == number


def test_what_drops_work_is_not_chosen_by_the_beginning_of_its_label() -> None:
    options = [("*send", "Gửi báo cáo"), ("*cancel", "Hủy, không gửi")]

    assert chosen("hủy, k", options) == "*cancel"
    assert chosen("hủy, k", options, whole=("*cancel",)) is None
    assert chosen("huy, khong gui", options, whole=("*cancel",)) == "*cancel"


def test_a_card_bears_numbers_only_where_there_are_no_buttons() -> None:
    card = Prompt((Say("review.title"), Say("review.line", n=1), Say("review.line", n=2)))
    question = Prompt((Say("field.phone.ask"),))

    assert [(line.key, line.params.get("n")) for line in card.numbered()] == [
        ("review.title", None),
        ("review.numbered_line", 1),
        ("review.numbered_line", 2),
        ("review.how_to_edit", None),
    ]
    assert question.numbered() == question.lines
