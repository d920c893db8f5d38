"""Pictures on a channel without buttons, and what its platform keeps to itself."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from bot.domain.access import Role, RoleAt
from bot.handlers.long_work import Workshop
from bot.messages import Inbound, InboundKind, Media
from bot.storage import roster
from bot.storage.units import UnitTrees

from .conftest import Bureau, person

JPEG = b"\xff\xd8\xff\xe0 anh"
WITHHELD = "Ứng dụng chat không chuyển nội dung này tới đây. Anh gõ chữ giúp, hoặc gọi xã."
OFFICER = dataclasses.replace(
    person(9, "z9"), channel="zalo", roles=(RoleAt(Role.COMMUNE_OFFICER, "04123"),), phone="+84900000009"
)


async def fetched(_wanted: Media) -> bytes:
    return JPEG


class Zalo:
    """A village head and an officer of the commune, both on Zalo."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau

    async def hears(self, kind: InboundKind, address: str = "z1", **more: object) -> list[str]:
        """What is said to whom once everything is done."""
        self.bureau.clock.move(self.bureau.clock() + timedelta(seconds=5))
        message: Inbound = dataclasses.replace(self.bureau.message(address=address), channel="zalo", kind=kind, **more)  # type: ignore[arg-type]
        before = len(await self.bureau.said())
        await self.bureau.take(message)
        while await self.workshop().do_next():
            pass
        return (await self.bureau.said())[before:]

    def workshop(self) -> Workshop:
        return Workshop(self.bureau.db, self.bureau.desk(), UnitTrees(), self.bureau.clock, lambda: None, {"zalo": fetched})

    async def types(self, *texts: str, address: str = "z9") -> str:
        said: list[str] = []
        for text in texts:
            said = await self.hears(InboundKind.TEXT, address, text=text)
        return next(one for one in reversed(said) if one.startswith(address)).removeprefix(f"{address}: ")


@pytest.fixture
async def zalo(bureau: Bureau) -> Zalo:
    async with bureau.db.write() as tx:
        someone = dataclasses.replace(person(3, "z1"), channel="zalo")
        await roster.add_people(tx, bureau.keys, [someone, OFFICER], bureau.clock())
    return Zalo(bureau)


async def test_what_the_platform_withholds_is_answered_with_whom_to_ring(zalo: Zalo) -> None:
    [said] = await zalo.hears(InboundKind.WITHHELD)

    assert said.startswith(f"z1: {WITHHELD}\n\nCán bộ xã: Lò Mẫu, +84900000009\nAnh chọn việc cần làm ở bên dưới.")


async def test_what_is_withheld_in_the_middle_of_a_report_leaves_the_question_open(zalo: Zalo) -> None:
    await zalo.types("/nguoive", address="z1")

    [said] = await zalo.hears(InboundKind.WITHHELD)

    assert "Cán bộ xã: Lò Mẫu, +84900000009\nHọ và tên người cần báo:" in said


async def test_an_official_is_not_sent_to_themselves(zalo: Zalo) -> None:
    [said] = await zalo.hears(InboundKind.WITHHELD, "z9")

    assert "+84900000009" not in said


async def test_a_sticker_and_a_place_get_a_short_answer_and_no_number(zalo: Zalo) -> None:
    for kind in (InboundKind.OTHER, InboundKind.LOCATION):
        [said] = await zalo.hears(kind)

        assert said.startswith("z1: Kênh này chỉ đọc được chữ.")
        assert "+84" not in said


async def test_an_officer_without_buttons_works_off_a_picture_by_numbers(zalo: Zalo) -> None:
    received, pushed = await zalo.hears(
        InboundKind.MEDIA, media=Media("photo", "https://photo-stal-1.zdn.vn/a.jpg"), text="hai"
    )
    assert received.startswith("z1: Đã nhận ảnh. Xã sẽ nhập")
    assert pushed.startswith("z9: Bản Mẫu gửi ảnh lúc 07h00, có lời nhắn kèm theo, chờ nhập.")
    assert 'Gõ "chờ nhập".' in pushed

    listed = await zalo.types("chờ nhập")
    assert listed.startswith("CHỜ NHẬP: 1 mục\nBản Mẫu, 07h00: ảnh – Lò Mẫu")
    assert "1. Bản Mẫu 07h00" in listed
    form = await zalo.types("1")
    assert "Lời nhắn: hai" in form
    assert '"NHẬP XONG" (Đã nhập xong)' in form
    closing = await zalo.hears(InboundKind.TEXT, "z9", text="nhap xong")

    assert closing[0] == "z1: Xã đã nhập ảnh anh gửi lúc 07h00. Cảm ơn anh."
    assert closing[1].startswith("z9: Đã ghi là nhập xong ảnh Bản Mẫu gửi lúc 07h00, và đã báo người gửi.")
    assert await zalo.bureau.buttons_sent() == 0
