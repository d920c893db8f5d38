"""Opening what the configuration names, for commands that work on a database that is ready."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.config import Config
from bot.errors import NotMigrated
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.key_check import remember_key, verify_key
from bot.storage.migrate import require_current


def is_missing(url: str) -> bool:
    """Whether this is an SQLite file that does not exist: looking at it would make it."""
    where = sa.make_url(url)
    return where.get_backend_name() == "sqlite" and not Path(where.database or "").exists()


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Database]:
    """The database, at this program's schema. Raises NotMigrated or SchemaTooNew."""
    if is_missing(config.storage.url):
        raise NotMigrated("there is no database yet")
    db = Database(config.storage.url)
    try:
        await require_current(db)
        yield db
    finally:
        await db.close()


async def key_of(config: Config, db: Database) -> Keyring:
    """The key, remembered by the database from its first use. Raises ConfigError or WrongKey."""
    keys = Keyring.load(config.privacy.key_file)
    async with db.write() as tx:
        await verify_key(tx, keys)
        await remember_key(tx, keys)
    return keys
