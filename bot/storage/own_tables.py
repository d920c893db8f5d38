"""Units' own tables: the templates that were confirmed, each from a first day on, and what somebody is about to confirm.

A version never changes; the one in force on a day is the newest whose first day is not later. A version without a template says
that from its first day on none is filled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.storage import work
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import own_table, own_table_draft
from bot.storage.sql import among, insert, put
from bot.storage.work import Work

READ = "own_table_read"
"""The kind of work that reads a template."""

FILL = "own_table_fill"
"""The kind of work that fills a copy; without a chat it is for all who work at the unit."""


@dataclass(frozen=True)
class Version:
    """``mapping`` is that of ``reports.own_table.stored``; None, as ``content``: from ``first_day`` on there is no table."""

    unit: str
    version: int
    first_day: date
    name: str
    mapping: Mapping[str, Any] | None
    content: bytes | None
    by: str
    at: datetime


@dataclass(frozen=True)
class Draft:
    """A template that somebody sent and has not confirmed. ``based_on``: the newest version of the unit when it was begun.

    ``mapping`` is None as long as one of ``sheets`` has to be chosen. ``added``, ``removed`` and ``renamed`` are the headings
    that changed since that version; ``notices`` are keys of sentences with what goes into them.
    """

    id: str
    unit: str
    based_on: int
    name: str
    content: bytes
    mapping: Mapping[str, Any] | None = None
    sheets: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    notices: tuple[tuple[str, Mapping[str, str | int]], ...] = ()


_LISTS = ("sheets", "added", "removed", "renamed")
_TOLD = ("name", "mapping", "notices", *_LISTS)


async def latest(tx: Tx, keys: Keyring, unit: str) -> Version | None:
    """The newest version, from whichever day on."""
    return await _first(tx, keys, own_table.c.unit_code == unit)


async def in_force(tx: Tx, keys: Keyring, unit: str, day: date) -> Version | None:
    """The version in force on a day; None if there is none, or none is filled any more."""
    found = await _first(tx, keys, sa.and_(own_table.c.unit_code == unit, own_table.c.first_day <= day))
    return found if found is not None and found.content is not None else None


async def filled_on(tx: Tx, units: Collection[str], day: date) -> frozenset[str]:
    """The units among these that have a table in force on a day."""
    newest = (
        sa.select(own_table.c.unit_code, sa.func.max(own_table.c.version).label("version"))
        .where(among(tx, own_table.c.unit_code, units), own_table.c.first_day <= day)
        .group_by(own_table.c.unit_code)
        .subquery()
    )
    these = sa.and_(own_table.c.unit_code == newest.c.unit_code, own_table.c.version == newest.c.version)
    query = sa.select(own_table.c.unit_code).join(newest, these).where(own_table.c.content.is_not(None))
    return frozenset((await tx.scalars(query)).all())


async def ask_copies(tx: Tx, keys: Keyring, units: Collection[str], day: date, name: str, now: datetime) -> None:
    """Ask for a filled copy for those of these units that have a table; ``name`` is what this round of copies is called."""
    for unit in sorted(await filled_on(tx, units, day)):
        args = {"unit": unit, "day": day.isoformat()}
        await work.ask(tx, keys, Work(f"{name}:{unit}", FILL, args, None, now), now)


async def add(tx: Tx, keys: Keyring, new: Version) -> bool:
    """Store a version; False if another of this number was stored before, which stays."""
    row = f"{new.unit}:{new.version}"
    content = keys.seal("own_table.content", row, new.content) if new.content is not None else None
    values = {
        "unit_code": new.unit,
        "version": new.version,
        "first_day": new.first_day,
        "body": keys.seal_json("own_table.body", row, {"name": new.name, "mapping": new.mapping}),
        "content": content,
        "by_user": new.by,
        "at": new.at,
    }
    done = await tx.execute(insert(tx, own_table).values(values).on_conflict_do_nothing())
    return bool(done.rowcount)


async def keep(tx: Tx, keys: Keyring, user: str, draft: Draft, now: datetime) -> None:
    """Store a draft in place of the one that this user had."""
    row = {
        "user_id": user,
        "id": draft.id,
        "unit_code": draft.unit,
        "based_on": draft.based_on,
        "body": keys.seal_json("own_table_draft.body", user, {key: getattr(draft, key) for key in _TOLD}),
        "content": keys.seal("own_table_draft.content", user, draft.content),
        "created_at": now,
    }
    await put(tx, own_table_draft, [row])


async def draft_of(tx: Tx, keys: Keyring, user: str) -> Draft | None:
    row = (await tx.execute(sa.select(own_table_draft).where(own_table_draft.c.user_id == user))).one_or_none()
    if row is None:
        return None
    body = keys.open_json("own_table_draft.body", user, row.body)
    body |= {key: tuple(body[key]) for key in _LISTS}
    body["notices"] = tuple((key, params) for key, params in body["notices"])
    content = keys.open_bytes("own_table_draft.content", user, row.content)
    return Draft(row.id, row.unit_code, row.based_on, content=content, **body)


async def forget(tx: Tx, user: str) -> None:
    """Forget this user's draft."""
    await tx.execute(sa.delete(own_table_draft).where(own_table_draft.c.user_id == user))


async def clear(tx: Tx, before: datetime) -> None:
    """Forget the drafts that nobody has touched since this instant."""
    await tx.execute(sa.delete(own_table_draft).where(own_table_draft.c.created_at < before))


async def _first(tx: Tx, keys: Keyring, which: sa.ColumnElement[bool]) -> Version | None:
    newest = sa.select(own_table).where(which).order_by(own_table.c.version.desc()).limit(1)
    row = (await tx.execute(newest)).one_or_none()
    if row is None:
        return None
    place = f"{row.unit_code}:{row.version}"
    body = keys.open_json("own_table.body", place, row.body)
    content = keys.open_bytes("own_table.content", place, row.content) if row.content is not None else None
    return Version(row.unit_code, row.version, row.first_day, body["name"], body["mapping"], content, row.by_user, row.at)
