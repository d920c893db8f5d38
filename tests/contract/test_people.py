"""Users, accounts, roles and invites, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock
from bot.domain.access import Role, RoleAt
from bot.storage import people, roster
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.people import BLOCKED, OPEN, Invite, NewUser, Who
from bot.storage.schema import user

LAN = NewUser("lan", "Người Hư Cấu Lan", "chi", "vi", phone="+84900000001")
HEAD_OF_V1 = RoleAt(Role.HEAD, "v1")
CODE = "K7M2-P9QA"
HEAD_INVITE = Invite(Role.HEAD, "v1", created_by="minh")


@pytest.fixture
async def lan(db: Database, keys: Keyring, clock: StandingClock) -> str:
    """A village head who writes from two chats."""
    async with db.write() as tx:
        await people.add_user(tx, keys, LAN, clock())
        await people.grant(tx, "lan", HEAD_OF_V1, None, clock())
        await people.link(tx, "telegram", "7", "501", "lan", clock())
        await people.link(tx, "zalo", "9", "z1", "lan", clock())
    return "lan"


async def by_address(db: Database, keys: Keyring, *addresses: str) -> dict[str, Who]:
    async with db.read() as tx:
        return await people.at_addresses(tx, keys, "telegram", "7", addresses)


async def ids(db: Database, keys: Keyring, units: Sequence[str], roles: Sequence[Role]) -> list[str]:
    async with db.read() as tx:
        return [who.address for who in await people.with_roles(tx, keys, units, roles)]


async def test_a_person_is_found_by_the_address_they_write_from(db: Database, keys: Keyring, lan: str) -> None:
    found = await by_address(db, keys, "501", "502")

    assert found == {
        "501": Who(
            id="lan",
            name="Người Hư Cấu Lan",
            phone="+84900000001",
            address_form="chi",
            language="vi",
            roles=(HEAD_OF_V1,),
            channel="telegram",
            bot="7",
            address="501",
        )
    }


async def test_the_same_address_at_another_bot_is_nobody(db: Database, keys: Keyring, lan: str) -> None:
    async with db.read() as tx:
        assert await people.at_addresses(tx, keys, "telegram", "8", ["501"]) == {}
        assert await people.at_addresses(tx, keys, "zalo", "7", ["501"]) == {}


async def test_everyone_is_listed_once_per_account(db: Database, keys: Keyring, lan: str) -> None:
    async with db.read() as tx:
        everyone = await people.everyone(tx, keys)

    assert [(who.id, who.channel, who.address) for who in everyone] == [("lan", "telegram", "501"), ("lan", "zalo", "z1")]


async def test_people_are_found_by_their_role_at_exactly_one_unit(db: Database, keys: Keyring, lan: str) -> None:
    assert await ids(db, keys, ["v1", "v2"], [Role.HEAD]) == ["501", "z1"]
    assert await ids(db, keys, ["v2"], [Role.HEAD]) == []
    assert await ids(db, keys, ["v1"], [Role.MEMBER]) == []


async def test_a_person_may_hold_several_roles_and_each_once(
    db: Database, keys: Keyring, clock: StandingClock, lan: str
) -> None:
    member = RoleAt(Role.MEMBER, "v2")
    async with db.write() as tx:
        for given in (member, HEAD_OF_V1, member):
            await people.grant(tx, lan, given, "minh", clock())

    assert (await by_address(db, keys, "501"))["501"].roles == (HEAD_OF_V1, member)
    assert await ids(db, keys, ["v2"], [Role.MEMBER]) == ["501", "z1"]


async def test_who_blocks_the_bot_is_blocked_until_they_write_again(
    db: Database, keys: Keyring, clock: StandingClock, lan: str
) -> None:
    async with db.write() as tx:
        await people.set_state(tx, "telegram", "7", "501", BLOCKED, clock())
    assert (await by_address(db, keys, "501"))["501"].state == BLOCKED

    async with db.write() as tx:
        await people.link(tx, "telegram", "7", "501", lan, clock())
    assert (await by_address(db, keys, "501"))["501"].state == OPEN


async def test_people_change_only_what_they_choose(db: Database, keys: Keyring, clock: StandingClock, lan: str) -> None:
    async with db.write() as tx:
        await people.change_user(tx, lan, language="en")
        await people.change_user(tx, lan, notice=("2021-09", clock()))
        await people.change_user(tx, lan)
        await people.introduce(tx, keys, lan, "Người Hư Cấu Lan Anh", "+84900000002")

    who = (await by_address(db, keys, "501"))["501"]
    assert (who.language, who.address_form, who.notice_version) == ("en", "chi", "2021-09")
    assert (who.name, who.phone) == ("Người Hư Cấu Lan Anh", "+84900000002")


async def test_a_phone_is_not_needed(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        await people.add_user(tx, keys, NewUser("minh", "Người Hư Cấu Minh", "anh", "vi"), clock())
        await people.link(tx, "telegram", "7", "502", "minh", clock())

    who = (await by_address(db, keys, "502"))["502"]
    assert (who.phone, who.roles) == (None, ())


async def test_people_are_found_by_their_ids(db: Database, keys: Keyring, lan: str) -> None:
    async with db.read() as tx:
        assert [who.address for who in await people.of_users(tx, keys, ["lan", "nobody"])] == ["501", "z1"]


async def test_many_people_come_in_at_once_and_known_ones_stay_as_they_are(
    db: Database, keys: Keyring, clock: StandingClock, lan: str
) -> None:
    minh = Who("minh", "Người Hư Cấu Minh", None, "anh", "vi", (RoleAt(Role.COMMUNE_CHAIR, "c"),), "telegram", "7", "502")
    other_lan = Who("lan", "Ai Khác", None, "anh", "en", (RoleAt(Role.ADMIN, "c"),), "telegram", "7", "509")
    async with db.write() as tx:
        assert await roster.add_people(tx, keys, [minh, other_lan], clock()) == 1

    found = await by_address(db, keys, "501", "502", "509")
    assert found.keys() == {"501", "502"}
    assert found["502"] == minh
    assert (found["501"].name, found["501"].roles) == ("Người Hư Cấu Lan", (HEAD_OF_V1,))
    async with db.read() as tx:
        assert await roster.units_with(tx, [Role.COMMUNE_CHAIR, Role.HEAD]) == {"c", "v1"}
        assert await roster.units_with(tx, [Role.ADMIN]) == set()


async def invite(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        await people.add_invite(tx, keys, CODE, HEAD_INVITE, clock(), clock() + timedelta(days=7))


async def redeem(db: Database, keys: Keyring, clock: StandingClock, code: str = CODE) -> Invite | None:
    async with db.write() as tx:
        return await people.redeem(tx, keys, code, "lan", clock())


async def test_an_invite_is_used_once(db: Database, keys: Keyring, clock: StandingClock) -> None:
    await invite(db, keys, clock)

    assert await redeem(db, keys, clock) == HEAD_INVITE
    assert await redeem(db, keys, clock) is None


async def test_an_unknown_invite_is_nothing(db: Database, keys: Keyring, clock: StandingClock) -> None:
    assert await redeem(db, keys, clock, "WRONG-CODE") is None


async def test_an_invite_ends_at_its_instant(db: Database, keys: Keyring, clock: StandingClock) -> None:
    await invite(db, keys, clock)
    clock.move(clock() + timedelta(days=7))

    assert await redeem(db, keys, clock) is None


async def test_a_revoked_invite_is_of_no_use(db: Database, keys: Keyring, clock: StandingClock) -> None:
    await invite(db, keys, clock)

    async with db.write() as tx:
        assert await people.revoke_invite(tx, keys, CODE, clock()) is True
        assert await people.revoke_invite(tx, keys, CODE, clock()) is False

    assert await redeem(db, keys, clock) is None


async def test_a_used_invite_cannot_be_revoked(db: Database, keys: Keyring, clock: StandingClock) -> None:
    await invite(db, keys, clock)
    await redeem(db, keys, clock)

    async with db.write() as tx:
        assert await people.revoke_invite(tx, keys, CODE, clock()) is False


async def test_a_person_who_cannot_be_opened_is_left_out_and_named_by_id_alone(
    db: Database, keys: Keyring, clock: StandingClock, lan: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with db.write() as tx:
        await people.add_user(tx, keys, NewUser("minh", "Người Hư Cấu Minh", "anh", "vi"), clock())
        await people.grant(tx, "minh", HEAD_OF_V1, None, clock())
        await people.link(tx, "telegram", "7", "502", "minh", clock())
        await tx.execute(sa.update(user).where(user.c.id == "lan").values(full_name=b"\x01" + b"x" * 40))

    assert await ids(db, keys, ["v1"], [Role.HEAD]) == ["502"]
    assert (await by_address(db, keys, "501", "502")).keys() == {"502"}
    assert "user lan is left out: WrongKey" in caplog.text
    assert "Hư Cấu" not in caplog.text


async def test_a_role_that_was_taken_back_is_held_no_more_and_may_be_given_again(
    db: Database, keys: Keyring, clock: StandingClock, lan: str
) -> None:
    async with db.write() as tx:
        await people.grant(tx, "lan", RoleAt(Role.HEAD, "v2"), None, clock())

        assert await people.revoke_role(tx, "lan", Role.HEAD, "v1", clock())
        assert not await people.revoke_role(tx, "lan", Role.HEAD, "v1", clock())
        assert not await people.revoke_role(tx, "lan", Role.MEMBER, "v2", clock())
    assert await ids(db, keys, ["v1"], [Role.HEAD]) == []
    assert (await by_address(db, keys, "501"))["501"].roles == (RoleAt(Role.HEAD, "v2"),)

    async with db.write() as tx:
        await people.grant(tx, "lan", HEAD_OF_V1, None, clock())
    assert len(await ids(db, keys, ["v1"], [Role.HEAD])) == 2
