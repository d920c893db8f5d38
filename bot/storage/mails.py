"""Mails of issued figures: one for each version, written with it, sent later, its proof kept.

A mail waits, then it is sent, refused (it will never be taken) or replaced (a newer version goes instead).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from bot.storage.database import Tx
from bot.storage.schema import mail
from bot.storage.sql import add_new, among

WAITING, SENT, REFUSED, REPLACED = "waiting", "sent", "refused", "replaced"
LONGEST_REPLY = 200  # characters that are kept of it


@dataclass(frozen=True)
class QueuedMail:
    """``left_to`` are the addresses that are still to get it; None: all that are configured."""

    unit: str
    kind: str
    day: date
    version: int
    created_at: datetime
    state: str = WAITING
    attempts: int = 0
    next_try: datetime | None = None
    left_to: tuple[str, ...] | None = None
    reply: str = ""
    sent_at: datetime | None = None


async def queue(tx: Tx, unit: str, kind: str, day: date, version: int, now: datetime) -> None:
    """In the transaction that issues this version. Former versions that still wait are replaced by it."""
    former = sa.and_(mail.c.unit_code == unit, mail.c.kind == kind, mail.c.day == day, mail.c.version < version)
    await tx.execute(sa.update(mail).where(former, mail.c.state == WAITING).values(state=REPLACED))
    row = {
        "unit_code": unit,
        "kind": kind,
        "day": day,
        "version": version,
        "state": WAITING,
        "attempts": 0,
        "next_try": now,
        "left_to": None,
        "reply": "",
        "created_at": now,
        "sent_at": None,
    }
    await add_new(tx, mail, [row])


async def due(tx: Tx, now: datetime) -> int:
    """How many should be tried now."""
    return int(await tx.scalar(sa.select(sa.func.count()).select_from(mail).where(*_due(now))) or 0)


async def take(tx: Tx, now: datetime, hold: timedelta) -> QueuedMail | None:
    """The next to be tried; nobody else gets it for as long as ``hold``. Those that failed most often come last."""
    order = (mail.c.attempts, mail.c.next_try, mail.c.unit_code, mail.c.kind, mail.c.day, mail.c.version)
    while (row := (await tx.execute(sa.select(mail).where(*_due(now)).order_by(*order).limit(1))).one_or_none()) is not None:
        found = _mail(row)
        mine = sa.update(mail).where(*_this(found), mail.c.attempts == row.attempts)
        # Two leaders, of two channels, may look at once where the database lets them.
        if (await tx.execute(mine.values(attempts=row.attempts + 1, next_try=now + hold))).rowcount:
            return replace(found, attempts=row.attempts + 1)
    return None


async def sent(tx: Tx, one: QueuedMail, reply: str, now: datetime, left_to: Collection[str], next_try: datetime) -> None:
    """The server took it over; for ``left_to`` it is to be asked again."""
    values = {"reply": reply[:LONGEST_REPLY], "sent_at": now, "state": WAITING if left_to else SENT, "next_try": next_try}
    left = json.dumps(list(left_to)) if left_to else None
    await tx.execute(sa.update(mail).where(*_this(one)).values(**values, left_to=left))


async def put_off(tx: Tx, one: QueuedMail, why: str, next_try: datetime) -> None:
    """It did not go this time. What was said of an earlier success stays."""
    reply = {} if one.sent_at is not None else {"reply": why[:LONGEST_REPLY]}
    await tx.execute(sa.update(mail).where(*_this(one), mail.c.state == WAITING).values(next_try=next_try, **reply))


async def put_off_all(tx: Tx, until: datetime) -> None:
    """The server is out of reach for every mail."""
    await tx.execute(sa.update(mail).where(mail.c.state == WAITING, mail.c.next_try < until).values(next_try=until))


async def refuse(tx: Tx, one: QueuedMail, why: str) -> None:
    """It will never be taken."""
    state = SENT if one.sent_at is not None else REFUSED
    reply = {} if one.sent_at is not None else {"reply": why[:LONGEST_REPLY]}
    await tx.execute(sa.update(mail).where(*_this(one)).values(state=state, left_to=None, **reply))


async def of_day(tx: Tx, units: Collection[str], kind: str, day: date) -> Mapping[str, list[QueuedMail]]:
    """The mails of these units, each unit's by version."""
    here = (among(tx, mail.c.unit_code, units), mail.c.kind == kind, mail.c.day == day)
    found: dict[str, list[QueuedMail]] = {}
    for row in await tx.execute(sa.select(mail).where(*here).order_by(mail.c.version)):
        found.setdefault(row.unit_code, []).append(_mail(row))
    return found


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return mail.c.state == WAITING, mail.c.next_try <= now


def _this(one: QueuedMail) -> tuple[sa.ColumnElement[bool], ...]:
    table = mail.c
    return table.unit_code == one.unit, table.kind == one.kind, table.day == one.day, table.version == one.version


def _mail(row: sa.Row[tuple[object, ...]]) -> QueuedMail:
    return QueuedMail(
        unit=row.unit_code,
        kind=row.kind,
        day=row.day,
        version=row.version,
        created_at=row.created_at,
        state=row.state,
        attempts=row.attempts,
        next_try=row.next_try,
        left_to=tuple(json.loads(row.left_to)) if row.left_to is not None else None,
        reply=row.reply,
        sent_at=row.sent_at,
    )
