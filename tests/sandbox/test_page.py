"""The chat page in a real Chromium at phone width, and its words."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.domain.deadlines import Timetable
from scheduler.jobs import OCCASIONS, timetable_of

PAGE = Path(__file__).parents[2] / "bot" / "sandbox" / "page"
expect.set_options(timeout=20_000)  # for machines that are busy
ASK = {"inline_keyboard": [[{"text": "Có", "callback_data": "yes"}, {"text": "Không", "callback_data": "no"}]]}


async def converse(client: Any, update: Any) -> None:
    if tap := update.get("callback_query"):
        where = {"chat_id": tap["message"]["chat"]["id"], "message_id": tap["message"]["message_id"]}
        await client.call("editMessageText", text=f"Đã về chưa? {tap['data']}", **where)
        await client.call("answerCallbackQuery", callback_query_id=tap["id"], text="Đã nhận")
    elif message := update.get("message"):
        await client.call("sendMessage", chat_id=message["chat"]["id"], text="Đã về chưa? /huy để bỏ", reply_markup=ASK)


@pytest.fixture
async def phone(page: Any, bot_on: Any) -> AsyncIterator[Page]:
    """The page on a phone of 360 pixels. Any complaint of the browser's, or a request elsewhere, fails the test."""
    bot_on(page, converse)
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        context = await browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
        shown = await context.new_page()
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        shown.on("request", lambda asked: None if asked.url.startswith(page.url) else complaints.append(asked.url))
        await shown.goto(page.url)
        yield shown
        overflow = await shown.evaluate("document.documentElement.scrollWidth - innerWidth")
        await browser.close()
    assert complaints == []
    assert overflow <= 0


async def test_a_person_is_played_by_tapping_and_typing(phone):
    await expect(phone.get_by_text("Luyện tập: người và số liệu là hư cấu")).to_be_visible()
    await phone.get_by_role("button", name="Người Hư Cấu Lan").click()
    await phone.get_by_role("button", name="Bắt đầu").click()
    await phone.get_by_role("button", name="Có", exact=True).click()

    await expect(phone.locator(".log .theirs")).to_have_count(1)
    await expect(phone.locator(".log .theirs")).to_contain_text("Đã về chưa? yes")
    await expect(phone.locator(".log .theirs")).to_contain_text("đã sửa")
    await expect(phone.locator("#toast")).to_have_text("Đã nhận")

    await phone.get_by_label("Tin nhắn", exact=True).fill("Lò Văn Mẫu")
    await phone.get_by_role("button", name="Gửi", exact=True).click()
    await expect(phone.locator(".log .mine").last).to_contain_text("Lò Văn Mẫu")
    await expect(phone.locator(".log .theirs")).to_have_count(2)


async def test_everything_can_be_done_by_keyboard(phone):
    await expect(phone.locator(".person")).to_have_count(2)
    await phone.locator(".person").first.focus()
    await phone.keyboard.press("ArrowDown")
    await phone.keyboard.press("Enter")
    await expect(phone.locator("#who")).to_have_text("Người Hư Cấu Minh")
    await phone.locator("#say").focus()
    await phone.keyboard.type("xin chào")
    await phone.keyboard.press("Enter")
    await expect(phone.get_by_role("button", name="Có", exact=True)).to_be_visible()

    await phone.keyboard.press("Shift+Tab")  # the list of commands, then the reply to the newest message's last button
    await phone.keyboard.press("Shift+Tab")
    await phone.keyboard.press("Enter")

    await expect(phone.locator(".log .theirs")).to_contain_text("Đã về chưa? no")


async def test_the_clock_is_moved_and_tells_what_ran(phone):
    await expect(phone.locator("#clock")).to_contain_text("07:00")
    await phone.locator("#clock").click()
    await phone.get_by_role("button", name="08:00").click()

    await expect(phone.locator("#ran")).to_contain_text("Từ 07:00 đến 08:00")
    await expect(phone.locator("#ran")).to_contain_text("08:00 Nhắc báo cáo")
    await expect(phone.locator("#clock")).to_contain_text("08:00")


async def test_who_receives_something_unread_is_marked(phone, page):
    await expect(phone.locator(".person")).to_have_count(2)

    await page.call("sendMessage", chat_id=502, text="Đã quá 08:00")

    await expect(phone.get_by_role("button", name="Người Hư Cấu Minh")).to_contain_text("có tin chưa đọc")
    await phone.get_by_role("button", name="Người Hư Cấu Minh").click()
    await phone.get_by_role("button", name="Về danh sách").click()
    await expect(phone.locator(".dot")).to_have_count(0)


async def test_an_attached_file_is_sent_and_can_be_downloaded(phone, page):
    await phone.get_by_role("button", name="Người Hư Cấu Lan").click()
    await phone.locator("#file").set_input_files({"name": "Sơ đồ chốt.csv", "mimeType": "text/csv", "buffer": b"mot,hai"})
    await phone.get_by_role("button", name="Gửi", exact=True).click()

    link = phone.get_by_role("link", name="Tải tệp Sơ đồ chốt.csv")
    await expect(link).to_be_visible()
    async with page.http.get(page.url + (await link.get_attribute("href"))) as response:
        assert await response.read() == b"mot,hai"


async def test_a_contact_is_shared_and_a_message_is_answered(phone):
    await phone.get_by_role("button", name="Người Hư Cấu Lan").click()
    await phone.get_by_role("button", name="Chia sẻ số điện thoại").click()
    await phone.get_by_label("Số điện thoại", exact=True).fill("0912 345 678")
    await phone.get_by_role("button", name="Chia sẻ", exact=True).click()
    await expect(phone.locator(".log .mine")).to_contain_text("0912 345 678")
    await expect(phone.get_by_role("button", name="Có", exact=True)).to_be_visible()

    await phone.get_by_role("button", name="Trả lời tin này").last.click()
    await phone.get_by_label("Tin nhắn", exact=True).fill("Rồi")
    await phone.keyboard.press("Enter")
    await expect(phone.locator(".log .mine .quote")).to_have_text("Đã về chưa? /huy để bỏ")


async def test_blocking_closes_the_chat_until_unblocking(phone):
    await phone.get_by_role("button", name="Người Hư Cấu Lan").click()
    await phone.get_by_role("switch", name="Chặn bot").click()
    await expect(phone.locator("#compose")).to_be_hidden()

    await phone.get_by_role("button", name="Bỏ chặn").click()
    await expect(phone.locator("#compose")).to_be_visible()


async def test_the_page_speaks_english_too(phone):
    await phone.get_by_role("button", name="English").click()

    await expect(phone.get_by_text("Practice: people and figures are invented")).to_be_visible()
    await expect(phone.locator("html")).to_have_attribute("lang", "en")


def test_both_languages_have_the_same_words_and_every_word_that_is_used():
    vi, en = (json.loads((PAGE / f"words.{language}.json").read_text("utf-8")) for language in ("vi", "en"))
    sources = "".join(path.read_text("utf-8") for path in PAGE.iterdir() if path.suffix in (".js", ".html"))
    used = set(re.findall(r'(?:say|hidden)\("([\w.]+)"', sources)) | set(re.findall(r'data-word(?:-\w+)?="([\w.]+)"', sources))

    assert vi.keys() == en.keys()
    assert used <= vi.keys()
    for key in vi:
        assert re.findall(r"{\w+}", vi[key]) == re.findall(r"{\w+}", en[key]), key


def test_every_job_has_words():
    words = json.loads((PAGE / "words.vi.json").read_text("utf-8"))
    names = {re.sub(r"_\d{4}$", "", job.name) for job in (*timetable_of(Timetable()), *OCCASIONS)}

    assert {f"job.{name}" for name in names} == {key for key in words if key.startswith("job.")}


async def test_nothing_but_our_own_files_may_run_on_the_page(api):
    async with api.http.get(api.url) as response:
        policy = response.headers["Content-Security-Policy"]
        source = await response.text()

    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=", source)
