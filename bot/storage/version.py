"""Which schema a database has, asked without the migration machinery: a start that has nothing to migrate need not load it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.storage.database import Tx

VERSIONS = Path(__file__).parent / "migrations" / "versions"

_alembic_version = sa.table("alembic_version", sa.column("version_num"))


def newest() -> str:
    """The schema version that this program needs: its scripts are named by their number, "0001_spine.py"."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


async def stored(tx: Tx) -> str | None:
    """The schema version of the database; None for an empty one."""
    if not await tx.run_sync(lambda connection: sa.inspect(connection).has_table("alembic_version")):
        return None
    return await tx.scalar(sa.select(_alembic_version.c.version_num))
