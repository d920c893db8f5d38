"""The outbox: order, what is left out, and what was shown, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clock import StandingClock
from bot.messages import Attachment, Button
from bot.storage import outbox, people
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.outbox import Delivered, Lane, Pending, Post, Waiting
from bot.storage.people import BLOCKED, NewUser
from bot.storage.schema import outbox as outbox_table

BOT = "7"


class Box:
    """The outbox of one bot, a transaction for each call."""

    def __init__(self, db: Database, keys: Keyring, clock: StandingClock) -> None:
        self.db, self.keys, self.clock = db, keys, clock

    async def queue(self, *posts: Post) -> None:
        async with self.db.write() as tx:
            await outbox.queue(tx, self.keys, posts, self.clock())

    async def waiting(self, limit: int = 50, under_way: tuple[int, ...] = (), busy: tuple[str, ...] = ()) -> Waiting:
        async with self.db.read() as tx:
            return await outbox.pending(tx, BOT, self.clock(), limit, under_way, busy)

    async def texts(self, limit: int = 50, under_way: tuple[int, ...] = (), busy: tuple[str, ...] = ()) -> list[str]:
        ready = (await self.waiting(limit, under_way, busy)).ready
        return [outbox.open_message(self.keys, BOT, item).text for item in ready]

    async def only(self) -> Pending:
        (item,) = (await self.waiting()).ready
        return item

    async def sent(self, item: Pending, message_id: str) -> None:
        async with self.db.write() as tx:
            await outbox.mark_sent(tx, BOT, [Delivered(item, message_id)], self.clock())

    async def states(self) -> list[str]:
        async with self.db.read() as tx:
            return list(await tx.scalars(sa.select(outbox_table.c.state).order_by(outbox_table.c.id)))

    async def shown(self, message_id: str, address: str = "501") -> tuple[str, int] | None:
        async with self.db.read() as tx:
            return await outbox.shown_record(tx, BOT, address, message_id)


@pytest.fixture
def box(db: Database, keys: Keyring, clock: StandingClock) -> Box:
    return Box(db, keys, clock)


def post(text: str, address: str = "501", lane: Lane = Lane.REPLY, **more: object) -> Post:
    return replace(Post("telegram", BOT, address, text, lane=lane), **more)  # type: ignore[arg-type]


async def test_a_message_comes_out_as_it_went_in(box: Box) -> None:
    buttons = ((Button("Có", "d:1:y"), Button("Không", "d:1:n")), (Button("Hủy", "d:1:x"),))
    await box.queue(post("Bản Mẫu đã gửi báo cáo", buttons=buttons, record=("r1", 2), edits_message="33"))

    item = await box.only()
    message = outbox.open_message(box.keys, BOT, item)

    assert (message.address, message.text, message.buttons, message.edits) == ("501", "Bản Mẫu đã gửi báo cáo", buttons, "33")
    assert (item.lane, item.record, item.attempts, item.attachment) == (Lane.REPLY, ("r1", 2), 0, None)


async def test_replies_go_before_duties_before_bulk_and_each_in_its_order(box: Box) -> None:
    await box.queue(post("bulk", lane=Lane.BULK), post("duty 1", lane=Lane.DUTY), post("reply 1"))
    await box.queue(post("reply 2", address="502"), post("duty 2", lane=Lane.DUTY), post("reply 3"))

    assert await box.texts() == ["reply 1", "reply 2", "reply 3", "duty 1", "duty 2", "bulk"]


async def test_what_is_urgent_goes_before_everything_and_is_found_again_by_its_chat(box: Box) -> None:
    await box.queue(post("reply"), post("old alert", lane=Lane.URGENT, record=("r1", 1)), post("duty", lane=Lane.DUTY))
    await box.sent((await box.waiting()).ready[0], "10")
    await box.queue(post("alert", lane=Lane.URGENT, record=("r2", 1)), post("other", "502", Lane.URGENT, record=("r3", 1)))

    assert await box.texts() == ["alert", "other", "reply", "duty"]
    async with box.db.read() as tx:
        assert await outbox.last_urgent(tx, BOT, "501") == "r1"
        assert await outbox.last_urgent(tx, BOT, "502") is None
        assert [one.lane for one in (await outbox.unasked(tx, box.keys, BOT, "501")).values()] == [Lane.URGENT, Lane.DUTY]
    await box.sent((await box.waiting()).ready[0], "11")

    async with box.db.read() as tx:
        assert await outbox.last_urgent(tx, BOT, "501") == "r2"


async def test_the_front_of_the_queue_says_whether_there_is_more(box: Box) -> None:
    await box.queue(*(post(str(n)) for n in range(3)))

    assert await box.texts(limit=2) == ["0", "1"]
    assert (await box.waiting(limit=2)).more
    assert not (await box.waiting(limit=4)).more


async def test_a_busy_chat_and_what_is_under_way_are_left_out(box: Box) -> None:
    await box.queue(post("a"), post("b", address="502"), post("c"))
    first = (await box.waiting()).ready[0]

    assert await box.texts(busy=("501",)) == ["b"]
    assert await box.texts(under_way=(first.id,)) == ["b", "c"]


async def test_another_bots_messages_are_its_own(box: Box) -> None:
    await box.queue(post("ours"), replace(post("theirs"), bot="8"))

    assert await box.texts() == ["ours"]


async def test_a_message_with_a_known_dedup_key_is_left_out(box: Box) -> None:
    await box.queue(post("first", dedup_key="digest.c.0909"), post("same batch", dedup_key="digest.c.0909"))
    await box.queue(post("next batch", dedup_key="digest.c.0909"), post("no key"), post("nor this"))

    assert await box.texts() == ["first", "no key", "nor this"]


async def test_a_sent_message_keeps_its_dedup_key(box: Box) -> None:
    await box.queue(post("first", dedup_key="k"))
    await box.sent(await box.only(), "10")

    await box.queue(post("again", dedup_key="k"))

    assert await box.texts() == []


async def test_a_nudge_is_taken_back_once_its_work_is_done(box: Box) -> None:
    await box.queue(post("sent nudge", cancel_key="v1.0909"))
    await box.sent(await box.only(), "10")
    await box.queue(post("nudge", cancel_key="v1.0909"), post("other nudge", cancel_key="v2.0909"), post("reply"))

    async with box.db.write() as tx:
        await outbox.cancel(tx, ["v1.0909"], box.clock())

    assert await box.texts() == ["other nudge", "reply"]
    assert await box.states() == ["sent", "cancelled", "pending", "pending"]


async def test_a_message_waits_for_its_instant(box: Box) -> None:
    later = box.clock() + timedelta(minutes=5)
    await box.queue(post("later", not_before=later), post("now"))

    assert await box.texts() == ["now"]
    async with box.db.read() as tx:
        assert await outbox.count_pending(tx, BOT, box.clock()) == 1
        assert await outbox.any_later(tx, BOT, box.clock())

    box.clock.move(later)

    assert await box.texts() == ["later", "now"]
    async with box.db.read() as tx:
        assert await outbox.count_pending(tx, BOT, box.clock()) == 2
        assert not await outbox.any_later(tx, BOT, box.clock())


async def test_at_night_only_what_is_urgent_or_was_asked_for_is_sent(box: Box) -> None:
    urgent, reply = post("urgent", lane=Lane.URGENT), post("reply")
    asked, board = (post(key, lane=Lane.DUTY, dedup_key=key) for key in ("work:1", "board:1"))
    await box.queue(urgent, reply, asked, board, post("duty", lane=Lane.DUTY), post("bulk", lane=Lane.BULK, dedup_key="x"))

    async with box.db.read() as tx:
        at_night = (await outbox.pending(tx, BOT, box.clock(), 50, quiet=True)).ready
        assert [outbox.open_message(box.keys, BOT, one).text for one in at_night] == ["urgent", "reply", "work:1", "board:1"]
        assert await outbox.count_pending(tx, BOT, box.clock(), quiet=True) == 4
        assert await outbox.any_later(tx, BOT, box.clock(), quiet=True)
        assert not await outbox.any_later(tx, BOT, box.clock())
    assert await box.texts() == ["urgent", "reply", "work:1", "board:1", "duty", "bulk"]


async def test_a_message_whose_time_has_passed_is_named_and_not_sent(box: Box) -> None:
    await box.queue(post("nudge", drop_after=box.clock() + timedelta(minutes=30)), post("reply"))
    box.clock.move(box.clock() + timedelta(minutes=31))

    waiting = await box.waiting()
    async with box.db.write() as tx:
        await outbox.mark_dropped(tx, waiting.expired, box.clock())

    assert await box.texts() == ["reply"]
    assert await box.states() == ["dropped", "pending"]


async def test_what_waits_for_a_blocked_account_is_named_and_not_sent(box: Box) -> None:
    async with box.db.write() as tx:
        await people.add_user(tx, box.keys, NewUser("lan", "Người Hư Cấu Lan", "chi", "vi"), box.clock())
        await people.link(tx, "telegram", BOT, "501", "lan", box.clock())
        await people.set_state(tx, "telegram", BOT, "501", BLOCKED, box.clock())
    await box.queue(post("to who blocked us"), post("to another", address="502"))

    waiting = await box.waiting()
    async with box.db.write() as tx:
        await outbox.mark_failed(tx, waiting.closed, box.clock())

    assert await box.texts() == ["to another"]
    assert await box.states() == ["failed", "pending"]


async def test_a_closed_chat_ends_its_deliveries_alone(box: Box) -> None:
    await box.queue(post("a"), post("b", address="502"), post("c", lane=Lane.BULK), replace(post("d"), bot="8"))

    async with box.db.write() as tx:
        await outbox.drop_for(tx, BOT, "501", box.clock())

    assert await box.states() == ["failed", "pending", "failed", "pending"]


async def test_an_edit_finds_the_platforms_id_of_what_it_replaces(box: Box) -> None:
    await box.queue(post("card"))
    card = await box.only()
    await box.sent(card, "10")

    await box.queue(post("corrected card", edits=card.id))

    assert (await box.only()).edits_message == "10"


async def test_an_edit_of_what_was_never_sent_is_a_new_message(box: Box) -> None:
    await box.queue(post("card"))
    card = await box.only()
    async with box.db.write() as tx:
        await outbox.mark_failed(tx, [card.id], box.clock())

    await box.queue(post("corrected card", edits=card.id))

    assert (await box.only()).edits_message is None


async def test_a_sent_message_is_not_sent_again_and_its_state_is_final(box: Box) -> None:
    await box.queue(post("card"))
    card = await box.only()
    await box.sent(card, "10")

    await box.sent(card, "11")
    async with box.db.write() as tx:
        await outbox.mark_failed(tx, [card.id], box.clock())

    assert await box.texts() == []
    assert await box.states() == ["sent"]


async def test_a_try_that_broke_is_counted_and_the_message_waits(box: Box) -> None:
    await box.queue(post("card"))

    async with box.db.write() as tx:
        await outbox.count_attempt(tx, [(await box.only()).id])

    assert (await box.only()).attempts == 1


async def test_a_delivered_message_tells_which_record_it_shows(box: Box) -> None:
    await box.queue(post("card", record=("r1", 1)))
    await box.sent(await box.only(), "10")
    await box.queue(post("plain"))
    await box.sent(await box.only(), "11")

    assert await box.shown("10") == ("r1", 1)
    assert await box.shown("11") is None
    assert await box.shown("10", address="502") is None


async def test_an_edited_message_shows_the_record_of_its_last_edit(box: Box) -> None:
    for version in (1, 2, 3):
        await box.queue(post("card", record=("r1", version)))
        await box.sent(await box.only(), "10")

    assert await box.shown("10") == ("r1", 3)


FILE = Attachment("Danh sách Bản Mẫu.xlsx", b"PK\x03\x04", "application/vnd.ms-excel")


async def test_a_file_is_stored_once_and_comes_back_whole(box: Box) -> None:
    async with box.db.write() as tx:
        for file in (FILE, replace(FILE, content=b"other")):
            assert await outbox.attach(tx, box.keys, "f1", file, box.clock()) == "f1"
    await box.queue(post("list", attachment="f1"))

    assert (await box.only()).attachment == "f1"
    async with box.db.read() as tx:
        assert await outbox.read_attachment(tx, box.keys, "f1") == FILE
        assert await outbox.read_attachment(tx, box.keys, "f2") is None


async def test_clearing_keeps_scans_of_signed_papers(box: Box) -> None:
    async with box.db.write() as tx:
        for name in ("scan:04123:morning:2021-09-09:1:7", "paper:04123:morning:2021-09-09:1:docx"):
            await outbox.attach(tx, box.keys, name, FILE, box.clock())
        await outbox.clear(tx, box.clock() + timedelta(days=400))

    async with box.db.read() as tx:
        assert await outbox.read_attachment(tx, box.keys, "scan:04123:morning:2021-09-09:1:7") == FILE
        assert await outbox.read_attachment(tx, box.keys, "paper:04123:morning:2021-09-09:1:docx") is None


async def test_clearing_forgets_words_and_files_but_not_what_still_waits(box: Box) -> None:
    async with box.db.write() as tx:
        for name in ("old", "waiting"):
            await outbox.attach(tx, box.keys, name, FILE, box.clock())
    await box.queue(post("sent", attachment="old", record=("r1", 1)))
    await box.sent(await box.only(), "10")
    await box.queue(post("waits", attachment="waiting"))

    async with box.db.write() as tx:
        await outbox.clear(tx, box.clock() + timedelta(days=1))

    async with box.db.read() as tx:
        bodies = list(await tx.scalars(sa.select(outbox_table.c.body).order_by(outbox_table.c.id)))
        assert [body is None for body in bodies] == [True, False]
        assert await outbox.read_attachment(tx, box.keys, "old") is None
        assert await outbox.read_attachment(tx, box.keys, "waiting") == FILE
    assert await box.texts() == ["waits"]
    assert await box.shown("10") == ("r1", 1)
