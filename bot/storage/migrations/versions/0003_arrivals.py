"""What a webhook brought, until the leader of its token has handled it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("bot_id", CODE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_arrival_channel_bot_id_id", "arrival", ["channel", "bot_id", "id"])
