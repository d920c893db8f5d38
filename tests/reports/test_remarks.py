"""What the teams remark in their daily reports reaches the commune."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.ledger import entries
from bot.domain.units import Tree
from bot.reports.remarks import remarks
from bot.storage import records, schema
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.records import Filing, Report
from tests.reports.conftest import DAY, MORNING, Tell

NOTHING_NEW = {"returnees_new": 0, "away_new": 0, "f0_new": 0, "difficulties": None}


async def _daily(tx: Tx, keys: Keyring, village: str, kind: str = "daily_report", void: bool = False, **body: Any) -> None:
    record = f"r-{village}"
    filing = Filing(record, kind, 1, village, DAY, {**NOTHING_NEW, **body}, None, {}, entries(record, village, DAY, {}), void)
    await records.file(tx, keys, filing, MORNING)
    await records.save_report(tx, Report(village, "daily", DAY, record, MORNING, zero=kind == "zero_report"))


async def _listed(tx: Tx, keys: Keyring, village: str, n: int) -> None:
    for number in range(n):
        record = f"p{number}-{village}"
        counted = entries(record, village, DAY, {"returnees_new": 1, "returnees_total": 1})
        await records.file(tx, keys, Filing(record, "returnee", 1, village, DAY, {}, None, {}, counted), MORNING)


async def test_figures_that_differ_from_the_list_and_difficulties_are_remarked_by_village(
    db: Database, keys: Keyring, tree: Tree, tell: Tell
) -> None:
    async with db.write() as tx:
        await _listed(tx, keys, "90001-01", 2)
        await _daily(tx, keys, "90001-01", returnees_new=2)
        await _daily(tx, keys, "90001-02", returnees_new=1, f0_new=2, difficulties="Thiếu gạo")
        await _daily(tx, keys, "90002-01", f0_new=1)
        await _daily(tx, keys, "90001-03", kind="zero_report")

        found = await remarks(tx, keys, tree, "90001", DAY)
        of_village = await remarks(tx, keys, tree, "90001-02", DAY)

    assert found.keys() == {"90001-02"}
    assert of_village == found
    assert tell(found["90001-02"]).split("\n") == [
        "Về trong kỳ báo 1, theo danh sách 0",
        "F0 mới báo 2, theo danh sách 0",
        "Khó khăn, vướng mắc: Thiếu gạo",
    ]


async def test_a_corrected_report_remarks_only_what_it_says_now(db: Database, keys: Keyring, tree: Tree, tell: Tell) -> None:
    async with db.write() as tx:
        await _daily(tx, keys, "90001-01", f0_new=2, difficulties="Thiếu gạo")
        await _daily(tx, keys, "90001-01", difficulties="Thiếu khẩu trang")

        found = await remarks(tx, keys, tree, "90001", DAY)

    assert tell(found["90001-01"]) == "Khó khăn, vướng mắc: Thiếu khẩu trang"


async def test_a_report_that_was_taken_back_remarks_nothing(db: Database, keys: Keyring, tree: Tree) -> None:
    async with db.write() as tx:
        await _daily(tx, keys, "90001-01", f0_new=2)
        await _daily(tx, keys, "90001-01", void=True, f0_new=2)

        assert await remarks(tx, keys, tree, "90001", DAY) == {}


async def test_a_report_that_cannot_be_opened_hides_no_other(
    db: Database, keys: Keyring, tree: Tree, caplog: pytest.LogCaptureFixture
) -> None:
    async with db.write() as tx:
        await _daily(tx, keys, "90001-01", f0_new=2)
        await _daily(tx, keys, "90001-02", f0_new=2)
        broken = sa.update(schema.record).where(schema.record.c.id == "r-90001-01")
        await tx.execute(broken.values(body=b"\x01" + b"x" * 40))

        found = await remarks(tx, keys, tree, "90001", DAY)

    assert found.keys() == {"90001-02"}
    assert "r-90001-01 are left out: WrongKey" in caplog.text
