"""Reasons that villages gave for a report that comes later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from bot.domain.lateness import LateReason
from bot.storage.database import Tx
from bot.storage.schema import late_reason
from bot.storage.sql import among, put


async def note(tx: Tx, unit: str, day: date, reason: LateReason, by: str, now: datetime) -> None:
    """The reason of a village for its report of this day; the last one given holds."""
    await put(tx, late_reason, [{"unit_code": unit, "day": day, "reason": reason.value, "by_user": by, "at": now}])


async def reasons(tx: Tx, units: Collection[str], day: date) -> dict[str, LateReason]:
    """By village, of those among these that gave one for this day."""
    query = sa.select(late_reason).where(among(tx, late_reason.c.unit_code, units), late_reason.c.day == day)
    return {row.unit_code: LateReason(row.reason) for row in await tx.execute(query)}


async def reasons_between(tx: Tx, units: Collection[str], first: date, last: date) -> list[tuple[str, LateReason]]:
    """One for each report of these villages in [first, last] for which a reason was given."""
    query = sa.select(late_reason.c.unit_code, late_reason.c.reason).where(
        among(tx, late_reason.c.unit_code, units), late_reason.c.day.between(first, last)
    )
    return [(row.unit_code, LateReason(row.reason)) for row in await tx.execute(query)]


async def given(tx: Tx, units: Collection[str], first: date, last: date) -> set[tuple[str, date]]:
    """For which reports of these villages in [first, last] a reason was given."""
    query = sa.select(late_reason.c.unit_code, late_reason.c.day).where(
        among(tx, late_reason.c.unit_code, units), late_reason.c.day.between(first, last)
    )
    return {(row.unit_code, row.day) for row in await tx.execute(query)}
