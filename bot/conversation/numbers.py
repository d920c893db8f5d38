"""Choices on a channel without buttons: a list that is answered by a number, or words to type.

Where free text is an answer, a number is an answer too, so nothing is numbered there and the choices are words. Where only a
choice is an answer, they are numbered from 1; 0 leads back. What undoes work ("hủy", "RÚT LẠI") and what skips is always typed
as a word. The choices of a question are never split over pages: their numbers go on, as do those of the lines of a card.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.draft import Token
from bot.conversation.prompt import chosen, is_label, number_typed, plain

MOST = 9  # numbers on one page of a long list: one key each
BACK, CANCEL = "*back", "*cancel"
WORDS_ONLY = (CANCEL, "*skip")


@dataclass(frozen=True)
class Option:
    """``token`` is what choosing it means; ``number`` is how it was listed, empty for what is typed in words.

    With a ``word`` of its own it is that word, or the whole label, that has to be typed.
    """

    token: str
    label: str
    number: str = ""
    word: str = ""


@dataclass(frozen=True)
class Listed:
    """The choices as they were shown. ``typed``: free text was an answer as well. ``text``: the message that listed them."""

    options: tuple[Option, ...]
    typed: bool = False
    text: str = ""

    @property
    def numbered(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.number)

    @property
    def words(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.number)

    @property
    def draft(self) -> str:
        """The draft whose question this is; empty for a menu."""
        token = Token.parse(self.options[0].token) if self.options else None
        return token.draft if token is not None else ""

    def meant(self, text: str) -> str | None:
        """The token of the choice that this text names; None if it names none."""
        number = None if self.typed else number_typed(text)
        if number is not None:
            listed_ = (option.token for option in self.options if option.number == str(number))
            labelled = (option.token for option in self.options if plain(option.label) == plain(text))
            return next(listed_, None) or next(labelled, None)  # a choice may be called by a number: "36"
        for option in self.options:
            if option.word and self._is(text, option.word):
                return option.token
        whole = [option.token for option in self.options if option.word or _key(option.token) == CANCEL]
        return chosen(text, [(option.token, option.label) for option in self.options], self.typed, whole)

    def _is(self, text: str, word: str) -> bool:
        return is_label(text, word) if self.typed else plain(text) == plain(word)


def listed(
    choices: Sequence[tuple[str, str]],
    typed: bool = False,
    back: str | None = None,
    words: Mapping[str, str] | None = None,
) -> Listed:
    """The choices, (token, label) in their order, as a list to answer by numbers.

    A choice whose own key is a number keeps it: of "0, 1, 2 doses", 2 means two doses. "Back" is then a word. ``back`` is the
    token that 0 stands for, by default a form's own; ``words`` are what is typed instead of a number, by token.
    """
    words = words or {}
    if typed:
        return Listed(tuple(Option(token, label, word=words.get(token, "")) for token, label in choices), typed=True)
    own = {int(key) for token, _ in choices if (key := _key(token)).isdecimal()}
    following = max(own, default=0)
    options = []
    for token, label in choices:
        key, number, word = _key(token), "", words.get(token, "")
        if own and key.isdecimal():
            number = key
        elif token == back or key == BACK:
            number = "" if own else "0"
        elif key not in WORDS_ONLY and not word:
            following += 1
            number = str(following)
        options.append(Option(token, label, number, word))
    return Listed(tuple(options))


def _key(token: str) -> str:
    """The choice's own key in a form's token; a menu's token has none: "do:form:returnee:04123" is no number."""
    return "" if token.startswith("do:") else token.rpartition(":")[2]
