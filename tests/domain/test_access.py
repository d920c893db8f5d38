"""Who may do what where."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.access import LEVEL_OF, Act, Role, RoleAt, grantable, is_official, may, reach, villages_of
from bot.domain.units import COMMUNE, DISTRICT, PROVINCE, VILLAGE, OrgUnit, Tree

TREE = Tree(
    [
        OrgUnit("p", "Tỉnh Mẫu", PROVINCE, None),
        OrgUnit("d", "Huyện Mẫu", DISTRICT, "p"),
        OrgUnit("c1", "Xã Mẫu 1", COMMUNE, "d"),
        OrgUnit("c2", "Xã Mẫu 2", COMMUNE, "d"),
        OrgUnit("v1", "Bản Mẫu 1", VILLAGE, "c1"),
        OrgUnit("v2", "Bản Mẫu 2", VILLAGE, "c1"),
        OrgUnit("v3", "Bản Mẫu 3", VILLAGE, "c2"),
        OrgUnit("gone", "Bản Cũ", VILLAGE, "c1", valid_to=date(2021, 9, 1)),
    ],
    date(2021, 9, 9),
)
HEAD = RoleAt(Role.HEAD, "v1")
CHAIR = RoleAt(Role.COMMUNE_CHAIR, "c1")
DISTRICT_CHAIR = RoleAt(Role.DISTRICT_CHAIR, "d")
ADMIN = RoleAt(Role.ADMIN, "p")


def allowed(held: RoleAt, unit: str) -> set[Act]:
    return {act for act in Act if may([held], act, unit, TREE)}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", list(Act))
def test_no_role_reaches_outside_its_subtree(role: Role, act: Act) -> None:
    held = RoleAt(role, "c1")

    assert not any(may([held], act, outside, TREE) for outside in ("p", "d", "c2", "v3", "nowhere", "gone"))


def test_a_village_head_reports_and_sees_their_village() -> None:
    assert allowed(HEAD, "v1") == {Act.REPORT, Act.SEE_FIGURES, Act.SEE_PEOPLE, Act.CORRECT, Act.TRANSFER}
    assert allowed(HEAD, "v2") == set()
    assert allowed(HEAD, "c1") == set()


def test_a_commune_chair_acts_for_every_village_of_the_commune() -> None:
    assert allowed(CHAIR, "v2") == {
        *(Act.REPORT, Act.SEE_FIGURES, Act.SEE_PEOPLE, Act.CORRECT),
        *(
            Act.TRANSFER,
            Act.CALL,
            Act.TYPE_IN,
            Act.DECIDE,
            Act.JOIN,
            Act.SUPPORT,
            Act.NIGHT,
            Act.TAKE_ALERT,
            Act.OPEN,
            Act.INVITE,
        ),
    }
    assert allowed(CHAIR, "c1") == allowed(CHAIR, "v2")


def test_a_district_sees_and_does_not_report() -> None:
    assert allowed(DISTRICT_CHAIR, "v3") == {Act.SEE_FIGURES, Act.SEE_PEOPLE, Act.TAKE_ALERT, Act.OPEN, Act.INVITE}


def test_an_administrator_sees_no_names() -> None:
    assert allowed(ADMIN, "v1") == {Act.SEE_FIGURES, Act.INVITE, Act.MANAGE_UNITS}


def test_nobody_may_do_anything() -> None:
    assert not any(may([], act, unit.code, TREE) for act in Act for unit in TREE)


def test_reach_names_only_the_highest_units() -> None:
    roles = [HEAD, RoleAt(Role.COMMUNE_OFFICER, "c1"), RoleAt(Role.HEAD, "v3"), RoleAt(Role.HEAD, "gone")]

    assert [unit.code for unit in reach(roles, Act.SEE_PEOPLE, TREE)] == ["c1", "v3"]
    assert [unit.code for unit in reach(roles, Act.INVITE, TREE)] == ["c1"]
    assert reach(roles, Act.MANAGE_UNITS, TREE) == ()


def test_the_villages_of_a_person_are_those_below_their_reach() -> None:
    assert [unit.code for unit in villages_of([CHAIR, HEAD], Act.REPORT, TREE)] == ["v1", "v2"]
    assert villages_of([DISTRICT_CHAIR], Act.REPORT, TREE) == ()


@pytest.mark.parametrize("act", list(Act))
def test_reach_and_may_agree_on_every_unit(act: Act) -> None:
    roles = [HEAD, RoleAt(Role.COMMUNE_OFFICER, "c2"), RoleAt(Role.ADMIN, "v2")]

    reached = {below.code for top in reach(roles, act, TREE) for below in TREE.subtree(top.code)}

    assert reached == {unit.code for unit in TREE if may(roles, act, unit.code, TREE)}


def test_officials_are_those_above_the_team() -> None:
    assert not is_official([HEAD, RoleAt(Role.MEMBER, "v2")])
    assert is_official([HEAD, CHAIR])
    assert is_official([ADMIN])


def test_an_invite_goes_to_a_lower_rank_within_reach() -> None:
    assert grantable([CHAIR], Role.HEAD, "v1", TREE)
    assert grantable([CHAIR], Role.COMMUNE_SECRETARY, "c1", TREE)
    assert not grantable([CHAIR], Role.COMMUNE_CHAIR, "c1", TREE)
    assert not grantable([CHAIR], Role.HEAD, "v3", TREE)
    assert not grantable([HEAD], Role.MEMBER, "v1", TREE)


def test_an_administrator_may_invite_anyone_within_reach() -> None:
    assert all(grantable([ADMIN], role, "v1", TREE) for role in Role)
    assert not grantable([RoleAt(Role.ADMIN, "c1")], Role.HEAD, "v3", TREE)


def test_a_high_rank_elsewhere_gives_no_rank_here() -> None:
    officer_here_chair_elsewhere = [RoleAt(Role.COMMUNE_OFFICER, "c1"), RoleAt(Role.DISTRICT_CHAIR, "v3")]

    assert grantable(officer_here_chair_elsewhere, Role.HEAD, "v1", TREE)
    assert not grantable(officer_here_chair_elsewhere, Role.COMMUNE_CHAIR, "c1", TREE)


def test_every_role_but_the_administrators_has_its_level() -> None:
    assert set(LEVEL_OF) == set(Role) - {Role.ADMIN}
