"""A report that is half written waits: over restarts, over days, behind other things that a person does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from .deeds import RETURNEE, begin_returnee, counted, file_number, file_returnee, versions
from .talk import Person, Talk, talking

HEAD = "04123-01-head"


async def test_a_draft_goes_on_after_a_restart(data: Path) -> None:
    async with talking(data) as talk:
        await begin_returnee(talk.person(HEAD))
        await talk.person(HEAD).answers(*RETURNEE[:5])

    async with talking(data) as talk:
        await talk.person(HEAD).answers(*RETURNEE[5:], "Gửi báo cáo")

        assert (await counted(talk))["returnees_new"] == 1


async def test_a_draft_waits_for_days_and_is_resumed_from_the_menu(talk: Talk, head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE[:2])
    await talk.clock.to("06:00", date(2021, 9, 13))

    await head.says("/menu")
    assert 'Chị đang nhập dở "Người từ tỉnh ngoài về". Chọn "Tiếp tục" để nhập tiếp.' in await head.last()
    await head.taps("Tiếp tục")

    assert await head.last() == "Giới tính:"
    await head.answers(*RETURNEE[2:], "Gửi báo cáo")
    [record] = await versions(talk, await file_number(head))
    assert record.body["arrived_on"] == "2021-09-12"  # "Hôm qua" was said on the 13th


async def test_what_the_days_have_overtaken_is_asked_again_before_sending(talk: Talk, head: Person) -> None:
    await head.says("/nguoidi")
    await head.answers("Vì Thị Mẫu", "1999", "Lao động", "Bỏ qua", "Không có điện thoại", "Hà Nội", "2 mũi")
    await head.answers("Không", "ngày mai", "Có", "Không")
    await talk.clock.to("06:00", date(2021, 9, 13))

    await head.taps("Gửi báo cáo")

    assert "Có câu cần trả lời lại vì ngày đã qua." in await head.last()
    assert "Dự kiến ngày nào về?" in await head.last()
    await head.answers("20/9", "Gửi báo cáo")
    assert (await head.last()).startswith("Đã ghi nhận.")


async def test_a_button_of_a_question_that_is_over_shows_the_open_one(head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE[:2])
    old = await head.payload("Nam")
    await head.taps("Nữ")

    await head.forges(old)

    assert await head.last() == "Câu này đã qua. Câu đang hỏi:\n\nSố điện thoại liên lạc:"
    await head.says("0912 345 678")
    assert "Điện thoại: 0912 345 678" in await head.last()


async def test_a_double_tap_on_send_files_once(talk: Talk, head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE)

    await head.taps_twice("Gửi báo cáo")

    assert (await counted(talk))["returnees_new"] == 1
    assert (await head.heard())[-1].startswith("Báo cáo này đã gửi rồi. Mã hồ sơ: ")


async def test_cancel_forgets_the_draft_and_files_nothing(talk: Talk, head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE[:3])

    await head.says("/huy")
    assert await head.last() == "Đã hủy, chưa gửi gì."
    await head.says("/huy")

    assert (await head.last()).startswith("Không có báo cáo nào đang nhập dở.")
    assert await counted(talk) == {}


async def test_a_button_of_a_cancelled_report_says_that_it_is_over(head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE[:2])
    old = await head.payload("Nam")
    await head.taps("Hủy")

    await head.forges(old)

    assert await head.last() == "Báo cáo này đã gửi hoặc đã hủy."


async def test_back_keeps_what_was_answered(head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE[:4])

    await head.taps("Quay lại", "Quay lại")
    assert await head.last() == "Giới tính:\nĐang ghi: Nam"
    await head.taps("Nữ")

    assert await head.last() == "✓ Giới tính: Nữ\n\nThuộc hộ nào (tên chủ hộ)?"


async def test_back_from_an_answer_to_be_changed_leads_to_the_card_again(head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE)
    card = await head.last()

    await head.taps("Sửa", "Năm sinh", "Quay lại")

    assert await head.last() == card.split("\n\n", 1)[1]


async def test_commands_do_not_disturb_a_draft(head: Person) -> None:
    await begin_returnee(head)
    await head.answers(*RETURNEE[:2])

    await head.says("/trogiup", "/tinhhinh", "/danhsach", "/khong-co-lenh-nay", "/menu")
    await head.taps("Nam")

    assert "✓ Giới tính: Nam" in await head.last()


@pytest.mark.parametrize(
    ("other", "then"),
    [("Sửa", "KIỂM TRA TRƯỚC KHI GỬI"), ("Thêm người cùng hộ", "Họ và tên người cần báo:")],
)
async def test_nothing_half_written_is_dropped_without_asking(head: Person, other: str, then: str) -> None:
    await file_returnee(head)
    await begin_returnee(head)
    await head.says("Hà Văn Mẫu")

    await head.taps(other)
    assert "đang nhập dở" in await head.last()
    await head.taps("Tiếp tục")
    assert await head.last() == "Năm sinh (hoặc tuổi):"
    await head.taps(other, 'Bỏ, làm "Người từ tỉnh ngoài về"')

    assert then in await head.last()


async def test_another_report_and_the_profile_ask_before_they_drop_a_draft(head: Person) -> None:
    await begin_returnee(head)
    await head.says("Hà Văn Mẫu")

    await head.says("/trogiup")
    await head.taps("Sửa thông tin của tôi")
    assert "đang nhập dở" in await head.last()
    await head.says("/khong")
    assert "đang nhập dở" in await head.last()
    await head.taps('Bỏ, làm "Không phát sinh mới"')

    assert "KIỂM TRA TRƯỚC KHI GỬI\nKhông phát sinh mới" in await head.last()


async def test_words_that_look_like_a_button_are_answers_where_one_types(talk: Talk, head: Person) -> None:
    await begin_returnee(head)
    await head.says("Huy", "85", "nam", "khong co dien thoai", "huy", "Bình", "qua", "Xe máy", "2")
    await head.answers("Không nhớ ngày", "có", "Tự theo dõi sức khỏe", "Gửi báo cáo")

    [record] = await versions(talk, await file_number(head))
    said = {name: record.body[name] for name in ("full_name", "sex", "phone", "household", "came_from", "arrived_on", "doses")}
    assert said == {
        "full_name": "Huy",
        "sex": "male",
        "phone": None,
        "household": "Huy",
        "came_from": "Bình",
        "arrived_on": "2021-09-08",
        "doses": "2",
    }


async def test_after_an_outage_open_questions_are_asked_again_once(talk: Talk, head: Person) -> None:
    await begin_returnee(head)
    await head.says("Hà Văn Mẫu")
    parts = talk.running.parts

    for _ in range(2):
        await parts.ingest.show_open_questions(parts.channel.name, parts.channel.bot)
    await head.answers("1985")

    asked_again = [text for text in await head.heard() if text.startswith("Hệ thống vừa gián đoạn")]
    assert asked_again == ["Hệ thống vừa gián đoạn, nội dung chị đã nhập vẫn còn.\n\nNăm sinh (hoặc tuổi):"]
    assert "Giới tính:" in await head.last()
