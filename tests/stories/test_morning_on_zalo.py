"""The morning of Xã Chiềng Mung with village teams that have Zalo only, and a commune and district that are on Telegram."""

from __future__ import annotations

import re

from bot.messages import TEXT_LIMITS

from .deeds import counted
from .talk import Person, Talk, rows

AWAY, QUIET, SILENT = "04123-04", "04123-05", "04123-06"
VILLAGES = [f"04123-{number:02}" for number in range(1, 7)]
RETURNEE = (
    "lò văn mẫu",
    "36 tuổi",
    "1",
    "0912 345 678",
    "bỏ qua",
    "Bình Dương",
    "hôm qua",
    "2",
    "1",
    "20/8",
    "1",
    "1",
    "hôm qua",
)
GONE = ("Vì Thị Mẫu", "1999", "1", "bỏ qua", "không có điện thoại", "Đồng Nai", "2", "2", "20/9", "1", "1", "hết gạo")
FIGURES = {
    "Tổng số người đang ở ngoài tỉnh": [1],
    "Đã về / chưa về": [0, 1],
    "Đã liên lạc được / chưa liên lạc được": [1, 0],
    "Gặp khó khăn, cần hỗ trợ": [1],
    "Về trong kỳ / lũy kế từ 27/4/2021": [1, 1],
    "Đang cách ly tập trung / tại nhà": [0, 1],
    "F1 mới / đang theo dõi": [0, 0],
    "F0 mới / đang điều trị": [0, 0],
}
"""What the digest must say: one who came back and isolates at home, one who is away, was reached and needs help."""


async def test_villages_on_zalo_and_their_commune_on_telegram_work_on_the_same_records(talk: Talk) -> None:
    chair, district = talk.person("04123-commune_chair"), talk.person("125-district_officer-1")
    away, quiet, silent = (talk.person(f"{village}-head") for village in (AWAY, QUIET, SILENT))

    # 06:50. Somebody came back to one village: number by number. A colleague adds who is away; then the day's report.
    await away.says("chào", "2", "1", *RETURNEE)
    assert (
        "(1) Họ và tên: Lò Văn Mẫu\n(2) Năm sinh: 1985\n(3) Giới tính: Nam\n(4) Điện thoại: 0912 345 678" in await away.last()
    )
    await away.says("1")
    assert "Đã ghi nhận. Mã hồ sơ:" in await away.last()
    colleague = talk.person(f"{AWAY}-member")
    await colleague.says("chào", "2", "2", *GONE, "1")
    assert "Đã ghi nhận. Mã hồ sơ:" in await colleague.last()
    await away.says("báo cáo trong ngày")
    assert "(1) Người về trong kỳ: 1\n(2) Người đi, mới ghi nhận: 1\n(3) F0 mới: 0" in await away.last()
    await away.says("1")
    assert "Đã ghi nhận báo cáo ngày 09/9/2021 của Bản Cối Nước (mẫu)" in await away.last()

    # 07:00. Whoever has not reported is reminded, and told what to type; one answers the reminder in its words.
    await talk.clock.to("07:00")
    assert await reminded(talk) == {village for village in VILLAGES if village != AWAY}
    assert "Tiểu khu 1 (mẫu) chưa có báo cáo hôm nay." in await quiet.last()
    await quiet.says("không phát sinh mới", "1")
    assert "Đã ghi nhận báo cáo ngày 09/9/2021 của Tiểu khu 1 (mẫu)" in await quiet.last()
    # A village on Telegram reports by buttons in between.
    await talk.person("04123-01-head").says("/menu")
    await talk.person("04123-01-head").taps("Không phát sinh mới", "Gửi báo cáo")
    await talk.clock.to("07:30")
    assert await reminded(talk, "còn 30 phút") == {"04123-02", "04123-03", SILENT}
    await talk.clock.to("08:00")
    assert "Đã quá 08:00, Tiểu khu 2 (mẫu) chưa có báo cáo." in await silent.last()

    # 09:45. The digest on Telegram has their figures and no others; the table, the ledger and the list say the same.
    await talk.clock.to("09:45")
    digest = await chair.last()
    assert "3/6 bản, tiểu khu đã báo cáo" in digest
    assert {words: figures(digest, words) for words in FIGURES} == FIGURES
    table = await chair.document()
    (total,) = [row for row in rows(table) if row["Thôn"] == "Cộng"]
    assert (total["Ở ngoài tỉnh"], total["Đã về"], total["Chưa về"]) == (1, 0, 1)
    assert (total["Đã liên lạc"], total["Cần hỗ trợ"], total["Cách ly tập trung"], total["Cách ly tại nhà"]) == (1, 1, 0, 1)
    ledger = await counted(talk, *VILLAGES)
    assert [ledger[key] for key in ("reports_in", "reports_on_time", "zero_reports")] == [3, 3, 2]
    assert [ledger[key] for key in ("returnees_total", "quarantine_home", "away_total", "away_need_support")] == [1, 1, 1, 1]
    await chair.says("/danhsach")
    await chair.taps("Tải Excel")
    people = await chair.document()
    listed = [row["Họ và tên"] for number in range(len(people.worksheets)) for row in rows(people, number)]
    assert sorted(listed) == ["Lò Văn Mẫu", "Vì Thị Mẫu"]

    # 10:00. The district reads which of them stayed silent, on whatever channel.
    await talk.clock.to("10:00")
    missing = "Bản Chim Én (mẫu), Bản Mía Ngọt (mẫu), Tiểu khu 2 (mẫu)"
    assert f"Xã Chiềng Mung: thiếu 3/6: {missing}" in await district.last()

    # Late is late there too, and the evening's summary says who.
    await silent.says("không phát sinh mới", "1")
    assert "Báo cáo gửi sau 08:00 nên được ghi là muộn." in await silent.last()
    await talk.clock.to("17:00")
    assert "Tiểu khu 2 (mẫu)" in await chair.last()
    for person in (away, colleague, quiet, silent):
        await had_no_buttons(person)


async def reminded(talk: Talk, words: str = "còn 60 phút") -> set[str]:
    """The villages whose whole team, on either channel, has read these words; no team has read them in part."""
    heard = {
        village: {any(words in text for text in await talk.person(f"{village}-{role}").heard()) for role in ("head", "member")}
        for village in VILLAGES
    }
    assert all(len(of_one) == 1 for of_one in heard.values()), heard
    return {village for village, of_one in heard.items() if of_one == {True}}


def figures(digest: str, words: str) -> list[int]:
    """The figures behind these words, without what changed since yesterday."""
    found = re.search(rf"^{re.escape(words)}[^:]*: (.+)$", digest, re.MULTILINE)
    assert found, (words, digest)
    return [int(figure) for figure in re.sub(r"\(.*?\)", "", found[1]).split("/")]


async def had_no_buttons(person: Person) -> None:
    chat = await person.chat()
    assert [one for one in chat if one["buttons"] or one["edited"]] == []
    assert max(len(one["text"]) for one in chat) <= TEXT_LIMITS["zalo"]
    assert not any("/start" in one["text"] or "nút" in one["text"] for one in chat if one["from"] == "bot")
