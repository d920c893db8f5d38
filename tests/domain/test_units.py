"""The tree of units as it stands on one day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.domain.units import COMMUNE, DISTRICT, PROVINCE, VILLAGE, OrgUnit, Tree

DAY = date(2021, 9, 9)
UNITS = [
    OrgUnit("v1", "Bản Mẫu 1", VILLAGE, "c1"),
    OrgUnit("v2", "Bản Mẫu 2", VILLAGE, "c1"),
    OrgUnit("c2", "Xã Mẫu 2", COMMUNE, "d"),
    OrgUnit("c1", "Xã Mẫu 1", COMMUNE, "d"),
    OrgUnit("d", "Huyện Mẫu", DISTRICT, "p"),
    OrgUnit("p", "Tỉnh Mẫu", PROVINCE, None),
    OrgUnit("v3", "Bản Mẫu 3", VILLAGE, "c2"),
]
TREE = Tree(UNITS, DAY)


def codes(units: Iterable[OrgUnit]) -> list[str]:
    return [unit.code for unit in units]


def test_a_subtree_lists_parents_first_and_siblings_by_code() -> None:
    assert codes(TREE.subtree("p")) == ["p", "d", "c1", "v1", "v2", "c2", "v3"]
    assert codes(TREE.subtree("c2")) == ["c2", "v3"]
    assert codes(TREE.subtree("nowhere")) == []


def test_ancestors_begin_with_the_unit_itself() -> None:
    assert codes(TREE.ancestors("v1")) == ["v1", "c1", "d", "p"]
    assert codes(TREE.ancestors("nowhere")) == []


def test_a_unit_lies_within_itself_and_what_is_above_it() -> None:
    assert TREE.within("v1", "v1")
    assert TREE.within("v1", "p")
    assert not TREE.within("v1", "c2")
    assert not TREE.within("c1", "v1")
    assert not TREE.within("nowhere", "p")


def test_villages_are_found_at_and_below_a_unit() -> None:
    assert codes(TREE.villages("d")) == ["v1", "v2", "v3"]
    assert codes(TREE.villages("v2")) == ["v2"]
    assert codes(TREE.at_level("p", COMMUNE)) == ["c1", "c2"]


def test_the_nearest_ancestor_of_a_level_may_be_missing() -> None:
    without_district = Tree([OrgUnit("v", "Bản", VILLAGE, "c"), OrgUnit("c", "Xã", COMMUNE, "p"), UNITS[5]], DAY)
    district, commune, above = TREE.above("v3", DISTRICT), TREE.above("c1", COMMUNE), without_district.above("v", PROVINCE)

    assert district is not None
    assert district.code == "d"
    assert commune is not None
    assert commune.code == "c1"
    assert above is not None
    assert above.code == "p"
    assert without_district.above("v", DISTRICT) is None


def test_a_unit_whose_parent_is_missing_is_a_root() -> None:
    assert codes(Tree(UNITS[:4], DAY).roots()) == ["c1", "c2"]
    assert codes(TREE.roots()) == ["p"]


def test_a_unit_is_valid_from_its_first_day_until_the_day_before_its_end() -> None:
    unit = OrgUnit("v", "Bản", VILLAGE, None, valid_from=date(2021, 9, 9), valid_to=date(2021, 9, 11))

    assert [unit.valid_on(date(2021, 9, day)) for day in (8, 9, 10, 11)] == [False, True, True, False]
    assert "v" in Tree([unit], DAY)
    assert "v" not in Tree([unit], date(2021, 9, 11))


def test_a_village_that_changed_its_commune_is_below_the_one_of_the_day() -> None:
    moved = [
        OrgUnit("c1", "Xã 1", COMMUNE, None),
        OrgUnit("c2", "Xã 2", COMMUNE, None),
        OrgUnit("v", "Bản", VILLAGE, "c1", valid_to=DAY),
        OrgUnit("v", "Bản", VILLAGE, "c2", valid_from=DAY),
    ]

    assert Tree(moved, date(2021, 9, 8)).within("v", "c1")
    assert Tree(moved, DAY).within("v", "c2")
    assert not Tree(moved, DAY).within("v", "c1")


def test_a_tree_is_read_like_a_mapping() -> None:
    assert len(TREE) == 7
    assert {unit.code for unit in TREE} == {"p", "d", "c1", "c2", "v1", "v2", "v3"}
    assert TREE["d"].name == "Huyện Mẫu"
    assert TREE.get("nowhere") is None
    assert codes(TREE.children("d")) == ["c1", "c2"]
