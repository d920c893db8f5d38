"""A quick question goes to the villages, its table fills while they answer, and who is missing is named (N14)."""

from __future__ import annotations

from datetime import timedelta

from .deeds import DAY
from .talk import Person, Talk, rows
from .test_own_table import FILE, filled, template

MEMBER = "04123-01-member"


async def asks(officer: Person, *answers: str) -> None:
    await officer.says("/hoi")
    await officer.taps("Hỏi câu mới")
    await officer.answers(*answers)


async def table(officer: Person) -> str:
    """The live table as it stands."""
    return next(text for text in await officer.heard() if text.startswith(("HỎI NHANH:", "HỎI HẰNG NGÀY:")))


async def test_a_number_is_asked_answered_corrected_and_who_is_missing_named(talk: Talk, officer: Person, head: Person) -> None:
    member = talk.person(MEMBER)
    await asks(officer, "Bao nhiêu hộ thiếu gạo?", "Số", "Một lần", "10:00 hôm nay", "Tất cả", "Gửi câu hỏi")
    assert "Đã gửi câu hỏi đến 6 nơi" in (await officer.heard())[-2]
    assert "Đã trả lời 0/6" in await table(officer)
    assert await head.last() == "Xã Chiềng Mung hỏi: Bao nhiêu hộ thiếu gạo?\nTrả lời trước 10h00.\nCho Bản Cây Đa (mẫu)."

    # A bare number answers nothing; after "Trả lời" it does, and what is no number is asked again.
    await head.says("3")
    assert "Đã ghi" not in await head.last()
    await head.taps("Trả lời")
    await head.answers("-1")
    assert "Số chưa đúng" in await head.last()
    assert "Bao nhiêu hộ thiếu gạo?" in await head.last()
    await head.answers("3")
    assert await head.last() == "Đã ghi cho Bản Cây Đa (mẫu): 3. Cảm ơn chị."
    assert "Tổng: 3\n• Bản Cây Đa (mẫu): 3\nChưa trả lời: Bản Chim Én (mẫu)" in await table(officer)

    # A colleague corrects it by a reply; another village's reply is no number first.
    await member.replies("hộ thiếu gạo", "5 hộ")
    assert "Thay cho câu trả lời trước: 3." in await member.last()
    other = talk.person("04123-02-head")
    await other.replies("hộ thiếu gạo", "hai hoặc ba")
    assert "Số chưa đúng" in await other.last()
    await other.replies("hộ thiếu gạo", "2")
    assert "Đã trả lời 2/6.\nTổng: 7" in await table(officer)

    # Written down for a village on the phone, with an hour's more time.
    await officer.taps("Xem câu hỏi", "Ghi hộ", "Bản Mía Ngọt (mẫu) – chưa trả lời")
    await officer.answers("1")
    silent = talk.person("04123-05-head")
    await officer.taps("Xem câu hỏi", "Hỏi lại nơi chưa trả lời")
    assert "mong bác trả lời giúp: Bao nhiêu hộ thiếu gạo?" in await silent.last()
    await officer.taps("Xem câu hỏi", "Gia hạn")
    await officer.answers("06:30 hôm nay")
    assert "Hạn 06:30 09/9/2021 đã qua" in await officer.last()
    await officer.answers("10:30")
    assert any("Đã đổi hạn thành 10h30" in text for text in await officer.heard())
    assert "đã đổi hạn trả lời thành 10h30" in await silent.last()
    assert "đã đổi hạn" not in await head.last()

    # 10:00: only the silent are reminded. 10:30: the missing are named once, and an answer that comes then is late.
    await talk.clock.to("10:00")
    assert "Còn 30 phút nữa" in await silent.last()
    assert not [text for text in await head.heard() if "phút nữa đến hạn" in text]
    await talk.clock.to("10:30")
    told = [text for text in await officer.heard() if "Đã đến hạn 10h30" in text]
    assert len(told) == 1
    assert "Đã trả lời 3/6. Chưa trả lời: Bản Cối Nước (mẫu), Tiểu khu 1 (mẫu), Tiểu khu 2 (mẫu)." in told[0]
    assert "Tổng: 8" in told[0]
    await silent.says("trả lời", "0")  # on Zalo, where the words stand for the button
    assert "được ghi là muộn" in await silent.last()
    assert "Bản Mía Ngọt (mẫu): 1 (báo qua điện thoại)" in await table(officer)
    assert "Tiểu khu 1 (mẫu): 0 (muộn)" in await table(officer)

    await officer.taps("Xem câu hỏi", "Tải Excel")
    listed = {row["Đơn vị"]: row["Trả lời"] for row in rows(await officer.document())}
    assert [listed[name] for name in ("Bản Cây Đa (mẫu)", "Tiểu khu 1 (mẫu)", "Tiểu khu 2 (mẫu)", "Cộng")] == [5, 0, None, 8]


async def test_a_choice_is_asked_of_ticked_villages_and_taken_by_one_tap_or_by_its_number(
    talk: Talk, officer: Person, head: Person
) -> None:
    zalo = talk.person("04123-04-head")
    await asks(officer, "Gạo cứu trợ thế nào?", "Chọn một mục", "Đủ, Thiếu, Chưa nhận", "Một lần", "10h mai", "Chọn từng nơi")
    await officer.taps("Gửi câu hỏi", "Bản Cây Đa (mẫu)", "Bản Cối Nước (mẫu)", "Bản Mía Ngọt (mẫu)", "✓ Bản Mía Ngọt (mẫu)")
    assert "Đã chọn: 2" in await officer.last()
    await officer.taps("Gửi cho 2 nơi")
    assert "Đã trả lời 0/2" in await table(officer)
    assert not [text for text in await talk.person("04123-02-head").heard() if "Gạo" in text]

    await head.taps("Thiếu")
    assert "Đã ghi cho Bản Cây Đa (mẫu): Thiếu." in await head.last()
    assert 'Gõ "trả lời"' in await zalo.last()
    await zalo.says("1")
    assert not [text for text in await zalo.heard() if "Đã ghi" in text]
    await zalo.says("trả lời")
    assert "1. Đủ\n2. Thiếu\n3. Chưa nhận" in await zalo.last()
    await zalo.says("3")
    assert "Đã ghi cho Bản Cối Nước (mẫu): Chưa nhận." in await zalo.last()
    assert "Đủ: 0, Thiếu: 1, Chưa nhận: 1" in await table(officer)
    assert len([text for text in await officer.heard() if "Đã đủ 2/2 câu trả lời" in text]) == 1

    # Of two who end it the first wins; who answers then is told so.
    chair = talk.person("04123-commune_chair")
    await chair.says("/hoi")
    await chair.taps("Gạo cứu trợ thế nào? – hạn 10h00 ngày 10/9/2021", "Rút câu hỏi")
    await officer.taps("Xem câu hỏi", "Đóng", "Đóng câu hỏi")
    await chair.taps("Rút câu hỏi này")
    assert "đã được Lò Mẫu" in await chair.last() or "đóng lúc" in await chair.last()
    await head.taps("Đủ")
    assert "đóng lúc" in await head.last()


async def test_who_types_while_a_question_is_withdrawn_is_told_what_was_not_kept(officer: Person, head: Person) -> None:
    await asks(officer, "Khó khăn gì?", "Viết câu", "Một lần", "17:00 hôm nay", "Tất cả", "Gửi câu hỏi")
    await head.taps("Trả lời")
    await officer.taps("Xem câu hỏi", "Rút câu hỏi", "Rút câu hỏi này")

    await head.says("Thiếu muối, thiếu thuốc")

    assert "rút lại lúc" in await head.last()
    assert "chưa được ghi: Thiếu muối, thiếu thuốc" in await head.last()


async def test_a_daily_counter_reaches_the_digest_its_file_and_stops(talk: Talk, officer: Person, head: Person) -> None:
    await asks(officer, "Số túi thuốc đã cấp", "Số", "Hỏi hằng ngày", "07:00", "08:00", "Tất cả", "Gửi câu hỏi")
    assert "Sẽ hỏi 6 nơi hằng ngày lúc 07:00, từ ngày 09/9/2021." in await officer.last()
    await talk.clock.to("07:00")
    await talk.clock.to("07:10")
    await head.replies("Số túi thuốc đã cấp", "12")
    other = talk.person("04123-02-head")
    await other.replies("Số túi thuốc đã cấp", "0")

    await talk.clock.to("09:45")

    digest = await officer.last()
    missing = "Bản Mía Ngọt (mẫu), Bản Cối Nước (mẫu), Tiểu khu 1 (mẫu), Tiểu khu 2 (mẫu)"
    assert f"Câu hỏi thêm:\n• Số túi thuốc đã cấp: Tổng: 12 (2/6; chưa trả lời: {missing})" in digest
    book = await officer.document()
    assert book.sheetnames[-1] == "Câu hỏi thêm"
    given = {row["Đơn vị"]: row["Số túi thuốc đã cấp"] for row in rows(book, len(book.worksheets) - 1)}
    assert list(given.values()) == [12, 0, None, None, None, None, 12]

    # Stopped, it is asked no more.
    await officer.says("/hoi")
    await officer.taps("Số túi thuốc đã cấp – hằng ngày", "Thôi hỏi hằng ngày", "Đóng câu hỏi")
    await talk.clock.to("07:05", DAY + timedelta(days=1))
    assert len([text for text in await head.heard() if "hỏi: Số túi thuốc đã cấp\n" in text]) == 1


async def test_a_column_added_overnight_is_asked_of_the_villages_and_filled(talk: Talk, officer: Person, head: Person) -> None:
    await talk.clock.to("08:50")
    await officer.sends_file(FILE, template())
    await officer.taps("Xem biểu", "Trả lời mục chưa rõ", "Hỏi các nơi hằng ngày")
    assert "4. Số túi thuốc đã cấp → hỏi các nơi hằng ngày" in await officer.last()
    assert not [text for text in await head.heard() if "túi thuốc" in text]
    await officer.taps("Xác nhận, dùng từ hôm nay")
    assert any("Đã gửi câu hỏi đến 6 nơi" in text for text in await officer.heard())
    await head.replies("Số túi thuốc đã cấp", "7")

    await talk.clock.to("09:45")

    assert await filled(officer, 4) == [7, None, None, None, None, None]
    told = next(text for text in await officer.heard() if text.startswith("Biểu của"))
    assert '"Số túi thuốc đã cấp" – chưa trả lời, ô để trống: Bản Chim Én (mẫu), Bản Mía Ngọt (mẫu)' in told


async def test_a_district_asks_its_communes_and_their_officers_answer(talk: Talk, officer: Person) -> None:
    district = talk.person("125-district_officer-1")
    await asks(district, "Ngày nào họp?", "Ngày", "Một lần", "17:00 hôm nay", "Chọn từng nơi", "Gửi câu hỏi", "Xã Chiềng Mung")
    await district.taps("Gửi cho 1 nơi")
    assert "Huyện Mai Sơn hỏi: Ngày nào họp?" in await officer.last()

    await officer.says("/hoi")
    await officer.taps("Câu hỏi khác (1)")
    await officer.answers("hôm kìa kìa")
    assert "Ngày chưa hợp lệ" in await officer.last()
    await officer.answers("thứ sáu")

    assert "Đã ghi cho Xã Chiềng Mung: 10/9/2021." in await officer.last()
    assert "• Xã Chiềng Mung: 10/9/2021" in await table(district)
    assert not [text for text in await talk.person("04123-01-head").heard() if "Ngày nào họp" in text]
    chair = talk.person("04123-commune_chair")
    assert not [text for text in await chair.heard() if "Ngày nào họp" in text]
