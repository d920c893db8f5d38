"""Whom a case concerns: nobody above the commune before it is confirmed."""

from __future__ import annotations

from datetime import date

from bot.domain.access import OVERSEERS, Role
from bot.domain.alerts import DESK, DISTRICT_DESK, audience
from bot.domain.units import COMMUNE, DISTRICT, PROVINCE, VILLAGE, OrgUnit, Tree

WITH_DISTRICT = Tree(
    [
        OrgUnit("p", "Tỉnh Mẫu", PROVINCE, None),
        OrgUnit("d", "Huyện Mẫu", DISTRICT, "p"),
        OrgUnit("c", "Xã Mẫu", COMMUNE, "d"),
        OrgUnit("v", "Bản Mẫu", VILLAGE, "c"),
    ],
    date(2021, 9, 9),
)
SINCE_2025 = Tree(
    [
        OrgUnit("p", "Tỉnh Mẫu", PROVINCE, None),
        OrgUnit("c", "Xã Mẫu", COMMUNE, "p"),
        OrgUnit("v", "Bản Mẫu", VILLAGE, "c"),
    ],
    date(2025, 9, 9),
)
SECRETARY, CHAIR = frozenset({Role.COMMUNE_SECRETARY}), frozenset({Role.DISTRICT_CHAIR})


def test_a_suspicion_stays_in_the_commune_however_long_nobody_takes_it() -> None:
    told = audience(WITH_DISTRICT, "v", confirmed=False, manned={"d", "p"})

    assert told.at_once == {"c": DESK}
    assert told.later == {"c": SECRETARY}


def test_a_confirmed_case_goes_to_the_district_at_once_and_one_level_further_later() -> None:
    told = audience(WITH_DISTRICT, "v", confirmed=True, manned={"d", "p"})

    assert told.at_once == {"c": DESK, "d": DISTRICT_DESK}
    assert told.later == {"c": SECRETARY, "d": CHAIR, "p": OVERSEERS}


def test_where_the_province_is_empty_the_districts_chair_is_the_next_level() -> None:
    assert audience(WITH_DISTRICT, "v", confirmed=True, manned={"d"}).later == {"c": SECRETARY, "d": CHAIR}


def test_without_a_district_the_province_takes_its_place() -> None:
    assert audience(SINCE_2025, "v", confirmed=True, manned={"p"}).at_once == {"c": DESK, "p": DISTRICT_DESK}
