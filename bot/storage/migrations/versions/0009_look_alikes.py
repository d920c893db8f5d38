"""Two people who may be one and about whom nobody has decided yet."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "look_alike",
        sa.Column("person_id", CODE, nullable=False),
        sa.Column("other_id", CODE, nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "other_id", name=op.f("pk_look_alike")),
    )
    op.create_index("ix_look_alike_other_id", "look_alike", ["other_id"])
