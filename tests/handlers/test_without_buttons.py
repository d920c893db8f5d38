"""On a channel without buttons the same conversations are held by numbers and words (N12)."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from bot.messages import Inbound
from bot.storage import roster
from tests.handlers.conftest import Bureau, person


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

    assert "đã gửi hoặc đã hủy" in said[-1]
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
