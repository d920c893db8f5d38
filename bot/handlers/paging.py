"""Many choices as pages: a platform takes a hundred buttons at the most, and nobody reads so many.

Without buttons a page has as many choices as there are digits, with those that stand below it; words turn the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.conversation.numbers import MOST
from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.handlers.call import way_back
from bot.messages import BUTTONS

PER_PAGE = 24
T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """``here`` of ``last``, from 0; ``room`` for so many."""

    here: int
    last: int
    room: int

    def of(self, everything: Sequence[T]) -> Sequence[T]:
        return everything[self.here * self.room : (self.here + 1) * self.room]


def page_of(n: int, page: str, channel: str, below: Sequence[Choice], most: int = PER_PAGE) -> Page:
    """The page of ``n`` choices that was asked for, or the last there is; ``below`` is what stands below every page.

    ``most``: so many choices at the most, where there are buttons.
    """
    back = way_back(below)
    room = most if BUTTONS[channel] else MOST - sum(choice.key != back for choice in below)
    last = max(0, (n - 1) // room)
    return Page(min(int(page), last) if page.isdecimal() else 0, last, room)


def paged(
    choices: Sequence[Choice],
    page: str,
    turn: str,
    channel: str,
    below: Sequence[Choice],
    per_row: int = 2,
    turned: str = "",
    most: int = PER_PAGE,
) -> Rows:
    """The choices of a page, the choices to turn it, and those that stand ``below`` every page.

    What turns it carries ``turn``, the page's number and what is ``turned`` with it.
    """
    shown = page_of(len(choices), page, channel, below, most)
    turned = f":{turned}" if turned else ""
    turning = []
    if shown.here:
        turning.append(Choice(f"{turn}:{shown.here - 1}{turned}", Say("button.previous_page"), Say("word.previous_page")))
    if shown.here < shown.last:
        turning.append(Choice(f"{turn}:{shown.here + 1}{turned}", Say("button.next_page"), Say("word.next_page")))
    return (*in_rows(shown.of(choices), per_row), *in_rows(turning, 2), *in_rows(below, 2))
