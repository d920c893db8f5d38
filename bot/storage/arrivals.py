"""What webhooks were sent: stored before the platform is told that it arrived, deleted once the leader has handled it.

Ids grow in the order of commits, so a chat's messages are read in the order in which they were accepted, by whichever process.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.errors import WrongKey
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import arrival
from bot.storage.sql import add

_PLACE = "arrival.body"


@dataclass(frozen=True)
class Posted:
    """The body of one request, as it came, and when."""

    channel: str
    bot: str
    body: bytes
    at: datetime


@dataclass(frozen=True)
class Arrival:
    """``body`` is None if no key of ours opens ``sealed``."""

    id: int
    sealed: bytes
    body: bytes | None
    at: datetime


async def keep(tx: Tx, keys: Keyring, posted: Sequence[Posted]) -> None:
    await add(
        tx,
        arrival,
        [
            {
                "channel": one.channel,
                "bot_id": one.bot,
                "body": keys.seal(_PLACE, f"{one.channel}.{one.bot}", one.body),
                "arrived_at": one.at,
            }
            for one in posted
        ],
    )


async def waiting(tx: Tx, keys: Keyring, channel: str, bot: str, limit: int) -> list[Arrival]:
    """The oldest, in the order in which they were accepted."""
    query = sa.select(arrival).where(arrival.c.channel == channel, arrival.c.bot_id == bot).order_by(arrival.c.id).limit(limit)
    rows = (await tx.execute(query)).all()
    return [Arrival(row.id, row.body, _opened(keys, f"{channel}.{bot}", row.body), row.arrived_at) for row in rows]


def _opened(keys: Keyring, row: str, sealed: bytes) -> bytes | None:
    try:
        return keys.open_bytes(_PLACE, row, sealed)
    except WrongKey:
        return None


async def handled(tx: Tx, ids: Collection[int]) -> None:
    await tx.execute(sa.delete(arrival).where(arrival.c.id.in_(list(ids))))


async def forget(tx: Tx, before: datetime) -> int:
    """Delete what nobody has handled since: its bot is no longer led by anyone."""
    return (await tx.execute(sa.delete(arrival).where(arrival.c.arrived_at < before))).rowcount
