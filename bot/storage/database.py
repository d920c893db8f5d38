"""Two engines: one writer, many readers.

**Writer.** One connection behind one async lock that ingest, sender and jobs share. SQLite begins every transaction with
``BEGIN IMMEDIATE``; PostgreSQL takes one advisory lock. So on both databases a transaction that reads and then writes
never loses another's update, and ledger sequence numbers grow in the order of commits. With SQLAlchemy's defaults, two of
three committed read-modify-writes were silently lost on SQLite.

**Readers.** Plain ``BEGIN``; they cannot write. Read quickly, close, then render: an open reader keeps the log from shrinking.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.errors import TransientStorage

WRITER_LOCK = 0x7475_6E67  # "tung": the advisory lock that makes PostgreSQL's writers take turns

Tx = AsyncConnection


class Database:
    """A database that is open. ``async with db.write() as tx`` for a change, ``async with db.read() as tx`` for a look."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database not in (None, "", ":memory:"):
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        self._writer = _engine(self.url, self.sqlite, writes=True)
        self._readers = _engine(self.url, self.sqlite, writes=False)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """The one writing transaction. Commits on leaving, rolls back on any exception.

        Raises ``TransientStorage`` for a lock, a full disk or a lost connection: nothing of it was stored, nobody is to blame.
        """
        async with self._turn:
            try:
                async with self._writer.connect() as connection, connection.begin():
                    if not self.sqlite:
                        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK)))
                    yield connection
            except (DBAPIError, OSError) as error:
                raise_transient(error)
                raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A consistent look at what is committed; writing here fails."""
        try:
            async with self._readers.connect() as connection, connection.begin():
                yield connection
        except (DBAPIError, OSError) as error:
            raise_transient(error)
            raise

    async def close(self) -> None:
        await self._writer.dispose()
        await self._readers.dispose()


@asynccontextmanager
async def apart(tx: Tx) -> AsyncIterator[None]:
    """A part of a transaction that fails alone: what it wrote is undone, the rest stays."""
    async with tx.begin_nested():
        yield


def raise_transient(error: BaseException) -> None:
    """Re-raise as ``TransientStorage`` if waiting may cure it: busy, locked, disk full, disk error, connection gone."""
    origin = str(getattr(error, "orig", None) or error).lower()
    sqlite_waits = ("locked", "busy", "disk is full", "disk i/o", "unable to open database", "readonly database")
    if isinstance(error, OSError) and error.errno not in (
        None,
        errno.ENOSPC,
        errno.EDQUOT,
        errno.ECONNREFUSED,
        errno.ECONNRESET,
    ):
        return
    if (
        isinstance(error, (OSError, InterfaceError))
        or (isinstance(error, DBAPIError) and error.connection_invalidated)
        or (isinstance(error, OperationalError) and any(word in origin for word in sqlite_waits))
        or any(word in origin for word in ("disk full", "no space left", "too many clients", "connection", "shutting down"))
    ):
        raise TransientStorage(type(error).__name__) from error


def _engine(url: sa.URL, sqlite: bool, writes: bool) -> AsyncEngine:
    if not sqlite:
        return create_async_engine(url, pool_size=1 if writes else 4, max_overflow=0, pool_pre_ping=True)
    options: dict[str, Any] = {"connect_args": {"isolation_level": None, "timeout": 5}}
    if writes:
        options["poolclass"] = StaticPool  # the one connection, so its statement cache stays warm
    engine = create_async_engine(url, **options)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 5000")
        if writes:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
        else:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
