"""A team sends a photo of its list: the commune types it in, and until then nobody is reminded and nothing is counted."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.demo.people import demo_people
from bot.domain.access import Role, RoleAt
from bot.storage import schema

from .deeds import counted, picture, put_in_charge
from .talk import Person, Talk

RECEIVED = "Đã nhận ảnh. Xã sẽ nhập, chị không phải làm gì thêm."
PUSHED = "Bản Cây Đa (mẫu) gửi ảnh lúc 06h50, chờ nhập."
NOT_READ = "Kênh này chỉ đọc được chữ."
LARGE = {"file_id": "F1", "file_unique_id": "U1", "file_size": 20 * 1024 * 1024 + 1}
GONE = {"file_id": "khong-co", "file_unique_id": "U1", "file_size": 7}


@pytest.fixture
async def second(talk: Talk) -> Person:
    """The commune's chair, who is its second officer today."""
    await put_in_charge(talk, "04123-commune_chair", RoleAt(Role.COMMUNE_OFFICER, "04123"))
    return talk.person("04123-commune_chair")


async def test_a_photo_reaches_the_officer_as_a_photo_with_the_entry_form(head: Person, officer: Person) -> None:
    await head.sends_file("danh-sach.png", picture())

    assert await head.last() == f"{RECEIVED}\n\nChị chọn việc cần làm ở bên dưới."
    assert await officer.last() == PUSHED
    assert await officer.photos() == [picture()]
    buttons = await officer.buttons()
    assert {"Nhập báo cáo ngày", "Không phát sinh mới", "Người về", "Người đi", "Ca dương tính"} <= set(buttons)
    assert buttons[-2:] == ["Ai gửi, lời nhắn", "Đã nhập xong"]


async def test_the_officer_types_it_in_for_that_village_and_the_sender_is_told_once(
    talk: Talk, head: Person, officer: Person
) -> None:
    await head.sends_file("anh.png", picture())
    await officer.taps("Người về")
    assert (await officer.last()).startswith("Họ và tên")
    await officer.answers("Lò Văn Mẫu", "1985", "Nam", "0912 345 678", "Lò Thị Mẫu", "Bình Dương", "Hôm qua", "Xe khách")
    await officer.answers("Chưa tiêm", "Có", "Cách ly tại nhà", "Hôm qua")
    await officer.taps("Gửi báo cáo")

    await officer.taps("Đã nhập xong")
    assert (await officer.last()).startswith("Đã ghi là nhập xong ảnh Bản Cây Đa (mẫu) gửi lúc 06h50, và đã báo người gửi.")
    await officer.taps("Đã nhập xong")

    assert (await counted(talk))["returnees_new"] == 1
    assert [text for text in await head.heard() if text.startswith("Xã đã nhập")] == [
        "Xã đã nhập ảnh chị gửi lúc 06h50. Cảm ơn chị."
    ]


async def test_closing_it_while_the_village_has_no_report_says_so_and_offers_one(head: Person, officer: Person) -> None:
    await head.sends_file("anh.png", picture())

    await officer.taps("Đã nhập xong")

    assert "Lưu ý: Bản Cây Đa (mẫu) vẫn chưa có báo cáo ngày 09/9/2021." in await officer.last()
    await officer.taps("Không phát sinh mới", "Gửi báo cáo")
    assert "Đã ghi nhận báo cáo ngày 09/9/2021 của Bản Cây Đa (mẫu)" in await officer.last()


async def test_an_open_question_is_shown_again_below_and_nothing_of_it_is_lost(head: Person) -> None:
    await head.says("/nguoive", "Hà Văn Mẫu")

    await head.sends_file("anh.png", picture())

    assert await head.last() == f"{RECEIVED}\n\nNăm sinh (hoặc tuổi):"
    await head.says("1985")
    assert "Năm sinh: 1985" in await head.last()


async def test_who_sent_it_and_what_they_wrote_is_shown_to_who_asks_and_not_pushed(head: Person, officer: Person) -> None:
    await head.sends_file("Lò Văn Mẫu.xlsx", b"PK\x03\x04", "nhà Lò Văn Mẫu 0912345678")

    assert await officer.last() == "Bản Cây Đa (mẫu) gửi tệp lúc 06h50, có lời nhắn kèm theo, chờ nhập."
    pushed = (await officer.chat())[-1]["document"]
    assert "Mẫu" not in pushed["name"]
    assert pushed["name"].endswith(".xlsx")
    await officer.taps("Ai gửi, lời nhắn")
    shown = await officer.last()
    assert "Lời nhắn: nhà Lò Văn Mẫu 0912345678" in shown
    assert "Tên tệp: Lò Văn Mẫu.xlsx" in shown
    assert "Người gửi: " in shown
    assert (await officer.chat())[-1]["document"]["size"] == 4
    assert (await officer.buttons())[-1] == "Đã nhập xong"


async def test_an_album_is_one_answer_one_form_and_closed_at_once(talk: Talk, head: Person, officer: Person) -> None:
    await head.sends_file("anh.png", picture())
    await officer.taps("Đã nhập xong")
    before = len(await head.heard())
    sent = (await head.chat())[0]["photo"].split("/")[3]
    photo = [{"file_id": sent, "file_unique_id": "U1", "file_size": 70, "width": 9, "height": 9}]

    for caption in ("trang một", "", "trang ba"):
        await head.sends(photo=photo, media_group_id="album-1", caption=caption)

    assert len(await head.heard()) == before + 1
    rows = [one for one in await officer.chat() if one["photo"]][1:]
    assert len(rows) == 3
    assert ["Người về" in str(one["buttons"]) for one in rows] == [True, False, False]
    await officer.says("/chonhap")
    assert "CHỜ NHẬP: 1 mục\nBản Cây Đa (mẫu), 06h50: 3 ảnh – " in await officer.last()
    await officer.taps("Bản Cây Đa (mẫu) 06h50")
    assert "Lời nhắn: trang một\nLời nhắn: trang ba" in await officer.last()
    assert len(await officer.photos()) == 7
    await officer.taps("Đã nhập xong")
    await officer.says("/chonhap")
    assert await officer.last() == "Không có gì chờ nhập."
    assert len(await head.heard()) == before + 2


async def test_the_village_is_not_reminded_and_is_missing_all_the_same(talk: Talk, head: Person, officer: Person) -> None:
    await head.sends_file("anh.png", picture())
    member = talk.person("04123-01-member")

    for wall in ("07:00", "07:30", "08:00"):
        await talk.clock.to(wall)

    assert len(await head.heard()) == 1
    assert await member.heard() == []
    assert "Bản Cây Đa (mẫu) (đã gửi ảnh, chờ xã nhập), " in await officer.last()
    await officer.says("/thieu")
    assert "Bản Cây Đa (mẫu) (đã gửi ảnh, chờ xã nhập): " in await officer.last()
    assert await counted(talk) == {}


async def test_a_reminder_that_waits_is_taken_back_and_one_that_is_due_later_comes_once_it_is_closed(
    talk: Talk, head: Person, officer: Person
) -> None:
    await head.sends_file("anh.png", picture())
    await officer.taps("Đã nhập xong")

    await talk.clock.to("07:00")

    assert "chưa có báo cáo hôm nay" in await head.last()


async def test_yesterdays_picture_spares_nobody_todays_reminder(talk: Talk, head: Person) -> None:
    await head.sends_file("anh.png", picture())
    await talk.clock.to("07:00", day=(await talk.clock.now()).date().replace(day=10))

    assert "chưa có báo cáo hôm nay" in await head.last()


async def test_who_has_several_villages_sends_it_to_the_commune_and_none_is_reminded(
    talk: Talk, head: Person, officer: Person
) -> None:
    await put_in_charge(talk, "04123-01-head", RoleAt(Role.HEAD, "04123-02"))
    await head.sends_file("anh.png", picture())

    assert await officer.last() == "Xã Chiềng Mung gửi ảnh lúc 06h50, chờ nhập."
    await talk.clock.to("07:00")
    assert len(await head.heard()) == 1
    await officer.taps("Người về")
    assert await officer.last() == "Báo cáo cho thôn, bản nào?"


async def test_the_second_officer_is_told_who_typed_it_in(head: Person, officer: Person, second: Person) -> None:
    await head.sends_file("anh.png", picture())
    assert await second.last() == PUSHED

    await officer.taps("Đã nhập xong")
    told = await second.last()
    await second.taps("Đã nhập xong")

    by = "ảnh Bản Cây Đa (mẫu) gửi lúc 06h50: "
    assert told.startswith(by)
    assert told.endswith(" đã nhập xong lúc 06h50.")
    assert await second.last() == told
    assert len([text for text in await officer.heard() if text.startswith(by)]) == 0


async def test_two_officers_who_tap_at_once_are_told_apart(head: Person, officer: Person, second: Person) -> None:
    await head.sends_file("anh.png", picture())

    await officer.taps_twice("Đã nhập xong")

    assert len([text for text in await head.heard() if text.startswith("Xã đã nhập")]) == 1


async def test_without_an_officer_the_communes_leaders_get_it(talk: Talk, head: Person, officer: Person) -> None:
    await officer.blocks()

    await head.sends_file("anh.png", picture())

    assert await talk.person("04123-commune_chair").last() == PUSHED
    assert await talk.person("04123-commune_secretary").last() == PUSHED


async def test_with_nobody_in_the_commune_nothing_is_promised(talk: Talk, head: Person) -> None:
    for role in ("commune_officer", "commune_chair", "commune_secretary"):
        await talk.person(f"04123-{role}").blocks()

    await head.sends_file("anh.png", picture())

    said = await head.last()
    assert said.startswith("Kênh này không đọc được ảnh, và xã chưa có cán bộ nhận ở đây. Chị gõ chữ, hoặc gọi xã.")
    assert "Cán bộ xã: " in said
    assert "+84900000" in said


async def test_an_officials_own_picture_is_not_promised_to_anybody(officer: Person) -> None:
    await officer.sends_file("anh.png", picture())

    assert (await officer.last()).startswith(NOT_READ)


@pytest.mark.parametrize("content", [{"photo": [{**GONE, "width": 9, "height": 9}]}, {"voice": {**GONE, "duration": 3}}])
async def test_what_cannot_be_fetched_is_said_to_its_sender_with_whom_to_ring(
    talk: Talk, head: Person, officer: Person, content: dict[str, Any]
) -> None:
    before = await officer.heard()
    await head.sends(**content)

    said = await head.last()
    what = "ảnh" if "photo" in content else "tin ghi âm"
    assert said.startswith(f"Chưa lấy được {what} chị gửi lúc 06h50. Chị gửi lại giúp, hoặc gọi xã.\nCán bộ xã: +84900000")
    assert await officer.heard() == before
    await talk.clock.to("07:00")
    assert "chưa có báo cáo hôm nay" in await head.last()


async def test_a_file_that_is_too_large_is_refused_at_once(head: Person, officer: Person) -> None:
    before = await officer.heard()

    await head.sends(document={**LARGE, "file_name": "quay.mp4"})

    assert (await head.last()).startswith("Tệp lớn hơn 20 MB nên chưa nhận được. Chị gửi bản nhỏ hơn, gõ chữ, hoặc gọi xã.")
    assert await officer.heard() == before


async def test_only_the_villages_own_commune_may_look_or_close(talk: Talk, head: Person, officer: Person) -> None:
    await head.sends_file("anh.png", picture())
    look, close = await officer.payload("Ai gửi, lời nhắn"), await officer.payload("Đã nhập xong")
    for who in (talk.person("04132-commune_officer"), talk.person("125-district_officer-1"), head):
        await who.says("/menu")
        for token in (look, close):
            await who.forges(token)
            assert await who.last() in (
                "Mục này không còn, hoặc không thuộc địa bàn của đồng chí.",
                "Mục này không còn, hoặc không thuộc địa bàn của chị.",
            )

    await head.says("/chonhap")
    assert await head.last() == "Việc này ngoài phần chị được giao. Cần thì liên hệ cấp trên."
    await officer.says("/chonhap")
    assert "CHỜ NHẬP: 1 mục" in await officer.last()


async def test_the_menu_of_a_commune_leads_to_what_waits(officer: Person) -> None:
    await officer.says("/menu")
    await officer.taps("Thêm", "Báo cáo của thôn, bản", "Chờ nhập")

    assert await officer.last() == "Không có gì chờ nhập."


@pytest.fixture
def zalo_head(talk: Talk) -> Person:
    """The head of a village whose team is on Zalo."""
    found = next(
        one for one in demo_people() if one.unit.startswith("04123-") and one.role is Role.HEAD and one.channel == "zalo"
    )
    return talk.person(found.id)


async def test_a_photo_sent_on_zalo_reaches_the_officer_on_telegram(zalo_head: Person, officer: Person) -> None:
    await zalo_head.sends_file("anh.png", picture())

    assert (await zalo_head.last()).startswith("Đã nhận ảnh. Xã sẽ nhập, ")
    assert await officer.photos() == [picture()]
    await officer.taps("Đã nhập xong")
    assert (await zalo_head.last()).startswith("Xã đã nhập ảnh ")


async def test_a_file_that_zalo_keeps_to_itself_is_answered_with_whom_to_ring(zalo_head: Person, officer: Person) -> None:
    before = await officer.heard()

    await zalo_head.sends_file("danh-sach.xlsx", b"PK")

    said = await zalo_head.last()
    assert said.startswith("Ứng dụng chat không chuyển nội dung này tới đây.")
    assert "Cán bộ xã: " in said
    assert "+84900000" in said
    assert await officer.heard() == before


async def test_an_officer_who_is_on_zalo_gets_the_photo_as_a_link(
    talk: Talk, head: Person, officer: Person, zalo_head: Person
) -> None:
    async with talk.running.parts.db.write() as tx:
        await tx.execute(
            sa.update(schema.role).where(schema.role.c.user_id == zalo_head.id).values(revoked_at=talk.running.parts.clock())
        )
    await put_in_charge(talk, zalo_head.id, RoleAt(Role.COMMUNE_OFFICER, "04123"))

    await head.sends_file("anh.png", picture())

    said = await zalo_head.last()
    assert said.startswith(PUSHED)
    assert 'Gõ "chờ nhập".' in said
    async with talk.http.get(said.split()[-1]) as response:
        assert await response.read() == picture()
    await zalo_head.says("chờ nhập", "1", "nhập xong")
    assert (await head.last()).startswith("Xã đã nhập ảnh ")
