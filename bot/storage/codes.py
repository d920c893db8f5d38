"""Codes by which a person joins a second account to the first, and how often a stranger typed what was no code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.drafts import Chat
from bot.storage.schema import link_code, wrong_code
from bot.storage.sql import put

MOST_WRONG = 10
WRONG_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class LinkCode:
    user_id: str
    expires_at: datetime
    used: bool


async def make(tx: Tx, keys: Keyring, code: str, user_id: str, now: datetime, expires_at: datetime) -> None:
    """Store a person's code; the one before is no code any more. So there is at most one row a person."""
    await tx.execute(sa.delete(link_code).where(link_code.c.user_id == user_id))
    row = {"code": keys.index("link_code", code), "user_id": user_id, "created_at": now, "expires_at": expires_at}
    await tx.execute(sa.insert(link_code).values(row))


async def find(tx: Tx, keys: Keyring, code: str) -> LinkCode | None:
    row = (await tx.execute(sa.select(link_code).where(link_code.c.code == keys.index("link_code", code)))).one_or_none()
    return LinkCode(row.user_id, row.expires_at, row.used_at is not None) if row is not None else None


async def use(tx: Tx, keys: Keyring, code: str, now: datetime) -> None:
    await tx.execute(sa.update(link_code).where(link_code.c.code == keys.index("link_code", code)).values(used_at=now))


async def guessed_too_often(tx: Tx, chat: Chat, now: datetime) -> bool:
    """Whether this chat typed ``MOST_WRONG`` wrong codes within ``WRONG_KEPT``."""
    n = sa.select(wrong_code.c.n).where(*_of(chat), wrong_code.c.since > now - WRONG_KEPT)
    return (await tx.scalar(n) or 0) >= MOST_WRONG


async def note_wrong(tx: Tx, chat: Chat, now: datetime) -> None:
    """One more wrong code. What is older than ``WRONG_KEPT`` is forgotten, also of other chats."""
    await tx.execute(sa.delete(wrong_code).where(wrong_code.c.since <= now - WRONG_KEPT))
    row = (await tx.execute(sa.select(wrong_code).where(*_of(chat)))).one_or_none()
    n, since = (row.n + 1, row.since) if row is not None else (1, now)
    await put(tx, wrong_code, [{**dict(zip(("channel", "bot_id", "address"), chat, strict=True)), "n": n, "since": since}])


def _of(chat: Chat) -> tuple[sa.ColumnElement[bool], ...]:
    return wrong_code.c.channel == chat.channel, wrong_code.c.bot_id == chat.bot, wrong_code.c.address == chat.address
