"""The officers' board: who sees to what, and the messages that show it and are kept up to date."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("item", CODE, nullable=False),
        sa.Column("user_id", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", "item", name=op.f("pk_claim")),
    )
    op.create_table(
        "live_board",
        sa.Column("channel", CODE, nullable=False),
        sa.Column("bot_id", CODE, nullable=False),
        sa.Column("address", CODE, nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("queued_as", CODE, nullable=False),
        sa.Column("shown", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "bot_id", "address", name=op.f("pk_live_board")),
    )
