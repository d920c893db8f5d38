"""What ran, and who may run it: ``job_runs`` and the lease. The database keeps us from doing the same scheduled thing twice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.errors import LostLease
from bot.storage.database import Tx
from bot.storage.schema import job_run, lease
from bot.storage.sql import insert

RAN, LATE, DROPPED = "ran", "late", "dropped"

LONGEST = timedelta(minutes=6)
"""The longest lease that may be configured, and a minute by which the clocks of two machines may differ."""


async def claim(tx: Tx, job: str, unit: str, due_at: datetime, ran_at: datetime, outcome: str) -> bool:
    """Whether this run is ours. Written in the transaction that also queues what the run says."""
    row = {"job": job, "unit_code": unit, "due_at": due_at, "ran_at": ran_at, "outcome": outcome}
    result = await tx.execute(insert(tx, job_run).values(row).on_conflict_do_nothing())
    return result.rowcount == 1


async def already(tx: Tx, job: str, due_at: datetime) -> set[str]:
    """The units for which a run has been claimed."""
    query = sa.select(job_run.c.unit_code).where(job_run.c.job == job, job_run.c.due_at == due_at)
    return set((await tx.scalars(query)).all())


@dataclass(frozen=True)
class Lease:
    """That this process leads, as of ``epoch``."""

    name: str
    holder: str
    epoch: int


async def acquire(tx: Tx, name: str, holder: str, real_now: datetime, length: timedelta) -> Lease | None:
    """Take or prolong the lead. None while another holds it. ``real_now`` is real time, never the domain's clock.

    A lease that reaches further than any that is given now was written by a clock that was ahead: it does not hold.
    """
    row = (await tx.execute(sa.select(lease).where(lease.c.name == name))).one_or_none()
    until = real_now + length
    if row is None:
        await tx.execute(sa.insert(lease).values(name=name, holder=holder, epoch=1, until=until))
        return Lease(name, holder, 1)
    if row.holder == holder:
        await tx.execute(sa.update(lease).where(lease.c.name == name).values(until=until))
        return Lease(name, holder, row.epoch)
    if real_now < row.until <= real_now + max(length, LONGEST):
        return None
    await tx.execute(sa.update(lease).where(lease.c.name == name).values(holder=holder, epoch=row.epoch + 1, until=until))
    return Lease(name, holder, row.epoch + 1)


async def require(tx: Tx, held: Lease) -> None:
    """Raise LostLease unless this process still leads: no transaction of a former leader commits."""
    query = sa.select(lease.c.holder, lease.c.epoch).where(lease.c.name == held.name)
    row = (await tx.execute(query)).one_or_none()
    if row is None or (row.holder, row.epoch) != (held.holder, held.epoch):
        raise LostLease(held.name)


async def release(tx: Tx, held: Lease, real_now: datetime) -> None:
    """Give the lead away at a clean stop, so that the next process need not wait."""
    mine = sa.and_(lease.c.name == held.name, lease.c.holder == held.holder, lease.c.epoch == held.epoch)
    await tx.execute(sa.update(lease).where(mine).values(until=real_now, holder=""))


async def led_until(tx: Tx, name: str) -> datetime | None:
    """Until when somebody led, or leads, by their lease; None if nobody ever did."""
    return await tx.scalar(sa.select(lease.c.until).where(lease.c.name == name))


async def forget(tx: Tx, before: datetime, jobs: Collection[str]) -> None:
    """Delete old runs; the schedule never looks back that far."""
    await tx.execute(sa.delete(job_run).where(job_run.c.due_at < before, job_run.c.job.in_(list(jobs))))
