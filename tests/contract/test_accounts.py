"""One person's accounts, the codes that join them, and wrong codes, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock
from bot.domain.access import Role, RoleAt
from bot.storage import accounts, codes, people
from bot.storage.accounts import for_duties
from bot.storage.codes import MOST_WRONG, WRONG_KEPT
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.drafts import Chat
from bot.storage.people import BLOCKED, NewUser
from bot.storage.schema import account, link_code

QUARTER = timedelta(minutes=15)
STRANGER = Chat("zalo", "9", "z7")


@pytest.fixture
async def lan(db: Database, keys: Keyring, clock: StandingClock) -> str:
    """On Telegram since 07:00, on Zalo since 08:00."""
    async with db.write() as tx:
        await people.add_user(tx, keys, NewUser("lan", "Người Mẫu Lan", "chi", "vi"), clock())
        await people.grant(tx, "lan", RoleAt(Role.ADMIN, "14"), None, clock())
        await people.link(tx, "telegram", "7", "501", "lan", clock())
        await people.link(tx, "zalo", "9", "z1", "lan", clock() + timedelta(hours=1))
    return "lan"


async def duties_at(db: Database) -> str | None:
    async with db.read() as tx:
        found = for_duties(await accounts.of_user(tx, "lan"))
        return found.channel if found else None


async def test_a_persons_accounts_are_told_with_since_when(db: Database, clock: StandingClock, lan: str) -> None:
    async with db.read() as tx:
        owned = await accounts.of_user(tx, lan)

    assert [(one.channel, one.since) for one in owned] == [("telegram", clock()), ("zalo", clock() + timedelta(hours=1))]


async def test_who_came_in_before_it_was_noted_has_their_account_since_they_came(
    db: Database, clock: StandingClock, lan: str
) -> None:
    async with db.write() as tx:
        await tx.execute(sa.update(account).values(linked_at=None))
        assert {one.since for one in await accounts.of_user(tx, lan)} == {clock()}


async def test_duties_go_to_the_chosen_account_and_past_it_only_while_it_is_closed(
    db: Database, keys: Keyring, clock: StandingClock, lan: str
) -> None:
    async with db.write() as tx:
        await accounts.choose(tx, lan, "telegram")
        await accounts.choose(tx, lan, "zalo")
    assert await duties_at(db) == "zalo"

    async with db.write() as tx:
        await people.set_state(tx, "zalo", "9", "z1", BLOCKED, clock())
    assert await duties_at(db) == "telegram"
    async with db.write() as tx:
        await people.set_state(tx, "telegram", "7", "501", BLOCKED, clock())
    assert await duties_at(db) is None
    async with db.write() as tx:
        for one in await accounts.of_user(tx, lan):
            await people.set_state(tx, one.channel, one.bot, one.address, people.OPEN, clock())

    assert await duties_at(db) == "zalo"
    async with db.read() as tx:
        assert {who.channel: who.duties for who in await people.of_users(tx, keys, [lan])} == {"telegram": False, "zalo": True}


async def test_an_account_that_was_taken_off_is_a_strangers_and_remembers_no_choice(
    db: Database, keys: Keyring, clock: StandingClock, lan: str
) -> None:
    async with db.write() as tx:
        await accounts.choose(tx, lan, "zalo")
        await accounts.unlink(tx, (await accounts.of_user(tx, lan))[1], clock())
        assert await people.at_addresses(tx, keys, "zalo", "9", ["z1"]) == {}
        await people.add_user(tx, keys, NewUser("minh", "Người Mẫu Minh", "anh", "vi"), clock())
        await people.link(tx, "zalo", "9", "z1", "minh", clock())

        assert [one.channel for one in await accounts.of_user(tx, lan)] == ["telegram"]
        assert [one.duties for one in await accounts.of_user(tx, "minh")] == [False]


async def test_administrators_are_found_wherever_their_role_is(db: Database, keys: Keyring, lan: str) -> None:
    async with db.read() as tx:
        assert {who.id for who in await people.with_roles(tx, keys, None, {Role.ADMIN})} == {"lan"}
        assert await people.with_roles(tx, keys, None, {Role.HEAD}) == []


async def test_a_code_is_found_and_used_and_kept_only_as_a_hash(
    db: Database, keys: Keyring, clock: StandingClock, lan: str
) -> None:
    async with db.write() as tx:
        await codes.make(tx, keys, "ABCD2345", lan, clock(), clock() + QUARTER)
        found = await codes.find(tx, keys, "ABCD2345")
        assert found is not None
        assert (found.user_id, found.expires_at, found.used) == (lan, clock() + QUARTER, False)
        assert await codes.find(tx, keys, "ABCD2346") is None
        assert "ABCD2345" not in str((await tx.execute(sa.select(link_code))).one())

        await codes.use(tx, keys, "ABCD2345", clock())

        found = await codes.find(tx, keys, "ABCD2345")
        assert found is not None
        assert found.used


async def test_a_new_code_makes_the_one_before_unknown(db: Database, keys: Keyring, clock: StandingClock, lan: str) -> None:
    async with db.write() as tx:
        for code in ("ABCD2345", "EFGH6789"):
            await codes.make(tx, keys, code, lan, clock(), clock() + QUARTER)

        assert await codes.find(tx, keys, "ABCD2345") is None
        assert await codes.find(tx, keys, "EFGH6789") is not None


async def test_after_ten_wrong_codes_a_chat_is_not_heard_for_an_hour(db: Database, clock: StandingClock) -> None:
    async def note(n: int) -> None:
        async with db.write() as tx:
            for _ in range(n):
                await codes.note_wrong(tx, STRANGER, clock())

    async def too_often(chat: Chat = STRANGER) -> bool:
        async with db.read() as tx:
            return await codes.guessed_too_often(tx, chat, clock())

    await note(MOST_WRONG - 1)
    assert not await too_often()

    await note(1)

    assert await too_often()
    assert not await too_often(Chat("zalo", "9", "z8"))
    clock.move(clock() + WRONG_KEPT)
    assert not await too_often()
    await note(1)
    assert not await too_often()
