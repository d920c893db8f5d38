"""On a channel without buttons the same conversations are held by numbers and words (N12)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

import pytest

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Form
from bot.domain.access import Role, RoleAt
from bot.forms import forms
from bot.messages import Inbound, InboundKind
from bot.storage import outbox, roster
from bot.storage.outbox import Delivered, Lane, Post
from bot.texts import Voice
from tests.handlers.conftest import BOT, Bureau, person


class Broken(Form):
    """A report that cannot be opened."""

    name: ClassVar[str] = "zero_report"

    @classmethod
    def prefill(cls, facts: Mapping[str, Json]) -> Answers:
        raise RuntimeError("broken")


class Typist:
    """Somebody on Zalo, who can only type."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau

    def message(self, text: str) -> Inbound:
        return dataclasses.replace(self.bureau.message(text, address="z1"), channel="zalo")

    async def types(self, *texts: str) -> str:
        """The last answer to these messages."""
        said: list[str] = []
        for text in texts:
            self.bureau.clock.move(self.bureau.clock() + timedelta(seconds=5))
            said = await self.bureau.take(self.message(text))
        return said[-1].removeprefix("z1: ")


@pytest.fixture
async def zalo(bureau: Bureau) -> Typist:
    async with bureau.db.write() as tx:
        someone = dataclasses.replace(person(3, "z1"), channel="zalo")
        await roster.add_people(tx, bureau.keys, [someone], bureau.clock())
    return Typist(bureau)


async def test_the_menu_is_a_numbered_list(zalo: Typist) -> None:
    assert await zalo.types("xin chào") == (
        "Anh chọn việc cần làm:\n\n1. Không phát sinh mới\n2. Có người về / người đi\n3. Gọi xã\n4. Thêm"
    )


async def test_the_rest_of_the_menu_has_one_digit_for_each_choice_and_turns_its_page_by_a_word(zalo: Typist) -> None:
    first = await zalo.types("chào", "4")
    assert "\n9. " in first
    assert "\n10. " not in first

    second, third = await zalo.types("tiếp"), await zalo.types("tiếp")
    assert "\n10. " not in second + third
    assert "Ngôn ngữ / Language" in third
    assert "1. Báo người từ tỉnh ngoài về" in await zalo.types("trước", "trước")


async def test_a_zero_report_takes_two_numbers(zalo: Typist) -> None:
    await zalo.types("chào", "1")

    assert "Đã ghi nhận báo cáo ngày 09/9/2021" in await zalo.types("1")
    assert await zalo.bureau.records() == 1


async def test_a_returnee_is_filed_by_numbers_and_words(zalo: Typist) -> None:
    await zalo.types("chào", "2", "1", "lò văn mẫu", "85")
    assert await zalo.types("nam") == (
        '✓ Giới tính: Nam\n\nSố điện thoại liên lạc:\n\nHoặc gõ "không có điện thoại", "quay lại", "hủy".'
    )
    await zalo.types("0912345678", "bỏ qua", "bình dương", "hôm qua")
    assert "1. Xe máy\n2. Xe khách" in await zalo.types("quay lại", "hôm qua")
    doses = await zalo.types("1")
    assert "0. Chưa tiêm\n1. 1 mũi\n2. 2 mũi\n3. 3 mũi\n4. Chưa rõ" in doses
    await zalo.types("2", "20/8", "1", "1", "hôm nay")

    draft = await zalo.bureau.draft("U3")
    assert draft is not None
    assert (draft.answers["doses"], draft.answers["quarantine_type"], draft.at) == ("2", "home", "*review")
    assert "Đã ghi nhận. Mã hồ sơ:" in await zalo.types("1")


async def test_the_review_card_is_cancelled_by_the_word_and_never_by_a_number(zalo: Typist) -> None:
    card = await zalo.types("chào", "1")
    assert card.endswith('1. Gửi báo cáo\nHoặc gõ "hủy, không gửi".')

    await zalo.types("2", "3", "9")
    assert await zalo.bureau.draft("U3") is not None

    assert "Đã hủy, chưa gửi gì." in await zalo.types("hủy, không gửi")


async def test_a_number_typed_before_the_list_was_shown_is_not_taken_for_it(zalo: Typist) -> None:
    await zalo.types("chào")
    early = zalo.message("1")
    await zalo.types("2")

    said = await zalo.bureau.take(early)

    assert said[-1].startswith("z1: Số này gửi trước khi có câu hỏi bên dưới nên chưa được tính.")
    assert "\n1. Báo người từ tỉnh ngoài về\n" in said[-1]
    assert await zalo.bureau.draft("U3") is None


async def test_commands_are_words(zalo: Typist) -> None:
    assert (await zalo.types("tình hình")).startswith("TÌNH HÌNH Bản Mẫu")
    assert (await zalo.types("thiếu")).startswith("CHƯA BÁO CÁO")
    assert (await zalo.types("trợ giúp")).startswith("TRỢ GIÚP")
    assert (await zalo.types("khong phat sinh moi")).startswith("KIỂM TRA TRƯỚC KHI GỬI")


async def test_a_single_word_is_a_name_where_a_name_is_asked(zalo: Typist) -> None:
    await zalo.types("chào", "2", "1")

    assert "✓ Họ và tên: Thêm" in await zalo.types("Thêm")


async def test_nothing_is_sent_as_a_button_there(zalo: Typist) -> None:
    await zalo.types("chào", "4", "trợ giúp")

    assert await zalo.bureau.buttons_sent() == 0


def says(key: str) -> str:
    return Voice("vi", "anh").word(key).strip()


async def test_the_lines_of_the_card_are_numbered_and_changed_by_their_number(zalo: Typist) -> None:
    card = await zalo.types("/f0", "Hà Văn Mẫu", "1970", "1", "không có", "bỏ qua", "2", "hôm nay", "4", "chưa rõ")
    assert "\n(1) Họ và tên: Hà Văn Mẫu\n(2) Năm sinh: 1970\n(3) Giới tính: Nam\n" in card
    assert card.endswith('ví dụ: sửa 2.\n\n1. Gửi báo cáo\n2. Sửa\nHoặc gõ "hủy, không gửi".')

    assert "Đang ghi: 1970" in await zalo.types("sửa 2")
    assert "(2) Năm sinh: 1971" in await zalo.types("1971")
    assert "Đang ghi: Nam" in await zalo.types("sua 3")
    assert "Đang ghi: 1971" in await zalo.types("quay lại", "edit số 2")
    assert "Đang ghi: 1971" in await zalo.types("quay lại", "sửa năm sinh")
    assert (await zalo.types("quay lại", "sửa 44")).startswith("Anh muốn sửa mục nào?\n\n1. Họ và tên\n2. Năm sinh")
    assert "Đang ghi: 1971" in await zalo.types("2")


async def test_a_question_mark_repeats_the_menu_the_list_or_what_was_looked_up(zalo: Typist) -> None:
    for texts in (["chào"], ["4"], ["tình hình"], ["/ngonngu"], ["/khong", "1", "rút lại"], ["/f0", "Hà Văn Mẫu", "/menu"]):
        said = await zalo.types(*texts)

        assert await zalo.types("?") == said
        assert await zalo.types(" ？? ") == said


async def test_a_question_mark_repeats_the_open_question(zalo: Typist) -> None:
    assert await zalo.types("/f0", "?") == await zalo.types("?")
    assert await zalo.types("Hà Văn Mẫu", "?") == 'Năm sinh (hoặc tuổi):\n\nHoặc gõ "quay lại", "hủy".'
    assert await zalo.types("1970", "?") == 'Giới tính:\n\n1. Nam\n2. Nữ\n0. Quay lại\nHoặc gõ "hủy".'


async def test_a_number_that_is_not_on_the_list_says_so_and_shows_the_list_again(zalo: Typist) -> None:
    menu = await zalo.types("chào")

    for text in ("9", "0", "77", "số 8"):
        assert await zalo.types(text) == f"{says('numbers.not_listed')}\n\n{menu}"
    assert (await zalo.types("4")).startswith("Các việc khác:")


@pytest.mark.parametrize("text", ["2", "2.", "số 2", "chọn 2 ạ", "２", "2️⃣", "(2)", "có người về / người đi", "CO NGUOI"])
async def test_a_choice_is_taken_however_its_number_or_label_is_written(zalo: Typist, text: str) -> None:
    await zalo.types("chào")

    assert (await zalo.types(text)).startswith("Có người về hay người đi?")


@pytest.mark.parametrize("text", ["0912345678", "1 2", "1 người", "-1", "1985", "một", "9" * 6000])
async def test_other_digits_choose_nothing(zalo: Typist, text: str) -> None:
    menu = await zalo.types("chào")

    assert await zalo.types(text) == menu
    assert await zalo.bureau.draft("U3") is None


async def test_numbers_are_answers_where_an_answer_is_typed(zalo: Typist) -> None:
    await zalo.types("/baocao", "sửa 1")
    assert "(1) Người về trong kỳ: 1\n" in await zalo.types("1")
    assert "(2) Người đi, mới ghi nhận: 0\n" in await zalo.types("sửa 2", "0")


async def test_a_number_for_a_list_that_stands_over_an_open_question_is_no_answer_to_it(zalo: Typist) -> None:
    await zalo.types("/baocao", "sửa 1", "/menu")

    assert (await zalo.types("8")).startswith(says("numbers.not_listed"))
    assert "Người về trong kỳ: 12\n" in await zalo.types("12 người")


async def test_after_a_sticker_numbers_are_still_answers(zalo: Typist) -> None:
    await zalo.types("/baocao", "sửa 1")
    sticker = dataclasses.replace(zalo.message(""), kind=InboundKind.OTHER)
    await zalo.bureau.take(sticker)

    assert "(1) Người về trong kỳ: 0\n" in await zalo.types("0")


async def test_the_second_of_two_numbers_sent_at_once_is_asked_again(zalo: Typist) -> None:
    await zalo.types("chào")

    first, second = await zalo.bureau.take(zalo.message("2"), zalo.message("1"))

    assert first.startswith("z1: Có người về hay người đi?")
    assert second.startswith(f"z1: {says('numbers.too_early')}\n\nCó người về hay người đi?")
    assert await zalo.bureau.draft("U3") is None


async def test_one_number_sent_twice_does_not_answer_the_next_question_too(zalo: Typist) -> None:
    await zalo.types("chào", "2", "2", "Lò Mẫu", "1985")  # an absence, at the question for the group

    await zalo.bureau.take(zalo.message("1"), zalo.message("1"))

    draft = await zalo.bureau.draft("U3")
    assert draft is not None
    assert (draft.at, draft.answers["group"]) == ("household", "worker")


async def test_a_number_after_a_reminder_means_the_list_before_it(zalo: Typist) -> None:
    await zalo.types("chào")
    post = Post("zalo", BOT, "z1", 'Anh ơi … Gõ "không phát sinh mới", "về đầu".', lane=Lane.DUTY)
    async with zalo.bureau.db.write() as tx:
        await outbox.queue(tx, zalo.bureau.keys, [post], zalo.bureau.clock())

    assert (await zalo.types("4")).startswith("Các việc khác:")
    assert (await zalo.types("không phát sinh mới")).startswith("KIỂM TRA TRƯỚC KHI GỬI")


async def test_a_very_old_number_means_what_was_shown_last(zalo: Typist) -> None:
    await zalo.types("chào", "4")
    zalo.bureau.clock.move(zalo.bureau.clock() + timedelta(days=40))

    assert (await zalo.types("0")).startswith("Anh chọn việc cần làm:")


async def test_taking_back_needs_its_word(zalo: Typist) -> None:
    asked = await zalo.types("/khong", "1", "rút lại")
    assert asked.endswith('1. Giữ nguyên\nHoặc gõ "RÚT LẠI" (Rút lại báo cáo).')

    for text in ("2", "3", "0"):
        await zalo.types(text)
    assert await zalo.bureau.records() == 1

    assert (await zalo.types("rut lai")).startswith("Đã rút lại báo cáo ngày 09/9/2021")
    assert await zalo.bureau.records() == 2


async def test_dropping_a_half_written_report_for_another_needs_its_word(zalo: Typist) -> None:
    asked = await zalo.types("/f0", "Hà Văn Mẫu", "/khong")
    assert asked.endswith('1. Tiếp tục\nHoặc gõ "BỎ" (Bỏ, làm "Không phát sinh mới").')

    for text in ("2", "0"):
        assert (await zalo.types(text)).startswith(says("numbers.not_listed"))

    assert (await zalo.types("BỎ")).startswith("KIỂM TRA TRƯỚC KHI GỬI")


async def test_the_error_after_a_crash_has_a_list_of_its_own(zalo: Typist) -> None:
    await zalo.types("chào")
    zalo.bureau.forms = {**zalo.bureau.forms, "zero_report": Broken}

    assert "Mã lỗi: " in await zalo.types("1")

    zalo.bureau.forms = forms()
    assert (await zalo.types("0")).startswith("Anh chọn việc cần làm:")


async def test_whoever_writes_without_marks_is_understood_where_it_is_no_answer(zalo: Typist) -> None:
    await zalo.types("/f0")
    assert "✓ Họ và tên: Huy\n" in await zalo.types("Huy")

    assert "Đã hủy, chưa gửi gì." in await zalo.types("huy")


async def test_words_that_steer_are_never_answers(zalo: Typist) -> None:
    assert "Câu này cần trả lời, không bỏ qua được." in await zalo.types("/f0", "bỏ qua")
    assert (await zalo.types("quay lại")).startswith("Họ và tên người cần báo:")
    assert "Đã hủy, chưa gửi gì." in await zalo.types("hủy")


async def test_an_alert_is_taken_by_its_words(bureau: Bureau) -> None:
    async with bureau.db.write() as tx:
        officer = dataclasses.replace(person(3, "z1"), channel="zalo", roles=(RoleAt(Role.COMMUNE_OFFICER, "04123"),))
        await roster.add_people(tx, bureau.keys, [officer], bureau.clock())
    await bureau.take(bureau.message("/f0"))
    for answer in ("Hà Văn Mẫu", "1970", "Nam", "không có điện thoại", "bỏ qua", "Khẳng định dương tính", "hôm nay"):
        await bureau.take(bureau.message(answer))
    await bureau.take(bureau.message("Cơ sở điều trị"), bureau.message("chưa rõ"))
    await bureau.take(bureau.message("Gửi báo cáo"))
    async with bureau.db.write() as tx:
        (alert,) = (await outbox.pending(tx, BOT, bureau.clock(), 1)).ready
        assert 'Gõ "đã nhận", "về đầu".' in outbox.open_message(bureau.keys, BOT, alert).text
        await outbox.mark_sent(tx, BOT, [Delivered(alert, "77")], bureau.clock())

    said = await Typist(bureau).types("đã nhận")

    assert "Đã ghi nhận anh nhận hồ sơ" in said
    assert "1. Xem hồ sơ" in said
