"""Bringing a database to this program's schema: one transaction, one lock, all or nothing.

Alembic's environment is handed the writer's connection, so ``BEGIN IMMEDIATE`` (or the advisory lock) covers the whole
migration and a failed one leaves the schema as it was. A database newer than the program is refused.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import NotMigrated, SchemaTooNew
from bot.storage.database import Database

HERE = Path(__file__).parent / "migrations"


def _config(scripts: Path = HERE) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    return config


def newest() -> str:
    """The schema version that this program needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


async def current(db: Database) -> str | None:
    """The schema version of the database; None for an empty one."""
    async with db.read() as tx:
        return await tx.run_sync(lambda connection: MigrationContext.configure(connection).get_current_revision())


async def migrate(db: Database, scripts: Path = HERE) -> None:
    """Upgrade to the newest of ``scripts``. Raises SchemaTooNew for a version this program does not know."""
    async with db.write() as tx:
        await tx.run_sync(_upgrade, scripts)


async def require_current(db: Database) -> None:
    """Raise NotMigrated or SchemaTooNew unless the database has exactly this program's schema."""
    found = await current(db)
    if found == newest():
        return
    _refuse_unknown(found, _config())
    raise NotMigrated(f"schema {found or 'missing'}, program needs {newest()}")


def _refuse_unknown(found: str | None, config: Config) -> None:
    scripts = ScriptDirectory.from_config(config)
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise SchemaTooNew(f"schema {found} is newer than this program, which knows {scripts.get_current_head()}")


def _upgrade(connection: sa.Connection, scripts: Path) -> None:
    config = _config(scripts)
    _refuse_unknown(MigrationContext.configure(connection).get_current_revision(), config)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
