"""SQLite statements in one trip to the driver's thread instead of four.

aiosqlite runs SQLite in a thread. Beneath SQLAlchemy a statement goes there and back four times: for a cursor, to execute, to
fetch, to close. While the event loop is busy each trip waits for the interpreter's lock, up to five milliseconds; so a
transaction took its time not in SQLite but on the way. SQLAlchemy reads all rows at once anyway: here the thread does all
four together.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.util import EMPTY_DICT


@dataclass
class _Done:
    """What SQLAlchemy asks of a cursor whose rows are fetched."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1

    def close(self) -> None:
        """The driver's cursor is closed already."""


def _execute(connection: sqlite3.Connection, statement: str, values: Any) -> tuple[_Done, Sequence[Any]]:
    """Runs in the driver's thread."""
    return _finished(connection.execute(statement, values or ()))


def _executemany(connection: sqlite3.Connection, statement: str, rows: Any) -> tuple[_Done, Sequence[Any]]:
    """Runs in the driver's thread."""
    return _finished(connection.executemany(statement, rows))


def _finished(cursor: sqlite3.Cursor) -> tuple[_Done, Sequence[Any]]:
    try:
        rows = cursor.fetchall() if cursor.description else ()
        return _Done(cursor.description, cursor.rowcount, cursor.lastrowid), rows
    finally:
        cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: Any) -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor: Any = _Done()
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = deque()

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._trip(_execute, operation, parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._trip(_executemany, operation, seq_of_parameters)

    async def _trip(self, work: Any, statement: Any, values: Any) -> None:
        driver: Any = self._connection
        async with self._adapt_connection._execute_mutex:
            self._cursor, rows = await driver._execute(work, driver._conn, statement, values)
        self._rows = deque(rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = _Cursor


def install(engine: sa.Engine) -> None:
    """Make every connection of this engine, whose driver is aiosqlite, work so."""

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, arguments: Any, named: Any) -> _Connection:
        return _Connection(dialect.dbapi, dialect.connect(*arguments, **named)._connection)
