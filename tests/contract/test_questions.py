"""Quick questions as they are stored, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.clock import StandingClock, at
from bot.domain.questions import Answer, AnswerKind, Asked, Question, State, last_answers
from bot.storage import questions
from bot.storage.crypto import Keyring
from bot.storage.database import Database

DAY = date(2021, 9, 9)
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def once(clock: StandingClock) -> Question:
    return Question("Q1", "04123", "lan", AnswerKind.NUMBER, "Mấy hộ?", (), ("04123-01",), State.DRAFT, DAY, clock())


@pytest.fixture
def every_day(once: Question) -> Question:
    return replace(once, id="Q2", units=None, ask_wall=time(7), due_wall=time(8))


@pytest.fixture
def asked(clock: StandingClock) -> Asked:
    return Asked("Q1", DAY, clock(), at(DAY, time(23)))


async def test_a_draft_is_asked_once(db: Database, keys: Keyring, clock: StandingClock, once: Question, asked: Asked) -> None:
    async with db.write() as tx:
        await questions.keep(tx, keys, once)
        await questions.set_units(tx, once.id, ["04123-02", "04123-01"])

        assert await questions.of_units(tx, keys, ["04123"]) == []
        assert await questions.ask(tx, once, asked, clock())
        assert not await questions.ask(tx, once, asked, clock())
        (found,) = await questions.of_units(tx, keys, ["04123", "04124"])
        rounds = await questions.rounds(tx, [once.id])

    assert found == replace(once, state=State.OPEN, units=("04123-01", "04123-02"))
    assert rounds == {once.id: [asked]}


async def test_every_version_of_an_answer_stays_and_the_last_counts(
    db: Database, keys: Keyring, clock: StandingClock, once: Question
) -> None:
    first = Answer(once.id, DAY, "04123-01", 0, 3, "lan", "app", clock())
    second = replace(first, value=5, by="minh", means="phone", told="Lò Mẫu An", at=clock() + timedelta(minutes=5))
    async with db.write() as tx:
        stored = [await questions.answer(tx, keys, one) for one in (first, second, replace(first, unit="04123-02"))]
        await questions.answer(tx, keys, replace(first, day=NEXT, value=9))

        found = await questions.answers(tx, keys, [once.id], DAY)
        then = await questions.answers(tx, keys, [once.id], DAY, clock() + timedelta(minutes=1))

    assert [one.version for one in stored] == [1, 2, 1]
    assert found == stored
    assert last_answers(found)["04123-01"] == replace(second, version=2)
    assert last_answers(then)["04123-01"].value == 3


async def test_of_two_who_end_a_question_the_first_wins(
    db: Database, keys: Keyring, clock: StandingClock, once: Question, asked: Asked
) -> None:
    async with db.write() as tx:
        await questions.keep(tx, keys, once)
        await questions.ask(tx, once, asked, clock())

        assert await questions.end(tx, once.id, State.CLOSED, "lan", clock())
        assert not await questions.end(tx, once.id, State.WITHDRAWN, "minh", clock())
        found = await questions.get(tx, keys, once.id)

    assert found is not None
    assert (found.state, found.closed_by, found.closed_at) == (State.CLOSED, "lan", clock())


async def test_the_schedule_finds_what_falls_due_and_no_more(
    db: Database, keys: Keyring, clock: StandingClock, once: Question, every_day: Question, asked: Asked
) -> None:
    now = at(DAY, time(6))
    async with db.write() as tx:
        for one, first in ((once, replace(asked, asked_at=now)), (every_day, None)):
            await questions.keep(tx, keys, one)
            await questions.ask(tx, one, first, now)

        due = {wall: await _due(tx, keys, at(DAY, time(wall))) for wall in (6, 7, 23)}
        await questions.extend(tx, replace(once, state=State.OPEN), replace(asked, due_at=at(NEXT, time(12))), now)
        later = await _due(tx, keys, at(DAY, time(23)))
        await questions.end(tx, every_day.id, State.CLOSED, "lan", now)
        ended = await _due(tx, keys, at(NEXT, time(23)))

    assert due == {6: set(), 7: {"Q2"}, 23: {"Q1", "Q2"}}
    assert later == {"Q2"}
    assert ended == {"Q1"}


async def _due(tx: object, keys: Keyring, until: object) -> set[str]:
    return {one.id for one in await questions.falling_due(tx, keys, until)}  # type: ignore[arg-type]


async def test_a_round_is_begun_once_and_counters_are_the_daily_ones_of_that_day(
    db: Database, keys: Keyring, clock: StandingClock, once: Question, every_day: Question, asked: Asked
) -> None:
    async with db.write() as tx:
        for one in (once, every_day):
            await questions.keep(tx, keys, one)
            await questions.ask(tx, one, replace(asked, question=one.id), clock())

        assert not await questions.begin(tx, replace(asked, question=every_day.id, due_at=clock()))
        today = await questions.counters(tx, keys, ["04123"], DAY)
        tomorrow = await questions.counters(tx, keys, ["04123"], NEXT)
        await questions.end(tx, every_day.id, State.WITHDRAWN, "lan", clock())
        withdrawn = await questions.counters(tx, keys, ["04123"], DAY)

    assert [one.id for one in today] == ["Q2"]
    assert tomorrow == withdrawn == []


async def test_what_was_never_asked_is_forgotten(
    db: Database, keys: Keyring, clock: StandingClock, once: Question, every_day: Question, asked: Asked
) -> None:
    async with db.write() as tx:
        await questions.keep(tx, keys, once)
        await questions.begin(tx, asked)
        await questions.keep(tx, keys, every_day)
        await questions.ask(tx, every_day, None, clock())

        await questions.clear(tx, clock() + timedelta(seconds=1))

        assert await questions.get(tx, keys, once.id) is None
        assert await questions.rounds(tx, [once.id]) == {}
        assert await questions.get(tx, keys, every_day.id) is not None
