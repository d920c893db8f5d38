"""Photos, voice and files that teams send: kept until the commune has typed in what they say."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "media_item",
        sa.Column("number", SERIAL, autoincrement=True, nullable=False),
        sa.Column("id", CODE, nullable=False),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("bot_id", CODE, nullable=False),
        sa.Column("address", CODE, nullable=False),
        sa.Column("user_id", CODE, nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("album", CODE, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("attachment_id", CODE, nullable=True),
        sa.Column("state", CODE, nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("done_by", CODE, nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_media_item_user_id_user_account")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_media_item")),
        sa.UniqueConstraint("id", name=op.f("uq_media_item_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_media_item_unit_code_state", "media_item", ["unit_code", "state"])
    op.create_index("ix_media_item_attachment_id", "media_item", ["attachment_id"])
