"""Persons on Zalo beside persons on Telegram: the practice API, and the page in a real Chromium at phone width."""

from __future__ import annotations

import asyncio
import re
import shutil

import aiohttp
import pytest
from playwright.async_api import async_playwright, expect

from bot.channels.base import Outgoing
from bot.channels.zalo import ZaloChannel
from bot.sandbox.practice import PersonView

TOKEN = "1459232241454765289:invented-for-tests"
CHAT = "6ede9afa66b88fe6d6a9"
expect.set_options(timeout=20_000)  # for machines that are busy


@pytest.fixture
def practice(practice):
    """Minh is on Telegram and on Zalo; on both the chat has the same name."""
    practice.everyone += [
        PersonView("hoa", "Người Hư Cấu Hoa", "Trưởng thôn", "Bản Mẫu 2", "zalo", CHAT),
        PersonView("minh@zalo", "Người Hư Cấu Minh", "Chủ tịch xã", "Xã Mẫu", "zalo", "502"),
    ]
    return practice


@pytest.fixture
async def server(start, practice):
    return await start(practice, zalo_token=TOKEN)


@pytest.fixture
async def zalo(server):
    channel = ZaloChannel(TOKEN, f"{server.url}/zalo")
    await channel.connect()
    yield channel
    await channel.close()


@pytest.fixture
async def bot(zalo):
    """Answers every message with what it was, and gives what it heard."""
    heard = []

    async def answer():
        while True:
            for message in (await zalo.fetch(20)).messages:
                heard.append(message)
                await zalo.send(Outgoing(message.address, f"Đã nghe: {message.text[:20]} /huy"))

    task = asyncio.create_task(answer())
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_person_on_zalo_writes_and_is_answered(api, bot, practice):
    status, said = await api.post("/api/persons/hoa/messages", {"text": "trợ giúp"})

    assert (status, said) == (200, {"message_id": 1, "settled": True})
    assert practice.asked_to_settle == 1
    question, reply = await api.get("/api/persons/hoa/chat")
    assert (question["from"], question["text"]) == ("person", "trợ giúp")
    assert (reply["from"], reply["text"], reply["buttons"]) == ("bot", "Đã nghe: trợ giúp /huy", [])
    assert [one["channel"] for one in await api.get("/api/persons")] == ["telegram", "telegram", "zalo", "zalo"]


async def test_a_chat_has_the_same_shape_on_both(api, bot):
    await api.post("/api/persons/hoa/messages", {"text": "một"})
    await api.call("sendMessage", chat_id=501, text="hai")

    (on_zalo, _), (on_telegram,) = await api.get("/api/persons/hoa/chat"), await api.get("/api/persons/lan/chat")

    assert on_zalo.keys() == on_telegram.keys()


async def test_what_was_written_is_a_genuine_update(api, bot):
    await api.post("/api/persons/hoa/messages", {"text": "/start"})
    await api.post("/api/persons/minh@zalo/messages", {"text": "/start"})

    first, second = bot
    assert (first.channel, first.address, first.group) == ("zalo", CHAT, False)
    assert (first.text, first.display_name) == ("/start", "Người Hư Cấu Hoa")
    assert first.sent_at.isoformat() == "2021-09-09T00:00:00+00:00"  # 07:00 on the practice clock
    assert first.id != second.id
    assert (await api.get("/api/persons/hoa/chat"))[0]["entities"] == []


async def test_it_settles_when_the_bot_comes_back_for_the_next_update(api, zalo):
    """To have been handed out is not enough: the bot has yet to commit it."""
    written = asyncio.create_task(api.post("/api/persons/hoa/messages", {"text": "một"}))
    await zalo.fetch(20)
    await api.get("/api/persons")
    assert not written.done()

    coming_back = asyncio.create_task(zalo.fetch(20))

    assert (await written)[1]["settled"] is True
    await api.post("/api/updates", {"channel": "zalo", "event_name": "end"})
    await coming_back


async def test_a_chat_on_zalo_is_not_one_on_telegram(api, zalo):
    await zalo.send(Outgoing("502", "Trên Zalo"))
    await api.call("sendMessage", chat_id=502, text="Trên Telegram")

    assert [one["text"] for one in await api.get("/api/persons/minh/chat")] == ["Trên Telegram"]
    assert [one["text"] for one in await api.get("/api/persons/minh@zalo/chat")] == ["Trên Zalo"]
    persons = {one["id"]: one["heard"] for one in await api.get("/api/persons")}
    assert (persons["minh"], persons["minh@zalo"]) == (2, 1)


async def test_there_is_nothing_to_tap_on_zalo(api, bot):
    await api.post("/api/persons/hoa/messages", {"text": "một"})

    status, refusal = await api.post("/api/persons/hoa/taps", {"message_id": 2, "data": "do:menu:"})

    assert (status, refusal["error"]) == (409, "no_buttons")


async def test_a_picture_is_an_address_at_which_the_bot_finds_it(api, bot, picture):
    await upload(api, picture, "chot.png", "Chốt số 1")

    (message,) = bot
    assert (message.kind, message.media.kind, message.text) == ("media", "photo", "Chốt số 1")
    async with api.http.get(message.media.file_id) as response:
        assert await response.read() == picture
    shown = (await api.get("/api/persons/hoa/chat"))[0]
    assert shown["photo"]
    assert shown["text"] == "Chốt số 1"


async def test_of_other_files_and_contacts_the_bot_learns_only_that_they_were_there(api, bot):
    await upload(api, b"mot,hai", "danh-sach.csv")
    await api.post("/api/persons/hoa/messages", {"contact": {"phone": "0912345678"}})

    assert [(one.kind, one.text, one.media, one.contact) for one in bot] == [("withheld", "", None, None)] * 2
    chat = await api.get("/api/persons/hoa/chat")
    assert chat[0]["document"]["name"] == "danh-sach.csv"
    assert chat[2]["contact"]["phone"] == "0912345678"


async def test_a_text_too_long_for_zalo_goes_as_several(api, bot):
    await api.post("/api/persons/hoa/messages", {"text": "x" * 4500})

    assert [len(one.text) for one in bot] == [2000, 2000, 500]


async def test_a_person_on_zalo_sees_no_list_of_commands(api):
    await api.call("setMyCommands", commands=[{"command": "huy", "description": "Hủy"}])

    assert len(await api.get("/api/commands?person=lan")) == 1
    assert await api.get("/api/commands?person=hoa") == []


async def test_the_clock_waits_until_the_bot_on_zalo_has_worked_off_what_came(api, zalo):
    await api.post("/api/updates", {"channel": "zalo", "event_name": "one"})
    moving = asyncio.create_task(api.post("/api/clock", {"now": "2021-09-09T08:00:00+07:00"}))
    await zalo.fetch(20)
    await api.get("/api/persons")
    assert not moving.done()

    coming_back = asyncio.create_task(zalo.fetch(20))

    assert (await moving)[0] == 200
    await api.post("/api/updates", {"channel": "zalo", "event_name": "end"})
    await coming_back


async def test_the_page_marks_who_is_on_zalo_and_offers_what_zalo_has(server, bot):
    complaints = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        phone = await browser.new_page(viewport={"width": 360, "height": 740})
        phone.on("pageerror", lambda error: complaints.append(str(error)))
        phone.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await phone.goto(server.url)

        await expect(phone.locator(".person .via")).to_have_text(["Telegram", "Telegram", "Zalo", "Zalo"])
        await phone.get_by_role("button", name="Người Hư Cấu Hoa").click()
        await expect(phone.locator("#via")).to_have_text("Zalo")
        await expect(phone.locator("#post")).to_have_text("Trưởng thôn · Bản Mẫu 2")
        await expect(phone.locator("#start")).to_have_text(re.compile("Zalo không có nút bấm: gõ “chào”"))
        await expect(phone.get_by_role("button", name="Bắt đầu")).to_be_hidden()
        await expect(phone.locator("#show-commands")).to_be_hidden()
        await phone.get_by_placeholder("Gõ số hoặc chữ").fill("/ trợ giúp")
        await phone.get_by_role("button", name="Gửi").click()
        await expect(phone.locator("#say")).to_be_focused()  # so that a phone's keyboard stays open for the next answer
        await expect(phone.locator(".log .theirs")).to_contain_text("Đã nghe: / trợ giúp /huy")
        await expect(phone.locator(".log button")).to_have_count(0)
        await phone.get_by_role("button", name="Về danh sách").click()
        await phone.get_by_role("button", name="Người Hư Cấu Lan").click()
        await expect(phone.locator("#via")).to_have_text("Telegram")
        await expect(phone.get_by_role("button", name="Bắt đầu")).to_be_visible()
        await expect(phone.get_by_placeholder("Nhập tin nhắn")).to_be_visible()
        await expect(phone.locator("#show-commands")).to_be_visible()
        overflow = await phone.evaluate("document.documentElement.scrollWidth - innerWidth")
        await browser.close()
    assert complaints == []
    assert overflow <= 0


async def upload(api, content, name, text=""):
    form = aiohttp.FormData({"text": text}, default_to_multipart=True)
    form.add_field("file", content, filename=name)
    async with api.http.post(f"{api.url}/api/persons/hoa/messages", data=form) as response:
        assert (await response.json())["settled"] is True
