"""A token that is refused: who is told, where, how often, and that it works again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import StandingClock
from bot.domain.access import Role, RoleAt
from bot.errors import TransientStorage
from bot.handlers.alarm import TOLD_AGAIN, TokenAlarm
from bot.handlers.call import NOTICE_VERSION
from bot.storage import outbox, people
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.people import BLOCKED, NewUser


class Office:
    """Two administrators and who they can be reached as."""

    def __init__(self, db: Database, keys: Keyring, clock: StandingClock) -> None:
        self.db, self.keys, self.clock = db, keys, clock
        self.woken = 0

    def alarm(self, channel: str = "zalo") -> TokenAlarm:
        def wake() -> None:
            self.woken += 1

        return TokenAlarm(self.db, self.keys, channel, self.clock, wake)

    async def administrator(self, name: str, *channels: str, notice: str = NOTICE_VERSION) -> None:
        async with self.db.write() as tx:
            await people.add_user(tx, self.keys, NewUser(name, "Người Mẫu", "dong_chi", "vi"), self.clock())
            await people.change_user(tx, name, notice=(notice, self.clock()))
            await people.grant(tx, name, RoleAt(Role.ADMIN, "14"), None, self.clock())
            for channel in channels:
                await people.link(tx, channel, "7", f"{name}@{channel}", name, self.clock())

    async def told(self, *names: str) -> list[str]:
        """What waits, as "who: text"; of these chats, or of those of An."""
        found = []
        async with self.db.read() as tx:
            for chat in names or ("an@telegram", "an@zalo"):
                waiting = await outbox.unasked(tx, self.keys, "7", chat)
                found += [f"{chat}: {post.text}" for post in waiting.values()]
        return found


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def office(db: Database, keys: Keyring, clock: StandingClock) -> Office:
    return Office(db, keys, clock)


async def test_an_administrator_is_told_on_the_other_channel_what_to_do(office: Office) -> None:
    await office.administrator("an", "telegram", "zalo")

    await office.alarm().refused()

    (said,) = await office.told()
    assert said.startswith("an@telegram: Zalo từ chối mã truy cập (token) của hệ thống từ lúc 07:00 09/9/2021.")
    assert said.endswith("ghi vào mục zalo.token của config.toml rồi khởi động lại.")
    assert office.woken == 1


async def test_it_is_told_once_however_often_it_is_noticed_and_by_whom(office: Office) -> None:
    await office.administrator("an", "telegram")

    for alarm in (office.alarm(), office.alarm(), office.alarm()):
        await alarm.refused()
        await alarm.refused()

    assert len(await office.told()) == 1


async def test_it_is_told_again_after_a_day(office: Office) -> None:
    await office.administrator("an", "telegram")
    alarm = office.alarm()
    await alarm.refused()
    office.clock.move(office.clock() + TOLD_AGAIN - timedelta(seconds=1))
    await alarm.refused()
    assert len(await office.told()) == 1

    office.clock.move(office.clock() + timedelta(seconds=1))
    await alarm.refused()

    assert len(await office.told()) == 2


async def test_it_is_told_that_it_works_again_once_also_after_a_restart(office: Office) -> None:
    await office.administrator("an", "telegram")
    await office.alarm().refused()
    office.clock.move(office.clock() + timedelta(hours=1))

    restarted = office.alarm()
    await restarted.works()
    await restarted.works()
    await office.alarm().works()

    assert (await office.told())[1:] == [
        "an@telegram: Zalo đã nhận lại mã truy cập (token) lúc 08:00 09/9/2021. Tin đang chờ sẽ được gửi đi."
    ]


async def test_the_next_outage_is_told_although_it_is_the_same_day(office: Office) -> None:
    await office.administrator("an", "telegram")
    alarm = office.alarm()

    for happened in (alarm.refused, alarm.works) * 2:
        await happened()
        office.clock.move(office.clock() + timedelta(minutes=1))

    assert len(await office.told()) == 4


async def test_nothing_is_said_while_all_is_well(office: Office) -> None:
    await office.administrator("an", "telegram")

    await office.alarm().works()

    assert await office.told() == []
    assert office.woken == 0


async def test_who_is_only_there_or_blocked_or_has_not_agreed_is_not_told_and_the_log_says_so(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    await office.administrator("an", "zalo")
    await office.administrator("binh", "telegram", notice="2019-1")
    await office.administrator("chi", "telegram")
    async with office.db.write() as tx:
        await people.set_state(tx, "telegram", "7", "chi@telegram", BLOCKED, office.clock())

    await office.alarm().refused()

    assert await office.told("an@zalo", "binh@telegram", "chi@telegram") == []
    assert "zalo refuses the token, and no administrator can be told on another channel" in caplog.text


class Ill(Database):
    """Can be written to no more."""

    def write(self):  # type: ignore[no-untyped-def,override]
        raise TransientStorage("disk full")


async def test_trouble_of_the_database_does_not_reach_whoever_noticed_and_it_is_told_later(
    office: Office, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await office.administrator("an", "telegram")
    well, office.db = office.db, Ill(sqlite_url)
    alarm = office.alarm()
    await alarm.refused()
    await office.db.close()
    assert "the administrators are not told: TransientStorage" in caplog.text

    office.db = well
    await office.alarm().refused()

    assert len(await office.told()) == 1
