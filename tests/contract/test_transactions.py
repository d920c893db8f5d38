"""What a transaction promises, on both databases."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError

from bot.errors import TransientStorage
from bot.storage import settings
from bot.storage.database import Database, Tx, apart
from bot.storage.schema import inbox, setting

Open = Callable[..., Database]


async def value(db: Database, key: str) -> str | None:
    async with db.read() as tx:
        return await settings.get(tx, key)


async def increment(db: Database, times: int) -> None:
    for _ in range(times):
        async with db.write() as tx:
            seen = int(await settings.get(tx, "count") or 0)
            await asyncio.sleep(0)  # room for another to come between
            await settings.set_(tx, "count", str(seen + 1))


async def test_three_tasks_that_read_and_then_write_lose_nothing(db: Database) -> None:
    await asyncio.gather(*(increment(db, 10) for _ in range(3)))

    assert await value(db, "count") == "30"


async def test_three_programs_that_read_and_then_write_lose_nothing(url: str, open_db: Open) -> None:
    await asyncio.gather(*(increment(open_db(url), 10) for _ in range(3)))

    assert await value(open_db(url), "count") == "30"


async def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    async def fail() -> None:
        async with db.write() as tx:
            await settings.set_(tx, "a", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await value(db, "a") is None


async def test_a_cancelled_transaction_leaves_nothing_and_hinders_no_one(db: Database) -> None:
    begun = asyncio.Event()

    async def never_done() -> None:
        async with db.write() as tx:
            await settings.set_(tx, "a", "1")
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_done())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with db.write() as tx:
        await settings.set_(tx, "b", "2")
    assert (await value(db, "a"), await value(db, "b")) == (None, "2")


async def test_a_part_that_fails_is_undone_alone(db: Database) -> None:
    async def fail(tx: Tx) -> None:
        async with apart(tx):
            await settings.set_(tx, "part", "1")
            raise RuntimeError

    async with db.write() as tx:
        await settings.set_(tx, "before", "1")
        with pytest.raises(RuntimeError):
            await fail(tx)
        await settings.set_(tx, "after", "1")

    assert [await value(db, key) for key in ("before", "part", "after")] == ["1", None, "1"]


async def test_a_part_that_the_database_refuses_is_undone_alone(db: Database) -> None:
    async def fail(tx: Tx) -> None:
        async with apart(tx):
            await settings.set_(tx, "part", "1")
            await tx.execute(sa.insert(setting).values(key="before", value="again"))

    async with db.write() as tx:
        await settings.set_(tx, "before", "1")
        with pytest.raises(IntegrityError):
            await fail(tx)
        await settings.set_(tx, "after", "1")

    assert [await value(db, key) for key in ("before", "part", "after")] == ["1", None, "1"]


async def test_a_part_that_is_done_does_not_outlive_its_transaction(db: Database) -> None:
    async def fail() -> None:
        async with db.write() as tx:
            async with apart(tx):
                await settings.set_(tx, "part", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await value(db, "part") is None


async def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(DBAPIError):
        async with db.read() as tx:
            await settings.set_(tx, "a", "1")

    assert await value(db, "a") is None


async def test_a_reader_sees_one_moment(db: Database) -> None:
    async with db.write() as tx:
        await settings.set_(tx, "a", "1")

    async with db.read() as look:
        first = await settings.get(look, "a")
        async with db.write() as tx:
            await settings.set_(tx, "a", "2")
        second = await settings.get(look, "a")

    assert (first, second) == ("1", "1")
    assert await value(db, "a") == "2"


async def test_a_row_that_is_refused_is_not_transient_whatever_its_words(db: Database) -> None:
    async def twice() -> None:
        async with db.write() as tx:
            for _ in range(2):
                await tx.execute(sa.insert(setting).values(key="connection is locked, disk full", value="1"))

    with pytest.raises(IntegrityError):
        await twice()


async def test_a_value_that_does_not_fit_is_not_transient(postgresql_url: str, open_db: Open) -> None:
    async def too_big() -> None:
        async with open_db(postgresql_url).read() as tx:
            await tx.execute(sa.select(inbox).where(inbox.c.attempts == 2**40))

    with pytest.raises(DBAPIError):
        await too_big()


async def test_a_full_disk_is_transient_and_stores_nothing(sqlite_url: str, open_db: Open) -> None:
    db = open_db(sqlite_url)
    async with db.write() as tx:
        await settings.set_(tx, "old", "1")
        await full(tx)

    async def too_much() -> None:
        async with db.write() as tx:
            await settings.set_(tx, "first", "1")
            await settings.set_(tx, "big", "x" * 1_000_000)

    with pytest.raises(TransientStorage):
        await too_much()

    assert [await value(db, key) for key in ("old", "first", "big")] == ["1", None, None]
    async with db.write() as tx:
        await tx.exec_driver_sql("PRAGMA max_page_count = 1000000")
        await settings.set_(tx, "big", "x" * 1_000_000)
    assert await value(db, "big") == "x" * 1_000_000


async def test_a_full_disk_in_a_part_ends_the_whole_transaction(sqlite_url: str, open_db: Open) -> None:
    db = open_db(sqlite_url)
    async with db.write() as tx:
        await full(tx)

    async def too_much(tx: Tx) -> None:
        async with apart(tx):
            await settings.set_(tx, "big", "x" * 1_000_000)

    async def go_on_regardless() -> None:
        async with db.write() as tx:
            await settings.set_(tx, "first", "1")
            with pytest.raises(TransientStorage):
                await too_much(tx)
            await settings.set_(tx, "after", "1")

    with pytest.raises(InvalidRequestError):
        await go_on_regardless()

    assert [await value(db, key) for key in ("first", "big", "after")] == [None, None, None]


async def full(tx: Tx) -> None:
    pages = (await tx.exec_driver_sql("PRAGMA page_count")).scalar_one()
    await tx.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")


async def test_a_database_that_another_program_holds_is_transient(sqlite_url: str, open_db: Open) -> None:
    db = open_db(sqlite_url, busy_ms=20)
    other = sqlite3.connect(str(db.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(TransientStorage):
        async with db.write() as tx:
            await settings.set_(tx, "a", "1")

    other.execute("ROLLBACK")
    other.close()
    async with db.write() as tx:
        await settings.set_(tx, "a", "2")
    assert await value(db, "a") == "2"


async def test_a_connection_that_the_server_ends_is_transient(postgresql_url: str, open_db: Open) -> None:
    db, other = open_db(postgresql_url), open_db(postgresql_url)

    async def interrupted() -> None:
        async with db.write() as tx:
            await settings.set_(tx, "a", "1")
            pid = await tx.scalar(sa.text("SELECT pg_backend_pid()"))
            async with other.read() as killer:
                await killer.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await settings.set_(tx, "b", "1")

    with pytest.raises(TransientStorage):
        await interrupted()

    assert await value(db, "a") is None
    async with db.write() as tx:
        await settings.set_(tx, "a", "2")
    assert await value(db, "a") == "2"


async def test_a_server_that_is_not_there_is_transient(open_db: Open) -> None:
    nobody = open_db("postgresql+asyncpg://postgres@127.0.0.1:9/none")  # port 9: discard, nobody listens

    with pytest.raises(TransientStorage):
        async with nobody.read():
            pass
