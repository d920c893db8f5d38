"""Completeness and timeliness over a month of invented reports, against sums that the database forms by itself."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.clock import at
from bot.domain.data_sets import COMMUNE_DAILY, DAILY
from bot.domain.deadlines import Timetable
from bot.domain.lateness import LateReason
from bot.domain.units import OrgUnit, Tree
from bot.reports.habits import habits
from bot.reports.issued import MORNING
from bot.reports.punctuality import Punctuality, punctuality, rolled_up, total
from bot.storage import lateness, units
from bot.storage.database import Database
from bot.storage.schema import report, sign_off
from bot.storage.sql import add

TIMES = Timetable()
FIRST, LAST = date(2021, 9, 1), date(2021, 9, 30)
CLOSED, OPENED = date(2021, 9, 11), date(2021, 9, 21)
UNITS = [
    OrgUnit("900", "Huyện Mẫu", "district", None),
    *(OrgUnit(f"9000{c}", f"Xã Mẫu {c}", "commune", "900") for c in range(1, 4)),
    *(OrgUnit(f"9000{c}-0{v}", f"Bản Mẫu {v}", "village", f"9000{c}", "bản") for c in range(1, 4) for v in range(1, 5)),
    OrgUnit("90001-05", "Bản Mẫu đã sáp nhập", "village", "90001", "bản", valid_to=CLOSED),
    OrgUnit("90002-05", "Bản Mẫu mới tách", "village", "90002", "bản", valid_from=OPENED),
]
LATER = datetime.fromisoformat("2021-11-01T00:00:00+07:00")


@pytest.fixture
async def month(db: Database) -> Database:
    """A month in which villages report early, late, not at all, and some after it was locked."""
    dice = random.Random(20210901)
    rows = []
    for day in (FIRST + timedelta(n) for n in range(30)):
        for village in Tree(UNITS, day).villages("900"):
            if dice.random() < 0.85:
                minutes = dice.choice([-120, -30, -1, 0, 1, 45, 600, 9 * 24 * 60])
                filed_at = TIMES.due(day) + timedelta(minutes=minutes)
                row = {"unit_code": village.code, "data_set": DAILY, "day": day, "record_id": "R", "filed_at": filed_at}
                rows.append({**row, "zero": dice.random() < 0.4})
    async with db.write() as tx:
        await units.save(tx, UNITS)
        await add(tx, report, rows)
    return db


async def of_villages(db: Database, code: str, now: datetime = LATER) -> dict[str, Punctuality]:
    async with db.read() as tx:
        return dict(await punctuality(tx, DAILY, code, FIRST, LAST, now, TIMES))


async def test_a_month_is_what_the_database_counts(month: Database) -> None:
    found = await of_villages(month, "900")

    # 08:00 in Vietnam is 01:00 UTC; instants are stored in microseconds.
    async with month.read() as tx:
        if tx.dialect.name == "postgresql":
            due = "(extract(epoch from day)::bigint + 3600) * 1000000"
        else:
            due = "(cast(strftime('%s', day) as integer) + 3600) * 1000000"
        locked = f"{due} + 7 * 86400000000::bigint" if tx.dialect.name == "postgresql" else f"{due} + 7 * 86400000000"
        query = f"""
            SELECT unit_code, sum(CASE WHEN filed_at < {locked} THEN 1 ELSE 0 END) AS received,
                   sum(CASE WHEN filed_at < {due} THEN 1 ELSE 0 END) AS on_time,
                   sum(CASE WHEN filed_at < {locked} AND zero THEN 1 ELSE 0 END) AS zeros
            FROM report GROUP BY unit_code"""
        counted = {row.unit_code: row for row in await tx.execute(sa.text(query))}
    days = {"90001-05": 10, "90002-05": 10}
    assert found == {
        village.code: Punctuality(
            days.get(village.code, 30),
            counted[village.code].received,
            counted[village.code].on_time,
            counted[village.code].zeros,
        )
        for village in UNITS
        if village.level == "village"
    }


async def test_usual_hours_and_silence_are_what_the_database_counts(month: Database) -> None:
    async with month.read() as tx:
        midnight = (
            "extract(epoch from day)::bigint" if tx.dialect.name == "postgresql" else "cast(strftime('%s', day) as integer)"
        )
        # Midnight in Vietnam is 17:00 UTC of the day before; whole minutes, downwards.
        query = f"""
            WITH newest AS (
                SELECT unit_code, (filed_at / 1000000 - ({midnight} - 25200)) AS seconds,
                       row_number() OVER (PARTITION BY unit_code ORDER BY day DESC) AS recent FROM report),
            ordered AS (
                SELECT unit_code, seconds, count(*) OVER (PARTITION BY unit_code) AS n,
                       row_number() OVER (PARTITION BY unit_code ORDER BY seconds) AS place FROM newest WHERE recent <= 14)
            SELECT unit_code, seconds FROM ordered WHERE place = (n + 1) / 2"""
        medians = {row.unit_code: row.seconds for row in await tx.execute(sa.text(query))}
        last = {row.unit_code: date.fromisoformat(str(row.last)) for row in await tx.execute(
            sa.text("SELECT unit_code, max(day) AS last FROM report GROUP BY unit_code"))}  # fmt: skip
        found = await habits(tx, "900", FIRST, LAST, at(LAST, time(23)), TIMES)

    assert {unit: one.usual for unit, one in found.items()} == {u: timedelta(minutes=s // 60) for u, s in medians.items()}
    ends = {"90001-05": CLOSED - timedelta(days=1)}
    assert {unit: one.silent for unit, one in found.items()} == {
        unit: max(0, (ends.get(unit, LAST) - day).days) for unit, day in last.items()
    }


async def test_reasons_are_counted_for_the_days_that_were_asked_for(month: Database) -> None:
    days = [FIRST + timedelta(n) for n in (1, 2, 3, 20)]
    given = [LateReason.NO_SIGNAL, LateReason.NO_SIGNAL, LateReason.CHECKING, LateReason.OTHER]
    async with month.write() as tx:
        for day, reason in zip(days, given, strict=True):
            await lateness.note(tx, "90001-01", day, reason, "U", LATER)

        found = await habits(tx, "90001", FIRST, FIRST + timedelta(10), LATER, TIMES)

    assert found["90001-01"].reasons == {LateReason.NO_SIGNAL: 2, LateReason.CHECKING: 1}
    assert found["90001-02"].reasons == {}


async def test_a_unit_is_what_its_parts_are_and_never_above_all(month: Database) -> None:
    found = await of_villages(month, "900")
    tree = Tree(UNITS, FIRST)

    communes = rolled_up({code: one for code, one in found.items() if code in tree}, tree, "900")

    assert set(communes) == {"90001", "90002", "90003"}
    for code, counted in communes.items():
        assert counted == total({k: v for k, v in found.items() if k.startswith(code) and k in tree})
        assert 0 <= (counted.timeliness or 0) <= (counted.completeness or 0) <= 100


async def test_what_is_not_due_yet_is_not_owed(month: Database) -> None:
    noon = at(FIRST + timedelta(days=9), time(12))

    found = await of_villages(month, "90003", noon)
    just_before = await of_villages(month, "90003", at(FIRST + timedelta(days=9), time(7, 59)))

    assert {one.expected for one in found.values()} == {10}
    assert {one.expected for one in just_before.values()} == {9}


async def test_nothing_is_owed_before_the_first_report_of_the_installation(db: Database) -> None:
    async with db.write() as tx:
        await units.save(tx, UNITS)
    assert await of_villages(db, "900") == {}


async def test_a_commune_is_in_time_if_its_figures_were_approved_before_10_00(month: Database) -> None:
    day = date(2021, 9, 9)
    approvals = [("90001", 1, time(9, 28)), ("90001", 2, time(11, 0)), ("90002", 1, time(10, 0))]
    rows = [
        {
            "unit_code": unit,
            "kind": MORNING,
            "day": day,
            "version": version,
            "step": "approved",
            "by_user": "U",
            "whose": "U",
            "at": at(day, hour),
            "means": "app",
            "figures": "abcdef",
        }
        for unit, version, hour in approvals
    ]
    async with month.write() as tx:
        await add(tx, sign_off, rows)

    async with month.read() as tx:
        found = await punctuality(tx, COMMUNE_DAILY, "900", day, day, LATER, TIMES)

    assert found == {"90001": Punctuality(1, 1, 1), "90002": Punctuality(1, 1, 0), "90003": Punctuality(1)}
