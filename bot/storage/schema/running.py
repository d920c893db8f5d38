"""What is true of the whole database, and which process does what when."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema.columns import Code, Instant, Sealed, metadata

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("key", Code, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

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
