"""What a chat sees of the outbox, in which order and when."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.channels.front import PAGE
from bot.channels.sender import ATTEMPTS, PARALLEL
from bot.errors import Rejected
from bot.messages import Attachment, Outgoing
from bot.storage import outbox
from bot.storage.outbox import Lane, Post
from bot.storage.schema import outbox as rows


def post(text: str, chat: str = "an", lane: Lane = Lane.REPLY, **more: Any) -> Post:
    return Post("telegram", "777", chat, text, lane=lane, **more)


async def test_a_chat_sees_replies_before_duties_before_bulk_each_in_order(office) -> None:
    await office.queue(
        post("bulk 1", lane=Lane.BULK),
        post("duty 1", lane=Lane.DUTY),
        post("reply 1"),
        post("bulk 2", lane=Lane.BULK),
        post("duty 2", lane=Lane.DUTY),
        post("reply 2"),
    )

    await office.deliver()

    assert office.platform.texts() == ["reply 1", "reply 2", "duty 1", "duty 2", "bulk 1", "bulk 2"]
    assert set(await office.states()) == {outbox.SENT}


async def test_a_reply_that_comes_later_overtakes_bulk_that_waits_for_its_turn(office) -> None:
    await office.queue(*(post(f"bulk {n}", f"chat {n}", Lane.BULK) for n in range(60)))
    office.new_sender(rate=10)

    async with office.open():
        await office.until(lambda: len(office.platform.seen) == 5)
        await office.queue(post("reply", "new"))
        office.sender.wake()
        assert await office.sender.idle(1000)

    assert office.platform.texts().index("reply") < 10
    assert len(office.platform.seen) == 61


async def test_chats_do_not_wait_for_each_other_and_none_has_two_messages_under_way(office) -> None:
    gate = asyncio.Event()
    office.platform.rules.append(lambda _message: gate.wait())
    await office.queue(*(post(f"{chat}.{n}", f"chat {chat}") for n in range(3) for chat in range(40)))

    async with office.open():
        await office.until(lambda: len(office.platform.tried) == 40)
        gate.set()
        assert await office.sender.idle(1000)

    assert office.platform.most_at_once == 1
    assert all(office.platform.texts(f"chat {c}") == [f"{c}.0", f"{c}.1", f"{c}.2"] for c in range(40))


async def test_nothing_of_a_chat_is_sent_before_its_former_message_is_marked(office) -> None:
    unmarked: list[int] = []

    async def look(message: Outgoing) -> None:
        before = sa.and_(rows.c.address == message.address, rows.c.state == outbox.PENDING)
        async with office.db.read() as tx:
            count = await tx.scalar(sa.select(sa.func.count()).where(before))
        unmarked.append(int(count or 0) + int(message.text.split(".")[1]))

    office.platform.rules.append(look)
    await office.queue(*(post(f"{chat}.{n}", f"chat {chat}") for chat in range(8) for n in range(4)))

    await office.deliver()

    assert unmarked == [4] * 32


async def test_one_chat_with_hundreds_of_messages_that_must_wait_does_not_hold_up_the_others(office) -> None:
    office.platform.refusals["big 0"] = [RuntimeError()] * (ATTEMPTS - 1)
    await office.queue(*(post(f"big {n}", "big") for n in range(PARALLEL + 50)), post("small", "small"))
    office.new_sender()

    async with office.open():
        await office.until(lambda: "small" in office.platform.texts())

        assert "big 0" not in office.platform.texts()


async def test_a_chat_with_hundreds_of_messages_gets_them_without_a_pause(office) -> None:
    await office.queue(*(post(f"big {n}", "big") for n in range(PAGE + 4)))
    start = office.time.now

    await office.deliver()

    assert office.platform.texts() == [f"big {n}" for n in range(PAGE + 4)]
    assert office.time.now == start


async def test_a_message_that_is_marked_while_the_queue_is_being_read_is_not_sent_again(office) -> None:
    gate, dawdle = asyncio.Event(), asyncio.Event()
    office.platform.rules.append(lambda _message: gate.wait())
    await office.queue(post("one"))

    async with office.open():
        await office.until(lambda: bool(office.platform.tried))
        reads, commits = office.db.reads, office.db.commits
        office.db.readers_dawdle = dawdle
        office.sender.wake()
        await office.until(lambda: office.db.reads > reads)
        gate.set()
        await office.until(lambda: office.db.commits > commits)
        dawdle.set()
        assert await office.sender.idle(10)

    assert office.platform.texts() == ["one"]


async def test_more_chats_than_can_be_under_way_at_once_are_all_served(office) -> None:
    await office.queue(*(post(f"text {n}", f"chat {n}", Lane.BULK) for n in range(2 * PARALLEL + 10)))

    await office.deliver()

    assert sorted(office.platform.texts()) == sorted(f"text {n}" for n in range(2 * PARALLEL + 10))


async def test_an_edit_replaces_the_message_that_was_sent_and_is_a_new_one_if_none_was(office) -> None:
    office.platform.refusals["never sent"] = [Rejected()]
    await office.queue(post("card"), post("never sent"))
    await office.deliver()

    card, never_sent = await office.ids()
    await office.queue(post("card, changed", edits=card), post("a new card", edits=never_sent))
    await office.deliver()

    assert [(m.text, m.edits) for m in office.platform.seen] == [
        ("card", None),
        ("card, changed", "m1"),
        ("a new card", None),
    ]


async def test_an_edit_that_was_queued_before_its_message_left_replaces_it_all_the_same(office) -> None:
    await office.queue(post("table"))
    (table,) = await office.ids()
    await office.queue(post("table, changed", edits=table))

    await office.deliver()

    assert [(m.text, m.edits) for m in office.platform.seen] == [("table", None), ("table, changed", "m1")]


async def test_a_file_goes_with_its_message_and_a_picture_as_a_picture(office) -> None:
    sheet, picture = Attachment("Danh sách.xlsx", b"PK"), Attachment("bảng.png", b"PNG", "image/png")
    async with office.db.write() as tx:
        for number, file in (("sheet", sheet), ("picture", picture)):
            await outbox.attach(tx, office.keys, number, file, office.clock())
    await office.queue(post("list", attachment="sheet"), post("table", attachment="picture"))

    await office.deliver()

    assert [(m.document, m.photo) for m in office.platform.seen] == [(sheet, None), (None, picture)]


async def test_what_is_too_late_is_dropped(office) -> None:
    soon = office.clock() + timedelta(minutes=5)
    await office.queue(post("nudge", drop_after=soon), post("other", drop_after=soon + timedelta(hours=1)))
    office.clock.move(soon + timedelta(seconds=1))

    await office.deliver()

    assert office.platform.texts() == ["other"]
    assert await office.states() == [outbox.DROPPED, outbox.SENT]


async def test_a_page_full_of_what_is_too_late_does_not_hide_what_is_not(office) -> None:
    soon = office.clock() + timedelta(minutes=5)
    late = (post(f"nudge {n}", f"chat {n}", drop_after=soon) for n in range(2 * PARALLEL))
    await office.queue(*late, post("digest", lane=Lane.BULK))
    office.clock.move(soon + timedelta(seconds=1))

    await office.deliver()

    assert office.platform.texts() == ["digest"]


async def test_a_message_waits_for_its_instant_and_leaves_when_the_clock_is_moved(office) -> None:
    ten = office.clock() + timedelta(hours=3)
    await office.queue(post("at ten", not_before=ten), post("now"))

    async with office.open():
        assert await office.sender.idle(10)
        assert office.platform.texts() == ["now"]
        office.clock.move(ten)
        assert await office.sender.idle(10)

    assert office.platform.texts() == ["now", "at ten"]


async def test_what_is_taken_back_before_its_turn_is_not_sent(office) -> None:
    gate = asyncio.Event()
    office.platform.rules.append(lambda _message: gate.wait())
    nudge = post("nudge", lane=Lane.DUTY, cancel_key="report 04105")
    await office.queue(post("first", lane=Lane.DUTY), nudge)

    async with office.open():
        await office.until(lambda: bool(office.platform.tried))
        async with office.db.write() as tx:
            await outbox.cancel(tx, ["report 04105"], office.clock())
        office.sender.wake()
        gate.set()
        assert await office.sender.idle(10)

    assert office.platform.texts() == ["first"]


async def test_an_idle_sender_hardly_reads_and_answers_at_once_when_woken(office) -> None:
    async with office.open():
        await office.until(lambda: office.db.reads > 0)
        start, reads = office.time.now, office.db.reads
        await office.until(lambda: office.time.now >= start + 100)
        assert office.db.reads - reads <= 25

        await office.queue(post("hello"))
        woken = office.time.now
        office.sender.wake()
        await office.until(lambda: bool(office.platform.seen))

    assert office.platform.times_of("hello")[0] <= woken + 5


async def test_many_that_wait_for_the_pacer_are_not_read_again_for_each_message(office) -> None:
    await office.queue(*(post(f"text {n}", f"chat {n}", Lane.BULK) for n in range(400)))
    office.new_sender(rate=30)

    async with office.open():
        await office.until(lambda: len(office.platform.seen) == 400)

    assert office.db.reads < 10


async def test_at_night_a_duty_waits_for_the_morning_and_an_alert_does_not(office) -> None:
    await office.queue(post("duty", lane=Lane.DUTY), post("alert", lane=Lane.URGENT), post("reply"))
    morning = office.clock() + timedelta(hours=2)

    await office.deliver(quiet=lambda now: now < morning)
    assert office.platform.texts() == ["alert", "reply"]

    office.clock.move(morning)
    await office.deliver(quiet=lambda now: now < morning)
    assert office.platform.texts() == ["alert", "reply", "duty"]
