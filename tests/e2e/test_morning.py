"""One morning of a commune, played on the page by somebody who has never seen it."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from playwright.async_api import expect

from bot.practice import practising

from .hand import figures

HEAD, SILENT_HEAD = "04123-01-head", "04123-02-head"
CHAIR, DISTRICT_OFFICER = "04123-commune_chair", "125-district_officer-1"

RETURNEE = (
    ("Lò Văn Mẫu Pản", "✓ Họ và tên: Lò Văn Mẫu Pản"),
    ("1885", "Năm sinh phải từ 1900"),
    ("1985", "✓ Năm sinh: 1985"),
    ("Nam", "✓ Giới tính: Nam"),
    ("0912 345 678", "✓ Điện thoại: 0912 345 678"),
    ("Lò Mẫu Ín", "✓ Hộ: Lò Mẫu Ín"),
    ("Bình Dương", "✓ Về từ: Bình Dương"),
    ("Hôm qua", "✓ Ngày về: 08/9/2021"),
    ("Xe khách", "✓ Phương tiện: Xe khách"),
    ("1 mũi", "✓ Vắc xin: 1 mũi"),
    ("20/8", "✓ Ngày tiêm gần nhất: 20/8/2021"),
    ("Có", "✓ Khai báo y tế: Có"),
    ("Cách ly tại nhà", "✓ Hình thức cách ly: Cách ly tại nhà"),
    ("Hôm qua", "KIỂM TRA TRƯỚC KHI GỬI"),
)


async def test_a_morning_is_played_on_a_phone(phone, data, tmp_path):
    async with practising(data, history=True) as running, phone(running.url) as hand:
        await hand.play(HEAD)
        await hand.page.get_by_role("button", name="Bắt đầu").click()
        await hand.tap("Có người về / người đi")
        await hand.tap("Báo người từ tỉnh ngoài về")
        await hand.hear("Họ và tên")
        await hand.answer(*RETURNEE)
        await hand.answer(("Sửa", "muốn sửa mục nào"), ("Vắc xin", "Đang ghi: 1 mũi"), ("2 mũi", "✓ Vắc xin: 2 mũi"))
        await hand.hear("Họ và tên: Lò Văn Mẫu Pản", "Vắc xin: 2 mũi", "Cách ly từ ngày: 08/9/2021")
        await hand.answer(("Gửi báo cáo", "Đã ghi nhận. Mã hồ sơ"))

        await hand.move_clock("07:30")
        await expect(hand.page.locator("#ran")).to_contain_text("07:30 Nhắc báo cáo lần 2 · 22 đơn vị")
        await hand.page.locator("#back").click()
        await expect(hand.person(SILENT_HEAD)).to_contain_text("có tin chưa đọc")
        await hand.play(SILENT_HEAD)
        await hand.hear("còn 30 phút nữa đến giờ báo cáo (08:00)", "Bản Chim Én")
        await hand.tap("Không phát sinh mới")
        await hand.tap("Gửi báo cáo")
        await hand.hear("Đã ghi nhận báo cáo ngày 09/9/2021 của Bản Chim Én")

        await hand.play(CHAIR)
        await hand.command("/thieu")
        await hand.hear("CHƯA BÁO CÁO ngày 09/9/2021", "5/6", "+84900000150")
        assert "Chim Én" not in await hand.newest.inner_text()

        await hand.move_clock("09:45")
        await hand.hear("TỔNG HỢP Xã Chiềng Mung", "1/6 bản, tiểu khu đã báo cáo")
        digest = figures(await hand.newest.inner_text())
        file = await hand.download(tmp_path)
        assert file.name == "Bảng tổng hợp – Xã Chiềng Mung – 09-9-2021.xlsx"
        total = _total_row(file)
        assert total["Ở ngoài tỉnh"] == digest["Tổng số người đang ở ngoài tỉnh"][0] > 0
        assert [total["Đã về"], total["Chưa về"]] == digest["Đã về / chưa về"]
        assert [total["Cách ly tập trung"], total["Cách ly tại nhà"]] == digest["Đang cách ly tập trung / tại nhà"]
        assert total["Cần hỗ trợ"] == digest["Gặp khó khăn, cần hỗ trợ"][0]

        await hand.play(DISTRICT_OFFICER)
        await hand.hear("TỔNG HỢP Huyện Mai Sơn")
        assert await _begins_in_sight(hand), "who opens a long list reads it from its beginning"
        await hand.move_clock("10:00")
        await hand.hear("CHƯA ĐỦ BÁO CÁO ngày 09/9/2021 – lúc 10h00", "Xã Chiềng Mung: thiếu 5/6")
        await expect(hand.newest).not_to_contain_text("Chim Én")
        await hand.tap("Ai cần gọi")
        await hand.hear("Giàng Mẫu Huệ", "+84900000022")


async def _begins_in_sight(hand) -> bool:
    top, log = await hand.newest.bounding_box(), await hand.log.bounding_box()
    return log["y"] <= top["y"] < log["y"] + log["height"] / 2


def _total_row(path: Path) -> dict[str, int]:
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    titles = next(row for row in rows if row[0] == "TT")
    return dict(zip(titles, next(row for row in rows if row[1] == "Cộng"), strict=True))


async def test_a_report_is_filed_in_english_with_the_keyboard_alone(phone, data):
    async with practising(data) as running, phone(running.url, "?lang=en") as hand:
        keys = Keys(hand)
        await expect(hand.person(HEAD)).to_be_visible()

        await keys.reach(hand.person(HEAD))
        await keys.press("Enter")
        await keys.reach(hand.page.get_by_role("button", name="Start", exact=True))
        await keys.press("Enter")
        await hand.hear("Chị chọn việc cần làm")
        await keys.say("/language en")
        await hand.hear("From now on in English")
        await keys.say("/menu")
        await keys.choose("Nothing new")
        await hand.hear("CHECK BEFORE SENDING")
        await keys.choose("Send report")
        await hand.hear("The report of Bản Cây Đa (mẫu) for 09/9/2021 is recorded")

        await keys.reach(hand.page.locator("#clock"))
        await keys.press("Enter")
        await keys.reach(hand.page.get_by_role("button", name="08:00"))
        await keys.press("Enter")
        await expect(hand.page.locator("#ran")).to_contain_text("08:00 Past the deadline")
        await hand.hear("is recorded")  # who has reported is left in peace


class Keys:
    """A keyboard, and nothing else."""

    def __init__(self, hand) -> None:
        self._hand = hand
        self.press = hand.page.keyboard.press

    async def reach(self, wanted) -> None:
        """Walk there with the tabulator, backwards from the message field, as the nearer way."""
        await expect(wanted).to_be_visible()
        step = "Shift+Tab" if await self._at(self._hand.page.locator("#say")) else "Tab"
        for _ in range(80):
            if await self._at(wanted):
                return
            await self.press(step)
        raise AssertionError(f"the keyboard does not reach {wanted}")

    async def _at(self, element) -> bool:
        return await element.count() == 1 and await element.evaluate("(one) => one === document.activeElement")

    async def say(self, text: str) -> None:
        await self.reach(self._hand.page.locator("#say"))
        await self._hand.page.keyboard.type(text)
        await self.press("Enter")

    async def choose(self, label: str) -> None:
        await self.reach(self._hand.newest.get_by_role("button", name=label, exact=True))
        await self.press("Enter")
