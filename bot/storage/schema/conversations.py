"""Messages in, drafts, messages out, and the files that came with either."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema.columns import Code, Instant, Sealed, Serial, metadata

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("bot_id", Code, primary_key=True),
    sa.Column("message", Code, primary_key=True),  # Inbound.id
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("outcome", Code, nullable=False),  # done, trying, set_aside
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("reference", Code),  # what the sender was told to quote
    sa.Column("body", Sealed),  # kept only for what was set aside
    sa.Index("ix_inbox_received_at", "received_at"),
)

arrival = sa.Table(
    "arrival",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("channel", Code, nullable=False),
    sa.Column("bot_id", Code, nullable=False),
    sa.Column("body", Sealed, nullable=False),  # what a webhook was sent, as it came
    sa.Column("arrived_at", Instant, nullable=False),
    sa.Index("ix_arrival_channel_bot_id_id", "channel", "bot_id", "id"),
    sqlite_autoincrement=True,
)

draft = sa.Table(
    "draft",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("user_id", Code, sa.ForeignKey("user_account.id"), nullable=False, unique=True),  # one open draft a person
    sa.Column("form", Code, nullable=False),
    sa.Column("form_version", sa.Integer, nullable=False),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("at", Code, nullable=False),
    sa.Column("body", Sealed, nullable=False),  # answers and facts, JSON
    sa.Column("amends", Code),
    sa.Column("channel", Code),  # with the next two: the chat in which it was last worked on
    sa.Column("bot_id", Code),
    sa.Column("address", Code),
    sa.Column("updated_at", Instant, nullable=False),
)

pasted = sa.Table(
    "pasted",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("user_id", Code, sa.ForeignKey("user_account.id"), nullable=False, unique=True),
    sa.Column("body", Sealed, nullable=False),  # people, villages with nothing new, what was not understood, JSON
    sa.Column("created_at", Instant, nullable=False),
)

shown_choices = sa.Table(
    "shown_choices",
    metadata,
    sa.Column("channel", Code, primary_key=True),
    sa.Column("bot_id", Code, primary_key=True),
    sa.Column("address", Code, primary_key=True),
    sa.Column("body", Sealed, nullable=False),  # the list as numbered, JSON: a later digit means one of it
    sa.Column("shown_at", Instant, nullable=False),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("channel", Code, nullable=False),
    sa.Column("bot_id", Code, nullable=False),
    sa.Column("address", Code, nullable=False),
    sa.Column("lane", sa.SmallInteger, nullable=False),  # -1 urgent, 0 reply, 1 duty, 2 bulk
    sa.Column("body", Sealed),  # text and buttons, JSON; cleared by upkeep
    sa.Column("attachment_id", Code),
    sa.Column("edits", sa.BigInteger),  # outbox id whose message is replaced
    sa.Column("edits_message", Code),  # or the platform's id, for a tap on a message
    sa.Column("record_id", Code),
    sa.Column("record_version", sa.Integer),
    sa.Column("not_before", Instant),
    sa.Column("drop_after", Instant),
    sa.Column("dedup_key", Code, unique=True),
    sa.Column("cancel_key", Code),
    sa.Column("state", Code, nullable=False),  # pending, sent, dropped, cancelled, failed, moved
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.Index(
        "ix_outbox_pending",
        "bot_id",
        "lane",
        "id",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    ),
    sa.Index(
        "ix_outbox_cancel_key",
        "cancel_key",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    ),
    sqlite_autoincrement=True,
)

sent_message = sa.Table(
    "sent_message",
    metadata,
    sa.Column("outbox_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("bot_id", Code, nullable=False),
    sa.Column("address", Code, nullable=False),
    sa.Column("message_id", Code, nullable=False),  # the platform's
    sa.Column("record_id", Code),
    sa.Column("record_version", sa.Integer),
    sa.Column("sent_at", Instant, nullable=False),
    sa.Index("ix_sent_message_bot_id_address_message_id", "bot_id", "address", "message_id"),
)

attachment = sa.Table(
    "attachment",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("name", Sealed, nullable=False),
    sa.Column("mime", Code, nullable=False),
    sa.Column("content", Sealed, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

media_item = sa.Table(
    "media_item",
    metadata,
    sa.Column("number", Serial, primary_key=True, autoincrement=True),  # the order in which they came: albums have pages
    sa.Column("id", Code, nullable=False, unique=True),
    sa.Column("channel", Code, nullable=False),
    sa.Column("bot_id", Code, nullable=False),
    sa.Column("address", Code, nullable=False),  # the chat it came from
    sa.Column("user_id", Code, sa.ForeignKey("user_account.id"), nullable=False),
    sa.Column("unit_code", Code, nullable=False),  # the village it is about; the commune if the sender has several
    sa.Column("day", sa.Date, nullable=False),  # the report that was open when it came
    sa.Column("kind", Code, nullable=False),  # photo, document, voice, video
    sa.Column("album", Code),
    sa.Column("body", Sealed, nullable=False),  # where the platform keeps it, its name, its caption, JSON
    sa.Column("attachment_id", Code),  # once it is fetched
    sa.Column("state", Code, nullable=False),  # coming, waiting, done, lost
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("done_by", Code),
    sa.Column("done_at", Instant),
    sa.Index("ix_media_item_unit_code_state", "unit_code", "state"),
    sa.Index("ix_media_item_attachment_id", "attachment_id"),
    sqlite_autoincrement=True,
)
