"""The sandbox's own SQLite file: everything lives in memory, and every change is written behind in group commits.

``write`` queues a statement and returns at once; ``durable`` waits until everything queued so far is committed, and
survives a SIGKILL of this process from then on. While one batch is being committed the next one gathers, so a thousand
requests a second share a few hundred commits.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Row = tuple[Any, ...]
T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chat (id INTEGER PRIMARY KEY, info TEXT NOT NULL, blocked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, seq INTEGER NOT NULL, sender TEXT NOT NULL,
    edited INTEGER NOT NULL, deleted INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pending (update_id INTEGER PRIMARY KEY, body TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS zalo_pending (update_id INTEGER PRIMARY KEY, body TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS file (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL,
    content BLOB NOT NULL
);
"""

RETRY_AFTER = 0.2  # seconds
LAST_COMMIT = 5.0


class Store:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox-store")
        self._pending: list[tuple[str, Row]] = []
        self._next: asyncio.Future[None] | None = None
        self._current: asyncio.Future[None] | None = None
        self._flusher: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._connection = await self._in_thread(self._connect)

    async def close(self) -> None:
        """Commit what is queued; a disk that stays full is given up after a while."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.durable(), LAST_COMMIT)
        if self._flusher is not None:
            self._flusher.cancel()
        await self._in_thread(self._connection.close)
        self._thread.shutdown()

    def write(self, statement: str, *values: object) -> None:
        self._pending.append((statement, values))
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())

    def set(self, key: str, value: str) -> None:
        self.write("INSERT OR REPLACE INTO setting VALUES (?, ?)", key, value)

    async def durable(self) -> None:
        """Everything queued before this call is committed. A full disk makes it wait, not lie."""
        waiting = self._next or self._current
        if waiting is not None:
            await asyncio.shield(waiting)

    async def read(self, statement: str, *values: object) -> Sequence[Row]:
        """Rows as of the last commit."""
        return await self._in_thread(lambda: self._connection.execute(statement, values).fetchall())

    async def settings(self) -> dict[str, str]:
        rows: Any = await self.read("SELECT key, value FROM setting")
        return dict(rows)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, cached_statements=64)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(SCHEMA)
        return connection

    async def _flush(self) -> None:
        while self._pending:
            batch, self._pending = self._pending, []
            self._current, self._next = self._next, None
            assert self._current is not None
            while True:
                try:
                    await self._in_thread(partial(self._commit, batch))
                    break
                except sqlite3.OperationalError as error:
                    log.warning("sandbox store: %s, trying again", type(error).__name__)
                    await asyncio.sleep(RETRY_AFTER)
            self._current.set_result(None)
            self._current = None

    def _commit(self, batch: Sequence[tuple[str, Row]]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement, values in batch:
                connection.execute(statement, values)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
