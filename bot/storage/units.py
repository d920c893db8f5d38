"""The unit tree in the database. Kept in memory by ``UnitTrees``; a change sets a new mark that every process reads."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from bot.domain.units import OrgUnit, Tree
from bot.storage import settings
from bot.storage.database import Tx
from bot.storage.schema import org_unit
from bot.storage.sql import put

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
