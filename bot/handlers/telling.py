"""Who told what somebody else types: the village by phone or on paper, or a team by a picture (N15).

A record that its own village typed into the app says nothing of it: who reported is who typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversation.draft import Json
from bot.conversation.words import Say
from bot.domain.access import TEAM, Act, Role, may
from bot.domain.ways import MEDIA, Way
from bot.handlers.call import Call
from bot.reports.phrases import Contact, call_one
from bot.reports.remarks import KEPT
from bot.storage import deputies, media, people, ways
from bot.storage.accounts import by_person
from bot.storage.crypto import Keyring
from bot.storage.database import Tx

TOLD = "_told"
"""In a record's body: by what means it was told, and by whom, where somebody else typed it. No form has such a field."""

SOURCE = "_source"
"""In a record's body: the line of a pasted text that it was read from. No form has such a field."""

BESIDE = ((SOURCE, "source"), (TOLD, "told"), (KEPT, "kept"))
"""What a record's body holds beside its answers, and the draft's fact that it comes from."""


async def told_by(call: Call, unit: str, how: str) -> dict[str, Json]:
    """The draft's fact ``told``, if an officer reports for a village. ``how`` is a way, or the id of what a team sent.

    Without ``how`` it is the way in which the village reports.
    """
    of_the_village = any(held.role in TEAM and held.unit == unit for held in call.user.roles)
    if of_the_village or not may(call.user.roles, Act.CALL, unit, call.tree):
        return {}
    spoken = Way(how) if how in tuple(Way) else None
    if how and spoken is None:
        item = await media.get(call.tx, call.desk.keys, how)
        if item is not None and may(call.user.roles, Act.TYPE_IN, item.unit, call.tree):
            senders = await people.of_users(call.tx, call.desk.keys, [item.user])
            return {"told": {"means": MEDIA, "by": senders[0].name if senders else None}}
    way = spoken or (await ways.not_on_app(call.tx, [unit])).get(unit, Way.APP)
    if way is Way.APP:
        return {}
    contacts = (await to_ring_up(call, [unit])).get(unit, [])
    return {"told": {"means": str(way), "by": contacts[0].name if len(contacts) == 1 else None}}


async def to_ring_up(call: Call, units: Sequence[str]) -> dict[str, list[Contact]]:
    """Whom to ring up at each of these villages: who was named for it, or else its heads, or who stands in for them."""
    return await whom_to_ring(call.tx, call.desk.keys, units)


async def whom_to_ring(tx: Tx, keys: Keyring, units: Sequence[str]) -> dict[str, list[Contact]]:
    """The same outside of a message."""
    named = await ways.of_units(tx, keys, units)
    found = {unit: [Contact(one.name, one.phone)] for unit, one in named.items() if one.name}
    others = [unit for unit in units if unit not in found]
    heads = by_person(await people.with_roles(tx, keys, others, {Role.HEAD}))
    away = {(one.unit, one.user): one.deputy for one in await deputies.at_units(tx, others)}
    standing_in = by_person(await people.of_users(tx, keys, set(away.values()))) if away else {}
    for who, *_ in heads.values():
        for held in who.roles:
            if held.role is Role.HEAD and held.unit in others:
                there = next(iter(standing_in.get(away.get((held.unit, who.id), ""), [])), who)
                found.setdefault(held.unit, []).append(Contact(there.name, there.phone))
    return found


def told_words(body: Mapping[str, Any]) -> Say | None:
    """How a record was told, in words: "qua điện thoại, Lò Mẫu An báo"; None if its village typed it."""
    told = body.get(TOLD)
    if told is None:
        return None
    means = Say(f"told.{told['means']}")
    return Say("told.by", means=means, name=told["by"]) if told.get("by") else means


def contact_words(contacts: Sequence[Contact]) -> list[Say]:
    return [call_one(one) for one in contacts] or [Say("calls.nobody_named")]


def kept_beside(body: Mapping[str, Any]) -> dict[str, Json]:
    """The facts of a draft that corrects a record: changing a word of it changes neither who told it nor where it was read.

    What is corrected does not keep what was known before.
    """
    return {fact: body[key] for key, fact in BESIDE if key in body and key != KEPT}
