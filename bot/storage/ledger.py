"""Reading the ledger. A figure is a sum of postings; its list is the same postings grouped by subject.

``seq`` is the last posting that counts: "as it was known then" is a number. ``None`` means everything up to now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from bot.domain.indicators import flows, stocks
from bot.storage.database import Tx
from bot.storage.schema import posting

Sums = dict[tuple[str, str], int]  # (unit, indicator) -> n


@dataclass(frozen=True)
class Range:
    """Days whose flows are added up; stocks are taken as of ``last``. One day is ``Range(day, day)``."""

    first: date
    last: date


async def last_seq(tx: Tx) -> int:
    return int(await tx.scalar(sa.select(sa.func.max(posting.c.seq))) or 0)


def _counts(days: Range, seq: int | None) -> sa.ColumnElement[bool]:
    flow = sa.and_(posting.c.indicator.in_(flows()), posting.c.day >= days.first, posting.c.day <= days.last)
    stock = sa.and_(posting.c.indicator.in_(stocks()), posting.c.day <= days.last)
    known = sa.true() if seq is None else posting.c.seq <= seq
    return sa.and_(sa.or_(flow, stock), known)


async def sums(tx: Tx, units: Collection[str], days: Range, seq: int | None = None) -> Sums:
    """Every figure of these units, each unit for itself; what is 0 is absent."""
    query = (
        sa.select(posting.c.unit_code, posting.c.indicator, sa.func.sum(posting.c.n).label("total"))
        .where(posting.c.unit_code.in_(list(units)), _counts(days, seq))
        .group_by(posting.c.unit_code, posting.c.indicator)
    )
    return {(row.unit_code, row.indicator): int(row.total) for row in await tx.execute(query) if row.total}


@dataclass(frozen=True)
class Line:
    """One subject of a list and how much it counts; ``subject`` is None for what was erased."""

    subject: str | None
    unit: str
    n: int


async def listed(tx: Tx, units: Collection[str], indicator: str, days: Range, seq: int | None = None) -> list[Line]:
    """The list behind a figure: ``sum(line.n)`` is the figure, by construction."""
    total = sa.func.sum(posting.c.n).label("total")
    query = (
        sa.select(posting.c.subject, posting.c.unit_code, total)
        .where(posting.c.unit_code.in_(list(units)), posting.c.indicator == indicator, _counts(days, seq))
        .group_by(posting.c.subject, posting.c.unit_code)
        .having(total != 0)
        .order_by(posting.c.unit_code, sa.func.min(posting.c.seq))
    )
    return [Line(row.subject, row.unit_code, int(row.total)) for row in await tx.execute(query)]
