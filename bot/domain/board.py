"""The board of an office: everything that is open there, each thing once, the most urgent first; who sees to it. Pure.

What is open is read from what is stored, so nothing has to be struck off: what was done is not there any more, and neither is
the claim to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.clock import vietnam_day


class Kind(StrEnum):
    """In order of urgency."""

    ALERT = "alert"  # urgent, and nobody took it
    REPORT = "report"  # a village without its report of the day; above communes, a commune that is not complete
    MEDIA = "media"  # sent as a picture, voice or file, not typed in
    DIFFER = "differ"  # figures that do not match and that nobody explained
    DOUBLE = "double"  # two persons who may be one
    AID = "aid"  # a request for support
    TRANSFER = "transfer"  # somebody is to be taken over, and waits for an answer
    DECISION = "decision"  # no plan of isolation until the commune decides
    VISIT = "visit"  # visits of a village that were not made in their hours


DAILY = frozenset({Kind.REPORT, Kind.DIFFER, Kind.VISIT})
"""What is open anew every day: a claim to it ends with the day."""

BETWEEN = "/"


@dataclass(frozen=True)
class Item:
    """``about`` says which one it is of its kind; ``n`` how many it stands for. ``excused``: a reason was given."""

    kind: Kind
    unit: str
    about: tuple[str, ...]
    since: datetime | None = None
    urgent: bool = False
    excused: bool = False
    n: int = 1

    @property
    def ref(self) -> str:
        """Its name on the board, in a claim and in a button."""
        return BETWEEN.join((self.kind, *self.about))


@dataclass(frozen=True)
class Claim:
    item: str  # ``Item.ref``
    user: str
    since: datetime


def silent(
    villages: Sequence[str],
    reported: Collection[str],
    awaited: Collection[str],
    excused: Collection[str],
) -> list[Item]:
    """The villages without a report. Whose report was sent as a picture (``awaited``) waits to be typed in: that is an item of
    its own, so it is none here."""
    done = {*reported, *awaited}
    return [Item(Kind.REPORT, one, (one,), excused=one in excused) for one in villages if one not in done]


def arranged(found: Iterable[Item], places: Sequence[str]) -> tuple[Item, ...]:
    """Each item once: by kind, the urgent first and the excused last, then the oldest, then in order of ``places``."""
    once = {one.ref: one for one in found}
    order = {code: n for n, code in enumerate(places)}
    kinds = list(Kind)

    def key(one: Item) -> tuple[int, bool, bool, float, int, str]:
        since = one.since.timestamp() if one.since is not None else 0.0
        return kinds.index(one.kind), not one.urgent, one.excused, since, order.get(one.unit, len(order)), one.ref

    return tuple(sorted(once.values(), key=key))


def counts(items: Iterable[Item]) -> dict[Kind, int]:
    """How many of each kind, in order of urgency; kinds of which there is none are left out."""
    counted = Counter(one.kind for one in items)
    return {kind: counted[kind] for kind in Kind if counted[kind]}


def held(claims: Iterable[Claim], items: Iterable[Item], today: date) -> dict[str, Claim]:
    """The claims that stand, by item: the item is open, and, if it is a matter of the day, was claimed today."""
    kinds = {one.ref: one.kind for one in items}
    return {
        one.item: one
        for one in claims
        if one.item in kinds and (kinds[one.item] not in DAILY or vietnam_day(one.since) == today)
    }
