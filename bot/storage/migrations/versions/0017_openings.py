"""What units counted before they reported here."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "opening",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("indicator", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("by_user", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_opening_event_id_event")),
        sa.PrimaryKeyConstraint("unit_code", "indicator", "version", name=op.f("pk_opening")),
    )
