"""python-telegram-bot's own Bot talks to the sandbox as to Telegram."""

from __future__ import annotations

import pytest
import telegram

TOKEN = "1000000001:invented-for-tests"


@pytest.fixture
async def bot(server):
    base, files = f"{server.url}/bot", f"{server.url}/file/bot"
    async with telegram.Bot(TOKEN, base_url=base, base_file_url=files) as bot:
        yield bot


async def test_a_question_is_asked_edited_and_answered(bot, api):
    buttons = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Có", callback_data="d1:0:yes")]])
    asked = await bot.send_message(501, "Đã về địa phương chưa?", reply_markup=buttons)
    edited = await bot.edit_message_text("Đã về địa phương chưa? Có.", 501, asked.message_id)

    await api.hear("cảm ơn", message_id=8)
    (update,) = await bot.get_updates(timeout=10, allowed_updates=["message", "callback_query"])

    assert bot.id == 1000000001
    assert isinstance(edited, telegram.Message)
    assert edited.text == "Đã về địa phương chưa? Có."
    assert update.message is not None
    assert (update.message.text, update.effective_chat.id) == ("cảm ơn", 501)


async def test_a_file_goes_out_and_comes_back(bot, picture):
    sent = await bot.send_document(501, b"PK so lieu", filename="Báo cáo.xlsx", caption="Kèm theo")
    photo = await bot.send_photo(501, picture)

    file = await bot.get_file(sent.document.file_id)

    assert sent.document.file_name == "Báo cáo.xlsx"
    assert photo.photo[0].width == 3
    assert bytes(await file.download_as_bytearray()) == b"PK so lieu"


async def test_errors_are_what_the_library_expects(bot, api):
    sent = await bot.send_message(501, "một")
    with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
        await bot.edit_message_text("một", 501, sent.message_id)
    with pytest.raises(telegram.error.BadRequest, match="Query is too old"):
        await bot.answer_callback_query("1")
    with pytest.raises(telegram.error.BadRequest, match="Chat not found"):
        await bot.send_message(-4, "x")
    await bot.get_updates(allowed_updates=["message"])
    await api.post("/api/persons/501/block")
    with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(501, "x")


async def test_the_rest_of_what_a_bot_asks_is_understood(bot):
    await bot.set_my_commands([("huy", "Hủy, không gửi")])
    await bot.delete_webhook()

    assert [one.command for one in await bot.get_my_commands()] == ["huy"]
    assert (await bot.get_webhook_info()).url == ""
    assert (await bot.get_chat(501)).type == "private"
    assert await bot.send_chat_action(501, "typing")
    assert (await bot.send_message(501, "*", parse_mode="HTML")).text == "*"
