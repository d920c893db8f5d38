"""Digests are issued once, say what is stored, and carry their table."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from bot.domain.access import Role
from bot.domain.ledger import entries
from bot.reports import issued
from bot.storage import outbox, records, schema
from bot.storage.records import Filing
from bot.storage.units import UnitTrees
from tests.scheduler.conftest import BAN, DAY, DISTRICT, MUNG, VILLAGES, District, clock_shows


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Figures and files are tried on both databases where they are made."""
    return sqlite_url


async def _returnees(district: District, village: str, n: int) -> None:
    async with district.db.write() as tx:
        for number in range(n):
            record = f"{village}-{number}"
            counted = entries(record, village, DAY, {"returnees_new": 1, "returnees_total": 1})
            person = {"full_name": f"Lò Thị Giả Định {number}", "phone": None}
            filing = Filing(record, "returnee", 1, village, DAY, {}, None, person, counted)
            await records.file(tx, district.keys, filing, district.clock())


async def _tables(district: District) -> dict[str, openpyxl.Workbook]:
    """The workbook that each reader gets."""
    async with district.db.read() as tx:
        query = sa.select(schema.outbox.c.address, schema.outbox.c.attachment_id)
        rows = [row for row in await tx.execute(query) if row.attachment_id is not None]
        files = {row.address: await outbox.read_attachment(tx, district.keys, row.attachment_id) for row in rows}
    return {to: openpyxl.load_workbook(io.BytesIO(file.content)) for to, file in files.items() if file is not None}


async def test_what_is_sent_is_what_is_stored_as_issued(district: District) -> None:
    await _returnees(district, "04136-01", 3)
    await district.report("04136-01")

    await district.move("09:45")
    await _returnees(district, "04136-02", 2)

    async with district.db.read() as tx:
        tree = await UnitTrees().on(tx, DAY)
        readings = {code: await issued.as_issued(tx, tree, code, issued.MORNING, DAY) for code in (MUNG, BAN, DISTRICT)}
    counted = {code: reading.figures.totals["returnees_new"] for code, reading in readings.items() if reading is not None}
    assert counted == {MUNG: 3, BAN: 0, DISTRICT: 3}
    said = {one.to: one.text for one in await district.said()}
    assert "Về trong kỳ / lũy kế: 3 / 3" in said["chair"]
    assert "Xã Chiềng Mung: 1/3 · ngoài tỉnh 0 · về 3" in said["district-officer"]


async def test_the_table_has_a_row_for_each_village_and_the_districts_one_for_each_commune(district: District) -> None:
    await district.move("09:45")

    tables = await _tables(district)

    in_commune = [cell.value for cell in tables["chair"].worksheets[0]["B"]]
    assert [name for name in in_commune if name and "Bản" in str(name)] == ["Bản Một", "Bản Hai", "Bản Ba"]
    in_district, by_village = ([cell.value for cell in sheet["B"]] for sheet in tables["district-officer"].worksheets)
    assert {"Xã Chiềng Mung", "Xã Chiềng Ban"} <= set(in_district)
    assert len([name for name in by_village if name and "Bản" in str(name)]) == sum(len(codes) for codes in VILLAGES.values())


async def test_each_reader_gets_words_and_file_in_their_language(district: District) -> None:
    await district.move("09:45")

    said = {one.to: one for one in await district.said()}
    tables = await _tables(district)

    assert said["district-officer"].text.startswith("TỔNG HỢP Huyện Mai Sơn")
    assert not said["district-chair"].text.startswith("TỔNG HỢP")
    assert tables["district-chair"].sheetnames != tables["district-officer"].sheetnames


async def test_a_commune_without_officials_still_issues_its_digest(district: District) -> None:
    await district.revoke(BAN)

    await district.move("09:45")

    async with district.db.read() as tx:
        tree = await UnitTrees().on(tx, DAY)
        assert await issued.as_issued(tx, tree, BAN, issued.MORNING, DAY) is not None


async def test_the_next_digest_compares_with_the_one_before_as_issued(district: District) -> None:
    await _returnees(district, "04136-01", 3)
    await district.move("09:45")
    await district.hear()

    await district.move("09:45", DAY + timedelta(days=1))

    chair = [one.text for one in await district.said() if one.to == "chair" and one.file]
    assert "09/9/2021" in chair[0]
    assert "(-3)" in chair[0] or "chưa rõ" in chair[0]


async def test_no_digest_holds_the_name_of_someone_who_is_counted(district: District) -> None:
    await _returnees(district, "04136-01", 2)

    await district.move("17:00")

    assert not [one.text for one in await district.said() if "Lò Thị" in one.text]


async def test_the_late_list_names_whom_to_call_even_if_they_blocked_the_bot(district: District) -> None:
    await district.block("chair")

    await district.move("10:00")

    late_list = [one.text for one in await district.said() if one.to == "district-officer"][-1]
    assert "Người Giả Định chair +84900000001" in late_list


async def test_a_report_at_ten_sharp_is_late_and_one_a_second_before_is_not(district: District) -> None:
    await district.report(*VILLAGES[BAN], filed=clock_shows("10:00") - timedelta(seconds=1))
    await district.report(*VILLAGES[MUNG], filed=clock_shows("10:00"))

    await district.move("10:00")

    late_list = [one.text for one in await district.said() if one.to == "district-officer"][-1]
    assert "10h00" in late_list
    assert "Xã Chiềng Mung: 0/3" in late_list
    assert "Chiềng Ban" not in late_list


async def test_a_commune_without_a_district_is_listed_to_who_holds_the_role_above_it(district: District) -> None:
    await district.revoke(DISTRICT)
    await district.add(("province", Role.DISTRICT_OFFICER, "14"))

    ran = await district.move("10:00")

    assert [(one.job, one.unit) for one in ran if one.job == "late_list"] == [("late_list", "14")]
