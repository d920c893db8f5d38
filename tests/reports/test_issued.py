"""A digest comes back as issued, whatever happened since; and as it is known now (N18)."""

from __future__ import annotations

import json
from datetime import time, timedelta

from bot.clock import at
from bot.domain.deadlines import Timetable
from bot.domain.ledger import entries
from bot.domain.units import Tree
from bot.reports.changes import change_lines
from bot.reports.digest import digest_lines
from bot.reports.issued import EVENING, MORNING, as_issued, issue, known_now
from bot.storage import digests, records
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.records import Filing, Report
from tests.reports.conftest import DAY, Tell

TIMES = Timetable()
DIGEST, NOON = at(DAY, time(9, 45)), at(DAY, time(12))
NEXT_DAY = DAY + timedelta(days=1)


async def _away(tx: Tx, keys: Keyring, record_id: str, unit: str, n: int = 1) -> None:
    counted = entries(record_id, unit, DAY, {"away_total": n})
    await records.file(tx, keys, Filing(record_id, "absence", 1, unit, DAY, {}, None, {}, counted), DIGEST)


async def test_a_digest_is_issued_once_and_stays_as_it_was(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        await _away(tx, keys, "a", "90001-01")
        first = await issue(tx, tree, "90001", MORNING, DAY, DIGEST, TIMES)
        await _away(tx, keys, "b", "90001-02")
        again = await issue(tx, tree, "90001", MORNING, DAY, NOON, TIMES)
        stored = await digests.latest(tx, "90001", MORNING, DAY)

    assert again == first == stored
    assert first.figures["totals"]["away_total"] == 1


async def test_what_is_stored_says_no_name(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        await _away(tx, keys, "a", "90001-01")
        issued = await issue(tx, tree, "900", MORNING, DAY, DIGEST, TIMES)

    texts = [text for text in json.dumps(issued.figures, ensure_ascii=False).split('"') if " " in text.strip(" :,{}[]")]
    assert not any(unit.name in text for unit in tree for text in texts)


async def test_a_digest_reads_as_issued_and_as_known_now_with_what_changed(
    db: Database, keys: Keyring, tree: Tree, tell: Tell
) -> None:
    async with db.write() as tx:
        await _away(tx, keys, "a", "90001-01")
        await issue(tx, tree, "90001", MORNING, DAY, DIGEST, TIMES)
        await _away(tx, keys, "a", "90001-01", n=2)
        await records.save_report(tx, Report("90001-01", "daily", DAY, "r", at(DAY, time(11)), True))

        reading = await as_issued(tx, tree, "90001", MORNING, DAY)
        now = await known_now(tx, tree, "90001", MORNING, DAY, NOON, TIMES)

    assert reading is not None
    assert "ngoài tỉnh: 1\n" in tell(digest_lines(reading.figures, reading.previous))
    assert "ngoài tỉnh: 2\n" in tell(digest_lines(now, reading.previous))
    assert tell(change_lines(reading.figures, now)).split("\n")[1:] == [
        "Ở ngoài tỉnh: 1 → 2 (trong đó Bản Nà Nọi +1)",
        "Gửi thêm báo cáo: Bản Nà Nọi.",
    ]


async def test_a_digest_is_compared_with_the_one_before_as_issued(db: Database, keys: Keyring, tree: Tree, tell: Tell) -> None:
    async with db.write() as tx:
        await _away(tx, keys, "a", "90001-01")
        await issue(tx, tree, "90001", MORNING, DAY, DIGEST, TIMES)
        await _away(tx, keys, "b", "90001-01")
        await issue(tx, tree, "90001", MORNING, NEXT_DAY, DIGEST + timedelta(days=1), TIMES)

        reading = await as_issued(tx, tree, "90001", MORNING, NEXT_DAY)

    assert reading is not None
    assert reading.previous is not None
    assert "ngoài tỉnh: 2 (+1)" in tell(digest_lines(reading.figures, reading.previous))


async def test_the_evening_is_about_the_window_now_open_and_the_reports_of_today(db: Database, tree: Tree) -> None:
    async with db.write() as tx:
        await issue(tx, tree, "90001", EVENING, DAY, at(DAY, time(17)), TIMES)
        reading = await as_issued(tx, tree, "90001", EVENING, DAY)

    assert reading is not None
    assert (reading.figures.days.last, reading.figures.report_day) == (NEXT_DAY, DAY)


async def test_a_digest_knows_by_how_much_it_was_late(db: Database, tree: Tree) -> None:
    async with db.write() as tx:
        await issue(tx, tree, "90001", MORNING, DAY, NOON, TIMES)
        reading = await as_issued(tx, tree, "90001", MORNING, DAY)

    assert reading is not None
    assert reading.late(DIGEST) == timedelta(hours=2, minutes=15)
    assert reading.late(NOON - timedelta(seconds=20)) is None


async def test_a_day_without_a_digest_has_none(db: Database, tree: Tree) -> None:
    async with db.read() as tx:
        assert await as_issued(tx, tree, "90001", MORNING, DAY) is None
