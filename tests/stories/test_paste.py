"""Paste to report: one message as teams write them, one tap; and only what is missing is asked."""

from __future__ import annotations

from .deeds import counted
from .talk import Person, Talk

COMPLETE = (
    "Dạ em báo cáo: anh Lò Mẫu Sơn, nam, sn 1985, sđt 0900 000 101, về từ Bình Dương hôm qua bằng xe khách, "
    "đã tiêm 1 mũi, đã khai báo y tế, tự theo dõi sức khỏe tại nhà"
)
TWO = "Hôm nay có 2 người về từ Hà Nội: Cầm Mẫu Hoa 1990 nữ, Quàng Mẫu Tuấn 36 tuổi nam"
REST = ("Xe máy", "2 mũi", "Không nhớ ngày", "Có", "Tự theo dõi sức khỏe")


async def test_a_complete_text_is_filed_by_one_tap(talk: Talk, head: Person) -> None:
    await head.says(COMPLETE)
    assert "1. Lò Mẫu Sơn – Người từ tỉnh ngoài về" in await head.last()
    assert "Về từ: Bình Dương, Ngày về: 08/9/2021, Phương tiện: Xe khách" in await head.last()
    assert await counted(talk) == {}

    await head.taps("Gửi báo cáo")

    assert "Đã ghi nhận 1 người." in await head.last()
    assert await counted(talk) == {"returnees_new": 1, "returnees_total": 1}


async def test_only_what_is_missing_is_asked_person_after_person(talk: Talk, head: Person) -> None:
    await head.says(TWO)
    assert "ĐÃ ĐỌC ĐƯỢC 2 NGƯỜI – Bản Cây Đa (mẫu)" in await head.last()
    assert "Còn thiếu: Phương tiện, Vắc xin, Khai báo y tế, Hình thức cách ly" in await head.last()

    await head.taps("Bổ sung: Cầm Mẫu Hoa")
    assert "Về bằng phương tiện gì?" in await head.last()
    await head.answers(*REST)
    await head.taps("Gửi báo cáo", "Xem tiếp phần còn lại")
    assert "Cầm Mẫu Hoa" not in await head.last()
    await head.taps("Bổ sung: Quàng Mẫu Tuấn")
    await head.answers(*REST)
    await head.taps("Gửi báo cáo")

    assert "Xem tiếp phần còn lại" not in await head.buttons()
    assert {"Xem hồ sơ", "Sửa", "Rút lại"} <= {*await head.buttons()}
    assert await counted(talk) == {"returnees_new": 2, "returnees_total": 2}


async def test_nothing_counts_before_the_tap_and_a_second_tap_files_nobody_twice(talk: Talk, head: Person) -> None:
    await head.says(COMPLETE)

    await head.taps_twice("Gửi báo cáo")

    assert await counted(talk) == {"returnees_new": 1, "returnees_total": 1}


async def test_somebody_may_be_left_out_and_a_text_may_be_no_report(talk: Talk, head: Person) -> None:
    await head.says(TWO)
    await head.taps("Bỏ: Cầm Mẫu Hoa")
    assert "Cầm Mẫu Hoa" not in await head.last()

    await head.taps("Không phải báo cáo")

    assert await head.last() == "Đã bỏ qua, chưa gửi gì."
    assert await counted(talk) == {}


async def test_nothing_new_in_ones_own_words_opens_the_zero_report(talk: Talk, head: Person) -> None:
    await head.says("Hôm nay bản em không có gì mới ạ")

    await head.taps("Gửi báo cáo")

    assert (await counted(talk))["zero_reports"] == 1


async def test_an_officer_pastes_the_whole_group_and_confirms_village_by_village(talk: Talk, officer: Person) -> None:
    await officer.says(
        "Bản Cây Đa: không phát sinh\n"
        "Bản Chim Én: anh Lò Mẫu Sơn, nam, 1985, về từ Bình Dương hôm qua bằng xe khách, đã tiêm 1 mũi, đã khai báo y tế, "
        "tự theo dõi sức khỏe\n"
        "mai họp nhé các bác"
    )
    overview = await officer.last()
    assert "ĐÃ ĐỌC ĐƯỢC 1 NGƯỜI" in overview

    await officer.taps("Bản Chim Én (mẫu): 1 người", "Gửi báo cáo", "Xem tiếp phần còn lại")
    await officer.taps("Bản Cây Đa (mẫu): không phát sinh", "Gửi báo cáo")
    await officer.taps("Gửi báo cáo")

    assert (await counted(talk))["zero_reports"] == 1
    assert (await counted(talk, "04123-02"))["returnees_new"] == 1


async def test_free_text_that_is_no_report_gets_the_menu_and_a_word_that_it_was_not_understood(head: Person) -> None:
    await head.says("chào buổi sáng cả nhà")

    assert "chưa hiểu" in (await head.last()).lower()
