"""Two persons become one and two again, on both databases: what is counted, what was issued, where they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.clock import StandingClock, at
from bot.conversation.draft import REVIEW, Draft
from bot.domain.deadlines import Timetable
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.duplicates import around, known_in
from bot.handlers.filing import BuiltUpon, file_report, undo
from bot.handlers.joining import join, part
from bot.reports import issued
from bot.storage import ledger, pairs, persons
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.ledger import Range

from .test_people_over_time import FIRST, IDS, PREFIXES, New, Next, TakeBack, Village

DAY = date(2021, 9, 9)


@pytest.fixture
async def village(db: Database, keys: Keyring, clock: StandingClock) -> AsyncIterator[Village]:
    desk = Desk(keys=keys, timetable=Timetable(), forms=forms(), new_id=lambda: next(IDS))
    async with db.write() as tx:
        yield Village(tx, desk, clock, next(PREFIXES))


async def reported_twice(village: Village, form: str = "returnee") -> tuple[str, str]:
    """Once in either village; the two persons."""
    for where in ("v1", "v2"):
        await village.do(New(form, where))
    first, second = village.filed[-2:]
    return first.id, second.id


async def flow(village: Village, indicator: str, day: date = DAY) -> dict[str, int]:
    """By village without its prefix."""
    sums = await ledger.sums(village.tx, village.codes, Range(day, day))
    return {unit.removeprefix(village.prefix): n for (unit, key), n in sums.items() if key == indicator}


async def one(village: Village, a: str, b: str, where: str = "v1") -> pairs.Pair:
    kept = await join(village.tx, village.desk, village.tree, a, b, village.prefix + where, "officer", village.clock())
    return (await pairs.pairs_of(village.tx, kept))[-1]


async def test_an_arrival_that_two_villages_reported_is_counted_where_it_was_reported_first(village: Village) -> None:
    first, second = await reported_twice(village)
    assert await flow(village, "returnees_new") == {"v1": 1, "v2": 1}

    pair = await one(village, second, first, "v2")

    assert (pair.kept, pair.other) == (first, second)
    assert await flow(village, "returnees_new") == {"v1": 1}
    assert await flow(village, "returnees_total") == {"v2": 1}


async def test_two_journeys_of_one_person_stay_two(village: Village) -> None:
    await village.do(New("returnee", "v1"))
    later = {**FIRST["returnee"], "arrived_on": "2021-08-20", "quarantine_from": "2021-08-20"}
    form = village.desk.forms["returnee"]
    draft = Draft(next(IDS), form.name, form.version, village.codes[1], REVIEW, answers=later)
    await file_report(village.tx, village.desk, village.tree, village.who, form, draft, village.clock())

    await one(village, village.filed[0].id, draft.id)

    assert await flow(village, "returnees_new") == {"v1": 1, "v2": 1}
    assert await flow(village, "returnees_total") == {"v1": 1}


async def test_a_case_suspected_in_one_village_and_confirmed_in_another_is_new_once_as_either(
    village: Village,
) -> None:
    suspected = await village._file("f0", village.codes[0], {**FIRST["f0"], "classification": "suspect"}, {})
    confirmed = await village._file("f0", village.codes[1], FIRST["f0"], {})

    await one(village, suspected.id, confirmed.id)

    assert await flow(village, "f0_suspected_new") == {"v1": 1}
    assert await flow(village, "f0_new") == {"v2": 1}
    assert await flow(village, "f0_under_treatment") == {"v1": 1}


async def test_taking_the_first_report_back_lets_the_second_count_again(village: Village) -> None:
    first, second = await reported_twice(village)
    await one(village, first, second)

    await village.do(TakeBack(0))

    assert await flow(village, "returnees_new") == {"v2": 1}
    assert await flow(village, "returnees_total") == {"v1": 1}
    assert [person.id for person in await persons.in_units(village.tx, village.desk.keys, village.codes)] == [first]


async def test_taking_the_second_report_back_leaves_the_first(village: Village) -> None:
    first, second = await reported_twice(village)
    await one(village, first, second)

    await village.do(TakeBack(1))

    assert await flow(village, "returnees_new") == {"v1": 1}


async def test_correcting_a_repeated_report_does_not_count_it_again(village: Village) -> None:
    first, second = await reported_twice(village)
    await one(village, first, second)
    form = village.desk.forms["returnee"]
    answers = {**FIRST["returnee"], "transport": "car"}
    draft = Draft(next(IDS), form.name, form.version, village.codes[0], REVIEW, answers=answers, amends=second)

    await file_report(village.tx, village.desk, village.tree, village.who, form, draft, village.clock())

    assert await flow(village, "returnees_new") == {"v1": 1}
    await village.check()


async def test_a_digest_that_went_out_stays_as_it_was_and_the_window_is_known_better(village: Village) -> None:
    first, second = await reported_twice(village)
    commune, timetable = f"{village.prefix}c", village.desk.timetable
    now = at(DAY, timetable.digest)
    sent = await issued.issue(village.tx, village.tree, commune, issued.MORNING, DAY, now, timetable)
    village.clock.move(now)

    await one(village, first, second)

    read = await issued.as_issued(village.tx, village.tree, commune, issued.MORNING, DAY)
    assert read is not None
    assert read.figures.totals["returnees_new"] == 2
    again = await ledger.sums(village.tx, village.codes, Range(DAY, DAY), sent.seq)
    assert sum(n for (_, key), n in again.items() if key == "returnees_new") == 2
    known = await issued.known_now(village.tx, village.tree, commune, issued.MORNING, DAY, now, timetable)
    assert known.totals["returnees_new"] == 1
    assert known.totals["returnees_total"] == 2  # that they are one became known in the next window


async def test_three_who_are_one_are_told_apart_one_after_the_other(village: Village) -> None:
    first, second = await reported_twice(village)
    before = await village.figures()
    await village.do(New("f0", "v2"))
    third, three = village.filed[-1].id, await village.figures()
    inner = await one(village, second, third, "v2")
    both = await village.figures()

    outer = await one(village, first, second)
    await village.check()
    assert await persons.kept_for(village.tx, third) == first
    assert await flow(village, "f0_under_treatment") == {"v1": 1}

    await part(village.tx, village.desk, village.tree, outer, "officer", village.clock())
    assert await village.figures() == both
    await part(village.tx, village.desk, village.tree, inner, "officer", village.clock())
    assert await village.figures() == three
    await undo(village.tx, village.desk, village.tree, village.who, third, village.clock())
    assert await village.figures() == before


async def test_what_builds_on_both_is_named_when_they_are_to_be_told_apart(village: Village) -> None:
    first, second = await reported_twice(village)
    pair = await one(village, first, second)
    case = await village.do(Next(0, "f0", {}))
    assert case is not None

    with pytest.raises(BuiltUpon) as refused:
        await part(village.tx, village.desk, village.tree, pair, "officer", village.clock())

    assert [record.id for record in refused.value.after] == [case.id]


async def test_whoever_moved_after_joining_stays_where_they_are(village: Village) -> None:
    first, second = await reported_twice(village)
    pair = await one(village, first, second)
    kept = (await persons.of_ids(village.tx, village.desk.keys, [first]))[first]
    await persons.move(village.tx, village.desk.keys, kept, village.codes[1], "officer", None, village.clock())

    await part(village.tx, village.desk, village.tree, pair, "officer", village.clock())

    units = {one.id: one.unit for one in (await persons.of_ids(village.tx, village.desk.keys, [first, second])).values()}
    assert units == {first: village.codes[1], second: village.codes[1]}


async def test_a_third_report_is_compared_with_either_description_and_found_once(village: Village) -> None:
    first = (await village._file("returnee", village.codes[0], FIRST["returnee"], {})).id
    described = {**FIRST["returnee"], "full_name": "Lò Mẫu Ản", "birth_year": 1987}
    await one(village, first, (await village._file("returnee", village.codes[0], described, {})).id)
    identity = {"full_name": "lo mau an", "birth_year": 1988}

    near = await around(village.tx, village.desk, village.tree, village.who, village.codes[1])

    assert [match.id for match in near.asked(near.alike(identity))] == [first]
    assert len(await known_in(village.tx, village.desk.keys, village.codes)) == 2


async def test_a_pair_waits_until_somebody_decides(village: Village) -> None:
    first, second = await reported_twice(village)
    await pairs.found_alike(village.tx, first, [second], village.clock())
    await pairs.found_alike(village.tx, second, [first], village.clock())
    assert await pairs.alike_in(village.tx, village.codes[1:]) == [(first, second)]
    assert await pairs.alike_in(village.tx, ["elsewhere"]) == []

    await pairs.decide(village.tx, second, first, False, "officer", village.clock())

    assert await pairs.alike_in(village.tx, village.codes) == []
    assert await pairs.told_apart(village.tx, [first]) == {frozenset((first, second))}
