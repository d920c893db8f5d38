"""Whom a case concerns at once, and whom if nobody takes it (R29, R31). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.access import OVERSEERS, Role
from bot.domain.units import COMMUNE, VILLAGE, Tree

CLIMBS_AFTER = timedelta(minutes=15)
"""Untaken for so long, an alert goes one level up, once."""

DESK = frozenset({Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIR})
DISTRICT_DESK = frozenset({Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER})

Roles = Mapping[str, frozenset[Role]]  # by unit


@dataclass(frozen=True)
class Audience:
    """Who is told: which roles at which units. Where nobody holds those of ``at_once``, those of ``later`` are told at once."""

    at_once: Roles
    later: Roles


def audience(tree: Tree, unit: str, confirmed: bool, manned: Collection[str]) -> Audience:
    """For a case in ``unit``. ``manned`` are the units at which somebody oversees communes.

    What is not confirmed stays in the commune: its duty desk, then its secretary. A confirmed case goes to the unit above as
    well, and if nobody takes it, to that one's chair and one unit further up.
    """
    commune = tree.above(unit, COMMUNE)
    at_once: dict[str, frozenset[Role]] = {}
    later: dict[str, frozenset[Role]] = {}
    if commune is not None:
        at_once[commune.code], later[commune.code] = DESK, frozenset({Role.COMMUNE_SECRETARY})
    above = [up.code for up in tree.ancestors(unit) if up.level not in (VILLAGE, COMMUNE) and up.code in manned]
    if confirmed and above:
        at_once[above[0]], later[above[0]] = DISTRICT_DESK, frozenset({Role.DISTRICT_CHAIR})
        later |= dict.fromkeys(above[1:2], OVERSEERS)
    return Audience(at_once, later)


def alert_key(record_id: str) -> str:
    """What the unsent messages of an alert have in common; whoever takes it takes them back."""
    return f"alert:{record_id}"
