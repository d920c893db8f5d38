"""What officials and teams look up, and never beyond their area."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.demo.people import demo_people

from .deeds import file_returnee
from .talk import Person, Talk, rows

DENIED = "được giao. Cần thì liên hệ cấp trên."


@pytest.fixture
def district(talk: Talk) -> Person:
    return talk.person("125-district_officer-1")


async def test_the_situation_is_walked_down_and_up_by_buttons(head: Person, district: Person) -> None:
    await file_returnee(head)

    await district.says("/tinhhinh")
    assert (await district.last()).startswith("TÌNH HÌNH Huyện Mai Sơn – tính đến 06h50 ngày 09/9/2021")
    assert "Về trong kỳ / lũy kế từ 27/4/2021: 1 / 1" in await district.last()
    await district.taps("Xã Chiềng Mung", "Bản Cây Đa (mẫu)")
    assert (await district.last()).startswith("TÌNH HÌNH Bản Cây Đa (mẫu)")
    assert "Về trong kỳ / lũy kế từ 27/4/2021: 1 / 1" in await district.last()
    await district.taps("Lên Xã Chiềng Mung")

    assert (await district.last()).startswith("TÌNH HÌNH Xã Chiềng Mung")


async def test_the_previous_window_is_a_tap_away(head: Person, talk: Talk) -> None:
    await file_returnee(head)
    await talk.clock.to("10:30")

    await head.says("/tinhhinh")
    assert "Về trong kỳ / lũy kế từ 27/4/2021: 0 / 1" in await head.last()
    await head.taps("Kỳ trước")
    assert "Về trong kỳ / lũy kế từ 27/4/2021: 1 / 1" in await head.last()
    await head.taps("Kỳ này")

    assert "Về trong kỳ / lũy kế từ 27/4/2021: 0 / 1" in await head.last()


async def test_a_head_sees_the_own_village_and_no_way_up(head: Person) -> None:
    await head.says("/tinhhinh")

    assert (await head.last()).startswith("TÌNH HÌNH Bản Cây Đa (mẫu)")
    assert [label for label in await head.buttons() if label.startswith("Lên")] == []


@pytest.mark.parametrize(
    "payload",
    [
        "do:situation:04126",
        "do:situation:04126-01:2021-09-09",
        "do:situation:125",
        "do:situation:no-such-unit",
        "do:missing:04126",
        "do:list:04126",
        "do:list:125",
        "do:form:returnee:04126-01",
    ],
)
async def test_a_forged_button_opens_nothing_beyond_ones_area(officer: Person, payload: str) -> None:
    await officer.says("/menu")

    await officer.forges(payload)

    assert (await officer.last()).endswith(DENIED)


async def test_who_is_missing_is_named_with_numbers_to_call(talk: Talk, head: Person, officer: Person) -> None:
    await head.says("/khong")
    await head.taps("Gửi báo cáo")

    await officer.says("/thieu")

    text = await officer.last()
    assert text.startswith("CHƯA BÁO CÁO ngày 09/9/2021 – Xã Chiềng Mung, lúc 06h50: 5/6 bản, tiểu khu")
    assert "Cây Đa" not in text
    silent = [one for one in demo_people() if one.unit.startswith("04123-") and one.role == "head" and one.unit != "04123-01"]
    assert len(silent) == 5
    for one in silent:
        assert f"{one.name} {one.phone}" in text
        assert one.phone.startswith("+84")


async def test_when_nobody_is_missing_that_is_said(talk: Talk, officer: Person) -> None:
    for number in range(1, 7):
        await talk.person(f"04123-{number:02}-head").answers("/khong", "Gửi báo cáo")

    await officer.says("/thieu")

    assert await officer.last() == "Xã Chiềng Mung: 6/6 bản, tiểu khu đã báo cáo ngày 09/9/2021."


async def test_the_district_chooses_the_commune_of_a_list(head: Person, district: Person) -> None:
    await file_returnee(head)

    await district.says("/danhsach")
    assert await district.last() == "Đồng chí chọn xã:"
    await district.taps("Xã Chiềng Mung", "Tải Excel")

    assert await district.last() == "Danh sách Xã Chiềng Mung: 1 người."
    sent = [one["document"]["name"] for one in await district.chat() if one["document"]]
    assert sent == ["Danh sách người dân – Xã Chiềng Mung – 09-9-2021.xlsx"]


async def test_on_zalo_a_list_is_a_link_that_ends(talk: Talk) -> None:
    head = talk.person("04123-04-head")
    await file_returnee(head)

    await head.says("danh sách", "tải excel")

    text, _, link = (await head.last()).rpartition("\n")
    assert text.startswith("Danh sách Bản Cối Nước (mẫu): 1 người.")
    async with talk.http.get(link) as response:
        book = load_workbook(BytesIO(await response.read()))
        assert response.content_disposition.filename == "Danh sách người dân – Bản Cối Nước (mẫu) – 09-9-2021.xlsx"
    assert [row["Họ và tên"] for row in rows(book)] == ["Lò Văn Mẫu"]
    await talk.clock.to("18:50")
    async with talk.http.get(link) as response:
        assert response.status == 410


async def test_a_head_calls_the_commune_by_numbers_that_phones_understand(head: Person) -> None:
    await head.says("/menu")

    await head.taps("Gọi xã")

    officials = [one for one in demo_people() if one.unit == "04123"]
    for one in officials:
        assert f"{one.name}, {one.phone}" in await head.last()


async def test_help_names_every_command_and_who_one_is(head: Person) -> None:
    await head.says("/trogiup")

    for command in ("/menu", "/tinhhinh", "/thieu", "/danhsach", "/huy", "/ngonngu"):
        assert command in await head.last()
    assert "Tổ trưởng, trưởng thôn, Bản Cây Đa (mẫu)" in await head.last()


async def test_the_situation_of_a_commune_shows_what_a_village_declared_beside_its_list(talk: Talk) -> None:
    head, officer = talk.person("04123-01-head"), talk.person("04123-commune_officer")
    await head.says("/baocao")
    await head.taps("Sửa", "F0 mới")
    await head.says("2")
    await head.taps("Sửa", "Khó khăn, vướng mắc")
    await head.says("Thiếu gạo cho 3 hộ")
    await head.taps("Gửi báo cáo")

    await officer.says("/tinhhinh")

    assert "F0 mới báo 2, theo danh sách 0" in await officer.last()
    assert "Thiếu gạo cho 3 hộ" in await officer.last()


async def test_the_situation_of_an_earlier_window_says_when_its_reports_are_known(talk: Talk, head: Person) -> None:
    officer = talk.person("04123-commune_officer")
    await talk.clock.to("08:30")
    await head.says("/khong")
    await head.taps("Gửi báo cáo")
    await talk.clock.to("09:50")

    await officer.says("/tinhhinh")

    assert "tính đến 08h00 ngày 09/9/2021" in await officer.last()
    assert "Đến 09h50: 1/6" in await officer.last()


async def test_the_situation_opens_at_the_window_being_reported_until_the_deadline(talk: Talk) -> None:
    officer = talk.person("125-district_officer-1")
    await talk.clock.to("09:50")
    await officer.says("/tinhhinh")
    assert "tính đến 08h00 ngày 09/9/2021" in await officer.last()

    await officer.taps("Kỳ này")
    assert "Kỳ này tính từ 08h00 ngày 09/9/2021." in await officer.last()

    await talk.clock.to("10:00")
    await officer.says("/tinhhinh")
    assert "Kỳ này tính từ 08h00 ngày 09/9/2021." in await officer.last()


async def test_in_the_evening_one_can_still_ask_who_is_missing_today(talk: Talk) -> None:
    officer = talk.person("04123-commune_officer")
    await talk.clock.to("18:01")

    await officer.says("/thieu")
    assert "CHƯA BÁO CÁO ngày 09/9/2021" in await officer.last()

    await officer.taps("Ngày 10/9/2021")
    assert "CHƯA BÁO CÁO ngày 10/9/2021" in await officer.last()
