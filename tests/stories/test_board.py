"""The officer's morning on one board: what is open, who sees to it, and where it is settled."""

from __future__ import annotations

from datetime import date

from bot.domain.access import Role, RoleAt
from bot.storage import people, records
from bot.storage.records import Report

from .deeds import picture, put_in_charge
from .talk import Person, Talk

ILL = ("Hà Mẫu Bóng", "1990", "Nữ", "Không có điện thoại", "Bỏ qua", "Ho", "Hôm qua", "37,9", "Gửi báo cáo")


async def board_of(who: Person) -> str:
    """The newest board in somebody's chat, as it stands now."""
    return [text for text in await who.heard() if text.startswith("BẢNG VIỆC")][-1]


async def test_the_board_shows_what_is_open_and_changes_while_nobody_touches_it(
    talk: Talk, head: Person, officer: Person
) -> None:
    await officer.says("/bang")
    said = await board_of(officer)
    assert said.startswith("BẢNG VIỆC Xã Chiềng Mung, 06h50: còn 6 việc")
    assert "Báo cáo: 6" in said
    assert "• Bản Cây Đa (mẫu): chưa báo cáo. Gọi " in said

    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")
    await talk.person("04123-02-head").sends_file("danh-sach.png", picture())

    said = await board_of(officer)
    assert sum(text.startswith("BẢNG VIỆC") for text in await officer.heard()) == 1
    assert "còn 5 việc" in said
    assert "Báo cáo: 4, Chờ nhập: 1" in said
    assert "Cây Đa" not in said

    ill = talk.person("04123-03-head")
    await ill.says("/trieuchung")
    await ill.answers(*ILL)
    assert "Báo động: 1" in await board_of(officer)


async def test_one_of_two_officers_sees_to_an_item_and_the_other_is_shown_who(talk: Talk, officer: Person) -> None:
    chair = talk.person("04123-commune_chair")
    await officer.says("/bang")
    await chair.says("/bang")
    await officer.taps("Bản Cây Đa (mẫu): Báo cáo")
    await chair.taps("Bản Cây Đa (mẫu): Báo cáo")

    await officer.taps("Tôi xử lý")
    await chair.taps("Tôi xử lý")

    assert any(text.startswith("Đã ghi: đồng chí xử lý việc này.") for text in await officer.heard())
    assert any(text.startswith("Đã có người nhận việc này trước.") for text in await chair.heard())
    assert sum("Thả việc này" in str(one["buttons"]) for one in await chair.chat() if one["from"] == "bot") == 0
    for board in (await board_of(officer), await board_of(chair)):
        assert " xử lý từ 06h50" in next(line for line in board.splitlines() if "Cây Đa" in line)

    await officer.taps("Thả việc này")
    assert " xử lý từ " not in await board_of(chair)
    await chair.taps("Bảng việc")
    assert sum(text.startswith("BẢNG VIỆC") for text in await chair.heard()) == 1
    assert "Bảng việc mới ở bên dưới." in await chair.heard()


async def test_an_item_leads_to_the_conversation_that_settles_it_and_is_gone_then(talk: Talk, officer: Person) -> None:
    await officer.says("/bang")
    await officer.taps("Bản Cây Đa (mẫu): Báo cáo", "Tôi xử lý", "Gọi, báo thay", "Không phát sinh")

    assert "Cây Đa" not in await board_of(officer)
    await officer.forges("do:item:report/04123-01")
    assert await officer.last() == "Việc này đã xong, hoặc không còn trên bảng."


async def test_whose_it_is_is_asked_to_complete_it_in_the_officers_name_once_an_hour(
    talk: Talk, head: Person, officer: Person
) -> None:
    await head.says("/baocao")
    await head.taps("Sửa", "Người về trong kỳ")
    await head.answers("2", "Gửi báo cáo")
    await officer.says("/bang")

    await officer.taps("Bản Cây Đa (mẫu): Chưa khớp", "Đề nghị hoàn thiện", "Đề nghị hoàn thiện")

    asked = [text for text in await head.heard() if "Mong chị hoàn thiện giúp." in text]
    assert len(asked) == 1
    assert "nhắn: Bản Cây Đa (mẫu): " in asked[0]
    assert "báo 2, theo danh sách 0" in asked[0]


async def test_above_communes_the_board_has_a_line_for_each(talk: Talk, head: Person) -> None:
    district = talk.person("125-district_officer-1")
    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")
    await district.says("bảng việc")

    said = await board_of(district)
    assert "còn 22 việc" in said
    assert "Xã Chiềng Mung: 5/6 nơi chưa báo cáo; chưa xác nhận số liệu" in "".join(
        [said, *[await board_of(await district.taps("Trang sau")) for _ in range(2)]]
    )

    await head.forges("do:board:04123")
    assert "được giao. Cần thì liên hệ cấp trên." in await head.last()
    await head.forges("do:item_take:report/04123-02")
    assert await head.last() == "Việc này đã xong, hoặc không còn trên bảng."


async def test_who_does_not_work_there_any_more_sees_no_change(talk: Talk, head: Person, officer: Person) -> None:
    parts, chair = talk.running.parts, talk.person("04123-commune_chair")
    await officer.says("/bang")
    await chair.says("/bang")
    async with parts.db.write() as tx:
        await people.revoke_role(tx, officer.id, Role.COMMUNE_OFFICER, "04123", parts.clock())

    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")

    assert "còn 6 việc" in await board_of(officer)
    assert "còn 5 việc" in await board_of(chair)


async def test_only_the_boards_of_who_did_something_are_looked_at_again(talk: Talk, officer: Person) -> None:
    parts = talk.running.parts
    here = parts.channel.name, parts.channel.bot
    await officer.says("/bang")
    async with parts.db.write() as tx:
        await records.save_report(tx, Report("04123-01", "daily", date(2021, 9, 9), "R1", parts.clock(), zero=True))

    assert not await parts.boards.refresh(*here)
    parts.boards.touch({"04124-01"})
    assert not await parts.boards.refresh(*here)
    parts.boards.touch({"04123-02"})
    assert await parts.boards.refresh(*here)
    parts.boards.touch({"04123-02"})
    assert not await parts.boards.refresh(*here)


async def test_by_numbers_where_there_are_no_buttons(talk: Talk) -> None:
    zalo = talk.person("04123-04-head")
    await put_in_charge(talk, zalo.id, RoleAt(Role.COMMUNE_OFFICER, "04123"))
    await zalo.says("bảng việc")
    first = await zalo.last()
    assert "1. Bản Cây Đa (mẫu): Báo cáo" in first
    assert len(first) < 2000

    await zalo.says("1")
    assert "Tôi xử lý" in await zalo.last()
    await zalo.says("tôi xử lý")

    assert "Đã ghi: " in await zalo.last()
    await zalo.says("bảng việc")
    assert " xử lý từ 06h50" in await zalo.last()
