"""Why figures differ from their lists, and figures that those above have by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "explanation",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("indicator", CODE, nullable=False),
        sa.Column("source", CODE, nullable=False),
        sa.Column("declared", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("by_user", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", "day", "indicator", "source", name=op.f("pk_explanation")),
    )
    op.create_table(
        "figure_above",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("indicator", CODE, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("by_user", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", "day", "indicator", name=op.f("pk_figure_above")),
    )
