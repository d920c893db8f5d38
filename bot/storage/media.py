"""What teams send instead of typing: a photo of a paper list, a voice message, a file. Kept until the commune has typed it in.

An item is coming (not fetched yet), waiting (before the commune's officers), then done, or lost (it cannot be had). Coming and
waiting are open. Where the platform keeps it, its name and its caption are sealed; so is its content, an attachment.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from bot.domain.access import TEAM
from bot.domain.units import COMMUNE, Tree
from bot.messages import Media
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import media_item, role
from bot.storage.sql import among

COMING, WAITING, DONE, LOST = "coming", "waiting", "done", "lost"
_OPEN = (COMING, WAITING)


@dataclass(frozen=True)
class MediaItem:
    """``unit`` is the village it is about, or the commune if its sender has several; ``day`` the report that was open."""

    id: str
    channel: str
    bot: str
    address: str
    user: str
    unit: str
    day: date
    media: Media
    caption: str
    received_at: datetime
    state: str = COMING
    attachment: str | None = None
    done_by: str | None = None
    done_at: datetime | None = None


async def add(tx: Tx, keys: Keyring, item: MediaItem) -> None:
    media = item.media
    body = {"file_id": media.file_id, "name": media.name, "size": media.size, "caption": item.caption}
    await tx.execute(
        sa.insert(media_item).values(
            id=item.id,
            channel=item.channel,
            bot_id=item.bot,
            address=item.address,
            user_id=item.user,
            unit_code=item.unit,
            day=item.day,
            kind=media.kind,
            album=media.group,
            body=keys.seal_json("media_item.body", item.id, body),
            state=item.state,
            received_at=item.received_at,
        )
    )


async def get(tx: Tx, keys: Keyring, item_id: str) -> MediaItem | None:
    row = (await tx.execute(sa.select(media_item).where(media_item.c.id == item_id))).one_or_none()
    return _item(keys, row) if row is not None else None


async def next_of(tx: Tx, keys: Keyring, item_id: str) -> MediaItem | None:
    """The item, if it is still coming; of an album, the first that is: so its pages are fetched in their order."""
    item = await get(tx, keys, item_id)
    if item is not None and item.media.group is not None:
        coming = sa.and_(_album(item), media_item.c.state == COMING)
        first = (await tx.execute(sa.select(media_item).where(coming).order_by(media_item.c.number).limit(1))).one_or_none()
        return _item(keys, first) if first is not None else None
    return item if item is not None and item.state == COMING else None


async def fetched(tx: Tx, item_id: str, attachment: str) -> bool:
    """Its content is stored: from now on it waits for an officer. Whether it was still coming."""
    coming = sa.and_(media_item.c.id == item_id, media_item.c.state == COMING)
    done = await tx.execute(sa.update(media_item).where(coming).values(state=WAITING, attachment_id=attachment))
    return bool(done.rowcount)


async def lose(tx: Tx, item_id: str, now: datetime) -> bool:
    """It cannot be had. Whether it was still coming."""
    coming = sa.and_(media_item.c.id == item_id, media_item.c.state == COMING)
    return bool((await tx.execute(sa.update(media_item).where(coming).values(state=LOST, done_at=now))).rowcount)


async def finish(tx: Tx, item: MediaItem, by: str, now: datetime) -> bool:
    """An officer has typed it in, and with it whatever of its album was shown to them. Whether it was still waiting."""
    done = {"state": DONE, "done_by": by, "done_at": now}
    shown = media_item.c.state == WAITING
    this = await tx.execute(sa.update(media_item).where(media_item.c.id == item.id, shown).values(done))
    if this.rowcount and item.media.group is not None:
        await tx.execute(sa.update(media_item).where(_album(item), shown).values(done))
    return bool(this.rowcount)


async def album_waits(tx: Tx, item: MediaItem) -> bool:
    """Whether another picture of the same album is before the officers already."""
    if item.media.group is None:
        return False
    shown = sa.and_(_album(item), media_item.c.state == WAITING, media_item.c.id != item.id)
    return await tx.scalar(sa.select(media_item.c.id).where(shown).limit(1)) is not None


async def open_in(tx: Tx, keys: Keyring, units: Collection[str]) -> list[MediaItem]:
    """What is open of these units, oldest first."""
    query = (
        sa.select(media_item)
        .where(among(tx, media_item.c.unit_code, units), media_item.c.state.in_(_OPEN))
        .order_by(media_item.c.number)
    )
    return [_item(keys, row) for row in (await tx.execute(query)).all()]


async def awaited(tx: Tx, tree: Tree, villages: Collection[str], day: date) -> frozenset[str]:
    """The villages among these whose report of ``day`` was sent as a picture, a voice message or a file that is still open.

    What somebody with several villages sent may be about any of theirs: they all count, since none of them is silent.
    """
    communes = {up.code for village in villages if (up := tree.above(village, COMMUNE))}
    open_ = sa.and_(media_item.c.day == day, media_item.c.state.in_(_OPEN))
    own = sa.select(media_item.c.unit_code).where(open_, among(tx, media_item.c.unit_code, villages))
    theirs = (
        sa.select(role.c.unit_code)
        .join(media_item, media_item.c.user_id == role.c.user_id)
        .where(
            open_,
            among(tx, media_item.c.unit_code, communes),
            among(tx, role.c.unit_code, villages),
            role.c.role.in_([str(held) for held in TEAM]),
            role.c.revoked_at.is_(None),
        )
    )
    return frozenset((await tx.scalars(own.union(theirs))).all())


async def forget(tx: Tx, before: datetime) -> None:
    """Delete what was settled before this instant; its content goes with the next ``outbox.clear``."""
    settled = sa.and_(media_item.c.state.in_((DONE, LOST)), media_item.c.done_at < before)
    await tx.execute(sa.delete(media_item).where(settled))


def _album(item: MediaItem) -> sa.ColumnElement[bool]:
    return sa.and_(
        media_item.c.album == item.media.group, media_item.c.bot_id == item.bot, media_item.c.address == item.address
    )


def _item(keys: Keyring, row: sa.Row[tuple[object, ...]]) -> MediaItem:
    body = keys.open_json("media_item.body", row.id, row.body)
    return MediaItem(
        id=row.id,
        channel=row.channel,
        bot=row.bot_id,
        address=row.address,
        user=row.user_id,
        unit=row.unit_code,
        day=row.day,
        media=Media(row.kind, body["file_id"], body["name"], body["size"], row.album),
        caption=body["caption"],
        received_at=row.received_at,
        state=row.state,
        attachment=row.attachment_id,
        done_by=row.done_by,
        done_at=row.done_at,
    )
