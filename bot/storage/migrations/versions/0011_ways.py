"""How villages report that are not on the app, and calls that nobody answered."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "unit_way",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("way", CODE, nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", CODE, nullable=True),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", name=op.f("pk_unit_way")),
    )
    op.create_table(
        "call_attempt",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", CODE, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_attempt")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_call_attempt_day_unit_code", "call_attempt", ["day", "unit_code"])
