"""A unit's own table: the templates it confirmed, by version, and what somebody is about to confirm."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "own_table",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("by_user", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", "version", name=op.f("pk_own_table")),
    )
    op.create_table(
        "own_table_draft",
        sa.Column("user_id", CODE, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_own_table_draft_user_id_user_account")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_own_table_draft")),
    )
