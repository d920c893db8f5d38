"""Units' own tables as they are stored, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.clock import StandingClock
from bot.storage import own_tables, people
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.own_tables import Draft, Version
from bot.storage.people import NewUser

DAY = date(2021, 9, 9)
LATER = DAY + timedelta(days=3)


@pytest.fixture
async def users(db: Database, keys: Keyring, clock: StandingClock) -> list[str]:
    async with db.write() as tx:
        await people.add_user(tx, keys, NewUser("lan", "Người Mẫu Lan", "chi", "vi"), clock())
        await people.add_user(tx, keys, NewUser("minh", "Người Mẫu Minh", "anh", "vi"), clock())
    return ["lan", "minh"]


def version(clock: StandingClock, number: int, first_day: date, content: bytes | None = b"mau") -> Version:
    mapping = {"sheet": "BC", "columns": [number]} if content is not None else None
    return Version("04123", number, first_day, f"Mẫu {number}.xlsx", mapping, content, "U1", clock())


async def test_each_day_has_the_version_that_was_in_force_then(db: Database, keys: Keyring, clock: StandingClock) -> None:
    first, second, none = version(clock, 1, DAY), version(clock, 2, LATER), version(clock, 3, LATER + timedelta(days=1), None)
    async with db.write() as tx:
        for one in (first, second, none):
            assert await own_tables.add(tx, keys, one)

        found = [await own_tables.in_force(tx, keys, "04123", DAY + timedelta(days=n)) for n in range(-1, 6)]
        newest = await own_tables.latest(tx, keys, "04123")

    assert found == [None, first, first, first, second, None, None]
    assert newest == none


async def test_of_two_templates_confirmed_on_one_day_the_later_holds(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        for number in (1, 2):
            await own_tables.add(tx, keys, version(clock, number, DAY))

        assert await own_tables.in_force(tx, keys, "04123", DAY) == version(clock, 2, DAY)


async def test_a_version_that_is_there_is_never_replaced(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        assert await own_tables.add(tx, keys, version(clock, 1, DAY))
        assert not await own_tables.add(tx, keys, replace(version(clock, 1, DAY, b"khac"), by="U2"))

        assert await own_tables.latest(tx, keys, "04123") == version(clock, 1, DAY)


async def test_who_has_a_table_on_a_day_is_known_without_opening_any(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        await own_tables.add(tx, keys, version(clock, 1, DAY))
        await own_tables.add(tx, keys, replace(version(clock, 1, DAY), unit="04124"))
        await own_tables.add(tx, keys, replace(version(clock, 2, LATER, None), unit="04124"))
        units = ["04123", "04124", "04125"]

        assert await own_tables.filled_on(tx, units, DAY - timedelta(days=1)) == frozenset()
        assert await own_tables.filled_on(tx, units, DAY) == {"04123", "04124"}
        assert await own_tables.filled_on(tx, units, LATER) == {"04123"}


async def test_everybody_has_one_draft_the_last(db: Database, keys: Keyring, clock: StandingClock, users: list[str]) -> None:
    here, there = users
    first = Draft("d1", "04123", 0, "Mẫu.xlsx", b"mau", sheets=("Tháng 8", "Tháng 9"))
    second = Draft(
        "d2", "04123", 1, "Mẫu.xlsx", b"mau 2", {"sheet": "BC"}, added=("Mũi 3",), notices=(("hidden_rows", {"n": 2}),)
    )
    async with db.write() as tx:
        await own_tables.keep(tx, keys, here, first, clock())
        await own_tables.keep(tx, keys, there, first, clock())
        assert await own_tables.draft_of(tx, keys, here) == first
        await own_tables.keep(tx, keys, here, second, clock())

        assert await own_tables.draft_of(tx, keys, here) == second
        await own_tables.forget(tx, here)
        assert await own_tables.draft_of(tx, keys, here) is None
        assert await own_tables.draft_of(tx, keys, there) == first


async def test_a_draft_that_nobody_confirms_is_forgotten(
    db: Database, keys: Keyring, clock: StandingClock, users: list[str]
) -> None:
    async with db.write() as tx:
        await own_tables.keep(tx, keys, users[0], Draft("d1", "04123", 0, "Mẫu.xlsx", b"mau"), clock())
        await own_tables.clear(tx, clock())
        assert await own_tables.draft_of(tx, keys, users[0]) is not None
        await own_tables.clear(tx, clock() + timedelta(seconds=1))

        assert await own_tables.draft_of(tx, keys, users[0]) is None
