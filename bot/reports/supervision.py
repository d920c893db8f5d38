"""Whoever isolates or watches their health in some units, and who sees to them: read for all of them at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import at
from bot.conversation.form import Form
from bot.domain.access import TEAM, Role
from bot.domain.due import at_home, followed
from bot.domain.person import FOLLOWED_CONTACT, QUARANTINE
from bot.domain.plans import PLAN
from bot.domain.units import COMMUNE, Tree
from bot.reports.duties import holding
from bot.storage import persons
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.storage.persons import Person
from bot.storage.records import Record

STOCKS = QUARANTINE | FOLLOWED_CONTACT | {"f0_under_treatment"}
LONGEST = timedelta(days=60)
"""Who only watches their health stands in no stock; no plan of the rules that was made longer ago is still under way."""

SUPERVISOR = "supervisor"  # a kind of record: who sees to somebody from now on


@dataclass(frozen=True)
class Watched:
    """Somebody with all that stands recorded about them."""

    person: Person
    file: Sequence[Record]


async def watched_in(tx: Tx, keys: Keyring, units: Collection[str], now: datetime) -> dict[str, Watched]:
    """Everybody in these units about whom something may be due, by their ids: five statements, however many they are."""
    ids = await persons.standing_in(tx, units, STOCKS) | await persons.with_records(tx, units, PLAN, now - LONGEST)
    known = await persons.of_ids(tx, keys, ids)
    files = await persons.files(tx, keys, ids)
    here = set(units)
    return {one: Watched(who, files[one]) for one, who in known.items() if who.unit in here}


async def communes_watching(tx: Tx, _keys: Keyring, tree: Tree) -> Sequence[str]:
    """The communes in which there is anybody like that, on the day of a tree."""
    units = await persons.units_of(tx, STOCKS, PLAN, at(tree.day, time.min) - LONGEST)
    found = {up.code for unit in units if unit in tree and (up := tree.above(unit, COMMUNE)) is not None}
    return [unit.code for unit in tree if unit.code in found]


async def supervisors(
    tx: Tx, keys: Keyring, tree: Tree, forms: Mapping[str, type[Form]], people: Mapping[str, Watched]
) -> dict[str, list[Who]]:
    """Who sees to each of these who isolate or watch their health: whom the card names, else who reported, else the head.

    Only who is still in the village's team and can be reached; without anybody there, the commune's officers.
    """
    roles = {one: role for one, who in people.items() if (role := _role(who, forms)) is not None}
    if not roles:
        return {}
    villages = {people[one].person.unit for one in roles}
    communes = {up.code for village in villages if village in tree and (up := tree.above(village, COMMUNE)) is not None}
    teams = await holding(tx, keys, villages, TEAM)
    officers = await holding(tx, keys, communes, {Role.COMMUNE_OFFICER})
    found = {}
    for one, role in roles.items():
        village = people[one].person.unit
        commune = tree.above(village, COMMUNE) if village in tree else None
        found[one] = _of_team(teams.get(village, []), village, _chosen(people[one].file), role.filed_by) or (
            officers.get(commune.code, []) if commune is not None else []
        )
    return found


def _role(who: Watched, forms: Mapping[str, type[Form]]) -> Record | None:
    """The record by which somebody is followed."""
    stay, plan = at_home(who.file, forms), followed(who.file, forms)
    role = stay.role if stay is not None else plan[0] if plan is not None else None
    return next((one for one in who.file if one.id == role), None)


def _chosen(file: Sequence[Record]) -> str | None:
    return next((str(one.body["supervisor"]) for one in reversed(file) if one.kind == SUPERVISOR), None)


def _of_team(team: Sequence[Who], village: str, *wanted: str | None) -> list[Who]:
    for user in wanted:
        if one := [who for who in team if user is not None and user in (who.id, *who.instead_of)]:
            return one
    heads = [who for who in team if any((held.role, held.unit) == (Role.HEAD, village) for held in who.roles)]
    return heads or list(team)
