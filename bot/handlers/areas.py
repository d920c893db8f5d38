"""Which unit is meant: the one that was named, the only one there is, or one that is chosen. Never one beyond one's reach."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, reach
from bot.domain.units import VILLAGE, OrgUnit
from bot.errors import AccessDenied
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.phrases import place

HOME = Choice("do:menu", Say("button.menu"))


def meant(call: Call, act: Act, code: str) -> OrgUnit | None:
    """The unit that was named; without a name, the only one there is. Raises AccessDenied for one beyond one's reach."""
    if code:
        if not may(call.user.roles, act, code, call.tree):
            raise AccessDenied(code)
        return call.tree[code]
    tops = reach(call.user.roles, act, call.tree)
    return tops[0] if len(tops) == 1 else None


def choose(call: Call, verb: str, act: Act, page: str) -> None:
    """One of those at the top of one's reach."""
    tops = reach(call.user.roles, act, call.tree)
    if not tops:
        call.say(Say("access.denied"))
        return
    choices = [Choice(f"do:{verb}:{top.code}", place(top)) for top in tops]
    call.say(Say("unit.choose"), rows=paged(choices, page, f"do:{verb}:", call.message.channel, [HOME]))


def of_people(call: Call, verb: str, code: str, what: str, page: str) -> OrgUnit | None:
    """The village or commune whose people are meant; None if whoever asks is to choose it first.

    What they choose from carries on ``what``. Raises AccessDenied for a unit beyond their reach.
    """
    unit = meant(call, Act.SEE_PEOPLE, code)
    if unit is None:
        tops = reach(call.user.roles, Act.SEE_PEOPLE, call.tree)
        if tops:
            _offer(call, Say("unit.choose"), verb, "", tops, what, page)
        else:
            call.say(Say("access.denied"))
        return None
    below = [child for child in call.tree.children(unit.code) if child.level != VILLAGE]
    if below:
        _offer(call, Say("list.choose_commune"), verb, unit.code, below, what, page)
        return None
    return unit


def _offer(call: Call, question: Say, verb: str, code: str, units: Sequence[OrgUnit], what: str, page: str) -> None:
    choices = [Choice(f"do:{verb}:{unit.code}:{what}", place(unit)) for unit in units]
    call.say(question, rows=paged(choices, page, f"do:{verb}:{code}:{what}", call.message.channel, [HOME]))
