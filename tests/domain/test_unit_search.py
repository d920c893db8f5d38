"""A village is found as people type it: without diacritics, without its kind, with the commune where the name is common."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.unit_search import search
from bot.domain.units import COMMUNE, DISTRICT, PROVINCE, VILLAGE, OrgUnit, Tree

TREE = Tree(
    [
        OrgUnit("p", "Tỉnh Sơn La", PROVINCE, None),
        OrgUnit("q", "Tỉnh Khác", PROVINCE, None),
        OrgUnit("d", "Huyện Mai Sơn", DISTRICT, "p"),
        OrgUnit("c1", "Xã Chiềng Mung", COMMUNE, "d"),
        OrgUnit("c2", "Xã Chiềng Ban", COMMUNE, "d"),
        OrgUnit("c3", "Xã Ngoài", COMMUNE, "q"),
        OrgUnit("v0", "Bản Cây Đa", VILLAGE, "c1"),
        OrgUnit("v1", "Bản Mé", VILLAGE, "c2"),
        OrgUnit("v2", "Bản Mé Ban", VILLAGE, "c2"),
        OrgUnit("v3", "Bản Mé", VILLAGE, "c1"),
        OrgUnit("v4", "Tiểu khu 3", VILLAGE, "c1"),
        OrgUnit("v5", "Bản Mé", VILLAGE, "c3"),
    ],
    date(2021, 9, 9),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Bản Mé", ["v3", "v1", "v2"]),  # the own commune's first
        ("ban me", ["v3", "v1", "v2"]),
        ("mé, chiềng ban", ["v2", "v1"]),
        ("me ban", ["v2", "v1"]),  # of whose own name more was typed
        ("tieu khu 3", ["v4"]),
        ("xã Chiềng Ban", ["v2", "v1"]),
        ("Bản Không Có", []),
        ("mé xã ngoài", []),  # another province
        ("cây đa", []),  # where they are already
        ("?!", []),
        ("bản", []),
    ],
)
def test_what_is_typed_finds(typed: str, found: list[str]) -> None:
    assert sorted(one.code for one in search(TREE, typed, "v0")) == sorted(found)
    if found:
        assert search(TREE, typed, "v0")[0].code == found[0]
