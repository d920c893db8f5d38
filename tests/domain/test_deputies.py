"""Being away: until when, and who is told instead."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.access import Role, RoleAt, can_stand_in, lent
from bot.domain.deputies import LONGEST, instead, until_when
from bot.domain.units import OrgUnit, Tree

THURSDAY = date(2021, 9, 9)
USERS = ["An", "Bình", "Chi", "Dung"]
TREE = Tree(
    [
        OrgUnit("04123", "Xã Mẫu", "commune", None),
        OrgUnit("04124", "Xã Mẫu Khác", "commune", None),
        *(OrgUnit(f"04123-0{n}", f"Bản Mẫu {n}", "village", "04123", "bản") for n in (1, 2)),
    ],
    THURSDAY,
)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("đến thứ Sáu", date(2021, 9, 10)),
        ("vắng đến hết thứ hai", date(2021, 9, 13)),
        ("hết mai", date(2021, 9, 10)),
        ("12/9", date(2021, 9, 12)),
        ("hôm nay", THURSDAY),
        ("8/9/2021", None),
        ("12/12", None),
        ("khi nào khỏe", None),
        ("", None),
    ],
)
def test_until_when_is_read_in_words(typed: str, day: date | None) -> None:
    assert until_when(typed, THURSDAY) == day


@given(st.text(max_size=20))
def test_whatever_is_typed_nobody_is_away_until_yesterday_or_for_ever(typed: str) -> None:
    day = until_when(typed, THURSDAY)

    assert day is None or THURSDAY <= day <= THURSDAY + LONGEST


@given(st.lists(st.sampled_from(USERS), unique=True), st.dictionaries(st.sampled_from(USERS), st.sampled_from(USERS)))
def test_everybody_is_told_themselves_or_their_deputy_is_and_nobody_is_lost(users: list[str], deputies: dict[str, str]) -> None:
    deputies = {absent: deputy for absent, deputy in deputies.items() if absent != deputy}

    told = instead(users, deputies)

    for user in users:
        assert [one for one, absent in told.items() if one == user or user in absent]
    for one, absent in told.items():
        assert set(absent) <= deputies.keys() & set(users)
        assert one in users or absent


def test_a_deputy_who_is_away_too_is_followed_to_theirs() -> None:
    assert instead(["An", "Dung"], {"An": "Bình", "Bình": "Chi"}) == {"Chi": ["An"], "Dung": []}
    assert instead(["An"], {"An": "Bình", "Bình": "An"}) == {"An": []}


@pytest.mark.parametrize(
    ("held", "absent", "unit", "able"),
    [
        (RoleAt(Role.MEMBER, "04123-01"), Role.HEAD, "04123-01", True),
        (RoleAt(Role.MEMBER, "04123-02"), Role.HEAD, "04123-01", False),
        (RoleAt(Role.COMMUNE_OFFICER, "04123"), Role.HEAD, "04123-01", True),
        (RoleAt(Role.COMMUNE_OFFICER, "04124"), Role.HEAD, "04123-01", False),
        (RoleAt(Role.COMMUNE_CHAIR, "04123"), Role.COMMUNE_OFFICER, "04123", True),
        (RoleAt(Role.HEAD, "04123-01"), Role.COMMUNE_OFFICER, "04123", False),
        (RoleAt(Role.ADMIN, "04123"), Role.ADMIN, "04123", False),
    ],
)
def test_a_colleague_of_the_team_or_office_stands_in_or_the_commune_for_a_village(
    held: RoleAt, absent: Role, unit: str, able: bool
) -> None:
    assert can_stand_in([held], absent, unit, TREE) is able


def test_only_a_head_s_role_is_lent_and_only_to_a_member_of_the_village() -> None:
    member = [RoleAt(Role.MEMBER, "04123-01")]

    assert lent(member, Role.HEAD, "04123-01") is Role.HEAD
    assert lent(member, Role.HEAD, "04123-02") is None
    assert lent([*member, RoleAt(Role.HEAD, "04123-01")], Role.HEAD, "04123-01") is None
    for answerable in (Role.COMMUNE_CHAIR, Role.COMMUNE_SECRETARY, Role.DISTRICT_CHAIR):
        assert lent([RoleAt(Role.COMMUNE_OFFICER, "04123")], answerable, "04123") is None
