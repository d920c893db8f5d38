"""Every table, once. Migrations build it; nothing else creates tables.

Types are the few that SQLite and PostgreSQL share. ``Sealed`` marks a column that holds ciphertext: whatever could identify
a person, and every health answer, is sealed (``storage.crypto``). Codes and keys compare by bytes on both databases.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as whole microseconds since 1970 in UTC: sorts, compares and survives both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs an offset")
        since = value.astimezone(UTC) - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + _MICROSECOND * value


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC) - _EPOCH


class Sealed(TypeDecorator[bytes]):
    """Ciphertext of one value, bound to its table, column and row by ``Keyring.seal``."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, bytes):
            raise TypeError("seal it first")
        return value


Code = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts rowids only on INTEGER

# --- what is true of the whole database -----------------------------------------------------------------------------

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", Code, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

# --- units ----------------------------------------------------------------------------------------------------------

org_unit = sa.Table(
    "org_unit",
    metadata,
    sa.Column("code", Code, primary_key=True),
    sa.Column("valid_from", sa.Date, primary_key=True),
    sa.Column("valid_to", sa.Date),  # first day on which it no longer holds
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("level", Code, nullable=False),
    sa.Column("label", sa.Text),  # thôn, bản, tiểu khu …: the word belongs to the unit
    sa.Column("parent_code", Code),
    sa.Index("ix_org_unit_parent_code", "parent_code"),
)

unit_change = sa.Table(
    "unit_change",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("from_code", Code, nullable=False),
    sa.Column("to_code", Code, nullable=False),  # "" where nobody takes its place
    sa.Column("kind", Code, nullable=False),  # close, merge, split
)

unit_way = sa.Table(
    "unit_way",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("way", Code, nullable=False),  # app, phone, paper; without a row, app
    sa.Column("contact", Sealed, nullable=False),  # whom to ring up: name and phone, JSON
    sa.Column("set_by", Code),
    sa.Column("set_at", Instant, nullable=False),
)

call_attempt = sa.Table(
    "call_attempt",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("day", sa.Date, nullable=False),  # about whose report nobody could be reached
    sa.Column("by_id", Code),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_call_attempt_day_unit_code", "day", "unit_code"),
    sqlite_autoincrement=True,
)

# --- who may, and who is who ----------------------------------------------------------------------------------------

user = sa.Table(
    "user_account",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("full_name", Sealed, nullable=False),
    sa.Column("phone", Sealed),
    sa.Column("address_form", Code, nullable=False),
    sa.Column("language", Code, nullable=False),
    sa.Column("notice_version", Code),
    sa.Column("notice_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
)

account = sa.Table(
    "account",
    metadata,
    sa.Column("channel", Code, primary_key=True),
    sa.Column("bot_id", Code, primary_key=True),
    sa.Column("address", Code, primary_key=True),
    sa.Column("user_id", Code, sa.ForeignKey("user_account.id")),
    sa.Column("state", Code, nullable=False),  # open, blocked
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column("duties", sa.Boolean, nullable=False, server_default=sa.false()),  # of several accounts, the one that gets them
    sa.Column("linked_at", Instant),  # since when it is this user's; null for who came in before that was noted
    sa.Index("ix_account_user_id", "user_id"),
)

link_code = sa.Table(
    "link_code",
    metadata,
    sa.Column("code", Code, primary_key=True),  # keyed hash; the code itself is shown once
    sa.Column("user_id", Code, sa.ForeignKey("user_account.id"), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Index("ix_link_code_user_id", "user_id"),
)

wrong_code = sa.Table(
    "wrong_code",
    metadata,
    sa.Column("channel", Code, primary_key=True),
    sa.Column("bot_id", Code, primary_key=True),
    sa.Column("address", Code, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),  # codes in a row that were no code
    sa.Column("since", Instant, nullable=False),  # when the first of them was typed
)

role = sa.Table(
    "role",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("user_id", Code, sa.ForeignKey("user_account.id"), nullable=False),
    sa.Column("role", Code, nullable=False),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("granted_by", Code),
    sa.Column("granted_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Index("ix_role_user_id", "user_id"),
    sa.Index("ix_role_unit_code", "unit_code"),
)

invite = sa.Table(
    "invite",
    metadata,
    sa.Column("code", Code, primary_key=True),  # keyed hash; the code itself is shown once
    sa.Column("role", Code, nullable=False),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("created_by", Code),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_by", Code),
    sa.Column("used_at", Instant),
    sa.Column("revoked_at", Instant),
)

# --- conversations --------------------------------------------------------------------------------------------------

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

# --- records and the ledger -----------------------------------------------------------------------------------------

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", Serial, primary_key=True, autoincrement=True),
    sa.Column("kind", Code, nullable=False),  # filed, corrected, undone, …
    sa.Column("record_id", Code, nullable=False),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("author_id", Code),
    sa.Column("at", Instant, nullable=False),
    sa.Column("undoes", sa.BigInteger, sa.ForeignKey("event.id")),
    sa.Column("reason", Sealed),
    sa.Index("ix_event_record_id", "record_id"),
    sqlite_autoincrement=True,
)

record = sa.Table(
    "record",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("kind", Code, nullable=False),  # the form's name
    sa.Column("form_version", sa.Integer, nullable=False),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("person_id", Code),
    sa.Column("day", sa.Date, nullable=False),  # the reporting window it belongs to
    sa.Column("body", Sealed, nullable=False),  # answers, JSON
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("author_id", Code),
    sa.Column("event_id", sa.BigInteger, sa.ForeignKey("event.id"), nullable=False),
    sa.Column("void", sa.Boolean, nullable=False),  # this version says that the record was filed in error
    sa.Column("legal_basis", sa.Text),  # as configured when it was recorded (Law 91/2025/QH15)
    sa.Column("follows", Code),  # the record that this one builds on: a visit's case, what a conversion closed
    sa.Column("source_case", Code),  # the case of somebody else from which it comes: of a contact, of another case
    sa.Index("ix_record_unit_code_kind", "unit_code", "kind"),
    sa.Index("ix_record_follows", "follows"),
    sa.Index("ix_record_source_case", "source_case"),
    sa.Index("ix_record_person_id", "person_id"),
    sa.Index("ix_record_event_id", "event_id"),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("body", Sealed, nullable=False),  # full_name, birth_year, sex, phone, household …, JSON
    sa.Column("phone_index", Code),  # keyed hash of the whole number; names have no index on purpose
    sa.Column("national_id_index", Code),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("author_id", Code),
    sa.Column("event_id", sa.BigInteger, sa.ForeignKey("event.id"), nullable=False),
    sa.Index("ix_person_unit_code", "unit_code"),
    sa.Index("ix_person_phone_index", "phone_index"),
)

person_pair = sa.Table(
    "person_pair",
    metadata,
    sa.Column("person_id", Code, primary_key=True),  # of two that are the same, the one that is kept
    sa.Column("other_id", Code, primary_key=True),
    sa.Column("same", sa.Boolean, nullable=False),  # false: looked at, and they are two
    sa.Column("event_id", sa.BigInteger, sa.ForeignKey("event.id")),
    sa.Column("decided_by", Code),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Index("ix_person_pair_other_id", "other_id"),
)

look_alike = sa.Table(
    "look_alike",
    metadata,
    sa.Column("person_id", Code, primary_key=True),
    sa.Column("other_id", Code, primary_key=True),
    sa.Column("found_at", Instant, nullable=False),  # nobody has said yet whether they are one: then it is a person_pair
    sa.Index("ix_look_alike_other_id", "other_id"),
)

transfer = sa.Table(
    "transfer",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("person_id", Code, nullable=False),
    sa.Column("from_unit", Code, nullable=False),  # keeps the person until the other accepts
    sa.Column("to_unit", Code, nullable=False),  # "" while it is being chosen
    sa.Column("reason", Sealed, nullable=False),
    sa.Column("proposed_by", Code, nullable=False),
    sa.Column("proposed_at", Instant, nullable=False),
    sa.Column("state", Code, nullable=False),  # choosing, open, accepted, returned, withdrawn
    sa.Column("decided_by", Code),
    sa.Column("decided_at", Instant),
    sa.Column("answer", Sealed),  # why it was returned
    sa.Index("ix_transfer_person_id", "person_id"),
    sa.Index("ix_transfer_to_unit_state", "to_unit", "state"),
    sa.Index("ix_transfer_from_unit_state", "from_unit", "state"),
)

posting = sa.Table(
    "posting",
    metadata,
    sa.Column("seq", Serial, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.BigInteger, sa.ForeignKey("event.id"), nullable=False),
    sa.Column("subject", Code),  # the person or the record that is counted; null once erased
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("indicator", Code, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Index("ix_posting_figures", "indicator", "unit_code", "day", "seq", "n"),
    sa.Index("ix_posting_day", "day"),
    sa.Index("ix_posting_event_id", "event_id"),
    sa.Index("ix_posting_subject", "subject"),
    sqlite_autoincrement=True,
)

stock_total = sa.Table(
    "stock_total",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("indicator", Code, primary_key=True),  # a stock
    sa.Column("n", sa.BigInteger, nullable=False),  # the sum of all its postings, kept in their own transaction
)

report = sa.Table(
    "report",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("data_set", Code, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),  # one report per unit, data set and window (A2)
    sa.Column("record_id", Code, nullable=False),
    sa.Column("filed_at", Instant, nullable=False),  # when the first version was sent
    sa.Column("zero", sa.Boolean, nullable=False),
    sa.Column("kept", sa.Boolean, nullable=False, server_default=sa.false()),  # the commune kept the former figures
    sa.Index("ix_report_data_set_day", "data_set", "day"),
)

opening = sa.Table(
    "opening",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("indicator", Code, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),  # the newest holds; what it counts is posted
    sa.Column("n", sa.Integer, nullable=False),  # 0: taken back
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("source", Sealed, nullable=False),
    sa.Column("by_user", Code, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("event_id", sa.BigInteger, sa.ForeignKey("event.id"), nullable=False),
)

late_reason = sa.Table(
    "late_reason",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),  # of the report that comes later
    sa.Column("reason", Code, nullable=False),  # no_signal, in_the_field, someone_else, checking, other
    sa.Column("by_user", Code, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

digest = sa.Table(
    "digest",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("kind", Code, primary_key=True),  # morning, evening
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),  # the last posting it knew
    sa.Column("as_of", Instant, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("figures", sa.Text, nullable=False),  # JSON: counts only, never a name
)

explanation = sa.Table(
    "explanation",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("indicator", Code, primary_key=True),
    sa.Column("source", Code, primary_key=True),  # declared, above
    sa.Column("declared", sa.Integer, nullable=False),  # with the next: the two numbers that it is about
    sa.Column("listed", sa.Integer, nullable=False),
    sa.Column("text", Sealed, nullable=False),
    sa.Column("by_user", Code, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

figure_above = sa.Table(
    "figure_above",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("indicator", Code, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),  # as those above the unit have it
    sa.Column("by_user", Code, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

sign_off = sa.Table(
    "sign_off",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("kind", Code, primary_key=True),  # as of the digest
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),  # of the digest; reviewed may be one that is not issued yet
    sa.Column("step", Code, primary_key=True),  # reviewed, approved, printed, signed, sent
    sa.Column("by_user", Code, nullable=False),  # who recorded it
    sa.Column("whose", Code, nullable=False),  # whose decision it is: of somebody else if it came by telephone
    sa.Column("at", Instant, nullable=False),
    sa.Column("means", Code, nullable=False),  # app, phone
    sa.Column("figures", Code, nullable=False),  # fingerprint of what was looked at
    sa.Column("number", sa.Text),  # of the signed paper
    sa.Column("scan", Code),  # its attachment
)

own_table = sa.Table(
    "own_table",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("first_day", sa.Date, nullable=False),  # of the reports that it is filled for
    sa.Column("body", Sealed, nullable=False),  # JSON: the file's name and the mapping; headings and rows may name people
    sa.Column("content", Sealed),  # the empty template; NULL: from this day on none is filled
    sa.Column("by_user", Code, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

own_table_draft = sa.Table(
    "own_table_draft",
    metadata,
    sa.Column("user_id", Code, sa.ForeignKey("user_account.id"), primary_key=True),
    sa.Column("id", Code, nullable=False),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("based_on", sa.Integer, nullable=False),  # the version that was the newest when it was begun
    sa.Column("body", Sealed, nullable=False),  # JSON: the file's name, the mapping as far as it is, what was said of it
    sa.Column("content", Sealed, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
)

mail = sa.Table(
    "mail",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("kind", Code, primary_key=True),  # as of the digest
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),  # of the digest that it carries
    sa.Column("state", Code, nullable=False),  # waiting, sent, refused, replaced
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next_try", Instant, nullable=False),
    sa.Column("left_to", sa.Text),  # JSON: the addresses that are still to get it; NULL: all
    sa.Column("reply", sa.Text, nullable=False),  # what the server said last, or what kept it from being asked
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Index("ix_mail_state_next_try", "state", "next_try"),
)

# --- the officers' board --------------------------------------------------------------------------------------------

claim = sa.Table(
    "claim",
    metadata,
    sa.Column("unit_code", Code, primary_key=True),  # on whose board
    sa.Column("item", Code, primary_key=True),
    sa.Column("user_id", Code, nullable=False),  # who sees to it
    sa.Column("at", Instant, nullable=False),
)

live_board = sa.Table(
    "live_board",
    metadata,
    sa.Column("channel", Code, primary_key=True),
    sa.Column("bot_id", Code, primary_key=True),
    sa.Column("address", Code, primary_key=True),  # one a chat
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("page", sa.Integer, nullable=False),
    sa.Column("queued_as", Code, nullable=False),  # the dedup key of what was queued for it last
    sa.Column("shown", Code, nullable=False),  # fingerprint of what it shows
    sa.Column("at", Instant, nullable=False),  # when its reader opened it or turned a page
)

handover = sa.Table(
    "handover",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("giver", Code, nullable=False),
    sa.Column("receiver", Code, nullable=False),
    sa.Column("items", sa.Text, nullable=False),  # JSON: what was offered, as in claim.item
    sa.Column("given_at", Instant, nullable=False),
    sa.Column("state", Code, nullable=False),  # open, accepted, declined, withdrawn
    sa.Column("decided_at", Instant),
    sa.Column("reason", Code),  # why it was declined: busy, off_duty, unclear, other
    sa.Index("ix_handover_unit_code_state", "unit_code", "state"),
)

deputy = sa.Table(
    "deputy",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("user_id", Code, nullable=False),  # who is away
    sa.Column("deputy_id", Code, nullable=False),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", sa.Date, nullable=False),  # the last day
    sa.Column("lent", Code),  # the role that the deputy has only for that time
    sa.Column("ended_at", Instant),
    sa.Index("ix_deputy_unit_code", "unit_code"),
    sa.Index("ix_deputy_user_id", "user_id"),
)

# --- quick questions ------------------------------------------------------------------------------------------------

question = sa.Table(
    "question",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("unit_code", Code, nullable=False),
    sa.Column("by_user", Code, nullable=False),
    sa.Column("kind", Code, nullable=False),  # number, yes_no, choice, text, date
    sa.Column("body", Sealed, nullable=False),  # JSON: what is asked, and the choices
    sa.Column("units", sa.Text),  # JSON: the codes of those that are asked; NULL: all right below
    sa.Column("state", Code, nullable=False),  # draft, open, closed, withdrawn
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("ask_wall", sa.Text),  # HH:MM; with the next: of a daily one
    sa.Column("due_wall", sa.Text),
    sa.Column("next_at", Instant),  # when something falls due next
    sa.Column("closed_by", Code),
    sa.Column("closed_at", Instant),
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_question_unit_code_state", "unit_code", "state"),
    sa.Index("ix_question_next_at", "next_at"),
)

question_round = sa.Table(
    "question_round",
    metadata,
    sa.Column("question_id", Code, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Index("ix_question_round_day", "day"),
)

question_answer = sa.Table(
    "question_answer",
    metadata,
    sa.Column("question_id", Code, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("body", Sealed, nullable=False),  # JSON: the value, and who told it where somebody else typed it
    sa.Column("by_user", Code, nullable=False),
    sa.Column("means", Code, nullable=False),  # app, phone, paper
    sa.Column("at", Instant, nullable=False),
)

# --- time and processes ---------------------------------------------------------------------------------------------

job_run = sa.Table(
    "job_runs",
    metadata,
    sa.Column("job", Code, primary_key=True),
    sa.Column("unit_code", Code, primary_key=True),
    sa.Column("due_at", Instant, primary_key=True),
    sa.Column("ran_at", Instant, nullable=False),
    sa.Column("outcome", Code, nullable=False),  # ran, late, dropped
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", Code, primary_key=True),
    sa.Column("holder", Code, nullable=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("until", Instant, nullable=False),  # real time, not the domain's clock
)

work = sa.Table(
    "work",
    metadata,
    sa.Column("id", Code, primary_key=True),
    sa.Column("kind", Code, nullable=False),
    sa.Column("args", Sealed, nullable=False),
    sa.Column("requested_by", Code),
    sa.Column("as_of", Instant, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("state", Code, nullable=False),  # waiting, done, failed
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("ix_work_state", "state"),
)
