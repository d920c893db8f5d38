"""A commune's morning until its figures are confirmed: who answers for them, what stays as it was, and what a change brings."""

from __future__ import annotations

import stat
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from bot.config import Config, Letter
from bot.reports import issued
from bot.storage import digests

from .deeds import DAY, file_returnee
from .talk import Person, Talk, talking

COMMUNE = "04123"
SECOND = (
    "Lò Thị Mẫu",
    "1985",
    "Nữ",
    "Bỏ qua",
    "Bỏ qua",
    "Hà Nội",
    "Hôm nay",
    "Xe máy",
    "Chưa tiêm",
    "Có",
    "Tự theo dõi sức khỏe",
)


def office(folder: Path) -> str:
    """A program that prints as LibreOffice would."""
    program = folder / "soffice"
    program.write_text(
        f"#!{sys.executable} -IS\nimport pathlib, sys\nsource = pathlib.Path(sys.argv[-1])\n"
        "source.with_suffix('.pdf').write_bytes(b'%PDF-1.6 ' + source.read_bytes() + b' %%EOF')\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


@pytest.fixture
def chair(talk: Talk) -> Person:
    return talk.person("04123-commune_chair")


@pytest.fixture
def secretary(talk: Talk) -> Person:
    return talk.person("04123-commune_secretary")


async def versions(talk: Talk, unit: str = COMMUNE) -> int:
    async with talk.running.parts.db.read() as tx:
        found = await digests.latest(tx, unit, issued.MORNING, DAY)
    return found.version if found else 0


async def test_the_officer_reviews_and_the_chair_confirms_before_the_digest_which_says_so(
    talk: Talk, head: Person, officer: Person, chair: Person
) -> None:
    await file_returnee(head)
    await talk.clock.to("08:10")
    await officer.says("/xacnhan")
    assert "Số liệu chưa được xác nhận." in await officer.last()
    await officer.taps("Đã rà soát")
    assert "đã rà soát lúc 08h10; chưa xác nhận." in await officer.last()

    await talk.clock.to("09:28")
    assert "Số liệu Xã Chiềng Mung ngày 09/9/2021 đã được rà soát. Mời đồng chí xác nhận." in await chair.heard()
    await chair.taps("Mở số liệu", "Xác nhận số liệu")
    assert (await chair.last()).startswith("Đã xác nhận. Bản 1 giữ nguyên từ bây giờ.")

    await file_returnee(head, *SECOND)
    await talk.clock.to("09:45")
    digest = await officer.last()
    assert "Chủ tịch" in digest
    assert "xác nhận lúc 09h28." in digest
    assert "\nVề trong kỳ / lũy kế từ 27/4/2021: 1 / 1\n" in digest  # as confirmed: who came later is in the next window
    assert "Từ lúc chốt" not in digest
    assert await versions(talk) == 1


async def test_of_two_who_confirm_at_once_one_does_and_the_other_sees_who(talk: Talk, chair: Person, secretary: Person) -> None:
    await talk.clock.to("09:00")
    await chair.says("/xacnhan")
    await secretary.says("/xacnhan")

    await secretary.taps("Xác nhận số liệu")
    await chair.taps("Xác nhận số liệu")

    assert (await chair.last()).startswith("Số liệu này đã được xác nhận.")
    assert "Bí thư" in await chair.last()
    assert await versions(talk) == 1


async def test_who_confirms_by_telephone_is_recorded_as_such_with_who_wrote_it_down(talk: Talk, officer: Person) -> None:
    await talk.clock.to("09:00")
    await officer.says("/xacnhan")
    await officer.taps("Duyệt qua điện thoại")

    await officer.taps(next(label for label in await officer.buttons() if "Chủ tịch" in label))

    assert "duyệt qua điện thoại lúc 09h00" in await officer.last()
    assert await versions(talk) == 1


async def test_what_changed_since_the_card_was_shown_is_shown_before_it_can_be_confirmed(
    talk: Talk, head: Person, chair: Person
) -> None:
    await talk.clock.to("08:30")
    await chair.says("/xacnhan")
    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")

    await chair.taps("Xác nhận số liệu")

    assert (await chair.last()).startswith("Số liệu vừa thay đổi. Đồng chí xem lại giúp.")
    assert await versions(talk) == 0
    await chair.taps("Xác nhận số liệu")
    assert await versions(talk) == 1


async def test_nothing_can_be_confirmed_while_the_period_runs_nor_by_somebody_of_another_unit(
    talk: Talk, chair: Person
) -> None:
    await chair.says("/xacnhan")
    assert "Xác nhận được từ 08:00" in await chair.last()
    assert "Xác nhận số liệu" not in await chair.buttons()

    await talk.clock.to("08:30")
    district = talk.person("125-district_chair")
    await district.says("/menu")
    await district.forges("do:signing:04123:2021-09-09")
    assert "Xã Chiềng Mung" in await district.last()
    assert "Xác nhận số liệu" not in await district.buttons()
    await district.forges("do:approve:04123:2021-09-09:abcdef")
    assert await versions(talk) == 0


async def test_a_change_after_the_digest_makes_version_2_which_names_it_and_goes_to_all_who_had_version_1(
    talk: Talk, head: Person, officer: Person, chair: Person
) -> None:
    district = talk.person("125-district_officer-1")
    await talk.clock.to("09:00")
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu")
    await talk.clock.to("10:00")
    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")
    await talk.clock.to("11:00")

    await chair.says("/xacnhan")
    assert "Từ lúc chốt đã có thay đổi:" in await chair.last()
    assert "Gửi thêm báo cáo: Bản Cây Đa (mẫu)." in await chair.last()
    await chair.taps("Xác nhận bản 2")

    told = next(text for text in await officer.heard() if text.startswith("BẢN 2 – Xã Chiềng Mung"))
    assert "Gửi thêm báo cáo: Bản Cây Đa (mẫu)." in told
    assert "xác nhận lúc 11h00." in told
    assert any("Xã Chiềng Mung gửi lại số liệu ngày 09/9/2021 (bản 2)." in text for text in await district.heard())
    assert await versions(talk) == 2
    async with talk.running.parts.db.read() as tx:
        first = await digests.at_version(tx, COMMUNE, issued.MORNING, DAY, 1)
    assert first is not None
    assert len(first.figures["rows"][0]["missing"]) == 1


async def test_the_districts_digest_counts_who_confirmed_and_names_who_did_not(talk: Talk, chair: Person) -> None:
    await talk.clock.to("09:00")
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu")

    await talk.clock.to("09:45")

    digest = await talk.person("125-district_officer-1").last()
    assert "Xã đã xác nhận số liệu: 1/22. Chưa xác nhận: " in digest
    assert "Xã Chiềng Mung" not in digest.split("Chưa xác nhận: ")[1].split("\n")[0]


async def test_the_paper_follows_printed_signed_with_its_number_and_sent(talk: Talk, officer: Person, chair: Person) -> None:
    await talk.clock.to("09:00")
    await officer.says("/xacnhan")
    assert "In văn bản" not in await officer.buttons()
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu")

    await officer.taps("Xem lại", "In văn bản")
    name, content = await officer.file()
    assert name == "Báo cáo nhanh – Xã Chiềng Mung – 09-9-2021.docx"
    assert "BÁO CÁO NHANH" in [line.text for line in docx.Document(BytesIO(content)).paragraphs]
    assert (await officer.last()).endswith("(Word). Chưa tạo được bản PDF.")

    await officer.taps("Mở số liệu", "Đã ký")
    await officer.answers("125/BC-BCĐ", "Lưu")
    assert "Văn bản số 125/BC-BCĐ, ký xong lúc 09h00." in await officer.last()
    await officer.taps("Đã gửi")

    assert "Đã gửi văn bản lúc 09h00." in await officer.last()


async def test_word_and_pdf_come_together_where_there_is_a_printer_and_the_same_as_often_as_wanted(
    data: Path, tmp_path: Path
) -> None:
    async with talking(data, given=Config(letter=Letter(libreoffice=office(tmp_path), signing=("CHỦ TỊCH",)))) as talk:
        chair = talk.person("04123-commune_chair")
        await talk.clock.to("09:00")
        await chair.says("/xacnhan")
        await chair.taps("Xác nhận số liệu", "In văn bản")
        (_, word), (_, pdf) = await chair.files()
        assert pdf == b"%PDF-1.6 " + word + b" %%EOF"
        assert "CHỦ TỊCH" in [line.text for line in docx.Document(BytesIO(word)).tables[-1].cell(0, 1).paragraphs]

        await chair.taps("Mở số liệu", "In lại")

        assert (await chair.files())[2:] == (await chair.files())[:2]


async def test_the_scan_of_the_signed_paper_is_kept_with_it_page_by_page_and_shown_again(
    talk: Talk, officer: Person, chair: Person
) -> None:
    await talk.clock.to("09:00")
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu")
    await officer.says("/xacnhan")
    await officer.taps("In văn bản", "Mở số liệu", "Đã ký")
    await officer.answers("125/BC-BCĐ", "Lưu")
    assert "gửi ảnh hoặc tệp PDF bản đã ký" in await officer.last()

    await officer.sends_file("bang.xlsx", b"PK")
    assert not (await officer.last()).startswith("Tệp này không phải ảnh")
    await officer.sends_file("ky.pdf", b"no picture")
    assert (await officer.last()).startswith("Tệp này không phải ảnh hoặc PDF.")
    await officer.sends_file("trang-1.pdf", b"%PDF-1.7 one")
    await officer.sends_file("trang-2.pdf", b"%PDF-1.7 two")
    assert "Đã lưu bản chụp, trang 2." in await officer.last()
    await officer.taps("Mở số liệu")
    assert "Đã có bản chụp văn bản đã ký (2 trang)." in await officer.last()
    await chair.says("/xacnhan")
    await chair.taps("Xem bản ký")

    assert [content for _, content in await chair.files()] == [b"%PDF-1.7 one", b"%PDF-1.7 two"]
    await chair.taps("Bỏ bản chụp")
    assert "Đã bỏ bản chụp." in await chair.last()
    assert "Xem bản ký" not in await chair.buttons()


async def test_nobody_prints_what_is_not_approved_nor_for_another_unit(talk: Talk, officer: Person) -> None:
    await talk.clock.to("09:45")

    await officer.forges(f"do:print:{COMMUNE}:{DAY}:1")
    assert (await officer.last()).startswith("Số liệu vừa thay đổi.")
    await talk.person("125-district_officer-1").forges(f"do:print:{COMMUNE}:{DAY}:1")

    assert [name for name, _ in await officer.files() if name.endswith(".docx")] == []


async def test_what_became_known_between_confirming_and_the_digest_is_named_in_it(
    talk: Talk, head: Person, officer: Person, chair: Person
) -> None:
    await talk.clock.to("08:30")
    await chair.says("/xacnhan")
    await chair.taps("Xác nhận số liệu")
    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")

    await talk.clock.to("09:45")

    since = (await officer.last()).split("Từ lúc chốt đã có thay đổi:")[1]
    assert "Gửi thêm báo cáo: Bản Cây Đa (mẫu)." in since
    assert "Mở số liệu" in await officer.buttons()


async def test_the_report_of_the_15th_adds_up_its_days_and_is_confirmed_by_itself(
    talk: Talk, head: Person, chair: Person
) -> None:
    await file_returnee(head)
    await talk.clock.to("09:00", date(2021, 9, 12))
    await file_returnee(head, *SECOND)
    await talk.clock.to("09:00", date(2021, 9, 15))

    await chair.says("/xacnhan")
    await chair.taps("Báo cáo ngày 15/9/2021")
    assert "TỔNG HỢP Xã Chiềng Mung từ 31/8/2021 đến 15/9/2021" in await chair.last()
    assert "\nVề trong kỳ / lũy kế từ 27/4/2021: 2 / 2\n" in await chair.last()
    await chair.taps("Xác nhận số liệu")

    assert (await chair.last()).startswith("Đã xác nhận. Bản 1 giữ nguyên từ bây giờ.")
    district = talk.person("125-district_officer-1")
    assert "Xã Chiềng Mung đã xác nhận báo cáo đến ngày 15/9/2021." in await district.heard()
    await chair.taps("Số liệu hôm nay")
    assert "Số liệu chưa được xác nhận." in await chair.last()


async def test_officials_see_how_complete_and_how_punctual_reports_are(talk: Talk, head: Person, officer: Person) -> None:
    await head.says("/menu")
    await head.taps("Không phát sinh mới", "Gửi báo cáo")
    late = talk.person("04123-02-head")
    await talk.clock.to("08:20")
    await late.says("/menu")
    await late.taps("Không phát sinh mới", "Gửi báo cáo")

    await officer.says("/tiendo")
    assert "Đã có 2/6 báo cáo (33 %), đúng giờ 1 (16 %), muộn 1, có lý do 0, không phát sinh 2." in await officer.last()
    assert "Bản Cây Đa (mẫu): 1/1 (100 %), đúng giờ 1 (100 %)" in await officer.last()
    await officer.taps("7 ngày")

    assert "7 ngày (03/9/2021 – 09/9/2021)" in await officer.last()
