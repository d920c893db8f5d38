"""Handing a shift over: until the colleague accepts, everything stays with who gives it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from bot.domain.board import Claim, Item

REMINDED_AFTER = timedelta(minutes=15)
TOLD_AFTER = timedelta(minutes=30)
"""Not accepted for so long, the chair is told."""


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Why(StrEnum):
    """Why somebody cannot take a shift over."""

    BUSY = "busy"
    OFF_DUTY = "off_duty"
    UNCLEAR = "unclear"
    OTHER = "other"


class What(StrEnum):
    ALL = "all"  # what the giver sees to, and what nobody does
    MINE = "mine"


def handover_key(handover: str) -> str:
    """What the unsent messages about a hand-over have in common; the answer takes them back."""
    return f"handover:{handover}"


def to_give(items: Iterable[Item], claims: Mapping[str, Claim], giver: str, what: What) -> list[str]:
    """What somebody may hand over, in the order of the board. What others see to stays theirs."""
    return [one.ref for one in items if (claims[one.ref].user == giver if one.ref in claims else what is What.ALL)]


def to_take(offered: Sequence[str], items: Iterable[Item], claims: Mapping[str, Claim], giver: str) -> list[str]:
    """Of what was offered, what is still open and has not become somebody else's."""
    open_ = {one.ref for one in items}
    return [ref for ref in offered if ref in open_ and (ref not in claims or claims[ref].user == giver)]
