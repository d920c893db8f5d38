"""One person on two channels: codes that join a second account, which account gets the duties, where a draft is worked on."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "link_code",
        sa.Column("code", CODE, nullable=False),
        sa.Column("user_id", CODE, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_link_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_link_code")),
    )
    op.create_index("ix_link_code_user_id", "link_code", ["user_id"])
    op.add_column("account", sa.Column("duties", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("account", sa.Column("linked_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "wrong_code",
        sa.Column("channel", CODE, nullable=False),
        sa.Column("bot_id", CODE, nullable=False),
        sa.Column("address", CODE, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "bot_id", "address", name=op.f("pk_wrong_code")),
    )
    for column in ("channel", "bot_id", "address"):
        op.add_column("draft", sa.Column(column, CODE, nullable=True))
