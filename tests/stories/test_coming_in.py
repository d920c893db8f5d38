"""Somebody new: a code, the privacy notice, a name and a form of address, and then a report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot.domain.access import Role
from bot.storage import people
from bot.storage.people import Invite, Who
from bot.storage.schema import user

from .deeds import counted
from .talk import CHATS, Person, Talk

CODE = "ABCD2345"
ASKED_FOR_A_CODE = (
    "Chào anh/chị. Đây là kênh báo cáo của Tổ COVID cộng đồng. Anh/Chị gửi mã kích hoạt 8 ký tự do cán bộ xã cấp."
)
BAD_CODE = "Mã kích hoạt không đúng hoặc đã hết hạn. Anh/Chị kiểm tra lại hoặc xin cán bộ xã mã mới."


@pytest.fixture
def newcomer(talk: Talk) -> Person:
    return talk.person("newcomer")


async def invite(talk: Talk, role: Role = Role.MEMBER, unit: str = "04123-02", code: str = CODE) -> None:
    parts = talk.running.parts
    async with parts.db.write() as tx:
        now = parts.clock()
        await people.add_invite(tx, parts.keys, code, Invite(role, unit, None), now, now + timedelta(days=7))


async def who_is(talk: Talk, person: Person) -> Who:
    parts = talk.running.parts
    async with parts.db.read() as tx:
        found = await people.at_addresses(tx, parts.keys, "telegram", parts.channel.bot, [str(CHATS[person.id])])
    return found[str(CHATS[person.id])]


async def test_an_unknown_person_is_asked_for_a_code_whatever_they_send(newcomer: Person) -> None:
    for text in ("chào", "/menu", "/danhsach", "/start", "0912 345 678"):
        await newcomer.says(text)
        assert await newcomer.last() == ASKED_FOR_A_CODE


@pytest.mark.parametrize("said", ["ABCD2346", "/start ABCD2346", "abcd-2346"])
async def test_a_wrong_code_lets_nobody_in(talk: Talk, newcomer: Person, said: str) -> None:
    await invite(talk)

    await newcomer.says(said)

    assert await newcomer.last() == BAD_CODE


@pytest.mark.parametrize("said", ["abcd 2345", "abcd-2345", f"/start {CODE}"])
async def test_a_code_is_understood_however_it_comes(talk: Talk, newcomer: Person, said: str) -> None:
    await invite(talk)

    await newcomer.says(said)

    assert await newcomer.buttons() == ["Đồng ý", "Không đồng ý"]


async def test_a_code_leads_over_the_notice_and_the_profile_to_a_report(talk: Talk, newcomer: Person) -> None:
    await invite(talk)

    await newcomer.says(CODE)
    assert "Chào mừng anh/chị. Anh/Chị được giao: Thành viên Tổ COVID cộng đồng, Bản Chim Én (mẫu)." in await newcomer.last()
    assert "THÔNG BÁO VỀ DỮ LIỆU CÁ NHÂN" in await newcomer.last()
    assert "Ai chịu trách nhiệm: UBND xã (hư cấu, luyện tập)." in await newcomer.last()
    assert await newcomer.buttons() == ["Đồng ý", "Không đồng ý"]
    await newcomer.taps("Đồng ý")
    await newcomer.answers("Bác", "Tòng Thị Mẫu", "0912 345 678")
    await newcomer.taps("Lưu")
    assert "Đã lưu. Chào bác Tòng Thị Mẫu." in await newcomer.last()
    await newcomer.taps("Không phát sinh mới", "Gửi báo cáo")

    assert (await newcomer.last()).endswith("Cảm ơn bác.")
    assert (await counted(talk, "04123-02"))["reports_in"] == 1
    known = await who_is(talk, newcomer)
    assert (known.name, known.phone, known.address_form) == ("Tòng Thị Mẫu", "+84912345678", "bac")


async def test_without_agreement_nothing_is_possible(talk: Talk, newcomer: Person) -> None:
    await invite(talk)
    await newcomer.says(CODE)

    await newcomer.taps("Không đồng ý")
    assert await newcomer.last() == ('Khi chưa đồng ý thì chưa dùng được kênh báo cáo này. Đổi ý, anh/chị chọn "Đồng ý".')
    await newcomer.says("/khong")
    await newcomer.forges("do:form:zero_report")
    assert "THÔNG BÁO VỀ DỮ LIỆU CÁ NHÂN" in await newcomer.last()
    assert (await who_is(talk, newcomer)).notice_version is None
    await newcomer.taps("Đồng ý")

    assert "Xin phép được xưng hô thế nào?" in await newcomer.last()


async def test_agreeing_twice_asks_no_question_twice(talk: Talk, newcomer: Person) -> None:
    await invite(talk)
    await newcomer.says(CODE)

    await newcomer.taps_twice("Đồng ý")
    assert (await newcomer.last()) == "Xin phép được xưng hô thế nào?"
    await newcomer.answers("Bác", "Tòng Thị Mẫu", "Không có điện thoại", "Lưu")
    await newcomer.forges("do:agree")

    assert await newcomer.last() == "Bác chọn việc cần làm:"


async def test_a_code_works_once(talk: Talk, newcomer: Person) -> None:
    await invite(talk)
    await talk.person("04123-03-head").says(f"/start {CODE}")

    await newcomer.says(CODE)

    assert await newcomer.last() == BAD_CODE


async def test_a_code_expires(talk: Talk, newcomer: Person) -> None:
    parts = talk.running.parts
    async with parts.db.write() as tx:
        what = Invite(Role.MEMBER, "04123-02", None)
        await people.add_invite(tx, parts.keys, CODE, what, parts.clock(), parts.clock() + timedelta(minutes=5))
    await talk.clock.to("06:55")

    await newcomer.says(CODE)

    assert await newcomer.last() == BAD_CODE


async def test_a_revoked_code_lets_nobody_in(talk: Talk, newcomer: Person) -> None:
    await invite(talk)
    parts = talk.running.parts
    async with parts.db.write() as tx:
        assert await people.revoke_invite(tx, parts.keys, CODE, parts.clock())

    await newcomer.says(CODE)

    assert await newcomer.last() == BAD_CODE


async def test_an_officer_invites_somebody_from_the_chat(talk: Talk, officer: Person, newcomer: Person) -> None:
    await officer.says("/moi")
    await officer.taps("Thành viên Tổ COVID cộng đồng", "Bản Chim Én (mẫu)")
    code = next(line for line in (await officer.last()).split() if len(line) == 8 and line.isalnum() and line.isupper())

    await newcomer.says(code)

    assert "Thành viên Tổ COVID cộng đồng, Bản Chim Én (mẫu)." in await newcomer.last()


async def test_a_second_code_gives_a_second_role_and_asks_nothing_again(talk: Talk, head: Person) -> None:
    await invite(talk)

    await head.says(f"/start {CODE}")

    assert "Chị được giao: Thành viên Tổ COVID cộng đồng, Bản Chim Én (mẫu)." in await head.last()
    await head.says("/khong")
    assert await head.buttons() == ["Bản Cây Đa (mẫu)", "Bản Chim Én (mẫu)", "Về đầu"]


async def test_a_new_notice_is_shown_before_anything_goes_on_and_keeps_the_draft(talk: Talk, head: Person) -> None:
    await head.says("/nguoive", "Hà Văn Mẫu")
    async with talk.running.parts.db.write() as tx:
        await tx.execute(sa.update(user).where(user.c.id == head.id).values(notice_version="2025-1"))

    await head.says("1985")
    assert "THÔNG BÁO VỀ DỮ LIỆU CÁ NHÂN" in await head.last()
    await head.taps("Đồng ý")

    assert await head.last() == "Năm sinh (hoặc tuổi):"


async def test_start_greets_who_is_known(head: Person) -> None:
    await head.says("/start")

    assert (await head.last()).startswith("Chào chị ")
    assert "Không phát sinh mới" in await head.buttons()


async def test_the_profile_can_be_changed_later(talk: Talk, head: Person) -> None:
    await head.says("/trogiup")
    await head.taps("Sửa thông tin của tôi", "Sửa", "Xưng hô", "Bà")
    await head.taps("Lưu")

    assert "Đã lưu. Chào bà " in await head.last()
    assert (await who_is(talk, head)).address_form == "ba"
    assert date(2021, 9, 9) == (await talk.clock.now()).date()
