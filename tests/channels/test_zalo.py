import asyncio
import logging
import traceback
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.channels.base import Attachment, Batch, Button, Channel, Inbound, InboundKind, Outgoing
from bot.channels.zalo import OFFICIAL_URL, ZaloChannel
from bot.errors import ChannelError, ChatClosed, Rejected, Throttled, TokenRefused, Unreachable

TOKEN = "1459232241454765289:s3cr3t-s3cr3t-s3cr3t"
SECRET = "bi-mat-cua-xa"
BODY = "Lò Văn A dương tính"
NOW = datetime(2021, 9, 9, 0, 30, tzinfo=UTC)
CHAT = "6ede9afa66b88fe6d6a9"
TABLE = Attachment("Tổng hợp.xlsx", b"PK")
PICTURE = Attachment("Biểu đồ.png", b"PNG", "image/png")
LINK = "https://bot.example/f/9fQ2"


def refusal(code, description, status=200, **more):
    return web.json_response({"ok": False, "error_code": code, "description": description, **more}, status=status)


def result(value):
    return web.json_response({"ok": True, "result": value})


def html(status, **headers):
    text = f"<html>Lỗi {TOKEN}: {BODY}</html>"
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)


def update(number, text="chào"):
    message = {
        "message_id": f"m{number}",
        "date": 1631145600602,
        "text": text,
        "from": {"id": CHAT, "display_name": "Lan", "is_bot": False},
        "chat": {"id": CHAT, "chat_type": "PRIVATE"},
    }
    return {"event_name": "message.text.received", "message": message}


class ZaloApi:
    """A Zalo that answers what the test tells it to, each method in its own order, else as if all went well."""

    def __init__(self):
        self.calls = []
        self.scripts = defaultdict(list)
        self.release = asyncio.Event()

    def next(self, method, *answers):
        self.scripts[method] += answers

    def called(self, method):
        return [fields for name, fields in self.calls if name == method]

    @property
    def sent(self):
        return [(name, fields) for name, fields in self.calls if name in ("sendMessage", "sendPhoto")]

    async def handle(self, request):
        assert request.method == "POST"
        assert request.path.startswith(f"/bot{TOKEN}/")
        method = request.path.rsplit("/", 1)[1]
        fields = await request.json()
        assert all(isinstance(value, str) for value in fields.values())
        self.calls.append((method, fields))
        answer = self.scripts[method].pop(0) if self.scripts[method] else self.usual(method)
        if answer == "close":
            request.transport.close()
            return web.Response()
        if answer == "never":
            await self.release.wait()
            return web.Response()
        return answer

    def usual(self, method):
        match method:
            case "getMe":
                name = "bot.VDKyGxQvc"
                return result({"id": "1459232241454765289", "account_name": name, "account_type": "BASIC"})
            case "getUpdates":
                return refusal(408, "Request timeout")
            case "sendChatAction":
                return web.json_response({"ok": True})
            case "setWebhook" | "deleteWebhook":
                return result({"url": "", "updated_at": 1749538250568})
            case _:
                return result({"message_id": "82599fa32f56d00e8941", "date": 1749632637199})


@pytest.fixture
async def api():
    stub = ZaloApi()
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
async def open_channel(api):
    opened = []

    async def connected(link=None):
        channel = ZaloChannel(TOKEN, api.url, link)
        opened.append(channel)
        await channel.connect()
        return channel

    yield connected
    for channel in opened:
        await channel.close()


@pytest.fixture
async def zalo(open_channel):
    return await open_channel()


@pytest.fixture
async def zalo_with_links(open_channel):
    return await open_channel(lambda _: LINK)


def a_message(text="Họ và tên người cần báo:", **more):
    return Outgoing(CHAT, text, **more)


def test_it_is_a_channel_without_buttons():
    channel: Channel = ZaloChannel(TOKEN)

    assert (channel.name, channel.buttons, channel.text_limit) == ("zalo", False, 2000)
    assert OFFICIAL_URL == "https://bot-api.zaloplatforms.com"


async def test_connecting_tells_who_the_bot_is(zalo):
    assert (zalo.bot, zalo.username) == ("1459232241454765289", "bot.VDKyGxQvc")


async def test_one_fetch_brings_one_message(api, zalo):
    api.next("getUpdates", result(update(1)), result(update(2)))

    first = await zalo.fetch(25)
    await zalo.confirm(first)
    second = await zalo.fetch(25)

    assert [message.text for message in first.messages] == ["chào"]
    assert [message.id for message in second.messages] == ["message.text.received:m2"]
    assert second.messages[0].bot == "1459232241454765289"
    assert api.called("getUpdates") == [{"timeout": "25"}, {"timeout": "25"}]


@pytest.mark.parametrize(
    "idle",
    [
        refusal(408, "Request timeout"),
        refusal(408, "Request timeout", status=408),
        web.json_response({"ok": True}),
        result(None),
        result({}),
    ],
)
async def test_an_idle_poll_is_no_trouble(api, zalo, idle):
    api.next("getUpdates", idle)

    assert await zalo.fetch(0) == Batch(())


async def test_never_is_asked_for_no_wait_at_all(api, zalo):
    await zalo.fetch(0)

    assert api.called("getUpdates") == [{"timeout": "1"}]


async def test_a_broken_update_is_set_aside_since_it_does_not_come_again(api, zalo, caplog):
    broken = {"event_name": "message.text.received", "message": {"text": BODY}}
    api.next("getUpdates", result(broken), result([update(1)]))

    first, second = await zalo.fetch(0), await zalo.fetch(0)

    assert (list(first.messages), list(first.unreadable)) == ([], [broken])
    assert list(second.unreadable) == [[update(1)]]
    assert is_clean(caplog.text)


async def test_an_event_that_concerns_nobody_is_an_empty_batch(api, zalo):
    api.next("getUpdates", result({"event_name": "message.unsupported.received"}))

    assert await zalo.fetch(0) == Batch(())


async def test_a_text_is_sent_plain_and_buttons_are_left_to_whoever_writes_numbers(api, zalo):
    sent = await zalo.send(a_message(buttons=((Button("Có", "d:1:yes"),),)))

    assert sent == "82599fa32f56d00e8941"
    assert api.sent == [("sendMessage", {"chat_id": CHAT, "text": "Họ và tên người cần báo:"})]


async def test_an_edit_is_a_new_message(api, zalo):
    assert await zalo.send(a_message(edits="82599f")) == "82599fa32f56d00e8941"
    assert len(api.sent) == 1


async def test_what_cannot_be_encoded_does_not_block_a_message(api, zalo):
    await zalo.send(a_message("Lò\x00 \ud800A"))

    assert api.sent[0][1]["text"] == "Lò A"


async def test_a_delivered_message_without_an_id_is_not_sent_again(api, zalo):
    api.next("sendMessage", web.json_response({"ok": True}))

    assert await zalo.send(a_message()) == ""


@pytest.mark.parametrize("files", [{"document": TABLE}, {"photo": PICTURE}])
@pytest.mark.parametrize("link", [None, lambda _: None])
async def test_without_a_public_address_a_file_is_left_out(api, open_channel, files, link):
    channel = await open_channel(link)

    await channel.send(a_message("Bản tổng hợp", **files))

    assert api.sent == [("sendMessage", {"chat_id": CHAT, "text": "Bản tổng hợp"})]


async def test_a_documents_link_stands_on_a_line_of_its_own(api, open_channel):
    channel = await open_channel(lambda file: f"{LINK}?{len(file.content)}")

    await channel.send(a_message("Bản tổng hợp", document=TABLE))

    assert api.sent == [("sendMessage", {"chat_id": CHAT, "text": f"Bản tổng hợp\n{LINK}?2"})]


async def test_a_picture_is_sent_by_its_address_with_the_text_below(api, zalo_with_links):
    await zalo_with_links.send(a_message("Tình hình tuần", photo=PICTURE))
    await zalo_with_links.send(a_message("", photo=PICTURE))

    assert api.sent == [
        ("sendPhoto", {"chat_id": CHAT, "photo": LINK, "caption": "Tình hình tuần"}),
        ("sendPhoto", {"chat_id": CHAT, "photo": LINK}),
    ]


async def test_a_picture_that_is_not_taken_goes_as_a_link(api, zalo_with_links):
    api.next("sendPhoto", refusal(400, "Bad request"))

    await zalo_with_links.send(a_message("Tình hình tuần", photo=PICTURE))

    assert api.sent[-1] == ("sendMessage", {"chat_id": CHAT, "text": f"Tình hình tuần\n{LINK}"})


async def test_a_link_that_does_not_fit_goes_ahead_so_that_the_question_stays_last(api, zalo_with_links):
    long = "🏠" * 999  # 1998 UTF-16 code units

    await zalo_with_links.send(a_message(long, document=TABLE))

    assert [fields["text"] for _, fields in api.sent] == [LINK, long]


async def test_nothing_to_say_is_not_sent(api, zalo):
    with pytest.raises(Rejected):
        await zalo.send(a_message("", document=TABLE))
    assert api.sent == []


def an_inbound():
    return Inbound("zalo", "1459232241454765289", "1", CHAT, NOW, InboundKind.TEXT, text="x")


@pytest.mark.parametrize("answer", [web.json_response({"ok": True}), refusal(400, "Bad request"), html(502), "close"])
async def test_acknowledging_shows_typing_and_never_raises(api, zalo, answer):
    api.next("sendChatAction", _copy(answer))

    await zalo.acknowledge(an_inbound())

    assert api.called("sendChatAction")[0] == {"chat_id": CHAT, "action": "typing"}


async def test_a_webhook_is_set_with_its_secret_and_deleted(api, zalo):
    await zalo.set_webhook("https://bot.example/zalo", SECRET)
    await zalo.delete_webhook()

    assert api.called("setWebhook") == [{"url": "https://bot.example/zalo", "secret_token": SECRET}]
    assert api.called("deleteWebhook") == [{}]


@pytest.mark.parametrize(("outcome", "said"), [("webhook.err.tls", "webhook.err.tls"), (BODY, "no reason given")])
async def test_a_webhook_that_zalo_could_not_reach_is_worth_a_warning(api, zalo, caplog, outcome, said):
    verification = {"ok": False, "outcome": outcome, "hint": BODY}
    api.next("setWebhook", result({"url": "https://bot.example/zalo", "verification": verification}))

    await zalo.set_webhook("https://bot.example/zalo", SECRET)

    assert said in caplog.text
    assert is_clean(caplog.text)


REFUSALS = [
    # the answer, what it means for a message, and what it means where no chat is named
    (refusal(401, "Unauthorized"), TokenRefused, TokenRefused),
    (refusal(401, "Unauthorized", status=401), TokenRefused, TokenRefused),
    (refusal(403, "Internal server error"), Unreachable, Unreachable),  # so it is documented
    (refusal(403, "Forbidden: invalid token", status=403), TokenRefused, TokenRefused),
    (refusal(403, "Forbidden", status=403), ChatClosed, TokenRefused),
    (refusal(403, "User has blocked the bot"), ChatClosed, TokenRefused),
    (refusal(404, "Not found"), Rejected, TokenRefused),
    (refusal(404, "User not found"), ChatClosed, TokenRefused),
    (refusal(400, "Invalid chat_id"), ChatClosed, Rejected),
    (refusal(400, "Bad request"), Rejected, Rejected),
    (refusal(400, f"Bad request: {TOKEN} {BODY}", status=400), Rejected, Rejected),
    (refusal(426, "Upgrade required"), Rejected, Rejected),
    (refusal(-201, "Something of their own"), Rejected, Rejected),
    (refusal(429, "Quota exceeded"), Throttled, Throttled),
    (refusal(429, "Quota exceeded", status=429), Throttled, Throttled),
    (refusal(500, "Internal server error"), Unreachable, Unreachable),
    (refusal(None, f"{TOKEN} {BODY}"), Unreachable, Unreachable),
    (refusal("401", "Unauthorized", status=400), Rejected, Rejected),
    (html(200), Unreachable, Unreachable),
    (html(302), Unreachable, Unreachable),
    (html(400), Unreachable, Unreachable),
    (html(401), TokenRefused, TokenRefused),
    (html(403), Unreachable, Unreachable),  # a firewall's page closes nobody's chat
    (html(404), Unreachable, TokenRefused),
    (html(429), Throttled, Throttled),
    (html(502), Unreachable, Unreachable),
    (web.json_response([]), Unreachable, Unreachable),
    (web.json_response({"error": 401, "message": TOKEN}), Unreachable, Unreachable),
    (web.Response(body=b'{"ok": true, "result": {"mess'), Unreachable, Unreachable),
    (web.Response(body=b"[" * 100_000), Unreachable, Unreachable),
    ("close", Unreachable, Unreachable),
]


def is_clean(text):
    return TOKEN not in text and "s3cr3t" not in text and "Lò" not in text and SECRET not in text


@pytest.mark.parametrize(("answer", "about_chat", "about_nobody"), REFUSALS)
@pytest.mark.parametrize("method", ["sendMessage", "getUpdates", "getMe", "setWebhook"])
async def test_every_failure_has_its_error_and_tells_no_secret(api, caplog, method, answer, about_chat, about_nobody):
    caplog.set_level(logging.DEBUG)
    channel = ZaloChannel(TOKEN, api.url)
    if method != "getMe":
        await channel.connect()
    api.next(method, _copy(answer))
    acts = {
        "sendMessage": lambda: channel.send(a_message(BODY)),
        "getUpdates": lambda: channel.fetch(0),
        "getMe": channel.connect,
        "setWebhook": lambda: channel.set_webhook("https://bot.example/zalo", SECRET),
    }

    with pytest.raises(ChannelError) as raised:
        await acts[method]()
    await channel.close()

    assert type(raised.value) is (about_chat if method == "sendMessage" else about_nobody)
    assert raised.value.__context__ is None  # no error of a library goes along, to be printed by somebody else
    assert is_clean("".join(traceback.format_exception(raised.value)))
    assert is_clean(f"{raised.value!s} {raised.value!r}")
    assert is_clean(caplog.text)


def _copy(answer):
    """A response can be sent once; the table of answers is used by every test."""
    if isinstance(answer, str):
        return answer
    return web.Response(body=answer.body, status=answer.status, content_type=answer.content_type)


async def test_a_message_that_timed_out_at_zalo_is_tried_again(api, zalo):
    api.next("sendMessage", refusal(408, "Request timeout"))

    with pytest.raises(Unreachable):
        await zalo.send(a_message())


async def test_silence_is_unreachable(api):
    api.next("sendMessage", "never")
    channel = ZaloChannel(TOKEN, api.url, read_timeout=0.3)
    await channel.connect()

    with pytest.raises(Unreachable) as raised:
        await channel.send(a_message(BODY))
    await channel.close()

    assert is_clean("".join(traceback.format_exception(raised.value)))


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (refusal(429, "Quota exceeded"), 5),
        (refusal(429, "Quota exceeded", parameters={"retry_after": 7}), 7),
        (refusal(429, "Quota exceeded", retry_after="9"), 9),
        (refusal(429, "Quota exceeded", retry_after="soon", parameters={"retry_after": -1}), 5),
        (refusal(429, "Quota exceeded", retry_after=10**400), 5),
        (html(429, **{"Retry-After": "12"}), 12),
        (html(429, **{"Retry-After": "Thu, 09 Sep 2021 00:00:00 GMT"}), 5),
    ],
)
async def test_the_wait_after_429_is_the_platforms_or_five_seconds(api, zalo, answer, seconds):
    api.next("sendMessage", answer)

    with pytest.raises(Throttled) as raised:
        await zalo.send(a_message())

    assert raised.value.retry_after == seconds


async def test_nobody_listening_is_unreachable_and_connecting_can_be_tried_again(unused_tcp_port):
    channel = ZaloChannel(TOKEN, f"http://127.0.0.1:{unused_tcp_port}")

    for _ in range(2):
        with pytest.raises(Unreachable) as raised:
            await channel.connect()
        assert is_clean(str(raised.value))
    await channel.close()


async def test_a_closed_channel_sends_nothing(api, zalo):
    await zalo.close()

    with pytest.raises(Unreachable):
        await zalo.send(a_message())
    assert api.sent == []


@pytest.mark.parametrize("me", [None, {}, {"id": None}, {"id": ""}, "bot"])
async def test_whoever_is_no_bot_is_unreachable(api, me):
    api.next("getMe", result(me))
    channel = ZaloChannel(TOKEN, api.url)

    with pytest.raises(Unreachable):
        await channel.connect()
    await channel.close()
