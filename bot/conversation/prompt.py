"""What a person is shown, whatever the channel: paragraphs and rows of choices.

``chosen`` understands the number of a choice, its label with or without diacritics, or the beginning of a label. How choices
look on a channel without buttons is ``conversation.numbers``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.conversation.words import Say


@dataclass(frozen=True)
class Choice:
    """``key`` is what the choice means to whoever asked; it is no sentence and stays in ASCII."""

    key: str
    label: Say


Rows = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True)
class Prompt:
    """``lines`` are paragraphs. ``typed`` says that free text is an answer here, so digits are not only a menu."""

    lines: tuple[Say, ...]
    rows: Rows = ()
    typed: bool = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(choice for row in self.rows for choice in row)


def in_rows(choices: Iterable[Choice], per_row: int) -> Rows:
    listed = list(choices)
    return tuple(tuple(listed[i : i + per_row]) for i in range(0, len(listed), per_row))


def plain(text: str) -> str:
    """Small letters without diacritics, for comparing what was typed with a label."""
    spread = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in spread if not unicodedata.combining(c)).split())


def chosen(text: str, options: Sequence[tuple[str, str]], typed: bool = False) -> str | None:
    """The key of the option that ``text`` names, or None.

    ``options`` are (key, label) in the order in which they were shown: a number, a label or the beginning of one label names
    one. Where ``typed`` is true, free text is an answer too: then only a whole label does, since "2" is a count, "Bình" no
    "Bình Dương", and "qua" no "Quay lại". A label of one word needs its diacritics there: Huy is a name, "Hủy" a button.
    """
    wanted = plain(text)
    if not wanted:
        return None
    if typed:
        return next((key for key, label in options if _is_label(text, label)), None)
    if wanted.rstrip(".)").isdecimal():
        place = int(wanted.rstrip(".)"))
        return options[place - 1][0] if 1 <= place <= len(options) else None
    labels = [(key, plain(label)) for key, label in options]
    for key, label in labels:
        if label == wanted:
            return key
    starts = [key for key, label in labels if label.startswith(wanted)]
    return starts[0] if len(starts) == 1 and len(wanted) > 1 else None


def _is_label(text: str, label: str) -> bool:
    if len(label.split()) > 1:
        return plain(text) == plain(label)
    return unicodedata.normalize("NFC", text.strip()).casefold() == unicodedata.normalize("NFC", label).casefold()
