"""Proposals to hand a person over to another village, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.domain.transfers import State
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import transfer
from bot.storage.sql import among


@dataclass(frozen=True)
class Transfer:
    """``to_unit`` is "" while the village is being chosen; ``answer`` is why it was returned."""

    id: str
    person: str
    from_unit: str
    to_unit: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    state: State
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str | None = None


async def add(tx: Tx, keys: Keyring, new: Transfer) -> None:
    await tx.execute(
        sa.insert(transfer).values(
            id=new.id,
            person_id=new.person,
            from_unit=new.from_unit,
            to_unit=new.to_unit,
            reason=keys.seal("transfer.reason", new.id, new.reason),
            proposed_by=new.proposed_by,
            proposed_at=new.proposed_at,
            state=new.state,
        )
    )


async def get(tx: Tx, keys: Keyring, transfer_id: str) -> Transfer | None:
    row = (await tx.execute(sa.select(transfer).where(transfer.c.id == transfer_id))).one_or_none()
    return _transfer(keys, row) if row is not None else None


async def propose(tx: Tx, transfer_id: str, to_unit: str, now: datetime) -> None:
    """Which village is meant is said: from now on it waits for an answer."""
    change = {"to_unit": to_unit, "state": State.OPEN, "proposed_at": now}
    await tx.execute(sa.update(transfer).where(transfer.c.id == transfer_id).values(change))


async def settle(
    tx: Tx, keys: Keyring, transfer_id: str, state: State, by: str, now: datetime, answer: str | None = None
) -> bool:
    """Whether it was still open."""
    still = sa.and_(transfer.c.id == transfer_id, transfer.c.state == State.OPEN)
    sealed = keys.seal("transfer.answer", transfer_id, answer) if answer else None
    change = {"state": state, "decided_by": by, "decided_at": now, "answer": sealed}
    return bool((await tx.execute(sa.update(transfer).where(still).values(change))).rowcount)


async def open_of(tx: Tx, keys: Keyring, person: str) -> Transfer | None:
    """The proposal about this person that waits for an answer."""
    query = sa.select(transfer).where(transfer.c.person_id == person, transfer.c.state == State.OPEN)
    row = (await tx.execute(query.order_by(transfer.c.proposed_at).limit(1))).one_or_none()
    return _transfer(keys, row) if row is not None else None


async def open_to(tx: Tx, keys: Keyring, units: Collection[str]) -> list[Transfer]:
    """What waits for the answer of these villages, oldest first."""
    return await _open(tx, keys, among(tx, transfer.c.to_unit, units))


async def open_from(tx: Tx, keys: Keyring, units: Collection[str]) -> list[Transfer]:
    """What these villages proposed and wait for, oldest first."""
    return await _open(tx, keys, among(tx, transfer.c.from_unit, units))


async def _open(tx: Tx, keys: Keyring, where: sa.ColumnElement[bool]) -> list[Transfer]:
    query = sa.select(transfer).where(where, transfer.c.state == State.OPEN)
    rows = await tx.execute(query.order_by(transfer.c.proposed_at, transfer.c.id))
    return [_transfer(keys, row) for row in rows]


def _transfer(keys: Keyring, row: sa.Row[tuple[object, ...]]) -> Transfer:
    return Transfer(
        id=row.id,
        person=row.person_id,
        from_unit=row.from_unit,
        to_unit=row.to_unit,
        reason=keys.open("transfer.reason", row.id, row.reason),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=State(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        answer=keys.open("transfer.answer", row.id, row.answer) if row.answer is not None else None,
    )
