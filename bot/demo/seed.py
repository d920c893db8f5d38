"""Putting the demo's units and people into a database that may have them already."""

from __future__ import annotations

from datetime import datetime

from bot.demo.people import demo_people, demo_units
from bot.domain.access import RoleAt
from bot.storage import roster, units
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.texts import DEFAULT


async def seed(
    tx: Tx,
    keys: Keyring,
    now: datetime,
    *,
    channel: str = "telegram",
    bot: str = "1000000001",
    notice: str | None = None,
    language: str = DEFAULT,
) -> int:
    """Add what is missing and return how many people that were; what was changed while practising stays changed.

    ``bot`` is the bot's id, ``notice`` the version of the privacy notice that everyone has accepted.
    """
    there = {unit.code for unit in await units.load(tx)}
    if missing := [unit for unit in demo_units() if unit.code not in there]:
        await units.save(tx, missing)
    everyone = [
        Who(
            id=person.id,
            name=person.name,
            phone=person.phone,
            address_form=person.address_form,
            language=language,
            roles=(RoleAt(person.role, person.unit),),
            channel=channel,
            bot=bot,
            address=str(person.chat_id),
            notice_version=notice,
        )
        for person in demo_people()
    ]
    return await roster.add_people(tx, keys, everyone, now)
