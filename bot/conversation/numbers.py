"""Choices on a channel without buttons: a list that is answered by a number, or words to type.

Where free text is an answer, a number is an answer too, so nothing is numbered there and the choices are words. Where only a
choice is an answer, they are numbered from 1; 0 leads back. What undoes work ("hủy") and what skips is always typed as a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.prompt import chosen, plain

BACK = "*back"
WORDS_ONLY = ("*cancel", "*skip")


@dataclass(frozen=True)
class Option:
    """``token`` is what choosing it means; ``number`` is how it was listed, empty for a word."""

    token: str
    label: str
    number: str = ""


@dataclass(frozen=True)
class Listed:
    """The choices as they were shown. ``typed``: free text was an answer as well."""

    options: tuple[Option, ...]
    typed: bool = False

    @property
    def numbered(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.number)

    @property
    def words(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.number)

    def meant(self, text: str) -> str | None:
        """The token of the choice that this text names; None if it names none."""
        wanted = plain(text).rstrip(".)")
        if wanted.isdecimal():
            return next((option.token for option in self.options if option.number == str(int(wanted))), None)
        return chosen(text, [(option.token, option.label) for option in self.options], typed=self.typed)


def listed(choices: Sequence[tuple[str, str]], typed: bool = False) -> Listed:
    """The choices, (token, label) in their order, as a list to answer by numbers.

    A choice whose own key is a number keeps it: of "0, 1, 2 doses", 2 means two doses. "Back" is then a word.
    """
    if typed:
        return Listed(tuple(Option(token, label) for token, label in choices), typed=True)
    keys = {token: _key(token) for token, _ in choices}
    own = {int(key) for key in keys.values() if key.isdecimal()}
    following = max(own, default=0)
    options = []
    for token, label in choices:
        key = keys[token]
        number = ""
        if own and key.isdecimal():
            number = key
        elif key == BACK:
            number = "" if own else "0"
        elif key not in WORDS_ONLY:
            following += 1
            number = str(following)
        options.append(Option(token, label, number))
    return Listed(tuple(options))


def _key(token: str) -> str:
    """The choice's own key in a form's token; a menu's token has none: "do:form:returnee:04123" is no number."""
    return "" if token.startswith("do:") else token.rpartition(":")[2]
