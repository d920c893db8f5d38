"""People by the hundred, and where roles are held: a few statements, however long the list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.domain.access import Role
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.storage.schema import account, role, user
from bot.storage.sql import add


async def add_people(tx: Tx, keys: Keyring, people: Sequence[Who], now: datetime) -> int:
    """Add users with their accounts and roles; return how many. Who is there already, by id, is left as they are.

    A ``notice_version`` counts as accepted now.
    """
    there = set(await tx.scalars(sa.select(user.c.id)))
    new = [who for who in people if who.id not in there]
    users = [
        {
            "id": who.id,
            "full_name": keys.seal("user_account.full_name", who.id, who.name),
            "phone": keys.seal("user_account.phone", who.id, who.phone) if who.phone else None,
            "address_form": who.address_form,
            "language": who.language,
            "notice_version": who.notice_version,
            "notice_at": now if who.notice_version else None,
            "created_at": now,
        }
        for who in new
    ]
    accounts = [
        {
            "channel": who.channel,
            "bot_id": who.bot,
            "address": who.address,
            "user_id": who.id,
            "state": who.state,
            "changed_at": now,
            "linked_at": now,
        }
        for who in new
    ]
    roles = [
        {"user_id": who.id, "role": held.role, "unit_code": held.unit, "granted_at": now} for who in new for held in who.roles
    ]
    for table, rows in ((user, users), (account, accounts), (role, roles)):
        await add(tx, table, rows)
    return len(new)


async def units_with(tx: Tx, roles: Collection[Role]) -> set[str]:
    """The codes of all units at which somebody holds one of these roles."""
    held = sa.select(role.c.unit_code).where(role.c.role.in_([str(one) for one in roles]), role.c.revoked_at.is_(None))
    return set(await tx.scalars(held.distinct()))
