"""An officer of Chiềng Mung, who is on Telegram, uses Zalo as well."""

from __future__ import annotations

import pytest

from .talk import Person, Talk


@pytest.fixture
async def on_zalo(talk: Talk, officer: Person) -> Person:
    """The officer's Zalo, joined."""
    zalo = talk.person("newcomer-zalo")
    await zalo.says(await code_of(officer))
    return zalo


async def code_of(who: Person) -> str:
    return (await who.says("/ketnoi") and await who.last()).splitlines()[1]


def digests(heard: list[str]) -> int:
    return sum(text.startswith("TỔNG HỢP") or "BÁO CÁO NHANH" in text for text in heard)


async def test_joining_takes_a_code_and_both_chats_are_told(officer: Person, on_zalo: Person) -> None:
    assert (await on_zalo.last()).startswith("Đã kết nối Zalo.")
    assert (await officer.last()).startswith("Tài khoản Zalo vừa được kết nối với đồng chí.")
    await on_zalo.says("tình hình")
    assert (await on_zalo.last()).startswith("TÌNH HÌNH Xã Chiềng Mung")


async def test_the_digest_comes_to_the_chosen_chat_alone(talk: Talk, officer: Person, on_zalo: Person) -> None:
    await officer.taps("Tài khoản của tôi", "Nhắc việc qua Zalo")
    before = len(await officer.heard())

    await talk.clock.to("09:45")

    assert len(await officer.heard()) == before
    links = [text.rpartition("/")[2] for text in (await on_zalo.heard())[-2:]]  # which Zalo carries files as
    assert links == ["file.xlsx", "file.png"]


async def test_who_blocks_the_chosen_chat_gets_the_digest_with_its_file_on_the_other(
    talk: Talk, officer: Person, on_zalo: Person
) -> None:
    await officer.taps("Tài khoản của tôi", "Nhắc việc qua Zalo")
    await on_zalo.blocks()
    told = len(await on_zalo.heard())

    await talk.clock.to("09:45")

    assert len(await on_zalo.heard()) == told
    assert (await officer.document()).worksheets
    assert "Về đầu" in await officer.buttons()


async def test_the_choice_holds_again_for_who_comes_back(talk: Talk, officer: Person, on_zalo: Person) -> None:
    await officer.taps("Tài khoản của tôi", "Nhắc việc qua Zalo")
    await on_zalo.blocks()
    await talk.clock.to("09:45")
    on_telegram = len(await officer.heard())
    await on_zalo.unblocks()
    await on_zalo.says("chào")

    await talk.clock.to("17:00")

    assert len(await officer.heard()) == on_telegram
    assert 'Gõ "' in await on_zalo.last()


async def test_the_account_that_is_taken_off_is_a_stranger_again(officer: Person, on_zalo: Person) -> None:
    await officer.taps("Tài khoản của tôi", "Ngắt Zalo", "Ngắt Zalo")

    await on_zalo.says("tình hình")

    assert (await on_zalo.last()).startswith("Chào anh/chị. Đây là kênh báo cáo")
