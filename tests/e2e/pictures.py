"""The pictures in docs/pictures: ``python -m tests.e2e.pictures`` plays a morning and photographs it.

People, figures and clock are the demo's, so that the pictures change only when the program does.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, expect

from bot.practice import practising

from .hand import Hand, chromium

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PHONE = {"viewport": {"width": 360, "height": 800}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1200, "height": 800}, "device_scale_factor": 1.25}

RETURNEE = ("Lò Mẫu Pản", "1985", "Nam", "0912 345 678", "Lò Mẫu Ín", "Bình Dương", "Hôm qua", "Xe khách", "2 mũi", "20/8")
ISOLATION = ("Có", "Cách ly tại nhà", "Hôm qua")
IN_ENGLISH = ("Vì Mẫu Yên", "1991", "Female", "No phone", "Skip", "Hà Nội", "Yesterday", "Coach", "2 doses", "15/8", "Yes")


class Player:
    """One person, played through the practice API."""

    def __init__(self, http: aiohttp.ClientSession, person: str) -> None:
        self._http = http
        self._path = f"/api/persons/{person}"

    async def does(self, *what: str) -> None:
        """One after the other: tap the newest message's button with this label, else type it."""
        for one in what:
            async with self._http.get(f"{self._path}/chat") as response:
                said = [entry for entry in await response.json() if entry["from"] == "bot"]
            newest = max(said, key=lambda entry: entry["seq"], default=None)
            buttons = [button for row in newest["buttons"] for button in row] if newest else []
            data = next((button["data"] for button in buttons if button["text"] == one), None)
            if newest is None or data is None:
                await self._post("messages", {"text": one})
            else:
                await self._post("taps", {"message_id": newest["message_id"], "data": data})

    async def file(self) -> bytes:
        """The newest file in the chat."""
        async with self._http.get(f"{self._path}/chat") as response:
            url = [entry["document"]["url"] for entry in await response.json() if entry["document"]][-1]
        async with self._http.get(url) as response:
            return await response.read()

    async def _post(self, what: str, body: dict[str, Any]) -> None:
        async with self._http.post(f"{self._path}/{what}", json=body) as response:
            assert (await response.json())["settled"], (self._path, what, body)


@asynccontextmanager
async def _page(browser: Browser, url: str, look: dict[str, Any], language: str = "vi") -> AsyncIterator[Hand]:
    context = await browser.new_context(**look, reduced_motion="reduce", color_scheme="light", locale=language)
    page = await context.new_page()
    await page.goto(f"{url}/?lang={language}")
    yield Hand(page)
    await context.close()


async def _photograph(hand: Hand, name: str, person: str, *shows: str, top: str | None = None) -> None:
    await hand.play(person)
    await hand.hear(*shows)
    if top is not None:
        await hand.page.locator(".log .theirs", has_text=top).last.evaluate("(message) => message.scrollIntoView()")
    await expect(hand.page.locator(".fresh")).to_have_count(0)
    await hand.page.mouse.move(0, 0)  # so that nothing is shown as if pointed at
    if await hand.person(person).is_visible():
        await hand.person(person).evaluate("(row) => row.closest('section').scrollIntoView()")
    await hand.fits()
    await hand.page.screenshot(path=PICTURES / f"{name}.png")


async def play(url: str, browser: Browser, http: aiohttp.ClientSession) -> None:
    heads = {number: Player(http, f"04123-0{number}-head") for number in range(1, 7)}
    async with (
        _page(browser, url, PHONE) as phone,
        _page(browser, url, PHONE, "en") as english,
        _page(browser, url, WIDE) as wide,
    ):
        await heads[1].does("/start", "Có người về / người đi", "Báo người từ tỉnh ngoài về", *RETURNEE, *ISOLATION)
        await _photograph(phone, "chat", "04123-01-head", "KIỂM TRA TRƯỚC KHI GỬI")
        await heads[1].does("Gửi báo cáo", "/baocao", "Gửi báo cáo")

        await heads[3].does("/language en", "Someone came or went", "Someone came back", *IN_ENGLISH)
        await heads[3].does("At home", "Yesterday")
        await _photograph(english, "english", "04123-03-head", "CHECK BEFORE SENDING")
        await heads[3].does("Send report", "/report", "Send report")

        await phone.move_clock("07:30")
        await _photograph(phone, "nudge", "04123-02-head", "còn 30 phút nữa")
        await heads[2].does("Không phát sinh mới", "Gửi báo cáo")
        await heads[5].does("không phát sinh mới")
        await phone.page.locator("#ran button").click()
        await _photograph(phone, "zalo", "04123-05-head", "KIỂM TRA TRƯỚC KHI GỬI", "1. Gửi báo cáo")
        await heads[5].does("1")

        await expect(wide.page.locator("#clock time")).to_contain_text("07:30")
        await wide.play("04123-commune_chair")
        await wide.command("/thieu")
        await wide.hear("CHƯA BÁO CÁO ngày 09/9/2021")
        await wide.move_clock("09:45")
        await wide.page.locator("#ran button").click()
        digest = ("TỔNG HỢP Xã Chiềng Mung", "4/6 bản, tiểu khu đã báo cáo")
        await _photograph(wide, "morning", "04123-commune_chair", *digest, top=digest[0])
        _photograph_workbook(await Player(http, "04123-commune_chair").file())

        await expect(phone.page.locator("#clock time")).to_contain_text("09:45")
        await phone.move_clock("10:00")
        await _photograph(phone, "late-list", "125-district_officer-1", "lúc 10h00")


def _photograph_workbook(content: bytes) -> None:
    """The Excel file's table as LibreOffice prints it; without LibreOffice and pdftoppm the picture stays as it is."""
    office, painter = shutil.which("soffice"), shutil.which("pdftoppm")
    if office is None or painter is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "excel.xlsx").write_bytes(content)
        own = f"-env:UserInstallation=file://{folder}/profile"
        command = [office, own, "--headless", "--convert-to", "pdf", "--outdir", folder, f"{folder}/excel.xlsx"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        table = ["-x", "120", "-y", "80", "-W", "1240", "-H", "335"]  # pixels of an A4 page at 120 dots per inch
        paint = [painter, "-png", "-r", "120", *table, "-singlefile", f"{folder}/excel.pdf", str(PICTURES / "excel")]
        subprocess.run(paint, check=True, timeout=60)


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            practising(Path(folder) / "data", history=True) as running,
            chromium() as browser,
            aiohttp.ClientSession(running.url) as http,
        ):
            await play(running.url, browser, http)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
