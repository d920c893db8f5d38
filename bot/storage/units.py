"""The unit tree in the database. Kept in memory by ``UnitTrees``; a change sets a new mark that every process reads."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from bot.domain.unit_changes import Ending, Kind
from bot.domain.units import OrgUnit, Tree
from bot.storage import settings
from bot.storage.database import Tx
from bot.storage.schema import org_unit, unit_change
from bot.storage.sql import add, put

_VERSION = "units_version"


async def save(tx: Tx, units: Iterable[OrgUnit]) -> None:
    """Insert units, or replace the ones with the same code and first day."""
    rows = [
        {
            "code": unit.code,
            "valid_from": unit.valid_from,
            "valid_to": unit.valid_to,
            "name": unit.name,
            "level": unit.level,
            "label": unit.label,
            "parent_code": unit.parent,
        }
        for unit in units
    ]
    await put(tx, org_unit, rows)
    # Not a counter: after a rollback the next change would carry a number that is known already, for other units.
    await settings.set_(tx, _VERSION, secrets.token_hex(8))


async def note_change(tx: Tx, ending: Ending) -> None:
    """That a unit ended, and what took its place."""
    to = [unit.code for unit in ending.into] or [""]
    rows = [{"day": ending.day, "from_code": ending.ended.code, "to_code": code, "kind": ending.kind.value} for code in to]
    await add(tx, unit_change, rows)


async def changes(tx: Tx, code: str) -> list[tuple[date, str, str, Kind]]:
    """What this unit became, and out of what it came, oldest first: the day, from which, into which ("" for none), how."""
    mine = sa.or_(unit_change.c.from_code == code, unit_change.c.to_code == code)
    rows = await tx.execute(sa.select(unit_change).where(mine).order_by(unit_change.c.day, unit_change.c.id))
    return [(row.day, row.from_code, row.to_code, Kind(row.kind)) for row in rows]


async def load(tx: Tx) -> list[OrgUnit]:
    rows = await tx.execute(sa.select(org_unit))
    return [
        OrgUnit(
            code=row.code,
            name=row.name,
            level=row.level,
            parent=row.parent_code,
            label=row.label,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    ]


class UnitTrees:
    """The tree on any day, read again only when a unit changed."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._units: list[OrgUnit] = []
        self._trees: dict[date, Tree] = {}

    async def on(self, tx: Tx, day: date) -> Tree:
        version = await settings.get(tx, _VERSION)
        if version != self._version or version is None:
            self._units = await load(tx)
            self._version = version
            self._trees.clear()
        if day not in self._trees:
            if len(self._trees) > 8:
                self._trees.clear()
            self._trees[day] = Tree(self._units, day)
        return self._trees[day]
