"""The unit tree in the database, on both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.units import COMMUNE, VILLAGE, OrgUnit
from bot.storage import units
from bot.storage.database import Database
from bot.storage.units import UnitTrees

DAY = date(2021, 9, 9)
COMMUNE_C = OrgUnit("c", "Xã Mẫu", COMMUNE, None)
VILLAGE_1 = OrgUnit("v1", "Bản Mẫu 1", VILLAGE, "c", label="bản")
VILLAGE_2 = OrgUnit("v2", "Bản Mẫu 2", VILLAGE, "c", valid_from=date(2021, 1, 1), valid_to=date(2021, 9, 10))


async def save(db: Database, *changed: OrgUnit) -> None:
    async with db.write() as tx:
        await units.save(tx, changed)


async def names(db: Database, trees: UnitTrees, day: date = DAY) -> list[str]:
    async with db.read() as tx:
        return [unit.name for unit in (await trees.on(tx, day)).subtree("c")]


async def test_units_come_back_as_they_were_saved(db: Database) -> None:
    await save(db, COMMUNE_C, VILLAGE_1, VILLAGE_2)

    async with db.read() as tx:
        found = await units.load(tx)

    assert sorted(found, key=lambda unit: unit.code) == [COMMUNE_C, VILLAGE_1, VILLAGE_2]


async def test_saving_a_unit_again_replaces_it(db: Database) -> None:
    await save(db, COMMUNE_C, VILLAGE_1)
    await save(db, replace(VILLAGE_1, name="Bản Mẫu Mới"))

    assert await names(db, UnitTrees()) == ["Xã Mẫu", "Bản Mẫu Mới"]


async def test_a_unit_may_have_another_name_from_a_day_on(db: Database) -> None:
    await save(db, COMMUNE_C, replace(VILLAGE_1, valid_to=DAY), replace(VILLAGE_1, name="Bản Mẫu Mới", valid_from=DAY))
    trees = UnitTrees()

    assert await names(db, trees, date(2021, 9, 8)) == ["Xã Mẫu", "Bản Mẫu 1"]
    assert await names(db, trees, DAY) == ["Xã Mẫu", "Bản Mẫu Mới"]


async def test_a_unit_is_not_in_the_tree_from_the_day_it_ends(db: Database) -> None:
    await save(db, COMMUNE_C, VILLAGE_2)
    trees = UnitTrees()

    assert await names(db, trees, date(2021, 9, 9)) == ["Xã Mẫu", "Bản Mẫu 2"]
    assert await names(db, trees, date(2021, 9, 10)) == ["Xã Mẫu"]


async def test_trees_in_memory_follow_every_change(db: Database) -> None:
    trees = UnitTrees()
    await save(db, COMMUNE_C)
    before = await names(db, trees)

    await save(db, VILLAGE_1)

    assert (before, await names(db, trees)) == (["Xã Mẫu"], ["Xã Mẫu", "Bản Mẫu 1"])


async def test_units_that_were_rolled_back_are_forgotten(db: Database) -> None:
    trees = UnitTrees()
    await save(db, COMMUNE_C)

    async def save_and_fail() -> None:
        async with db.write() as tx:
            await units.save(tx, [replace(VILLAGE_1, name="Bản Không Có")])
            await trees.on(tx, DAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await save_and_fail()
    await save(db, VILLAGE_1)

    assert await names(db, trees) == ["Xã Mẫu", "Bản Mẫu 1"]
