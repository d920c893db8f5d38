"""What officials work with: the board, who sees to what and who stands in, quick questions."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema.columns import Code, Instant, Sealed, metadata

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
