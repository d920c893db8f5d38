"""Inbox, drafts, and what is kept of messages that could not be handled, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.clock import StandingClock
from bot.conversation.draft import REVIEW, Draft
from bot.storage import drafts, inbox, people
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.drafts import Saved
from bot.storage.inbox import SET_ASIDE, TRYING, Taken
from bot.storage.people import NewUser
from bot.storage.schema import inbox as inbox_table

DRAFT = Draft(
    id="d1",
    form="returnee",
    version=2,
    unit="v1",
    at="phone",
    revision=3,
    answers={"full_name": "Người Hư Cấu Ánh", "phone": None, "doses": ["1", "2"]},
    facts={"unit_name": "Bản Mẫu"},
    amends="r9",
)


@pytest.fixture
async def lan(db: Database, keys: Keyring, clock: StandingClock) -> str:
    async with db.write() as tx:
        await people.add_user(tx, keys, NewUser("lan", "Người Hư Cấu Lan", "chi", "vi"), clock())
    return "lan"


async def test_a_message_is_taken_once(db: Database, keys: Keyring, clock: StandingClock) -> None:
    for _ in range(2):
        async with db.write() as tx:
            if not await inbox.settled(tx, "7", ["m1"]):
                await inbox.take(tx, keys, [Taken("7", "m1", attempts=5)], clock())

    async with db.read() as tx:
        assert await inbox.settled(tx, "7", ["m1", "m2"]) == {"m1"}
        assert await tx.scalar(sa.select(sa.func.count()).select_from(inbox_table)) == 1


async def test_the_same_id_of_another_bot_is_another_message(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        await inbox.take(tx, keys, [Taken("7", "m1")], clock())

    async with db.read() as tx:
        assert await inbox.settled(tx, "8", ["m1"]) == set()


async def test_a_message_that_was_begun_is_counted_and_not_settled(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        assert await inbox.attempts(tx, "7", "m1") == 0
        await inbox.take(tx, keys, [Taken("7", "m1", TRYING, attempts=2)], clock())

    async with db.read() as tx:
        assert await inbox.attempts(tx, "7", "m1") == 2
        assert await inbox.settled(tx, "7", ["m1"]) == set()


async def test_the_inbox_forgets_what_is_done_and_keeps_what_was_set_aside(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    async with db.write() as tx:
        await inbox.take(tx, keys, [Taken("7", "done"), Taken("7", "aside", SET_ASIDE, 3, "A1B2", "thân tin")], clock())
        await inbox.take(tx, keys, [Taken("7", "new")], clock() + timedelta(days=8))

    async with db.write() as tx:
        forgotten = await inbox.forget(tx, clock() + timedelta(days=8))

    assert forgotten == 1
    async with db.read() as tx:
        assert await inbox.settled(tx, "7", ["done", "aside", "new"]) == {"aside", "new"}
        row = (await tx.execute(sa.select(inbox_table).where(inbox_table.c.message == "aside"))).one()
    assert keys.open("inbox.body", "7.aside", row.body) == "thân tin"


async def test_a_draft_comes_back_as_it_was_saved(db: Database, keys: Keyring, clock: StandingClock, lan: str) -> None:
    async with db.write() as tx:
        await drafts.save(tx, keys, [Saved(lan, DRAFT, clock())])

    async with db.read() as tx:
        assert await drafts.of_users(tx, keys, [lan, "nobody"]) == {lan: DRAFT}
        assert await drafts.all_open(tx, keys) == {lan: DRAFT}


async def test_a_later_step_replaces_the_draft(db: Database, keys: Keyring, clock: StandingClock, lan: str) -> None:
    later = DRAFT.moved(REVIEW, {**DRAFT.answers, "phone": "+84900000001"})
    for draft in (DRAFT, later):
        async with db.write() as tx:
            await drafts.save(tx, keys, [Saved(lan, draft, clock())])

    async with db.read() as tx:
        assert await drafts.of_users(tx, keys, [lan]) == {lan: later}


async def test_a_closed_draft_is_gone(db: Database, keys: Keyring, clock: StandingClock, lan: str) -> None:
    async with db.write() as tx:
        await drafts.save(tx, keys, [Saved(lan, DRAFT, clock())])
        await drafts.close(tx, ["d1"])

    async with db.read() as tx:
        assert await drafts.all_open(tx, keys) == {}


async def test_a_person_has_one_open_draft(db: Database, keys: Keyring, clock: StandingClock, lan: str) -> None:
    second = Draft(id="d2", form="f0", version=1, unit="v1", at="full_name")

    async def save_both() -> None:
        async with db.write() as tx:
            await drafts.save(tx, keys, [Saved(lan, DRAFT, clock()), Saved(lan, second, clock())])

    with pytest.raises(IntegrityError):
        await save_both()

    async with db.read() as tx:
        assert await drafts.all_open(tx, keys) == {}
