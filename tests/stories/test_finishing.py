"""Samples, results and the end of an isolation: said by a tap, never by a date."""

from __future__ import annotations

from datetime import date

from .deeds import counted, file_number, file_returnee
from .talk import Person, Talk, rows

FROM_HCMC = ("1985", "Nam", "0900 000 001", "Bỏ qua", "TP. Hồ Chí Minh", "Hôm qua", "Xe khách", "Chưa tiêm", "Có")
AT_HOME = (*FROM_HCMC, "Cách ly tại nhà", "Hôm qua")
TOMORROW = date(2021, 9, 10)


async def planned(head: Person, officer: Person, until: str = "22/9", tests: str = "9/9, 15/9, 22/9") -> str:
    """Somebody at home until a day, as the commune decided, and watching their health for two weeks then."""
    code = await file_returnee(head, "Lò Mẫu An", *AT_HOME)
    await officer.taps("Chờ quyết định", "Lò Mẫu An, 1985 – Bản Cây Đa (mẫu)", "Nhập thời hạn khác")
    monitored = {"22/9": "06/10", "10/9": "24/9", "9/9": "23/9"}[until]
    await officer.answers("Cách ly tại nhà", until, monitored, tests, "theo đề nghị của trạm y tế", "Gửi báo cáo")
    return code


async def test_who_finishes_tomorrow_and_lacks_a_test_is_told_in_numbers_and_named_behind_a_button(
    talk: Talk, head: Person, officer: Person
) -> None:
    await planned(head, officer, "10/9", "8/9, 10/9")

    await talk.clock.to("07:00")
    pushed = "Theo dõi cách ly: 1 người hết cách ly ngày mai, 1 người thiếu xét nghiệm."
    assert pushed in await head.last()
    assert f"Xã Chiềng Mung: 1 người cách ly tại nhà cần thăm hôm nay.\n{pushed}" in await officer.heard()
    await head.taps("Hết cách ly, thiếu xét nghiệm")

    assert (await head.last()).splitlines() == [
        "HẾT CÁCH LY, THIẾU XÉT NGHIỆM – ngày 09/9/2021",
        "Ngày mai hết cách ly (1): Lò Mẫu An, 1985 (xét nghiệm ngày 0, ngày 2)",
        "Thiếu xét nghiệm (1): Lò Mẫu An, 1985 (xét nghiệm ngày 0)",
    ]
    await head.taps("Lò Mẫu An, 1985")
    assert "Cách ly tại nhà đến hết ngày 10/9/2021." in await head.last()


async def test_one_tap_ends_an_isolation_and_names_the_next_phase(talk: Talk, head: Person, officer: Person) -> None:
    await planned(head, officer, "9/9", "9/9")
    await talk.clock.to("07:00", TOMORROW)
    before = await counted(talk, day=TOMORROW)
    assert before["quarantine_home"] == 1, "no date ends it"

    await head.taps("Hết cách ly, thiếu xét nghiệm", "Hoàn thành cách ly: Lò Mẫu An, 1985")

    done = "Hoàn thành cách ly ngày 09/9/2021; chuyển sang tự theo dõi sức khỏe 14 ngày, đến hết ngày 23/9/2021."
    assert done in await head.last()
    after = await counted(talk, day=TOMORROW)
    assert (after.get("quarantine_home"), after["quarantine_finished"]) == (None, 1)
    await head.taps("Rút lại", "Rút lại báo cáo")
    assert await counted(talk, day=TOMORROW) == before


async def test_an_isolation_may_be_ended_early_with_a_warning(head: Person, officer: Person) -> None:
    code = await planned(head, officer)

    await head.forges(f"do:release:{code}")
    assert "Lò Mẫu An, 1985: không có thời hạn nào cần kết thúc." in await head.last()
    await head.forges(f"do:person:{code}")
    await head.taps("Hoàn thành cách ly")
    await head.answers("Hôm nay", "Không phải theo dõi", "Bỏ qua")

    assert "Lưu ý: chưa hết thời hạn cách ly (đến hết ngày 22/9/2021)." in await head.last()
    await head.taps("Gửi báo cáo")
    assert "Đã ghi nhận." in await head.last()


async def test_a_sample_is_one_tap_and_its_result_comes_later(talk: Talk, head: Person, officer: Person) -> None:
    await planned(head, officer)
    await head.says("/laymau")
    assert (await head.last()).splitlines() == [
        "LẤY MẪU ngày 09/9/2021: 1 người. Loại mẫu: RT-PCR",
        "• Lò Mẫu An, 1985 – lần ngày 1",
    ]

    await head.taps("Đã lấy mẫu: Lò Mẫu An, 1985")
    assert "Đã ghi lấy mẫu: Lò Mẫu An, 1985" in await head.last()
    assert "không có ai đến hạn lấy mẫu" in await head.last()
    figures = await counted(talk)
    assert (figures["samples_taken"], figures["samples_pending"]) == (1, 1)
    await talk.clock.to("09:00")
    await head.says("/laymau")
    await head.taps("Chờ kết quả", "Lò Mẫu An, 1985", "Âm tính")

    assert "Đã ghi kết quả: Lò Mẫu An, 1985 – Âm tính" in await head.last()
    assert "Không có ai chờ kết quả xét nghiệm." in await head.last()
    figures = await counted(talk, day=TOMORROW)
    assert (figures.get("samples_pending"), figures["samples_negative"]) == (None, 1)


async def test_the_list_as_a_file_tells_tests_and_the_last_day_and_the_card_who_sees_to_them(
    head: Person, officer: Person
) -> None:
    await planned(head, officer)
    await head.says("/laymau")
    await head.taps("Đã lấy mẫu: Lò Mẫu An, 1985", "Chờ kết quả", "Lò Mẫu An, 1985", "Âm tính")
    await head.says("/danhsach")
    await head.taps("Tải Excel")

    (row,) = rows(await head.document())
    assert (row["Xét nghiệm (ngày, kết quả)"], row["Đến ngày"]) == ("RT-PCR 09/9/2021: Âm tính", "22/9/2021")
    await head.taps("Lò Mẫu An, 1985")
    assert "Người theo dõi: Cầm Mẫu Ngân\nHiện nay:" in await head.last()


async def test_a_positive_result_offers_the_conversion_and_the_visits_end(talk: Talk, head: Person, officer: Person) -> None:
    await planned(head, officer)
    await head.says("/laymau")
    await head.taps("Đổi sang Test nhanh", "Đã lấy mẫu: Lò Mẫu An, 1985", "Chờ kết quả", "Lò Mẫu An, 1985", "Dương tính")

    await head.taps("Ghi nhận dương tính")
    await head.answers("Khẳng định dương tính", "Hôm nay", "Cơ sở điều trị", "Bỏ qua")
    await head.taps("Gửi báo cáo")

    figures = await counted(talk)
    assert (figures["samples_positive"], figures["f0_under_treatment"], figures.get("quarantine_home")) == (1, 1, None)
    await head.says("/theodoi")
    assert "không có ai cần thăm" in await head.last()


async def test_a_result_known_at_once_is_part_of_the_sample(talk: Talk, head: Person, officer: Person) -> None:
    code = await planned(head, officer)
    await head.forges(f"do:person:{code}")
    await head.taps("Lấy mẫu xét nghiệm")
    await head.answers("Test nhanh", "Hôm nay", "Dương tính", "Bỏ qua", "Gửi báo cáo")

    assert "Ghi nhận dương tính" in await head.buttons()
    figures = await counted(talk)
    assert (figures["samples_taken"], figures["samples_positive"], figures.get("samples_pending")) == (1, 1, None)


async def test_a_contact_is_followed_until_somebody_says_that_their_time_is_over(
    talk: Talk, head: Person, officer: Person
) -> None:
    await head.says("/f1")
    await head.answers(
        "Hà Mẫu Ca", "1990", "Nữ", "Không có điện thoại", "Bỏ qua", "Tiếp xúc trực tiếp (bắt tay, ôm)", "Hôm nay"
    )
    await head.answers("Bỏ qua", "Chưa tiêm", "Tự theo dõi sức khỏe", "Gửi báo cáo")
    code = await file_number(head)
    assert (await counted(talk))["f1_followed"] == 1

    await head.forges(f"do:person:{code}")
    await head.taps("Thôi theo dõi")
    await head.answers("Mất liên lạc", "Hôm nay", "Bỏ qua", "Gửi báo cáo")

    figures = await counted(talk)
    assert (figures.get("f1_followed"), figures.get("quarantine_finished")) == (None, None)
