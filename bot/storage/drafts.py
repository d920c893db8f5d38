"""Drafts as rows: one open draft a person, saved only if nobody saved it in between."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.conversation.draft import Draft
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import draft
from bot.storage.sql import among, put


class Chat(NamedTuple):
    channel: str
    bot: str
    address: str


@dataclass(frozen=True)
class Saved:
    """A draft to store for its owner, and the chat in which it is being worked on, if it is in one."""

    user_id: str
    draft: Draft
    now: datetime
    chat: Chat | None = None


async def of_users(tx: Tx, keys: Keyring, user_ids: Collection[str]) -> dict[str, Draft]:
    """The open draft of each of these users."""
    rows = await tx.execute(sa.select(draft).where(draft.c.user_id.in_(user_ids)))
    return {row.user_id: _draft(keys, row) for row in rows}


async def all_open(tx: Tx, keys: Keyring) -> dict[str, Draft]:
    return {row.user_id: _draft(keys, row) for row in await tx.execute(sa.select(draft))}


async def units_of(tx: Tx, units: Collection[str]) -> set[str]:
    """The units among these about which a report is half written."""
    return set(await tx.scalars(sa.select(draft.c.unit_code).where(among(tx, draft.c.unit_code, units)).distinct()))


async def last_chats(tx: Tx) -> dict[str, Chat]:
    """By user: in which chat the open draft was last worked on. A draft of which that is not known is left out."""
    known = sa.select(draft.c.user_id, draft.c.channel, draft.c.bot_id, draft.c.address).where(draft.c.address.is_not(None))
    return {row.user_id: Chat(row.channel, row.bot_id, row.address) for row in await tx.execute(known)}


def _draft(keys: Keyring, row: Any) -> Draft:
    body = keys.open_json("draft.body", row.id, row.body)
    return Draft(
        id=row.id,
        form=row.form,
        version=row.form_version,
        unit=row.unit_code,
        at=row.at,
        revision=row.revision,
        answers=body["answers"],
        facts=body["facts"],
        amends=row.amends,
    )


async def save(tx: Tx, keys: Keyring, saved: Sequence[Saved]) -> None:
    """Store steps set-wise, at most one per user. The one writer makes "what was read is what is replaced" hold."""
    await put(
        tx,
        draft,
        [
            {
                "id": item.draft.id,
                "user_id": item.user_id,
                "form": item.draft.form,
                "form_version": item.draft.version,
                "unit_code": item.draft.unit,
                "revision": item.draft.revision,
                "at": item.draft.at,
                "body": keys.seal_json(
                    "draft.body", item.draft.id, {"answers": dict(item.draft.answers), "facts": dict(item.draft.facts)}
                ),
                "amends": item.draft.amends,
                "channel": item.chat.channel if item.chat else None,
                "bot_id": item.chat.bot if item.chat else None,
                "address": item.chat.address if item.chat else None,
                "updated_at": item.now,
            }
            for item in saved
        ],
    )


async def close(tx: Tx, draft_ids: Collection[str]) -> None:
    """Forget drafts that were filed or cancelled."""
    if draft_ids:
        await tx.execute(sa.delete(draft).where(draft.c.id.in_(draft_ids)))
