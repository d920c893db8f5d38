import asyncio
import json
import logging
import traceback
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.channels.base import Attachment, Batch, Button, Channel, Inbound, InboundKind, Media, Outgoing
from bot.channels.telegram import TelegramChannel
from bot.clock import StandingClock
from bot.errors import ChannelError, ChatClosed, Conflict, Rejected, Throttled, TokenRefused, Unreachable

TOKEN = "42:AA-s3cr3t-s3cr3t-s3cr3t-s3cr3t-x"
PHOTO = Media("photo", "F")
NOW = datetime(2021, 9, 9, 0, 30, tzinfo=UTC)
BODY = "Lò Văn A dương tính"


def refusal(code, description, **parameters):
    body = {"ok": False, "error_code": code, "description": description}
    return web.json_response({**body, "parameters": parameters} if parameters else body, status=code)


def result(value):
    return web.json_response({"ok": True, "result": value})


def html(status):
    return web.Response(text=f"<html>Lỗi {TOKEN}: {BODY}</html>", status=status, content_type="text/html")


def update(number, text="chào"):
    chat = {"id": 5001, "type": "private", "first_name": "Lan"}
    return {"update_id": number, "message": {"message_id": number, "chat": chat, "date": 1631145600, "text": text}}


class BotApi:
    """A Bot API that answers what the test tells it to, each method in its own order, else as if all went well."""

    def __init__(self):
        self.calls = []
        self.scripts = defaultdict(list)
        self.release = asyncio.Event()
        self.waiting = 0
        self.most_waiting = 0
        self.hold_sends_until = 0

    def next(self, method, *answers):
        self.scripts[method] += answers

    def called(self, method):
        return [fields for name, fields in self.calls if name == method]

    async def handle(self, request):
        if request.path.startswith(f"/file/bot{TOKEN}/"):
            return web.Response(body=b"x" * 1000) if request.path.endswith("photos/1.jpg") else web.Response(status=404)
        assert request.path.startswith(f"/bot{TOKEN}/")
        method = request.path.rsplit("/", 1)[1]
        fields = dict(await request.post())
        for name, part in fields.items():
            if isinstance(part, web.FileField):
                fields[name] = (part.filename, part.file.read(), part.content_type)
        self.calls.append((method, fields))
        if self.hold_sends_until and method == "sendMessage":
            self.waiting += 1
            if self.waiting == self.hold_sends_until:
                self.release.set()
            await self.release.wait()
        answer = self.scripts[method].pop(0) if self.scripts[method] else self.usual(method)
        if answer == "close":
            request.transport.close()
            return web.Response()
        if answer == "never":
            await self.release.wait()
            return web.Response()
        return answer

    def usual(self, method):
        sent = {"message_id": 31, "date": 1631145600, "chat": {"id": 5001, "type": "private"}, "text": "…"}
        match method:
            case "getMe":
                return result({"id": 42, "is_bot": True, "first_name": "Từng Nhà", "username": "tungnha_bot"})
            case "getUpdates":
                return result([])
            case "getFile":
                return result({"file_id": "F", "file_unique_id": "u", "file_path": "photos/1.jpg"})
            case "answerCallbackQuery" | "setMyCommands":
                return result(True)
            case _:
                return result(sent)


@pytest.fixture
async def api():
    stub = BotApi()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stub.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stub.url = "http://127.0.0.1:{1}".format(*runner.addresses[0])
    yield stub
    stub.release.set()
    await runner.cleanup()


@pytest.fixture
async def telegram(api):
    channel = TelegramChannel(TOKEN, api.url, StandingClock(NOW), read_timeout=5)
    await channel.connect()
    yield channel
    await channel.close()


def a_message(text="Họ và tên người cần báo:", **more):
    return Outgoing("5001", text, **more)


def test_it_is_a_channel():
    channel: Channel = TelegramChannel(TOKEN, "https://127.0.0.1", StandingClock(NOW))

    assert (channel.name, channel.buttons, channel.text_limit) == ("telegram", True, 4096)


async def test_connecting_tells_who_the_bot_is(telegram):
    assert (telegram.bot, telegram.username) == ("42", "tungnha_bot")
    assert telegram.deep_link("AB12CD34") == "https://t.me/tungnha_bot?start=AB12CD34"


async def test_news_come_again_until_they_are_confirmed(api, telegram):
    api.next("getUpdates", result([update(900)]), result([update(900)]), result([update(901)]))

    first = await telegram.fetch(0)
    again = await telegram.fetch(0)
    await telegram.confirm(again)
    await telegram.fetch(0)

    assert [message.id for message in first.messages] == ["900"]
    assert [fields.get("offset") for fields in api.called("getUpdates")] == [None, None, "901"]
    asked = json.loads(api.called("getUpdates")[0]["allowed_updates"])
    assert asked == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_a_tap_carries_the_instant_of_fetching(api, telegram):
    message = update(1)["message"]
    api.next("getUpdates", result([{"update_id": 5, "callback_query": {"id": "7", "message": message, "data": "x"}}]))

    batch = await telegram.fetch(0)

    assert (batch.messages[0].kind, batch.messages[0].sent_at) == (InboundKind.TAP, NOW)


async def test_a_broken_update_is_set_aside_and_blocks_nobody(api, telegram):
    broken = {"update_id": 901, "message": {"text": "no chat"}}
    api.next("getUpdates", result([update(900), broken, update(902), "not even an object", {"update_id": 903}]))

    batch = await telegram.fetch(0)
    await telegram.confirm(batch)
    await telegram.fetch(0)

    assert [message.id for message in batch.messages] == ["900", "902"]
    assert list(batch.unreadable) == [broken, "not even an object"]
    assert api.called("getUpdates")[-1]["offset"] == "904"


async def test_updates_that_concern_nobody_are_confirmed_too(api, telegram):
    api.next("getUpdates", result([{"update_id": 900, "poll": {}}]))

    batch = await telegram.fetch(0)
    await telegram.confirm(batch)
    await telegram.fetch(0)

    assert batch == Batch(())
    assert api.called("getUpdates")[-1]["offset"] == "901"


async def test_ids_that_begin_anew_lower_after_a_quiet_week_are_followed(api, telegram):
    api.next("getUpdates", result([update(900)]), result([update(17)]))

    await telegram.confirm(await telegram.fetch(0))
    await telegram.confirm(await telegram.fetch(0))
    await telegram.fetch(0)

    assert api.called("getUpdates")[-1]["offset"] == "18"


async def test_only_the_last_batch_can_be_confirmed(api, telegram):
    api.next("getUpdates", result([update(900)]), result([update(900), update(901)]))
    old = await telegram.fetch(0)
    await telegram.fetch(0)

    with pytest.raises(ValueError):
        await telegram.confirm(old)


async def test_a_clean_shutdown_confirms_at_once_and_swallows_nothing(api, telegram):
    api.next("getUpdates", result([update(900)]), result([update(901)]))
    await telegram.confirm(await telegram.fetch(0))

    await telegram.flush_confirm()
    await telegram.fetch(0)

    last = api.called("getUpdates")[1:]
    assert [(fields["offset"], fields["timeout"]) for fields in last] == [("901", "0"), ("901", "0")]
    assert last[0]["limit"] == "1"


async def test_a_message_with_buttons_and_without_link_preview(api, telegram):
    sent = await telegram.send(a_message(buttons=((Button("Có", "d:1:yes"), Button("Không", "d:1:no")),)))

    (fields,) = api.called("sendMessage")
    assert sent == "31"
    assert (fields["chat_id"], fields["text"]) == ("5001", "Họ và tên người cần báo:")
    assert json.loads(fields["reply_markup"])["inline_keyboard"] == [
        [{"text": "Có", "callback_data": "d:1:yes"}, {"text": "Không", "callback_data": "d:1:no"}]
    ]
    assert json.loads(fields["link_preview_options"])["is_disabled"] is True
    assert "parse_mode" not in fields


async def test_what_cannot_be_encoded_does_not_block_a_message(api, telegram):
    await telegram.send(a_message("Lò\x00 \ud800A"))

    assert api.called("sendMessage")[0]["text"] == "Lò A"


async def test_an_edit_keeps_the_id(api, telegram):
    assert await telegram.send(a_message(edits="16")) == "16"
    assert api.called("editMessageText")[0]["message_id"] == "16"
    assert api.called("sendMessage") == []


async def test_an_edit_that_changes_nothing_is_done(api, telegram):
    words = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    api.next("editMessageText", refusal(400, words))

    assert await telegram.send(a_message(edits="16")) == "16"
    assert api.called("sendMessage") == []


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "there is no text in the message to edit"]
)
async def test_where_editing_is_impossible_a_new_message_is_sent(api, telegram, words):
    api.next("editMessageText", refusal(400, f"Bad Request: {words}"))

    assert await telegram.send(a_message(edits="16")) == "31"


async def test_an_edit_for_somebody_who_left_is_no_new_message(api, telegram):
    api.next("editMessageText", refusal(403, "Forbidden: bot was blocked by the user"))

    with pytest.raises(ChatClosed):
        await telegram.send(a_message(edits="16"))
    assert api.called("sendMessage") == []


async def test_a_document_keeps_its_vietnamese_name_and_carries_text_and_buttons(api, telegram):
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    table = Attachment('Tổng hợp "xã" Chiềng Mung 09/9.xlsx', b"PK\x03\x04", mime)

    await telegram.send(a_message("Bản tổng hợp", document=table, buttons=((Button("Xác nhận", "s:1"),),)))

    (fields,) = api.called("sendDocument")
    assert fields["document"] == ("Tổng hợp _xã_ Chiềng Mung 09_9.xlsx", b"PK\x03\x04", mime)
    assert fields["caption"] == "Bản tổng hợp"
    assert "Xác nhận" in json.loads(fields["reply_markup"])["inline_keyboard"][0][0]["text"]


async def test_a_text_too_long_for_a_caption_follows_its_file(api, telegram):
    long = "🏠" * 513  # 1026 UTF-16 code units

    await telegram.send(a_message(long, photo=Attachment("ảnh.png", b"PNG"), buttons=((Button("Có", "x"),),)))

    methods = [method for method, _ in api.calls if method.startswith("send")]
    assert methods == ["sendPhoto", "sendMessage"]
    assert "caption" not in api.called("sendPhoto")[0]
    assert "reply_markup" not in api.called("sendPhoto")[0]
    assert api.called("sendMessage")[0]["text"] == long


async def test_commands_are_set_for_each_language(api, telegram):
    await telegram.set_commands({"": [("thieu", "Ai chưa báo cáo")], "en": [("thieu", "Who has not reported")]})

    default, english = api.called("setMyCommands")
    assert "language_code" not in default
    assert english["language_code"] == "en"
    assert json.loads(english["commands"]) == [{"command": "thieu", "description": "Who has not reported"}]


async def test_a_webhook_is_set_with_its_secret_for_what_a_poll_would_ask_and_keeps_what_waits(api, telegram):
    await telegram.set_webhook("https://bot.example/telegram", "bi-mat-cua-xa")
    await telegram.delete_webhook()
    await telegram.fetch(0)

    (hooked,), (polled,), (deleted,) = (api.called(method) for method in ("setWebhook", "getUpdates", "deleteWebhook"))
    assert hooked == {
        "url": "https://bot.example/telegram",
        "secret_token": "bi-mat-cua-xa",
        "allowed_updates": polled["allowed_updates"],
    }
    assert deleted == {}


@pytest.mark.parametrize(("info", "left"), [({"url": "", "pending_update_count": 3}, 3), ({}, 0), ([], 0)])
async def test_the_platform_says_how_much_it_has_still_to_post(api, telegram, info, left):
    api.next("getWebhookInfo", result(info))

    assert await telegram.backlog() == left


def a_tap():
    return Inbound("telegram", "42", "1", "5001", NOW, InboundKind.TAP, token="x", ack="7001")


@pytest.mark.parametrize("answer", [result(True), refusal(400, "Bad Request: query is too old"), html(502), "close"])
async def test_acknowledging_never_raises(api, telegram, answer):
    api.next("answerCallbackQuery", answer)

    await telegram.acknowledge(a_tap())

    assert api.called("answerCallbackQuery")[0]["callback_query_id"] == "7001"


async def test_a_file_is_downloaded_up_to_the_limit(api, telegram):
    assert await telegram.download(PHOTO) == b"x" * 1000
    with pytest.raises(Rejected):
        await telegram.download(PHOTO, limit=999)
    api.next("getFile", result({"file_path": "photos/1.jpg", "file_size": 10**9}))
    with pytest.raises(Rejected):
        await telegram.download(PHOTO)


async def test_a_file_that_is_gone_does_not_accuse_the_token(api, telegram):
    api.next("getFile", result({"file_path": "photos/gone.jpg"}))

    with pytest.raises(Rejected):
        await telegram.download(PHOTO)


REFUSALS = [
    (refusal(401, "Unauthorized"), TokenRefused),
    (refusal(404, "Not Found"), TokenRefused),
    (refusal(404, "Not Found: method not found"), Rejected),
    (refusal(409, "Conflict: terminated by other getUpdates request"), Conflict),
    (refusal(403, "Forbidden: bot was blocked by the user"), ChatClosed),
    (refusal(400, "Bad Request: chat not found"), ChatClosed),
    (refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100), ChatClosed),
    (refusal(400, "Bad Request: message is too long"), Rejected),
    (refusal(413, "Request Entity Too Large"), Rejected),
    (refusal(429, "Too Many Requests: retry after 7", retry_after=7), Throttled),
    (refusal(500, "Internal Server Error"), Unreachable),
    (refusal(502, "Bad Gateway"), Unreachable),
    (html(200), Unreachable),
    (html(302), Unreachable),
    (html(403), Unreachable),  # a proxy's page closes nobody's chat
    (html(404), Unreachable),
    (html(429), Throttled),
    (html(502), Unreachable),
    (web.json_response([]), Unreachable),
    (web.json_response({"ok": True}), Unreachable),
    (web.json_response({"ok": False, "description": f"{TOKEN} {BODY}"}), Unreachable),
    (web.Response(body=b'{"ok": true, "result": {"mess'), Unreachable),
    (web.Response(body=b"[" * 100_000), Unreachable),
    (result("not a message"), Unreachable),
    (result({}), Unreachable),
    ("close", Unreachable),
    ("never", Unreachable),
    (refusal(400, f"Bad Request: {TOKEN} {BODY}"), Rejected),
]


def is_clean(text):
    return TOKEN not in text and "s3cr3t" not in text and "Lò" not in text


@pytest.mark.parametrize(("answer", "expected"), REFUSALS)
@pytest.mark.parametrize("method", ["sendMessage", "sendDocument", "getUpdates", "getMe"])
async def test_every_failure_has_its_error_and_tells_no_secret(api, caplog, method, answer, expected):
    caplog.set_level(logging.DEBUG)
    channel = TelegramChannel(TOKEN, api.url, StandingClock(NOW), read_timeout=0.3 if answer == "never" else 5)
    if method != "getMe":
        await channel.connect()
    api.next(method, _copy(answer))
    acts = {
        "sendMessage": lambda: channel.send(a_message(BODY)),
        "sendDocument": lambda: channel.send(a_message(BODY, document=Attachment(BODY, b"x"))),
        "getUpdates": lambda: channel.fetch(0),
        "getMe": lambda: channel.connect(),
    }

    with pytest.raises(ChannelError) as raised:
        await acts[method]()
    await channel.close()

    assert type(raised.value) is expected
    assert raised.value.__context__ is None  # no error of a library goes along, to be printed by somebody else
    assert is_clean("".join(traceback.format_exception(raised.value)))
    assert is_clean(f"{raised.value!s} {raised.value!r}")
    assert is_clean(caplog.text)


def _copy(answer):
    """A response can be sent once; the table of answers is used by every test."""
    if isinstance(answer, str):
        return answer
    return web.Response(body=answer.body, status=answer.status, content_type=answer.content_type)


async def test_the_wait_after_429_is_the_platforms(api, telegram):
    api.next("sendMessage", refusal(429, "Too Many Requests", retry_after=7), refusal(429, "…", retry_after="soon"))

    with pytest.raises(Throttled) as first:
        await telegram.send(a_message())
    with pytest.raises(Throttled) as second:
        await telegram.send(a_message())

    assert first.value.retry_after == 7
    assert second.value.retry_after > 0


async def test_nobody_listening_is_unreachable_and_connecting_can_be_tried_again(api, unused_tcp_port):
    channel = TelegramChannel(TOKEN, f"http://127.0.0.1:{unused_tcp_port}", StandingClock(NOW))

    for _ in range(2):
        with pytest.raises(Unreachable) as raised:
            await channel.connect()
        assert is_clean(str(raised.value))
    await channel.close()


async def test_an_address_that_is_no_chat_is_rejected(telegram):
    with pytest.raises(Rejected):
        await telegram.send(Outgoing("@somebody", "x"))


async def test_256_messages_travel_at_the_same_time(api, telegram):
    api.hold_sends_until = 256

    sent = await asyncio.gather(*(telegram.send(a_message()) for _ in range(256)))

    assert len(sent) == 256


async def test_a_base_url_may_end_in_a_slash_or_in_bot(api):
    for ending in ("/", "/bot", "/bot/"):
        channel = TelegramChannel(TOKEN, api.url + ending, StandingClock(NOW))
        await channel.connect()
        assert await channel.download(PHOTO) == b"x" * 1000
        await channel.close()
