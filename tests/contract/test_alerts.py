"""An alert is stored with its case, or neither is; taking it ends its climbing. On both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.clock import StandingClock
from bot.conversation.draft import REVIEW, Draft
from bot.domain.access import NOTICE_VERSION, Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.domain.units import COMMUNE, DISTRICT, VILLAGE, OrgUnit, Tree
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.filing import file_report, undo
from bot.storage import outbox, records, roster
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.outbox import Lane
from bot.storage.people import Who

CASE = {"full_name": "Lò Mẫu An", "classification": "confirmed"}
TREE = Tree(
    [
        OrgUnit("d", "Huyện Mẫu", DISTRICT, None),
        OrgUnit("c", "Xã Mẫu", COMMUNE, "d"),
        OrgUnit("v", "Bản Mẫu", VILLAGE, "c"),
    ],
    date(2021, 9, 9),
)


def person(number: int, role: Role, unit: str) -> Who:
    held = (RoleAt(role, unit),)
    return Who(f"U{number}", "Vì Mẫu", None, "anh", "vi", held, "telegram", "7", str(number), notice_version=NOTICE_VERSION)


HEAD = person(1, Role.HEAD, "v")
OFFICER, DISTRICT_OFFICER = person(2, Role.COMMUNE_OFFICER, "c"), person(3, Role.DISTRICT_OFFICER, "d")
DISTRICT_CHAIR = person(4, Role.DISTRICT_CHAIR, "d")


@pytest.fixture
async def desk(db: Database, keys: Keyring, clock: StandingClock) -> Desk:
    async with db.write() as tx:
        await roster.add_people(tx, keys, [HEAD, OFFICER, DISTRICT_OFFICER, DISTRICT_CHAIR], clock())
    return Desk(keys, Timetable(), forms(), lambda: "R000000001")


async def file(tx: Tx, desk: Desk, clock: StandingClock) -> None:
    draft = Draft("R000000001", "f0", forms()["f0"].version, "v", REVIEW, answers=CASE)
    await file_report(tx, desk, TREE, HEAD, forms()["f0"], draft, clock())


async def cut_off(db: Database, desk: Desk, clock: StandingClock) -> None:
    async with db.write() as tx:
        await file(tx, desk, clock)
        raise RuntimeError("power cut")


async def urgent(db: Database, clock: StandingClock, later: timedelta = timedelta()) -> list[str]:
    """Who has an alert to get by then."""
    async with db.read() as tx:
        waiting = (await outbox.pending(tx, "7", clock() + later, 50)).ready
    return [one.address for one in waiting if one.lane is Lane.URGENT]


async def test_a_crash_after_filing_leaves_neither_the_case_nor_its_alert(
    db: Database, desk: Desk, clock: StandingClock
) -> None:
    with pytest.raises(RuntimeError, match="power cut"):
        await cut_off(db, desk, clock)
    assert await urgent(db, clock) == []

    async with db.write() as tx:
        assert await records.current(tx, desk.keys, "R000000001") is None
        await file(tx, desk, clock)
    assert await urgent(db, clock) == [OFFICER.address, DISTRICT_OFFICER.address]


async def test_the_same_draft_filed_again_alerts_nobody_twice(db: Database, desk: Desk, clock: StandingClock) -> None:
    for _ in range(2):
        async with db.write() as tx:
            await file(tx, desk, clock)

    assert await urgent(db, clock) == [OFFICER.address, DISTRICT_OFFICER.address]


async def test_what_climbs_waits_a_quarter_of_an_hour_and_goes_with_the_case(
    db: Database, desk: Desk, clock: StandingClock
) -> None:
    async with db.write() as tx:
        await file(tx, desk, clock)
    assert DISTRICT_CHAIR.address not in await urgent(db, clock, timedelta(minutes=14))
    assert DISTRICT_CHAIR.address in await urgent(db, clock, timedelta(minutes=15))

    async with db.write() as tx:
        await undo(tx, desk, TREE, HEAD, "R000000001", clock())

    assert DISTRICT_CHAIR.address not in await urgent(db, clock, timedelta(days=1))
