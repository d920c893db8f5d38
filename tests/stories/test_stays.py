"""What confirms a record, and what the schedule sent, is never written over by a tap on it."""

from __future__ import annotations

from .deeds import file_returnee
from .talk import Person, Talk


async def test_a_confirmation_keeps_its_buttons_when_one_goes_back_to_the_menu(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)

    await head.taps("Về đầu")

    assert any(text.startswith(f"Đã ghi nhận. Mã hồ sơ: {code}.") for text in await head.heard())
    await head.taps("Sửa")
    assert "KIỂM TRA TRƯỚC KHI GỬI" in await head.last()


async def test_a_digest_stays_when_one_asks_who_is_missing(talk: Talk) -> None:
    district = talk.person("125-district_officer-1")
    await talk.clock.to("09:45")
    digest = await district.last()
    assert digest.startswith("TỔNG HỢP Huyện Mai Sơn")

    await district.taps("Chưa báo cáo")

    assert (await district.last()).startswith("CHƯA BÁO CÁO")
    assert digest in await district.heard()


async def test_a_suspected_case_of_the_morning_is_named_before_a_report_of_nothing_new(talk: Talk, head: Person) -> None:
    await head.says("/f0")
    await head.answers(
        "Lò Văn Mẫu", "1985", "Nam", "Không có điện thoại", "Bỏ qua", "Nghi ngờ", "Hôm nay", "Cách ly tại nhà", "Chưa rõ"
    )
    await head.taps("Gửi báo cáo")

    await head.says("/khong")

    assert "trong kỳ này đã ghi 1 trường hợp mới" in await head.last()
