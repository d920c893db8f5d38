"""A commune that begins in mid-epidemic: what it counted before is entered, counted, listed, corrected."""

from __future__ import annotations

from .deeds import counted, file_returnee
from .talk import Person, Talk, rows

SOURCE = "Báo cáo số 12 (mẫu) của xã"
LINE = f"Về lũy kế: số đầu kỳ đến ngày 31/8/2021: 40, nguồn: {SOURCE}"


async def test_what_was_counted_before_is_in_the_cumulative_figure_and_one_line_of_the_list(
    talk: Talk, head: Person, officer: Person
) -> None:
    await file_returnee(head)
    await officer.says("/sodauky")
    await officer.taps("Thêm số đầu kỳ")
    await officer.answers("Về lũy kế", "40", "31/8", SOURCE)
    assert "Danh sách ở đây đã có 1 người" in await officer.last()
    await officer.taps("Lưu")
    assert LINE in await officer.last()

    await officer.says("/tinhhinh")
    assert "\nVề trong kỳ / lũy kế từ 27/4/2021: 1 / 41\n" in await officer.last()
    assert (await counted(talk, "04123", "04123-01"))["returnees_total"] == 41
    await officer.says("/danhsach")
    assert LINE in await officer.last()
    await officer.taps("Tải Excel")
    book = await officer.document()
    below = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell == LINE]
    assert (len(rows(book)), below) == (1, [LINE])
    await talk.clock.to("09:45")
    cells = [str(cell) for row in (await officer.document()).worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert any("lũy kế từ 27/4/2021: " in cell and " / 41" in cell for cell in cells)

    await officer.says("/sodauky")
    await officer.taps("Xã Chiềng Mung: Về lũy kế", "Sửa số này", "Sửa", "Số đầu kỳ")
    await officer.answers("38", "Lưu")
    assert "Đã sửa số đầu kỳ (lần 2)" in await officer.last()
    await officer.taps("Số đầu kỳ", "Xã Chiềng Mung: Về lũy kế")
    history = await officer.last()
    assert "Lần 2: 38" in history
    assert "Lần 1: 40" in history
    assert history.count(" nhập, 0") == 2
    await officer.says("/doichieu")
    await officer.taps("Ai: Về lũy kế")
    assert "Số đầu kỳ thay đổi: -2" in await officer.last()


async def test_a_village_head_enters_none_and_a_district_does_for_its_communes(talk: Talk, head: Person) -> None:
    await head.says("/sodauky")
    assert "ngoài phần chị được giao" in await head.last()

    district = talk.person("125-district_officer-1")
    await district.says("/sodauky")
    await district.taps("Xã Chiềng Mung", "Thêm số đầu kỳ")
    await district.answers("F0 khỏi", "3", "31/8", SOURCE, "Lưu")

    assert "F0 khỏi: số đầu kỳ đến ngày 31/8/2021: 3" in await district.last()
    await head.forges("do:openings:04123")
    await head.forges("do:opening_add:04123-01")
    assert "ngoài phần chị được giao" in await head.last()
