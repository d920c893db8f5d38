"""Choices on a channel with buttons and on one without."""

from __future__ import annotations

import pytest

from bot.conversation.prompt import Choice, Prompt, chosen, in_rows
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
