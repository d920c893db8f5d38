"""A filed report is corrected in words: as a reply to its confirmation, or behind "sửa". It counts once it is confirmed."""

from __future__ import annotations

import pytest

from .deeds import RETURNEE, counted, file_number, file_returnee, versions
from .talk import Person, Talk


@pytest.fixture
def zalo(talk: Talk) -> Person:
    """The head of Bản Cối Nước, who is on Zalo."""
    return talk.person("04123-04-head")


async def test_a_reply_to_the_confirmation_corrects_it_once_it_is_confirmed(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)

    await head.replies("Mã hồ sơ", "tuổi 45 không phải 36, sđt 0900 000 777")
    assert await head.last() == (
        f"SỬA Lò Văn Mẫu, 1985 – Người từ tỉnh ngoài về, mã {code}. Đã hiểu:\n"
        "• Năm sinh: 1985 → 1976\n"
        "• Điện thoại: 0912 345 678 → 0900 000 777"
    )
    assert await head.buttons() == ["Sửa đúng vậy", "Không", "Sửa mục khác"]
    assert len(await versions(talk, code)) == 1
    await head.taps("Sửa đúng vậy")

    assert (await head.last()).startswith(f"Đã ghi nhận nội dung sửa. Mã hồ sơ: {code}.")
    newest = (await versions(talk, code))[-1]
    assert (newest.version, newest.body["birth_year"], newest.body["phone"]) == (2, 1976, "+84900000777")


async def test_what_is_not_confirmed_changes_nothing(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)

    await head.replies("Mã hồ sơ", "nữ không phải nam")
    await head.taps("Không")

    assert await head.last() == "Đã hủy, chưa gửi gì."
    assert len(await versions(talk, code)) == 1


async def test_what_is_not_understood_is_named_and_the_report_opens(head: Person) -> None:
    await file_returnee(head)

    await head.replies("Mã hồ sơ", "không đúng đâu")

    assert (await head.last()).startswith("Chưa hiểu: “không đúng đâu”.\nKIỂM TRA TRƯỚC KHI GỬI")
    await head.taps("Sửa", "Năm sinh")
    await head.says("1986")
    assert "✓ Năm sinh: 1986" in await head.last()


async def test_a_correction_may_ask_what_it_leaves_open(head: Person, talk: Talk) -> None:
    code = await file_returnee(head, *RETURNEE[:11], "Tự theo dõi sức khỏe")

    await head.replies("Mã hồ sơ", "cách ly tập trung")
    assert "• Hình thức cách ly: Tự theo dõi sức khỏe → Khu cách ly tập trung" in await head.last()
    assert "Bắt đầu cách ly từ ngày nào?" in await head.last()
    await head.answers("Hôm nay", "Gửi báo cáo")

    assert (await versions(talk, code))[-1].body["quarantine_type"] == "institutional"
    assert (await counted(talk))["quarantine_institutional"] == 1


async def test_on_zalo_the_file_number_says_what_is_corrected(talk: Talk, zalo: Person) -> None:
    code = await file_returnee(zalo)
    await zalo.says("về đầu")

    await zalo.says(f"sửa {code.lower()}: tuổi 45 không phải 36")
    assert "• Năm sinh: 1985 → 1976" in await zalo.last()
    await zalo.says("1")

    assert (await versions(talk, code))[-1].body["birth_year"] == 1976


async def test_without_a_number_the_last_confirmation_is_meant(talk: Talk, zalo: Person) -> None:
    code = await file_returnee(zalo)

    await zalo.says("sửa: về ngày 6/9")
    assert f"mã {code}" in await zalo.last()
    assert "• Ngày về: 08/9/2021 → 06/9/2021" in await zalo.last()
    await zalo.says("không")

    assert len(await versions(talk, code)) == 1


async def test_who_may_not_correct_a_report_learns_nothing_of_it(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)
    for other in (talk.person("04123-02-head"), talk.person("04126-commune_officer")):
        await other.says(f"/sua {code}: tuổi 45")

        assert await other.last() == "Báo cáo này đã gửi hoặc đã hủy."


async def test_a_draft_that_is_half_written_is_asked_about_first(head: Person) -> None:
    code = await file_returnee(head)
    await head.says("/nguoive")
    await head.says("Vì Mẫu Hai", "1990")

    await head.replies(f"Mã hồ sơ: {code}", "tuổi 45")
    assert "đang nhập dở" in await head.last()
    await head.taps("Tiếp tục")

    assert "Giới tính:" in await head.last()


async def test_a_reply_to_a_question_is_an_answer_to_it(head: Person) -> None:
    await head.says("/nguoive")

    await head.replies("Họ và tên người cần báo", "Lò Văn Mẫu")

    assert "✓ Họ và tên: Lò Văn Mẫu" in await head.last()


async def test_nothing_to_correct_says_how_it_is_done(head: Person) -> None:
    await head.says("/sua")

    assert "mã hồ sơ, rồi nội dung đúng" in await head.last()


async def test_what_is_said_so_already_is_said(head: Person) -> None:
    code = await file_returnee(head)

    await head.replies("Mã hồ sơ", "sinh năm 1985")

    assert await head.last() == f"Hồ sơ {code}: không có gì thay đổi.\nHồ sơ đã ghi đúng như vậy: Năm sinh."


async def test_an_issued_figure_stays_and_what_sending_it_again_would_change_is_said(talk: Talk, head: Person) -> None:
    await file_returnee(head)
    await talk.clock.to("09:50")

    await head.taps("Rút lại", "Rút lại báo cáo")

    assert "Số đã gửi lúc 09h45 không đổi. Nếu xã gửi lại, của Bản Cây Đa (mẫu): Về trong kỳ 1 → 0." in await head.last()


async def test_a_correction_that_changes_no_issued_figure_says_nothing_of_it(talk: Talk, head: Person) -> None:
    code = await file_returnee(head)
    await talk.clock.to("09:50")

    await head.replies("Mã hồ sơ", "tuổi 45")
    await head.taps("Sửa đúng vậy")

    assert "không đổi" not in await head.last()
    assert await file_number(head) == code
