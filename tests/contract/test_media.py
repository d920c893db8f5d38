"""What teams send as pictures, voice and files, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.clock import StandingClock
from bot.domain.access import Role, RoleAt
from bot.domain.units import OrgUnit, Tree
from bot.messages import Attachment, Media
from bot.storage import media, outbox, people
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.media import COMING, DONE, LOST, WAITING, MediaItem
from bot.storage.people import NewUser

DAY = date(2021, 9, 9)
TREE = Tree(
    [
        OrgUnit("c", "Xã Mẫu", "commune", None),
        *(OrgUnit(code, f"Bản {code}", "village", "c", "bản") for code in ("v1", "v2", "v3")),
        OrgUnit("c2", "Xã Khác", "commune", None),
        OrgUnit("w1", "Bản Khác", "village", "c2", "bản"),
    ],
    DAY,
)
VILLAGES = ("v1", "v2", "v3", "w1")


@pytest.fixture
async def photo(db: Database, keys: Keyring, clock: StandingClock) -> MediaItem:
    """Nothing is stored of it yet; its sender is."""
    async with db.write() as tx:
        await people.add_user(tx, keys, NewUser("lan", "Người Hư Cấu Lan", "chi", "vi"), clock())
        await people.grant(tx, "lan", RoleAt(Role.HEAD, "v1"), None, clock())
    return MediaItem("m1", "telegram", "7", "501", "lan", "v1", DAY, Media("photo", "F1", "a.jpg", 9), "2 người về", clock())


async def stored(db: Database, keys: Keyring, *items: MediaItem) -> None:
    async with db.write() as tx:
        for item in items:
            await media.add(tx, keys, item)
            if item.state != COMING:
                await media.fetched(tx, item.id, f"media:{item.id}")


async def states(db: Database, keys: Keyring, *ids: str) -> list[str | None]:
    async with db.read() as tx:
        found = [await media.get(tx, keys, item_id) for item_id in ids]
    return [item.state if item else None for item in found]


async def awaited(db: Database, *villages: str, day: date = DAY) -> frozenset[str]:
    async with db.read() as tx:
        return await media.awaited(tx, TREE, villages or VILLAGES, day)


async def test_what_is_stored_comes_back_as_it_was(db: Database, keys: Keyring, photo: MediaItem) -> None:
    await stored(db, keys, photo)

    async with db.read() as tx:
        assert await media.get(tx, keys, "m1") == photo
        assert await media.get(tx, keys, "m2") is None
        assert await media.open_in(tx, keys, ["v1", "v2"]) == [photo]
        assert await media.open_in(tx, keys, ["v2"]) == []


async def test_an_item_waits_once_it_is_fetched_and_is_done_once(
    db: Database, keys: Keyring, clock: StandingClock, photo: MediaItem
) -> None:
    await stored(db, keys, photo)

    async with db.write() as tx:
        early = await media.finish(tx, photo, "minh", clock())
        await media.fetched(tx, "m1", "file")
        first = await media.finish(tx, photo, "minh", clock())
        second = await media.finish(tx, photo, "hoa", clock())
        lost = await media.lose(tx, "m1", clock())

    assert (early, first, second, lost) == (False, True, False, False)
    async with db.read() as tx:
        done = await media.get(tx, keys, "m1")
    assert done == replace(photo, state=DONE, attachment="file", done_by="minh", done_at=clock())


async def test_what_is_lost_is_lost_once_and_is_not_fetched_any_more(
    db: Database, keys: Keyring, clock: StandingClock, photo: MediaItem
) -> None:
    await stored(db, keys, photo)

    async with db.write() as tx:
        assert [await media.lose(tx, "m1", clock()) for _ in range(2)] == [True, False]
        await media.fetched(tx, "m1", "file")
        assert await media.next_of(tx, keys, "m1") is None

    assert await states(db, keys, "m1") == [LOST]


async def test_an_album_is_fetched_in_its_order_and_closed_as_far_as_it_was_shown(
    db: Database, keys: Keyring, clock: StandingClock, photo: MediaItem
) -> None:
    pages = [replace(photo, id=name, media=replace(photo.media, group="album")) for name in ("z", "a", "m", "b")]
    elsewhere = replace(pages[0], id="other chat", address="502")
    await stored(db, keys, *pages, elsewhere)

    fetched = []
    async with db.write() as tx:
        for _ in range(3):
            item = await media.next_of(tx, keys, "b")
            assert item is not None
            fetched.append((item.id, await media.album_waits(tx, item)))
            await media.fetched(tx, item.id, "file")
        await media.fetched(tx, "other chat", "file")
        assert await media.finish(tx, pages[1], "minh", clock())

    assert fetched == [("z", False), ("a", True), ("m", True)]
    assert await states(db, keys, "z", "a", "m", "b", "other chat") == [DONE, DONE, DONE, COMING, WAITING]


async def test_a_village_is_awaited_while_what_it_sent_for_that_day_is_open(
    db: Database, keys: Keyring, clock: StandingClock, photo: MediaItem
) -> None:
    await stored(db, keys, photo)
    assert await awaited(db) == {"v1"}
    assert await awaited(db, "v2", "w1") == frozenset()
    assert await awaited(db, day=DAY + timedelta(days=1)) == frozenset()

    async with db.write() as tx:
        await media.fetched(tx, "m1", "file")
    assert await awaited(db) == {"v1"}

    async with db.write() as tx:
        await media.finish(tx, photo, "minh", clock())
    assert await awaited(db) == frozenset()


async def test_what_came_for_a_commune_counts_for_the_villages_of_its_sender(
    db: Database, keys: Keyring, clock: StandingClock, photo: MediaItem
) -> None:
    async with db.write() as tx:
        for unit in ("v2", "v3", "w1"):
            await people.grant(tx, "lan", RoleAt(Role.MEMBER, unit), None, clock())
        await people.revoke_role(tx, "lan", Role.MEMBER, "v3", clock())
    await stored(db, keys, replace(photo, unit="c"))

    assert await awaited(db) == {"v1", "v2", "w1"}
    assert await awaited(db, "v2") == {"v2"}
    assert await awaited(db, "w1") == frozenset()


async def test_its_content_stays_while_it_is_open_and_goes_with_it(
    db: Database, keys: Keyring, clock: StandingClock, photo: MediaItem
) -> None:
    begun, months_later = clock(), clock() + timedelta(days=90)
    await stored(db, keys, photo)
    async with db.write() as tx:
        await outbox.attach(tx, keys, "file", Attachment("m1.jpg", b"anh", "image/jpeg"), begun)
        await media.fetched(tx, "m1", "file")

    async with db.write() as tx:
        await media.forget(tx, months_later)
        await outbox.clear(tx, months_later)
        assert await outbox.read_attachment(tx, keys, "file") is not None
        await media.finish(tx, photo, "minh", months_later)
        await media.forget(tx, months_later)
        await outbox.clear(tx, months_later)
        assert await outbox.read_attachment(tx, keys, "file") is not None
        await media.forget(tx, months_later + timedelta(seconds=1))
        await outbox.clear(tx, months_later + timedelta(seconds=1))
        assert await outbox.read_attachment(tx, keys, "file") is None

    assert await states(db, keys, "m1") == [None]
