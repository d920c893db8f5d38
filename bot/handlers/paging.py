"""Many choices as pages of buttons: a platform takes a hundred buttons at the most, and nobody reads so many."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say

PER_PAGE = 24


def paged(choices: Sequence[Choice], page: str, turn: str, per_row: int = 2) -> Rows:
    """The choices of a page, and the buttons to turn it: their payload is ``turn`` and the page's number."""
    last = max(0, (len(choices) - 1) // PER_PAGE)
    here = min(int(page), last) if page.isdecimal() else 0
    steer = []
    if here:
        steer.append(Choice(f"{turn}:{here - 1}", Say("button.previous_page")))
    if here < last:
        steer.append(Choice(f"{turn}:{here + 1}", Say("button.next_page")))
    return (*in_rows(choices[here * PER_PAGE : (here + 1) * PER_PAGE], per_row), *in_rows(steer, 2))
