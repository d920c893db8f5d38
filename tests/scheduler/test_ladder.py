"""What is said again about the same deadline takes the place of what was said; the last time it is heard."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from bot.domain.access import NOTICE_VERSION, Role, RoleAt
from bot.storage import outbox, people, schema
from bot.storage.outbox import Delivered
from tests.scheduler.conftest import District

HEAD = "head-04136-01"


@pytest.fixture
def url(sqlite_url: str) -> str:
    """What was sent is looked up by its key, which is tried on both databases with the outbox."""
    return sqlite_url


@dataclass(frozen=True)
class Seen:
    """What a phone shows: messages by their number, as they were changed last, and how often it made a sound."""

    shown: dict[str, str]
    heard: int


class Phone:
    """Delivers what waits for one person, as the sender does."""

    def __init__(self, district: District, to: str) -> None:
        self._district = district
        self._to = to
        self._shown: dict[str, str] = {}
        self._heard = 0

    async def looks(self) -> Seen:
        district, now = self._district, self._district.clock()
        async with district.db.write() as tx:
            for item in (await outbox.pending(tx, "1", now, 999)).ready:
                edits = item.edits_message
                if item.address == self._to:
                    self._shown[edits or str(item.id)] = outbox.open_message(district.keys, "1", item).text
                    self._heard += edits is None
                await outbox.mark_sent(tx, "1", [Delivered(item, edits or str(item.id))], now)
        return Seen(dict(self._shown), self._heard)


async def test_a_team_has_one_message_of_its_deadline_and_hears_the_last_before_it(district: District) -> None:
    phone = Phone(district, HEAD)
    await district.move("07:00")
    first = await phone.looks()
    assert len(first.shown) == 1

    await district.move("07:30")
    second = await phone.looks()
    assert next(iter(second.shown.values())) == "Đã nhắc lúc 07h00; tin mới ở bên dưới."
    assert "còn 30 phút nữa" in list(second.shown.values())[1]
    assert second.heard == 2

    await district.move("08:00")
    third = await phone.looks()
    assert third.shown.keys() == second.shown.keys()
    assert "Đã quá 08:00" in list(third.shown.values())[1]
    assert third.heard == 2


async def test_an_officer_hears_the_forecast_and_has_one_message_of_it(district: District) -> None:
    phone = Phone(district, "officer")
    await district.move("08:00")
    await phone.looks()

    await district.move("09:15")
    seen = await phone.looks()

    assert next(iter(seen.shown.values())) == "Đã nhắc lúc 08h00; tin mới ở bên dưới."
    assert list(seen.shown.values())[1].startswith("DỰ BÁO Xã Chiềng Mung")
    assert seen.heard == 2


async def test_who_reported_is_left_alone_and_their_message_stays(district: District) -> None:
    phone = Phone(district, HEAD)
    await district.move("07:00")
    before = await phone.looks()
    await district.report("04136-01")

    await district.move("08:00")

    assert await phone.looks() == before


async def test_what_was_never_sent_is_not_replaced(district: District) -> None:
    await district.move("07:00")
    async with district.db.write() as tx:
        await tx.execute(sa.update(schema.outbox).values(state=outbox.DROPPED))

    await district.move("07:30")

    said = [one for one in await district.said() if one.to == HEAD]
    assert ["còn 30 phút nữa" in one.text for one in said] == [True]


async def test_where_a_message_cannot_be_changed_every_step_is_one_of_its_own_and_no_more(district: District) -> None:
    async with district.db.write() as tx:
        new = people.NewUser("zalo", "Người Giả Định", "anh_chi", "vi")
        await people.add_user(tx, district.keys, new, district.clock())
        await people.change_user(tx, "zalo", notice=(NOTICE_VERSION, district.clock()))
        await people.link(tx, "zalo", "1", "zalo", "zalo", district.clock())
        await people.grant(tx, "zalo", RoleAt(Role.HEAD, "04136-01"), None, district.clock())
    phone = Phone(district, "zalo")

    for wall in ("07:00", "07:30", "08:00"):
        await district.move(wall)
        seen = await phone.looks()

    assert len(seen.shown) == seen.heard == 3
    assert not [text for text in seen.shown.values() if "tin mới ở bên dưới" in text]
