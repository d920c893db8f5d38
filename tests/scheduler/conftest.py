"""An invented district with two communes, its people, a standing clock and a runner of the schedule."""

from __future__ import annotations

import asyncio
import time as time_
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock, at
from bot.domain.access import NOTICE_VERSION, Role, RoleAt
from bot.domain.deadlines import Timetable, nudge_key
from bot.domain.units import OrgUnit
from bot.messages import FILES, Media
from bot.storage import jobs, media, outbox, people, records, schema, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.media import MediaItem
from bot.storage.units import UnitTrees
from scheduler.jobs import Duty
from scheduler.runner import Ran, Runner

DAY = date(2021, 9, 9)
DISTRICT, MUNG, BAN = "125", "04136", "04140"
VILLAGES = {MUNG: ("04136-01", "04136-02", "04136-03"), BAN: ("04140-01", "04140-02")}
NAMES = ("Một", "Hai", "Ba")
LEASE = "leader"


def clock_shows(wall: str, day: date = DAY) -> datetime:
    return at(day, time.fromisoformat(wall))


def invented_units() -> list[OrgUnit]:
    found = [
        OrgUnit("14", "Tỉnh Sơn La", "province", None),
        OrgUnit(DISTRICT, "Huyện Mai Sơn", "district", "14"),
        OrgUnit(MUNG, "Xã Chiềng Mung", "commune", DISTRICT),
        OrgUnit(BAN, "Xã Chiềng Ban", "commune", DISTRICT),
    ]
    for commune, codes in VILLAGES.items():
        found += [OrgUnit(code, f"Bản {name}", "village", commune, "bản") for code, name in zip(codes, NAMES, strict=False)]
    return found


@dataclass(frozen=True)
class Said:
    """A row of the outbox as its reader would see it."""

    to: str
    text: str
    buttons: tuple[str, ...]
    file: str | None
    lane: int
    state: str
    drop_after: datetime | None


@dataclass
class District:
    db: Database
    keys: Keyring
    clock: StandingClock
    timetable: Timetable = field(default_factory=Timetable)
    woken: int = 0
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    lease: jobs.Lease | None = None
    carries_files: frozenset[str] = FILES

    def runner(
        self, db: Database | None = None, duties: list[Duty] | None = None, monotonic: Callable[[], float] = time_.monotonic
    ) -> Runner:
        def wake() -> None:
            self.woken += 1
            self.awake.set()

        return Runner(
            db or self.db,
            self.keys,
            UnitTrees(),
            self.clock,
            self.timetable,
            lambda: self.lease,
            wake,
            duties=duties,
            monotonic=monotonic,
            carries_files=self.carries_files,
        )

    async def add(
        self, *added: tuple[str, Role, str], language: str = "vi", form: str = "anh_chi", notice: str = NOTICE_VERSION
    ) -> None:
        """People who write from the address of the same name: name, role, unit."""
        now = self.clock()
        async with self.db.write() as tx:
            for user, role, unit in added:
                new = people.NewUser(user, f"Người Giả Định {user}", form, language, "+84900000001")
                await people.add_user(tx, self.keys, new, now)
                await people.change_user(tx, user, notice=(notice, now))
                await people.link(tx, "telegram", "1", user, user, now)
                await people.grant(tx, user, RoleAt(role, unit), None, now)

    async def grant(self, user: str, *roles: RoleAt) -> None:
        async with self.db.write() as tx:
            for role in roles:
                await people.grant(tx, user, role, None, self.clock())

    async def revoke(self, unit: str) -> None:
        """Nobody holds a role at this unit any more."""
        async with self.db.write() as tx:
            held = sa.update(schema.role).where(schema.role.c.unit_code == unit)
            await tx.execute(held.values(revoked_at=self.clock()))

    async def block(self, user: str) -> None:
        async with self.db.write() as tx:
            await people.set_state(tx, "telegram", "1", user, people.BLOCKED, self.clock())

    async def damage(self, user: str) -> None:
        """What is stored of this person cannot be opened any more."""
        async with self.db.write() as tx:
            await tx.execute(sa.update(schema.user).where(schema.user.c.id == user).values(phone=b"\x01" + b"x" * 40))

    async def report(self, *villages: str, day: date = DAY, filed: datetime | None = None, kept: bool = False) -> None:
        """These villages file their report, as the handler does: the note and the cancelling in one transaction."""
        now = filed or self.clock()
        async with self.db.write() as tx:
            for village in villages:
                await records.save_report(tx, records.Report(village, "daily", day, f"r-{village}-{day}", now, True, kept))
            await outbox.cancel(tx, [nudge_key(village, day) for village in villages], now)

    async def send_picture(self, user: str, unit: str, day: date = DAY) -> None:
        """Somebody of a village sends a photo of their list, which nobody has typed in yet."""
        photo = Media("photo", "F1")
        item = MediaItem(f"m-{unit}", "telegram", "1", user, user, unit, day, photo, "", self.clock())
        async with self.db.write() as tx:
            await media.add(tx, self.keys, item)

    async def move(self, wall: str, day: date = DAY) -> list[Ran]:
        """Set the clock and let one tick pass."""
        self.clock.move(clock_shows(wall, day))
        return await self.runner().run_due()

    async def said(self, *states: str) -> list[Said]:
        """The outbox in order; pending only, unless states are named."""
        async with self.db.read() as tx:
            rows = (await tx.execute(sa.select(schema.outbox).order_by(schema.outbox.c.id))).mappings().all()
            found = []
            for row in rows:
                if row["state"] not in (states or (outbox.PENDING,)):
                    continue
                body = self.keys.open_json("outbox.body", f"{row['bot_id']}.{row['address']}", row["body"])
                file = await outbox.read_attachment(tx, self.keys, row["attachment_id"]) if row["attachment_id"] else None
                found.append(
                    Said(
                        to=row["address"],
                        text=body["text"],
                        buttons=tuple(token for line in body["buttons"] for _label, token in line),
                        file=file.name if file else None,
                        lane=row["lane"],
                        state=row["state"],
                        drop_after=row["drop_after"],
                    )
                )
            return found

    async def hear(self) -> list[Said]:
        """What waits to be sent; it is sent now, so the next look shows only what is new."""
        found = await self.said()
        now = self.clock()
        async with self.db.write() as tx:
            rows = sa.update(schema.outbox).where(schema.outbox.c.state == outbox.PENDING)
            await tx.execute(rows.values(state=outbox.SENT, done_at=now))
        return found

    async def runs(self) -> dict[tuple[str, str, datetime], str]:
        """Every claimed run and its outcome."""
        async with self.db.read() as tx:
            rows = await tx.execute(sa.select(schema.job_run))
            return {(row.job, row.unit_code, row.due_at): row.outcome for row in rows}


@pytest.fixture
async def district(db: Database, keys: Keyring) -> District:
    """06:00; two communes, a head in each village, officials above. The schedule has begun."""
    made = District(db, keys, StandingClock(clock_shows("06:00")))
    async with db.write() as tx:
        await units.save(tx, invented_units())
        made.lease = await jobs.acquire(tx, LEASE, "this", datetime(2021, 1, 1, tzinfo=UTC), timedelta(days=9999))
    await made.add(*((f"head-{code}", Role.HEAD, code) for codes in VILLAGES.values() for code in codes))
    await made.add(("member-04136-01", Role.MEMBER, "04136-01"), form="bac")
    await made.add(
        ("officer", Role.COMMUNE_OFFICER, MUNG),
        ("chair", Role.COMMUNE_CHAIR, MUNG),
        ("secretary", Role.COMMUNE_SECRETARY, BAN),
        ("district-officer", Role.DISTRICT_OFFICER, DISTRICT),
        form="dong_chi",
    )
    await made.add(("district-chair", Role.DISTRICT_CHAIR, DISTRICT), form="dong_chi", language="en")
    assert await made.runner().run_due() == []
    return made
