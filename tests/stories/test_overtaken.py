"""What happened between opening a report and sending it is never passed over in silence."""

from __future__ import annotations

from .deeds import counted, file_returnee, versions
from .talk import Talk

HEAD, MEMBER = "04123-01-head", "04123-01-member"


async def test_a_second_report_of_the_day_says_whose_report_it_replaces(talk: Talk) -> None:
    head, member = talk.person(HEAD), talk.person(MEMBER)
    await head.says("/baocao")
    await head.taps("Sửa", "Khó khăn, vướng mắc")
    await head.says("Thiếu gạo cho 3 hộ")
    await head.taps("Gửi báo cáo")

    await member.says("/khong")

    assert "đã có báo cáo do Cầm Mẫu Ngân gửi lúc 06:50 09/9/2021. Gửi bản này sẽ thay bản đó." in await member.last()


async def test_a_second_daily_report_opens_with_what_the_first_one_said(talk: Talk) -> None:
    head, member = talk.person(HEAD), talk.person(MEMBER)
    await head.says("/baocao")
    await head.taps("Sửa", "Khó khăn, vướng mắc")
    await head.says("Thiếu gạo cho 3 hộ")
    await head.taps("Gửi báo cáo")

    await member.says("/baocao")

    assert "Khó khăn, vướng mắc: Thiếu gạo cho 3 hộ" in await member.last()
    await member.taps("Gửi báo cáo")
    assert "thay bản trước" in await member.last()


async def test_a_report_names_the_day_it_is_for(talk: Talk) -> None:
    head = talk.person(HEAD)

    await head.says("/khong")

    assert "Không phát sinh mới, 09/9/2021 – Bản Cây Đa (mẫu)" in await head.last()


async def test_a_report_opened_in_the_morning_and_sent_in_the_evening_shows_its_new_day_first(talk: Talk) -> None:
    head = talk.person(HEAD)
    await head.says("/khong")
    await talk.clock.to("18:05")

    await head.taps("Gửi báo cáo")

    assert "Số liệu đã thay đổi từ lúc mở." in await head.last()
    assert "10/9/2021" in await head.last()
    assert "reports_in" not in await counted(talk)


async def test_people_filed_meanwhile_are_shown_before_the_daily_report_goes(talk: Talk) -> None:
    head, member = talk.person(HEAD), talk.person(MEMBER)
    await head.says("/baocao")
    await file_returnee(member)

    await head.taps("Gửi báo cáo")
    assert "Người về trong kỳ: 1" in await head.last()
    await head.taps("Gửi báo cáo")

    assert "Đã ghi nhận báo cáo ngày 09/9/2021" in await head.last()


async def test_a_correction_of_what_somebody_else_corrected_meanwhile_starts_from_there(talk: Talk) -> None:
    head, member = talk.person(HEAD), talk.person(MEMBER)
    record = await file_returnee(head)
    await head.taps("Sửa")
    # The member corrects the same person in between, from the same record.
    await member.says("/menu")
    await member.forges(f"do:correct:{record}")
    await member.taps("Sửa", "Năm sinh")
    await member.says("1990")
    await member.taps("Gửi báo cáo")

    await head.taps("Gửi báo cáo")

    assert "Số liệu đã thay đổi từ lúc mở." in await head.last()
    assert "Năm sinh: 1990" in await head.last()
    assert [version.body["birth_year"] for version in await versions(talk, record)] == [1985, 1990]


async def test_a_file_that_was_taken_back_cannot_be_corrected_back_to_life(talk: Talk) -> None:
    head = talk.person(HEAD)
    record = await file_returnee(head)
    await head.taps("Sửa")
    await head.taps("Rút lại")
    await head.taps("Rút lại báo cáo")

    await head.taps("Gửi báo cáo")

    assert "đã được rút lại" in await head.last()
    assert "returnees_total" not in await counted(talk)
    assert [version.void for version in await versions(talk, record)] == [False, True]


async def test_a_report_for_the_wrong_village_can_be_taken_back(talk: Talk) -> None:
    officer = talk.person("04123-commune_officer")
    await officer.says("/khong")
    await officer.taps("Bản Chim Én (mẫu)")
    await officer.taps("Gửi báo cáo")

    await officer.taps("Rút lại")
    await officer.taps("Rút lại báo cáo")

    await officer.says("/thieu")
    assert "Bản Chim Én (mẫu)" in await officer.last()


async def test_a_digit_never_hits_send_or_cancel(talk: Talk) -> None:
    head = talk.person(HEAD)
    await head.says("/khong")

    for digit in ("1", "2", "3"):
        await head.says(digit)

    assert "Gửi báo cáo" in await head.buttons()
    assert "reports_in" not in await counted(talk)


async def test_an_old_button_to_drop_a_report_drops_no_other(talk: Talk) -> None:
    head = talk.person(HEAD)
    await head.says("/nguoive")
    await head.says("Lò Văn Một")
    await head.says("/f0")  # asks before dropping
    await head.says("/huy")
    await head.says("/nguoidi")
    await head.says("Lò Văn Hai")

    await head.taps('Bỏ, làm "Ca dương tính/nghi ngờ"')

    assert 'đang nhập dở "Người đang ở ngoài tỉnh"' in await head.last()
    await head.taps("Tiếp tục")
    assert "Năm sinh (hoặc tuổi):" in await head.last()
