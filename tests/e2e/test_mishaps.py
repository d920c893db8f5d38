"""What clumsy hands and a bad line do to the page."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from bot.practice import practising

from .hand import Hand, free_port

HEAD = "04123-01-head"
QUESTION = "Họ và tên người cần báo"


@pytest.fixture
async def running(data):
    async with practising(data) as running:
        yield running


async def begin(hand: Hand) -> None:
    """The menu of a village head is open."""
    await hand.play(HEAD)
    await hand.page.get_by_role("button", name="Bắt đầu").click()
    await hand.hear("Chị chọn việc cần làm")


async def begin_a_report(hand: Hand) -> None:
    await begin(hand)
    await hand.answer(("Có người về / người đi", "Có người về hay"), ("Báo người từ tỉnh ngoài về", QUESTION))


async def twice(hand: Hand, label: str) -> None:
    """Tap twice on the same spot, as trembling hands do."""
    await expect(hand.page.locator(".fresh")).to_have_count(0)
    place = await hand.newest.get_by_role("button", name=label, exact=True).bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    for _ in range(2):
        await hand.page.touchscreen.tap(x, y)


async def test_a_double_tap_does_no_second_thing(running, phone):
    # A second tap that comes through after all finds its button gone: the server refuses it, which the console notes.
    async with phone(running.url, expected="409 (Conflict)") as hand:
        await hand.play(HEAD)
        start = hand.page.get_by_role("button", name="Bắt đầu")
        await start.dblclick()
        await hand.hear("Chị chọn việc cần làm")
        await expect(hand.log.locator(".mine")).to_have_count(1)

        await twice(hand, "Không phát sinh mới")
        await hand.hear("KIỂM TRA TRƯỚC KHI GỬI")
        await expect(hand.page.locator(".fresh")).to_have_count(0)
        await hand.hear("KIỂM TRA TRƯỚC KHI GỬI")  # still: the second tap sent nothing
        await twice(hand, "Gửi báo cáo")
        await hand.hear("Đã ghi nhận báo cáo ngày 09/9/2021")
        await expect(hand.log.locator(".theirs")).to_have_count(1)


async def test_what_was_typed_is_still_there_after_a_reload_and_a_look_at_somebody_else(running, phone):
    async with phone(running.url) as hand:
        await begin_a_report(hand)
        await hand.page.locator("#say").fill("Lò Mẫu P")
        await hand.play("04123-02-head")
        await expect(hand.page.locator("#say")).to_have_value("")
        await hand.play(HEAD)
        await expect(hand.page.locator("#say")).to_have_value("Lò Mẫu P")

        await hand.page.reload()

        await hand.hear(QUESTION)
        await expect(hand.page.locator("#say")).to_have_value("Lò Mẫu P")
        await hand.answer(("Lò Mẫu Pản", "✓ Họ và tên: Lò Mẫu Pản"))
        await hand.page.reload()
        await expect(hand.page.locator("#say")).to_have_value("")


async def test_a_lost_server_is_named_and_nothing_typed_is_lost(phone, data):
    port = free_port()
    async with practising(data, port) as running:
        opened = phone(running.url, expected="ERR_CONNECTION_REFUSED")
        hand = await opened.__aenter__()
        await begin_a_report(hand)

    offline = hand.page.get_by_text("Mất kết nối với máy luyện tập")
    await expect(offline).to_be_visible()
    await hand.write("Lò Mẫu Pản")
    await expect(hand.page.locator("#toast")).to_contain_text("Chưa làm được")
    await expect(hand.page.locator("#say")).to_have_value("Lò Mẫu Pản")

    async with practising(data, port):
        await expect(offline).to_be_hidden()
        await hand.page.locator("#send").click()
        await hand.hear("✓ Họ và tên: Lò Mẫu Pản")
        await expect(hand.page.locator("#say")).to_have_value("")
        await opened.__aexit__(None, None, None)


async def test_a_second_tab_follows_the_first(running, phone):
    async with phone(running.url) as hand:
        await begin(hand)
        other = Hand(await hand.page.context.new_page())
        await other.page.goto(hand.page.url)
        await other.hear("Chị chọn việc cần làm")

        await hand.answer(("Không phát sinh mới", "KIỂM TRA TRƯỚC KHI GỬI"))
        await other.hear("KIỂM TRA TRƯỚC KHI GỬI")
        await other.tap("Gửi báo cáo")
        await other.hear("Đã ghi nhận báo cáo ngày 09/9/2021")
        await hand.hear("Đã ghi nhận báo cáo ngày 09/9/2021")

        await other.move_clock("08:00")
        await expect(hand.page.locator("#clock time")).to_contain_text("08:00")
        await other.page.locator("#back").click()
        await expect(other.person(HEAD)).not_to_contain_text("có tin chưa đọc")


async def test_a_text_of_a_whole_page_fits_on_the_phone(running, phone):
    async with phone(running.url) as hand:
        await begin_a_report(hand)
        await hand.write("dàilắm" * 900)

        await expect(hand.log.locator(".mine")).to_have_count(3)  # after /start: two, as Telegram cuts at 4096 letters
        await expect(hand.log.locator(".theirs").last).to_contain_text(re.compile("Ví dụ: .*Họ và tên", re.DOTALL))
        await hand.fits()


async def test_back_leads_to_the_list_once(running, phone):
    async with phone(running.url) as hand:
        await hand.play(HEAD)
        await hand.page.go_back()
        await expect(hand.person(HEAD)).to_be_visible()

        await hand.play(HEAD)
        await hand.page.locator("#back").click()
        await expect(hand.person(HEAD)).to_be_visible()
        await hand.page.go_forward()
        await expect(hand.page.locator("#who")).to_be_visible()

        await hand.page.goto(f"{running.url}/?lang=vi#04123-02-head")
        await hand.page.locator("#back").click()
        await expect(hand.person(HEAD)).to_be_visible()
        await hand.page.goto(f"{running.url}/#%")
        await expect(hand.person(HEAD)).to_be_visible()
