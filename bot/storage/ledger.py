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
from bot.storage.sql import among

Sums = dict[tuple[str, str], int]  # (unit, indicator) -> n


@dataclass(frozen=True)
class Range:
    """Days whose flows are added up; stocks are taken as of ``last``. One day is ``Range(day, day)``."""

    first: date
    last: date


async def last_seq(tx: Tx) -> int:
    return int(await tx.scalar(sa.select(sa.func.max(posting.c.seq))) or 0)


def _flow(days: Range) -> sa.ColumnElement[bool]:
    return sa.and_(posting.c.day >= days.first, posting.c.day <= days.last)


def _stock(days: Range) -> sa.ColumnElement[bool]:
    return posting.c.day <= days.last


def _known(seq: int | None) -> sa.ColumnElement[bool]:
    return sa.true() if seq is None else posting.c.seq <= seq


async def sums(tx: Tx, units: Collection[str], days: Range, seq: int | None = None) -> Sums:
    """Every figure of these units, each unit for itself; what is 0 is absent."""
    of_units = sa.and_(among(tx, posting.c.unit_code, units), _known(seq))
    key = (posting.c.unit_code, posting.c.indicator)
    # Two halves rather than one OR, so that SQLite looks up a flow's days in the index instead of all before them.
    halves = (
        sa.select(*key, sa.func.sum(posting.c.n).label("total"))
        .where(posting.c.indicator.in_(kind), when, of_units)
        .group_by(*key)
        for kind, when in ((flows(), _flow(days)), (stocks(), _stock(days)))
    )
    return {(row.unit_code, row.indicator): int(row.total) for row in await tx.execute(sa.union_all(*halves)) if row.total}


@dataclass(frozen=True)
class Line:
    """One subject of a list and how much it counts; ``subject`` is None for what was erased."""

    subject: str | None
    unit: str
    n: int


async def listed(tx: Tx, units: Collection[str], indicator: str, days: Range, seq: int | None = None) -> list[Line]:
    """The list behind a figure: ``sum(line.n)`` is the figure, by construction."""
    total = sa.func.sum(posting.c.n).label("total")
    when = _flow(days) if indicator in flows() else _stock(days)
    query = (
        sa.select(posting.c.subject, posting.c.unit_code, total)
        .where(among(tx, posting.c.unit_code, units), posting.c.indicator == indicator, when, _known(seq))
        .group_by(posting.c.subject, posting.c.unit_code)
        .having(total != 0)
        .order_by(posting.c.unit_code, sa.func.min(posting.c.seq))
    )
    return [Line(row.subject, row.unit_code, int(row.total)) for row in await tx.execute(query)]


@dataclass(frozen=True)
class Move:
    """By how much one subject changed a figure; ``subject`` is None for those who were erased."""

    subject: str | None
    indicator: str
    n: int


async def moves(tx: Tx, units: Collection[str], indicators: Collection[str], since: int) -> list[Move]:
    """What changed these figures after the posting ``since``, each subject once, those who came in and left again left out.

    A figure as it was known then and the moves add up to the figure now, by construction.
    """
    total = sa.func.sum(posting.c.n).label("total")
    query = (
        sa.select(posting.c.subject, posting.c.indicator, total)
        .where(among(tx, posting.c.unit_code, units), among(tx, posting.c.indicator, indicators), posting.c.seq > since)
        .group_by(posting.c.subject, posting.c.indicator)
        .having(total != 0)
        .order_by(posting.c.indicator, sa.func.min(posting.c.seq))
    )
    return [Move(row.subject, row.indicator, int(row.total)) for row in await tx.execute(query)]


async def posted_by(tx: Tx, event_id: int) -> set[tuple[str, date]]:
    """The indicators that an event changed, each with the window on which it did."""
    query = sa.select(posting.c.indicator, posting.c.day).where(posting.c.event_id == event_id).distinct()
    return {(row.indicator, row.day) for row in await tx.execute(query)}
