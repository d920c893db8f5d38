"""This bot as it is: ``build()``, SQLite with synchronous=FULL. ``python -m benchmarks.ours FOLDER CHATS PORT [profile]``.

One user per chat, each in a village of their own, ten villages a commune. The schedule does not tick: its messages are not
what is measured.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from pydantic import SecretStr

from benchmarks import child
from benchmarks.sampling import Sampler
from benchmarks.stub import BOT, FIRST_CHAT, TOKEN
from bot.app import build, prepare
from bot.clock import system_clock
from bot.config import Config, Telegram
from bot.domain.access import Role, RoleAt
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit
from bot.handlers.call import NOTICE_VERSION
from bot.service import Service
from bot.storage import roster, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.people import Who


async def run(folder: Path, chats: int, port: int, profile: bool) -> None:
    keys = Keyring.generate()
    db = Database(f"sqlite+aiosqlite:///{folder / child.DATABASE}")
    await prepare(db, keys)
    await _settle(db, keys, chats)
    telegram = Telegram(token=SecretStr(TOKEN), base_url=f"http://127.0.0.1:{port}")
    (parts,) = build(Config(telegram=telegram), db, keys, system_clock)
    if profile:
        sampler = Sampler()
        sampler.begin()
        child.ready(sampler.take)
    else:
        child.ready()
    await Service(parts, ticking=False).run()


async def _settle(db: Database, keys: Keyring, chats: int) -> None:
    communes = [OrgUnit(f"C{n}", f"Xã {n}", COMMUNE, None) for n in range(chats // 10 + 1)]
    villages = [OrgUnit(f"V{n}", f"Bản {n}", VILLAGE, f"C{n // 10}", "bản") for n in range(chats)]
    people = [
        Who(
            id=f"user-{n}",
            name="Nguyễn Văn Mẫu",
            phone=f"+84900{n:06}",
            address_form="anh",
            language="vi",
            roles=(RoleAt(Role.HEAD, village.code),),
            channel="telegram",
            bot=str(BOT),
            address=str(FIRST_CHAT + n),
            notice_version=NOTICE_VERSION,
        )
        for n, village in enumerate(villages)
    ]
    async with db.write() as tx:
        await units.save(tx, [*communes, *villages])
        await roster.add_people(tx, keys, people, system_clock())


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), "profile" in sys.argv[4:]))
