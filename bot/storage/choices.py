"""The list of choices that a chat without buttons was shown last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.conversation.numbers import Listed, Option
from bot.errors import WrongKey
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import shown_choices
from bot.storage.sql import put


@dataclass(frozen=True)
class Shown:
    listed: Listed
    at: datetime


async def of_chats(tx: Tx, keys: Keyring, channel: str, bot: str, addresses: Collection[str]) -> dict[str, Shown]:
    """What each of these chats was shown last."""
    table = shown_choices.c
    query = sa.select(shown_choices).where(table.channel == channel, table.bot_id == bot, table.address.in_(list(addresses)))
    found = {}
    for row in await tx.execute(query):
        try:
            body = keys.open_json("shown_choices.body", f"{bot}.{row.address}", row.body)
        except WrongKey:
            continue  # one unreadable list must not keep the others from their answers
        options = tuple(Option(**option) for option in body["options"])
        found[row.address] = Shown(Listed(options, body["typed"], body.get("text", "")), row.shown_at)  # 0.1 kept no text
    return found


async def remember(tx: Tx, keys: Keyring, channel: str, bot: str, shown: Mapping[str, Shown]) -> None:
    """Note by address what each chat was shown last, and since when."""
    rows = [
        {
            "channel": channel,
            "bot_id": bot,
            "address": address,
            "body": keys.seal_json("shown_choices.body", f"{bot}.{address}", asdict(one.listed)),
            "shown_at": one.at,
        }
        for address, one in shown.items()
    ]
    await put(tx, shown_choices, rows)


async def forget(tx: Tx, channel: str, bot: str, address: str) -> None:
    """The chat is no longer the person's who was shown them."""
    table = shown_choices.c
    here = sa.and_(table.channel == channel, table.bot_id == bot, table.address == address)
    await tx.execute(sa.delete(shown_choices).where(here))
