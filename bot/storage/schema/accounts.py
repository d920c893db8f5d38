"""Who may, and who is who."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema.columns import Code, Instant, Sealed, Serial, metadata

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
