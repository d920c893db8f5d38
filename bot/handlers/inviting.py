"""/moi: an official lets people in. One code for one person, usable once, for a few days, and revocable."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.clock import vietnam_day
from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Say
from bot.domain.access import LEVEL_OF, Act, Role, grantable, reach
from bot.domain.invites import new_invite_code, tidy_code
from bot.domain.units import OrgUnit
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.phrases import HOME, place
from bot.storage import people
from bot.storage.people import Invite


async def invite(call: Call, role: str = "", unit: str = "", page: str = "0") -> None:
    """Choose the role, then walk down to the unit, then make the code."""
    if role not in LEVEL_OF:
        _ask_role(call)
        return
    wanted = Role(role)
    if not unit:
        tops = reach(call.user.roles, Act.INVITE, call.tree)
        _ask_unit(call, wanted, tops, page, "")
        return
    if unit not in call.tree or not _leads_to(call, wanted, call.tree[unit]):
        call.say(Say("access.denied"))
    elif call.tree[unit].level == LEVEL_OF[wanted]:
        await _make(call, wanted, call.tree[unit])
    else:
        _ask_unit(call, wanted, call.tree.children(unit), page, unit)


def _leads_to(call: Call, role: Role, unit: OrgUnit) -> bool:
    """Whether a person may be invited to the role at the unit or somewhere below it."""
    places = call.tree.at_level(unit.code, LEVEL_OF[role])
    return any(grantable(call.user.roles, role, found.code, call.tree) for found in places)


def _ask_role(call: Call) -> None:
    tops = reach(call.user.roles, Act.INVITE, call.tree)
    roles = [role for role in Role if role in LEVEL_OF and any(_leads_to(call, role, top) for top in tops)]
    if not roles:
        call.say(Say("invite.not_yours"))
        return
    choices = [Choice(f"do:invite:{role}", Say(f"role.{role}")) for role in roles]
    call.say(Say("invite.which_role"), rows=(*in_rows(choices, 1), (HOME,)))


def _ask_unit(call: Call, role: Role, units: tuple[OrgUnit, ...], page: str, above: str) -> None:
    offered = [unit for unit in units if _leads_to(call, role, unit)]
    while len(offered) == 1 and offered[0].level != LEVEL_OF[role]:  # no choice, no question
        above = offered[0].code
        offered = [unit for unit in call.tree.children(above) if _leads_to(call, role, unit)]
    choices = [Choice(f"do:invite:{role}:{unit.code}", place(unit)) for unit in offered]
    back = Choice("do:invite", Say("button.back"))
    rows = paged(choices, page, f"do:invite:{role}:{above}", call.message.channel, [back])
    call.say(Say("invite.which_unit", role=Say(f"role.{role}")), rows=rows)


async def _make(call: Call, role: Role, unit: OrgUnit) -> None:
    code = new_invite_code(secrets.choice)
    until = call.at + timedelta(days=call.desk.invite_days)
    await people.add_invite(call.tx, call.desk.keys, code, Invite(role, unit.code, call.user.id), call.at, until)
    lines = [Say("invite.made", role=Say("role.at", role=Say(f"role.{role}"), unit=place(unit)), code=code)]
    if call.desk.deep_link is not None:
        lines.append(Say("invite.link", link=call.desk.deep_link(code)))
    lines.append(Say("invite.until", day=vietnam_day(until)))
    take_back = Choice(f"do:revoke:{code}", Say("button.revoke"), Say("word.revoke"))
    another = Choice("do:invite", Say("button.invite_another"))
    call.say(*lines, rows=((take_back, another), (HOME,)))


async def revoke(call: Call, code: str) -> None:
    """Take back an invite that nobody has used. Whoever holds the message with the code may."""
    revoked = await people.revoke_invite(call.tx, call.desk.keys, tidy_code(code), call.at)
    rows = ((Choice("do:invite", Say("button.invite_another")), HOME),)
    call.say(Say("invite.revoked" if revoked else "invite.not_revoked"), rows=rows)
