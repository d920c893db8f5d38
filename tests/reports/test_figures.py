"""Reading and rolling up: the rows are the total, the past comes back."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import at
from bot.domain.indicators import indicators
from bot.domain.ledger import entries
from bot.domain.units import Tree
from bot.reports.figures import Figures, Known, figures, read, roll_up
from bot.storage import ledger, records
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.ledger import Range
from bot.storage.records import Filing, Report
from tests.reports.conftest import DAY, MORNING, UNITS, Roll

WINDOW = Range(DAY, DAY)
TREE = Tree(UNITS, DAY)
CODES = [unit.code for unit in UNITS]
VILLAGES = [unit.code for unit in TREE.villages("900")]


async def _file(tx: Tx, keys: Keyring, record_id: str, unit: str, counted: dict[str, int], day: date = DAY) -> None:
    filing = Filing(record_id, "returnee", 1, unit, day, {}, None, {}, entries(record_id, unit, day, counted))
    await records.file(tx, keys, filing, MORNING)


async def _report(tx: Tx, unit: str, filed_at: datetime, day: date = DAY) -> None:
    await records.save_report(tx, Report(unit, "daily", day, f"report-{unit}", filed_at, False))


async def test_a_commune_counts_its_villages_and_what_was_posted_at_the_commune_itself(
    db: Database, keys: Keyring, tree: Tree
) -> None:
    async with db.write() as tx:
        await _file(tx, keys, "a", "90001-01", {"away_total": 2})
        await _file(tx, keys, "b", "90001-02", {"away_total": 3})
        await _file(tx, keys, "c", "90001", {"away_total": 1})
        await _file(tx, keys, "d", "90002-01", {"away_total": 50})

        commune = await figures(tx, tree, "90001", WINDOW, MORNING)

    assert commune.totals["away_total"] == 6
    assert [(row.unit.code, row.totals["away_total"]) for row in commune.rows] == [
        ("90001-01", 2),
        ("90001-02", 3),
        ("90001-03", 0),
        ("90001", 1),
    ]
    assert commune.expected == 3


async def test_a_flow_counts_its_day_and_a_stock_everything_before(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        await _file(tx, keys, "a", "90001-01", {"returnees_new": 1, "returnees_total": 1}, DAY - timedelta(days=1))
        await _file(tx, keys, "b", "90001-01", {"returnees_new": 1, "returnees_total": 1})

        found = await figures(tx, tree, "900", WINDOW, MORNING)

    assert (found.totals["returnees_new"], found.totals["returnees_total"]) == (1, 2)


async def test_a_village_with_records_but_without_its_report_is_missing(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        await _file(tx, keys, "a", "90001-01", {"away_total": 2})
        await _report(tx, "90001-02", at(DAY, time(7, 59, 59)))
        await _report(tx, "90001-03", at(DAY, time(8)))

        commune = await figures(tx, tree, "90001", WINDOW, MORNING)

    assert [village.code for village in commune.missing] == ["90001-01"]
    assert (commune.expected, commune.reported, commune.on_time) == (3, 2, 1)
    assert commune.totals["away_total"] == 2


async def test_the_reports_may_be_those_of_the_window_before(db: Database, tree: Tree) -> None:
    tomorrow = DAY + timedelta(days=1)
    async with db.write() as tx:
        await _report(tx, "90001-02", at(DAY, time(7)))

        found = await figures(tx, tree, "90001", Range(tomorrow, tomorrow), MORNING, report_day=DAY)

    assert found.reported == 1


async def test_figures_up_to_a_past_posting_are_what_they_were(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        await _file(tx, keys, "a", "90001-01", {"away_total": 2})
        await _report(tx, "90001-01", at(DAY, time(7)))
        before = await figures(tx, tree, "900", WINDOW, MORNING)
        await _file(tx, keys, "a", "90001-01", {"away_total": 1})
        await _report(tx, "90001-02", at(DAY, time(11)))

        again = await figures(tx, tree, "900", WINDOW, MORNING, before.seq)
        now = await figures(tx, tree, "900", WINDOW, at(DAY, time(12)))

    assert again == before
    assert (now.totals["away_total"], now.reported) == (1, 2)


async def test_the_total_of_a_figure_is_the_length_of_its_list(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        for number, unit in enumerate(["90001-01", "90001-01", "90002-02", "90001"]):
            await _file(tx, keys, f"r{number}", unit, {"away_total": 1})

        district = await figures(tx, tree, "900", WINDOW, MORNING)
        listed = await ledger.listed(tx, CODES, "away_total", WINDOW, district.seq)

    assert district.totals["away_total"] == len(listed) == 4


async def test_one_reading_gives_a_district_and_its_communes(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        await _file(tx, keys, "a", "90001-01", {"away_total": 2})
        await _file(tx, keys, "b", "90002-01", {"away_total": 5})

        known = await read(tx, tree, "900", WINDOW, MORNING)

    district, *communes = (roll_up(tree, code, known) for code in ("900", "90001", "90002"))
    assert district.totals["away_total"] == sum(commune.totals["away_total"] for commune in communes) == 7


def test_a_unit_that_the_tree_does_not_have_is_refused(roll: Roll) -> None:
    with pytest.raises(KeyError):
        roll("99999", {}, {})


sums = st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(sorted(indicators()))), st.integers(-5, 999))
filed = st.dictionaries(st.sampled_from(VILLAGES), st.integers(0, 720).map(lambda m: at(DAY, time()) + timedelta(minutes=m)))


@given(sums, filed, st.sampled_from(["900", "90001", "90001-01"]))
def test_rows_add_up_to_the_unit_and_survive_storage(
    counted: dict[tuple[str, str], int], reports: dict[str, datetime], code: str
) -> None:
    made = roll_up(TREE, code, Known(WINDOW, DAY, MORNING, 3, counted, reports))

    below = {unit.code for unit in TREE.subtree(code)}
    assert made.totals == {key: sum(n for (u, k), n in counted.items() if k == key and u in below) for key in indicators()}
    assert all(sum(row.totals[key] for row in made.rows) == n for key, n in made.totals.items())
    assert made.reported + len(made.missing) == made.expected == sum(row.expected for row in made.rows)
    assert Figures.from_json(json.loads(json.dumps(made.to_json())), TREE) == made


def test_a_stored_unit_that_is_gone_shows_its_code(roll: Roll) -> None:
    stored = roll("90001", {"90001-01": {"away_total": 1}}, {}).to_json()

    read = Figures.from_json(stored, Tree(UNITS[:2], DAY))

    assert [row.unit.name for row in read.rows] == ["90001-01", "90001-02", "90001-03"]
