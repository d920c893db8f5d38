"""Who stands in for whom, until when."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", CODE, nullable=False),
        sa.Column("user_id", CODE, nullable=False),
        sa.Column("deputy_id", CODE, nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("lent", CODE),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index("ix_deputy_unit_code", "deputy", ["unit_code"])
    op.create_index("ix_deputy_user_id", "deputy", ["user_id"])
