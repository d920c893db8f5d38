"""Why a figure differs from its list, and the figures that those above have by themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import explanation, figure_above
from bot.storage.sql import among, put


@dataclass(frozen=True)
class Explanation:
    """What was said about these two numbers; it says nothing about any others. ``text`` may name people."""

    unit: str
    indicator: str
    source: str
    declared: int
    listed: int
    text: str
    by: str
    at: datetime


async def explain(tx: Tx, keys: Keyring, day: date, new: Explanation) -> None:
    """It takes the place of what was said about this figure of this day before."""
    row = {
        "unit_code": new.unit,
        "day": day,
        "indicator": new.indicator,
        "source": new.source,
        "declared": new.declared,
        "listed": new.listed,
        "text": keys.seal("explanation.text", _row(new.unit, day, new.indicator, new.source), new.text),
        "by_user": new.by,
        "at": new.at,
    }
    await put(tx, explanation, [row])


async def explanations(tx: Tx, keys: Keyring, units: Collection[str], day: date) -> list[Explanation]:
    rows = await tx.execute(sa.select(explanation).where(among(tx, explanation.c.unit_code, units), explanation.c.day == day))
    return [
        Explanation(
            row.unit_code,
            row.indicator,
            row.source,
            row.declared,
            row.listed,
            keys.open("explanation.text", _row(row.unit_code, day, row.indicator, row.source), row.text),
            row.by_user,
            row.at,
        )
        for row in rows
    ]


def _row(unit: str, day: date, indicator: str, source: str) -> str:
    return f"{unit}.{day.isoformat()}.{indicator}.{source}"


async def note_above(tx: Tx, unit: str, day: date, indicator: str, n: int, by: str, now: datetime) -> None:
    """The figure of this unit that those above it have from elsewhere."""
    row = {"unit_code": unit, "day": day, "indicator": indicator, "n": n, "by_user": by, "at": now}
    await put(tx, figure_above, [row])


async def who_noted(tx: Tx, unit: str, day: date, indicator: str) -> str | None:
    """Whose figure of those above it is."""
    key = sa.and_(figure_above.c.unit_code == unit, figure_above.c.day == day, figure_above.c.indicator == indicator)
    found: str | None = await tx.scalar(sa.select(figure_above.c.by_user).where(key))
    return found


async def above(tx: Tx, units: Collection[str], day: date) -> dict[tuple[str, str], int]:
    """By unit and indicator."""
    query = sa.select(figure_above).where(among(tx, figure_above.c.unit_code, units), figure_above.c.day == day)
    return {(row.unit_code, row.indicator): row.n for row in await tx.execute(query)}
