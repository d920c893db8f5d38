"""Mails of issued figures, with the server's reply."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=False),
        sa.Column("left_to", sa.Text()),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("unit_code", "kind", "day", "version", name=op.f("pk_mail")),
    )
    op.create_index("ix_mail_state_next_try", "mail", ["state", "next_try"])
