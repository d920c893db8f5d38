"""Records, persons, and the ledger of postings."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema.columns import Code, Instant, Sealed, Serial, metadata

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
