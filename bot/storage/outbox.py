"""What is to be said: written in the transaction that decided it, delivered by the sender afterwards.

Order holds per chat and lane; what is urgent goes before replies, these before duties, duties before bulk. A row leaves
``pending`` once: sent, dropped (its time had passed), cancelled (the work was done meanwhile), failed (the platform will
never take it), or moved (it goes to another account of the same person, as rows of its own).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import sqlalchemy as sa

from bot.errors import WrongKey
from bot.messages import Attachment, Button, Outgoing
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.people import BLOCKED
from bot.storage.schema import account, attachment, media_item, outbox, sent_message
from bot.storage.sql import among, insert

PENDING, SENT, DROPPED, CANCELLED, FAILED, MOVED = "pending", "sent", "dropped", "cancelled", "failed", "moved"

SCANS = "scan:"
"""How the ids of scans of signed papers begin (``sign_offs``): what was signed is kept."""

ASKED = "work:"
"""How the dedup keys of results begin for which somebody waits: of long work that was asked for."""

BOARD = "board:"
"""How the dedup keys of live boards begin (``live_boards``): a tap on one is answered below it."""

# Spelt out rather than bound, so that every plan may use the partial index.
_IS_PENDING = outbox.c.state == sa.literal_column("'pending'")


Buttons = tuple[tuple[Button, ...], ...]


class Lane(IntEnum):
    URGENT = -1
    REPLY = 0
    DUTY = 1
    BULK = 2


@dataclass(frozen=True)
class Whole:
    """A message before it was fitted to a channel that has no buttons, carries no files or takes shorter texts only."""

    text: str
    buttons: Buttons
    attachment: str | None
    dedup_key: str | None


@dataclass(frozen=True)
class Post:
    """A message to be queued, already in the reader's language.

    If it was fitted to its channel, its last piece remembers the ``whole``, so that it can go to another channel instead; the
    pieces before are a ``part`` of that.
    """

    channel: str
    bot: str
    address: str
    text: str
    buttons: Buttons = ()
    lane: Lane = Lane.REPLY
    attachment: str | None = None  # id of a stored attachment
    edits: int | None = None  # outbox id of the message to replace
    edits_message: str | None = None  # or the platform's id of it
    record: tuple[str, int] | None = None  # which record in which version it shows
    not_before: datetime | None = None
    drop_after: datetime | None = None
    dedup_key: str | None = None
    cancel_key: str | None = None
    whole: Whole | None = None
    part: bool = False


@dataclass(frozen=True)
class Pending:
    """A queued message as the sender orders it. Its words stay sealed until it is sent."""

    id: int
    address: str
    lane: Lane
    sealed: bytes
    edits_message: str | None
    attachment: str | None  # id of a stored attachment
    record: tuple[str, int] | None
    attempts: int
    edits: int | None = None  # the message to replace, of which ``edits_message`` may not have been known when this was read


@dataclass(frozen=True)
class Waiting:
    """The front of the queue. ``ready`` is in sending order; ``expired`` and ``closed`` will not be sent any more."""

    ready: list[Pending]
    expired: list[int]  # drop_after has passed
    closed: list[int]  # the account is blocked
    more: bool  # the limit cut something off


async def queue(tx: Tx, keys: Keyring, posts: Sequence[Post], now: datetime) -> None:
    """Queue messages in this order. One whose ``dedup_key`` was queued before is left out."""
    if not posts:
        return
    rows = [
        {
            "channel": post.channel,
            "bot_id": post.bot,
            "address": post.address,
            "lane": int(post.lane),
            "body": keys.seal_json("outbox.body", f"{post.bot}.{post.address}", _body(post)),
            "attachment_id": post.attachment,
            "edits": post.edits,
            "edits_message": post.edits_message,
            "record_id": post.record[0] if post.record else None,
            "record_version": post.record[1] if post.record else None,
            "not_before": post.not_before,
            "drop_after": post.drop_after,
            "dedup_key": post.dedup_key,
            "cancel_key": post.cancel_key,
            "state": PENDING,
            "attempts": 0,
            "created_at": now,
        }
        for post in posts
    ]
    await tx.execute(insert(tx, outbox).on_conflict_do_nothing(index_elements=["dedup_key"]), rows)


def _body(post: Post) -> dict[str, object]:
    body: dict[str, object] = {"text": post.text, "buttons": _written(post.buttons)}
    if post.whole is not None:
        whole = post.whole
        body["whole"] = [whole.text, _written(whole.buttons), whole.attachment, whole.dedup_key]
    if post.part:
        body["part"] = True
    return body


def _written(buttons: Buttons) -> list[list[list[str]]]:
    return [[[button.label, button.token] for button in row] for row in buttons]


def _buttons(written: Any) -> Buttons:
    return tuple(tuple(Button(*button) for button in row) for row in written)


async def pending(
    tx: Tx,
    bot: str,
    now: datetime,
    limit: int,
    under_way: Collection[int] = (),
    busy: Collection[str] = (),
    quiet: bool = False,
) -> Waiting:
    """The next messages in sending order, without those that are under way already and without a busy address's.

    While it is ``quiet``, only what is urgent or was asked for.
    """
    target = sent_message.alias("target")
    account_of = sa.and_(
        account.c.channel == outbox.c.channel, account.c.bot_id == outbox.c.bot_id, account.c.address == outbox.c.address
    )
    query = (
        sa.select(outbox, target.c.message_id.label("target_message"), account.c.state.label("account_state"))
        .outerjoin(target, target.c.outbox_id == outbox.c.edits)
        .outerjoin(account, account_of)
        .where(*_due(bot, now, quiet))
        .order_by(outbox.c.lane, outbox.c.id)
        .limit(limit)
    )
    if under_way:
        query = query.where(outbox.c.id.not_in(list(under_way)))
    if busy:
        query = query.where(outbox.c.address.not_in(list(busy)))
    rows = (await tx.execute(query)).mappings().all()
    waiting = Waiting([], [], [], more=len(rows) == limit)
    for row in rows:
        if row["drop_after"] is not None and row["drop_after"] < now:
            waiting.expired.append(row["id"])
        elif row["account_state"] == BLOCKED:
            waiting.closed.append(row["id"])
        else:
            waiting.ready.append(
                Pending(
                    id=row["id"],
                    address=row["address"],
                    lane=Lane(row["lane"]),
                    sealed=row["body"],
                    edits_message=row["target_message"] or row["edits_message"],
                    attachment=row["attachment_id"],
                    record=(row["record_id"], row["record_version"]) if row["record_id"] else None,
                    attempts=row["attempts"],
                    edits=row["edits"],
                )
            )
    return waiting


def open_message(keys: Keyring, bot: str, item: Pending) -> Outgoing:
    """The message itself, without its file. Raises WrongKey if it was sealed with another key."""
    body = keys.open_json("outbox.body", f"{bot}.{item.address}", item.sealed)
    return Outgoing(
        address=item.address,
        text=body["text"],
        buttons=_buttons(body["buttons"]),
        edits=item.edits_message,
    )


def _due(bot: str, now: datetime, quiet: bool) -> tuple[sa.ColumnElement[bool], ...]:
    due = outbox.c.bot_id == bot, _IS_PENDING, sa.or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now)
    return (*due, _not_at_night) if quiet else due


# Its reader waits for it, or it cannot wait, or it makes no sound.
_key = sa.func.coalesce(outbox.c.dedup_key, "")
_not_at_night = sa.or_(outbox.c.lane <= int(Lane.REPLY), _key.startswith(ASKED), _key.startswith(BOARD))


async def count_pending(tx: Tx, bot: str, now: datetime, quiet: bool = False) -> int:
    """How many could be sent right now."""
    query = sa.select(sa.func.count()).select_from(outbox).where(*_due(bot, now, quiet))
    return int(await tx.scalar(query) or 0)


async def any_later(tx: Tx, bot: str, now: datetime, quiet: bool = False) -> bool:
    """Whether something waits for an instant to come, or for the end of the night."""
    waits = outbox.c.not_before > now
    if quiet:
        waits = sa.or_(waits, sa.not_(_not_at_night))
    later = sa.select(outbox.c.id).where(outbox.c.bot_id == bot, _IS_PENDING, waits).limit(1)
    return await tx.scalar(later) is not None


@dataclass(frozen=True)
class Delivered:
    """``message`` was shown to ``address`` under the platform's id ``message_id``."""

    message: Pending
    message_id: str


async def mark_sent(tx: Tx, bot: str, delivered: Sequence[Delivered], now: datetime) -> None:
    if not delivered:
        return
    await _mark(tx, [item.message.id for item in delivered], SENT, now)
    rows = [
        {
            "outbox_id": item.message.id,
            "bot_id": bot,
            "address": item.message.address,
            "message_id": item.message_id,
            "record_id": item.message.record[0] if item.message.record else None,
            "record_version": item.message.record[1] if item.message.record else None,
            "sent_at": now,
        }
        for item in delivered
    ]
    await tx.execute(insert(tx, sent_message).on_conflict_do_nothing(), rows)


@dataclass(frozen=True)
class Sent:
    """Where something was said, and when."""

    id: int
    channel: str
    bot: str
    address: str
    at: datetime


async def sent_as(tx: Tx, dedup_keys: Collection[str]) -> dict[str, Sent]:
    """What was sent under these dedup keys."""
    query = sa.select(outbox).where(among(tx, outbox.c.dedup_key, dedup_keys), outbox.c.state == SENT)
    rows = await tx.execute(query)
    return {row.dedup_key: Sent(row.id, row.channel, row.bot_id, row.address, row.done_at) for row in rows}


async def mark_dropped(tx: Tx, ids: Collection[int], now: datetime) -> None:
    await _mark(tx, ids, DROPPED, now)


async def mark_failed(tx: Tx, ids: Collection[int], now: datetime) -> None:
    await _mark(tx, ids, FAILED, now)


async def count_attempt(tx: Tx, ids: Collection[int]) -> None:
    """One more try that broke; the message stays pending."""
    if ids:
        await tx.execute(sa.update(outbox).where(outbox.c.id.in_(list(ids))).values(attempts=outbox.c.attempts + 1))


async def _mark(tx: Tx, ids: Collection[int], state: str, now: datetime) -> None:
    if ids:
        await tx.execute(
            sa.update(outbox).where(outbox.c.id.in_(list(ids)), outbox.c.state == PENDING).values(state=state, done_at=now)
        )


async def cancel(tx: Tx, cancel_keys: Collection[str], now: datetime) -> None:
    """Take back what is not sent yet and no longer needed: a nudge to who has just reported."""
    if cancel_keys:
        await tx.execute(
            sa.update(outbox)
            .where(outbox.c.cancel_key.in_(list(cancel_keys)), outbox.c.state == PENDING)
            .values(state=CANCELLED, done_at=now)
        )


async def drop_for(tx: Tx, bot: str, address: str, now: datetime) -> None:
    """The chat is closed: whatever waits for it will never arrive."""
    here = sa.and_(outbox.c.bot_id == bot, outbox.c.address == address, outbox.c.state == PENDING)
    await tx.execute(sa.update(outbox).where(here).values(state=FAILED, done_at=now))


async def unasked(tx: Tx, keys: Keyring, bot: str, address: str) -> dict[int, Post]:
    """By id, in their order: what waits for this chat but the replies, as it was queued.

    One that cannot be opened is left out.
    """
    here = sa.and_(outbox.c.bot_id == bot, outbox.c.address == address, _IS_PENDING, outbox.c.lane != Lane.REPLY)
    found = {}
    for row in (await tx.execute(sa.select(outbox).where(here).order_by(outbox.c.lane, outbox.c.id))).mappings():
        try:
            body = keys.open_json("outbox.body", f"{bot}.{address}", row["body"])
        except WrongKey:
            continue
        found[row["id"]] = _post(row, body)
    return found


def _post(row: sa.RowMapping, body: Any) -> Post:
    text, buttons, attachment, dedup_key = body.get("whole", (None,) * 4)
    return Post(
        channel=row["channel"],
        bot=row["bot_id"],
        address=row["address"],
        text=body["text"],
        buttons=_buttons(body["buttons"]),
        lane=Lane(row["lane"]),
        attachment=row["attachment_id"],
        record=(row["record_id"], row["record_version"]) if row["record_id"] else None,
        not_before=row["not_before"],
        drop_after=row["drop_after"],
        dedup_key=row["dedup_key"],
        cancel_key=row["cancel_key"],
        whole=Whole(text, _buttons(buttons), attachment, dedup_key) if text is not None else None,
        part=body.get("part", False),
    )


async def mark_moved(tx: Tx, ids: Collection[int], now: datetime) -> None:
    """They have been queued for another account."""
    await _mark(tx, ids, MOVED, now)


async def shown_record(tx: Tx, bot: str, address: str, message_id: str) -> tuple[str, int] | None:
    """Which record, in which version, a delivered message shows after its last edit: what a reply to it is about."""
    query = (
        sa.select(sent_message.c.record_id, sent_message.c.record_version)
        .where(sent_message.c.bot_id == bot, sent_message.c.address == address, sent_message.c.message_id == message_id)
        .order_by(sent_message.c.outbox_id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return (row.record_id, row.record_version) if row is not None and row.record_id is not None else None


async def queued_as(tx: Tx, dedup_key: str) -> int | None:
    """The id of the message that was queued under this key, whatever became of it."""
    return await tx.scalar(sa.select(outbox.c.id).where(outbox.c.dedup_key == dedup_key))


async def key_of(tx: Tx, bot: str, address: str, message_id: str) -> str | None:
    """The key under which a delivered message was queued: what a reply to it is about."""
    query = (
        sa.select(outbox.c.dedup_key)
        .join(sent_message, sent_message.c.outbox_id == outbox.c.id)
        .where(sent_message.c.bot_id == bot, sent_message.c.address == address, sent_message.c.message_id == message_id)
        .order_by(outbox.c.id)
        .limit(1)
    )
    return await tx.scalar(query)


async def shown_as(tx: Tx, outbox_id: int) -> str | None:
    """The platform's id of a message that was delivered."""
    return await tx.scalar(sa.select(sent_message.c.message_id).where(sent_message.c.outbox_id == outbox_id))


async def newest_record(tx: Tx, bot: str, address: str) -> str | None:
    """The record that was shown last in this chat."""
    query = (
        sa.select(sent_message.c.record_id)
        .where(sent_message.c.bot_id == bot, sent_message.c.address == address, sent_message.c.record_id.is_not(None))
        .order_by(sent_message.c.outbox_id.desc())
        .limit(1)
    )
    found = await tx.scalar(query)
    return str(found) if found is not None else None


async def must_stay(tx: Tx, bot: str, address: str, message_id: str) -> bool:
    """Whether a delivered message is more than a step: it confirms a record, the schedule sent it, or it is kept up to date."""
    query = (
        sa.select(outbox.c.lane, outbox.c.record_id, outbox.c.dedup_key)
        .join(sent_message, sent_message.c.outbox_id == outbox.c.id)
        .where(sent_message.c.bot_id == bot, sent_message.c.address == address, sent_message.c.message_id == message_id)
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    if row is None:
        return False
    return row.lane != Lane.REPLY or row.record_id is not None or (row.dedup_key or "").startswith(BOARD)


async def last_urgent(tx: Tx, bot: str, address: str) -> str | None:
    """The record that the newest urgent message in this chat told of."""
    query = (
        sa.select(outbox.c.record_id)
        .join(sent_message, sent_message.c.outbox_id == outbox.c.id)
        .where(
            sent_message.c.bot_id == bot,
            sent_message.c.address == address,
            outbox.c.lane == Lane.URGENT,
            outbox.c.record_id.is_not(None),
        )
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    return await tx.scalar(query)


async def attach(tx: Tx, keys: Keyring, attachment_id: str, file: Attachment, now: datetime) -> str:
    """Store a file for sending; the same id stores it once."""
    await tx.execute(
        insert(tx, attachment).on_conflict_do_nothing(),
        {
            "id": attachment_id,
            "name": keys.seal("attachment.name", attachment_id, file.name),
            "mime": file.mime,
            "content": keys.seal("attachment.content", attachment_id, file.content),
            "created_at": now,
        },
    )
    return attachment_id


async def read_attachment(tx: Tx, keys: Keyring, attachment_id: str) -> Attachment | None:
    row = (await tx.execute(sa.select(attachment).where(attachment.c.id == attachment_id))).one_or_none()
    if row is None:
        return None
    return Attachment(
        name=keys.open("attachment.name", attachment_id, row.name),
        content=keys.open_bytes("attachment.content", attachment_id, row.content),
        mime=row.mime,
        id=attachment_id,
    )


async def clear(tx: Tx, before: datetime) -> None:
    """Forget the words of what was settled before this instant; that it was sent stays.

    Files go too, but for those that wait to be sent, what a team sent, which goes with its item (``media.forget``), and
    scans of signed papers.
    """
    await tx.execute(sa.update(outbox).where(outbox.c.state != PENDING, outbox.c.done_at < before).values(body=None))
    waiting = sa.exists().where(outbox.c.attachment_id == attachment.c.id, outbox.c.state == PENDING)
    kept = sa.exists().where(media_item.c.attachment_id == attachment.c.id)
    scan = attachment.c.id.startswith(SCANS)
    await tx.execute(sa.delete(attachment).where(attachment.c.created_at < before, ~waiting, ~kept, ~scan))
