"""The demo's district is complete, plainly invented, and the same every time."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import bot.demo
from bot.clock import StandingClock
from bot.demo.people import SHOWN_FIRST, demo_people, demo_units
from bot.demo.seed import seed
from bot.domain.access import COMMUNE_ROLES, LEVEL_OF, Role
from bot.domain.units import COMMUNE, Tree
from bot.storage import people, roster, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database

DAY = date(2021, 9, 9)
TREE = Tree(demo_units(), DAY)
Open = Callable[..., Database]


def test_the_district_has_its_22_communes_under_their_official_codes() -> None:
    communes = TREE.at_level("125", COMMUNE)

    assert len(communes) == 22
    assert TREE["04105"].name == "Thị trấn Hát Lót"
    assert TREE[SHOWN_FIRST].name == "Xã Chiềng Mung"
    assert len(TREE.villages(SHOWN_FIRST)) == 6
    assert all(4 <= len(TREE.villages(commune.code)) <= 8 for commune in communes)
    assert [unit.code for unit in TREE.roots()] == ["14"]


def test_codes_are_in_the_file_as_text_with_their_zeros() -> None:
    with (Path(bot.demo.__file__).parent / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert {len(row["code"]) for row in rows if row["level"] == "commune"} == {5}


def test_every_village_and_every_person_is_marked_as_invented() -> None:
    assert [unit.name for unit in TREE.villages("125") if not unit.name.endswith(" (mẫu)")] == []
    assert [person.name for person in demo_people() if person.name.split()[1] != "Mẫu"] == []
    assert [person.phone for person in demo_people() if not re.fullmatch(r"\+84900000\d{3}", person.phone)] == []


def test_villages_of_one_commune_have_different_names() -> None:
    for commune in TREE.at_level("125", COMMUNE):
        names = [village.name for village in TREE.villages(commune.code)]
        assert len(set(names)) == len(names)


def test_no_two_people_share_an_id_a_chat_a_name_or_a_phone() -> None:
    everyone = demo_people()

    for of in ("id", "chat_id", "address", "name", "phone"):
        assert len({getattr(person, of) for person in everyone}) == len(everyone)


def test_every_post_is_held_at_a_unit_of_its_level() -> None:
    held = Counter((person.unit, person.role) for person in demo_people())

    assert all(role is Role.ADMIN or TREE[unit].level == LEVEL_OF[role] for unit, role in held)
    assert all(held[village.code, Role.HEAD] == held[village.code, Role.MEMBER] == 1 for village in TREE.villages("125"))
    assert all(held[commune.code, role] == 1 for commune in TREE.at_level("125", COMMUNE) for role in COMMUNE_ROLES)
    assert held["125", Role.DISTRICT_OFFICER] == 2
    assert held["125", Role.DISTRICT_CHAIR] == 1
    assert sum(n for (_, role), n in held.items() if role is Role.ADMIN) == 1


def test_a_chat_is_known_by_its_units_code() -> None:
    chats = {person.id: person.chat_id for person in demo_people()}

    assert chats["04123-06-member"] == 704123062
    assert chats["04123-commune_officer"] == 704123001
    assert chats["125-district_officer-2"] == 700125002


def test_the_shown_commune_comes_first_then_the_district() -> None:
    everyone = demo_people()
    shown = [person for person in everyone if person.unit.startswith(SHOWN_FIRST)]

    assert [person.id for person in everyone[:3]] == ["04123-01-head", "04123-01-member", "04123-02-head"]
    assert shown[-1].id == "04123-commune_secretary"
    assert list(everyone[: len(shown)]) == shown
    assert {person.unit for person in everyone[len(shown) : len(shown) + 4]} == {"125", "14"}


def test_teams_are_on_zalo_village_by_village_and_officials_on_telegram() -> None:
    on = {channel: {person.id for person in demo_people() if person.channel == channel} for channel in ("telegram", "zalo")}
    shown = {person for person in on["zalo"] if person.startswith(SHOWN_FIRST)}

    assert shown == {f"04123-{village}-{role}" for village in ("04", "05", "06") for role in ("head", "member")}
    for commune in TREE.at_level("125", COMMUNE):
        assert {person.channel for person in demo_people() if person.unit.startswith(f"{commune.code}-")} == set(on)
    assert not [person for person in on["zalo"] if not person.endswith(("-head", "-member"))]
    assert not any(person.address.isdecimal() for person in demo_people() if person.channel == "zalo")


async def test_seeding_twice_is_seeding_once(sqlite_url: str, open_db: Open, keys: Keyring, clock: StandingClock) -> None:
    db = open_db(sqlite_url)
    async with db.write() as tx:
        assert await seed(tx, keys, clock(), notice="1") == len(demo_people())
    async with db.write() as tx:
        assert await seed(tx, keys, clock(), notice="1") == 0

    async with db.read() as tx:
        tree = Tree(await units.load(tx), DAY)
        everyone = await people.everyone(tx, keys)
        with_officials = await roster.units_with(tx, COMMUNE_ROLES)
    assert [unit.code for unit in tree] == [unit.code for unit in TREE]
    assert len(everyone) == len(demo_people())
    assert with_officials == {commune.code for commune in TREE.at_level("125", COMMUNE)}


async def test_seeded_people_write_from_their_chats(
    sqlite_url: str, open_db: Open, keys: Keyring, clock: StandingClock
) -> None:
    db = open_db(sqlite_url)
    async with db.write() as tx:
        await seed(tx, keys, clock(), bot="42", notice="1")

    async with db.read() as tx:
        known = await people.at_addresses(tx, keys, "telegram", "42", ["704123062"])
    member = known["704123062"]
    assert (member.id, member.roles[0].role, member.roles[0].unit) == ("04123-06-member", Role.MEMBER, "04123-06")
    assert member.notice_version == "1"


async def test_with_a_bot_on_zalo_those_who_are_there_write_from_there(
    sqlite_url: str, open_db: Open, keys: Keyring, clock: StandingClock
) -> None:
    db = open_db(sqlite_url)
    async with db.write() as tx:
        await seed(tx, keys, clock(), bot="42", zalo_bot="43", notice="1")

    async with db.read() as tx:
        on_zalo = await people.at_addresses(tx, keys, "zalo", "43", ["mau704123062"])
        on_telegram = await people.at_addresses(tx, keys, "telegram", "42", ["704123062", "704123011"])
    assert [who.id for who in on_zalo.values()] == ["04123-06-member"]
    assert [who.id for who in on_telegram.values()] == ["04123-01-head"]


async def test_what_was_changed_while_practising_stays(
    sqlite_url: str, open_db: Open, keys: Keyring, clock: StandingClock
) -> None:
    db = open_db(sqlite_url)
    async with db.write() as tx:
        await seed(tx, keys, clock(), notice="1")
        await people.change_user(tx, "04123-06-member", language="en")
        await seed(tx, keys, clock(), notice="1")

    async with db.read() as tx:
        known = await people.at_addresses(tx, keys, "telegram", "1000000001", ["704123062"])
    assert known["704123062"].language == "en"


async def test_a_demo_database_is_seeded_on_both_kinds(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        assert await seed(tx, keys, clock()) > 300
