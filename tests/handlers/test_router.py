"""Commands and buttons: none twice, all on the platform's list, nothing that a button carries breaks a conversation."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.forms import forms
from bot.handlers.routes import COMMANDS, VERBS, platform_commands
from bot.texts import Voice, languages

from .conftest import Bureau


def test_no_two_commands_have_the_same_name() -> None:
    names = [name for command in COMMANDS for name in set(command.names)]
    for form in forms().values():
        if form.files and form.alone:
            names += {Voice(language).word(f"form.{form.name}.command") for language in languages()}

    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_the_platform_shows_vietnamese_commands_by_default_and_english_ones_to_english_phones() -> None:
    shown = platform_commands()

    assert dict(shown[""])["tinhhinh"] == "Tình hình địa bàn"
    assert dict(shown["en"])["situation"] == "Situation of my area"
    assert "start" not in dict(shown[""])


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("arguments", ["", ":x", ":x:y:z:1:2:3"])
async def test_a_button_with_the_wrong_arguments_harms_nobody(bureau: Bureau, verb: str, arguments: str) -> None:
    [answer, *_] = await bureau.take(bureau.message(token=f"do:{verb}{arguments}"))

    assert "Mã lỗi" not in answer


@pytest.mark.parametrize("token", ["do:", "do:nonsense", "do:menu:a:b:c:d:e"])
async def test_a_button_that_asks_for_nothing_we_know_gets_the_menu(bureau: Bureau, token: str) -> None:
    assert await bureau.take(bureau.message(token=token)) == ["101: Anh chọn việc cần làm:"]


@pytest.mark.parametrize("token", [" ", "nonsense", "a:1:b", "🙂", "NEW0000001:1:~nothing"])
async def test_a_button_of_no_draft_is_answered_like_one_that_is_over(bureau: Bureau, token: str) -> None:
    assert await bureau.take(bureau.message(token=token)) == ["101: Báo cáo này đã gửi hoặc đã hủy."]


@pytest.mark.parametrize("text", ["/MENU", "/menu@tungnha_bot", "/Menu  x"])
async def test_a_command_is_understood_however_it_is_written(bureau: Bureau, text: str) -> None:
    assert await bureau.take(bureau.message(text)) == ["101: Anh chọn việc cần làm:"]


async def test_an_unknown_command_says_so_and_shows_the_menu(bureau: Bureau) -> None:
    assert await bureau.take(bureau.message("/gi-vay")) == ["101: Không có lệnh này.\n\nAnh chọn việc cần làm:"]


async def test_bo_qua_skips_whatever_the_button_is_called(bureau: Bureau) -> None:
    await bureau.take(bureau.message("/f0"))
    for text in ("Hà Văn Mẫu", "1970", "Nam"):
        await bureau.take(bureau.message(text))

    [answer] = await bureau.take(bureau.message("bỏ qua"))

    assert answer.startswith("101: ✓ Điện thoại: (không có)")
