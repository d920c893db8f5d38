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
from bot.storage.schema import posting, stock_total
from bot.storage.sql import among

MANY, AFTER = 200, 20_000
"""Of how many units at least, and with how many postings afterwards at the most, stocks are read from their totals."""

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
    if len(units) > MANY and await _recent(tx, days.last, seq):
        return await sums_by_totals(tx, units, days, seq)
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


async def _recent(tx: Tx, day: date, seq: int | None) -> bool:
    """Whether little was posted for later days or after ``seq``, so that it is quicker to take it from the totals."""
    after = sa.select(sa.literal(1).label("one")).where(posting.c.day > day).limit(AFTER + 1).subquery()
    later = int(await tx.scalar(sa.select(sa.func.count()).select_from(after)) or 0)
    return later <= AFTER and (seq is None or await last_seq(tx) - seq <= AFTER)


async def sums_by_totals(tx: Tx, units: Collection[str], days: Range, seq: int | None = None) -> Sums:
    """The same as ``sums``: stocks from their totals, less what was posted for later days or after ``seq``.

    What it costs hangs on how many units there are and on what was posted since, not on how long the history is.
    """
    # Expressions in place of the columns, so that both databases look up days and numbers, not every unit.
    by_unit, indicator = among(tx, posting.c.unit_code.concat(""), units), posting.c.indicator.concat("")
    key, total = (posting.c.unit_code, posting.c.indicator), sa.func.sum(posting.c.n)
    flow = sa.select(*key, total.label("total")).where(indicator.in_(flows()), _flow(days), by_unit, _known(seq))
    totals = sa.select(stock_total.c.unit_code, stock_total.c.indicator, stock_total.c.n.label("total")).where(
        among(tx, stock_total.c.unit_code, units), stock_total.c.n != 0
    )
    beyond = [sa.select(posting.c.seq).where(posting.c.day > days.last)]
    if seq is not None:
        beyond.append(sa.select(posting.c.seq).where(posting.c.seq > seq))
    after = posting.c.seq.in_(sa.union(*beyond) if len(beyond) > 1 else beyond[0])
    less = sa.select(*key, (-total).label("total")).where(after, indicator.in_(stocks()), by_unit)
    halves = (flow.group_by(*key), totals, less.group_by(*key))
    found: Sums = {}
    for row in await tx.execute(sa.union_all(*halves)):
        place = (row.unit_code, row.indicator)
        found[place] = found.get(place, 0) + int(row.total)
    return {place: n for place, n in found.items() if n}


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
