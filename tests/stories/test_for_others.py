"""Villages that ring up or hand in paper: the officer reports for them, and it shows who told it."""

from __future__ import annotations

from .deeds import RETURNEE, counted, file_number, versions
from .talk import Person, Talk

VILLAGE, FIRST = "Bản Mía Ngọt (mẫu)", "Bản Cây Đa (mẫu)"
CODE = "04123-03"


async def rings_up(officer: Person, village: str, name: str = "Lường Mẫu Tâm") -> None:
    """Say that this village is rung up."""
    await officer.says("/cachbao")
    await officer.taps(f"{village}: Tự nhập trên máy")
    await officer.answers("Qua điện thoại", name, "0900 000 321")
    await officer.taps("Lưu")


async def test_a_village_without_the_app_is_reported_for_in_one_tap(talk: Talk, officer: Person) -> None:
    await rings_up(officer, VILLAGE)
    assert f"Đã lưu. {VILLAGE}: Qua điện thoại." in await officer.last()
    await officer.says("/goi")
    assert f"• {VILLAGE} (Qua điện thoại): Lường Mẫu Tâm +84900000321" in await officer.last()

    await officer.taps(VILLAGE)
    assert f"Gọi {VILLAGE}, báo cáo ngày 09/9/2021: Lường Mẫu Tâm +84900000321" in await officer.last()
    await officer.taps("Không phát sinh")

    assert f"Đã ghi nhận báo cáo ngày 09/9/2021 của {VILLAGE}" in await officer.last()
    assert "Đã gọi hết danh sách." in await officer.last()
    assert await counted(talk, CODE) == {"reports_in": 1, "reports_on_time": 1, "zero_reports": 1}
    await talk.person("04123-03-head").says("/baocao")
    told = await talk.person("04123-03-head").last()
    assert "nhập (báo qua điện thoại: Lường Mẫu Tâm)" in told


async def test_the_call_is_late_after_eight_and_can_be_taken_back(talk: Talk, officer: Person) -> None:
    await rings_up(officer, VILLAGE)
    await talk.clock.to("08:05")
    await officer.says("/goi")
    await officer.taps(VILLAGE, "Không phát sinh")

    assert "reports_on_time" not in await counted(talk, CODE)
    await officer.taps(f"Rút lại báo cáo {VILLAGE}", "Rút lại báo cáo")

    assert await counted(talk, CODE) == {}
    await officer.says("/goi")
    assert f"• {VILLAGE} (Qua điện thoại)" in await officer.last()


async def test_whoever_is_not_reached_counts_nothing_and_goes_to_the_end(talk: Talk, officer: Person) -> None:
    await rings_up(officer, FIRST, "Hà Mẫu Bền")
    await rings_up(officer, VILLAGE)
    await talk.clock.to("07:12")
    await officer.says("/goi")
    await officer.taps(FIRST, "Không gọi được")

    assert f"Đã ghi: 07h12 gọi {FIRST} không được." in await officer.last()
    assert f"Tiếp theo:\nGọi {VILLAGE}" in await officer.last()
    await officer.taps("Không phát sinh")
    assert "Còn 1 nơi gọi chưa được." in await officer.last()
    await officer.says("/goi")
    assert f"• {FIRST} (Qua điện thoại): Hà Mẫu Bền +84900000321. Gọi 07h12 không được" in await officer.last()
    assert VILLAGE not in await officer.last()
    assert await counted(talk, "04123-01") == {}


async def test_who_came_back_is_told_by_phone_typed_by_the_officer_and_both_are_kept(talk: Talk, officer: Person) -> None:
    await rings_up(officer, VILLAGE)
    await officer.says("/goi")
    await officer.taps(VILLAGE, "Có người về")
    await officer.answers(*RETURNEE)
    await officer.taps("Gửi báo cáo")
    code = await file_number(officer)

    (record,) = await versions(talk, code)
    assert (record.unit, record.author) == (CODE, "04123-commune_officer")
    assert record.body["_told"] == {"means": "phone", "by": "Lường Mẫu Tâm"}
    await officer.taps("Xem hồ sơ")
    assert "báo qua điện thoại: Lường Mẫu Tâm" in await officer.last()
    assert " nhập 06:50 09/9/2021" in await officer.last()
    await officer.says("/goi")
    await officer.taps(VILLAGE, "Không phát sinh")
    assert "KIỂM TRA TRƯỚC KHI GỬI" in await officer.last()  # somebody was filed: the card says so first
    await officer.taps("Hủy, không gửi")


async def test_a_correction_keeps_who_told_it(talk: Talk, officer: Person) -> None:
    await rings_up(officer, VILLAGE)
    await officer.says("/nguoive")
    await officer.taps(VILLAGE)
    await officer.answers(*RETURNEE)
    await officer.taps("Gửi báo cáo", "Sửa", "Sửa", "Năm sinh")
    await officer.says("1986")
    await officer.taps("Gửi báo cáo")

    told = [one.body["_told"] for one in await versions(talk, await file_number(officer))]
    assert told == [{"means": "phone", "by": "Lường Mẫu Tâm"}] * 2


async def test_what_a_village_types_itself_was_told_by_nobody_else(talk: Talk, officer: Person, head: Person) -> None:
    await rings_up(officer, FIRST)
    await head.says("/khong")
    await head.taps("Gửi báo cáo")

    await officer.says("/goi")
    assert "không còn nơi nào cần gọi cho báo cáo ngày 09/9/2021" in await officer.last()
    assert (await counted(talk))["reports_in"] == 1


async def test_villages_that_are_rung_up_are_not_reminded_and_the_officer_gets_the_list(
    talk: Talk, officer: Person, head: Person
) -> None:
    await rings_up(officer, FIRST)
    member = talk.person("04123-01-member")
    before = [len(await one.heard()) for one in (head, member)]

    await talk.clock.to("07:31")

    assert [len(await one.heard()) for one in (head, member)] == before
    pushed = await officer.last()
    assert pushed.startswith("Xã Chiềng Mung: 1 nơi báo qua điện thoại hoặc giấy chưa có báo cáo")
    assert FIRST in pushed
    assert "Lường Mẫu Tâm" not in pushed
    await officer.taps("Danh sách gọi")
    assert f"• {FIRST} (Qua điện thoại)" in await officer.last()
    assert f"• {VILLAGE} (Tự nhập trên máy)" in await officer.last()  # silent in the app: rung up from now on


async def test_only_the_commune_rings_up(talk: Talk, head: Person, officer: Person) -> None:
    for one in (head, talk.person("125-district_officer-1")):
        await one.says("/menu")
        for payload in ("do:calls", "do:ways", f"do:ring:{CODE}", f"do:ring_none:{CODE}:2021-09-09", f"do:way:{CODE}"):
            await one.forges(payload)
            assert "được giao. Cần thì liên hệ" in await one.last()

    await officer.says("/menu")
    await officer.forges("do:ring_none:04126-01:2021-09-09")
    assert "được giao. Cần thì liên hệ" in await officer.last()
    await officer.forges(f"do:ring_none:{CODE}:2021-09-08")
    assert (await counted(talk, CODE)) == {}


async def test_two_officers_on_the_phone_do_not_report_twice(talk: Talk, officer: Person) -> None:
    await rings_up(officer, VILLAGE)
    chair = talk.person("04123-commune_chair")
    for one in (officer, chair):
        await one.says("/goi")
        await one.taps(VILLAGE)
    await officer.taps("Không phát sinh")

    await chair.taps("Không phát sinh")

    assert f"{VILLAGE} đã có báo cáo" in await chair.last()
    assert (await counted(talk, CODE))["reports_in"] == 1


async def test_a_team_that_corrects_what_was_told_by_telephone_is_not_shown_the_list_of_calls(
    talk: Talk, officer: Person, head: Person
) -> None:
    await rings_up(officer, FIRST)
    await officer.says("/nguoive")
    await officer.taps(FIRST)
    await officer.answers(*RETURNEE)
    await officer.taps("Gửi báo cáo")

    await head.says("/menu")
    await head.forges(f"do:correct:{await file_number(officer)}")
    await head.taps("Gửi báo cáo")

    assert "Xem hồ sơ" in await head.buttons()
    assert "Danh sách gọi" not in await head.buttons()
