"""The units, how they change, and how villages report."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema.columns import Code, Instant, Sealed, Serial, metadata

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
