"""The mail of a digest: what it says, and that it is recognised when it comes again."""

from __future__ import annotations

from datetime import date, time

from bot.messages import Attachment, Mail
from bot.reports.book import Made
from bot.reports.digest import digest_lines
from bot.reports.figures import Figures
from bot.reports.mailing import message_id, report_mail
from bot.texts import Voice
from tests.reports.conftest import DAY, MORNING, Roll

VI, EN = Voice("vi", "dong_chi"), Voice("en")
FILES = (Attachment("Báo cáo nhanh.docx", b"x"), Attachment("Bảng tổng hợp.xlsx", b"y"))


def mail(figures: Figures, voice: Voice = VI, reply_to: str = "xa@a.example", *, without_pdf: bool = False) -> Mail:
    lines = digest_lines(figures, None)
    return report_mail(
        figures, lines, FILES, Made("Lò Thị Mẫu", MORNING), voice,
        to=["huyen@b.example"], reply_to=reply_to, message_id="<1@b.example>", without_pdf=without_pdf,
    )  # fmt: skip


def test_the_subject_says_whose_report_it_is_and_for_when(roll: Roll) -> None:
    written = mail(roll("90001", {}, {}))

    assert written.subject == "Xã Chiềng Một: báo cáo phòng, chống dịch COVID-19 ngày 09/9/2021 (tính đến 08h00)"
    assert (written.to, written.reply_to, written.attachments) == (("huyen@b.example",), "xa@a.example", FILES)


def test_the_text_names_the_files_and_says_the_digest(roll: Roll) -> None:
    text = mail(roll("90001", {"90001-01": {"away_total": 5}}, {"90001-01": time(7)})).text

    assert "- Báo cáo nhanh.docx\n- Bảng tổng hợp.xlsx\n" in text
    assert "Tổng số người đang ở ngoài tỉnh: 5\n" in text
    assert "PDF" not in text


def test_it_says_that_the_pdf_is_missing_and_where_an_answer_goes(roll: Roll) -> None:
    figures = roll("90001", {}, {})

    assert "Chưa tạo được bản PDF" in mail(figures, without_pdf=True).text
    assert mail(figures).text.endswith("thư trả lời sẽ đến cơ quan gửi báo cáo.")
    assert mail(figures, reply_to="").text.endswith("xin đừng trả lời.")


def test_it_reads_in_english(roll: Roll) -> None:
    assert mail(roll("90001", {}, {}), EN).subject == "Xã Chiềng Một: COVID-19 report for 09/9/2021 (as of 08:00)"


def test_the_same_report_has_the_same_id_and_another_another() -> None:
    def named(unit: str, day: date) -> str:
        return message_id("digest", unit, day.isoformat(), sender="bot@a.example")

    assert named("90001", DAY) == named("90001", DAY)
    assert len({named("90001", DAY), named("90002", DAY), named("90001", date(2021, 9, 10))}) == 3
    assert message_id("a", "b", sender="bot@a.example") != message_id("ab", sender="bot@a.example")
    assert named("90001", DAY).endswith("@a.example>")
    assert "90001" not in named("90001", DAY)
