"""Shifts that are handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", CODE, nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("giver", CODE, nullable=False),
        sa.Column("receiver", CODE, nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("decided_at", sa.BigInteger()),
        sa.Column("reason", CODE),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_unit_code_state", "handover", ["unit_code", "state"])
