"""A village, its two people, and messages handed to the one transaction that everything goes through."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock
from bot.conversation.draft import Draft
from bot.conversation.form import Form
from bot.domain.access import Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.domain.units import OrgUnit
from bot.forms import forms
from bot.handlers.call import NOTICE_VERSION, Desk
from bot.handlers.ingest import Ingest
from bot.messages import Inbound, InboundKind
from bot.storage import drafts, roster, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.drafts import Saved
from bot.storage.jobs import Lease
from bot.storage.people import Who
from bot.storage.schema import inbox, outbox, record
from bot.storage.units import UnitTrees

BOT = "1000000001"
UNITS = (
    OrgUnit("04123", "Xã Mẫu", "commune", None),
    OrgUnit("04123-01", "Bản Mẫu", "village", "04123", "bản"),
)


def person(number: int, address: str) -> Who:
    roles = (RoleAt(Role.HEAD, "04123-01"),)
    return Who(f"U{number}", "Lò Mẫu", None, "anh", "vi", roles, "telegram", BOT, address, notice_version=NOTICE_VERSION)


@dataclass
class Bureau:
    """Messages in, what was answered out."""

    db: Database
    keys: Keyring
    clock: StandingClock
    forms: Mapping[str, type[Form]] = field(default_factory=forms)
    lease: Callable[[], Lease | None] = lambda: None
    channels: Sequence[str] = ("telegram", "zalo")
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def desk(self) -> Desk:
        return Desk(self.keys, Timetable(), self.forms, lambda: f"NEW{next(self._numbers):07}", channels=self.channels)

    def ingest(self) -> Ingest:
        return Ingest(self.db, self.desk(), UnitTrees(), self.clock, self.lease)

    def message(self, text: str = "", *, token: str = "", address: str = "101", number: str = "") -> Inbound:
        return Inbound(
            channel="telegram",
            bot=BOT,
            id=number or str(next(self._numbers)),
            address=address,
            sent_at=self.clock(),
            kind=InboundKind.TAP if token else InboundKind.TEXT,
            text=text,
            token=token,
            message_id="9" if token else "",
        )

    async def take(self, *messages: Inbound, careful: bool = False) -> list[str]:
        """Hand these messages in at once; what is said to whom: "101: …"."""
        before = len(await self.said())
        await self.ingest().take(messages, careful=careful)
        return (await self.said())[before:]

    async def said(self) -> list[str]:
        """Everything that was ever said: "101: …"."""
        return [f"{address}: {text}" for address, text, _ in await self.outbox_rows()]

    async def payloads(self) -> list[str]:
        """What the buttons below the last answer carry."""
        return [token for row in (await self.outbox_rows())[-1][2] for _, token in row]

    async def buttons_sent(self) -> int:
        return sum(len(row) for _, _, rows in await self.outbox_rows() for row in rows)

    async def outbox_rows(self) -> list[tuple[str, str, list[list[tuple[str, str]]]]]:
        """Everything said so far: address, text, buttons as (label, token)."""
        async with self.db.read() as tx:
            found = (await tx.execute(sa.select(outbox.c.address, outbox.c.body).order_by(outbox.c.id))).all()
        opened = [(address, self.keys.open_json("outbox.body", f"{BOT}.{address}", body)) for address, body in found]
        return [(address, body["text"], body["buttons"]) for address, body in opened]

    async def draft(self, user: str = "U1") -> Draft | None:
        async with self.db.read() as tx:
            return (await drafts.of_users(tx, self.keys, [user])).get(user)

    async def keep(self, draft: Draft, user: str = "U1") -> None:
        async with self.db.write() as tx:
            await drafts.save(tx, self.keys, [Saved(user, draft, self.clock())])

    async def outcomes(self) -> Sequence[tuple[str, str, int]]:
        """What became of each message: id, outcome, attempts."""
        async with self.db.read() as tx:
            found = await tx.execute(sa.select(inbox.c.message, inbox.c.outcome, inbox.c.attempts).order_by(inbox.c.message))
            return [(message, outcome, attempts) for message, outcome, attempts in found]

    async def records(self) -> int:
        async with self.db.read() as tx:
            return int(await tx.scalar(sa.select(sa.func.count()).select_from(record)) or 0)


@pytest.fixture
async def bureau(sqlite_url: str, open_db: Callable[..., Database], keys: Keyring) -> Bureau:
    clock = StandingClock(datetime.fromisoformat("2021-09-09T07:00:00+07:00"))
    db = open_db(sqlite_url)
    async with db.write() as tx:
        await units.save(tx, UNITS)
        await roster.add_people(tx, keys, [person(1, "101"), person(2, "102")], clock() - timedelta(days=1))
    return Bureau(db, keys, clock)
