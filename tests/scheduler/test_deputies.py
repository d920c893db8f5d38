"""Whoever is away is left alone, and their deputy is reminded instead, until the day is over."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.access import Role, RoleAt
from bot.storage import deputies, people
from bot.storage.deputies import Deputy
from tests.scheduler.conftest import DAY, MUNG, District

HEAD, MEMBER, VILLAGE = "head-04136-01", "member-04136-01", "04136-01"
TOMORROW = DAY + timedelta(days=1)


async def away(district: District, user: str, deputy: str, unit: str, until: date, lent: Role | None = None) -> None:
    async with district.db.write() as tx:
        await deputies.add(tx, Deputy(f"D-{user}", user, deputy, unit, district.clock(), until, lent))
        if lent is not None:
            await people.grant(tx, deputy, RoleAt(lent, unit), user, district.clock())


async def roles_of(district: District, user: str) -> set[RoleAt]:
    async with district.db.read() as tx:
        return set((await people.of_users(tx, district.keys, [user]))[0].roles)


async def test_the_deputy_is_reminded_once_and_who_is_away_not_at_all(district: District) -> None:
    await away(district, HEAD, MEMBER, VILLAGE, DAY)

    await district.move("07:00")

    said = [one.to for one in await district.said()]
    assert said.count(MEMBER) == 1
    assert HEAD not in said
    assert "head-04136-02" in said


async def test_it_ends_with_its_last_day_and_both_are_told_in_the_morning(district: District) -> None:
    await away(district, HEAD, MEMBER, VILLAGE, DAY, Role.HEAD)
    assert RoleAt(Role.HEAD, VILLAGE) in await roles_of(district, MEMBER)
    await district.move("23:59")
    await district.hear()

    await district.move("00:10", TOMORROW)

    told = {one.to: one.text for one in await district.said()}
    assert "việc lại về anh/chị" in told[HEAD]
    assert "đã trở lại; bác thôi thay ở Bản Một." in told[MEMBER]
    assert RoleAt(Role.HEAD, VILLAGE) not in await roles_of(district, MEMBER)
    assert RoleAt(Role.MEMBER, VILLAGE) in await roles_of(district, MEMBER)
    await district.hear()
    await district.move("07:00", TOMORROW)
    assert HEAD in {one.to for one in await district.said()}


async def test_where_the_deputy_cannot_be_reached_it_is_not_lost(district: District) -> None:
    await away(district, "officer", "chair", MUNG, TOMORROW)
    await district.block("chair")

    await district.move("08:00")

    assert "officer" in {one.to for one in await district.said()}


async def test_a_role_that_two_lent_is_kept_until_both_are_back(district: District) -> None:
    await district.add(("head-too", Role.HEAD, VILLAGE))
    await away(district, HEAD, MEMBER, VILLAGE, DAY, Role.HEAD)
    await away(district, "head-too", MEMBER, VILLAGE, TOMORROW, Role.HEAD)

    await district.move("00:10", TOMORROW)
    assert RoleAt(Role.HEAD, VILLAGE) in await roles_of(district, MEMBER)

    await district.move("00:10", TOMORROW + timedelta(days=1))
    assert RoleAt(Role.HEAD, VILLAGE) not in await roles_of(district, MEMBER)
