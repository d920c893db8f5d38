"""Which messages were taken. A message's id is the key, so a message that the platform repeats is taken once.

Rows are kept for 8 days: Telegram's ids restart at random after a quiet week, so there is no watermark to compare with.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import inbox
from bot.storage.sql import put

DONE, TRYING, SET_ASIDE = "done", "trying", "set_aside"


@dataclass(frozen=True)
class Taken:
    """One message that this transaction settles."""

    bot: str
    message: str
    outcome: str = DONE
    attempts: int = 1
    reference: str | None = None  # for what was set aside: what the sender was told to quote
    body: str | None = None  # its content, kept sealed so that someone can mend it


async def settled(tx: Tx, bot: str, messages: Collection[str]) -> set[str]:
    """Which of these are done or set aside already."""
    query = sa.select(inbox.c.message).where(
        inbox.c.bot_id == bot, inbox.c.message.in_(messages), inbox.c.outcome.in_([DONE, SET_ASIDE])
    )
    return set((await tx.scalars(query)).all())


async def attempts(tx: Tx, bot: str, message: str) -> int:
    """How often this message was begun and not finished."""
    query = sa.select(inbox.c.attempts).where(inbox.c.bot_id == bot, inbox.c.message == message)
    return int(await tx.scalar(query) or 0)


async def take(tx: Tx, keys: Keyring, taken: Sequence[Taken], now: datetime) -> None:
    await put(
        tx,
        inbox,
        [
            {
                "bot_id": item.bot,
                "message": item.message,
                "received_at": now,
                "outcome": item.outcome,
                "attempts": item.attempts,
                "reference": item.reference,
                "body": keys.seal("inbox.body", f"{item.bot}.{item.message}", item.body) if item.body is not None else None,
            }
            for item in taken
        ],
    )


async def forget(tx: Tx, before: datetime) -> int:
    """Delete what was done before this instant; what was set aside stays until someone has looked at it."""
    old = sa.and_(inbox.c.received_at < before, inbox.c.outcome == DONE)
    return (await tx.execute(sa.delete(inbox).where(old))).rowcount
