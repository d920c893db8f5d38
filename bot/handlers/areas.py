"""Which unit is meant: the one that was named, the only one there is, or one that is chosen. Never one beyond one's reach.

Whatever asks for a unit is a verb whose buttons are ``do:<verb>:<unit>:<what it carries>…:<page>``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, offices, reach
from bot.domain.units import VILLAGE, OrgUnit
from bot.errors import AccessDenied
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.phrases import HOME, place


def meant(call: Call, act: Act, code: str = "") -> OrgUnit | None:
    """The unit that was named; without a name, the only one there is. Raises AccessDenied for one beyond one's reach."""
    if code:
        if not may(call.user.roles, act, code, call.tree):
            raise AccessDenied(code)
        return call.tree[code]
    tops = reach(call.user.roles, act, call.tree)
    return tops[0] if len(tops) == 1 else None


def whole(call: Call, act: Act) -> list[str]:
    """The code of every unit where the act is allowed, each top before what lies below it. Raises AccessDenied if none is."""
    tops = reach(call.user.roles, act, call.tree)
    if not tops:
        raise AccessDenied(act)
    return [unit.code for top in tops for unit in call.tree.subtree(top.code)]


def asked(call: Call, verb: str, act: Act, code: str = "", page: str = "0", *carried: str) -> OrgUnit | None:
    """As ``meant``; None if whoever asks is to choose first one of the units at the top of their reach.

    What they choose from carries on ``carried``. Raises AccessDenied for a unit beyond their reach, and if there is none.
    """
    if code:
        return meant(call, act, code)
    return _one_of(call, verb, reach(call.user.roles, act, call.tree), page, *carried)


def office(call: Call, verb: str, code: str = "", page: str = "0", *carried: str) -> OrgUnit | None:
    """As ``asked``, of the units of which one is an official oneself."""
    own = [call.tree[unit] for unit in offices(call.user.roles, call.tree)]
    if code:
        own = [unit for unit in own if unit.code == code]
    return _one_of(call, verb, own, page, *carried)


def of_people(call: Call, verb: str, code: str, what: str, page: str) -> OrgUnit | None:
    """As ``asked``, of the villages and communes whose people one may see: above a commune, that is chosen too."""
    unit = asked(call, verb, Act.SEE_PEOPLE, code, page, what)
    if unit is None:
        return None
    below = [child for child in call.tree.children(unit.code) if child.level != VILLAGE]
    if below:
        offer(call, Say("list.choose_commune"), verb, below, page, what, within=unit.code)
        return None
    return unit


def offer(call: Call, question: Say, verb: str, units: Sequence[OrgUnit], page: str, *carried: str, within: str = "") -> None:
    """Ask for one of these units; ``within`` is the unit that was named, if they lie below it."""
    tail = "".join(f":{one}" for one in carried)
    choices = [Choice(f"do:{verb}:{unit.code}{tail}", place(unit)) for unit in units]
    call.say(question, rows=paged(choices, page, f"do:{verb}:{within}{tail}", call.message.channel, [HOME]))


def _one_of(call: Call, verb: str, units: Sequence[OrgUnit], page: str, *carried: str) -> OrgUnit | None:
    if not units:
        raise AccessDenied(verb)
    if len(units) > 1:
        offer(call, Say("unit.choose"), verb, units, page, *carried)
        return None
    return units[0]
