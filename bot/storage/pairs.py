"""What was said, or is still to be said, of two persons who may be one. What follows from it is in ``storage.persons``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Tx
from bot.storage.schema import look_alike, person, person_pair
from bot.storage.sql import add_new, among, put


@dataclass(frozen=True)
class Pair:
    """Two of whom somebody said that they are one. ``event`` is when; until then the kept one did not have the other."""

    kept: str
    other: str
    event: int


async def pairs_of(tx: Tx, kept: str) -> list[Pair]:
    """Who was found to be this person, each as it was said."""
    query = sa.select(person_pair).where(person_pair.c.person_id == kept, person_pair.c.same).order_by(person_pair.c.event_id)
    return [Pair(row.person_id, row.other_id, row.event_id) for row in await tx.execute(query)]


async def told_apart(tx: Tx, ids: Collection[str]) -> set[frozenset[str]]:
    """The pairs with one of these that somebody looked at and said are two people."""
    query = sa.select(person_pair).where(
        sa.or_(among(tx, person_pair.c.person_id, ids), among(tx, person_pair.c.other_id, ids)), person_pair.c.same.is_(False)
    )
    return {frozenset((row.person_id, row.other_id)) for row in await tx.execute(query)}


async def decide(tx: Tx, kept: str, other: str, same: bool, by: str | None, now: datetime, event_id: int | None = None) -> None:
    """Note that two are the same person, or that they are not; the last word holds, and the question is no longer open."""
    pair = [kept, other] if same else sorted((kept, other))
    for table in (person_pair, look_alike):
        await tx.execute(sa.delete(table).where(table.c.person_id.in_([kept, other]), table.c.other_id.in_([kept, other])))
    row = {
        "person_id": pair[0],
        "other_id": pair[1],
        "same": same,
        "event_id": event_id,
        "decided_by": by,
        "decided_at": now,
    }
    await put(tx, person_pair, [row])


async def found_alike(tx: Tx, one: str, others: Collection[str], now: datetime) -> None:
    """Note that one of these may be somebody, for whoever decides; what was noted before stays."""
    pairs = [sorted((one, other)) for other in others]
    await add_new(tx, look_alike, [{"person_id": a, "other_id": b, "found_at": now} for a, b in pairs])


async def alike_in(tx: Tx, units: Collection[str]) -> list[tuple[str, str]]:
    """The pairs about which nobody has decided and one of which is in these units now, the oldest first."""
    newer = person.alias("newer")
    here = sa.exists().where(
        person.c.id.in_([look_alike.c.person_id, look_alike.c.other_id]),
        among(tx, person.c.unit_code, units),
        ~sa.exists().where(newer.c.id == person.c.id, newer.c.version > person.c.version),
    )
    query = sa.select(look_alike).where(here).order_by(look_alike.c.found_at, look_alike.c.person_id, look_alike.c.other_id)
    return [(row.person_id, row.other_id) for row in await tx.execute(query)]


async def oldest_first(tx: Tx, ids: Collection[str]) -> list[str]:
    """These persons in the order in which they became known."""
    query = sa.select(person.c.id).where(among(tx, person.c.id, ids), person.c.version == 1).order_by(person.c.event_id)
    return [str(one) for one in await tx.scalars(query)]


async def unit_at(tx: Tx, person_id: str, event_id: int) -> str | None:
    """Where a person was once this event had happened; None if they were not known yet."""
    query = (
        sa.select(person.c.unit_code)
        .where(person.c.id == person_id, person.c.event_id <= event_id)
        .order_by(person.c.version.desc())
        .limit(1)
    )
    return await tx.scalar(query)
