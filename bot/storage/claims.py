"""Who sees to what is open on the board of a unit. An item has one row at the most, so it is one person's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from bot.domain.board import Claim
from bot.storage.database import Tx
from bot.storage.schema import claim
from bot.storage.sql import add_new, among, put


async def of_unit(tx: Tx, unit: str) -> list[Claim]:
    """Also those to what is not open any more."""
    rows = await tx.execute(sa.select(claim).where(claim.c.unit_code == unit).order_by(claim.c.item))
    return [Claim(row.item, row.user_id, row.at) for row in rows]


async def take(tx: Tx, unit: str, items: Collection[str], user: str, now: datetime) -> None:
    """Claim these for somebody; what somebody has claimed stays theirs."""
    await add_new(tx, claim, [{"unit_code": unit, "item": one, "user_id": user, "at": now} for one in sorted(items)])


async def give(tx: Tx, unit: str, items: Collection[str], user: str, now: datetime) -> None:
    """From now on these are somebody's, whoever had them."""
    await put(tx, claim, [{"unit_code": unit, "item": one, "user_id": user, "at": now} for one in sorted(items)])


async def drop(tx: Tx, unit: str, items: Collection[str]) -> None:
    """Nobody sees to these any more."""
    if items:
        await tx.execute(sa.delete(claim).where(claim.c.unit_code == unit, among(tx, claim.c.item, items)))
