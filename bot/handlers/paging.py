"""Many choices as pages: a platform takes a hundred buttons at the most, and nobody reads so many.

Without buttons a page has as many choices as there are digits, with those that stand below it; words turn the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.numbers import MOST
from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.handlers.call import way_back
from bot.messages import BUTTONS

PER_PAGE = 24


def paged(choices: Sequence[Choice], page: str, turn: str, channel: str, below: Sequence[Choice]) -> Rows:
    """The choices of a page, the choices to turn it, and those that stand ``below`` every page.

    What turns it carries ``turn`` and the page's number.
    """
    back = way_back(below)
    room = PER_PAGE if BUTTONS[channel] else MOST - sum(choice.key != back for choice in below)
    last = max(0, (len(choices) - 1) // room)
    here = min(int(page), last) if page.isdecimal() else 0
    turning = []
    if here:
        turning.append(Choice(f"{turn}:{here - 1}", Say("button.previous_page"), Say("word.previous_page")))
    if here < last:
        turning.append(Choice(f"{turn}:{here + 1}", Say("button.next_page"), Say("word.next_page")))
    return (*in_rows(choices[here * room : (here + 1) * room], 2), *in_rows(turning, 2), *in_rows(below, 2))
