"""Bringing a database to the program's schema, on both databases."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.domain.units import VILLAGE, OrgUnit
from bot.errors import NotMigrated, SchemaTooNew
from bot.storage import settings, units, version
from bot.storage.database import Database
from bot.storage.migrate import HERE, current, migrate, newest, require_current
from bot.storage.schema import Code, event, metadata, org_unit, posting, stock_total

Open = Callable[..., Database]
NOW = datetime(2021, 9, 9, tzinfo=UTC)

BREAKS_MIDWAY = '''
"""Invented for a test: fails after its first table."""

import sqlalchemy as sa
from alembic import op

revision = "broken"
down_revision = "{head}"


def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO setting (key, value) VALUES ('half', 'done')")
    raise RuntimeError("midway")
'''


@pytest.fixture
def broken_scripts(tmp_path: Path) -> Path:
    """The program's migrations and one more that fails."""
    scripts = tmp_path / "migrations"
    shutil.copytree(HERE, scripts)
    (scripts / "versions" / "broken.py").write_text(BREAKS_MIDWAY.format(head=newest()), encoding="utf-8")
    return scripts


async def tables(db: Database) -> set[str]:
    async with db.read() as tx:
        return set(await tx.run_sync(lambda connection: sa.inspect(connection).get_table_names()))


async def test_an_empty_database_is_not_migrated(empty_url: str, open_db: Open) -> None:
    db = open_db(empty_url)

    assert await current(db) is None
    with pytest.raises(NotMigrated):
        await require_current(db)


async def test_migrating_twice_is_the_same_as_once(empty_url: str, open_db: Open) -> None:
    db = open_db(empty_url)

    await migrate(db)
    async with db.write() as tx:
        await settings.set_(tx, "kept", "yes")
    await migrate(db)

    await require_current(db)
    async with db.read() as tx:
        assert await settings.get(tx, "kept") == "yes"


async def test_programs_that_start_together_migrate_once(empty_url: str, open_db: Open) -> None:
    programs = [open_db(empty_url) for _ in range(3)]

    await asyncio.gather(*(migrate(db) for db in programs))

    assert await current(programs[0]) == newest()


async def test_the_migrated_database_is_the_schema(db: Database) -> None:
    async with db.read() as tx:
        different = await tx.run_sync(lambda connection: compare_metadata(MigrationContext.configure(connection), metadata))

    assert different == []


async def test_a_migration_that_fails_leaves_an_empty_database_empty(
    empty_url: str, open_db: Open, broken_scripts: Path
) -> None:
    db = open_db(empty_url)

    with pytest.raises(RuntimeError, match="midway"):
        await migrate(db, broken_scripts)

    assert await tables(db) == set()


async def test_a_migration_that_fails_leaves_the_former_schema(db: Database, broken_scripts: Path) -> None:
    former = await tables(db)

    with pytest.raises(RuntimeError, match="midway"):
        await migrate(db, broken_scripts)

    assert await tables(db) == former
    await require_current(db)
    async with db.read() as tx:
        assert await settings.get(tx, "half") is None


async def test_a_newer_schema_is_refused(empty_url: str, open_db: Open) -> None:
    db = open_db(empty_url)
    await migrate(db)
    async with db.write() as tx:
        await tx.execute(sa.text("UPDATE alembic_version SET version_num = 'of-the-future'"))

    with pytest.raises(SchemaTooNew):
        await migrate(db)
    with pytest.raises(SchemaTooNew):
        await require_current(db)


async def test_codes_sort_by_bytes(db: Database) -> None:
    async with db.write() as tx:
        await units.save(tx, [OrgUnit(code, code, VILLAGE, None) for code in ("b", "Đ", "B", "04105", "a", "_")])

    async with db.read() as tx:
        codes = list(await tx.scalars(sa.select(org_unit.c.code).order_by(org_unit.c.code)))

    assert codes == sorted(codes, key=str.encode) == ["04105", "B", "_", "a", "b", "Đ"]


async def test_codes_do_not_follow_the_language_of_the_server(postgresql_url: str, open_db: Open) -> None:
    codes = [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns if column.type is Code]
    async with open_db(postgresql_url).read() as tx:
        found = await tx.execute(
            sa.text(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND collation_name = 'C'"
            )
        )

        assert codes
        assert sorted(codes) == sorted((row.table_name, row.column_name) for row in found)


def test_migrations_do_not_depend_on_the_program() -> None:
    for script in sorted((HERE / "versions").glob("*.py")):
        assert "bot." not in script.read_text(encoding="utf-8"), script.name


async def test_the_version_is_told_without_the_migration_machinery_as_with_it(empty_url: str, open_db: Open) -> None:
    db = open_db(empty_url)
    async with db.read() as tx:
        assert await version.stored(tx) is None

    await migrate(db)

    assert await current(db) == version.newest() == newest()
    async with db.read() as tx:
        assert await version.stored(tx) == newest()


async def test_totals_of_stocks_come_from_the_postings_that_are_there(empty_url: str, open_db: Open, tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(HERE, before)
    for script in (before / "versions").glob("*.py"):
        if script.name >= "0019":
            script.unlink()
    db = open_db(empty_url)
    await migrate(db, before)
    counted = {"f1_followed": [1, 1, -1], "quarantine_home": [2], "returnees_new": [5]}  # the last is no stock
    async with db.write() as tx:
        event_id = await tx.scalar(
            sa.insert(event).values(kind="filed", record_id="r", unit_code="u", at=NOW).returning(event.c.id)
        )
        for key, changes in counted.items():
            for n in changes:
                row = {"event_id": event_id, "unit_code": "u", "indicator": key, "day": NOW.date(), "n": n}
                await tx.execute(sa.insert(posting).values(row))

    await migrate(db)

    async with db.read() as tx:
        rows = await tx.execute(sa.select(stock_total.c.indicator, stock_total.c.n).order_by(stock_total.c.indicator))
        assert [tuple(row) for row in rows] == [("f1_followed", 1), ("quarantine_home", 2)]
