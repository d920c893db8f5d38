"""The commune behind a village: who types in what its teams send, and whom a team may ring."""

from __future__ import annotations

from collections.abc import Collection

from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, Role, RoleAt
from bot.reports.duties import holding
from bot.storage import people
from bot.storage.accounts import by_person, for_duties
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.media import MediaItem
from bot.storage.people import Who


async def who_types_in(tx: Tx, keys: Keyring, commune: str) -> list[Who]:
    """The commune's officers; if none of them can be reached here, its leaders. Each once, and agreed to the notice."""
    reachable = (await holding(tx, keys, [commune], COMMUNE_ROLES)).get(commune, [])
    officers = [who for who in reachable if RoleAt(Role.COMMUNE_OFFICER, commune) in who.roles]
    return officers or reachable


async def sender_of(tx: Tx, keys: Keyring, item: MediaItem) -> Who | None:
    """Who is to be told what became of an item: in the chat it came from, or where else they can be reached."""
    owned = await people.of_users(tx, keys, [item.user])
    here = (item.channel, item.bot, item.address)
    there = [who for who in owned if who.state == people.OPEN and (who.channel, who.bot, who.address) == here]
    return next(iter(there), for_duties(owned))


async def to_call(tx: Tx, keys: Keyring, communes: Collection[str]) -> list[Say]:
    """Who to ring at these communes: role, name and number, which phones make callable."""
    return [
        Say("menu.contact", role=Say(f"role.{role}"), name=who.name, phone=who.phone or Say("value.none"))
        for role, who in await _officials(tx, keys, communes)
    ]


async def numbers_to_call(tx: Tx, keys: Keyring, communes: Collection[str]) -> list[Say]:
    """The same for what is pushed and shows on a locked screen: no names, and only who has a number."""
    return [
        Say("media.call", role=Say(f"role.{role}"), phone=who.phone)
        for role, who in await _officials(tx, keys, communes)
        if who.phone
    ]


async def _officials(tx: Tx, keys: Keyring, communes: Collection[str]) -> list[tuple[Role, Who]]:
    officials = await people.with_roles(tx, keys, communes, COMMUNE_ROLES)
    return [
        (held.role, who)
        for who, *_ in by_person(officials).values()
        for held in who.roles
        if held.role in COMMUNE_ROLES and held.unit in communes
    ]
