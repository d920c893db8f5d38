"""Whoever isolates at home is visited every day: a card in the morning, two taps a person, and nobody is forgotten."""

from __future__ import annotations

from datetime import date

from bot.demo.people import demo_people

from .deeds import counted, file_number, file_returnee
from .talk import Person, Talk

FROM_HCMC = ("1985", "Nam", "0900 000 001", "Bỏ qua", "TP. Hồ Chí Minh", "Hôm qua", "Xe khách", "Chưa tiêm", "Có")
AT_HOME = (*FROM_HCMC, "Cách ly tại nhà", "Hôm qua")
CASE_AT_HOME = ("Khẳng định dương tính", "Hôm nay", "Cách ly tại nhà", "Bỏ qua")
PUSHED = 'có 1 người cách ly tại nhà cần thăm. Bấm "Mở danh sách" để xem.'
HEAD_OF_CAY_DA = next(one.name for one in demo_people() if one.id == "04123-01-head")
TOMORROW = date(2021, 9, 10)


def visits(figures: dict[str, int]) -> dict[str, int]:
    return {key: n for key, n in figures.items() if key.startswith("visits_")}


async def report(who: Person, *names: str) -> list[str]:
    return [await file_returnee(who, name, *AT_HOME) for name in names]


async def test_two_taps_a_person_and_the_next_one_comes_by_itself(talk: Talk, head: Person) -> None:
    await report(head, "Lò Mẫu An", "Vì Mẫu Bình")

    await talk.clock.to("07:00")
    pushed = await head.last()
    assert pushed == 'Hôm nay chị có 2 người cách ly tại nhà cần thăm. Bấm "Mở danh sách" để xem.'
    await head.taps("Mở danh sách")
    assert (await head.last()).splitlines() == [
        "THEO DÕI CÁCH LY TẠI NHÀ ngày 09/9/2021: đã thăm 0/2",
        "• Lò Mẫu An, 1985 – người về, trong ngày: chưa thăm",
        "• Vì Mẫu Bình, 1985 – người về, trong ngày: chưa thăm",
    ]
    messages = len(await head.heard())

    await head.taps("Lò Mẫu An, 1985", "Có mặt, không triệu chứng")
    assert "Đã ghi: Lò Mẫu An, 1985 – Có mặt" in await head.last()
    assert "Đã thăm 1/2. Người tiếp theo:\n\nVì Mẫu Bình, 1985 – Bản Cây Đa (mẫu)" in await head.last()
    await head.taps("Có mặt, không triệu chứng")

    assert "đã thăm 2/2\nĐã thăm hết." in await head.last()
    assert len(await head.heard()) == messages, "one live message"
    assert visits(await counted(talk, day=TOMORROW)) == {"visits_due": 2, "visits_done": 2}
    await talk.clock.to("10:01")
    await head.says("/tinhhinh")
    assert "Lượt thăm cách ly tại nhà cần làm / đã thăm / bỏ sót: 2 / 2 / 0" in await head.last()


async def test_whoever_reported_somebody_sees_to_them_and_the_card_may_name_another(talk: Talk, head: Person) -> None:
    member = talk.person("04123-01-member")
    await report(member, "Lò Mẫu An")

    await talk.clock.to("07:00")
    assert PUSHED in await member.last()
    assert PUSHED not in "".join(await head.heard())

    await head.says("/theodoi")
    await head.taps("Lò Mẫu An, 1985", "Xem hồ sơ", "Đổi người theo dõi")
    await head.taps(HEAD_OF_CAY_DA, "Gửi báo cáo")
    await talk.clock.to("07:00", TOMORROW)

    assert PUSHED in [text[-len(PUSHED) :] for text in await head.heard()]
    assert sum(PUSHED in text for text in await member.heard()) == 1


async def test_a_visit_recorded_by_two_people_counts_once(talk: Talk, head: Person) -> None:
    member = talk.person("04123-01-member")
    await report(head, "Lò Mẫu An")
    for who in (head, member):
        await who.says("/theodoi")
        await who.taps("Lò Mẫu An, 1985")

    await head.taps("Có mặt, không triệu chứng")
    await member.taps("Có mặt, không triệu chứng")

    assert "Lò Mẫu An, 1985 đã được ghi nhận rồi." in await member.last()
    assert visits(await counted(talk, day=TOMORROW)) == {"visits_due": 1, "visits_done": 1}


async def test_nobody_at_home_leaves_the_visit_open_and_it_climbs(talk: Talk, head: Person, officer: Person) -> None:
    await report(head, "Lò Mẫu An")
    await head.says("/theodoi")
    await head.taps("Lò Mẫu An, 1985", "Không có nhà")
    assert "• Lò Mẫu An, 1985 – người về, trong ngày: đã đến, chưa gặp" in await head.last()

    await talk.clock.to("12:00")
    assert await head.last() == "Bản Cây Đa (mẫu): còn 1 lượt thăm cách ly hôm nay chưa làm. Chị nhắc giúp."
    await talk.clock.to("17:00")
    climbed = [text for text in await officer.heard() if "lượt thăm" in text]
    assert climbed == ["Xã Chiềng Mung: còn 1 lượt thăm cách ly hôm nay chưa làm, ở: Bản Cây Đa (mẫu) (1)."]
    await officer.taps("Mở danh sách", "Bản Cây Đa (mẫu): 0/1")
    assert "• Lò Mẫu An, 1985 – người về, trong ngày: đã đến, chưa gặp" in await officer.last()


async def test_what_was_missed_is_entered_the_day_after_and_lost_later(talk: Talk, head: Person) -> None:
    (code,) = await report(head, "Lò Mẫu An")
    await talk.clock.to("07:00", TOMORROW)
    assert visits(await counted(talk, day=TOMORROW)) == {"visits_due": 1, "visits_missed": 1}

    await head.says("/theodoi")
    await head.taps("Ghi bổ sung hôm qua", "Lò Mẫu An, 1985", "Có mặt, không triệu chứng")

    assert visits(await counted(talk, day=TOMORROW)) == {"visits_due": 1, "visits_done": 1}
    await talk.clock.to("07:00", date(2021, 9, 12))
    await head.forges(f"do:seen:{code}:2021-09-10:day:cooperative")
    assert "Lần thăm này không còn cần ghi nữa." in await head.last()
    assert visits(await counted(talk, day=date(2021, 9, 11))) == {"visits_due": 1, "visits_missed": 1}


async def test_a_fever_is_told_to_the_commune_at_once_and_without_a_name(talk: Talk, head: Person, officer: Person) -> None:
    (code,) = await report(head, "Lò Mẫu An")
    await head.says("/theodoi")
    await head.taps("Lò Mẫu An, 1985", "Có triệu chứng, đo nhiệt độ")
    await head.says("385")
    assert "Có phải 38,5 không?" in await head.last()
    await head.taps("38,5")
    await head.answers("Ho", "Không", "Bỏ qua")
    await head.taps("Gửi báo cáo")

    assert "Dấu hiệu này đã báo ngay cho cán bộ xã." in await head.last()
    alarm = await officer.last()
    assert alarm.startswith("KHẨN: Bản Cây Đa (mẫu) có người đang theo dõi có dấu hiệu bất thường")
    assert code in alarm
    assert "Mẫu An" not in alarm
    await officer.taps("Xem hồ sơ")
    assert "Thăm người cách ly tại nhà – Có mặt, 38,5, Ho" in await officer.last()
    await head.taps("Người tiếp theo")
    assert "Đã thăm hết." in await head.last()


async def test_a_case_at_home_is_measured_twice_a_day(talk: Talk, head: Person, officer: Person) -> None:
    await head.says("/f0")
    await head.answers("Lò Mẫu An", "1985", "Nam", "Không có điện thoại", "Bỏ qua", *CASE_AT_HOME[:3], "Bỏ qua", "Gửi báo cáo")
    await file_number(head)

    await talk.clock.to("08:00")
    await head.says("/theodoi")
    assert "đã thăm 0/2\n• Lò Mẫu An, 1985 – F0, buổi sáng: chưa thăm" in await head.last()
    await head.taps("Lò Mẫu An, 1985", "Đo SpO₂, nhịp thở, nhiệt độ")
    await head.answers("36,8", "Không có", "95%", "18", "Không", "Bỏ qua", "Gửi báo cáo")
    assert "Dấu hiệu này đã báo ngay cho cán bộ xã." in await head.last()

    await talk.clock.to("13:00")
    await head.says("/theodoi")
    assert "đã thăm 1/2\n• Lò Mẫu An, 1985 – F0, buổi chiều: chưa thăm" in await head.last()


async def test_no_visit_is_due_for_who_became_a_case_in_hospital(talk: Talk, head: Person) -> None:
    await report(head, "Lò Mẫu An")
    await head.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await head.answers("Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị", "Bỏ qua")
    await head.taps("Gửi báo cáo")

    await head.says("/theodoi")

    assert await head.last() == "Ngày 09/9/2021 không có ai cần thăm."
    assert visits(await counted(talk, day=TOMORROW)) == {}


async def test_numbers_do_the_same_on_zalo(talk: Talk) -> None:
    who = talk.person("04123-04-head")
    await who.says("chào", "2", "1", "Lò Mẫu An", "1985", "1", "0912 345 678", "bỏ qua", "TP. Hồ Chí Minh", "hôm qua")
    await who.says("2", "chưa tiêm", "1", "1", "hôm qua", "1")
    assert "Mã hồ sơ" in await who.last()

    await who.says("/theodoi", "1", "1")

    assert "đã thăm 1/1" in await who.last()
