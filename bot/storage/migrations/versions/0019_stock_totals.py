"""The totals of stocks beside their postings, so that a nation's figures cost the same after a year as after a month."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STOCKS = (
    "returnees_total", "away_total", "away_returned", "away_not_returned", "away_contacted", "away_not_contacted",
    "away_need_support", "quarantine_institutional", "quarantine_home", "f1_followed", "f0_under_treatment", "f0_suspected",
    "support_open", "samples_pending", "vaccinated_one_dose", "vaccinated_two_doses", "f0_recovered", "f0_deceased",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "stock_total",
        sa.Column("unit_code", CODE, nullable=False),
        sa.Column("indicator", CODE, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unit_code", "indicator", name=op.f("pk_stock_total")),
    )
    listed = ", ".join(f"'{key}'" for key in STOCKS)
    op.execute(
        "INSERT INTO stock_total (unit_code, indicator, n) "
        f"SELECT unit_code, indicator, sum(n) FROM posting WHERE indicator IN ({listed}) GROUP BY unit_code, indicator"
    )
