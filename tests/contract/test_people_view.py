"""The people of a village as they are listed, and who told what, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.clock import StandingClock, at
from bot.domain.ledger import Entry
from bot.reports.people_view import ALL, Folk, folk, narrowed
from bot.storage import history, persons, records
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.records import Filing

TODAY = date(2021, 9, 9)
NOW = at(TODAY, time(7))


def returnee(key: str, name: str, unit: str, **answers: Any) -> Filing:
    body: Mapping[str, Any] = {
        "full_name": name,
        "birth_year": 1985,
        "came_from": "Hà Nội",
        "arrived_on": "2021-09-08",
        **answers,
    }
    who = {"full_name": name, "birth_year": 1985}
    return Filing(key, "returnee", 1, unit, TODAY, body, "lan", who, counted=())


@pytest.fixture
async def filed(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        for one in (
            returnee("p1", "Vì Mẫu Đức", "v1", doses="0"),
            returnee("p2", "Lò Mẫu Dung", "v1", doses="2"),
            returnee("p3", "Lò Mẫu Ánh", "v2", doses="0"),
            returnee("p4", "Hà Mẫu Ân", "v1", doses="0"),
        ):
            kept = await records.file(tx, keys, one, clock())
            await persons.post_stocks(tx, kept.event, [Entry(one.id, one.unit, "returnees_total", TODAY, 1)])


async def seen(db: Database, keys: Keyring, *units: str) -> Folk:
    async with db.read() as tx:
        return await folk(tx, keys, units, NOW, False)


@pytest.mark.usefixtures("filed")
async def test_people_stand_by_given_name_in_vietnamese_order(db: Database, keys: Keyring) -> None:
    assert [one.id for one in (await seen(db, keys, "v1")).people] == ["p4", "p2", "p1"]
    assert [one.id for one in (await seen(db, keys, "v1", "v2")).people] == ["p3", "p4", "p2", "p1"]


@pytest.mark.usefixtures("filed")
async def test_a_filter_and_a_group_narrow_the_list(db: Database, keys: Keyring) -> None:
    people = await seen(db, keys, "v1")
    async with db.read() as tx:
        for what, ids in (
            ("cr,d0", ["p4", "p1"]),
            ("cr,p01", ["p4", "p2", "p1"]),
            ("returnee", ["p4", "p2", "p1"]),
            ("kc", []),
        ):
            assert [one.id for one in await narrowed(tx, keys, people, what)] == ids
        assert await narrowed(tx, keys, people, "no filter") == people.of(ALL)


@pytest.mark.usefixtures("filed")
async def test_who_was_taken_back_is_on_no_list(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        await records.file(tx, keys, replace(returnee("p1", "Vì Mẫu Đức", "v1"), person={}, void=True), clock())

    assert [one.id for one in (await seen(db, keys, "v1")).people] == ["p4", "p2"]


@pytest.mark.usefixtures("filed")
async def test_the_first_teller_stays_and_corrections_are_counted(db: Database, keys: Keyring, clock: StandingClock) -> None:
    first = clock()
    for author in ("minh", "hoa"):
        clock.move(clock() + timedelta(hours=1))
        async with db.write() as tx:
            await records.file(tx, keys, replace(returnee("p1", "Vì Mẫu Đức", "v1", doses="1"), author=author), clock())
    async with db.write() as tx:
        known = (await persons.of_ids(tx, keys, ["p1"]))["p1"]
        await persons.move(tx, keys, known, "v2", "admin", None, clock() + timedelta(hours=1))

    async with db.read() as tx:
        told = await history.told(tx, ["p1", "p2", "nobody"])

    assert told == {
        "p1": history.Told("lan", first, 2, "hoa", clock()),
        "p2": history.Told("lan", first),
    }
