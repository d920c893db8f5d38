"""Proposals to hand a person over to another village."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", CODE, nullable=False),
        sa.Column("person_id", CODE, nullable=False),
        sa.Column("from_unit", CODE, nullable=False),
        sa.Column("to_unit", CODE, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", CODE, nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("decided_by", CODE, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_person_id", "transfer", ["person_id"])
    op.create_index("ix_transfer_to_unit_state", "transfer", ["to_unit", "state"])
    op.create_index("ix_transfer_from_unit_state", "transfer", ["from_unit", "state"])
