"""What cannot be used is refused with a sentence, whatever the file holds; what is kept or lost is told."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link import ExternalLink
from openpyxl.workbook.external_link.external import ExternalBook

from bot.reports.own_table import Filled, Refused, Template, Unit, Why, fill, propose, read
from bot.reports.own_table.package import MOST_BYTES
from bot.texts import Voice
from tests.reports.own_table.books import CANG, UNITS, merged_headings, opened, put, saved, template_in, totals_row

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return out.getvalue()


def with_replaced(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for one in archive.namelist():
            part = archive.read(one)
            copy.writestr(one, part.replace(old, new) if one == name else part)
    return out.getvalue()


def macro_enabled() -> bytes:
    return with_replaced(
        merged_headings(),
        "[Content_Types].xml",
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )


def with_area(area: bytes) -> bytes:
    return with_replaced(only_names(), "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetData>" + area)


def with_entities() -> bytes:
    return with_replaced(merged_headings(), "xl/workbook.xml", b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook')


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return out.getvalue()


def only_names() -> bytes:
    book = Workbook()
    for row, unit in enumerate(UNITS, start=1):
        book.active.cell(row, 1, unit.names[0])
    return saved(book)


@pytest.mark.parametrize(
    ("make", "key"),
    [
        pytest.param(lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600), "password", id="password"),
        pytest.param(lambda: OLE + "Workbook".encode("utf-16-le") + bytes(600), "old_format", id="xls"),
        pytest.param(macro_enabled, "macros", id="xlsm"),
        pytest.param(lambda: with_part(merged_headings(), "xl/vbaProject.bin", b"x"), "macros", id="macros in an xlsx"),
        pytest.param(lambda: b"PK" + bytes(25_000_000), "too_large", id="25 MB"),
        pytest.param(lambda: with_part(merged_headings(), "xl/x.xml", b" " * 45_000_000), "too_large", id="45 MB unpacked"),
        pytest.param(with_entities, "broken", id="entities"),
        pytest.param(
            lambda: with_area(b'<mergeCells count="1"><mergeCell ref="D1:H1048576"/></mergeCells>'),
            "too_many_cells",
            id="merged",
        ),
        pytest.param(
            lambda: with_area(b'<hyperlinks><hyperlink ref="D1:H1048576" location="A1"/></hyperlinks>'),
            "too_many_cells",
            id="links",
        ),
        pytest.param(lambda: merged_headings()[:3000], "broken", id="cut off"),
        pytest.param(lambda: with_replaced(merged_headings(), "xl/styles.xml", b"<", b""), "broken", id="bad styles"),
        pytest.param(lambda: zipped(readme=b"hello"), "not_excel", id="a zip"),
        pytest.param(lambda: "STT;Bản\n1;Bản Cang".encode(), "not_excel", id="csv"),
        pytest.param(lambda: b"", "not_excel", id="nothing"),
        pytest.param(lambda: saved(Workbook()), "no_table", id="an empty sheet"),
        pytest.param(only_names, "no_table", id="no headings"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(make: Callable[[], bytes], key: str) -> None:
    content = make()

    refused = read(content, UNITS)

    assert isinstance(refused, Refused)
    assert refused.key == key
    assert isinstance(fill(content, propose(template_in(merged_headings()), UNITS), {}), Refused)
    for voice in (Voice("vi", "dong_chi"), Voice("en")):
        assert voice(refused.say)


def test_the_largest_file_is_told_in_the_refusal() -> None:
    refused = read(b"PK" + bytes(25_000_000), UNITS)

    assert isinstance(refused, Refused)
    assert refused.params == {"mb": 26, "most": MOST_BYTES // 1_000_000}


def fifty_sheets(tables: int) -> bytes:
    book = Workbook()
    for n in range(1, 51):
        sheet = book.create_sheet(f"Ngày {n}")
        if n <= tables:
            put(sheet, 1, ["TT", "Bản", "F0 mới"])
            put(sheet, 2, [1, "Bản Cang", None])
            put(sheet, 3, [2, "Bản Nà Sàng", None])
        else:
            sheet["A1"] = "Trống"
    return saved(book)


def test_of_fifty_sheets_with_tables_one_is_to_be_chosen() -> None:
    content = fifty_sheets(50)

    refused = read(content, UNITS)

    assert isinstance(refused, Refused)
    assert (refused.key, len(refused.sheets)) == ("which_sheet", 50)
    assert template_in(content, sheet="Ngày 7").sheet == "Ngày 7"
    assert len(template_in(content, sheet="Ngày 7").other_sheets) == 50


def test_of_fifty_sheets_the_only_one_with_a_table_needs_no_question() -> None:
    assert template_in(fifty_sheets(1)).sheet == "Ngày 1"


def test_a_sheet_that_is_not_there_is_refused() -> None:
    refused = read(merged_headings(), UNITS, "Biểu 02")

    assert isinstance(refused, Refused)
    assert (refused.key, refused.params) == ("no_sheet", {"sheet": "Biểu 02"})


def test_a_hidden_sheet_is_not_the_one_to_be_filled() -> None:
    book = opened(merged_headings())
    copy = book.copy_worksheet(book["Biểu 01"])
    copy.sheet_state = "hidden"

    assert template_in(saved(book)).sheet == "Biểu 01"


def test_hidden_columns_are_told_and_left_alone() -> None:
    book = opened(merged_headings())
    book["Biểu 01"].column_dimensions.group("D", "F", hidden=True)
    content = saved(book)
    template = template_in(content)
    table = propose(template, UNITS)

    done = fill(content, table, {CANG.code: {"away_returned": 5, "away_total": 6}})

    assert [(notice.key, notice.params) for notice in template.notices] == [("hidden_columns", {"n": 3})]
    assert [column.why for column in table.columns].count(Why.HIDDEN) == 3
    assert all(not column.is_open for column in table.columns if column.why is Why.HIDDEN)
    assert isinstance(done, Filled)
    sheet = opened(done.content)["Biểu 01"]
    assert (sheet["C8"].value, sheet["D8"].value) == (6, None)
    assert sheet.column_dimensions["D"].hidden


def test_formulas_that_point_to_other_files_are_kept_with_their_links() -> None:
    book = opened(totals_row())
    link = ExternalLink(externalBook=ExternalBook(id="rId1"))
    link.file_link = Relationship(type="externalLinkPath", Target="thang8.xlsx", TargetMode="External")
    book._external_links.append(link)
    book["Tổng hợp"]["G9"] = "=[1]Sheet1!$A$1+1"
    content = saved(book)

    done = fill(content, propose(template_in(content), UNITS), {CANG.code: {"returnees_new": 1}})

    assert "links" in [notice.key for notice in template_in(content).notices]
    assert isinstance(done, Filled)
    after = opened(done.content)
    assert after["Tổng hợp"]["G9"].value == "=[1]Sheet1!$A$1+1"
    assert [one.file_link.Target for one in after._external_links] == ["thang8.xlsx"]


def with_chart() -> bytes:
    book = opened(totals_row())
    chart = BarChart()
    chart.add_data(Reference(book["Tổng hợp"], min_col=3, min_row=9, max_row=12))
    book["Tổng hợp"].add_chart(chart, "J2")
    return saved(book)


def with_picture(kind: str) -> bytes:
    """A picture on the sheet; an EMF by the head of one, in the place of a PNG."""
    drawn, book = io.BytesIO(), opened(totals_row())
    PIL.Image.new("RGB", (8, 8)).save(drawn, "png")
    book["Tổng hợp"].add_image(Image(drawn), "J2")
    content = saved(book)
    if kind == "png":
        return content
    head = struct.pack("<10I4s", 1, 100, 0, 0, 8, 8, 0, 0, 200, 200, b" EMF") + bytes(60)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as copy:
        for name in archive.namelist():
            part = head if name.endswith(".png") else archive.read(name).replace(b"image1.png", b"image1.emf")
            copy.writestr(name.replace("image1.png", "image1.emf"), part)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "kept"), [("png", 1), ("emf", 0)])
def test_pictures_stay_if_they_can_be_written(kind: str, kept: int) -> None:
    content = with_picture(kind)

    done = fill(content, propose(template_in(content), UNITS), {})

    assert isinstance(done, Filled)
    assert len(opened(done.content)["Tổng hợp"]._images) == kept
    assert ("images" in [notice.key for notice in template_in(content).notices]) is not bool(kept)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        pytest.param(with_chart(), "charts", id="charts"),
        pytest.param(with_picture("emf"), "images", id="images"),
        pytest.param(with_part(totals_row(), "xl/ctrlProps/ctrlProp1.xml", b"<x/>"), "controls", id="controls"),
        pytest.param(with_part(totals_row(), "xl/threadedComments/a.xml", b"<x/>"), "threads", id="threads"),
        pytest.param(with_part(totals_row(), "xl/drawings/d.xml", b"<xdr:wsDr><xdr:sp/></xdr:wsDr>"), "shapes", id="shapes"),
        pytest.param(totals_row(), "formulas", id="formulas"),
    ],
)
def test_what_a_copy_will_not_have_is_told(content: bytes, key: str) -> None:
    found = [notice for notice in template_in(content).notices if notice.key == key]

    assert len(found) == 1
    assert Voice("vi")(found[0].say)
    assert Voice("en")(found[0].say)


def test_a_chart_is_still_there() -> None:
    done = fill(with_chart(), propose(template_in(with_chart()), UNITS), {})

    assert isinstance(done, Filled)
    assert len(opened(done.content)["Tổng hợp"]._charts) == 1


@given(st.integers(0, 8000), st.binary(min_size=1, max_size=40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_damage_raises(at: int, noise: bytes, cut: bool) -> None:
    content = merged_headings()
    damaged = content[:at] + noise + (b"" if cut else content[at + len(noise) :])

    assert isinstance(read(damaged, UNITS), Refused | Template)


words = ["STT", "Bản", "Bản Cang", "Tiểu khu 3", "F0", "Mới", "Cộng", "Ghi chú", "(1)", "I", "=1+1"]
grids = st.lists(st.lists(st.none() | st.integers(0, 99) | st.sampled_from(words), max_size=6), max_size=8)
merges = st.sampled_from(["A1:A2", "B1:C1", "B2:D3", "A3:F3", "C4:C6", ""])


@given(grids, merges)
@settings(max_examples=50, deadline=None)
def test_no_sheet_raises_and_every_column_has_a_key_of_its_own(grid: list[list[int | str | None]], merged: str) -> None:
    book = Workbook()
    for at, row in enumerate(grid, start=1):
        put(book.active, at, row)
    if merged:
        book.active.merge_cells(merged)
    content = saved(book)

    found = read(content, UNITS)

    if isinstance(found, Template):
        table = propose(found, UNITS)
        assert isinstance(fill(content, table, {CANG.code: {"f0_new": 1}}), Filled | Refused)
        assert len({column.key for column in table.columns}) == len(table.columns)


def test_units_that_nobody_knows_are_found_by_their_heading() -> None:
    template = template_in(merged_headings(), [Unit("x", ("Bản Khác",))])

    assert [line.name for line in template.lines] == ["Bản Cang", "Bản Nà Sàng", "Tiểu khu 3", "Bản Lò Văn Mẫu"]
    assert len(propose(template, []).open_rows) == 4
