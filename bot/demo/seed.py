"""Putting the demo's units and people into a database that may have them already."""

from __future__ import annotations

from datetime import datetime

from bot.demo.people import ZALO, DemoPerson, demo_people, demo_units
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
    zalo_bot: str | None = None,
    notice: str | None = None,
    language: str = DEFAULT,
) -> int:
    """Add what is missing and return how many people that were; what was changed while practising stays changed.

    Everyone is on ``channel`` with the bot of that id, under the number of their chat; with a ``zalo_bot``, those of the demo
    who are on Zalo are there. ``notice`` is the version of the privacy notice that everyone has accepted.
    """
    there = {unit.code for unit in await units.load(tx)}
    if missing := [unit for unit in demo_units() if unit.code not in there]:
        await units.save(tx, missing)

    def account(person: DemoPerson) -> tuple[str, str, str]:
        if zalo_bot is not None and person.channel == ZALO:
            return ZALO, zalo_bot, person.address
        return channel, bot, str(person.chat_id)

    everyone = [_who(person, *account(person), language, notice) for person in demo_people()]
    return await roster.add_people(tx, keys, everyone, now)


def _who(person: DemoPerson, channel: str, bot: str, address: str, language: str, notice: str | None) -> Who:
    return Who(
        id=person.id,
        name=person.name,
        phone=person.phone,
        address_form=person.address_form,
        language=language,
        roles=(RoleAt(person.role, person.unit),),
        channel=channel,
        bot=bot,
        address=address,
        notice_version=notice,
    )
