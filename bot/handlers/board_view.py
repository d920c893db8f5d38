"""How a board reads: counts first, then what is open, the most urgent first, in pages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from bot.conversation.prompt import Choice, Rows
from bot.conversation.words import Say
from bot.domain.board import Item, Kind, counts
from bot.handlers.board_facts import Seen
from bot.handlers.paging import page_of, paged
from bot.reports.phrases import HOME, NOTHING, call_one, clock, moment, place
from bot.texts import Voice

SHIFT = Choice("do:shift", Say("menu.shift"))
MOST = 10
"""Items on a page where there are buttons: ten lines with a name and a number each stay far below 4,096 characters."""


@dataclass(frozen=True)
class View:
    """A board as it is sent. ``title`` says since when it is as it is; all else changes only when something did."""

    title: Say
    lines: Sequence[Say]
    rows: Rows

    def fingerprint(self, voice: Voice) -> str:
        said = [voice(line) for line in self.lines] + [f"{voice(one.label)}={one.key}" for row in self.rows for one in row]
        return sha256("\n".join(said).encode()).hexdigest()[:16]


def view(seen: Seen, page: int, channel: str, now: datetime) -> View:
    title = Say("board.title", unit=place(seen.unit), n=len(seen.items), at=clock(now))
    below = [SHIFT, HOME]
    if not seen.items:
        return View(title, [Say("board.nothing")], (tuple(below),))
    here = page_of(len(seen.items), str(page), channel, below, MOST).of(seen.items)
    counted = [Say("board.count", kind=Say(f"board.kind.{kind}"), n=n) for kind, n in counts(seen.items).items()]
    lines = [Say("board.counts", counts=counted), *(line(seen, one, now) for one in here)]
    choices = [
        Choice(f"do:item:{one.ref}", Say("board.pick", unit=_where(seen, one), kind=Say(f"board.kind.{one.kind}")))
        for one in seen.items
    ]
    turn = f"do:board:{seen.unit.code}"
    return View(title, lines, paged(choices, str(page), turn, channel, below, most=MOST))


def _where(seen: Seen, one: Item) -> Say:
    unit = seen.places.get(one.unit)
    return place(unit) if unit is not None else Say("reports.as_written", value=one.unit)


def line(seen: Seen, one: Item, now: datetime) -> Say:
    """What is open, whom to ring about it, and who sees to it."""
    ring = seen.contacts.get(one.unit, ()) if one.kind is Kind.REPORT else ()
    return Say(
        "board.item",
        what=seen.lines[one.ref],
        ring=Say("board.ring", who=call_one(ring[0])) if ring else NOTHING,
        held=Say("board.held", held=holder(seen, one, now)) if one.ref in seen.claims else NOTHING,
    )


def holder(seen: Seen, one: Item, now: datetime) -> Say:
    """Who sees to it, and since when."""
    claim = seen.claims[one.ref]
    name = seen.who[claim.user].name if claim.user in seen.who else "–"
    return Say("board.holder", name=name, at=moment(claim.since, now))
