"""The same morning with teams that have Zalo only: they answer by numbers and words, their commune reads on Telegram."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook
from playwright.async_api import expect

from bot.practice import practising

from .hand import figures

HEAD, QUIET_HEAD, SILENT_HEAD = "04123-04-head", "04123-05-head", "04123-06-head"
CHAIR, DISTRICT_OFFICER = "04123-commune_chair", "125-district_officer-1"
BACK = ("Về trong kỳ / lũy kế từ 27/4/2021", "Đang cách ly tập trung / tại nhà")
AWAY = ("Tổng số người đang ở ngoài tỉnh", "Đã về / chưa về", "Gặp khó khăn, cần hỗ trợ")

RETURNEE = (
    ("lò văn mẫu pản", "✓ Họ và tên: Lò Văn Mẫu Pản"),
    ("1885", "Năm sinh phải từ 1900"),
    ("36 tuổi", "✓ Năm sinh: 1985"),
    ("1", "✓ Giới tính: Nam"),
    ("0912 345 678", "✓ Điện thoại: 0912 345 678"),
    ("bỏ qua", "✓ Hộ: (không có)"),
    ("bình dương", "✓ Về từ: Bình Dương"),
    ("hôm qua", "✓ Ngày về: 08/9/2021"),
    ("2", "✓ Phương tiện: Xe khách"),
    ("1", "✓ Vắc xin: 1 mũi"),
    ("20/8", "✓ Ngày tiêm gần nhất: 20/8/2021"),
    ("1", "✓ Khai báo y tế: Có"),
    ("cach ly tai nha", "✓ Hình thức cách ly: Cách ly tại nhà"),
    ("hôm qua", "KIỂM TRA TRƯỚC KHI GỬI"),
)


async def test_villages_report_on_zalo_and_the_commune_reads_their_figures_on_telegram(phone, data, tmp_path):
    async with practising(data, history=True) as running, phone(running.url) as hand:
        await hand.play(CHAIR)
        await hand.command("/tinhhinh")
        await hand.hear("TÌNH HÌNH Xã Chiềng Mung")
        before = figures(await hand.newest.inner_text())

        await hand.play(HEAD)
        await expect(hand.page.locator("#via")).to_have_text("Zalo")
        await hand.write("chào")
        await hand.hear("1. Không phát sinh mới", "2. Có người về / người đi")
        await hand.answer(("2", "1. Báo người từ tỉnh ngoài về"), ("1", "Họ và tên người cần báo"), *RETURNEE)
        await expect(hand.newest.get_by_text("1. Gửi báo cáo")).to_be_in_viewport()
        await hand.answer(("1", "Đã ghi nhận. Mã hồ sơ"))
        await hand.answer(("báo cáo trong ngày", "Người về trong kỳ: "), ("1", "Đã ghi nhận báo cáo ngày 09/9/2021"))
        await expect(hand.log.get_by_role("button")).to_have_count(0)

        await hand.move_clock("07:30")
        await hand.hear(
            "Hôm nay anh có 1 người cách ly tại nhà cần thăm."
        )  # and no reminder: who has reported is left in peace
        await hand.play(QUIET_HEAD)
        await hand.hear("còn 30 phút nữa đến giờ báo cáo (08:00)", "Tiểu khu 1 (mẫu)", "không phát sinh mới")
        await hand.answer(("không phát sinh mới", "1. Gửi báo cáo"), ("1", "Đã ghi nhận báo cáo ngày 09/9/2021 của Tiểu khu 1"))

        await hand.move_clock("09:45")
        await hand.play(SILENT_HEAD)
        await hand.hear("Đã quá 08:00, Tiểu khu 2 (mẫu) chưa có báo cáo")
        await hand.play(CHAIR)
        await hand.hear("TỔNG HỢP Xã Chiềng Mung", "2/6 bản, tiểu khu đã báo cáo")
        digest = figures(await hand.newest.inner_text())
        assert {words: digest[words] for words in AWAY} == {words: before[words] for words in AWAY}
        assert {words: change(before[words], digest[words]) for words in BACK} == dict(zip(BACK, ([1, 1], [0, 1]), strict=True))
        await hand.command("/danhsach")
        await hand.hear("DANH SÁCH Xã Chiềng Mung: ")
        await hand.tap("Tải Excel")
        await hand.hear("Danh sách Xã Chiềng Mung: ")
        returnees, away = listed(await hand.download(tmp_path))
        assert len(returnees) == digest["Về trong kỳ / lũy kế từ 27/4/2021"][1]
        assert "Lò Văn Mẫu Pản" in returnees
        assert len(away) == digest["Tổng số người đang ở ngoài tỉnh"][0]

        await hand.move_clock("10:00")
        await hand.play(DISTRICT_OFFICER)
        await hand.hear("CHƯA ĐỦ BÁO CÁO ngày 09/9/2021 – lúc 10h00", "Xã Chiềng Mung: thiếu 4/6")
        mine = next(line for line in (await hand.newest.inner_text()).splitlines() if line.startswith("Xã Chiềng Mung:"))
        assert "Tiểu khu 2 (mẫu)" in mine
        assert "Tiểu khu 1 (mẫu)" not in mine
        assert "Bản Cối Nước (mẫu)" not in mine


def change(before: list[int], after: list[int]) -> list[int]:
    return [new - old for old, new in zip(before, after, strict=True)]


def listed(path: Path) -> list[list[str]]:
    """The names on the first two sheets: who came back, and who is away."""
    names = []
    for sheet in load_workbook(path).worksheets[:2]:
        rows = list(sheet.iter_rows(values_only=True))
        head = next(at for at, row in enumerate(rows) if row[0] == "STT")
        column = rows[head].index("Họ và tên")
        names.append([row[column] for row in rows[head + 1 :] if row[column]])
    return names
