"""Who may do what where. Every list, export, message and command asks here, and nowhere else (A12).

A role is held at one unit and reaches that unit's subtree. A person may hold several.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.units import COMMUNE, DISTRICT, PROVINCE, VILLAGE, OrgUnit, Tree


class Role(StrEnum):
    MEMBER = "member"  # thành viên Tổ COVID cộng đồng
    HEAD = "head"  # tổ trưởng, trưởng thôn
    COMMUNE_OFFICER = "commune_officer"
    COMMUNE_SECRETARY = "commune_secretary"  # Bí thư: head of the committee, answers for the figures
    COMMUNE_CHAIR = "commune_chair"  # Chủ tịch: commander, answers for the figures
    DISTRICT_OFFICER = "district_officer"
    DISTRICT_CHAIR = "district_chair"
    PROVINCE_OFFICER = "province_officer"
    ADMIN = "admin"


class Act(StrEnum):
    REPORT = "report"  # file a report for a village
    SEE_FIGURES = "see_figures"  # counts
    SEE_PEOPLE = "see_people"  # names, phones, lists
    CORRECT = "correct"  # change or undo what is filed
    TRANSFER = "transfer"  # hand a person over to another village, or take one in
    CALL = "call"  # ring villages up, report for them, and say which of them do not use the app
    TYPE_IN = "type_in"  # see what teams send as pictures, voice or files, and say that it is typed in
    DECIDE = "decide"  # until when somebody isolates, where no rule decides or another than it
    SUPPORT = "support"  # see to whoever is in need, and say that it is done
    NIGHT = "night"  # enter at the duty desk what came in at night
    TAKE_ALERT = "take_alert"  # say that one sees to what was alerted
    JOIN = "join"  # say of two people that they are one, or two, wherever below they are
    OPEN = "open"  # enter what a unit counted before it reported here
    INVITE = "invite"  # give roles below
    MANAGE_UNITS = "manage_units"


NOTICE_VERSION = "2026-1"
"""The privacy notice in force: who has not agreed to this one is asked before anything else, and sent nothing unasked."""

TEAM = frozenset({Role.MEMBER, Role.HEAD})
COMMUNE_ROLES = frozenset({Role.COMMUNE_OFFICER, Role.COMMUNE_SECRETARY, Role.COMMUNE_CHAIR})
DISTRICT_ROLES = frozenset({Role.DISTRICT_OFFICER, Role.DISTRICT_CHAIR})
OVERSEERS = DISTRICT_ROLES | {Role.PROVINCE_OFFICER}
"""Who sees to the communes from above: without a district, as since 2025, the province."""

OFFICIALS = COMMUNE_ROLES | OVERSEERS
ANSWERABLE = frozenset({Role.COMMUNE_SECRETARY, Role.COMMUNE_CHAIR, Role.DISTRICT_CHAIR, Role.PROVINCE_OFFICER})
"""Who answers for the figures of their own unit (R6: 003, "chịu trách nhiệm về tính chính xác của số liệu")."""

RESPONDENTS = TEAM | {Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER}
"""Who is asked when something is asked of their unit; where there is none of them, whoever else is an official there."""

LEVEL_OF = {
    **dict.fromkeys(TEAM, VILLAGE),
    **dict.fromkeys(COMMUNE_ROLES, COMMUNE),
    **dict.fromkeys(DISTRICT_ROLES, DISTRICT),
    Role.PROVINCE_OFFICER: PROVINCE,
}
"""The level of unit at which a role is usually held; an administrator may be anywhere."""

_ALLOWED: dict[Act, frozenset[Role]] = {
    Act.REPORT: TEAM | COMMUNE_ROLES,
    Act.SEE_FIGURES: TEAM | OFFICIALS | {Role.ADMIN},
    # An administrator keeps the machine running and needs no one's name for that.
    Act.SEE_PEOPLE: TEAM | OFFICIALS,
    Act.CORRECT: TEAM | COMMUNE_ROLES,
    Act.TRANSFER: COMMUNE_ROLES | {Role.HEAD},
    Act.CALL: COMMUNE_ROLES,
    Act.TYPE_IN: COMMUNE_ROLES,
    Act.DECIDE: COMMUNE_ROLES,
    Act.SUPPORT: COMMUNE_ROLES,
    Act.NIGHT: COMMUNE_ROLES,
    Act.TAKE_ALERT: OFFICIALS,
    # A village is never shown a namesake elsewhere; above the commune nobody knows these people.
    Act.JOIN: COMMUNE_ROLES,
    Act.OPEN: OFFICIALS,
    Act.INVITE: COMMUNE_ROLES | DISTRICT_ROLES | {Role.PROVINCE_OFFICER, Role.ADMIN},
    Act.MANAGE_UNITS: frozenset({Role.ADMIN}),
}


@dataclass(frozen=True)
class RoleAt:
    role: Role
    unit: str


def may(roles: Iterable[RoleAt], act: Act, unit: str, tree: Tree) -> bool:
    """Whether one of these roles allows the act at this unit. A unit that is not valid today is reached by no one."""
    return any(held.role in _ALLOWED[act] and tree.within(unit, held.unit) for held in roles)


def may_file(roles: Sequence[RoleAt], needs: str, unit: str, tree: Tree, *, correcting: bool = False) -> bool:
    """Whether one may file a report that ``needs`` this act (``Form.needs``), or change or undo it once it is filed."""
    return may(roles, Act(needs), unit, tree) and (not correcting or may(roles, Act.CORRECT, unit, tree))


def reach(roles: Iterable[RoleAt], act: Act, tree: Tree) -> tuple[OrgUnit, ...]:
    """The highest units at and below which the act is allowed; no one of them lies within another."""
    held = {role.unit for role in roles if role.role in _ALLOWED[act] and role.unit in tree}
    tops = [code for code in held if not any(up.code in held for up in tree.ancestors(code) if up.code != code)]
    return tuple(tree[code] for code in sorted(tops))


def villages_of(roles: Iterable[RoleAt], act: Act, tree: Tree) -> tuple[OrgUnit, ...]:
    """Every village where the act is allowed."""
    return tuple(village for top in reach(roles, act, tree) for village in tree.villages(top.code))


def works_for(roles: Iterable[RoleAt], unit: str) -> bool:
    """Whether one is an official of this very unit: reviews its figures, prints and sends them. Nobody does from above."""
    return any(held.role in OFFICIALS and held.unit == unit for held in roles)


def speaks_for(roles: Iterable[RoleAt], unit: str) -> bool:
    """Whether one is of this very unit, its team or an official of it, and so answers what is asked of it."""
    return any(held.role in TEAM | OFFICIALS and held.unit == unit for held in roles)


def offices(roles: Iterable[RoleAt], tree: Tree) -> list[str]:
    """The units of which one is an official, as ``works_for``."""
    return sorted({held.unit for held in roles if held.role in OFFICIALS and held.unit in tree})


def answers_for(roles: Iterable[RoleAt], unit: str) -> bool:
    """Whether one answers for the figures of this very unit, and so may approve them."""
    return any(held.role in ANSWERABLE and held.unit == unit for held in roles)


def can_stand_in(held: Iterable[RoleAt], absent: Role, unit: str, tree: Tree) -> bool:
    """Whether one may stand in for somebody with this role at a unit: a colleague of the same team or office.

    For a village its commune's officials may too: they report for it as it is. Nobody stands in for an administrator.
    """
    circle = next((one for one in (TEAM, COMMUNE_ROLES, DISTRICT_ROLES, {Role.PROVINCE_OFFICER}) if absent in one), frozenset())
    commune = tree.above(unit, COMMUNE) if absent in TEAM and unit in tree else None
    return any(
        (one.unit == unit and one.role in circle)
        or (commune is not None and one.unit == commune.code and one.role in COMMUNE_ROLES)
        for one in held
    )


def lent(held: Iterable[RoleAt], absent: Role, unit: str) -> Role | None:
    """The role that who stands in gets for that time: a member who stands in for the head is head meanwhile.

    No other role is lent. Who answers for figures answers in person, or by telephone.
    """
    roles = {one.role for one in held if one.unit == unit}
    return Role.HEAD if absent is Role.HEAD and Role.MEMBER in roles and Role.HEAD not in roles else None


def is_official(roles: Sequence[RoleAt]) -> bool:
    return any(held.role in OFFICIALS or held.role is Role.ADMIN for held in roles)


def grantable(roles: Iterable[RoleAt], role: Role, unit: str, tree: Tree) -> bool:
    """Whether one of these roles may invite someone to ``role`` at ``unit``: within its own reach, to a lower rank.

    Ranks follow the order of ``Role``; only an administrator may make another of the same.
    """
    rank = list(Role)
    return any(
        may([held], Act.INVITE, unit, tree) and (held.role is Role.ADMIN or rank.index(role) < rank.index(held.role))
        for held in roles
    )
