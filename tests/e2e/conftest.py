from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser

from .hand import PHONE, Hand, chromium, listen

Open = Callable[..., AbstractAsyncContextManager[Hand]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as found:
        yield found


@pytest.fixture
def phone(browser: Browser) -> Open:
    """Opens the page at phone width. Any complaint of the browser's, or a request elsewhere, fails the test.

    ``expected`` is a part of those complaints that the test provokes itself.
    """

    @asynccontextmanager
    async def open_(url: str, path: str = "", expected: str | None = None) -> AsyncIterator[Hand]:
        context = await browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, accept_downloads=True)
        heard = listen(context, url)
        page = await context.new_page()
        await page.goto(f"{url}/{path}")
        hand = Hand(page)
        yield hand
        await hand.fits()
        await context.close()
        assert [complaint for complaint in heard if expected is None or expected not in complaint] == []

    return open_


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty folder for practice data."""
    return tmp_path / "data"
