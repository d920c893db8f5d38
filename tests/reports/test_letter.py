"""The official report: the file is read back and held against Decree 30/2020 and against the figures."""

from __future__ import annotations

import io
from datetime import date, time, timedelta
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import at
from bot.conversation.words import Say
from bot.domain.units import VILLAGE, OrgUnit, Tree
from bot.reports.book import Made
from bot.reports.figures import Figures, Known, roll_up
from bot.reports.letter import NOTHING_WRITTEN, Letterhead, Written, letter, letterhead, place_of
from bot.reports.remarks import NO_REMARKS, Remarks
from bot.reports.workbook import COUNTED
from bot.storage.ledger import Range
from bot.texts import Voice
from tests.reports.conftest import DAY, MORNING, UNITS, Roll

VI, EN = Voice("vi", "dong_chi"), Voice("en")
MADE = Made("Lò Thị Mẫu", MORNING)
DISTRICT, COMMUNE = UNITS[0], UNITS[1]
HEAD = letterhead(COMMUNE, DISTRICT, VI)
SEVEN = {"90001-01": time(7), "90001-02": time(7), "90001-03": time(7)}


def write(
    figures: Figures,
    head: Letterhead = HEAD,
    voice: Voice = VI,
    written: Written = NOTHING_WRITTEN,
    remarks: Remarks = NO_REMARKS,
    since: date | None = None,
) -> Document:
    return docx.Document(io.BytesIO(letter(figures, head, MADE, voice, written=written, remarks=remarks, since=since)))


def lines(paper: Document) -> list[str]:
    return [paragraph.text for paragraph in paper.paragraphs if paragraph.text]


def table(paper: Document) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in paper.tables[2].rows]


def block(paper: Document, number: int) -> tuple[list[str], list[str]]:
    left, right = paper.tables[number].rows[0].cells
    return [p.text for p in left.paragraphs if p.text], [p.text for p in right.paragraphs if p.text]


def everything(paper: Document) -> list[Any]:
    """Every paragraph, those in tables and in the heads of pages too."""
    cells = [cell for one in paper.tables for row in one.rows for cell in row.cells]
    page = paper.sections[0]
    return [p for holder in (paper, page.header, page.first_page_header, *cells) for p in holder.paragraphs]


def test_the_page_is_that_of_the_decree(roll: Roll) -> None:
    page = write(roll("90001", {}, {})).sections[0]

    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]


def test_every_letter_is_times_new_roman_in_black_and_no_smaller_than_a_table_may_be(roll: Roll) -> None:
    paper = write(roll("90001", {}, {}))

    runs = [run for paragraph in everything(paper) for run in paragraph.runs]
    normal = paper.styles["Normal"]
    scripts = normal.element.rPr.rFonts.attrib
    assert {run.font.name for run in runs} == {"Times New Roman"}
    assert {scripts[qn(f"w:{script}")] for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    assert str(normal.font.color.rgb) == "000000"
    assert min(run.font.size.pt for run in runs) == 10
    assert {run.font.size.pt for p in paper.paragraphs for run in p.runs if p.text.startswith("- ")} == {14}


def test_the_number_of_the_page_stands_top_centre_but_not_on_page_1(roll: Roll) -> None:
    page = write(roll("90001", {}, {})).sections[0]

    (number,) = page.header.paragraphs
    codes = [code.text for code in number._p.iter(qn("w:instrText"))]
    assert (codes, number.alignment) == (["PAGE"], 1)
    assert {run.font.size.pt for run in number.runs} == {13}
    assert page.different_first_page_header_footer
    assert list(page.first_page_header._element.iter(qn("w:instrText"))) == []


def test_the_heading_names_authority_committee_nation_place_and_date_and_leaves_the_number_blank(roll: Roll) -> None:
    paper = write(roll("90001", {}, {}))

    assert block(paper, 0) == (
        ["UBND XÃ CHIỀNG MỘT", "BAN CHỈ ĐẠO PHÒNG, CHỐNG DỊCH COVID-19"],
        ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
    )
    (number,), (dated,) = block(paper, 1)
    assert number.split() == ["Số:", "/BC-BCĐ"]
    assert dated == "Chiềng Một, ngày 09 tháng 9 năm 2021"
    assert lines(paper)[:3] == [
        "BÁO CÁO NHANH",
        "Công tác phòng, chống dịch COVID-19 ngày 09/9/2021 (tính đến 08h00)",
        "Kính gửi: Ban Chỉ đạo phòng, chống dịch COVID-19 huyện Thử.",
    ]


def test_a_day_of_february_is_written_with_zeros_and_one_of_december_without(roll: Roll) -> None:
    early = write(roll("90001", {}, {}, day=date(2022, 2, 5), as_of=at(date(2022, 2, 5), time(9))))
    late = write(roll("90001", {}, {}, day=date(2021, 12, 15), as_of=at(date(2021, 12, 15), time(9))))

    assert [block(paper, 1)[1] for paper in (early, late)] == [
        ["Chiềng Một, ngày 05 tháng 02 năm 2022"],
        ["Chiềng Một, ngày 15 tháng 12 năm 2021"],
    ]


def test_the_figures_are_filled_into_the_sentences(roll: Roll) -> None:
    sums = {
        "90001-01": {
            "f0_new": 1, "f0_under_treatment": 1200, "f0_recovered": 3, "f1_new": 4, "f1_followed": 5,
            "quarantine_institutional": 6, "quarantine_home": 7, "away_total": 20, "away_returned": 8, "away_not_returned": 12,
            "away_contacted": 15, "away_not_contacted": 5, "away_need_support": 2, "returnees_new": 3, "returnees_total": 30,
        }
    }  # fmt: skip

    said = lines(write(roll("90001", sums, SEVEN), since=date(2021, 8, 1)))

    assert [line for line in said if line.startswith("- ")] == [
        "- Ca dương tính (F0): mới trong kỳ 1; đang điều trị 1.200; đã khỏi 3; tử vong 0.",
        "- Người tiếp xúc gần (F1): mới trong kỳ 4; đang theo dõi 5.",
        "- Đang cách ly: tập trung 6 người; tại nhà 7 người.",
        "- Mức độ nguy cơ (theo công bố của tỉnh): …………….",
        "- Tổng số người đang ở ngoài tỉnh: 20; đã về 8; chưa về 12.",
        "- Đã liên lạc được 15; chưa liên lạc được 5; gặp khó khăn, cần hỗ trợ 2.",
        "- Người về địa phương trong kỳ: 3; lũy kế từ 01/8/2021: 30.",
        "- Tổ COVID cộng đồng: 3/3 bản, tiểu khu đã báo cáo, trong đó 3 đúng giờ.",
    ]


def test_what_nobody_records_yet_is_not_printed_as_0(roll: Roll) -> None:
    said = "\n".join(lines(write(roll("90001", {}, SEVEN))))

    assert "mẫu" not in said
    assert "Tiêm chủng" not in said
    sampled = lines(write(roll("90001", {"90001-01": {"samples_taken": 9, "samples_pending": 9}}, SEVEN)))
    assert "- Xét nghiệm trong kỳ: lấy 9 mẫu; dương tính 0; âm tính 0; đang chờ kết quả 9." in sampled


def test_who_has_not_reported_is_named_and_what_is_new_there_is_not_known(roll: Roll) -> None:
    some = lines(write(roll("90001", {}, {"90001-02": time(8, 30)})))
    nobody = lines(write(roll("90001", {}, {})))

    assert "- Tổ COVID cộng đồng: 1/3 bản, tiểu khu đã báo cáo, trong đó 0 đúng giờ." in some
    assert "- Chưa đủ báo cáo: Bản Nà Nọi, Tiểu khu 3." in some
    assert any(line.startswith("- Nơi chưa báo cáo: số phát sinh trong kỳ chưa rõ") for line in some)
    assert "- Người tiếp xúc gần (F1): mới trong kỳ chưa rõ; đang theo dõi 0." in nobody


counts = st.dictionaries(st.tuples(st.sampled_from([u.code for u in UNITS]), st.sampled_from(COUNTED)), st.integers(0, 3000))


@settings(max_examples=10, deadline=None)
@given(counts, st.sampled_from(["900", "90001"]))
def test_the_cells_of_the_table_are_the_figures(sums: dict[tuple[str, str], int], code: str) -> None:
    figures = roll_up(Tree(UNITS, DAY), code, Known(Range(DAY, DAY), DAY, MORNING, 1, sums, {}))

    head, *rows, total = table(write(figures))

    assert "|".join(head[2:]) == (
        "Ở ngoài tỉnh|Đã về|Chưa về|Đã liên lạc|Chưa liên lạc|Cần hỗ trợ|Cách ly tập trung|Cách ly tại nhà|F0|F1|Ghi chú"
    )
    assert [row[0] for row in rows] == [str(n) for n in range(1, len(figures.rows) + 1)]
    assert [[number(cell) for cell in row[2:-1]] for row in rows] == [[r.totals[key] for key in COUNTED] for r in figures.rows]
    assert total[1] == "Cộng"
    assert [number(cell) for cell in total[2:-1]] == [figures.totals[key] for key in COUNTED]


def number(cell: str) -> int:
    return int(cell.replace(".", ""))


def test_the_table_fits_the_page_repeats_its_head_and_tears_no_row(roll: Roll) -> None:
    paper = write(roll("90001", {}, {}))

    rows = paper.tables[2].rows
    assert sum(cell.width.mm for cell in rows[1].cells) == pytest.approx(165, abs=1)
    assert rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)


# What stands in which order within the properties of a table, a row, a paragraph, a run (ECMA-376, part 1): Word refuses
# a file in which it does not, while LibreOffice and python-docx read it.
ORDER = {
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "pPr": "pStyle keepNext keepLines pBdr shd tabs spacing ind jc rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs color kern sz szCs u lang",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
}


@pytest.mark.parametrize("properties", ORDER)
def test_word_can_open_it_for_every_property_stands_in_the_order_of_the_standard(roll: Roll, properties: str) -> None:
    paper = write(roll("90001", {}, {}))
    page = paper.sections[0]

    order = ORDER[properties].split()
    roots = (paper.element, paper.styles["Normal"].element, page.header._element)
    found = [[child.tag.rpartition("}")[2] for child in one] for root in roots for one in root.iter(qn(f"w:{properties}"))]
    assert found
    assert [names for names in found if names != sorted(names, key=order.index)] == []


def test_signs_names_and_remarks_survive_as_they_were_typed(roll: Roll) -> None:
    name = "Nà Nọi & <b>Pá Po</b> \x00 " + "Chiềng " * 40
    units = [OrgUnit("1", "Xã A & B <x>", "commune", None), OrgUnit("1-1", name, VILLAGE, "1", "bản")]
    figures = roll_up(Tree(units, DAY), "1", Known(Range(DAY, DAY), DAY, MORNING, 1, {}, {}))
    remarks = {"1-1": [Say("reports.remark.difficulties", text="Thiếu gạo\n& {muối} <10 kg>\x0b")]}

    paper = write(figures, letterhead(units[0], None, VI), remarks=remarks)

    village = " ".join(f"Bản {name}".replace("\x00", "").split())
    assert table(paper)[1][1].strip() == village
    assert block(paper, 0)[0][0] == "UBND XÃ A & B <X>"
    assert f"- {village} : Khó khăn, vướng mắc: Thiếu gạo & {{muối}} <10 kg>." in lines(paper)


def test_difficulties_come_before_the_figures_that_differ_and_the_table_stays_short(roll: Roll) -> None:
    differs = Say("reports.remark.differs", indicator=Say("reports.indicator.f0_new"), a=2, b=1)
    remarks = {"90001-01": [differs], "90001-02": [Say("reports.remark.difficulties", text="Thiếu gạo.")]}

    paper = write(roll("90001", {}, SEVEN), remarks=remarks, written=Written(difficulties=("Thiếu kinh phí",)))

    said = lines(paper)
    at_part = said.index("IV. Khó khăn, vướng mắc; giải trình số liệu")
    assert said[at_part + 1 : at_part + 4] == [
        "- Thiếu kinh phí.",
        "- Bản Co Chai: Khó khăn, vướng mắc: Thiếu gạo.",
        "- Bản Nà Nọi: F0 mới báo 2, theo danh sách 1.",
    ]
    assert {row[-1] for row in table(paper)[1:]} == {""}


def test_what_nobody_wrote_is_a_dotted_line_for_the_pen(roll: Roll) -> None:
    def dotted(paper: Document) -> list[str]:
        paragraphs = paper.paragraphs
        return [paragraphs[n - 1].text for n, p in enumerate(paragraphs) if p._p.xpath(".//w:tab[@w:leader='dot']")]

    empty = write(roll("90001", {}, SEVEN))
    full = write(
        roll("90001", {}, SEVEN), written=Written(risk="cam", difficulties=("không",), proposals=("Cấp thêm bộ xét nghiệm",))
    )

    assert dotted(empty) == ["IV. Khó khăn, vướng mắc; giải trình số liệu", "V. Đề xuất, kiến nghị"]
    assert dotted(full) == []
    assert "- Mức độ nguy cơ (theo công bố của tỉnh): cam." in lines(full)


def test_an_office_prints_its_own_letterhead(roll: Roll) -> None:
    own = Letterhead(
        "Huyện Thử", "Ủy ban nhân dân xã Chiềng Một", "BC-UBND", "Chiềng Một",
        ("Thường trực Huyện ủy", "UBND huyện"), ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"),
        ("- Như trên;", "- Trạm Y tế xã;", "- Lưu: VT."), "Lò Văn Mẫu",
    )  # fmt: skip

    paper = write(roll("90001", {}, {}), own)

    assert block(paper, 0)[0] == ["HUYỆN THỬ", "ỦY BAN NHÂN DÂN XÃ CHIỀNG MỘT"]
    assert block(paper, 1)[0][0].endswith("/BC-UBND")
    assert lines(paper)[2:5] == ["Kính gửi:", "- Thường trực Huyện ủy;", "- UBND huyện."]
    assert block(paper, 3) == (
        ["Nơi nhận:", "- Như trên;", "- Trạm Y tế xã;", "- Lưu: VT."],
        ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lò Văn Mẫu"],
    )


def test_a_report_that_is_written_the_day_after_names_the_day_of_its_hour(roll: Roll) -> None:
    paper = write(roll("90001", {}, {}, day=DAY - timedelta(days=1), report_day=DAY))

    assert lines(paper)[1].endswith("ngày 09/9/2021 (tính đến 08h00 ngày 08/9/2021)")


def test_the_file_says_who_made_it_and_when(roll: Roll) -> None:
    paper = write(roll("90001", {}, {}))

    made = "Người lập: Lò Thị Mẫu, lúc 09h45 ngày 09/9/2021"
    assert made in lines(paper)
    assert (paper.core_properties.author, paper.core_properties.comments) == ("Lò Thị Mẫu", made)


def test_a_district_reports_by_commune(roll: Roll) -> None:
    paper = write(roll("900", {"900": {"f0_under_treatment": 1}}, SEVEN), letterhead(DISTRICT, None, VI))

    assert "Số liệu theo xã:" in lines(paper)
    assert lines(paper)[2] == "Kính gửi: Ban Chỉ đạo phòng, chống dịch COVID-19 cấp trên."
    assert [(row[1], row[-1]) for row in table(paper)[1:]] == [
        ("Xã Chiềng Một", "3/3 đã báo cáo"),
        ("Xã Chiềng Hai", "chưa báo cáo"),
        ("Huyện Thử", "ghi chung cho cả đơn vị"),
        ("Cộng", ""),
    ]


def test_the_report_reads_in_english(roll: Roll) -> None:
    said = lines(write(roll("90001", {"90001-01": {"f0_under_treatment": 1200}}, SEVEN), letterhead(COMMUNE, DISTRICT, EN), EN))

    assert "- Cases (F0): new in this period 0; under treatment 1,200; recovered 0; deceased 0." in said


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Xã Chiềng Mung", "Chiềng Mung"),
        ("Thị trấn Hát Lót", "Hát Lót"),
        ("Thành phố Sơn La", "Sơn La"),
        ("Quận 1", "Quận 1"),
        ("Hát Lót", "Hát Lót"),
    ],
)
def test_a_place_stands_before_the_date_without_its_level(name: str, place: str) -> None:
    assert place_of(name) == place
