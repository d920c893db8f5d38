"""Five invented templates are filled; what is ours is in its place, and everything else is as it was, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Protection
from openpyxl.worksheet.datavalidation import DataValidation

from bot.reports.own_table import Confidence, Filled, Gap, Left, TableMap, Unit, Values, fill, propose, restored, stored
from tests.reports.own_table.books import (
    CANG,
    FIVE,
    LO,
    SANG,
    THREE,
    UNITS,
    WHOLE,
    extra_column,
    merged_headings,
    opened,
    put,
    saved,
    template_in,
    totals_row,
    two_levels,
    villages_across,
)

Cells = dict[tuple[str, str], Any]
LOOKS = ("font", "fill", "border", "alignment", "protection")


def table_of(content: bytes) -> TableMap:
    return propose(template_in(content), UNITS)


def filled(content: bytes, table: TableMap, values: Values) -> Filled:
    done = fill(content, table, values)
    assert isinstance(done, Filled), done
    return done


def values_of(content: bytes) -> Cells:
    book = opened(content)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def looks_of(content: bytes) -> Mapping[str, Any]:
    """All that makes up a workbook but the values of its cells."""
    book = opened(content)
    return {
        sheet.title: {
            "cells": {
                cell.coordinate: (
                    cell.number_format,
                    *map(repr, (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)),
                )
                for row in sheet.iter_rows()
                for cell in row
                if cell.has_style
            },
            "merged": sorted(map(str, sheet.merged_cells.ranges)),
            "widths": {key: (one.width, one.hidden) for key, one in sheet.column_dimensions.items()},
            "heights": {key: (one.height, one.hidden) for key, one in sheet.row_dimensions.items() if one.height or one.hidden},
            "frozen": sheet.freeze_panes,
            "state": sheet.sheet_state,
            "order": book.sheetnames,
        }
        for sheet in book.worksheets
    }


def changed(before: bytes, after: bytes) -> Cells:
    """What other values the cells have, by sheet and cell."""
    old, new = values_of(before), values_of(after)
    return {place: new.get(place) for place in old.keys() | new.keys() if old.get(place) != new.get(place)}


def test_merged_headings() -> None:
    content = merged_headings()
    values: Values = {
        CANG.code: {"away_total": 12, "away_returned": 5, "away_not_returned": 7, "note": "2 người về trước kỳ"},
        SANG.code: {"away_total": 1200, "away_contacted": 0, "away_need_support": 3},
        LO.code: {"away_not_contacted": 4, "f0_new": 9},
    }

    done = filled(content, table_of(content), values)

    assert {place[1]: value for place, value in changed(content, done.content).items() if place[0] == "Biểu 01"} == {
        "C8": 12, "D8": 5, "E8": 7, "I8": "2 người về trước kỳ",
        "C9": 1200, "F9": 0, "H9": 3,
        "G11": 4,
    }  # fmt: skip
    assert looks_of(done.content) == looks_of(content)
    assert values_of(done.content)["Hướng dẫn", "B2"] == "=1+1"
    assert (done.written, done.gaps) == (8, ())


def test_two_levels() -> None:
    content = two_levels()
    every = {column.target: at for at, column in enumerate(table_of(content).columns, start=1)}

    done = filled(content, table_of(content), {THREE.code: {str(target): n for target, n in every.items()}})

    assert {place[1]: value for place, value in changed(content, done.content).items()} == {
        f"{letter}10": n for n, letter in enumerate("CDEFGHIJKL", start=1)
    }
    assert looks_of(done.content) == looks_of(content)


def test_totals_row() -> None:
    content = totals_row()
    values: Values = {
        CANG.code: {"returnees_new": 0, "returnees_total": 41, "f0_deceased": 1},
        SANG.code: {"returnees_total": 40},
    }

    done = filled(content, table_of(content), values)

    after = values_of(done.content)
    assert [after.get(("Tổng hợp", f"{at}9")) for at in "CDEFG"] == [0, 41, 1, "=C9+E9", 5]
    assert [after.get(("Tổng hợp", f"{at}10")) for at in "CDEFG"] == [None, 40, None, "=C10+E10", 5], "yesterday's are not left"
    assert [after["Tổng hợp", f"{at}13"] for at in "CDEFG"] == [f"=SUM({at}9:{at}12)" for at in "CDEFG"]
    assert [after["Tổng hợp", f"{at}7"] for at in "CDEFG"] == [f"=SUM({at}8:{at}12)" for at in "CDEFG"]
    assert {place[1][0] for place in changed(content, done.content)} <= set("CDE")
    assert looks_of(done.content) == looks_of(content)
    assert opened(done.content).calculation.fullCalcOnLoad


def test_villages_across() -> None:
    content = villages_across()
    values: Values = {
        SANG.code: {"away_total": 3, "away_returned": 1, "f0_new": 2, "f0_deceased": 0},
        LO.code: {"away_not_returned": 8},
    }

    done = filled(content, table_of(content), values)

    assert {place[1]: value for place, value in changed(content, done.content).items()} == {
        "E7": 3, "E8": 1, "E11": 2, "E13": 0, "G9": 8,
    }  # fmt: skip
    assert values_of(done.content)["Sheet", "H8"] == "=SUM(D8:G8)"
    assert looks_of(done.content) == looks_of(content)


def test_an_extra_column_is_left_to_people_and_the_others_follow_their_headings() -> None:
    yesterday, today = merged_headings(), extra_column()
    table = table_of(yesterday).confirmed()

    done = filled(today, table, {CANG.code: {"away_not_returned": 7, "away_contacted": 6, "away_need_support": 1}})

    assert {place[1]: value for place, value in changed(today, done.content).items()} == {"E8": 7, "G8": 6}
    assert [(gap.column, gap.why) for gap in done.gaps] == [("can ho tro", Left.COLUMN_GONE)]
    assert looks_of(done.content) == looks_of(today)


def test_a_mapping_survives_being_stored() -> None:
    table = table_of(totals_row()).column("so tui thuoc da cap", "question:42").confirmed()

    assert restored(stored(table)) == table
    assert table.columns[-1].confidence is Confidence.CONFIRMED


def test_what_an_officer_names_is_filled_in_too() -> None:
    content = totals_row()
    table = table_of(content).column("so tui thuoc da cap", "question:42").row("cong", WHOLE)

    done = filled(content, table, {CANG.code: {"question:42": 17}, WHOLE: {"returnees_new": 99}})

    assert values_of(done.content)["Tổng hợp", "G9"] == 17
    assert values_of(done.content)["Tổng hợp", "C13"] == "=SUM(C9:C12)"
    assert Gap("so tui thuoc da cap", "cong", Left.FORMULA) in done.gaps


def test_a_column_that_an_officer_took_out_is_left_alone() -> None:
    content = totals_row()
    table = table_of(content).column("f0 tu vong", None)

    done = filled(content, table, {CANG.code: {"f0_deceased": 5}})

    assert values_of(done.content)["Tổng hợp", "E9"] == 1


def test_a_sum_without_a_formula_takes_the_figures_of_the_whole() -> None:
    book = Workbook()
    put(book.active, 1, ["STT", "Bản", "F0 mới", "Ghi chú"])
    for row, name in enumerate(("Bản Cang", "Bản Nà Sàng", "Tổng cộng"), start=2):
        put(book.active, row, [row, name])
    content = saved(book)

    table = propose(template_in(content), UNITS, whole=WHOLE)
    done = filled(content, table, {WHOLE: {"f0_new": 8}})

    assert changed(content, done.content) == {("Sheet", "C4"): 8}
    assert table_of(content).open_rows == (), "what nobody can answer is not asked"


def test_numbers_that_are_kept_as_text_stay_text_and_words_never_become_formulas() -> None:
    book = Workbook()
    put(book.active, 1, ["Mã xã", "Bản", "F0 mới", "F1 mới", "Ghi chú"])
    put(book.active, 2, [None, "Bản Cang", "07", None, None])
    put(book.active, 3, [None, "Bản Nà Sàng", None, None, None])
    book.active["D2"].number_format = "@"
    content = saved(book)
    values: Values = {
        unit.code: {"code": "04123", "f0_new": 7, "f1_new": 3, "note": '=HYPERLINK("http://x")\x00'} for unit in (CANG, SANG)
    }

    sheet = opened(filled(content, table_of(content), values).content).active

    assert [(cell.value, cell.data_type) for cell in sheet[3]] == [
        ("04123", "s"), ("Bản Nà Sàng", "s"), ("7", "s"), ("3", "s"), ('=HYPERLINK("http://x")', "s"),
    ]  # fmt: skip
    assert sheet["D2"].number_format == "@"


def test_locked_cells_of_a_protected_sheet_are_left_alone() -> None:
    book = opened(merged_headings())
    sheet = book["Biểu 01"]
    sheet.protection.sheet = True
    for row in range(8, 12):
        sheet.cell(row, 4).protection = Protection(locked=False)
    content = saved(book)

    done = filled(content, table_of(content), {CANG.code: {"away_total": 12, "away_returned": 5}})

    assert changed(content, done.content) == {("Biểu 01", "D8"): 5}
    assert Gap("tong so nguoi dang o ngoai tinh", "ban cang", Left.LOCKED) in done.gaps


def test_a_cell_that_is_merged_into_another_is_no_place_for_a_figure() -> None:
    book = opened(merged_headings())
    book["Biểu 01"].merge_cells("C8:C9")
    content = saved(book)

    done = filled(content, table_of(content), {SANG.code: {"away_total": 12}})

    assert changed(content, done.content) == {}
    assert Gap("tong so nguoi dang o ngoai tinh", "ban na sang", Left.MERGED) in done.gaps


def test_a_village_that_is_no_longer_in_the_template_is_told() -> None:
    table = table_of(merged_headings())
    book = opened(merged_headings())
    book["Biểu 01"]["B9"] = "Bản Mới Mẫu"

    done = filled(saved(book), table, {SANG.code: {"away_total": 12}})

    assert done.gaps == (Gap("", "ban na sang", Left.ROW_GONE),)


def test_a_sheet_that_is_named_by_the_day_is_found_the_next_day() -> None:
    yesterday, book = merged_headings(), opened(merged_headings())
    book["Biểu 01"].title = "10.9"

    done = filled(saved(book), table_of(yesterday), {CANG.code: {"away_total": 1}})

    assert values_of(done.content)["10.9", "C8"] == 1


def test_remarks_of_the_district_and_words_in_two_fonts_stay() -> None:
    book = opened(merged_headings())
    sheet = book["Biểu 01"]
    sheet["C5"] = CellRichText("Tổng số người ", TextBlock(InlineFont(b=True), "ở ngoài tỉnh"))
    sheet["C5"].comment = Comment("Tính cả người đã về", "Huyện")
    rule = DataValidation(type="whole", operator="between", formula1="0", formula2="9999")
    rule.add("C8:C11")
    sheet.add_data_validation(rule)
    content = saved(book)

    done = filled(content, table_of(content), {CANG.code: {"away_total": 1}})

    after = opened(done.content)["Biểu 01"]
    assert after["C8"].value == 1
    assert after["C5"].value == sheet["C5"].value
    assert after["C5"].comment.text == "Tính cả người đã về"
    assert [str(one.sqref) for one in after.data_validations.dataValidation] == ["C8:C11"]


figures = st.dictionaries(
    st.sampled_from([unit.code for unit in UNITS]),
    st.dictionaries(
        st.sampled_from(["away_total", "away_returned", "f0_new", "returnees_total", "quarantine_home", "samples_negative"]),
        st.none() | st.integers(0, 1_000_000),
    ),
)
templates = st.sampled_from(list(FIVE))
BOOKS = {name: make() for name, make in FIVE.items()}
TABLES = {name: table_of(content) for name, content in BOOKS.items()}


@given(templates, figures)
@settings(max_examples=25, deadline=None)
def test_filling_twice_is_filling_once_and_nothing_else_changes(name: str, values: Values) -> None:
    content, table = BOOKS[name], TABLES[name]
    ours = {column.at for column in table.columns if column.target}, {row.at for row in table.rows if row.unit}

    once = filled(content, table, values)
    twice = filled(once.content, table, values)

    assert values_of(twice.content) == values_of(once.content)
    book = opened(once.content)
    for sheet, coordinate in changed(content, once.content):
        cell = book[sheet][coordinate]
        field, line = (cell.row, cell.column) if table.across else (cell.column, cell.row)
        assert (sheet, field in ours[0], line in ours[1]) == (table.sheet, True, True)


@given(templates, figures)
@settings(max_examples=15, deadline=None)
def test_every_figure_that_is_known_stands_in_one_cell_and_no_other_does(name: str, values: Values) -> None:
    table = TABLES[name]

    done = filled(BOOKS[name], table, values)

    sheet = opened(done.content)[table.sheet]
    for column in table.columns:
        for row in table.rows:
            if column.target and row.unit:
                at = (column.at, row.at) if table.across else (row.at, column.at)
                assert sheet.cell(*at).value == values.get(row.unit, {}).get(column.target)


def test_names_are_matched_by_the_mapping_and_not_by_who_is_known_today() -> None:
    content = merged_headings()
    table = propose(template_in(content, ()), UNITS)

    done = filled(content, table, {CANG.code: {"away_total": 1}})

    assert [row.unit for row in table.rows] == [unit.code for unit in UNITS]
    assert changed(content, done.content) == {("Biểu 01", "C8"): 1}


def test_two_names_of_one_unit_are_both_asked() -> None:
    units = (*UNITS, Unit("90001-05", ("Bản Cang",)))

    table = propose(template_in(merged_headings()), units)

    assert [(row.name, row.candidates) for row in table.open_rows] == [("Bản Cang", ("90001-01", "90001-05"))]
