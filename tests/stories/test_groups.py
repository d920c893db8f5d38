"""In a group: counts and places, nobody's name or number, and no chatter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from bot.demo.people import demo_people
from bot.domain.access import Role, RoleAt
from bot.domain.phones import show_phone
from bot.forms import forms
from bot.handlers.groups import ANSWERS
from bot.handlers.routes import COMMANDS
from bot.storage import people
from bot.storage.schema import account, outbox
from bot.texts import Voice, languages

from .deeds import file_returnee, put_in_charge
from .talk import CHATS, Person, Talk

GROUP = -100200300
PRIVATELY = "Nội dung này không dùng trong nhóm, đã gửi riêng cho {you}."
WRITE_FIRST = "{You} nhắn riêng cho kênh này trước, rồi mới dùng được trong nhóm."


class Group:
    """A group with the bot in it, in which anybody may write."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.info = {"id": GROUP, "type": "supergroup", "title": "Nhóm mẫu"}

    async def hears(self, who: str, text: str, **more: Any) -> list[str]:
        """Somebody writes here; what the bot answers here."""
        before = len(await self.said())
        date = int((await self.talk.clock.now()).timestamp())
        message = {"message_id": self.talk.number(), "from": user(who), "chat": self.info, "date": date, "text": text, **more}
        await self.talk.update({"message": message})
        return (await self.said())[before:]

    async def bot_becomes(self, status: str, before: str) -> None:
        date = int((await self.talk.clock.now()).timestamp())
        bot = {"id": 1000000, "is_bot": True, "first_name": "Từng Nhà"}
        old, new = {"user": bot, "status": before}, {"user": bot, "status": status}
        change = {
            "chat": self.info,
            "from": user("04123-01-head"),
            "date": date,
            "old_chat_member": old,
            "new_chat_member": new,
        }
        await self.talk.update({"my_chat_member": change})

    async def said(self) -> list[str]:
        return [text for text, _ in await self.messages()]

    async def messages(self) -> Sequence[tuple[str, Any]]:
        """Text and buttons of everything that was ever said here."""
        parts = self.talk.running.parts
        async with parts.db.read() as tx:
            sealed = await tx.scalars(sa.select(outbox.c.body).where(outbox.c.address == str(GROUP)).order_by(outbox.c.id))
            opened = [parts.keys.open_json("outbox.body", f"{parts.channel.bot}.{GROUP}", body) for body in sealed.all()]
        return [(body["text"], body["buttons"]) for body in opened]


def user(who: str) -> dict[str, Any]:
    return {"id": CHATS[who], "is_bot": False, "first_name": "Người Mẫu"}


@pytest.fixture
def group(talk: Talk) -> Group:
    return Group(talk)


async def test_the_situation_of_the_askers_own_unit_is_said_in_the_group_without_remarks(
    group: Group, head: Person, officer: Person
) -> None:
    await head.says("/baocao")
    await head.taps("Sửa", "Khó khăn, vướng mắc")
    await head.says("nhà ông Lò Văn Mẫu 0912345678 hết gạo")
    await head.taps("Gửi báo cáo")

    [answer] = await group.hears("04123-commune_officer", "/tinhhinh")

    assert answer.startswith("TÌNH HÌNH Xã Chiềng Mung")
    assert "Mẫu 0912" not in answer
    await officer.says("/tinhhinh")
    assert "Lò Văn Mẫu 0912345678" in await officer.last()


async def test_who_is_missing_is_said_by_village_and_nobody_is_named(group: Group) -> None:
    [answer] = await group.hears("04123-commune_officer", "/thieu")

    assert answer.startswith("CHƯA BÁO CÁO ngày 09/9/2021 – Xã Chiềng Mung")
    assert "Chưa báo cáo: Bản Cây Đa (mẫu), " in answer
    assert "+84" not in answer


async def test_help_in_a_group_says_what_works_there(group: Group) -> None:
    [answer] = await group.hears("04123-01-head", "/trogiup@tungnha_sandbox_bot")

    assert answer.startswith("Trong nhóm, kênh này chỉ trả lời bằng số:")


async def test_a_report_begun_in_a_group_goes_on_in_private(group: Group, head: Person) -> None:
    assert await group.hears("04123-01-head", "/nguoive") == [PRIVATELY.format(you="chị")]

    assert (await head.last()).startswith("Họ và tên")
    await head.says("Lò Văn Mẫu")
    assert "✓ Họ và tên: Lò Văn Mẫu" in await head.last()


async def test_a_list_asked_for_in_a_group_arrives_in_private(group: Group, officer: Person) -> None:
    await file_returnee(
        officer,
        "Bản Cây Đa (mẫu)",
        *("Lò Văn Mẫu", "1985", "Nam", "0912 345 678", "Lò Thị Mẫu"),
        *("Bình Dương", "Hôm qua", "Xe khách", "Chưa tiêm", "Có", "Cách ly tại nhà", "Hôm qua"),
    )

    assert await group.hears("04123-commune_officer", "/danhsach") == [PRIVATELY.format(you="đồng chí")]

    assert (await officer.last()).startswith("DANH SÁCH Xã Chiềng Mung: 1 người")


async def test_who_has_several_units_is_asked_in_private(group: Group, talk: Talk, officer: Person) -> None:
    await put_in_charge(talk, "04123-commune_officer", RoleAt(Role.COMMUNE_OFFICER, "04132"))

    assert await group.hears("04123-commune_officer", "/tinhhinh") == [PRIVATELY.format(you="đồng chí")]
    assert await officer.last() == "Đồng chí chọn địa bàn:"


@pytest.mark.parametrize(
    "text", ["chào cả nhà", "tình hình", "1", "Lò Văn Mẫu 0912 345 678", "/thoitiet", "/tinhhinh@bot_khac", "/"]
)
async def test_what_is_not_for_the_bot_is_met_with_silence(group: Group, text: str) -> None:
    assert await group.hears("04123-01-head", text) == []


async def test_pictures_stickers_and_taps_in_a_group_are_met_with_silence(group: Group) -> None:
    photo = [{"file_id": "F1", "file_unique_id": "U1", "file_size": 7, "width": 9, "height": 9}]
    for content in ({"photo": photo, "caption": "/tinhhinh"}, {"dice": {"emoji": "🎲", "value": 4}}):
        assert await group.hears("04123-01-head", "", **content) == []
    shown = {"message_id": 3, "chat": group.info, "date": 0}
    query = {"id": "77", "from": user("04123-01-head"), "message": shown, "chat_instance": "1", "data": "do:list"}
    await group.talk.update({"callback_query": query})
    assert await group.said() == []


async def test_who_is_unknown_or_has_not_agreed_is_told_to_write_in_private_first(group: Group, talk: Talk) -> None:
    async with talk.running.parts.db.write() as tx:
        await people.withdraw_notice(tx, "04123-01-head")

    assert await group.hears("newcomer", "/danhsach") == [WRITE_FIRST.format(You="Anh/Chị")]
    assert await group.hears("04123-01-head", "/tinhhinh") == [WRITE_FIRST.format(You="Chị")]
    masked = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    assert await group.hears("04123-01-head", "/thieu", **{"from": masked}) == [WRITE_FIRST.format(You="Anh/Chị")]


async def test_who_has_blocked_the_bot_is_not_promised_a_private_answer(group: Group, head: Person) -> None:
    await head.blocks()

    assert await group.hears("04123-01-head", "/danhsach") == [WRITE_FIRST.format(You="Chị")]


async def test_a_group_is_greeted_when_it_adds_the_bot_and_noted_when_it_removes_it(group: Group, talk: Talk) -> None:
    await group.bot_becomes("member", before="left")
    [hello] = await group.said()
    assert "Không gửi thông tin cá nhân vào nhóm." in hello

    await group.bot_becomes("kicked", before="member")

    async with talk.running.parts.db.read() as tx:
        states = list(await tx.scalars(sa.select(account.c.state).where(account.c.address == str(GROUP))))
    assert states == ["blocked"]
    assert len(await group.said()) == 1


async def test_no_command_says_a_persons_name_or_number_in_a_group(group: Group, talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await head.says("/baocao")
    await head.taps("Sửa", "Khó khăn, vướng mắc")
    await head.says("Lò Văn Mẫu 0912 345 678 cần gạo")
    await head.taps("Gửi báo cáo")
    called = [command.names for command in COMMANDS]
    called += [
        tuple(Voice(language).word(f"form.{form.name}.command") for language in languages())
        for form in forms().values()
        if form.files and form.alone
    ]
    everyone = (
        "04123-01-head",
        "04123-01-member",
        "04123-commune_officer",
        "04123-commune_chair",
        "125-district_officer-1",
        "14-admin",
    )

    # By each name once, and by whoever may be answered otherwise.
    typed = [(everyone[0], name) for names in called for name in names]
    typed += [(who, names[0]) for who in everyone[1:] for names in called]
    silent = [(who, name) for who, name in typed if not await group.hears(who, f"/{name} 04123 en ABCD2345")]

    assert silent == []
    identifying = {person.name for person in demo_people()} | {"Lò Văn Mẫu", "Lò Thị Mẫu", "0912"}
    identifying |= {person.phone for person in demo_people()} | {show_phone(person.phone) for person in demo_people()}
    said = await group.messages()
    assert [text for text, _ in said if any(mark in text for mark in identifying)] == []
    assert [buttons for _, buttons in said if buttons] == []


def test_what_is_answered_in_groups_are_commands() -> None:
    assert set(ANSWERS) <= {command.key for command in COMMANDS}
