"""Filing, correcting and undoing, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock
from bot.domain.ledger import Entry, entries
from bot.storage import records
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.records import Filing, Record, Report
from bot.storage.schema import event, person, posting

DAY = date(2021, 9, 9)
BODY = {"full_name": "Người Hư Cấu An", "phone": "+84900000003", "arrived_on": "2021-09-08", "doses": "1"}
PERSON = {"full_name": "Người Hư Cấu An", "phone": "+84900000003"}


def filing(unit: str = "v1", counted: Mapping[str, int] | None = None, **changes: Any) -> Filing:
    counts = {"returnees_new": 1, "away_new": 1} if counted is None else counted
    first = Filing(
        id="r1",
        kind="returnee",
        form_version=1,
        unit=unit,
        day=DAY,
        body=BODY,
        author="lan",
        person=PERSON,
        counted=entries("r1", unit, DAY, counts),
    )
    return replace(first, **changes)


@pytest.fixture
async def filed(db: Database, keys: Keyring, clock: StandingClock) -> Record:
    async with db.write() as tx:
        return await records.file(tx, keys, filing(), clock())


async def postings(db: Database) -> list[Entry]:
    async with db.read() as tx:
        rows = await tx.execute(sa.select(posting).order_by(posting.c.seq))
        return [Entry(row.subject, row.unit_code, row.indicator, row.day, row.n) for row in rows]


async def file(db: Database, keys: Keyring, clock: StandingClock, what: Filing) -> Record:
    clock.move(clock() + timedelta(hours=1))
    async with db.write() as tx:
        return await records.file(tx, keys, what, clock())


async def test_a_filed_record_is_stored_with_all_it_says(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    async with db.read() as tx:
        found = await records.current(tx, keys, "r1")

    assert found == filed
    assert found == Record(
        id="r1",
        version=1,
        kind="returnee",
        form_version=1,
        unit="v1",
        person_id="r1",
        day=DAY,
        body=BODY,
        recorded_at=clock(),
        author="lan",
        event=filed.event,
    )


async def test_filing_posts_what_the_record_counts(db: Database, filed: Record) -> None:
    assert await postings(db) == [
        Entry("r1", "v1", "away_new", DAY, 1),
        Entry("r1", "v1", "returnees_new", DAY, 1),
    ]


async def test_a_correction_posts_only_the_difference(db: Database, keys: Keyring, clock: StandingClock, filed: Record) -> None:
    corrected = await file(db, keys, clock, filing(counted={"away_new": 1, "f0_new": 1}))

    assert corrected.version == 2
    assert (await postings(db))[2:] == [
        Entry("r1", "v1", "f0_new", DAY, 1),
        Entry("r1", "v1", "returnees_new", DAY, -1),
    ]


async def test_a_correction_of_words_alone_posts_nothing(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    await file(db, keys, clock, filing(body={**BODY, "doses": "2"}))

    assert len(await postings(db)) == 2


async def test_undoing_takes_back_all_that_was_counted(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    await file(db, keys, clock, filing(counted={"away_new": 1}))

    undone = await file(db, keys, clock, filing(counted={}, void=True, reason="gửi nhầm"))

    assert (undone.version, undone.void) == (3, True)
    sums: dict[str, int] = {}
    for entry in await postings(db):
        sums[entry.indicator] = sums.get(entry.indicator, 0) + entry.n
    assert set(sums.values()) == {0}
    async with db.read() as tx:
        assert await records.counted(tx, "r1") == []
        assert await records.in_units(tx, keys, ["v1"], ["returnee"]) == []


async def test_every_event_says_what_it_was_and_an_undo_what_it_undoes(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    corrected = await file(db, keys, clock, filing(counted={}))
    await file(db, keys, clock, filing(counted={}, void=True, reason="gửi nhầm"))

    async with db.read() as tx:
        rows = (await tx.execute(sa.select(event).order_by(event.c.id))).all()
    assert [row.kind for row in rows] == [records.FILED, records.CORRECTED, records.UNDONE]
    assert [row.undoes for row in rows] == [None, None, corrected.event]
    assert [row.reason and keys.open("event.reason", "r1", row.reason) for row in rows] == [None, None, "gửi nhầm"]


async def test_a_record_that_was_undone_may_be_filed_again(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    await file(db, keys, clock, filing(counted={}, void=True))

    again = await file(db, keys, clock, filing())

    async with db.read() as tx:
        assert [found.version for found in await records.in_units(tx, keys, ["v1"], ["returnee"])] == [again.version]
        assert len(await records.counted(tx, "r1")) == 2


async def test_every_version_is_kept(db: Database, keys: Keyring, clock: StandingClock, filed: Record) -> None:
    corrected = await file(db, keys, clock, filing(body={**BODY, "doses": "2"}, author="minh"))
    undone = await file(db, keys, clock, filing(counted={}, void=True))

    async with db.read() as tx:
        assert await records.versions(tx, keys, "r1") == [filed, corrected, undone]
        assert await records.current(tx, keys, "r1") == undone


async def test_a_record_is_known_as_it_was_after_any_event(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    other = await file(db, keys, clock, filing(id="r2", counted={}))
    corrected = await file(db, keys, clock, filing(body={**BODY, "doses": "2"}))

    async with db.read() as tx:
        assert await records.as_known(tx, keys, ["r1", "r2"], filed.event) == {"r1": filed}
        assert await records.as_known(tx, keys, ["r1", "r2"], other.event) == {"r1": filed, "r2": other}
        assert await records.as_known(tx, keys, ["r1"], corrected.event) == {"r1": corrected}
        assert await records.as_known(tx, keys, ["r1"]) == {"r1": corrected}


async def test_a_record_that_moved_is_listed_and_counted_only_where_it_lies(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    moved = await file(db, keys, clock, filing(unit="v2"))

    async with db.read() as tx:
        assert await records.in_units(tx, keys, ["v1"], ["returnee"]) == []
        assert await records.in_units(tx, keys, ["v2"], ["returnee"]) == [moved]
        assert await records.in_units(tx, keys, ["v1", "v2"], ["returnee"]) == [moved]
        assert {entry.unit for entry in await records.counted(tx, "r1")} == {"v2"}


async def test_records_are_listed_by_kind_in_order_of_filing(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    f0 = await file(db, keys, clock, filing(id="r0", kind="f0", counted={}))
    second = await file(db, keys, clock, filing(id="a2", counted={}))

    async with db.read() as tx:
        assert await records.in_units(tx, keys, ["v1"], ["returnee"]) == [filed, second]
        assert await records.in_units(tx, keys, ["v1"], ["returnee", "f0"]) == [filed, f0, second]


async def test_a_person_is_kept_in_versions_and_found_by_the_whole_phone(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    await file(db, keys, clock, filing(person={**PERSON, "phone": None}))

    async with db.read() as tx:
        rows = (await tx.execute(sa.select(person).order_by(person.c.version))).all()
    assert [(row.id, row.version) for row in rows] == [("r1", 1), ("r1", 2)]
    assert [row.phone_index for row in rows] == [keys.index("phone", "+84900000003"), None]
    assert keys.open_json("person.body", "r1.1", rows[0].body) == PERSON


async def test_a_report_about_no_one_has_no_person(db: Database, keys: Keyring, clock: StandingClock) -> None:
    zero = await file(db, keys, clock, filing(id="z1", kind="zero_report", body={}, person={}, counted={}))

    assert zero.person_id is None


async def test_a_failed_filing_leaves_no_event_and_no_posting(
    db: Database, keys: Keyring, clock: StandingClock, filed: Record
) -> None:
    before = await postings(db)

    async def file_and_fail() -> None:
        async with db.write() as tx:
            await records.file(tx, keys, filing(counted={}), clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await file_and_fail()

    assert await postings(db) == before
    async with db.read() as tx:
        assert await records.versions(tx, keys, "r1") == [filed]
        assert await tx.scalar(sa.select(sa.func.count()).select_from(event)) == 1


async def test_a_unit_reports_once_a_window_and_its_first_instant_stays(db: Database, clock: StandingClock) -> None:
    first = Report("v1", "daily", DAY, "z1", clock(), zero=True)
    async with db.write() as tx:
        await records.save_report(tx, first)
        await records.save_report(tx, replace(first, record_id="d2", filed_at=clock() + timedelta(hours=2), zero=False))

    async with db.read() as tx:
        assert await records.report_of(tx, "v1", "daily", DAY) == replace(first, zero=False)


async def test_reports_are_found_by_unit_data_set_and_day(db: Database, clock: StandingClock) -> None:
    report = Report("v1", "daily", DAY, "z1", clock(), zero=True)
    others = (replace(report, unit="v9"), replace(report, data_set="weekly"), replace(report, day=date(2021, 9, 10)))
    async with db.write() as tx:
        for each in (report, *others):
            await records.save_report(tx, each)

    async with db.read() as tx:
        assert await records.reports_for(tx, ["v1", "v2"], "daily", DAY) == {"v1": report}
        assert await records.report_of(tx, "v2", "daily", DAY) is None
