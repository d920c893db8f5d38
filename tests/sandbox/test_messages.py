"""Sending, editing, deleting: accepted and refused in Telegram's own words."""

from __future__ import annotations

import json

import aiohttp
import pytest

QUERY_TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def keyboard(text, data):
    return {"inline_keyboard": [[{"text": text, "callback_data": data}]]}


async def test_the_bot_knows_itself(api):
    me = await api.call("getMe")

    assert (me["id"], me["is_bot"]) == (1000000001, True)


async def test_a_wrong_token_is_unauthorized(api):
    status, answer = await api.ask("getMe", token="1000000001:wrong")

    assert (status, answer) == (401, {"ok": False, "error_code": 401, "description": "Unauthorized"})


async def test_an_unknown_method_is_not_found(api):
    assert await api.refusal("sendPigeon") == "404 Not Found: method not found"


async def test_a_sent_message_is_answered_whole(api):
    sent = await api.call("sendMessage", chat_id=501, text="  Xin chào  ", reply_markup=keyboard("Có", "yes"))

    assert sent["text"] == "Xin chào"
    assert (sent["chat"]["id"], sent["chat"]["type"], sent["from"]["is_bot"]) == (501, "private", True)
    assert sent["reply_markup"] == keyboard("Có", "yes")


@pytest.mark.parametrize("way", ["query", "form", "multipart", "json"])
async def test_parameters_may_come_in_any_way(api, way):
    params = {"chat_id": "501", "text": "Bản Mẫu số 1", "reply_markup": json.dumps(keyboard("Có", "yes"))}
    form = aiohttp.FormData(params, default_to_multipart=True)
    body = {"query": {"params": params}, "form": {"data": params}, "multipart": {"data": form}, "json": {"json": params}}[way]
    url = f"{api.url}/bot1000000001:invented-for-tests/sendMessage"

    async with api.http.request("GET" if way == "query" else "POST", url, **body) as response:
        sent = (await response.json())["result"]

    assert (sent["text"], sent["reply_markup"]) == ("Bản Mẫu số 1", keyboard("Có", "yes"))


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": "x"}, "400 Bad Request: chat_id is empty"),
        ({"chat_id": -5, "text": "x"}, "400 Bad Request: chat not found"),
        ({"chat_id": 501}, "400 Bad Request: message text is empty"),
        ({"chat_id": 501, "text": " \n "}, "400 Bad Request: message text is empty"),
        ({"chat_id": 501, "text": "𝄞" * 2049}, "400 Bad Request: message is too long"),
        ({"chat_id": 501, "text": "\ud800"}, "400 Bad Request: strings must be encoded in UTF-8"),
        ({"chat_id": 501, "text": "x", "reply_markup": keyboard("Có", "đ" * 33)}, "400 Bad Request: BUTTON_DATA_INVALID"),
        ({"chat_id": 501, "text": "x", "reply_markup": "{"}, "400 Bad Request: can't parse reply keyboard markup JSON object"),
        ({"chat_id": 501, "text": "x", "reply_to_message_id": 77}, "400 Bad Request: message to be replied not found"),
        ({"chat_id": 501, "text": "<b>x", "parse_mode": "HTML"},
         '400 Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
    ],
)  # fmt: skip
async def test_a_message_that_telegram_would_refuse_is_refused(api, params, refusal):
    assert await api.refusal("sendMessage", **params) == refusal


async def test_length_is_counted_in_utf16_after_the_markup_is_taken_out(api):
    sent = await api.call("sendMessage", chat_id=501, text=f"<b>{'𝄞' * 2048}</b>", parse_mode="HTML")

    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_an_edit_replaces_text_and_buttons(api):
    sent = await api.call("sendMessage", chat_id=501, text="Có về không?", reply_markup=keyboard("Có", "yes"))

    edited = await api.call("editMessageText", chat_id=501, message_id=sent["message_id"], text="Đã ghi nhận.")

    assert edited["text"] == "Đã ghi nhận."
    assert "reply_markup" not in edited
    assert edited["message_id"] == sent["message_id"]


async def test_an_edit_that_changes_nothing_is_refused(api):
    buttons = keyboard("Có", "yes")
    sent = await api.call("sendMessage", chat_id=501, text="Có về không?", reply_markup=buttons)
    same = {"chat_id": 501, "message_id": sent["message_id"], "reply_markup": buttons}

    assert await api.refusal("editMessageText", text="Có về không?", **same) == NOT_MODIFIED
    assert await api.refusal("editMessageReplyMarkup", **same) == NOT_MODIFIED
    await api.call("editMessageText", text="Có về chưa?", **same)
    assert await api.refusal("editMessageText", text="Có về chưa?", **same) == NOT_MODIFIED


async def test_only_the_bots_own_messages_can_be_edited(api):
    await api.hear("của người dân", message_id=4)

    assert (
        await api.refusal("editMessageText", chat_id=501, message_id=99, text="x")
        == "400 Bad Request: message to edit not found"
    )
    assert (
        await api.refusal("editMessageText", chat_id=501, message_id=4, text="x") == "400 Bad Request: message can't be edited"
    )


async def test_a_deleted_message_is_gone(api):
    sent = await api.call("sendMessage", chat_id=501, text="Nhầm")

    assert await api.call("deleteMessage", chat_id=501, message_id=sent["message_id"]) is True

    gone = {"chat_id": 501, "message_id": sent["message_id"]}
    assert await api.refusal("deleteMessage", **gone) == "400 Bad Request: message to delete not found"
    assert await api.refusal("editMessageText", text="x", **gone) == "400 Bad Request: message to edit not found"


async def test_who_blocked_the_bot_gets_nothing_until_unblocking(api):
    await api.call("getUpdates", allowed_updates=["message"])
    await api.post("/api/persons/501/block")
    assert await api.refusal("sendMessage", chat_id=501, text="x") == "403 Forbidden: bot was blocked by the user"

    await api.post("/api/persons/501/unblock")
    assert (await api.call("sendMessage", chat_id=501, text="Mừng trở lại"))["text"] == "Mừng trở lại"


async def test_a_tap_can_be_answered_for_150_seconds(api, server):
    now = 1_700_000_000.0
    server.real_time = lambda: now
    for query in ("early", "late"):
        await api.post("/api/updates", {"callback_query": {"id": query, "data": "yes"}})

    now += 149
    assert await api.call("answerCallbackQuery", callback_query_id="early", text="Đã nhận") is True
    now += 2
    assert await api.refusal("answerCallbackQuery", callback_query_id="late") == QUERY_TOO_OLD
    assert await api.refusal("answerCallbackQuery", callback_query_id="never") == QUERY_TOO_OLD


async def test_commands_are_kept_per_scope_and_language(api):
    commands = [{"command": "thieu", "description": "Ai chưa báo cáo"}]
    await api.call("setMyCommands", commands=commands, scope={"type": "all_private_chats"}, language_code="vi")

    assert await api.call("getMyCommands", scope={"type": "all_private_chats"}, language_code="vi") == commands
    assert await api.call("getMyCommands") == []
    assert await api.get("/api/commands?person=501&lang=vi") == commands
    assert await api.get("/api/commands?person=501&lang=en") == []

    await api.call("deleteMyCommands", scope={"type": "all_private_chats"}, language_code="vi")
    assert await api.get("/api/commands?person=501&lang=vi") == []


async def test_a_command_with_diacritics_is_refused(api):
    commands = [{"command": "thiếu", "description": "x"}]

    assert await api.refusal("setMyCommands", commands=commands) == "400 Bad Request: BOT_COMMAND_INVALID"


async def test_a_chat_can_be_asked_for(api):
    assert (await api.call("getChat", chat_id=501))["type"] == "private"


async def test_chat_actions_leave_no_trace(api):
    assert await api.call("sendChatAction", chat_id=501, action="typing") is True
    assert (await api.refusal("sendChatAction", chat_id=501, action="dance")).startswith("400 Bad Request: wrong parameter")
    assert await api.get("/api/persons/501/chat") == []
