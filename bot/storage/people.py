"""Users, their accounts on platforms, their roles, and the invites by which they come in.

account(channel, bot, address) is not the user and not the role: one person may have several of each.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from bot.domain.access import Role, RoleAt
from bot.errors import WrongKey
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import account, invite, role, user
from bot.storage.sql import among, put

log = logging.getLogger(__name__)

OPEN, BLOCKED = "open", "blocked"


@dataclass(frozen=True)
class Who:
    """A user as reached through one account."""

    id: str
    name: str
    phone: str | None
    address_form: str
    language: str
    roles: tuple[RoleAt, ...]
    channel: str
    bot: str
    address: str
    state: str = OPEN
    notice_version: str | None = None
    duties: bool = False  # of several accounts, the one chosen for what is sent unasked
    instead_of: tuple[str, ...] = ()  # the users for whom they stand in, where that matters


@dataclass(frozen=True)
class NewUser:
    id: str
    name: str
    address_form: str
    language: str
    phone: str | None = None


@dataclass(frozen=True)
class Invite:
    role: Role
    unit: str
    created_by: str | None


async def add_user(tx: Tx, keys: Keyring, new: NewUser, now: datetime) -> None:
    await tx.execute(
        sa.insert(user).values(
            id=new.id,
            full_name=keys.seal("user_account.full_name", new.id, new.name),
            phone=keys.seal("user_account.phone", new.id, new.phone) if new.phone else None,
            address_form=new.address_form,
            language=new.language,
            created_at=now,
        )
    )


async def change_user(
    tx: Tx,
    user_id: str,
    *,
    address_form: str | None = None,
    language: str | None = None,
    notice: tuple[str, datetime] | None = None,
) -> None:
    """Change what a person chose for themselves; what is None stays."""
    values: dict[str, object] = {}
    if address_form is not None:
        values["address_form"] = address_form
    if language is not None:
        values["language"] = language
    if notice is not None:
        values["notice_version"], values["notice_at"] = notice
    if values:
        await tx.execute(sa.update(user).where(user.c.id == user_id).values(**values))


async def withdraw_notice(tx: Tx, user_id: str) -> None:
    """The person no longer agrees to the privacy notice."""
    await tx.execute(sa.update(user).where(user.c.id == user_id).values(notice_version=None, notice_at=None))


async def introduce(tx: Tx, keys: Keyring, user_id: str, name: str, phone: str | None) -> None:
    """Store how a person wants to be known to the officials of their area."""
    values = {
        "full_name": keys.seal("user_account.full_name", user_id, name),
        "phone": keys.seal("user_account.phone", user_id, phone) if phone else None,
    }
    await tx.execute(sa.update(user).where(user.c.id == user_id).values(**values))


async def grant(tx: Tx, user_id: str, given: RoleAt, by: str | None, now: datetime) -> None:
    """Give a role; giving it twice changes nothing."""
    held = sa.and_(
        role.c.user_id == user_id, role.c.role == given.role, role.c.unit_code == given.unit, role.c.revoked_at.is_(None)
    )
    if await tx.scalar(sa.select(role.c.id).where(held)) is None:
        await tx.execute(
            sa.insert(role).values(user_id=user_id, role=given.role, unit_code=given.unit, granted_by=by, granted_at=now)
        )


async def revoke_role(tx: Tx, user_id: str, held: Role, unit: str, now: datetime) -> bool:
    """Take a role back. Whether it was held."""
    this = sa.and_(role.c.user_id == user_id, role.c.role == held, role.c.unit_code == unit, role.c.revoked_at.is_(None))
    return bool((await tx.execute(sa.update(role).where(this).values(revoked_at=now))).rowcount)


async def link(tx: Tx, channel: str, bot: str, address: str, user_id: str | None, now: datetime) -> None:
    """Say which user writes from this address from now on; the account is open afterwards, and chosen for nothing."""
    row = {
        "channel": channel,
        "bot_id": bot,
        "address": address,
        "user_id": user_id,
        "state": OPEN,
        "changed_at": now,
        "duties": False,
        "linked_at": now,
    }
    await put(tx, account, [row])


async def set_state(tx: Tx, channel: str, bot: str, address: str, state: str, now: datetime) -> None:
    """Open or blocked. An account that was never seen stays unknown."""
    here = sa.and_(account.c.channel == channel, account.c.bot_id == bot, account.c.address == address)
    await tx.execute(sa.update(account).where(here).values(state=state, changed_at=now))


_PERSON = (
    account.c.channel,
    account.c.bot_id,
    account.c.address,
    account.c.state,
    account.c.duties,
    user.c.id,
    user.c.full_name,
    user.c.phone,
    user.c.address_form,
    user.c.language,
    user.c.notice_version,
    role.c.role,
    role.c.unit_code,
)


def _select() -> sa.Select[tuple[object, ...]]:
    joined = account.join(user, account.c.user_id == user.c.id).outerjoin(
        role, sa.and_(role.c.user_id == user.c.id, role.c.revoked_at.is_(None))
    )
    return sa.select(*_PERSON).select_from(joined).order_by(account.c.channel, account.c.address, role.c.id)


async def _people(tx: Tx, keys: Keyring, query: sa.Select[tuple[object, ...]]) -> list[Who]:
    """Whoever cannot be opened is left out, and said so in the log: one damaged row must not silence everybody else."""
    found: dict[tuple[str, str, str], Who | None] = {}
    roles: dict[tuple[str, str, str], list[RoleAt]] = {}
    for row in (await tx.execute(query)).mappings():
        key = (row["channel"], row["bot_id"], row["address"])
        if key not in found:
            try:
                found[key] = _who(keys, row)
            except WrongKey as error:
                found[key] = None
                log.error("user %s is left out: %s", row["id"], type(error).__name__)
        if row["role"] is not None:
            roles.setdefault(key, []).append(RoleAt(Role(row["role"]), row["unit_code"]))
    return [replace(who, roles=tuple(roles.get(key, ()))) for key, who in found.items() if who is not None]


def _who(keys: Keyring, row: sa.RowMapping) -> Who:
    return Who(
        id=row["id"],
        name=keys.open("user_account.full_name", row["id"], row["full_name"]),
        phone=keys.open("user_account.phone", row["id"], row["phone"]) if row["phone"] else None,
        address_form=row["address_form"],
        language=row["language"],
        roles=(),
        channel=row["channel"],
        bot=row["bot_id"],
        address=row["address"],
        state=row["state"],
        notice_version=row["notice_version"],
        duties=row["duties"],
    )


async def at_addresses(tx: Tx, keys: Keyring, channel: str, bot: str, addresses: Collection[str]) -> dict[str, Who]:
    """The users behind these addresses of one bot, in one statement."""
    query = _select().where(account.c.channel == channel, account.c.bot_id == bot, account.c.address.in_(addresses))
    return {who.address: who for who in await _people(tx, keys, query)}


async def with_roles(tx: Tx, keys: Keyring, units: Collection[str] | None, roles: Collection[Role]) -> list[Who]:
    """Everyone who holds one of these roles at exactly one of these units, or anywhere (None), with all of their roles.

    Once per account.
    """
    holders = sa.select(role.c.user_id).where(role.c.role.in_([str(r) for r in roles]), role.c.revoked_at.is_(None))
    if units is not None:
        holders = holders.where(among(tx, role.c.unit_code, units))
    return await _people(tx, keys, _select().where(user.c.id.in_(holders)))


async def of_users(tx: Tx, keys: Keyring, user_ids: Collection[str]) -> list[Who]:
    """These users, once per account."""
    return await _people(tx, keys, _select().where(among(tx, user.c.id, user_ids)))


async def everyone(tx: Tx, keys: Keyring) -> list[Who]:
    return await _people(tx, keys, _select())


async def add_invite(tx: Tx, keys: Keyring, code: str, what: Invite, now: datetime, expires_at: datetime) -> None:
    await tx.execute(
        sa.insert(invite).values(
            code=keys.index("invite", code),
            role=what.role,
            unit_code=what.unit,
            created_by=what.created_by,
            created_at=now,
            expires_at=expires_at,
        )
    )


async def redeem(tx: Tx, keys: Keyring, code: str, user_id: str, now: datetime) -> Invite | None:
    """Use an invite up. None if it is unknown, used, revoked or expired: the caller says the same thing for all four."""
    hashed = keys.index("invite", code)
    usable = sa.and_(
        invite.c.code == hashed, invite.c.used_at.is_(None), invite.c.revoked_at.is_(None), invite.c.expires_at > now
    )
    row = (await tx.execute(sa.select(invite).where(usable))).one_or_none()
    if row is None:
        return None
    await tx.execute(sa.update(invite).where(invite.c.code == hashed).values(used_by=user_id, used_at=now))
    return Invite(Role(row.role), row.unit_code, row.created_by)


async def revoke_invite(tx: Tx, keys: Keyring, code: str, now: datetime) -> bool:
    """Whether there was an unused invite to revoke."""
    open_ = sa.and_(invite.c.code == keys.index("invite", code), invite.c.used_at.is_(None), invite.c.revoked_at.is_(None))
    return bool((await tx.execute(sa.update(invite).where(open_).values(revoked_at=now))).rowcount)
