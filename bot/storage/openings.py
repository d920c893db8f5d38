"""Opening balances, version by version, and what they post."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from bot.domain.ledger import change, entries
from bot.domain.openings import subject_of
from bot.storage import records
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import event, opening
from bot.storage.sql import add, among

KIND = "opening"  # of the event


@dataclass(frozen=True)
class Balance:
    """One version of what a unit counted for an indicator as of the end of a day, and who says so."""

    unit: str
    indicator: str
    n: int
    as_of: date
    source: str
    by: str
    at: datetime
    version: int = 1


async def save(tx: Tx, keys: Keyring, new: Balance) -> Balance:
    """Store it as the next version, whatever ``new.version`` says, and post by how much it differs from what is posted."""
    subject = subject_of(new.unit, new.indicator)
    stored, event_id = await _store(tx, keys, new)
    posted = await records.counted(tx, subject)
    await records.post(tx, event_id, change(posted, entries(subject, new.unit, new.as_of, {new.indicator: new.n})))
    return stored


async def pass_on(tx: Tx, keys: Keyring, one: Balance, to: str, day: date, by: str, now: datetime) -> None:
    """From a day on it is counted in another unit, added to what that one has; until then where it was."""
    former = await versions(tx, keys, to, one.indicator)
    base = former[-1] if former else replace(one, unit=to, n=0)
    for new, n in ((replace(one, n=0), -one.n), (replace(base, n=base.n + one.n), one.n)):
        _, event_id = await _store(tx, keys, replace(new, by=by, at=now))
        subject = subject_of(new.unit, new.indicator)
        await records.post(tx, event_id, entries(subject, new.unit, day, {new.indicator: n}))


async def _store(tx: Tx, keys: Keyring, new: Balance) -> tuple[Balance, int]:
    """The next version, and the event that it is."""
    version = len(await versions(tx, keys, new.unit, new.indicator)) + 1
    subject = subject_of(new.unit, new.indicator)
    values = {"kind": KIND, "record_id": subject, "unit_code": new.unit, "author_id": new.by or None, "at": new.at}
    event_id = int((await tx.execute(sa.insert(event).returning(event.c.id), values)).scalar_one())
    row = {
        "unit_code": new.unit,
        "indicator": new.indicator,
        "version": version,
        "n": new.n,
        "as_of": new.as_of,
        "source": keys.seal("opening.source", _row(new.unit, new.indicator, version), new.source),
        "by_user": new.by,
        "at": new.at,
        "event_id": event_id,
    }
    await add(tx, opening, [row])
    return replace(new, version=version), event_id


async def versions(tx: Tx, keys: Keyring, unit: str, indicator: str) -> list[Balance]:
    """Every version, oldest first."""
    query = sa.select(opening).where(opening.c.unit_code == unit, opening.c.indicator == indicator)
    return [_opened(keys, row) for row in await tx.execute(query.order_by(opening.c.version))]


async def of_units(tx: Tx, keys: Keyring, units: Collection[str], indicators: Collection[str] | None = None) -> list[Balance]:
    """What holds now for each of these units and indicators, all of them unless some are named; what is 0 is absent."""
    newer = opening.alias("newer")
    same = sa.and_(newer.c.unit_code == opening.c.unit_code, newer.c.indicator == opening.c.indicator)
    replaced = sa.exists().where(same, newer.c.version > opening.c.version)
    query = sa.select(opening).where(among(tx, opening.c.unit_code, units), ~replaced, opening.c.n != 0)
    if indicators is not None:
        query = query.where(opening.c.indicator.in_(list(indicators)))
    rows = await tx.execute(query.order_by(opening.c.unit_code, opening.c.indicator))
    return [_opened(keys, row) for row in rows]


def _opened(keys: Keyring, row: sa.Row[tuple[object, ...]]) -> Balance:
    source = keys.open("opening.source", _row(row.unit_code, row.indicator, row.version), row.source)
    return Balance(row.unit_code, row.indicator, row.n, row.as_of, source, row.by_user, row.at, row.version)


def _row(unit: str, indicator: str, version: int) -> str:
    return f"{unit}.{indicator}.{version}"
