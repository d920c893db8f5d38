"""A unit ends: from that day on nobody reports for it, and whoever is counted there goes on being counted elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import TEAM, RoleAt
from bot.domain.unit_changes import Ending, NotPossible
from bot.domain.units import Tree
from bot.handlers.call import Desk
from bot.handlers.counting import recount
from bot.handlers.planning import replan
from bot.storage import openings, people, persons, units
from bot.storage.database import Tx

BY_ADMINISTRATOR = ""  # no user: it was done on the command line


@dataclass(frozen=True)
class Passed:
    """What went to the unit that takes its place: people with their records, members of its team, opening balances."""

    people: int
    team: int
    balances: int


async def end(tx: Tx, desk: Desk, ending: Ending, at: datetime) -> Passed:
    """Store the change and pass on whatever stands there, all in one. Flows that were counted there stay there.

    Raises NotPossible where somebody stands there and nobody takes their place.
    """
    code = ending.ended.code
    standing = await persons.in_units(tx, desk.keys, [code])
    balances = await openings.of_units(tx, desk.keys, [code])
    if not ending.into and (standing or balances):
        raise NotPossible("somebody_there", code)
    await units.save(tx, [ending.ended, *ending.new])
    await units.note_change(tx, ending)
    if not ending.into:
        return Passed(0, 0, 0)
    to = ending.into[0].code
    window = max(ending.day, desk.timetable.window_at(at).day)
    tree = Tree(await units.load(tx), ending.day)
    for person in standing:
        event = await persons.move(tx, desk.keys, person, to, None, None, at)
        await recount(tx, desk.keys, desk.forms, [person.id], event, window)
        await replan(tx, desk, tree, person.id, None, at)
    for balance in balances:
        await openings.pass_on(tx, desk.keys, balance, to, window, BY_ADMINISTRATOR, at)
    team = {
        (who.id, held.role)
        for who in await people.with_roles(tx, desk.keys, [code], TEAM)
        for held in who.roles
        if held.unit == code and held.role in TEAM
    }
    for user, role in sorted(team):
        await people.grant(tx, user, RoleAt(role, to), None, at)
    return Passed(len(standing), len({user for user, _ in team}), len(balances))
