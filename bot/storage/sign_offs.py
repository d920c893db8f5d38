"""The steps of a day's figures on their way to the paper that leaves the house."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.signing import Mark, Means, Step
from bot.storage.database import Tx
from bot.storage.schema import attachment, sign_off
from bot.storage.sql import add_new, among, put


async def of_units(tx: Tx, units: Collection[str], kind: str, day: date) -> Mapping[str, list[Mark]]:
    """Every step of every version of this day, by unit."""
    query = sa.select(sign_off).where(among(tx, sign_off.c.unit_code, units), sign_off.c.kind == kind, sign_off.c.day == day)
    found: dict[str, list[Mark]] = {}
    for row in await tx.execute(query.order_by(sign_off.c.version, sign_off.c.at)):
        found.setdefault(row.unit_code, []).append(_mark(row))
    return found


async def note(tx: Tx, unit: str, kind: str, day: date, mark: Mark) -> bool:
    """Store a step; False if somebody else did it before, whose mark stays. A review is replaced by a later one."""
    row = {
        "unit_code": unit,
        "kind": kind,
        "day": day,
        "version": mark.version,
        "step": str(mark.step),
        "by_user": mark.by,
        "whose": mark.whose,
        "at": mark.at,
        "means": str(mark.means),
        "figures": mark.figures,
        "number": mark.number,
        "scan": mark.scan,
    }
    if mark.step is Step.REVIEWED:
        await put(tx, sign_off, [row])
        return True
    there = sa.select(sa.literal(1)).where(*_this(unit, kind, day, mark.version, mark.step))
    if await tx.scalar(there) is not None:
        return False
    await add_new(tx, sign_off, [row])
    return True


async def signed_by(tx: Tx, user: str, since: datetime) -> list[tuple[str, str, date, Mark]]:
    """What somebody noted as signed since then, the newest first: unit, kind, day and the mark."""
    noted = (sign_off.c.step == str(Step.SIGNED), sign_off.c.by_user == user, sign_off.c.at >= since)
    found = await tx.execute(sa.select(sign_off).where(*noted).order_by(sign_off.c.at.desc(), sign_off.c.version.desc()))
    return [(row.unit_code, row.kind, row.day, _mark(row)) for row in found]


async def add_scan(tx: Tx, unit: str, kind: str, day: date, version: int, page: str) -> int:
    """A page of the signed paper's scan has come; how many there are. Pages stand in the order of their ids, each once."""
    signed = _this(unit, kind, day, version, Step.SIGNED)
    before = (await tx.scalar(sa.select(sign_off.c.scan).where(*signed))) or ""
    pages = sorted({*before.split(), page})
    await tx.execute(sa.update(sign_off).where(*signed).values(scan=" ".join(pages)))
    return len(pages)


async def drop_scan(tx: Tx, unit: str, kind: str, day: date, version: int) -> None:
    """Delete the scan of a version."""
    signed = _this(unit, kind, day, version, Step.SIGNED)
    pages = (await tx.scalar(sa.select(sign_off.c.scan).where(*signed))) or ""
    await tx.execute(sa.delete(attachment).where(attachment.c.id.in_(pages.split())))
    await tx.execute(sa.update(sign_off).where(*signed).values(scan=None))


def _mark(row: sa.Row[Any]) -> Mark:
    means, step = Means(row.means), Step(row.step)
    return Mark(row.version, step, row.by_user, row.whose, row.at, means, row.figures, row.number, row.scan)


def _this(unit: str, kind: str, day: date, version: int, step: Step) -> tuple[sa.ColumnElement[bool], ...]:
    table = sign_off.c
    return (
        table.unit_code == unit,
        table.kind == kind,
        table.day == day,
        table.version == version,
        table.step == str(step),
    )
