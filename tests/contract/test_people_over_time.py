"""Whatever is reported, corrected, taken back, moved and joined about people: each is counted once, on both databases."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import StandingClock, vietnam_day
from bot.conversation.draft import REVIEW, Draft
from bot.domain.access import Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.domain.due import VISIT_FIGURES, VISITS_DONE, VISITS_DUE, visits_on
from bot.domain.indicators import flows, stocks
from bot.domain.plans import PLAN
from bot.domain.transfers import State
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit, Tree
from bot.domain.visit_figures import window_of_visits
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.filing import BuiltUpon, file_report, undo
from bot.handlers.joining import join, part
from bot.handlers.transferring import take_over
from bot.storage import ledger, pairs, persons, records, transfers
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.ledger import Range
from bot.storage.pairs import Pair
from bot.storage.people import Who
from bot.storage.records import Record
from bot.storage.transfers import Transfer

EXCLUSIVE = (
    {"quarantine_home", "quarantine_institutional"},
    {"away_returned", "away_not_returned"},
    {"f0_under_treatment", "f0_recovered", "f0_deceased"},
    {"f0_under_treatment", "quarantine_home"},
    {"f0_under_treatment", "f1_followed"},
    {"f0_under_treatment", "f0_suspected"},
)
PERSON = {"full_name": "Lò Mẫu An", "birth_year": 1985, "sex": "male", "phone": None, "household": None}
FIRST = {
    "returnee": {
        **PERSON,
        "came_from": "Bình Dương",
        "arrived_on": "2021-09-08",
        "transport": "coach",
        "doses": "0",
        "health_declared": True,
        "quarantine_type": "home",
        "quarantine_from": "2021-09-08",
    },
    "absence": {
        **{key: PERSON[key] for key in ("full_name", "birth_year", "phone", "household")},
        "group": "worker",
        "now_at": "Bình Dương",
        "doses": "2",
        "returned": False,
        "expected_return": None,
        "contacted": True,
        "needs_support": False,
    },
    "f0": {
        **PERSON,
        "classification": "confirmed",
        "detected_on": "2021-09-09",
        "quarantine_type": "hospital",
        "source": None,
    },
    "contact": {
        **PERSON,
        "exposure_type": "unmasked",
        "last_contact_on": None,
        "doses": "0",
        "quarantine_type": "home",
        "quarantine_from": None,
    },
}
FIRST |= {
    "support": {**PERSON, "need": "food", "details": None, "category": "poor", "is_urgent": True},
    "symptoms": {**PERSON, "symptoms": "ho, sốt", "since": None, "temperature": "37.9"},
}
del FIRST["support"]["sex"]
LATER = {
    **FIRST,
    "support_done": {"given": "10 kg gạo"},
    "outcome": {"outcome": "recovered", "outcome_on": "2021-09-09", "note": None},
    "ruled_out": {"outcome_on": "2021-09-09", "note": None},
    "sample": {"test_kind": "rapid", "taken_on": "2021-09-09", "result": "pending", "note": None},
    "result": {"result": "negative", "result_on": "2021-09-09", "note": None},
    "release": {"released_on": "2021-09-09", "monitor_until": None, "note": None},
    "follow_up_end": {"ending": "lost", "ended_on": "2021-09-09", "note": None},
    "visit": {"visited_on": "2021-09-09", "slot": "day", "visit_status": "cooperative"},
}


@dataclass(frozen=True)
class New:
    form: str
    village: str


@dataclass(frozen=True)
class Next:
    """What a card offers about the ``which``-th person, if it offers the form."""

    which: int
    form: str
    changed: Mapping[str, Any]


@dataclass(frozen=True)
class Near:
    """Somebody else who was near the ``which``-th case, if there is one."""

    which: int
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class TakeBack:
    which: int


@dataclass(frozen=True)
class Join:
    """Two of those who count for themselves are one, in the village of the one or the other."""

    which: int
    other: int
    there: bool


@dataclass(frozen=True)
class Part:
    which: int


@dataclass(frozen=True)
class HandOver:
    """The ``which``-th person is proposed to the other village, which accepts or is yet to answer."""

    which: int
    accepted: bool


Step = New | Next | Near | TakeBack | Join | Part | HandOver

changes = st.sampled_from(
    [{}, {"quarantine_type": "self_monitoring", "quarantine_from": None}, {"quarantine_type": "institutional"}]
)
levels = st.sampled_from([{}, {"classification": "suspect"}, {"classification": "probable"}])
contacts = st.sampled_from([FIRST["contact"], {"full_name": "Lò Mẫu Bình"}])
outcomes = st.sampled_from([{"outcome": "recovered"}, {"outcome": "deceased"}, {"outcome": "no_case"}])
visits = st.sampled_from([{}, {"visit_status": "unavailable"}, {"slot": "morning"}])
samples = st.sampled_from([{}, {"result": "negative"}, {"result": "positive"}])
a_person = st.integers(0, 3)
joins = st.builds(Join, a_person, a_person, st.booleans())
steps = st.lists(
    st.builds(New, st.sampled_from(sorted(FIRST)), st.sampled_from(["v1", "v2"]))
    | st.builds(Next, a_person, st.sampled_from(["returnee", "contact"]), changes)
    | st.builds(Next, a_person, st.just("f0"), levels)
    | st.builds(Next, a_person, st.sampled_from(["ruled_out", "support", "support_done", "symptoms"]), st.just({}))
    | st.builds(Near, a_person, contacts)
    | st.builds(Next, a_person, st.just("visit"), visits)
    | st.builds(Next, a_person, st.just("sample"), samples)
    | st.builds(Next, a_person, st.sampled_from(["result", "release", "follow_up_end"]), st.just({}))
    | st.builds(Next, a_person, st.just("outcome"), outcomes)
    | st.builds(TakeBack, st.integers(0, 9))
    | joins
    | st.builds(Part, a_person)
    | st.builds(HandOver, a_person, st.booleans()),
    min_size=2,
    max_size=11,
)


class Village:
    """Files for an officer, and knows who and what there is."""

    def __init__(self, tx: Tx, desk: Desk, clock: StandingClock, prefix: str) -> None:
        self.tx, self.desk, self.clock = tx, desk, clock
        commune = OrgUnit(f"{prefix}c", "Xã Mẫu", COMMUNE, None)
        villages = [OrgUnit(f"{prefix}{v}", f"Bản Mẫu {v}", VILLAGE, commune.code) for v in ("v1", "v2")]
        self.prefix = prefix
        self.tree = Tree([commune, *villages], date(2021, 9, 9))
        self.codes = [village.code for village in villages]
        roles = (RoleAt(Role.COMMUNE_OFFICER, commune.code),)
        self.who = Who("officer", "Cán bộ Mẫu", None, "dong_chi", "vi", roles, "telegram", "7", "1")
        self.filed: list[Record] = []

    async def do(self, step: Step) -> Record | None:
        self.clock.move(self.clock() + timedelta(minutes=7))
        match step:
            case New(form, village):
                return await self._file(form, self.prefix + village, FIRST[form], {})
            case Next(which, form, changed):
                return await self._next(which, form, changed)
            case Near(which, answers):
                return await self._near(which, answers)
            case TakeBack(which) if self.filed:
                record = self.filed[which % len(self.filed)]
                with suppress(BuiltUpon):
                    await undo(self.tx, self.desk, self.tree, self.who, record.id, self.clock())
            case Join(which, other, there):
                await self.join(which, other, there)
            case HandOver(which, accepted):
                await self._hand_over(which, accepted)
            case Part(which) if joined := await self.joined():
                with suppress(BuiltUpon):
                    await part(self.tx, self.desk, self.tree, joined[which % len(joined)], self.who.id, self.clock())
        return None

    async def people(self) -> list[str]:
        """Whoever counts for themselves."""
        kept = await persons.kept_for_all(self.tx, {record.person_id for record in self.filed if record.person_id})
        return sorted(set(kept.values()))

    async def joined(self) -> list[Pair]:
        return [pair for one in await self.people() for pair in await pairs.pairs_of(self.tx, one)]

    async def join(self, which: int, other: int, there: bool) -> Pair | None:
        people = await self.people()
        if len(people) < 2:
            return None
        one, two = people[which % len(people)], people[(which + 1 + other % (len(people) - 1)) % len(people)]
        unit = (await persons.of_ids(self.tx, self.desk.keys, [one, two]))[two if there else one].unit
        kept = await join(self.tx, self.desk, self.tree, one, two, unit, self.who.id, self.clock())
        return next(pair for pair in await pairs.pairs_of(self.tx, kept) if pair.other in (one, two))

    async def _hand_over(self, which: int, accepted: bool) -> None:
        people = await self.people()
        if not people:
            return
        person = (await persons.of_ids(self.tx, self.desk.keys, people))[people[which % len(people)]]
        there = next(code for code in self.codes if code != person.unit)
        asked = self.desk.new_id()
        new = Transfer(asked, person.id, person.unit, there, "chuyển nhà", self.who.id, self.clock(), State.OPEN)
        before = await self.figures()
        await transfers.add(self.tx, self.desk.keys, new)
        assert await self.figures() == before
        if accepted:
            assert await take_over(self.tx, self.desk, self.tree, self.who, new, self.clock())
            assert not await take_over(self.tx, self.desk, self.tree, self.who, new, self.clock())
            assert _over_all(await self.figures()) == _over_all(before)

    async def _next(self, which: int, name: str, changed: Mapping[str, Any]) -> Record | None:
        people = await self.people()
        if not people:
            return None
        person = people[which % len(people)]
        file = (await persons.files(self.tx, self.desk.keys, [person]))[person]
        base = next((record for record in reversed(file) if record.kind in self.desk.forms[name].builds_on), None)
        if base is None or not self.desk.forms[name].possible(await self.stands(person)):
            return None
        answers = {**LATER[name], **changed}
        return await self._file(name, base.unit, answers, {"person": person, "follows": base.id})

    async def _near(self, which: int, answers: Mapping[str, Any]) -> Record | None:
        cases = await records.in_units(self.tx, self.desk.keys, self.codes, ["f0"])
        if not cases:
            return None
        case = cases[which % len(cases)]
        return await self._file("contact", case.unit, {**answers, "source_case": case.id}, {})

    async def _file(self, name: str, unit: str, answers: Mapping[str, Any], facts: Mapping[str, Any]) -> Record:
        form = self.desk.forms[name]
        draft = Draft(self.desk.new_id(), name, form.version, unit, REVIEW, answers=answers, facts=facts)
        filed = await file_report(self.tx, self.desk, self.tree, self.who, form, draft, self.clock())
        self.filed.append(filed.record)
        return filed.record

    async def stands(self, person: str) -> frozenset[str]:
        return frozenset(stock for _, stock in (await persons.in_stocks(self.tx, [person]))[person])

    async def figures(self) -> ledger.Sums:
        today = vietnam_day(self.clock())
        return await ledger.sums(self.tx, self.codes, Range(today, today + timedelta(days=1)))

    async def check_visits(self) -> None:
        """What is due follows the file; it is counted once, where the person is; and nobody is visited who is not followed."""
        people = sorted({record.person_id for record in self.filed if record.person_id})
        files = await persons.files(self.tx, self.desk.keys, people)
        today = vietnam_day(self.clock())
        posted = await persons.flows_of(self.tx, people, VISIT_FIGURES, [window_of_visits(today)])
        for person, file in files.items():
            visits = visits_on(today, person, file, self.desk.forms)
            figures = {key: n for (_, key, _), n in posted[person].items()}
            assert (figures.get(VISITS_DUE, 0), figures.get(VISITS_DONE, 0)) == (len(visits), sum(one.done for one in visits))
            assert len(figures) == len(posted[person]), "counted in two villages"
            if any(not one.done for one in visits):
                assert await self.stands(person) & {"quarantine_home", "f0_under_treatment"}

    async def check(self) -> None:
        await self.check_visits()
        today = vietnam_day(self.clock())
        for person, counted in (await persons.in_stocks(self.tx, {r.person_id for r in self.filed if r.person_id})).items():
            names = [stock for _, stock in counted]
            assert set(counted.values()) <= {1}, (person, counted)
            assert len(names) == len(set(names)), "counted in two villages"
            assert all(len(group & set(names)) <= 1 for group in EXCLUSIVE), names
        totals = await self.figures()
        for indicator in stocks() | flows():
            lines = await ledger.listed(self.tx, self.codes, indicator, Range(today, today + timedelta(days=1)))
            assert all(line.n > 0 for line in lines), (indicator, lines)
            for village in self.codes:
                assert sum(line.n for line in lines if line.unit == village) == totals.get((village, indicator), 0)
        standing = await records.in_units(self.tx, self.desk.keys, self.codes, sorted(self.desk.forms))
        assert {one.source_case for one in standing if one.source_case} <= {one.id for one in standing}
        listed = await records.in_units(self.tx, self.desk.keys, self.codes, ["returnee"])
        kept = await persons.kept_for_all(self.tx, {r.person_id for r in listed if r.person_id})
        assert len(set(kept.values())) == sum(n for (_, key), n in totals.items() if key == "returnees_total")
        assert {one.id for one in await persons.in_units(self.tx, self.desk.keys, self.codes)} >= set(kept.values())

    async def plans(self) -> dict[str, Any]:
        """What the plan of each role says."""
        stored = await records.in_units(self.tx, self.desk.keys, self.codes, [PLAN])
        return {one.follows or "": one.body for one in stored}

    async def lists(self) -> dict[str, list[tuple[str, str]]]:
        """Who is on which list, and where."""
        days = Range(date(2021, 9, 9), vietnam_day(self.clock()) + timedelta(days=1))
        return {
            indicator: sorted(
                (str(line.subject), line.unit) for line in await ledger.listed(self.tx, self.codes, indicator, days)
            )
            for indicator in stocks() | flows()
        }


def _over_all(figures: ledger.Sums) -> dict[str, int]:
    """What all villages together count."""
    total: dict[str, int] = {}
    for (_, indicator), n in figures.items():
        total[indicator] = total.get(indicator, 0) + n
    return total


PREFIXES = (f"p{n}." for n in itertools.count())
IDS = (f"R{n:09}" for n in itertools.count())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=steps,
    last=st.builds(
        Next, a_person, st.sampled_from(["returnee", "contact", "f0", "outcome", "visit", "sample", "release"]), st.just({})
    ),
)
async def test_everybody_is_counted_once_and_taking_the_last_thing_back_leaves_what_was_before(
    db: Database, keys: Keyring, clock: StandingClock, steps: list[Step], last: Next
) -> None:
    desk = Desk(keys=keys, timetable=Timetable(), forms=forms(), new_id=lambda: next(IDS))
    async with db.write() as tx:
        village = Village(tx, desk, clock, next(PREFIXES))
        for step in steps:
            await village.do(step)
            await village.check()
        before = await village.figures()

        filed = await village.do(last)
        await village.check()
        if filed is not None:
            await undo(tx, desk, village.tree, village.who, filed.id, clock())

        assert await village.figures() == before


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, last=joins)
async def test_who_was_joined_and_is_told_apart_again_is_counted_and_listed_as_before(
    db: Database, keys: Keyring, clock: StandingClock, steps: list[Step], last: Join
) -> None:
    desk = Desk(keys=keys, timetable=Timetable(), forms=forms(), new_id=lambda: next(IDS))
    async with db.write() as tx:
        village = Village(tx, desk, clock, next(PREFIXES))
        for step in steps:
            await village.do(step)
        figures, lists, plans = await village.figures(), await village.lists(), await village.plans()

        pair = await village.join(last.which, last.other, last.there)
        await village.check()
        if pair is not None:
            assert pair.other not in await village.people()
            await part(tx, desk, village.tree, pair, village.who.id, clock())

        await village.check()
        assert (await village.figures(), await village.lists()) == (figures, lists)
        assert await village.plans() == plans
