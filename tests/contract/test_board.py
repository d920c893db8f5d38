"""What boards, shifts, deputies and kept figures store, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.clock import StandingClock
from bot.domain.board import Claim
from bot.domain.handover import State, Why
from bot.storage import claims, deputies, handovers, live_boards, outbox, records
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.deputies import Deputy
from bot.storage.handovers import Handover
from bot.storage.live_boards import BOARD, LiveBoard
from bot.storage.outbox import Delivered, Post
from bot.storage.records import Report


async def test_of_two_who_claim_at_once_one_does_and_it_ends_when_it_is_dropped(db: Database, clock: StandingClock) -> None:
    later = clock() + timedelta(minutes=1)
    async with db.write() as tx:
        await claims.take(tx, "04123", ["aid/R1", "media/M1"], "U1", clock())
        await claims.take(tx, "04123", ["aid/R1"], "U2", later)
        await claims.take(tx, "04124", ["aid/R1"], "U2", later)

    async with db.write() as tx:
        assert await claims.of_unit(tx, "04123") == [Claim("aid/R1", "U1", clock()), Claim("media/M1", "U1", clock())]
        await claims.give(tx, "04123", ["aid/R1"], "U2", later)
        await claims.drop(tx, "04123", ["media/M1"])

        assert await claims.of_unit(tx, "04123") == [Claim("aid/R1", "U2", later)]
        assert await claims.of_unit(tx, "04124") == [Claim("aid/R1", "U2", later)]


async def test_a_live_board_knows_its_message_once_it_was_sent_and_is_changed_by_one(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    board = LiveBoard("telegram", "1", "7", "04123", 0, f"{BOARD}A", "as it was", clock())
    async with db.write() as tx:
        await outbox.queue(tx, keys, [Post("telegram", "1", "7", "Bảng việc", dedup_key=board.queued_as)], clock())
        await live_boards.save(tx, board)
        assert await live_boards.of_chat(tx, "telegram", "1", "7") == board

        (pending,) = (await outbox.pending(tx, "1", clock(), 9)).ready
        await outbox.mark_sent(tx, "1", [Delivered(pending, "501")], clock())
        sent = await live_boards.of_chat(tx, "telegram", "1", "7")
        assert sent == replace(board, message="501")
        assert await outbox.must_stay(tx, "1", "7", "501")

        assert await live_boards.shows(tx, sent, f"{BOARD}B", "as it is")
        assert not await live_boards.shows(tx, sent, f"{BOARD}C", "as it was read before")
        assert [one.shown for one in await live_boards.of_channel(tx, "telegram", "1", clock())] == ["as it is"]

        assert await live_boards.of_channel(tx, "telegram", "1", clock() + timedelta(hours=1)) == []
        await live_boards.forget(tx, clock() + timedelta(hours=1))
        assert await live_boards.of_chat(tx, "telegram", "1", "7") is None


async def test_a_handover_is_answered_once_and_what_became_of_it_stays(db: Database, clock: StandingClock) -> None:
    new = Handover("H1", "04123", "U1", "U2", ("aid/R1", "media/M1"), clock())
    later = clock() + timedelta(minutes=3)
    async with db.write() as tx:
        await handovers.add(tx, new)
        assert await handovers.open_at(tx, ["04123", "04124"]) == [new]

        assert await handovers.settle(tx, "H1", State.DECLINED, later, Why.BUSY)
        assert not await handovers.settle(tx, "H1", State.ACCEPTED, later)

        assert await handovers.open_at(tx, ["04123"]) == []
        assert await handovers.get(tx, "H1") == replace(new, state=State.DECLINED, decided_at=later, reason=Why.BUSY)


async def test_a_report_that_keeps_the_former_figures_is_known_as_that_until_another_takes_its_place(
    db: Database, clock: StandingClock
) -> None:
    first, second = date(2021, 9, 7), date(2021, 9, 8)
    today, village, beside = date(2021, 9, 9), "04123-01", "04123-02"
    async with db.write() as tx:
        for day in (first, second, today):
            kept = day == today
            await records.save_report(tx, Report(village, "daily", day, f"R{day}", clock(), zero=False, kept=kept))
        await records.save_report(tx, Report(beside, "daily", today, "R2", clock(), zero=True))

        assert await records.kept_for(tx, [village, beside], "daily", today) == {village}
        assert await records.kept_for(tx, [village, beside], "daily", second) == set()
        former = await records.last_report(tx, village, "daily", today)
        assert former == Report(village, "daily", second, f"R{second}", clock(), zero=False)
        assert await records.last_report(tx, beside, "daily", today) is None

        await records.save_report(tx, Report(village, "daily", today, f"R{today}", clock(), zero=False))
        assert await records.kept_for(tx, [village], "daily", today) == set()


async def test_a_deputy_is_in_force_until_it_is_ended(db: Database, clock: StandingClock) -> None:
    new = Deputy("D1", "U1", "U2", "04123-01", clock(), date(2021, 9, 10))
    async with db.write() as tx:
        await deputies.add(tx, new)
        assert await deputies.at_units(tx, ["04123-01", "04123-02"]) == [new]
        assert await deputies.concerning(tx, "U1") == await deputies.concerning(tx, "U2") == [new]
        assert await deputies.over(tx, date(2021, 9, 10)) == []
        assert await deputies.over(tx, date(2021, 9, 11)) == [new]

        await deputies.end(tx, new, clock())

        assert await deputies.at_units(tx, ["04123-01"]) == await deputies.over(tx, date(2021, 9, 11)) == []
