"""A nation's worth of units in one statement, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock
from bot.domain.access import Role, RoleAt
from bot.domain.ledger import entries
from bot.storage import ledger, people, records
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.ledger import Line, Range
from bot.storage.people import NewUser
from bot.storage.records import Filing, Report
from bot.storage.schema import posting
from tests.contract.test_records import BODY, DAY, PERSON

CODES = [f"{number:05}" for number in range(40_000)]  # more parameters than PostgreSQL takes in one statement
LAST, ONE = CODES[-1], Range(DAY, DAY)


@pytest.fixture
async def filed(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        counted = entries("r1", LAST, DAY, {"returnees_new": 1})
        await records.file(tx, keys, Filing("r1", "returnee", 1, LAST, DAY, BODY, None, PERSON, counted), clock())
        await records.save_report(tx, Report(LAST, "daily", DAY, "r1", clock(), zero=False))
        await people.add_user(tx, keys, NewUser("lan", "Người Hư Cấu Lan", "chi", "vi"), clock())
        await people.grant(tx, "lan", RoleAt(Role.HEAD, LAST), None, clock())
        await people.link(tx, "telegram", "7", "501", "lan", clock())


async def test_forty_thousand_units_are_looked_up_at_once(db: Database, keys: Keyring, filed: None) -> None:
    async with db.read() as tx:
        assert await ledger.sums(tx, CODES, ONE) == {(LAST, "returnees_new"): 1}
        assert await ledger.listed(tx, CODES, "returnees_new", ONE) == [Line("r1", LAST, 1)]
        assert (await records.reports_for(tx, CODES, "daily", DAY)).keys() == {LAST}
        assert [one.id for one in await records.in_units(tx, keys, CODES, ["returnee"])] == ["r1"]
        assert (await records.as_known(tx, keys, [*CODES, "r1"])).keys() == {"r1"}
        assert [who.id for who in await people.with_roles(tx, keys, CODES, {Role.HEAD})] == ["lan"]


async def test_no_units_are_none(db: Database, keys: Keyring, filed: None) -> None:
    async with db.read() as tx:
        assert await ledger.sums(tx, [], ONE) == {}
        assert await records.reports_for(tx, [], "daily", DAY) == {}


async def test_a_code_is_data_whatever_is_in_it(db: Database, keys: Keyring, filed: None) -> None:
    async with db.read() as tx:
        assert await ledger.sums(tx, ['"', "\\", "'", "{}", "]", "é", LAST], ONE) == {(LAST, "returnees_new"): 1}


async def test_figures_are_read_through_their_index_alone(db: Database, filed: None) -> None:
    seen: list[tuple[str, Any]] = []

    async with db.write() as tx:
        one = dict((await tx.execute(sa.select(*(column for column in posting.c if column.name != "seq")))).mappings().one())
        sa.event.listen(tx.sync_connection, "before_cursor_execute", lambda *a: seen.append((a[2], a[3])))
        await ledger.sums(tx, ["00001", LAST], ONE, seq=1_000_000)
        statement, values = seen.pop()
        await tx.execute(sa.insert(posting), [one | {"unit_code": code} for code in CODES[:5000]])  # of one row no index helps
        await tx.execute(sa.text("ANALYZE posting"))
        explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
        plan = "\n".join(str(tuple(row)) for row in await tx.exec_driver_sql(f"{explain} {statement}", values))

    assert plan.count("ix_posting_figures") == 2
    assert "SCAN posting" not in plan
    assert len(values) < 100  # one a figure, none a unit


async def test_a_nations_stocks_are_not_read_from_its_history(db: Database, filed: None) -> None:
    seen: list[tuple[str, Any]] = []

    async with db.write() as tx:
        one = dict((await tx.execute(sa.select(*(column for column in posting.c if column.name != "seq")))).mappings().one())
        years_ago = DAY - timedelta(days=700)
        await tx.execute(sa.insert(posting), [one | {"unit_code": code, "day": years_ago} for code in CODES[:5000]])
        if tx.dialect.name == "postgresql":  # SQLite is never told how the rows are spread
            await tx.execute(sa.text("ANALYZE posting"))
        sa.event.listen(tx.sync_connection, "before_cursor_execute", lambda *a: seen.append((a[2], a[3])))
        await ledger.sums(tx, CODES, ONE, await ledger.last_seq(tx))
        statement, values = seen[-1]
        explain = "EXPLAIN QUERY PLAN" if tx.dialect.name == "sqlite" else "EXPLAIN"
        plan = "\n".join(str(tuple(row)) for row in await tx.exec_driver_sql(f"{explain} {statement}", values))

    assert "stock_total" in plan
    assert not re.search(r"SCAN posting|Seq Scan on posting|ix_posting_figures", plan), plan


async def test_figures_of_long_ago_are_read_from_the_postings(db: Database, filed: None) -> None:
    async with db.write() as tx:
        one = dict((await tx.execute(sa.select(*(column for column in posting.c if column.name != "seq")))).mappings().one())
        later = [one | {"unit_code": "00001", "day": DAY + timedelta(days=1)} for _ in range(ledger.AFTER + 1)]
        await tx.execute(sa.insert(posting), later)

        assert await ledger.sums(tx, CODES, ONE) == {(LAST, "returnees_new"): 1}
