"""Shifts that were handed over, or offered: who gave what to whom, when, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.handover import State, Why
from bot.storage.database import Tx
from bot.storage.schema import handover
from bot.storage.sql import among


@dataclass(frozen=True)
class Handover:
    """``items`` are those that were offered (``Item.ref``)."""

    id: str
    unit: str
    giver: str
    receiver: str
    items: Sequence[str]
    given_at: datetime
    state: State = State.OPEN
    decided_at: datetime | None = None
    reason: Why | None = None


async def add(tx: Tx, new: Handover) -> None:
    await tx.execute(
        sa.insert(handover).values(
            id=new.id,
            unit_code=new.unit,
            giver=new.giver,
            receiver=new.receiver,
            items=json.dumps(list(new.items)),
            given_at=new.given_at,
            state=new.state,
        )
    )


async def get(tx: Tx, handover_id: str) -> Handover | None:
    row = (await tx.execute(sa.select(handover).where(handover.c.id == handover_id))).one_or_none()
    return _handover(row) if row is not None else None


async def open_at(tx: Tx, units: Collection[str]) -> list[Handover]:
    """Those that wait for an answer at these units, oldest first."""
    query = sa.select(handover).where(among(tx, handover.c.unit_code, units), handover.c.state == State.OPEN)
    return [_handover(row) for row in await tx.execute(query.order_by(handover.c.given_at, handover.c.id))]


async def settle(tx: Tx, handover_id: str, state: State, now: datetime, reason: Why | None = None) -> bool:
    """Whether it was still open."""
    still = sa.and_(handover.c.id == handover_id, handover.c.state == State.OPEN)
    done = await tx.execute(sa.update(handover).where(still).values(state=state, decided_at=now, reason=reason))
    return bool(done.rowcount)


def _handover(row: sa.Row[tuple[object, ...]]) -> Handover:
    return Handover(
        id=row.id,
        unit=row.unit_code,
        giver=row.giver,
        receiver=row.receiver,
        items=tuple(json.loads(row.items)),
        given_at=row.given_at,
        state=State(row.state),
        decided_at=row.decided_at,
        reason=Why(row.reason) if row.reason else None,
    )
