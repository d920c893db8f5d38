"""Mails of issued figures, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

from bot.clock import StandingClock
from bot.storage import mails
from bot.storage.database import Database
from bot.storage.mails import REFUSED, REPLACED, SENT, WAITING, QueuedMail

DAY = date(2021, 9, 9)
MINUTE = timedelta(minutes=1)


async def queued(db: Database, clock: StandingClock, unit: str, version: int = 1) -> None:
    async with db.write() as tx:
        await mails.queue(tx, unit, "morning", DAY, version, clock())


async def taken(db: Database, clock: StandingClock) -> QueuedMail | None:
    async with db.write() as tx:
        return await mails.take(tx, clock(), 5 * MINUTE)


async def states(db: Database, unit: str) -> list[str]:
    async with db.read() as tx:
        return [one.state for one in (await mails.of_day(tx, [unit], "morning", DAY)).get(unit, [])]


async def test_a_mail_is_taken_by_one_at_a_time_and_comes_back_if_nobody_settles_it(db: Database, clock: StandingClock) -> None:
    await queued(db, clock, "a")
    await queued(db, clock, "a")
    first, second = await taken(db, clock), await taken(db, clock)
    clock.move(clock() + 5 * MINUTE)
    again = await taken(db, clock)

    assert (first and first.unit, second, again and again.attempts) == ("a", None, 2)


async def test_what_failed_often_lets_the_others_go_first(db: Database, clock: StandingClock) -> None:
    await queued(db, clock, "a")
    one = await taken(db, clock)
    assert one is not None
    async with db.write() as tx:
        await mails.put_off(tx, one, "421 busy", clock())
    await queued(db, clock, "b")

    found = [await taken(db, clock), await taken(db, clock)]

    assert [one.unit for one in found if one] == ["b", "a"]


async def test_a_newer_version_replaces_what_still_waits_and_not_what_was_sent(db: Database, clock: StandingClock) -> None:
    for unit in ("a", "b"):
        await queued(db, clock, unit)
    one = await taken(db, clock)
    assert one is not None
    async with db.write() as tx:
        await mails.sent(tx, one, "250 ok", clock(), (), clock())
    for unit in ("a", "b"):
        await queued(db, clock, unit, 2)

    assert (await states(db, "a"), await states(db, "b")) == ([SENT, WAITING], [REPLACED, WAITING])


async def test_who_is_left_is_tried_again_and_the_first_success_stays_the_proof(db: Database, clock: StandingClock) -> None:
    await queued(db, clock, "a")
    one = await taken(db, clock)
    assert one is not None
    async with db.write() as tx:
        await mails.sent(tx, one, "250 ok", clock(), ("x@b.example",), clock() + MINUTE)
    clock.move(clock() + MINUTE)
    rest = await taken(db, clock)
    assert rest is not None
    assert rest.left_to == ("x@b.example",)
    async with db.write() as tx:
        await mails.refuse(tx, rest, "550 gone")
        found = (await mails.of_day(tx, ["a"], "morning", DAY))["a"][0]

    assert (found.state, found.reply, found.left_to) == (SENT, "250 ok", None)


async def test_a_refused_mail_is_due_no_more_and_an_outage_puts_all_off(db: Database, clock: StandingClock) -> None:
    for unit in ("a", "b"):
        await queued(db, clock, unit)
    one = await taken(db, clock)
    assert one is not None
    async with db.write() as tx:
        await mails.refuse(tx, one, "550 no")
        await mails.put_off_all(tx, clock() + MINUTE)
        now, later = await mails.due(tx, clock()), await mails.due(tx, clock() + MINUTE)

    assert (await states(db, "a"), now, later) == ([REFUSED], 0, 1)
