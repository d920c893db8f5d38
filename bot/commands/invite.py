"""``tungnha invite`` and ``tungnha revoke-invite``: how the first people come in."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.clock import Clock, vietnam_day
from bot.commands.opening import key_of, opened
from bot.commands.speaking import Speak
from bot.config import Config
from bot.conversation.words import Say
from bot.domain.access import LEVEL_OF, Role
from bot.domain.invites import ALPHABET, LENGTH, looks_like_code, new_invite_code, tidy_code
from bot.domain.units import OrgUnit, Tree
from bot.storage import people, units
from bot.storage.people import Invite


async def invite(
    say: Speak,
    config: Config,
    clock: Clock,
    role: Role,
    unit: str | None,
    days: int | None,
    count: int,
    bot_username: str | None,
) -> int:
    """Make ``count`` invites, each usable once, and print them: they cannot be printed again."""
    async with opened(config) as db:
        keys = await key_of(config, db)
        now = clock()
        until = now + timedelta(days=days or config.app.invite_days)
        async with db.write() as tx:
            place = _place(Tree(await units.load(tx), vietnam_day(now)), role, unit)
            if isinstance(place, Say):
                say(place)
                return 1
            codes = [new_invite_code(secrets.choice) for _ in range(count)]
            for code in codes:
                await people.add_invite(tx, keys, code, Invite(role, place.code, None), now, until)
    for code in codes:
        say(Say("admin.invite.one", code=code, role=Say(f"role.{role}"), unit=place.name, until=until))
        if bot_username:
            say(Say("admin.invite.link", link=f"https://t.me/{bot_username.removeprefix('@')}?start={code}"))
    return 0


async def revoke(say: Speak, config: Config, clock: Clock, code: str) -> int:
    if not looks_like_code(code):
        say(Say("admin.invite.bad_code", example=ALPHABET[:LENGTH]))
        return 1
    async with opened(config) as db:
        keys = await key_of(config, db)
        async with db.write() as tx:
            revoked = await people.revoke_invite(tx, keys, tidy_code(code), clock())
    say(Say("admin.invite.revoked" if revoked else "admin.invite.not_revoked"))
    return 0 if revoked else 1


def _place(tree: Tree, role: Role, code: str | None) -> OrgUnit | Say:
    """The unit at which the role will be held, or why there is none. An administrator belongs to the top by default."""
    if len(tree) == 0:
        return Say("admin.check.no_units")
    if code is None:
        roots = tree.roots()
        if role is not Role.ADMIN:
            return Say("admin.invite.needs_unit")
        return roots[0] if len(roots) == 1 else Say("admin.invite.which_unit", units=", ".join(root.code for root in roots))
    unit = tree.get(code)
    if unit is None:
        return Say("admin.no_such_unit", code=code)
    level = LEVEL_OF.get(role, unit.level)
    if level != unit.level:
        own, wanted = Say(f"admin.level.{unit.level}"), Say(f"admin.level.{level}")
        return Say("admin.invite.wrong_level", role=Say(f"role.{role}"), level=wanted, unit=unit.name, own=own)
    return unit
