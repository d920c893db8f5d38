"""How villages report, whom the commune rings up there, and whom it could not reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from bot.domain.ways import Way
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import call_attempt, unit_way
from bot.storage.sql import add, among, put


@dataclass(frozen=True)
class Reporting:
    """How a village reports. ``name`` and ``phone`` (E.164) are whom to ring up there, if that was said."""

    unit: str
    way: Way
    name: str | None = None
    phone: str | None = None


async def save(tx: Tx, keys: Keyring, new: Reporting, by: str | None, now: datetime) -> None:
    """It takes the place of what was said about this village before."""
    row = {
        "unit_code": new.unit,
        "way": new.way,
        "contact": keys.seal_json("unit_way.contact", new.unit, {"name": new.name, "phone": new.phone}),
        "set_by": by,
        "set_at": now,
    }
    await put(tx, unit_way, [row])


async def of_units(tx: Tx, keys: Keyring, units: Collection[str]) -> dict[str, Reporting]:
    """The villages among these of which it was said how they report; all others use the app."""
    rows = await tx.execute(sa.select(unit_way).where(among(tx, unit_way.c.unit_code, units)))
    return {row.unit_code: _reporting(keys, row) for row in rows}


def _reporting(keys: Keyring, row: sa.Row[tuple[object, ...]]) -> Reporting:
    contact = keys.open_json("unit_way.contact", row.unit_code, row.contact)
    return Reporting(row.unit_code, Way(row.way), contact["name"], contact["phone"])


async def not_on_app(tx: Tx, units: Collection[str]) -> dict[str, Way]:
    """The villages among these that report by phone or on paper."""
    query = sa.select(unit_way.c.unit_code, unit_way.c.way).where(
        among(tx, unit_way.c.unit_code, units), unit_way.c.way != Way.APP
    )
    return {row.unit_code: Way(row.way) for row in await tx.execute(query)}


async def note_attempt(tx: Tx, unit: str, day: date, by: str | None, now: datetime) -> None:
    """The village was rung up about its report of this day, and nobody answered."""
    await add(tx, call_attempt, [{"unit_code": unit, "day": day, "by_id": by, "at": now}])


async def attempts(tx: Tx, units: Collection[str], day: date) -> dict[str, datetime]:
    """When each of these villages was last rung up in vain about this day."""
    newest = sa.func.max(call_attempt.c.at, type_=call_attempt.c.at.type).label("newest")
    query = (
        sa.select(call_attempt.c.unit_code, newest)
        .where(among(tx, call_attempt.c.unit_code, units), call_attempt.c.day == day)
        .group_by(call_attempt.c.unit_code)
    )
    return {row.unit_code: row.newest for row in await tx.execute(query)}
