"""One person, several records over time: what a record builds on, and which persons are the same or are not."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("record", sa.Column("follows", CODE, nullable=True))
    op.create_index("ix_record_follows", "record", ["follows"])
    op.create_index("ix_posting_subject", "posting", ["subject"])
    op.create_table(
        "person_pair",
        sa.Column("person_id", CODE, nullable=False),
        sa.Column("other_id", CODE, nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", CODE, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_person_pair_event_id_event")),
        sa.PrimaryKeyConstraint("person_id", "other_id", name=op.f("pk_person_pair")),
    )
    op.create_index("ix_person_pair_other_id", "person_pair", ["other_id"])
