"""Two engines: one writer, many readers.

**Writer.** One connection behind one async lock that ingest, sender and jobs share. SQLite begins every transaction with
``BEGIN IMMEDIATE``; PostgreSQL takes one advisory lock. So on both databases a transaction that reads and then writes
never loses another's update, and ledger sequence numbers grow in the order of commits. With SQLAlchemy's defaults, two of
three committed read-modify-writes were silently lost on SQLite.

**Readers.** Plain ``BEGIN`` on one snapshot; they cannot write. Read quickly, close, then render: an open reader keeps the log
from shrinking.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import gaierror
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.errors import TransientStorage
from bot.storage import one_trip

STALLED_MS = 30_000  # no transaction of ours rests so long between two statements
WRITER_LOCK = 0x7475_6E67  # "tung": the advisory lock that makes PostgreSQL's writers take turns

Tx = AsyncConnection


class Database:
    """A database that is open. ``async with db.write() as tx`` for a change, ``async with db.read() as tx`` for a look."""

    def __init__(self, url: str, busy_ms: int = 5000) -> None:
        """``busy_ms``: how long SQLite waits for another process's transaction before it is ``TransientStorage``."""
        self.url = sa.make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite and self.url.database not in (None, "", ":memory:"):
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        self._writer = _engine(self.url, self.sqlite, busy_ms, writes=True)
        self._readers = _engine(self.url, self.sqlite, busy_ms, writes=False)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """The one writing transaction. Commits on leaving, rolls back on any exception.

        Raises ``TransientStorage`` for a lock, a full disk or a lost connection: nothing of it was stored, nobody is to blame.
        """
        async with self._turn:
            with _named():
                async with self._writer.connect() as connection, connection.begin():
                    if not self.sqlite:
                        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK)))
                    yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A consistent look at what is committed; writing here fails."""
        with _named(reading=True):
            async with self._readers.connect() as connection, connection.begin():
                yield connection

    async def close(self) -> None:
        await self._writer.dispose()
        await self._readers.dispose()


@asynccontextmanager
async def apart(tx: Tx) -> AsyncIterator[None]:
    """A part of a transaction that fails alone: what it wrote is undone, the rest stays.

    Raises ``TransientStorage`` for what concerns the whole transaction, which is over then: SQLite may have rolled all of it
    back already, and whatever followed would be committed statement by statement.
    """
    part = await tx.begin_nested()
    try:
        with _named():
            yield
            await part.commit()
    except TransientStorage:
        await tx.rollback()
        raise
    except BaseException:
        if part.is_active:
            await part.rollback()
        raise


@contextmanager
def _named(reading: bool = False) -> Iterator[None]:
    """The driver's error under our name if waiting may cure it."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        if is_transient(error, reading):
            raise TransientStorage(type(error).__name__) from error
        raise


_SQLITE_WAITS = ("locked", "busy", "disk is full", "disk i/o", "unable to open database")
# Connection, deadlock, resources (disk, memory, connections), lock not available, server going down or coming up.
_POSTGRESQL_WAITS = ("08", "40", "53", "55P03", "57P01", "57P02", "57P03")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE}
_AWAY = {errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ETIMEDOUT}
_UNREACHABLE = {errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETUNREACH, errno.ENETDOWN}
_SYSTEM_WAITS = {None, *_FULL, *_AWAY, *_UNREACHABLE}


def is_transient(error: DBAPIError | OSError, reading: bool = False) -> bool:
    """Whether waiting may cure it: busy, locked, disk full, disk error, connection gone.

    A file system that became read-only may be mended; a reader that tries to write will always be wrong.
    """
    if isinstance(error, OSError):
        return error.errno in _SYSTEM_WAITS or isinstance(error, gaierror)  # a container's name comes back with it
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_POSTGRESQL_WAITS)
    waits = _SQLITE_WAITS if reading else (*_SQLITE_WAITS, "readonly database")
    return isinstance(error, OperationalError) and any(words in str(error.orig).lower() for words in waits)


def _engine(url: sa.URL, sqlite: bool, busy_ms: int, writes: bool) -> AsyncEngine:
    if not sqlite:
        return _postgresql(url, writes)
    options: dict[str, Any] = {"connect_args": {"isolation_level": None}}
    if writes:
        options["poolclass"] = StaticPool  # the one connection, so its statement cache stays warm
    engine = create_async_engine(url, **options)
    one_trip.install(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {busy_ms:d}")
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


def _postgresql(url: sa.URL, writes: bool) -> AsyncEngine:
    if writes:
        # Not REPEATABLE READ: its snapshot would be older than the lock that was waited for.
        return create_async_engine(
            url,
            pool_size=1,
            max_overflow=0,
            pool_pre_ping=True,
            # A machine that froze or went off the network keeps its transaction, and the lock with it, for hours otherwise.
            connect_args={"server_settings": {"idle_in_transaction_session_timeout": str(STALLED_MS)}},
        )
    return create_async_engine(
        url,
        pool_size=4,
        max_overflow=0,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
