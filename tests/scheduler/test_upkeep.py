"""What is forgotten at night, and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.messages import Attachment
from bot.storage import arrivals, inbox, media, outbox, schema
from bot.storage.arrivals import Posted
from bot.storage.outbox import Post
from tests.scheduler.conftest import DAY, District, clock_shows


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Each statement is tried on both databases in the storage tests."""
    return sqlite_url


async def test_a_night_forgets_what_was_settled_eight_days_ago_and_keeps_the_rest(district: District) -> None:
    old, new = clock_shows("06:00"), clock_shows("06:00", DAY + timedelta(days=5))
    async with district.db.write() as tx:
        for name, when in (("old", old), ("new", new)):
            await inbox.take(tx, district.keys, [inbox.Taken("1", f"{name} done")], when)
            await inbox.take(tx, district.keys, [inbox.Taken("1", f"{name} aside", inbox.SET_ASIDE, body="x")], when)
            await outbox.queue(tx, district.keys, [Post("telegram", "1", "a", "lời", dedup_key=name)], when)
            sent = sa.update(schema.outbox).where(schema.outbox.c.dedup_key == name)
            await tx.execute(sent.values(state=outbox.SENT, done_at=when))
        await outbox.queue(tx, district.keys, [Post("telegram", "1", "a", "còn chờ", dedup_key="waits")], old)

    await district.move("03:30", DAY + timedelta(days=9))

    async with district.db.read() as tx:
        left = set((await tx.scalars(sa.select(schema.inbox.c.message))).all())
        query = sa.select(schema.outbox.c.dedup_key).where(schema.outbox.c.body.is_not(None), schema.outbox.c.address == "a")
        with_words = set((await tx.scalars(query)).all())
    assert left == {"old aside", "new done", "new aside"}
    assert with_words == {"new", "waits"}


async def test_what_a_team_sent_is_kept_until_it_is_typed_in_and_some_days_longer(district: District) -> None:
    await district.send_picture("head-04136-01", "04136-01")
    async with district.db.write() as tx:
        file = Attachment("m.jpg", b"anh", "image/jpeg")
        await media.fetched(tx, "m-04136-01", await outbox.attach(tx, district.keys, "file", file, district.clock()))

    kept = []
    for days in (20, 27, 30):
        await district.move("03:30", DAY + timedelta(days=days))
        async with district.db.write() as tx:
            kept.append((await outbox.read_attachment(tx, district.keys, "file")) is not None)
            item = await media.get(tx, district.keys, "m-04136-01")
            if item is not None:
                await media.finish(tx, item, "officer", district.clock())

    assert kept == [True, True, False]


async def test_runs_of_last_month_are_forgotten_and_do_not_come_back(district: District) -> None:
    await district.move("07:00")

    later = DAY + timedelta(days=32)
    await district.move("04:00", later)
    await district.hear()
    again = await district.move("04:00", later)

    assert again == []
    assert min(due_at for _job, _unit, due_at in await district.runs()) >= clock_shows("03:30", later) - timedelta(days=30)


async def test_what_a_webhook_brought_for_a_bot_without_a_leader_is_given_up_and_said(
    district: District, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = clock_shows("06:00"), clock_shows("06:00", DAY + timedelta(days=5))
    async with district.db.write() as tx:
        await arrivals.keep(tx, district.keys, [Posted("zalo", "9", b"{}", when) for when in (old, new)])

    await district.move("03:30", DAY + timedelta(days=9))

    async with district.db.read() as tx:
        left = [one.at for one in await arrivals.waiting(tx, district.keys, "zalo", "9", 10)]
    assert left == [new]
    assert "1 messages of a bot that no process leads are given up" in caplog.text
