"""Of a contact, and of a case that has it from another: that case's record."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("record", sa.Column("source_case", CODE, nullable=True))
    op.create_index("ix_record_source_case", "record", ["source_case"])
