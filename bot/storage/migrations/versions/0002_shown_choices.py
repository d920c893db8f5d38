"""What was last listed on a channel without buttons, so that a digit means what the person saw."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "shown_choices",
        sa.Column("channel", CODE, nullable=False),
        sa.Column("bot_id", CODE, nullable=False),
        sa.Column("address", CODE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "bot_id", "address", name=op.f("pk_shown_choices")),
    )
