"""Long work as rows: exports and the like run outside the writing transaction, and survive a crash.

A piece of work is leased in real time; one whose lease ran out is taken again, three times at most. Then it is handed out once
more, with ``exhausted``, so that whoever asked can be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import work

WAITING, DONE, FAILED = "waiting", "done", "failed"
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Work:
    """What was asked for. ``as_of`` is the domain's instant of asking; its result belongs to that instant."""

    id: str
    kind: str
    args: Mapping[str, Any]
    requested_by: str | None
    as_of: datetime
    attempts: int = 0

    @property
    def exhausted(self) -> bool:
        """It was begun too often: the process died over it, or it failed each time. It is to be given up, not to be done."""
        return self.attempts > MOST_ATTEMPTS


async def ask(tx: Tx, keys: Keyring, new: Work, now: datetime) -> None:
    await tx.execute(
        sa.insert(work).values(
            id=new.id,
            kind=new.kind,
            args=keys.seal_json("work.args", new.id, dict(new.args)),
            requested_by=new.requested_by,
            as_of=new.as_of,
            attempts=0,
            state=WAITING,
            created_at=now,
        )
    )


async def take(tx: Tx, keys: Keyring, real_now: datetime, length: timedelta) -> Work | None:
    """The oldest work that nobody is at, leased to the caller."""
    free = sa.and_(work.c.state == WAITING, sa.or_(work.c.lease_until.is_(None), work.c.lease_until < real_now))
    oldest = sa.select(work).where(free).order_by(work.c.created_at, work.c.id).limit(1)
    while (row := (await tx.execute(oldest)).one_or_none()) is not None:
        # Two leaders, of two channels, may look at once where the database lets them.
        mine = sa.update(work).where(work.c.id == row.id, work.c.attempts == row.attempts)
        if (await tx.execute(mine.values(lease_until=real_now + length, attempts=row.attempts + 1))).rowcount:
            args = keys.open_json("work.args", row.id, row.args)
            return Work(row.id, row.kind, args, row.requested_by, row.as_of, row.attempts + 1)
    return None


async def finish(tx: Tx, work_id: str) -> None:
    """In the transaction that queues the result."""
    await tx.execute(sa.update(work).where(work.c.id == work_id).values(state=DONE, lease_until=None))


async def give_back(tx: Tx, work_id: str) -> None:
    """It failed this time; whoever comes next may try again."""
    await tx.execute(sa.update(work).where(work.c.id == work_id).values(lease_until=None))


async def put_off(tx: Tx, work_id: str, until: datetime) -> None:
    """Nothing could be done about it for reasons of others: it is free again from ``until``, and this was no attempt."""
    again = {"lease_until": until, "attempts": work.c.attempts - 1}
    await tx.execute(sa.update(work).where(work.c.id == work_id).values(again))


async def fail(tx: Tx, work_id: str) -> None:
    """It failed too often and will not be tried again."""
    await tx.execute(sa.update(work).where(work.c.id == work_id).values(state=FAILED, lease_until=None))


async def waiting(tx: Tx) -> int:
    return int(await tx.scalar(sa.select(sa.func.count()).select_from(work).where(work.c.state == WAITING)) or 0)
