"""Digests are issued once, say what is stored, and carry their table."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
import sqlalchemy as sa
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

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
    assert "Về trong kỳ / lũy kế từ 27/4/2021: 3 / 3" in said["chair"]
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


async def test_whom_to_call_is_behind_a_button_of_the_late_list(district: District) -> None:
    await district.move("10:00")

    late_list = [one for one in await district.said() if one.to == "district-officer"][-1]
    assert "Người Giả Định" not in late_list.text
    assert "90000" not in late_list.text
    assert late_list.buttons == (f"do:missing:{DISTRICT}:{DAY}", "do:menu")


async def test_summaries_lead_to_who_is_missing_unless_nobody_is(district: District) -> None:
    await district.report(*VILLAGES[BAN])

    for wall in ("09:45", "10:00", "17:00"):
        await district.move(wall)

    said = await district.said()
    leads = {who: [one.buttons for one in said if one.to == who] for who in ("chair", "secretary", "district-officer")}
    mung, district_ = (f"do:missing:{MUNG}:{DAY}", "do:menu"), (f"do:missing:{DISTRICT}:{DAY}", "do:menu")
    assert leads["chair"] == [(f"do:signing:{MUNG}:{DAY}", *mung), mung]
    assert leads["secretary"] == [(f"do:signing:{BAN}:{DAY}", "do:menu"), ("do:menu",)]
    assert leads["district-officer"] == [(f"do:signing:{DISTRICT}:{DAY}", *district_), district_]


async def test_a_report_committed_while_the_round_runs_stands_alike_in_text_and_file(district: District) -> None:
    """The round began at 09:45:00; the report was sent and committed before its transaction."""
    district.clock.move(clock_shows("09:44"))
    await district.report("04136-01", filed=clock_shows("09:45") + timedelta(seconds=20))

    await district.move("09:45")

    text = next(one.text for one in await district.said() if one.to == "district-officer")
    by_commune, by_village = (await _tables(district))["district-officer"].worksheets
    assert "Xã Chiềng Mung: 1/3" in text
    assert {"1/3 đã báo cáo"} <= {cell.value for cell in by_commune[_last_column(by_commune)]}
    remarks = [cell.value for cell in by_village[_last_column(by_village)]]
    assert (remarks.count("chưa báo cáo"), remarks.count("báo cáo muộn")) == (4, 1)


def _last_column(sheet: Worksheet) -> str:
    return get_column_letter(sheet.max_column)


async def test_an_evening_summary_after_two_days_speaks_of_the_window_it_is_about(district: District) -> None:
    ran = await district.move("08:30", DAY + timedelta(days=2))

    assert ("evening", MUNG) in {(one.job, one.unit) for one in ran}
    evening = next(one.text for one in await district.said() if one.to == "chair" and "CHIỀU" in one.text)
    lines = evening.split("\n")
    assert lines[0] == "TỔNG HỢP CHIỀU Xã Chiềng Mung – tính đến 08h00 ngày 10/9/2021"
    assert lines[2].startswith("Từ 08h00 ngày 09/9/2021 đến 08h00 ngày 10/9/2021: về 0")
    assert any(line.startswith("Đến 08h30 ngày 11/9/2021: 0/3 bản đã báo cáo") for line in lines)


async def test_a_person_whose_row_cannot_be_opened_stops_nobodys_digest(
    district: District, caplog: pytest.LogCaptureFixture
) -> None:
    await district.damage("district-officer")

    ran = await district.move("09:45")

    assert {one.unit for one in ran if one.job == "digest"} == {MUNG, BAN, DISTRICT}
    assert {one.to for one in await district.said() if one.file} == {"chair", "officer", "secretary", "district-chair"}
    assert "user district-officer is left out: WrongKey" in caplog.text


async def test_what_a_team_declares_and_what_troubles_it_stand_in_the_file_and_in_no_push(district: District) -> None:
    body = {"returnees_new": 0, "away_new": 0, "f0_new": 2, "difficulties": "Thiếu gạo cho 3 hộ"}
    async with district.db.write() as tx:
        filing = Filing("r1", "daily_report", 1, "04136-01", DAY, body, None, {}, ())
        await records.file(tx, district.keys, filing, district.clock())
        await records.save_report(tx, records.Report("04136-01", "daily", DAY, "r1", district.clock(), zero=False))

    await district.move("09:45")

    table = (await _tables(district))["chair"].worksheets[0]
    noted = [cell.value for cell in table[_last_column(table)]]
    assert "F0 mới báo 2, theo danh sách 0; Khó khăn, vướng mắc: Thiếu gạo cho 3 hộ" in noted
    assert not [one.text for one in await district.said() if "gạo" in one.text]


async def test_a_report_at_ten_sharp_is_late_and_one_a_second_before_is_not(district: District) -> None:
    await district.report(*VILLAGES[BAN], filed=clock_shows("10:00") - timedelta(seconds=1))
    await district.report(*VILLAGES[MUNG], filed=clock_shows("10:00"))

    await district.move("10:00")

    late_list = [one.text for one in await district.said() if one.to == "district-officer"][-1]
    assert "10h00" in late_list
    assert "Xã Chiềng Mung: 0/3" in late_list
    assert "Chiềng Ban" not in late_list


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER])
async def test_a_commune_without_a_district_is_overseen_by_who_is_above_it(district: District, role: Role) -> None:
    await district.revoke(DISTRICT)
    await district.add(("province", role, "14"))

    ran = await district.move("10:00")

    assert [(one.job, one.unit) for one in ran if one.job == "late_list"] == [("late_list", "14")]
    digest, late_list = (one for one in await district.said() if one.to == "province")
    assert digest.text.startswith("TỔNG HỢP Tỉnh Sơn La")
    assert digest.file is not None
    assert "CHƯA ĐỦ BÁO CÁO" in late_list.text


async def test_a_digest_says_where_the_former_figures_were_kept(district: District) -> None:
    await district.report("04136-01", kept=True)
    await district.report("04136-02")

    await district.move("09:45")

    said = {one.to: one.text for one in await district.said()}
    assert "Giữ số kỳ trước: Bản Một." in said["officer"]
    assert "Giữ số kỳ trước: 1 nơi." in said["district-officer"]
