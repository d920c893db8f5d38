"""``tungnha roles`` and ``tungnha revoke-role``: who holds what at a unit, and taking it back."""

from __future__ import annotations

from bot.clock import Clock, vietnam_day
from bot.commands.opening import key_of, opened
from bot.commands.speaking import Speak
from bot.config import Config
from bot.conversation.words import Say
from bot.domain.access import Role
from bot.domain.units import Tree
from bot.storage import people, units


async def show(say: Speak, config: Config, clock: Clock, code: str) -> int:
    async with opened(config) as db:
        keys = await key_of(config, db)
        async with db.read() as tx:
            unit = Tree(await units.load(tx), vietnam_day(clock())).get(code)
            found = await people.with_roles(tx, keys, [code], set(Role))
    if unit is None and not found:
        say(Say("admin.no_such_unit", code=code))
        return 1
    rank = list(Role)
    held = {(rank.index(held.role), who.id): (held.role, who) for who in found for held in who.roles if held.unit == code}
    for _, (role, who) in sorted(held.items(), key=lambda item: item[0]):
        say(Say("admin.roles.one", id=who.id, word=str(role), role=Say(f"role.{role}"), name=who.name))
    if not held:
        say(Say("admin.roles.none", unit=code))
    return 0


async def revoke(say: Speak, config: Config, clock: Clock, user: str, role: Role, unit: str) -> int:
    async with opened(config) as db, db.write() as tx:
        revoked = await people.revoke_role(tx, user, role, unit, clock())
    say(Say("admin.roles.revoked" if revoked else "admin.roles.not_held", role=Say(f"role.{role}"), unit=unit))
    return 0 if revoked else 1
