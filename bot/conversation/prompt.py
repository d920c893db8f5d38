"""What a person is shown, whatever the channel: paragraphs and rows of choices.

``chosen`` understands the number of a choice, its label with or without diacritics, or the beginning of a label. How choices
look on a channel without buttons is ``conversation.numbers``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from bot.conversation.words import Say

LINE, NUMBERED_LINE = "review.line", "review.numbered_line"


@dataclass(frozen=True)
class Choice:
    """``key`` is what the choice means to whoever asked; it is no sentence and stays in ASCII.

    ``word``: without buttons this is typed for it and no number is, as for a step where a slip is costly.
    """

    key: str
    label: Say
    word: Say | None = None


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

    def numbered(self) -> tuple[Say, ...]:
        """The paragraphs for a channel without buttons: the lines of a review card bear the numbers that "sửa 3" names."""
        if not any(line.key == LINE for line in self.lines):
            return self.lines
        lines = [Say(NUMBERED_LINE, **line.params) if line.key == LINE else line for line in self.lines]
        return (*lines, Say("review.how_to_edit"))


def in_rows(choices: Iterable[Choice], per_row: int) -> Rows:
    listed = list(choices)
    return tuple(tuple(listed[i : i + per_row]) for i in range(0, len(listed), per_row))


def plain(text: str) -> str:
    """Small letters without diacritics, for comparing what was typed with a label."""
    spread = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in spread if not unicodedata.combining(c)).split())


_KEYCAP = re.compile("[\ufe0f\u20e3]")  # 1️⃣ is a digit with two marks
_NUMBER = re.compile(
    r"(?:(?:da|vang|em|toi|chon|bam|nhan|go|so|muc|cau|y|phim|nut|choose|pick|press|type|number|no|option)\b[ .:]*|# ?)*"
    r"[(\[]?(\d{1,3})[)\].,;:!]*"
    r"(?: (?:a|nhe|nha)\b[.!]*)*"
)


def number_typed(text: str) -> int | None:
    """The number of a list that these words name: "2", "2.", "số 2", "chọn 2 ạ", "２", "2️⃣". None for anything else.

    At most three digits: a year and a phone number are answers. "1 2", "-1" and "1 người" name nothing.
    """
    found = _NUMBER.fullmatch(plain(_KEYCAP.sub("", unicodedata.normalize("NFKC", text[:100]))))
    return int(found[1]) if found else None


def chosen(text: str, options: Sequence[tuple[str, str]], typed: bool = False, whole: Collection[str] = ()) -> str | None:
    """The key of the option that ``text`` names, or None.

    ``options`` are (key, label) in the order in which they were shown: a number, a label or the beginning of one label names
    one; those of ``whole`` only their whole label. Where ``typed`` is true, free text is an answer too: then only a whole
    label does, since "2" is a count, "Bình" no "Bình Dương", and "qua" no "Quay lại". A label of one word needs its
    diacritics there: Huy is a name, "Hủy" a button.
    """
    wanted = plain(text)
    if not wanted:
        return None
    if typed:
        return next((key for key, label in options if is_label(text, label)), None)
    if (place := number_typed(text)) is not None:
        return options[place - 1][0] if 1 <= place <= len(options) else None
    wanted = wanted.rstrip(" .,!")
    labels = [(key, plain(label)) for key, label in options]
    for key, label in labels:
        if label == wanted:
            return key
    starts = {key for key, label in labels if label.startswith(wanted)}
    return starts.pop() if len(starts) == 1 and len(wanted) > 1 and not starts & set(whole) else None


def is_label(text: str, label: str) -> bool:
    """Whether the text is this label where free text is an answer too."""
    if len(label.split()) > 1:
        return plain(text) == plain(label)
    return unicodedata.normalize("NFC", text.strip()).casefold() == unicodedata.normalize("NFC", label).casefold()
