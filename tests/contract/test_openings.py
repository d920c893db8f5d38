"""What was counted before: in every stock from its day on, in no flow, one line of the list; corrected without a trace lost."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import StandingClock
from bot.domain.indicators import flows, stocks
from bot.domain.ledger import entries
from bot.domain.openings import Opened, subject_of
from bot.storage import ledger, openings, persons, records
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.ledger import Line, Range
from bot.storage.openings import Balance
from bot.storage.records import Filing

DAYS = [date(2021, 8, 30) + timedelta(n) for n in range(4)]
KEYS = [Opened.RETURNEES_TOTAL, Opened.AWAY_TOTAL]
PREFIXES = (f"o{n}." for n in itertools.count())
saves = st.lists(
    st.tuples(st.sampled_from(["v1", "v2"]), st.sampled_from(KEYS), st.integers(0, 40), st.sampled_from(DAYS)), max_size=6
)


def test_only_stocks_are_opened() -> None:
    assert set(Opened) <= stocks()
    assert not set(Opened) & flows()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saved=saves)
async def test_a_stock_contains_the_newest_version_from_its_day_on(
    db: Database, keys: Keyring, clock: StandingClock, saved: list[tuple[str, Opened, int, date]]
) -> None:
    prefix = next(PREFIXES)
    newest: dict[tuple[str, str], tuple[int, date]] = {}
    async with db.write() as tx:
        for village, indicator, n, day in saved:
            new = Balance(prefix + village, indicator.value, n, day, f"Báo cáo mẫu {n}", "u1", clock())
            stored = await openings.save(tx, keys, new)
            newest[new.unit, new.indicator] = (n, day)
            assert (await openings.versions(tx, keys, new.unit, new.indicator))[-1] == stored
        units = [prefix + "v1", prefix + "v2"]
        for day in DAYS:
            days = Range(day, day)
            expected = {key: n for key, (n, since) in newest.items() if n and since <= day}
            assert await ledger.sums(tx, units, days) == expected
            for key in KEYS:
                lines = await ledger.listed(tx, units, key.value, days)
                mine = [Line(subject_of(*who), who[0], n) for who, n in sorted(expected.items()) if who[1] == key]
                assert lines == mine
        held = await openings.of_units(tx, keys, units)
    assert {(one.unit, one.indicator): (one.n, one.as_of) for one in held} == {k: v for k, v in newest.items() if v[0]}


async def test_former_versions_say_who_and_when(db: Database, keys: Keyring, clock: StandingClock) -> None:
    first, later = clock(), clock() + timedelta(days=2)
    async with db.write() as tx:
        await openings.save(tx, keys, Balance("v1", "away_total", 30, DAYS[0], "Sổ mẫu", "u1", first))
        await openings.save(tx, keys, Balance("v1", "away_total", 28, DAYS[1], "Sổ mẫu, đếm lại", "u2", later))
        found = await openings.versions(tx, keys, "v1", "away_total")

    assert [(one.version, one.n, one.by, one.at) for one in found] == [(1, 30, "u1", first), (2, 28, "u2", later)]


async def test_what_was_known_before_a_correction_stays_askable(db: Database, keys: Keyring, clock: StandingClock) -> None:
    days = Range(DAYS[2], DAYS[2])
    async with db.write() as tx:
        await openings.save(tx, keys, Balance("v1", "away_total", 30, DAYS[0], "Sổ mẫu", "u1", clock()))
        seq = await ledger.last_seq(tx)
        await openings.save(tx, keys, Balance("v1", "away_total", 28, DAYS[0], "Sổ mẫu", "u1", clock()))

        assert await ledger.sums(tx, ["v1"], days, seq) == {("v1", "away_total"): 30}
        assert await ledger.sums(tx, ["v1"], days) == {("v1", "away_total"): 28}


async def test_an_opening_balance_is_nobody_to_be_visited(db: Database, keys: Keyring, clock: StandingClock) -> None:
    async with db.write() as tx:
        await openings.save(tx, keys, Balance("v1", "samples_pending", 3, DAYS[0], "Sổ mẫu", "u1", clock()))

        assert await persons.standing_in(tx, ["v1"], ["samples_pending"]) == set()


async def test_a_range_adds_flows_and_takes_the_last_stock_opening_balances_included(
    db: Database, keys: Keyring, clock: StandingClock
) -> None:
    async with db.write() as tx:
        await openings.save(tx, keys, Balance("v1", "returnees_total", 10, DAYS[0], "Sổ mẫu", "u1", clock()))
        for number, day in enumerate(DAYS[1:]):
            counted = entries(f"r{number}", "v1", day, {"returnees_new": 2, "returnees_total": 2})
            filing = Filing(f"r{number}", "returnee", 1, "v1", day, {}, None, {}, counted)
            await records.file(tx, keys, filing, clock())

        assert await ledger.sums(tx, ["v1"], Range(DAYS[1], DAYS[2])) == {
            ("v1", "returnees_new"): 4,
            ("v1", "returnees_total"): 14,
        }
