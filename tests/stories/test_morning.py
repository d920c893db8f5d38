"""The whole morning of Xã Chiềng Mung, from the teams' reports to the evening summary, for readers of either language."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.conversation.words import Param, Say
from bot.demo.people import demo_people
from bot.reports.issued import MORNING, cumulative_from
from bot.texts import Voice

from .deeds import RETURNEE, counted, file_returnee
from .talk import Person, Talk, rows

VILLAGES = [f"04123-{number:02}" for number in range(1, 7)]
NAMES = {
    "04123-04": "Bản Cối Nước (mẫu)",
    "04123-05": "Tiểu khu 1 (mẫu)",
    "04123-06": "Tiểu khu 2 (mẫu)",
}
FILED, SILENT = VILLAGES[:3], VILLAGES[3:]
COLUMNS = {
    "away_total": ("away", 0),
    "away_returned": ("returned", 0),
    "away_not_returned": ("returned", 1),
    "away_contacted": ("contacted", 0),
    "away_not_contacted": ("contacted", 1),
    "away_need_support": ("support", 0),
    "quarantine_institutional": ("quarantine", 0),
    "quarantine_home": ("quarantine", 1),
    "f0_under_treatment": ("f0", 1),
}
"""Column of the table -> the sentence of the digest with the same figure, and which of its figures it is."""


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_the_morning_of_chieng_mung(talk: Talk, language: str) -> None:
    chair, officer = talk.person("04123-commune_chair"), talk.person("04123-commune_officer")
    district = talk.person("125-district_officer-1")
    readers = (chair, officer, district)
    for reader in readers:
        await reader.says(f"/ngonngu {language}")
    voice = Voice(language, "dong_chi")

    def said(key: str, **params: Param) -> str:
        return voice(Say(key, **params))

    # 06:50. Three villages report: people first, then the day's report; one has nothing new.
    one, two, three = (talk.person(f"{village}-head") for village in FILED)
    await file_returnee(one)
    await file_returnee(one, "Lò Thị Mẫu", *RETURNEE[1:11], "Khu cách ly tập trung", "Hôm nay")
    await file_away(talk.person("04123-01-member"))
    await report_the_day(one)
    await file_away(two)
    await two.says("/f0")
    await two.answers("Hà Văn Mẫu", "1970", "Nam", "Bỏ qua", "Bỏ qua", "Khẳng định dương tính", "Hôm nay")
    await two.answers("Cơ sở điều trị", "Chưa rõ", "Gửi báo cáo")
    await report_the_day(two)
    await three.says("/menu")
    await three.taps("Không phát sinh mới", "Gửi báo cáo")

    # 07:00, 07:30, 08:00. Only the silent are reminded, and the officer learns who they are.
    await talk.clock.to("07:00")
    assert await reminded(talk) == set(SILENT)
    late = talk.person("04123-04-head")
    assert "còn 60 phút nữa đến giờ báo cáo (08:00). Bản Cối Nước (mẫu) chưa có báo cáo hôm nay." in await late.last()
    await late.answers("Không phát sinh mới", "Gửi báo cáo")
    await talk.clock.to("07:30")
    assert await reminded(talk, "còn 30 phút") == set(SILENT[1:])
    await talk.clock.to("08:00")
    assert await reminded(talk, "Đã quá 08:00") == set(SILENT[1:])
    missing = [voice_place(name) for name in (NAMES["04123-05"], NAMES["04123-06"])]
    overdue = said(
        "schedule.overdue.officer",
        n=2,
        total=6,
        due=talk.running.parts.desk.timetable.cut_off,
        place="Xã Chiềng Mung",
        missing=missing,
        labels="tiểu khu",
    )
    assert await officer.last() == overdue

    # The chair asks who is missing and gets numbers to call.
    await chair.says("/thieu")
    for village in SILENT[1:]:
        responsible = next(one for one in demo_people() if one.id == f"{village}-head")
        assert f"{NAMES[village]}: {responsible.name} {responsible.phone}" in await chair.last()

    # 09:45. The digest: its sentences, its table, the ledger and the list of people say the same.
    await talk.clock.to("09:45")
    digest = await chair.last()
    assert digest == await officer.last()
    assert NAMES["04123-05"] in digest
    assert NAMES["04123-06"] in digest
    total = total_row(await chair.document())
    ledger = await counted(talk, *VILLAGES)
    for indicator, (sentence, place) in COLUMNS.items():
        column = voice.word(f"reports.sheet.{indicator}")
        assert total[column] == ledger.get(indicator, 0) == figures_in(digest, voice, sentence)[place], indicator
    assert figures_in(digest, voice, "returnees") == [2, 2]
    assert figures_in(digest, voice, "f0") == [1, 1]
    await chair.says("/danhsach")
    await chair.taps(voice.word("people.as_file"))
    book = await chair.document()
    found = {sheet.title: len(rows(book, number)) for number, sheet in enumerate(book.worksheets)}
    tabs = {kind: voice.word(f"reports.list.tab.{kind}") for kind in ("returnee", "absence", "f0")}
    assert found[tabs["returnee"]] == ledger["returnees_total"]
    assert found[tabs["absence"]] == ledger["away_total"]
    assert found[tabs["f0"]] == ledger["f0_new"]

    # 10:00. The district learns which communes are not complete, and asks whom to call.
    await talk.clock.to("10:00")
    late_list = await district.last()
    silent = ", ".join((NAMES["04123-05"], NAMES["04123-06"]))
    assert said("reports.late.part", unit="Xã Chiềng Mung", k=2, m=6, missing=silent) in late_list
    await district.says("/thieu")
    assert next(one.phone for one in demo_people() if one.id == officer.id) in await district.last()

    # A village reports late; 17:00 says what came in since.
    await talk.person("04123-05-head").answers("/khong", "Gửi báo cáo")
    await talk.clock.to("17:00")
    evening = await chair.last()
    assert evening.startswith(said("reports.evening.title", unit="Xã Chiềng Mung", until="").split("–")[0])
    assert said("reports.evening.came_in", villages=NAMES["04123-05"]) in evening
    assert said("reports.evening.unchanged") in evening


def voice_place(name: str) -> Say:
    return Say("reports.as_written", value=name)


async def file_away(who: Person) -> None:
    await who.says("/nguoidi")
    await who.answers("Vì Thị Mẫu", "1999", "Lao động", "Vì Văn Mẫu", "Không có điện thoại", "Bình Dương", "2 mũi")
    await who.answers("Không", "20/9", "Có", "Có", "hết gạo", "Gửi báo cáo")


async def report_the_day(who: Person) -> None:
    await who.says("/baocao")
    assert "Lưu ý" not in await who.last()
    await who.taps("Gửi báo cáo")


async def reminded(talk: Talk, words: str = "còn 60 phút") -> set[str]:
    """The villages of the commune whose people have read these words; always the whole team."""
    heard: dict[str, list[bool]] = {}
    for village in VILLAGES:
        for role in ("head", "member"):
            person = talk.person(f"{village}-{role}")
            heard.setdefault(village, []).append(any(words in text for text in await person.heard()))
    assert all(len(set(of_one)) == 1 for of_one in heard.values()), heard
    return {village for village, of_one in heard.items() if of_one[0]}


def figures_in(digest: str, voice: Voice, sentence: str) -> list[int]:
    """The figures in a sentence of the digest, found by the words around them."""
    since = Say("reports.since", day=cumulative_from(MORNING))
    pattern = voice(Say(f"reports.digest.{sentence}", a="\0", b="\0", since=since))
    found = re.search("(\\d+)".join(re.escape(part) for part in pattern.split("\0")), digest)
    assert found, (sentence, digest)
    return [int(figure) for figure in found.groups()]


def total_row(book: Any) -> dict[str, Any]:
    table = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    head = next(row for row in table if row[0] in ("TT", "No."))
    words = {Voice(language).word("reports.sheet.total") for language in ("vi", "en")}
    return dict(zip(head, next(row for row in table if row[1] in words), strict=True))
