"""How villages report, and calls in vain, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

from bot.clock import StandingClock
from bot.domain.ways import Way
from bot.storage import ways
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.ways import Reporting

DAY = date(2021, 9, 9)


async def test_the_last_word_about_a_village_holds(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        for new in (
            Reporting("v1", Way.PHONE, "Lò Mẫu An", "+84900000001"),
            Reporting("v2", Way.PAPER),
            Reporting("v3", Way.PHONE, "Vì Mẫu Hoa"),
            Reporting("v3", Way.APP),
        ):
            await ways.save(tx, keys, new, "U1", clock())

        assert await ways.not_on_app(tx, ["v1", "v2", "v3", "v4"]) == {"v1": Way.PHONE, "v2": Way.PAPER}
        stored = await ways.of_units(tx, keys, ["v1", "v3", "v4"])

    assert stored == {"v1": Reporting("v1", Way.PHONE, "Lò Mẫu An", "+84900000001"), "v3": Reporting("v3", Way.APP)}


async def test_of_several_calls_in_vain_the_last_is_known_for_its_day(db: Database, clock: StandingClock) -> None:
    first, last = clock(), clock() + timedelta(minutes=20)
    async with db.write() as tx:
        await ways.note_attempt(tx, "v1", DAY, "U1", first)
        await ways.note_attempt(tx, "v1", DAY, "U1", last)
        await ways.note_attempt(tx, "v2", DAY - timedelta(days=1), None, first)

        assert await ways.attempts(tx, ["v1", "v2"], DAY) == {"v1": last}
