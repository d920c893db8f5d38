"""What becomes of units: one ends, its people going to another; one is split into several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain.units import OrgUnit, Tree


class Kind(StrEnum):
    CLOSE = "close"  # nobody takes its place
    MERGE = "merge"  # another unit does
    SPLIT = "split"  # several new ones do


class NotPossible(ValueError):
    """``problem`` is the key of a sentence below ``admin.units``; ``code`` is the unit that it names."""

    def __init__(self, problem: str, code: str) -> None:
        super().__init__(f"{problem}: {code}")
        self.problem, self.code = problem, code


@dataclass(frozen=True)
class Ending:
    """A unit that ends with ``ended``; ``into`` is what takes its place, the first of it whatever has to go somewhere.

    ``new`` are those of them that begin on the same day.
    """

    kind: Kind
    ended: OrgUnit
    into: tuple[OrgUnit, ...] = ()
    new: tuple[OrgUnit, ...] = ()

    @property
    def day(self) -> date:
        assert self.ended.valid_to is not None
        return self.ended.valid_to


def closed(tree: Tree, code: str, day: date, into: str = "") -> Ending:
    """Raises NotPossible. ``tree`` is that of the day before, the last on which the unit is there."""
    unit = _leaf(tree, code, day)
    if not into:
        return Ending(Kind.CLOSE, replace(unit, valid_to=day))
    taking = tree.get(into)
    if taking is None or into == code or taking.level != unit.level:
        raise NotPossible("not_beside", into)
    return Ending(Kind.MERGE, replace(unit, valid_to=day), (taking,))


def split(tree: Tree, code: str, day: date, parts: Sequence[tuple[str, str]]) -> Ending:
    """``parts`` are code and name of each new unit, two at least. Raises NotPossible."""
    unit = _leaf(tree, code, day)
    codes = [part for part, _ in parts]
    if len(set(codes)) < 2 or len(set(codes)) < len(codes):
        raise NotPossible("two_parts", code)
    new = tuple(replace(unit, code=part, name=name, valid_from=day, valid_to=None) for part, name in parts)
    return Ending(Kind.SPLIT, replace(unit, valid_to=day), new, new)


def _leaf(tree: Tree, code: str, day: date) -> OrgUnit:
    if code not in tree:
        raise NotPossible("not_there", code)
    if (until := tree[code].valid_to) is not None and until <= day:
        raise NotPossible("ended_already", code)
    if tree.children(code):
        raise NotPossible("has_below", code)
    return tree[code]
