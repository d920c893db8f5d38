"""Quick questions: what was asked, each round, and the versions of every answer."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", CODE, nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("by_user", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("units", sa.Text(), nullable=True),
        sa.Column("state", CODE, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("ask_wall", sa.Text(), nullable=True),
        sa.Column("due_wall", sa.Text(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", CODE, nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index("ix_question_unit_code_state", "question", ["unit_code", "state"])
    op.create_index("ix_question_next_at", "question", ["next_at"])
    op.create_table(
        "question_round",
        sa.Column("question_id", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("question_id", "day", name=op.f("pk_question_round")),
    )
    op.create_index("ix_question_round_day", "question_round", ["day"])
    op.create_table(
        "question_answer",
        sa.Column("question_id", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("by_user", CODE, nullable=False),
        sa.Column("means", CODE, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("question_id", "day", "unit_code", "version", name=op.f("pk_question_answer")),
    )
