"""Who is away, who stands in for them at which unit, and until when. A row without an end is in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from bot.domain.access import Role
from bot.storage import people
from bot.storage.database import Tx
from bot.storage.schema import deputy
from bot.storage.sql import among


@dataclass(frozen=True)
class Deputy:
    """``until`` is the last day; ``lent`` the role that the deputy got for that time, if they did not hold it."""

    id: str
    user: str
    deputy: str
    unit: str
    since: datetime
    until: date
    lent: Role | None = None


_IN_FORCE = deputy.c.ended_at.is_(None)


async def add(tx: Tx, new: Deputy) -> None:
    await tx.execute(
        sa.insert(deputy).values(
            id=new.id,
            user_id=new.user,
            deputy_id=new.deputy,
            unit_code=new.unit,
            since=new.since,
            until=new.until,
            lent=new.lent,
        )
    )


async def at_units(tx: Tx, units: Collection[str]) -> list[Deputy]:
    """In force at these units."""
    return await _found(tx, among(tx, deputy.c.unit_code, units))


async def concerning(tx: Tx, user: str) -> list[Deputy]:
    """In force, of somebody who is away or stands in."""
    return await _found(tx, sa.or_(deputy.c.user_id == user, deputy.c.deputy_id == user))


async def over(tx: Tx, day: date) -> list[Deputy]:
    """In force, though their last day is before this one."""
    return await _found(tx, deputy.c.until < day)


async def end(tx: Tx, one: Deputy, now: datetime) -> None:
    """It is over, and so is the role that was lent for it, unless somebody else lent the same."""
    await tx.execute(sa.update(deputy).where(deputy.c.id == one.id, _IN_FORCE).values(ended_at=now))
    others = await at_units(tx, [one.unit])
    if one.lent is not None and not any((other.deputy, other.lent) == (one.deputy, one.lent) for other in others):
        await people.revoke_role(tx, one.deputy, one.lent, one.unit, now)


async def _found(tx: Tx, where: sa.ColumnElement[bool]) -> list[Deputy]:
    rows = await tx.execute(sa.select(deputy).where(where, _IN_FORCE).order_by(deputy.c.since, deputy.c.id))
    return [
        Deputy(row.id, row.user_id, row.deputy_id, row.unit_code, row.since, row.until, Role(row.lent) if row.lent else None)
        for row in rows
    ]
