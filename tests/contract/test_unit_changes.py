"""A village ends or is split in mid-month: what was counted stays where it was counted, and the month adds up."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import at
from bot.conversation.draft import REVIEW, Draft
from bot.domain.access import Role, RoleAt
from bot.domain.data_sets import DAILY
from bot.domain.deadlines import Timetable
from bot.domain.ledger import Entry
from bot.domain.unit_changes import NotPossible, closed, split
from bot.domain.units import COMMUNE, DISTRICT, VILLAGE, OrgUnit, Tree
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.filing import file_report
from bot.handlers.unit_ending import end
from bot.reports.figures import Figures, figures
from bot.reports.punctuality import punctuality
from bot.storage import openings, people, persons, records, units
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.ledger import Range
from bot.storage.openings import Balance
from bot.storage.people import NewUser, Who
from bot.storage.records import Report
from bot.storage.schema import event

FIRST, LAST, DAY = date(2021, 9, 1), date(2021, 9, 30), date(2021, 9, 16)
TIMES = Timetable()
UNITS = (
    OrgUnit("d", "Huyện Mẫu", DISTRICT, None),
    OrgUnit("c1", "Xã Mẫu 1", COMMUNE, "d"),
    OrgUnit("c2", "Xã Mẫu 2", COMMUNE, "d"),
    *(OrgUnit(code, f"Bản Mẫu {code}", VILLAGE, code.replace("v", "c")[:2], "bản") for code in ("v11", "v12", "v21")),
)
PARTS = (("v13", "Bản Mẫu 13"), ("v14", "Bản Mẫu 14"))
HEAD = Who("h", "Lò Mẫu An", None, "anh", "vi", (RoleAt(Role.COMMUNE_OFFICER, "c1"),), "telegram", "7", "501")


@dataclass
class Village:
    """The commune at work, with the desk that everything goes through."""

    tx: Tx
    desk: Desk
    n: int = 0

    async def tree(self, day: date) -> Tree:
        return Tree(await units.load(self.tx), day)

    async def comes(self, unit: str, moment: datetime) -> None:
        self.n += 1
        answers = {
            "full_name": f"Lò Mẫu {'ABCDEFGH'[self.n]}n", "birth_year": 1980 + self.n, "sex": "male", "phone": None,
            "household": None, "came_from": "Hà Nội", "arrived_on": moment.date().isoformat(), "transport": "coach",
            "doses": "0", "health_declared": True, "quarantine_type": "home", "quarantine_from": moment.date().isoformat(),
        }  # fmt: skip
        form = self.desk.forms["returnee"]
        draft = Draft(self.desk.new_id(), form.name, form.version, unit, REVIEW, answers=answers)
        await file_report(self.tx, self.desk, await self.tree(moment.date()), HEAD, form, draft, moment)

    async def figures(self, code: str, first: date, last: date) -> Figures:
        return await figures(self.tx, await self.tree(last), code, Range(first, last), at(last, time(9)))


@pytest.fixture
async def village(db: Database, keys: Keyring) -> AsyncIterator[Village]:
    numbers = itertools.count(1)
    async with db.write() as tx:
        await units.save(tx, UNITS)
        yield Village(tx, Desk(keys, TIMES, forms(), lambda: f"R{next(numbers):09}"))


def noon(day: int) -> datetime:
    return at(date(2021, 9, day), time(12))


async def test_a_split_in_mid_month_loses_nobody_and_counts_nobody_twice(village: Village) -> None:
    tx, keys = village.tx, village.desk.keys
    await village.comes("v11", noon(3))
    await village.comes("v11", noon(10))
    await village.comes("v12", noon(11))
    await people.add_user(tx, keys, NewUser("head", "Lò Mẫu Hai", "anh", "vi"), noon(1))
    await people.grant(tx, "head", RoleAt(Role.HEAD, "v11"), None, noon(1))
    await people.link(tx, "telegram", "7", "601", "head", noon(1))
    await openings.save(tx, keys, Balance("v11", "returnees_total", 5, FIRST, "Sổ mẫu", "h", noon(2)))
    before = await village.figures("c1", FIRST, DAY - timedelta(days=1))

    passed = await end(tx, village.desk, split(await village.tree(DAY - timedelta(days=1)), "v11", DAY, PARTS), noon(16))
    await village.comes("v13", noon(20))
    await village.comes("v14", noon(21))

    month = await village.figures("c1", FIRST, LAST)
    assert (passed.people, passed.team, passed.balances) == (2, 1, 1)
    assert [row.unit.code for row in before.rows] == ["v11", "v12"]
    assert [row.unit.code for row in month.rows] == ["v12", "v13", "v14", "c1"]
    assert before.totals["returnees_new"] == 3
    assert month.totals["returnees_new"] == 5
    assert month.totals["returnees_total"] == 5 + 5
    assert month.totals["quarantine_home"] == 5
    rows = {row.unit.code: row.totals for row in month.rows}
    assert [rows[code]["quarantine_home"] for code in ("v12", "v13", "v14", "c1")] == [1, 3, 1, 0]
    assert [rows[code]["returnees_new"] for code in ("v12", "v13", "v14", "c1")] == [1, 1, 1, 2]
    assert (await village.figures("d", FIRST, LAST)).totals == month.totals
    assert (await village.figures("c1", FIRST, DAY - timedelta(days=1))).totals == before.totals  # history is as it was
    assert {one.unit for one in await persons.in_units(tx, keys, ["v11", "v13"])} == {"v13"}
    assert [(one.unit, one.n) for one in await openings.of_units(tx, keys, ["v11", "v13"])] == [("v13", 5)]
    assert await units.changes(tx, "v11") == await units.changes(tx, "v13") + await units.changes(tx, "v14")


async def test_expected_reports_end_on_the_closing_day(village: Village) -> None:
    await records.save_report(village.tx, Report("v12", DAILY, FIRST, "r", at(FIRST, time(7)), zero=True))
    tree = await village.tree(DAY - timedelta(days=1))
    await end(village.tx, village.desk, closed(tree, "v11", DAY, "v12"), noon(16))

    owed = await punctuality(village.tx, DAILY, "c1", FIRST, LAST, noon(30) + timedelta(days=5), TIMES)

    assert {unit: one.expected for unit, one in owed.items()} == {"v11": 15, "v12": 30}
    assert (await village.figures("c1", DAY, DAY)).expected == 1
    assert (await village.figures("c1", DAY - timedelta(days=1), DAY - timedelta(days=1))).expected == 2


async def test_what_is_recorded_in_the_last_hours_of_a_village_is_in_the_next_mornings_figures(village: Village) -> None:
    await village.comes("v11", at(DAY - timedelta(days=1), time(15)))
    tree = await village.tree(DAY - timedelta(days=1))
    await end(village.tx, village.desk, closed(tree, "v11", DAY, "v12"), at(DAY, time(7)))

    morning = await village.figures("c1", DAY, DAY)

    assert (morning.totals["returnees_new"], morning.totals["quarantine_home"]) == (1, 1)


async def test_nobody_is_left_behind_in_a_village_that_ends(village: Village) -> None:
    await village.comes("v11", noon(3))
    tree = await village.tree(DAY)

    with pytest.raises(NotPossible, match="somebody_there"):
        await end(village.tx, village.desk, closed(tree, "v11", DAY), noon(16))

    await end(village.tx, village.desk, closed(tree, "v21", DAY), noon(16))
    assert [one[3] for one in await units.changes(village.tx, "v21")] == ["close"]
    assert not (await village.tree(DAY)).villages("c2")


@pytest.mark.parametrize(
    ("code", "into", "problem"), [("v99", "", "not_there"), ("c1", "", "has_below"), ("v11", "c2", "not_beside")]
)
def test_what_cannot_end_is_named(code: str, into: str, problem: str) -> None:
    with pytest.raises(NotPossible) as refused:
        closed(Tree(UNITS, DAY), code, DAY, into)

    assert refused.value.problem == problem


def test_a_split_takes_two_new_codes() -> None:
    with pytest.raises(NotPossible, match="two_parts"):
        split(Tree(UNITS, DAY), "v11", DAY, [("v13", "Bản Mẫu"), ("v13", "Bản Mẫu")])


SPAN = 10  # days

# --- whatever happens -----------------------------------------------------------------------------------------------------

a_day = st.integers(0, SPAN - 1).map(lambda n: FIRST + timedelta(n))
counted = st.lists(st.tuples(st.sampled_from(["v11", "v12", "v21"]), a_day, st.integers(1, 3)), max_size=12)
NAMES = (f"q{n}." for n in itertools.count())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counted=counted, closing=a_day, moving=a_day)
async def test_a_month_is_the_sum_of_its_days_whatever_ends_or_moves(
    db: Database, counted: list[tuple[str, date, int]], closing: date, moving: date
) -> None:
    """One village ends, and another moves to the other commune."""
    p = next(NAMES)

    def unit(code: str, level: str, parent: str, first: date = date.min, until: date | None = None) -> OrgUnit:
        return OrgUnit(p + code, "Mẫu", level, p + parent if parent else None, None, first, until)

    places = [unit("d", DISTRICT, ""), unit("c1", COMMUNE, "d"), unit("c2", COMMUNE, "d"), unit("v21", VILLAGE, "c2")]
    places += [unit("v11", VILLAGE, "c1", until=closing)] if closing > FIRST else [unit("v11", VILLAGE, "c1")]
    places += [unit("v12", VILLAGE, "c1", until=moving), unit("v12", VILLAGE, "c2", moving)]
    async with db.write() as tx:
        event_id = (
            await tx.execute(
                event.insert().values(kind="filed", record_id="r", unit_code="v", at=noon(1)).returning(event.c.id)
            )
        ).scalar_one()
        there = [(p + code, day, n) for code, day, n in counted if code != "v11" or closing <= FIRST or day < closing]
        await records.post(
            tx, event_id, [Entry(f"{p}{i}", code, "returnees_new", day, n) for i, (code, day, n) in enumerate(there)]
        )

        async def of(code: str, first: date, last: date) -> int:
            found = await figures(tx, Tree(places, last), p + code, Range(first, last), at(last, time(9)))
            return found.totals["returnees_new"]

        end_of_it = FIRST + timedelta(SPAN - 1)
        for code in ("d", "c1", "c2"):
            daily = [await of(code, FIRST + timedelta(n), FIRST + timedelta(n)) for n in range(SPAN)]
            assert await of(code, FIRST, end_of_it) == sum(daily), code
        assert await of("d", FIRST, end_of_it) == sum(n for _, _, n in there)
