"""The Zalo Bot API, spoken to by the channel that will speak to the real one."""

from __future__ import annotations

import asyncio
import itertools
import json
import time

import pytest
from aiohttp import web

from bot.channels.base import Attachment, Batch, Outgoing
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_updates import to_inbound
from bot.errors import ChatClosed, Rejected, Throttled, TokenRefused
from bot.sandbox.params import Params
from bot.sandbox.practice import PersonView
from bot.sandbox.store import Store
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.zalo_delivery import TRIES, ZaloDelivery

TOKEN = "1459232241454765289:invented-for-tests"
CHAT = "6ede9afa66b88fe6d6a9"
SECRET = "bi-mat-cua-xa"
PICTURE = Attachment("Biểu đồ.png", b"PNG", "image/png")
LINK = "https://bot.example/f/9fQ2"


@pytest.fixture
async def server(start):
    return await start(zalo_token=TOKEN)


@pytest.fixture
async def connect():
    opened = []

    async def begin(server, token=TOKEN, **options):
        channel = ZaloChannel(token, f"{server.url}/zalo", **options)
        opened.append(channel)
        await channel.connect()
        return channel

    yield begin
    for channel in opened:
        await channel.close()


@pytest.fixture
async def zalo(server, connect):
    return await connect(server)


@pytest.fixture
async def hook():
    """A web server that keeps the posts of a webhook, and refuses them while it has refusals left."""
    receiver = Hook()
    app = web.Application()
    app.router.add_post("/zalo", receiver.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = "http://127.0.0.1:{1}/zalo".format(*runner.addresses[0])
    yield receiver
    await runner.cleanup()


class Hook:
    def __init__(self):
        self.url = ""
        self.refusals = 0
        self.received = asyncio.Queue()

    async def take(self, request):
        await self.received.put((request.headers.get("X-Bot-Api-Secret-Token"), await request.read()))
        self.refusals -= 1
        return web.Response(status=503 if self.refusals >= 0 else 200)

    async def next_text(self):
        _, body = await asyncio.wait_for(self.received.get(), 10)
        return to_inbound(json.loads(body), "1").text


numbers = itertools.count()


def raw(text, event="message.text.received", **content):
    person = {"id": CHAT, "display_name": "Người Hư Cấu", "is_bot": False}
    message = {"message_id": f"m{next(numbers)}", "date": 1631145600602, "text": text, **content}
    return {"event_name": event, "message": {**message, "from": person, "chat": {"id": CHAT, "chat_type": "PRIVATE"}}}


async def hear(api, text, **more):
    status, _ = await api.post("/api/updates", {"channel": "zalo", **raw(text, **more)})
    assert status == 200


async def texts(zalo, count):
    return [message.text for _ in range(count) for message in (await zalo.fetch(20)).messages]


async def ask(http, server, method, token=TOKEN, **params):
    async with http.post(f"{server.url}/zalo/bot{token}/{method}", json=params) as response:
        return response.status, await response.json()


async def test_the_bot_learns_who_it_is(zalo):
    assert (zalo.bot, zalo.username) == ("1459232241454765289", "bot.tungnha")


async def test_a_wrong_token_is_refused(server, connect):
    with pytest.raises(TokenRefused):
        await connect(server, token="1459232241454765289:another")


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("editMessageText", {"chat_id": CHAT, "text": "x"}, 400),
        ("sendDocument", {"chat_id": CHAT}, 400),
        ("sendMessage", {"text": "x"}, 400),
        ("sendMessage", {"chat_id": CHAT, "text": "  "}, 400),
        ("sendPhoto", {"chat_id": CHAT, "photo": "attach://0"}, 400),
        ("sendPhoto", {"chat_id": CHAT, "photo": LINK, "caption": "x" * 2001}, 400),
        ("sendChatAction", {"chat_id": CHAT, "action": "dance"}, 400),
        ("setWebhook", {"url": "bot.example", "secret_token": SECRET}, 400),
        ("setWebhook", {"url": LINK, "secret_token": "x" * 7}, 400),
        ("setWebhook", {"url": LINK, "secret_token": "x" * 257}, 400),
        ("getUpdates", {"timeout": "1"}, 408),
    ],
)
async def test_a_refusal_stands_in_the_body_of_a_good_answer(server, http, method, params, code):
    status, answer = await ask(http, server, method, **params)

    assert (status, answer["ok"], answer["error_code"]) == (200, False, code)


async def test_without_its_token_the_server_knows_no_zalo(api, start):
    plain = await start()

    async with api.http.post(f"{plain.url}/zalo/bot{TOKEN}/getMe") as response:
        assert response.status == 404
    async with api.http.get(f"{plain.url}/api/persons/zalo-{CHAT}/chat") as response:
        assert (await response.json())["error"] == "no_such_person"


async def test_a_text_and_a_picture_arrive_in_the_chat(api, server, connect):
    zalo = await connect(server, link=lambda _: LINK)

    first = await zalo.send(Outgoing(CHAT, "Đã ghi nhận. " + "𝄞" * 993))  # 1,999 units
    second = await zalo.send(Outgoing(CHAT, "Bản tổng hợp", photo=PICTURE))

    assert len({first, second}) == 2
    shown = await api.get(f"/api/persons/zalo-{CHAT}/chat")
    assert [one["from"] for one in shown] == ["bot", "bot"]
    assert shown[1]["text"] == f"Bản tổng hợp\n{LINK}"


async def test_a_text_above_two_thousand_units_is_refused(api, zalo):
    await zalo.send(Outgoing(CHAT, "x" * 2000))

    with pytest.raises(Rejected):
        await zalo.send(Outgoing(CHAT, "𝄞" * 1001))

    assert len(await api.get(f"/api/persons/zalo-{CHAT}/chat")) == 1


async def test_who_blocked_the_bot_gets_nothing_and_the_bot_is_told_when_it_sends(api, zalo):
    await api.post(f"/api/persons/zalo-{CHAT}/block")

    with pytest.raises(ChatClosed):
        await zalo.send(Outgoing(CHAT, "Đã ghi nhận."))
    await api.post(f"/api/persons/zalo-{CHAT}/unblock")

    await zalo.send(Outgoing(CHAT, "Lần nữa."))
    assert await zalo.fetch(1) == Batch(())


async def test_a_chat_that_nobody_has_is_closed(start, practice, connect):
    practice.everyone = [PersonView("lan", "Người Hư Cấu Lan", "Trưởng thôn", "Bản Mẫu 1", "zalo", CHAT)]
    zalo = await connect(await start(practice, zalo_token=TOKEN))

    await zalo.send(Outgoing(CHAT, "Chào chị."))
    with pytest.raises(ChatClosed):
        await zalo.send(Outgoing("0000", "Chào ai?"))


async def test_a_fast_sender_is_told_to_slow_down(start, connect):
    zalo = await connect(await start(limits=True, zalo_token=TOKEN))
    sends = [zalo.send(Outgoing(f"{number}", "Nhắc")) for number in range(40)]

    outcomes = await asyncio.gather(*sends, return_exceptions=True)

    refused = [one for one in outcomes if isinstance(one, Throttled)]
    assert len(outcomes) - len(refused) == len([one for one in outcomes if isinstance(one, str)]) >= 10
    assert refused


async def test_updates_come_one_at_a_time_and_once(api, zalo):
    await hear(api, "một")
    await hear(api, "hai")

    first, second = await zalo.fetch(20), await zalo.fetch(20)

    assert [[one.text for one in batch.messages] for batch in (first, second)] == [["một"], ["hai"]]
    assert await zalo.fetch(1) == Batch(())


async def test_a_poll_that_waits_ends_when_something_comes(api, zalo):
    waiting = asyncio.create_task(zalo.fetch(20))
    await hear(api, "một")

    (message,) = (await waiting).messages
    assert (message.text, message.address, message.display_name) == ("một", CHAT, "Người Hư Cấu")


async def test_a_newer_poll_takes_the_place_of_an_older_one(api, server, connect):
    first, second = await connect(server), await connect(server)
    old = asyncio.create_task(first.fetch(20))
    await api.get("/api/persons")
    new = asyncio.create_task(second.fetch(20))

    assert await old == Batch(())
    await hear(api, "một")
    assert [one.text for one in (await new).messages] == ["một"]


async def test_a_poll_whose_caller_is_gone_swallows_an_update(api, server, zalo):
    """As we assume of Zalo until somebody has seen better: what was handed out counts as delivered."""
    host, port = server.url.removeprefix("http://").split(":")
    _, dying = await asyncio.open_connection(host, int(port))
    body = b'{"timeout": "30"}'
    head = f"POST /zalo/bot{TOKEN}/getUpdates HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    dying.write(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await dying.drain()
    await api.get("/api/persons")  # it waits by now
    dying.close()
    await dying.wait_closed()

    await hear(api, "một")
    await hear(api, "hai")

    assert await texts(zalo, 1) == ["hai"]


async def test_what_was_not_handed_out_survives_a_restart_and_what_was_does_not_come_again(start, http, connect):
    server = await start(zalo_token=TOKEN)
    for text in ("một", "hai"):
        await http.post(f"{server.url}/api/updates", json={"channel": "zalo", **raw(text)})
    assert await texts(await connect(server), 1) == ["một"]

    await server.stop()
    server = await start(zalo_token=TOKEN)

    assert await texts(await connect(server), 1) == ["hai"]
    async with http.get(f"{server.url}/api/persons/zalo-{CHAT}/chat") as response:
        assert [one["text"] for one in await response.json()] == ["một", "hai"]


async def test_stickers_and_nonsense_reach_the_bot_as_they_are(api, zalo):
    await hear(api, "", event="message.sticker.received", sticker="d063f44dc80821567819")
    await api.post("/api/updates", {"channel": "zalo", "event_name": 7})
    await hear(api, "sau đó")

    sticker, nonsense, later = [await zalo.fetch(20) for _ in range(3)]

    assert [one.kind.value for one in sticker.messages] == ["other"]
    assert (nonsense.messages, nonsense.unreadable) == ((), ({"event_name": 7},))
    assert [one.text for one in later.messages] == ["sau đó"]


async def test_a_webhook_gets_the_updates_with_its_secret_until_it_takes_them(api, zalo, hook):
    hook.refusals = 2
    await zalo.set_webhook(hook.url, SECRET)
    await hear(api, "một")
    await hear(api, "hai")

    secret, body = await asyncio.wait_for(hook.received.get(), 10)

    assert (secret, to_inbound(json.loads(body), "1").text) == (SECRET, "một")
    assert [await hook.next_text() for _ in range(3)] == ["một", "một", "hai"]


async def test_there_is_no_polling_while_a_webhook_is_set(api, server, http, zalo, hook):
    await zalo.set_webhook(hook.url, SECRET)

    with pytest.raises(Rejected):
        await zalo.fetch(1)

    assert (await ask(http, server, "getWebhookInfo"))[1]["result"]["url"] == hook.url
    await zalo.delete_webhook()
    assert (await ask(http, server, "getWebhookInfo"))[1]["result"]["url"] == ""
    await hear(api, "một")
    assert await texts(zalo, 1) == ["một"]


async def test_a_webhook_is_still_set_after_a_restart(start, http, connect, hook):
    server = await start(zalo_token=TOKEN)
    await (await connect(server)).set_webhook(hook.url, SECRET)

    await server.stop()
    server = await start(zalo_token=TOKEN)
    await http.post(f"{server.url}/api/updates", json={"channel": "zalo", **raw("một")})

    assert await hook.next_text() == "một"


async def test_an_update_that_a_webhook_refuses_too_often_is_dropped(tmp_path, hook):
    store = Store(tmp_path / "sandbox.db")
    await store.open()
    updates = UpdateQueue(store, time.time, "zalo_pending", "zalo_next_update_id")
    delivery = ZaloDelivery(store, updates, time.time, first_retry=0.0001)
    hook.refusals = TRIES
    for text in ("một", "hai"):
        updates.put(json.dumps(raw(text)))

    await delivery.set_webhook(Params({"url": hook.url, "secret_token": SECRET}, {}))

    heard = [await hook.next_text() for _ in range(TRIES + 1)]
    await delivery.close()
    await store.close()
    assert heard == ["một"] * TRIES + ["hai"]
