"""What ran, who leads, what is still to be done, and what was issued, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clock import StandingClock
from bot.errors import LostLease
from bot.storage import digests, jobs, work
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.digests import Issued
from bot.storage.jobs import LATE, RAN, Lease
from bot.storage.work import MOST_ATTEMPTS, Work

REAL = datetime(2021, 9, 9, 0, 0, tzinfo=UTC)
LENGTH = timedelta(seconds=30)
DAY = date(2021, 9, 9)


async def test_of_three_programs_exactly_one_claims_a_run(
    url: str, open_db: Callable[..., Database], clock: StandingClock
) -> None:
    async def claim(db: Database) -> bool:
        async with db.write() as tx:
            return await jobs.claim(tx, "digest", "c", clock(), clock(), RAN)

    claimed = await asyncio.gather(*(claim(open_db(url)) for _ in range(3)))

    assert sorted(claimed) == [False, False, True]


async def test_another_unit_or_instant_is_another_run(db: Database, clock: StandingClock) -> None:
    async with db.write() as tx:
        assert await jobs.claim(tx, "digest", "c1", clock(), clock(), RAN)
        assert await jobs.claim(tx, "digest", "c2", clock(), clock(), LATE)
        assert await jobs.claim(tx, "digest", "c1", clock() + timedelta(days=1), clock(), RAN)

    async with db.read() as tx:
        assert await jobs.already(tx, "digest", clock()) == {"c1", "c2"}
        assert await jobs.already(tx, "nudge", clock()) == set()


async def test_a_claim_that_was_rolled_back_can_be_made_again(db: Database, clock: StandingClock) -> None:
    async def claim(fail: bool) -> bool:
        async with db.write() as tx:
            claimed = await jobs.claim(tx, "digest", "c", clock(), clock(), RAN)
            if fail:
                raise RuntimeError
            return claimed

    with pytest.raises(RuntimeError):
        await claim(fail=True)

    assert await claim(fail=False)


async def test_old_runs_of_a_job_are_forgotten(db: Database, clock: StandingClock) -> None:
    later = clock() + timedelta(days=1)
    async with db.write() as tx:
        for job, due in (("digest", clock()), ("digest", later), ("nudge", clock())):
            await jobs.claim(tx, job, "c", due, due, RAN)
        await jobs.forget(tx, later, ["digest"])

        assert await jobs.already(tx, "digest", clock()) == set()
        assert await jobs.already(tx, "digest", later) == {"c"}
        assert await jobs.already(tx, "nudge", clock()) == {"c"}


async def acquire(db: Database, holder: str, after: timedelta = timedelta()) -> Lease | None:
    async with db.write() as tx:
        return await jobs.acquire(tx, "lead", holder, REAL + after, LENGTH)


async def require(db: Database, lease: Lease) -> None:
    async with db.write() as tx:
        await jobs.require(tx, lease)


async def test_of_three_programs_exactly_one_leads(url: str, open_db: Callable[..., Database]) -> None:
    found = await asyncio.gather(*(acquire(open_db(url), holder) for holder in ("a", "b", "c")))

    assert len([lease for lease in found if lease is not None]) == 1


async def test_who_leads_may_prolong_it(db: Database) -> None:
    first = await acquire(db, "a")
    assert first is not None

    assert await acquire(db, "a", LENGTH / 2) == first

    assert await acquire(db, "b", LENGTH) is None
    await require(db, first)


async def test_a_lead_that_ran_out_passes_on_and_the_former_leader_cannot_commit(db: Database) -> None:
    former = await acquire(db, "a")
    assert former is not None

    lease = await acquire(db, "b", LENGTH)

    assert lease == Lease("lead", "b", former.epoch + 1)
    await require(db, lease)
    with pytest.raises(LostLease):
        await require(db, former)


async def test_a_leader_that_comes_back_leads_in_another_epoch(db: Database) -> None:
    first = await acquire(db, "a")
    assert first is not None
    await acquire(db, "b", LENGTH)

    again = await acquire(db, "a", LENGTH * 2)

    assert again == Lease("lead", "a", first.epoch + 2)
    with pytest.raises(LostLease):
        await require(db, first)


async def test_a_lead_written_by_a_clock_that_was_ahead_keeps_nobody_out(db: Database) -> None:
    ahead = await acquire(db, "a", timedelta(days=30))
    assert ahead is not None

    mended = await acquire(db, "b")

    assert mended == Lease("lead", "b", ahead.epoch + 1)
    with pytest.raises(LostLease):
        await require(db, ahead)


async def test_a_leader_with_the_longest_lease_or_a_clock_a_little_ahead_keeps_its_lead(db: Database) -> None:
    async with db.write() as tx:
        longest = await jobs.acquire(tx, "lead", "a", REAL + timedelta(seconds=30), timedelta(seconds=300))

    assert await acquire(db, "b") is None
    assert longest is not None
    await require(db, longest)


async def test_a_lead_that_was_given_away_is_free_at_once(db: Database) -> None:
    former = await acquire(db, "a")
    assert former is not None
    async with db.write() as tx:
        await jobs.release(tx, former, REAL)

    assert await acquire(db, "b") == Lease("lead", "b", former.epoch + 1)


async def test_who_leads_no_more_cannot_give_the_lead_away(db: Database) -> None:
    former = await acquire(db, "a")
    assert former is not None
    lease = await acquire(db, "b", LENGTH)
    assert lease is not None

    async with db.write() as tx:
        await jobs.release(tx, former, REAL)

    await require(db, lease)


EXPORT = Work("w1", "list", {"unit": "c", "name": "Danh sách Mẫu"}, "minh", REAL)


async def take_work(db: Database, keys: Keyring, after: timedelta = timedelta()) -> Work | None:
    async with db.write() as tx:
        return await work.take(tx, keys, REAL + after, LENGTH)


async def test_work_is_taken_by_one_and_again_only_when_its_lease_ran_out(db: Database, keys: Keyring) -> None:
    async with db.write() as tx:
        await work.ask(tx, keys, EXPORT, REAL)

    first = await take_work(db, keys)

    assert first == replace(EXPORT, attempts=1)
    assert await take_work(db, keys, LENGTH) is None
    assert await take_work(db, keys, LENGTH * 1.1) == replace(EXPORT, attempts=2)


async def test_work_is_taken_in_the_order_of_asking(db: Database, keys: Keyring) -> None:
    async with db.write() as tx:
        await work.ask(tx, keys, EXPORT, REAL + timedelta(seconds=1))
        await work.ask(tx, keys, replace(EXPORT, id="w2"), REAL)

    taken = [await take_work(db, keys) for _ in range(3)]

    assert [each and each.id for each in taken] == ["w2", "w1", None]


async def test_work_that_is_done_is_not_taken_again(db: Database, keys: Keyring) -> None:
    async with db.write() as tx:
        await work.ask(tx, keys, EXPORT, REAL)
        await work.finish(tx, EXPORT.id)

    assert await take_work(db, keys) is None


async def test_work_that_was_given_back_is_free_at_once_and_says_when_it_was_begun_too_often(
    db: Database, keys: Keyring
) -> None:
    async with db.write() as tx:
        await work.ask(tx, keys, EXPORT, REAL)

    taken = []
    for _ in range(MOST_ATTEMPTS + 1):
        taken.append(await take_work(db, keys))
        async with db.write() as tx:
            await work.give_back(tx, EXPORT.id)
    async with db.write() as tx:
        await work.fail(tx, EXPORT.id)

    assert [piece and piece.exhausted for piece in taken] == [False] * MOST_ATTEMPTS + [True]
    assert await take_work(db, keys) is None
    async with db.read() as tx:
        assert await work.waiting(tx) == 0


async def test_work_that_was_put_off_is_free_from_then_on_and_that_was_no_attempt(db: Database, keys: Keyring) -> None:
    async with db.write() as tx:
        await work.ask(tx, keys, EXPORT, REAL)
    await take_work(db, keys)

    async with db.write() as tx:
        await work.put_off(tx, EXPORT.id, REAL + LENGTH)

    assert await take_work(db, keys) is None
    assert await take_work(db, keys, LENGTH * 1.1) == replace(EXPORT, attempts=1)


def issued(day: date, version: int = 1, **figures: int) -> Issued:
    return Issued("c", "morning", day, version, 40, REAL, REAL + timedelta(minutes=1), figures)


async def test_a_digest_stays_as_it_was_issued(db: Database) -> None:
    first = issued(DAY, returnees_new=3)
    async with db.write() as tx:
        await digests.save(tx, first)
        await digests.save(tx, replace(first, seq=99, figures={"returnees_new": 4}))

    async with db.read() as tx:
        assert await digests.latest(tx, "c", "morning", DAY) == first


async def test_a_digest_may_be_issued_again_under_a_new_version(db: Database) -> None:
    async with db.write() as tx:
        await digests.save(tx, issued(DAY, 1, f0_new=1))
        await digests.save(tx, issued(DAY, 2, f0_new=2))

    async with db.read() as tx:
        assert await digests.latest(tx, "c", "morning", DAY) == issued(DAY, 2, f0_new=2)


async def test_the_digest_before_is_the_newest_of_an_earlier_day(db: Database) -> None:
    async with db.write() as tx:
        for digest in (issued(date(2021, 9, 6)), issued(date(2021, 9, 7)), issued(date(2021, 9, 7), 2), issued(DAY)):
            await digests.save(tx, digest)
        await digests.save(tx, replace(issued(date(2021, 9, 8)), kind="evening"))
        await digests.save(tx, replace(issued(date(2021, 9, 8)), unit="other"))

    async with db.read() as tx:
        assert await digests.before(tx, "c", "morning", DAY) == issued(date(2021, 9, 7), 2)
        assert await digests.before(tx, "c", "morning", date(2021, 9, 6)) is None
        assert await digests.latest(tx, "c", "morning", date(2021, 9, 8)) is None
