"""A real browser in front of the whole program, and what a hand does in it."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

PHONE = {"width": 360, "height": 740}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
expect.set_options(timeout=20_000)  # for machines that are busy


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium, else playwright's own."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=quiet)
        try:
            yield browser
        finally:
            await browser.close()


def listen(context: BrowserContext, url: str) -> list[str]:
    """Fills with everything that the browser complains of from now on, and every request that leaves the program."""
    heard: list[str] = []
    context.on("weberror", lambda error: heard.append(str(error.error)))
    context.on("console", lambda said: heard.append(f"console: {said.text}") if said.type in ("error", "warning") else None)
    context.on("request", lambda asked: None if asked.url.startswith(f"{url}/") else heard.append(f"fetched: {asked.url}"))
    return heard


def figures(text: str) -> dict[str, list[int]]:
    """The figures in a digest by their words, without what changed: "Đã về / chưa về: 0 / 10" is [0, 10]."""
    lines = re.findall(r"^(.+?): ([\d /()+-]+)$", text, re.MULTILINE)
    return {words: [int(n) for n in re.sub(r"\(.*?\)", "", values).split("/")] for words, values in lines}


class Hand:
    """Plays people on the page by the words that stand on it, and waits for each answer as a person does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.locator("#log")

    @property
    def newest(self) -> Locator:
        """The bot's newest words with their buttons; a picture is none."""
        return self.log.locator(".theirs:not(.writing):not(:has(.picture))").last

    def person(self, person_id: str) -> Locator:
        return self.page.locator(f'[data-person="{person_id}"]')

    async def play(self, person_id: str) -> None:
        """Choose this person from the list."""
        back = self.page.locator("#back")
        if await back.is_visible():
            await back.click()
        await self.person(person_id).click()
        await expect(self.person(person_id)).to_have_attribute("aria-current", "true")
        await expect(self.page.locator("#talk")).to_be_visible()

    async def tap(self, label: str) -> None:
        """Tap a button below the bot's newest message."""
        await self.newest.get_by_role("button", name=label, exact=True).click()

    async def write(self, text: str) -> None:
        """Type a message and send it."""
        await self.page.locator("#say").fill(text)
        await self.page.locator("#send").click()

    async def hear(self, *texts: str) -> None:
        """The bot's newest message says all of this."""
        for text in texts:
            await expect(self.newest).to_contain_text(text)

    async def answer(self, *pairs: tuple[str, str]) -> None:
        """Answer and wait for the echo, pair by pair: tap where there is a button with this label, else type."""
        for given, echo in pairs:
            button = self.newest.get_by_role("button", name=given, exact=True)
            await (button.click() if await button.count() else self.write(given))
            await self.hear(echo)

    async def command(self, label: str) -> None:
        """Choose a command from the list of commands."""
        await self.page.locator("#show-commands").click()
        await self.page.locator("#commands button", has_text=label).click()

    async def move_clock(self, wall: str) -> None:
        """Move the practice clock to this hour, as the clock's own window offers it."""
        await self.page.locator("#clock").click()
        await self.page.locator("#clock-dialog .jumps").get_by_role("button", name=wall, exact=True).click()
        await expect(self.page.locator("#clock time")).to_contain_text(wall)
        await expect(self.page.locator("#ran li b").last).to_have_text(re.compile(r"\d\d:\d\d"))

    async def download(self, folder: Path) -> Path:
        """The Excel file of the newest message, fetched by tapping on it, under its own name."""
        async with self.page.expect_download() as started:
            await self.newest.get_by_role("link", name=re.compile(r"^Tải tệp .*\.xlsx")).click()
        download = await started.value
        await download.save_as(folder / download.suggested_filename)
        return folder / download.suggested_filename

    async def fits(self) -> None:
        """Nothing is wider than the screen."""
        assert await self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        wide = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"
        assert await self.page.locator("#log, .bubble, .buttons button, .jumps button").evaluate_all(wide) == []
