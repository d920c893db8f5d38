"""A total equals its list at every (day, seq), whatever was filed, corrected, moved and undone; on both databases."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import StandingClock
from bot.domain.indicators import Kind, indicators, stocks
from bot.domain.ledger import Entry, change, entries
from bot.storage import digests, ledger, records
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.digests import Issued
from bot.storage.ledger import Line, Range
from bot.storage.records import Filing
from bot.storage.schema import posting, stock_total

DAYS = [date(2021, 9, 7) + timedelta(days=n) for n in range(3)]
COMMUNES = {"c1": ("v11", "v12"), "c2": ("v21",)}
VILLAGES = [village for villages in COMMUNES.values() for village in villages]
INDICATORS = ["returnees_new", "returnees_total", "away_not_returned", "f0_new", "zero_reports"]  # flows and stocks
WHOLE = Range(DAYS[0], DAYS[-1])

Counts = Mapping[str, int]
Figures = dict[tuple[str, str], int]  # (village, indicator) -> n


@dataclass(frozen=True)
class State:
    """A record as it is known: where, when, and what it counts. The model; it knows no postings."""

    village: str
    day: date
    counts: Counts


Known = dict[str, State]  # by record


@dataclass(frozen=True)
class File:
    village: str
    day: date
    counts: Counts


@dataclass(frozen=True)
class Correct:
    """``which`` record, by its number modulo how many there are; a new village moves it."""

    which: int
    village: str
    counts: Counts


@dataclass(frozen=True)
class Undo:
    which: int


Step = File | Correct | Undo

a_village = st.sampled_from(VILLAGES)
some_counts = st.dictionaries(st.sampled_from(INDICATORS), st.integers(1, 3), max_size=4)
which_one = st.integers(0, 9)
steps = st.lists(
    st.builds(File, a_village, st.sampled_from(DAYS), some_counts)
    | st.builds(Correct, which_one, a_village, some_counts)
    | st.builds(Undo, which_one),
    min_size=1,
    max_size=6,
)


def modelled(known: Known, villages: Collection[str], days: Range) -> Figures:
    """Every figure from the records alone: a flow counts its days, a stock all days until the last."""
    figures: Figures = {}
    for state in known.values():
        for indicator, n in state.counts.items():
            stock = indicators()[indicator].kind is Kind.STOCK
            if state.village in villages and state.day <= days.last and (stock or state.day >= days.first):
                key = (state.village, indicator)
                figures[key] = figures.get(key, 0) + n
    return figures


def modelled_list(known: Known, villages: Collection[str], indicator: str, days: Range) -> list[tuple[str, str, int]]:
    found = {
        record: modelled({record: state}, villages, days).get((state.village, indicator), 0) for record, state in known.items()
    }
    return sorted((record, known[record].village, n) for record, n in found.items() if n)


def as_written(lines: Sequence[Line]) -> list[tuple[str, str, int]]:
    return sorted((str(line.subject), line.unit, line.n) for line in lines)


class Book:
    """Files into the real ledger and into the model. Its names carry a prefix, so that many books share one database."""

    def __init__(self, tx: Tx, keys: Keyring, clock: StandingClock, prefix: str) -> None:
        self.tx, self.keys, self.clock, self.prefix = tx, keys, clock, prefix
        self.known: Known = {}
        self.at: list[tuple[int, Known]] = []  # how everything was known when the ledger's last number was seq

    async def do(self, step: Step) -> None:
        if isinstance(step, File):
            record = f"{self.prefix}r{len(self.known)}"
            state = State(self.prefix + step.village, step.day, step.counts)
        elif self.known:
            record = sorted(self.known)[step.which % len(self.known)]
            former = self.known[record]
            state = (
                replace(former, counts={})
                if isinstance(step, Undo)
                else replace(former, village=self.prefix + step.village, counts=step.counts)
            )
        else:
            return
        filing = Filing(
            id=record,
            kind="returnee",
            form_version=1,
            unit=state.village,
            day=state.day,
            body={},
            author=None,
            person={},
            counted=entries(record, state.village, state.day, state.counts),
            void=isinstance(step, Undo),
        )
        self.clock.move(self.clock() + timedelta(hours=7))
        await records.file(self.tx, self.keys, filing, self.clock())
        self.known = {**self.known, record: state}
        self.at.append((await ledger.last_seq(self.tx), self.known))

    def units(self, *villages: str) -> list[str]:
        return [self.prefix + village for village in villages]

    async def check_totals(self) -> None:
        """At every (day, seq) so far, for one day and for all days."""
        for seq, known in self.at:
            for days in (*(Range(day, day) for day in DAYS), WHOLE):
                units = self.units(*VILLAGES)
                expected = modelled(known, units, days)
                assert await ledger.sums(self.tx, units, days, seq) == expected, (days, seq)
                assert await ledger.sums_by_totals(self.tx, units, days, seq) == expected, (days, seq)

    async def check_lists(self, seq: int | None, known: Known | None) -> None:
        """Totals equal their lists, for villages, communes and all; and the list is the model's, where one is given."""
        for days in (*(Range(day, day) for day in DAYS), WHOLE):
            for villages in COMMUNES.values():
                units = self.units(*villages)
                totals = await ledger.sums(self.tx, units, days, seq)
                for indicator in INDICATORS:
                    lines = await ledger.listed(self.tx, units, indicator, days, seq)
                    for unit in units:
                        assert sum(line.n for line in lines if line.unit == unit) == totals.get((unit, indicator), 0)
                    if known is not None:
                        assert as_written(lines) == modelled_list(known, units, indicator, days)

    async def check_stock_totals(self) -> None:
        """What is added up as it is posted is the sum of the postings."""
        key = (posting.c.unit_code, posting.c.indicator)
        mine = posting.c.unit_code.startswith(self.prefix)
        posted = sa.select(*key, sa.func.sum(posting.c.n)).where(mine, posting.c.indicator.in_(stocks())).group_by(*key)
        totals = sa.select(stock_total).where(stock_total.c.unit_code.startswith(self.prefix))
        assert {tuple(row) for row in await self.tx.execute(totals)} == {tuple(row) for row in await self.tx.execute(posted)}

    async def issue(self, day: date) -> Issued:
        """A digest of the first commune as it stands now."""
        seq = await ledger.last_seq(self.tx)
        sums = await ledger.sums(self.tx, self.units(*COMMUNES["c1"]), Range(day, day), seq)
        figures = {f"{unit}.{indicator}": n for (unit, indicator), n in sums.items()}
        issued = Issued(self.prefix + "c1", "morning", day, len(self.at), seq, self.clock(), self.clock(), figures)
        await digests.save(self.tx, issued)
        return issued

    async def reproduce(self, issued: Issued) -> None:
        stored = await digests.latest(self.tx, issued.unit, issued.kind, issued.day)
        assert stored is not None
        sums = await ledger.sums(self.tx, self.units(*COMMUNES["c1"]), Range(issued.day, issued.day), stored.seq)
        assert {f"{unit}.{indicator}": n for (unit, indicator), n in sums.items()} == stored.figures == issued.figures


PREFIXES = (f"b{n}." for n in itertools.count())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, digest_day=st.sampled_from(DAYS), digest_after=st.integers(0, 3), mid_event=st.integers(0, 40))
async def test_every_total_equals_its_list_and_every_digest_reproduces(
    db: Database,
    keys: Keyring,
    clock: StandingClock,
    steps: list[Step],
    digest_day: date,
    digest_after: int,
    mid_event: int,
) -> None:
    issued: Issued | None = None
    async with db.write() as tx:
        book = Book(tx, keys, clock, next(PREFIXES))
        first_seq = await ledger.last_seq(tx)
        for number, step in enumerate(steps):
            await book.do(step)
            await book.check_totals()
            if number == digest_after:
                issued = await book.issue(digest_day)
        for seq, known in book.at[-3:]:
            await book.check_lists(seq, known)
        await book.check_lists(first_seq + mid_event, None)
        await book.check_lists(None, book.known)
        await book.check_stock_totals()
        if issued is not None:
            await book.reproduce(issued)


@pytest.fixture
async def tx(db: Database) -> AsyncIterator[Tx]:
    async with db.write() as tx:
        yield tx


async def test_a_flow_counts_its_days_and_a_stock_all_days_before(tx: Tx, keys: Keyring, clock: StandingClock) -> None:
    book = Book(tx, keys, clock, "")
    for day in DAYS:
        await book.do(File("v11", day, {"returnees_new": 2, "returnees_total": 2}))

    assert await ledger.sums(tx, ["v11"], Range(DAYS[1], DAYS[1])) == {
        ("v11", "returnees_new"): 2,
        ("v11", "returnees_total"): 4,
    }
    assert await ledger.sums(tx, ["v11"], Range(DAYS[1], DAYS[2])) == {
        ("v11", "returnees_new"): 4,
        ("v11", "returnees_total"): 6,
    }


async def test_a_figure_can_be_asked_for_as_it_was_known(tx: Tx, keys: Keyring, clock: StandingClock) -> None:
    book = Book(tx, keys, clock, "")
    await book.do(File("v11", DAYS[0], {"f0_new": 1}))
    seq = await ledger.last_seq(tx)
    await book.do(Undo(0))

    assert await ledger.sums(tx, ["v11"], WHOLE, seq) == {("v11", "f0_new"): 1}
    assert await ledger.sums(tx, ["v11"], WHOLE) == {}


async def test_a_record_that_moves_is_taken_from_one_village_and_given_to_the_other(
    tx: Tx, keys: Keyring, clock: StandingClock
) -> None:
    book = Book(tx, keys, clock, "")
    await book.do(File("v11", DAYS[0], {"returnees_total": 1}))
    await book.do(Correct(0, "v21", {"returnees_total": 1}))

    assert await ledger.sums(tx, VILLAGES, WHOLE) == {("v21", "returnees_total"): 1}
    assert await ledger.listed(tx, VILLAGES, "returnees_total", WHOLE) == [Line("r0", "v21", 1)]


async def test_a_list_is_in_order_of_filing_within_a_village(tx: Tx, keys: Keyring, clock: StandingClock) -> None:
    book = Book(tx, keys, clock, "")
    for village in ("v12", "v11", "v12"):
        await book.do(File(village, DAYS[0], {"f0_new": 1}))

    lines = await ledger.listed(tx, VILLAGES, "f0_new", WHOLE)

    assert [(line.unit, line.subject) for line in lines] == [("v11", "r1"), ("v12", "r0"), ("v12", "r2")]


async def test_an_empty_ledger_has_no_figures(tx: Tx) -> None:
    assert await ledger.last_seq(tx) == 0
    assert await ledger.sums(tx, VILLAGES, WHOLE) == {}
    assert await ledger.sums(tx, [], WHOLE) == {}


def test_what_counts_nothing_makes_no_entry() -> None:
    assert entries("r1", "v1", DAYS[0], {"f0_new": 0, "away_new": 2}) == (Entry("r1", "v1", "away_new", DAYS[0], 2),)


def test_a_change_is_the_difference_and_nothing_that_stays() -> None:
    before = entries("r1", "v1", DAYS[0], {"f0_new": 1, "away_new": 2})
    after = entries("r1", "v1", DAYS[0], {"away_new": 3, "returnees_new": 1})

    assert change(before, after) == (
        Entry("r1", "v1", "away_new", DAYS[0], 1),
        Entry("r1", "v1", "f0_new", DAYS[0], -1),
        Entry("r1", "v1", "returnees_new", DAYS[0], 1),
    )
    assert change(before, before) == ()


def test_every_indicator_is_a_flow_or_a_stock_and_says_what_it_counts() -> None:
    assert indicators()
    assert {indicator.kind for indicator in indicators().values()} == {Kind.FLOW, Kind.STOCK}
    assert {indicator.counts for indicator in indicators().values()} <= {"person", "report", "number"}
    assert set(INDICATORS) <= set(indicators())
