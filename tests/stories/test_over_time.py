"""One person, several roles over time: away, back, a case, and normal again. Nobody is lost and nobody counts twice."""

from __future__ import annotations

from .deeds import counted, file_returnee
from .talk import Person, Talk

CASE = ("Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị", "Bỏ qua")
ABSENCE = (
    *("Vì Mẫu Hoa", "1999", "Lao động", "Bỏ qua", "Không có điện thoại", "Bình Dương", "2 mũi"),
    *("Không", "Chưa biết", "Có", "Không"),
)


async def file_case(head: Person) -> None:
    """From the card of the person who was filed last: they tested positive."""
    await head.taps("Xem hồ sơ", "Ghi nhận dương tính")
    await head.answers(*CASE)
    await head.taps("Gửi báo cáo")


async def test_a_returnee_who_tests_positive_leaves_quarantine_and_is_under_treatment(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await head.taps("Xem hồ sơ")
    assert (await head.last()).startswith("Lò Văn Mẫu, 1985, Nam\nĐiện thoại: 0912 345 678\nHộ: Lò Thị Mẫu\n")
    assert "• 09/9/2021: Người từ tỉnh ngoài về – Bình Dương, 08/9/2021, Cách ly tại nhà" in await head.last()

    await head.taps("Ghi nhận dương tính")
    assert "Lò Văn Mẫu, 1985" in await head.last()
    await head.answers(*CASE)
    await head.taps("Gửi báo cáo")

    assert await counted(talk) == {"returnees_new": 1, "returnees_total": 1, "f0_new": 1, "f0_under_treatment": 1}


async def test_a_case_that_was_none_is_in_quarantine_again(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    before = await counted(talk)
    await file_case(head)

    await head.taps("Xem hồ sơ", "Kết thúc ca bệnh")
    await head.answers("Không phải ca bệnh", "Hôm nay", "Bỏ qua")
    await head.taps("Gửi báo cáo")

    assert await counted(talk) == {**before, "f0_new": 1}


async def test_a_case_that_was_taken_back_leaves_what_was_before_it(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    before = await counted(talk)
    await file_case(head)

    await head.taps("Rút lại", "Rút lại báo cáo")

    assert await counted(talk) == before


async def test_what_something_builds_on_cannot_be_taken_back_before_it(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await file_case(head)
    case = (await head.last()).split("Mã hồ sơ: ")[1][:10]
    await head.taps("Xem hồ sơ", "Kết thúc ca bệnh")
    await head.answers("Đã khỏi", "Hôm nay", "Bỏ qua")
    await head.taps("Gửi báo cáo")
    recovered = await counted(talk)
    assert (recovered["f0_recovered"], recovered.get("f0_under_treatment", 0)) == (1, 0)

    await head.forges(f"do:undo:{case}")
    await head.taps("Rút lại báo cáo")

    assert "Kết thúc ca bệnh" in await head.last()
    assert await counted(talk) == recovered


async def test_somebody_away_comes_back_and_only_the_journey_is_asked(talk: Talk, head: Person) -> None:
    await head.says("/nguoidi")
    await head.answers(*ABSENCE)
    await head.taps("Gửi báo cáo")
    assert await counted(talk) == {"away_new": 1, "away_total": 1, "away_not_returned": 1, "away_contacted": 1}

    await head.taps("Xem hồ sơ", "Đã về")
    await head.answers("Nữ", "Bình Dương", "Hôm nay", "Xe khách", "Không nhớ ngày", "Có", "Cách ly tại nhà", "Hôm nay")
    await head.taps("Gửi báo cáo")

    assert await counted(talk) == {
        "away_new": 1,
        "away_total": 1,
        "away_returned": 1,
        "away_contacted": 1,
        "returnees_new": 1,
        "returnees_total": 1,
        "quarantine_home": 1,
    }
