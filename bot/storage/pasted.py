"""What people pasted, as it was read, until they have confirmed it: one text a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.draft import Answers
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import pasted
from bot.storage.sql import add


@dataclass(frozen=True)
class Item:
    """One person of the text: the report it seems to be and what it would say. ``record`` is the id it will be filed under.

    ``line`` is where it was read. ``unit`` is the village it speaks of, "" where nobody knows.
    """

    record: str
    form: str
    unit: str
    answers: Answers
    line: str
    dropped: bool = False


@dataclass(frozen=True)
class Pasted:
    """``zero`` are the villages that say that nothing is new, ``unread`` what was not understood."""

    id: str
    items: tuple[Item, ...]
    zero: tuple[str, ...]
    unread: tuple[str, ...]

    def without(self, records: Sequence[str]) -> Pasted:
        """The same without these people, who stay readable."""
        return replace(self, items=tuple(replace(one, dropped=one.dropped or one.record in records) for one in self.items))


async def keep(tx: Tx, keys: Keyring, user_id: str, new: Pasted, now: datetime) -> None:
    """Store it in place of what this user pasted before."""
    await forget(tx, user_id)
    body = {"items": [asdict(item) for item in new.items], "zero": new.zero, "unread": new.unread}
    row = {"id": new.id, "user_id": user_id, "body": keys.seal_json("pasted.body", new.id, body), "created_at": now}
    await add(tx, pasted, [row])


async def of_user(tx: Tx, keys: Keyring, user_id: str) -> Pasted | None:
    row = (await tx.execute(sa.select(pasted).where(pasted.c.user_id == user_id))).one_or_none()
    if row is None:
        return None
    body: dict[str, Any] = keys.open_json("pasted.body", row.id, row.body)
    items = tuple(Item(**item) for item in body["items"])
    return Pasted(row.id, items, tuple(body["zero"]), tuple(body["unread"]))


async def leave_out(tx: Tx, keys: Keyring, user_id: str, record: str, now: datetime) -> None:
    """Of what this user pasted, this person is not to be filed any more."""
    kept = await of_user(tx, keys, user_id)
    if kept is not None:
        await keep(tx, keys, user_id, kept.without([record]), now)


async def forget(tx: Tx, user_id: str) -> None:
    await tx.execute(sa.delete(pasted).where(pasted.c.user_id == user_id))


async def clear(tx: Tx, before: datetime) -> None:
    """Forget what nobody confirmed since this instant."""
    await tx.execute(sa.delete(pasted).where(pasted.c.created_at < before))
