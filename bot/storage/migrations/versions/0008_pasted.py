"""What somebody pasted and has not confirmed yet."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pasted",
        sa.Column("id", CODE, nullable=False),
        sa.Column("user_id", CODE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_pasted_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pasted")),
        sa.UniqueConstraint("user_id", name=op.f("uq_pasted_user_id")),
    )
