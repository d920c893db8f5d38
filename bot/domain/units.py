"""Places: the tree of units as it stands on one day.

Since 1/7/2025 there is no district, and villages are called thôn, ấp, bản, tiểu khu …; so a level is a word, any level but the
village may be missing, and code asks for "the nearest ancestor that …" instead of "the district".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

VILLAGE, COMMUNE, DISTRICT, PROVINCE, NATION = "village", "commune", "district", "province", "nation"
LEVELS = (VILLAGE, COMMUNE, DISTRICT, PROVINCE, NATION)  # from the smallest up


@dataclass(frozen=True)
class OrgUnit:
    """One unit during [valid_from, valid_to). ``label`` is what a village is called there; it belongs to the unit."""

    code: str
    name: str
    level: str
    parent: str | None
    label: str | None = None
    valid_from: date = date.min
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Tree:
    """The units that are valid on ``day``. A unit whose parent is missing is a root."""

    def __init__(self, units: Iterable[OrgUnit], day: date) -> None:
        self.day = day
        self._every = tuple(units)
        self._units = {unit.code: unit for unit in self._every if unit.valid_on(day)}
        self._children: dict[str | None, list[OrgUnit]] = defaultdict(list)
        for unit in self._units.values():
            self._children[unit.parent if unit.parent in self._units else None].append(unit)
        for siblings in self._children.values():
            siblings.sort(key=lambda unit: unit.code)

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def __getitem__(self, code: str) -> OrgUnit:
        return self._units[code]

    def __iter__(self) -> Iterator[OrgUnit]:
        return iter(self._units.values())

    def __len__(self) -> int:
        return len(self._units)

    def get(self, code: str) -> OrgUnit | None:
        return self._units.get(code)

    @cached_property
    def _ended(self) -> dict[str, OrgUnit]:
        """The last of what each unit was that is there no more."""
        found: dict[str, OrgUnit] = {}
        for unit in self._every:
            if unit.code not in self._units and unit.valid_to is not None and unit.valid_to <= self.day:
                known = found.get(unit.code)
                found[unit.code] = unit if known is None or known.valid_from < unit.valid_from else known
        return found

    def ended(self, code: str) -> dict[str, str]:
        """The units that were below ``code`` when they ended, each with the unit below which its figures are counted since.

        That is the nearest of those above it that is there still. Somebody must count what was counted in it.
        """
        found = {}
        for unit in self._ended.values():
            above, passed = unit.parent, {unit.code}
            while above in self._ended and above not in passed:
                passed.add(above)
                above = self._ended[above].parent
            if above is not None and above in self._units and self.within(above, code):
                found[unit.code] = above
        return found

    def moved(self, first: date, last: date) -> list[tuple[str, str, date]]:
        """Units of the tree that were below another before a day in (first, last]: the unit, the other, that day."""
        return [
            (unit.code, unit.parent, unit.valid_to)
            for unit in self._every
            if unit.valid_to is not None
            and first < unit.valid_to <= last
            and unit.parent is not None
            and (now := self._units.get(unit.code)) is not None
            and now.parent != unit.parent
        ]

    def roots(self) -> tuple[OrgUnit, ...]:
        return tuple(self._children[None])

    def children(self, code: str) -> tuple[OrgUnit, ...]:
        return tuple(self._children.get(code, ()))

    def ancestors(self, code: str) -> Iterator[OrgUnit]:
        """The unit itself, its parent, and so on up."""
        unit = self._units.get(code)
        while unit is not None:
            yield unit
            unit = self._units.get(unit.parent) if unit.parent is not None else None

    def within(self, code: str, root: str) -> bool:
        return any(unit.code == root for unit in self.ancestors(code))

    def subtree(self, code: str) -> Iterator[OrgUnit]:
        """The unit and everything below it, parents first."""
        if code not in self._units:
            return
        waiting = [self._units[code]]
        while waiting:
            unit = waiting.pop()
            yield unit
            waiting.extend(reversed(self.children(unit.code)))

    def at_level(self, code: str, level: str) -> tuple[OrgUnit, ...]:
        """The units of a level at or below ``code``, in order of the tree."""
        return tuple(unit for unit in self.subtree(code) if unit.level == level)

    def villages(self, code: str) -> tuple[OrgUnit, ...]:
        return self.at_level(code, VILLAGE)

    def above(self, code: str, level: str) -> OrgUnit | None:
        """The nearest ancestor of a level, the unit itself included."""
        return next((unit for unit in self.ancestors(code) if unit.level == level), None)
