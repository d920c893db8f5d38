"""Reports that keep the figures of the former one."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("report", sa.Column("kept", sa.Boolean(), nullable=False, server_default=sa.false()))
