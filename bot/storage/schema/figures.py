"""Reports of a day, and what is made of figures: digests, explanations, confirmations, tables, mails."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema.columns import Code, Instant, Sealed, metadata

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
