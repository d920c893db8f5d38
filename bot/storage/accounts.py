"""A person's accounts on several channels: which there are, and which of them gets what is sent unasked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from bot.storage.database import Tx
from bot.storage.people import OPEN, Who
from bot.storage.schema import account, user


@dataclass(frozen=True)
class Account:
    """``since`` is when it became this person's."""

    channel: str
    bot: str
    address: str
    state: str
    duties: bool
    since: datetime


async def of_user(tx: Tx, user_id: str) -> list[Account]:
    """The accounts of a person, the oldest first."""
    since = sa.func.coalesce(account.c.linked_at, user.c.created_at, type_=user.c.created_at.type).label("since")
    query = sa.select(account, since).join(user, user.c.id == account.c.user_id).where(account.c.user_id == user_id)
    return [
        Account(row.channel, row.bot_id, row.address, row.state, row.duties, row.since)
        for row in await tx.execute(query.order_by(since, account.c.channel, account.c.address))
    ]


async def choose(tx: Tx, user_id: str, channel: str) -> None:
    """From now on this person's duties go to their account on this channel."""
    here = account.c.channel == channel
    await tx.execute(sa.update(account).where(account.c.user_id == user_id).values(duties=here))


async def unlink(tx: Tx, left: Account, now: datetime) -> None:
    """From now on a stranger writes from this address."""
    here = sa.and_(account.c.channel == left.channel, account.c.bot_id == left.bot, account.c.address == left.address)
    await tx.execute(sa.update(account).where(here).values(user_id=None, duties=False, linked_at=None, changed_at=now))


_One = TypeVar("_One", Account, Who)


def for_duties(owned: Sequence[_One]) -> _One | None:
    """Which of one person's accounts gets what is sent unasked: the chosen one, or while that one is closed, another.

    None if all are closed. Who joins a second account has chosen the first (``handlers.linking``) until they say otherwise:
    joining must not silently take reminders away from the phone on which they are looked for.
    """
    open_ = [one for one in owned if one.state == OPEN]
    return next((one for one in open_ if one.duties), open_[0] if open_ else None)


def by_person(found: Iterable[Who]) -> dict[str, list[Who]]:
    """The accounts of each person, by the person's id, in their order."""
    owned: dict[str, list[Who]] = {}
    for who in found:
        owned.setdefault(who.id, []).append(who)
    return owned
