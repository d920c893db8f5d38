"""Who reviewed and approved a day's figures, and how far their paper is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sign_off",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("by_user", CODE, nullable=False),
        sa.Column("whose", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("means", CODE, nullable=False),
        sa.Column("figures", CODE, nullable=False),
        sa.Column("number", sa.Text()),
        sa.Column("scan", CODE),
        sa.PrimaryKeyConstraint("unit_code", "kind", "day", "version", "step", name=op.f("pk_sign_off")),
    )
