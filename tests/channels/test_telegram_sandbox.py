"""The channel against the practice server, over HTTP as against Telegram itself."""

import asyncio
from datetime import datetime

import aiohttp
import pytest

from bot.channels.base import Attachment, Button, InboundKind, Outgoing
from bot.channels.telegram import TelegramChannel
from bot.clock import StandingClock
from bot.errors import ChatClosed, TokenRefused
from bot.sandbox.practice import PersonView
from bot.sandbox.server import SandboxServer

TOKEN = "1000000001:invented-for-tests"
MORNING = datetime.fromisoformat("2021-09-09T07:00:00+07:00")


class OnePerson:
    """A practice with one invented person and a clock that stands still."""

    def __init__(self):
        self.now = StandingClock(MORNING)

    async def persons(self, language):
        return [PersonView("lan", "Người Hư Cấu Lan", "Trưởng thôn", "Bản Mẫu 1", "telegram", 501)]

    async def settled(self, timeout):
        return True

    async def move_clock(self, to):
        raise NotImplementedError


class Lan:
    """The person at the other end."""

    def __init__(self, http, url):
        self.http = http
        self.url = f"{url}/api/persons/lan"

    async def post(self, path, body):
        sent = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with self.http.post(f"{self.url}/{path}", **sent) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def sees(self):
        async with self.http.get(f"{self.url}/chat") as answer:
            return await answer.json()


@pytest.fixture
async def server(tmp_path):
    sandbox = SandboxServer(tmp_path, TOKEN, OnePerson())
    await sandbox.start("127.0.0.1", 0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def telegram(server):
    channel = TelegramChannel(TOKEN, server.url, StandingClock(MORNING))
    await channel.connect()
    yield channel
    await channel.close()


@pytest.fixture
async def lan(server):
    async with aiohttp.ClientSession() as http:
        yield Lan(http, server.url)


async def next_message(telegram):
    """Fetch until something comes, and confirm it at once."""
    while not (batch := await telegram.fetch(20)).messages:
        pass
    await telegram.confirm(batch)
    await telegram.flush_confirm()
    assert not batch.unreadable
    return batch.messages[0]


async def heard(telegram, act):
    """What the channel makes of something that a person does; the doing ends once it is confirmed."""
    doing = asyncio.create_task(act)
    message = await next_message(telegram)
    assert (await doing)["settled"]
    return message


async def test_a_conversation_with_buttons_edits_and_files(telegram, lan):
    said = await heard(telegram, lan.post("messages", {"text": "chào em"}))
    assert (said.kind, said.text, said.address, said.sent_at) == (InboundKind.TEXT, "chào em", "501", MORNING)

    question = Outgoing(said.address, "Đã về địa phương chưa?", ((Button("Đã về", "d:1:yes"),),))
    asked = await telegram.send(question)
    tapped = await heard(telegram, lan.post("taps", {"message_id": int(asked), "data": "d:1:yes"}))
    await telegram.acknowledge(tapped)
    assert (tapped.kind, tapped.token, tapped.message_id) == (InboundKind.TAP, "d:1:yes", asked)

    done = Outgoing(said.address, "Đã về địa phương chưa? Đã về", edits=asked)
    assert await telegram.send(done) == asked
    assert await telegram.send(done) == asked  # nothing changes, and that is well

    table = Attachment("Danh sách bản Mẫu 1.xlsx", b"PK\x03\x04")
    await telegram.send(Outgoing(said.address, "Danh sách", document=table))
    seen = await lan.sees()
    assert [entry["text"] for entry in seen if entry["from"] == "bot"] == [done.text, "Danh sách"]
    assert seen[-1]["document"]["name"] == table.name


async def test_a_file_from_a_person_arrives_whole(telegram, lan):
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", b"STT;Ho ten", filename="danh sách.csv", content_type="text/csv")

    sent = await heard(telegram, lan.post("messages", form))

    assert (sent.kind, sent.media.kind, sent.media.name) == (InboundKind.MEDIA, "document", "danh sách.csv")
    assert await telegram.download(sent.media) == b"STT;Ho ten"


async def test_a_contact_is_shared(telegram, lan):
    contact = {"phone_number": "0900000123", "first_name": "Người Hư Cấu"}

    shared = await heard(telegram, lan.post("messages", {"contact": contact}))

    assert (shared.kind, shared.contact.phone) == (InboundKind.CONTACT, "0900000123")


async def test_blocking_closes_the_chat_and_unblocking_opens_it(telegram, lan):
    await heard(telegram, lan.post("messages", {"text": "/start"}))

    assert (await heard(telegram, lan.post("block", {}))).kind is InboundKind.BLOCKED
    with pytest.raises(ChatClosed):
        await telegram.send(Outgoing("501", "Mong đồng chí gửi báo cáo"))
    assert (await heard(telegram, lan.post("unblock", {}))).kind is InboundKind.OPENED


async def test_a_wrong_token_is_refused(server):
    channel = TelegramChannel("1000000001:another", server.url, StandingClock(MORNING))

    with pytest.raises(TokenRefused):
        await channel.connect()
    await channel.close()
