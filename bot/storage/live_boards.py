"""Messages that show a board and are edited when it changes; one in each chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Tx
from bot.storage.outbox import BOARD
from bot.storage.schema import live_board, outbox, sent_message
from bot.storage.sql import put

__all__ = ["BOARD", "LiveBoard", "forget", "of_channel", "of_chat", "save", "shows"]


@dataclass(frozen=True)
class LiveBoard:
    """``queued_as`` is the dedup key of what was queued for it last; ``message`` the platform's id, once that was sent."""

    channel: str
    bot: str
    address: str
    unit: str
    page: int
    queued_as: str
    shown: str
    at: datetime
    message: str | None = None


def _select() -> sa.Select[tuple[object, ...]]:
    return (
        sa.select(live_board, sent_message.c.message_id)
        .outerjoin(outbox, outbox.c.dedup_key == live_board.c.queued_as)
        .outerjoin(sent_message, sent_message.c.outbox_id == outbox.c.id)
    )


def _live(row: sa.Row[tuple[object, ...]]) -> LiveBoard:
    return LiveBoard(
        row.channel, row.bot_id, row.address, row.unit_code, row.page, row.queued_as, row.shown, row.at, row.message_id
    )


async def of_chat(tx: Tx, channel: str, bot: str, address: str) -> LiveBoard | None:
    here = (live_board.c.channel == channel, live_board.c.bot_id == bot, live_board.c.address == address)
    row = (await tx.execute(_select().where(*here))).one_or_none()
    return _live(row) if row is not None else None


async def of_channel(tx: Tx, channel: str, bot: str, since: datetime) -> list[LiveBoard]:
    """Those that were opened since an instant."""
    here = (live_board.c.channel == channel, live_board.c.bot_id == bot, live_board.c.at >= since)
    return [_live(row) for row in await tx.execute(_select().where(*here).order_by(live_board.c.address))]


async def save(tx: Tx, new: LiveBoard) -> None:
    """It takes the place of the one that was live in this chat before."""
    row = {
        "channel": new.channel,
        "bot_id": new.bot,
        "address": new.address,
        "unit_code": new.unit,
        "page": new.page,
        "queued_as": new.queued_as,
        "shown": new.shown,
        "at": new.at,
    }
    await put(tx, live_board, [row])


async def shows(tx: Tx, former: LiveBoard, queued_as: str, shown: str) -> bool:
    """It is to show something else from now on. False if something else was queued for it meanwhile."""
    still = sa.and_(
        live_board.c.channel == former.channel,
        live_board.c.bot_id == former.bot,
        live_board.c.address == former.address,
        live_board.c.queued_as == former.queued_as,
    )
    done = await tx.execute(sa.update(live_board).where(still).values(queued_as=queued_as, shown=shown))
    return bool(done.rowcount)


async def forget(tx: Tx, before: datetime) -> None:
    """Those that nobody has opened since an instant."""
    await tx.execute(sa.delete(live_board).where(live_board.c.at < before))
