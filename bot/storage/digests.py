"""Digests as issued: what was said, on which day, knowing how much of the ledger. They come back unchanged."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.storage.database import Tx
from bot.storage.schema import digest
from bot.storage.sql import add_new, among


@dataclass(frozen=True)
class Issued:
    unit: str
    kind: str  # morning, evening
    day: date
    version: int
    seq: int
    as_of: datetime
    issued_at: datetime
    figures: Mapping[str, Any]  # counts only, never a name


async def save(tx: Tx, issued: Issued) -> None:
    """Store a digest; one that was issued before stays as it was."""
    await add_new(
        tx,
        digest,
        [
            {
                "unit_code": issued.unit,
                "kind": issued.kind,
                "day": issued.day,
                "version": issued.version,
                "seq": issued.seq,
                "as_of": issued.as_of,
                "issued_at": issued.issued_at,
                "figures": json.dumps(issued.figures, ensure_ascii=False, sort_keys=True),
            }
        ],
    )


async def latest(tx: Tx, unit: str, kind: str, day: date) -> Issued | None:
    """The newest version of the digest for this day."""
    return await _first(tx, sa.and_(digest.c.day == day), unit, kind)


async def at_version(tx: Tx, unit: str, kind: str, day: date, version: int) -> Issued | None:
    """One version of the digest for this day."""
    return await _first(tx, sa.and_(digest.c.day == day, digest.c.version == version), unit, kind)


async def before(tx: Tx, unit: str, kind: str, day: date) -> Issued | None:
    """The digest that was issued last for an earlier day."""
    return await _first(tx, sa.and_(digest.c.day < day), unit, kind)


async def newest(tx: Tx, units: Collection[str], kind: str, day: date) -> dict[str, int]:
    """The newest version of each unit's digest for this day; a unit without one is absent."""
    query = (
        sa.select(digest.c.unit_code, sa.func.max(digest.c.version))
        .where(among(tx, digest.c.unit_code, units), digest.c.kind == kind, digest.c.day == day)
        .group_by(digest.c.unit_code)
    )
    return {row[0]: row[1] for row in await tx.execute(query)}


async def _first(tx: Tx, days: sa.ColumnElement[bool], unit: str, kind: str) -> Issued | None:
    query = (
        sa.select(digest)
        .where(digest.c.unit_code == unit, digest.c.kind == kind, days)
        .order_by(digest.c.day.desc(), digest.c.version.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    figures = json.loads(row.figures)
    return Issued(row.unit_code, row.kind, row.day, row.version, row.seq, row.as_of, row.issued_at, figures)
