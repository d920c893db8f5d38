"""The question whether somebody is known already, where there are no buttons."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.access import Role, RoleAt
from bot.storage import roster

from .conftest import Bureau, person
from .test_without_buttons import Typist

RETURNEE = ("lò văn mẫu", "1985", "1", "bỏ qua", "bỏ qua", "bình dương", "hôm qua", "2", "0", "1", "1", "hôm qua")


@pytest.fixture
async def zalo(bureau: Bureau) -> Typist:
    async with bureau.db.write() as tx:
        someone = dataclasses.replace(person(3, "z1"), channel="zalo", roles=(RoleAt(Role.COMMUNE_OFFICER, "04123"),))
        await roster.add_people(tx, bureau.keys, [someone], bureau.clock())
    return Typist(bureau)


async def report(zalo: Typist) -> str:
    await zalo.types("/nguoive", *RETURNEE)
    return await zalo.types("1")


async def test_who_is_known_is_asked_about_by_numbers(zalo: Typist) -> None:
    await report(zalo)

    asked = await report(zalo)

    assert asked.startswith("Có thể đã có trong danh sách:\nLò Văn Mẫu, 1985, Bản Mẫu")
    assert asked.endswith('1. Cùng một người\n2. Người khác\n0. Quay lại\nHoặc gõ "hủy, không gửi".')


async def test_a_number_of_an_older_list_does_not_answer_it(zalo: Typist) -> None:
    await report(zalo)
    filed = await zalo.bureau.records()
    early = zalo.message("1")
    await report(zalo)

    await zalo.bureau.take(early)

    assert await zalo.bureau.records() == filed


async def test_it_can_be_answered_in_words_and_the_same_event_by_a_number(zalo: Typist) -> None:
    await report(zalo)
    await report(zalo)

    assert "1. Sửa bản đã có\n2. Việc khác, gửi mới\n0. Quay lại" in await zalo.types("cung mot nguoi")
    assert "KIỂM TRA TRƯỚC KHI GỬI" in await zalo.types("1")
    assert "Đã ghi nhận nội dung sửa" in await zalo.types("1")


async def test_going_back_and_cancelling_files_nothing(zalo: Typist) -> None:
    await report(zalo)
    filed = await zalo.bureau.records()
    await report(zalo)

    assert "KIỂM TRA TRƯỚC KHI GỬI" in await zalo.types("1", "0")
    assert "Đã hủy, chưa gửi gì." in await zalo.types("hủy, không gửi")

    assert await zalo.bureau.records() == filed


async def test_doubles_are_joined_and_told_apart_by_numbers(zalo: Typist) -> None:
    await report(zalo)
    await zalo.types("/nguoive", "lò văn mẩu", "1989", *RETURNEE[2:], "1")
    assert await zalo.types("người bị trùng") == "Xã Mẫu: không có ai có thể bị trùng.\n\n0. Về đầu"

    await zalo.types("/nguoive", "lò mẫu", *RETURNEE[1:], "1")
    filed = await zalo.types("2")  # somebody else
    assert "3. Xem hồ sơ" in filed
    assert "Trùng với ai?" in await zalo.types("3") + await zalo.types("tiếp")
    assert "1. Lò Văn Mẫu, 1985 (Bản Mẫu)\n2. Lò Văn Mẩu, 1989 (Bản Mẫu)\n0. Quay lại" in await zalo.types("trùng với ai?")
    assert "MỘT NGƯỜI HAY HAI NGƯỜI?" in await zalo.types("1")
    assert "1. Xem hồ sơ\n2. Tách lại\n3. Danh sách trùng\n0. Về đầu" in await zalo.types("1")
    assert "Đã tách lại thành hai người" in await zalo.types("2")


async def test_somebody_like_a_joined_person_is_asked_about_though_the_file_that_is_kept_says_less(zalo: Typist) -> None:
    """Who is away is not asked for their sex: it is known of the double alone, and that is whom the new report is like."""
    phone, rest = "0900 000 101", ("bỏ qua", *RETURNEE[5:])
    await zalo.types(
        "/nguoidi", "lò văn mẫu", "1985", "1", "bỏ qua", "bỏ qua", "bình dương", "2", "không", "bỏ qua", "có", "không", "1"
    )
    await zalo.types("/nguoive", "lò văn mẫu", "1985", "nam", phone, *rest, "1")
    assert "3. Xem hồ sơ" in await zalo.types("2")  # somebody else
    await zalo.types("3", "tiếp", "trùng với ai?", "1")
    assert "Đã gộp thành một người: Lò Văn Mẫu, 1985" in await zalo.types("1")

    await zalo.types("/nguoive", "lò văn mẫu", "1985", "nữ", phone, *rest)
    asked = await zalo.types("1")

    assert asked.startswith("Có thể đã có trong danh sách:\nLò Văn Mẫu, 1985, Bản Mẫu")
