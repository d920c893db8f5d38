"""A file of units is taken whole or its every mistake is named with its line."""

from __future__ import annotations

from datetime import date

import pytest

from bot.conversation.words import Say
from bot.domain.unit_import import Checked, check
from bot.domain.units import OrgUnit
from bot.errors import BadRow
from bot.texts import Voice, languages

HEADER = "code,name,level,parent_code"
DISTRICT = OrgUnit("125", "Huyện Mai Sơn", "district", "14")
COMMUNE = OrgUnit("04105", "Thị trấn Hát Lót", "commune", "125")


def of(*rows: str, header: str = HEADER, known: tuple[OrgUnit, ...] = ()) -> Checked:
    return check("\n".join((header, *rows)).encode(), known)


def mistakes(checked: Checked) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.problem.removeprefix("admin.import.")) for row in checked.bad]


def sentence(bad: BadRow, language: str) -> str:
    return Voice(language)(Say(bad.problem, **bad.params))


def test_a_good_file_becomes_units_and_codes_keep_their_zeros() -> None:
    checked = of("14,Tỉnh Sơn La,province,", "125,Huyện Mai Sơn,district,14", "04105,Thị trấn Hát Lót,commune,125")

    assert checked.bad == ()
    assert checked.units == (OrgUnit("14", "Tỉnh Sơn La", "province", None), DISTRICT, COMMUNE)


def test_villages_have_a_label_and_days_in_either_way_of_writing() -> None:
    checked = of(
        "04105-01;Bản Hoa Ban;village;04105;bản;2021-09-01;",
        "04105-02;Tiểu khu 2;village;04105;tiểu khu;;9/9/2021",
        header="code;name;level;parent_code;label;valid_from;valid_to",
        known=(COMMUNE,),
    )

    assert checked.bad == ()
    assert checked.units == (
        OrgUnit("04105-01", "Bản Hoa Ban", "village", "04105", "bản", date(2021, 9, 1)),
        OrgUnit("04105-02", "Tiểu khu 2", "village", "04105", "tiểu khu", valid_to=date(2021, 9, 9)),
    )


def test_columns_may_stand_in_any_order_and_empty_ones_at_the_end_do_not_count() -> None:
    checked = of("province,Tỉnh Sơn La,,14,,", "district,Huyện Mai Sơn,14,125", ",,,,,", header="level,name,parent_code,code,,")

    assert checked.bad == ()
    assert [unit.code for unit in checked.units] == ["14", "125"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_spreadsheets_on_any_system_are_read(encoding: str, newline: str) -> None:
    assert check(newline.join((HEADER, "14,Tỉnh Sơn La,province,")).encode(encoding)).units[0].name == "Tỉnh Sơn La"


def test_names_are_stored_composed_and_without_stray_spaces() -> None:
    assert of("14, Ti\u0309nh  Sơn La ,province,").units[0].name == "Tỉnh Sơn La"


def test_a_quoted_name_may_hold_a_comma_and_a_line_break() -> None:
    checked = of('14,"Tỉnh\nSơn La, mới",province,', "x y,Huyện,district,14")

    assert checked.units[0].name == "Tỉnh Sơn La, mới"
    assert mistakes(checked) == [(4, "code", "bad_code")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1258"])
def test_another_encoding_is_refused_with_its_line(encoding: str) -> None:
    checked = check(f"{HEADER}\n14,Tinh Son La,province,\n125,Huyê\u0323n Mai,district,14\n".encode(encoding))

    assert checked.units == ()
    assert mistakes(checked) == [(3 if encoding == "cp1258" else 1, "", "not_utf8")]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert mistakes(check(data)) == [(1, "", "empty_file")]


def test_a_wrong_header_is_refused_column_by_column() -> None:
    checked = of("14,Tỉnh,province,", header="code,name,cap,code")

    assert checked.units == ()
    assert mistakes(checked) == [
        (1, "level", "missing_column"),
        (1, "parent_code", "missing_column"),
        (1, "cap", "unknown_column"),
        (1, "code", "column_twice"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (",Bản A,village,04105", "code", "empty"),
        ("04105 1,Bản A,village,04105", "code", "bad_code"),
        ("mã,Bản A,village,04105", "code", "bad_code"),
        ("04105-01,,village,04105", "name", "empty"),
        (f"04105-01,{'A' * 101},village,04105", "name", "too_long"),
        ("04105-01,Bản A,bản,04105", "level", "unknown_level"),
        ("04105-01,Bản A,,04105", "level", "unknown_level"),
        ("04105-01,Bản A,village,", "parent_code", "village_alone"),
        ("04105-01,Bản A,village,04105;", "parent_code", "bad_code"),
        ("04105-01,Bản A,village,04106", "parent_code", "unknown_parent"),
        ("04105-01,Bản A,village,4105", "parent_code", "zero_lost"),
        ("4105,Thị trấn Hát Lót,commune,125", "code", "zero_lost"),
        ("04106,Xã A,commune,04105", "parent_code", "parent_too_low"),
        ("126,Huyện B,district,04105", "parent_code", "parent_too_low"),
        ("125,Xã C,commune,", "level", "below_child"),
        ("04105-01,Bản A,village,04105-01", "parent_code", "cycle"),
        ("04105-01,Bản A,village,04105,bản", "", "too_many_cells"),
        ('04105-01,"Bản A,village,04105', "", "quotes"),
    ],
)
def test_a_bad_row_says_what_is_wrong_in_which_column(row: str, column: str, problem: str) -> None:
    checked = of(row, known=(DISTRICT, COMMUNE))

    assert mistakes(checked) == [(2, column, problem)]
    assert checked.units == ()
    assert all(sentence(bad, language) for bad in checked.bad for language in languages())


@pytest.mark.parametrize(
    ("begins", "ends", "column", "problem"),
    [
        ("31/2/2021", "", "valid_from", "bad_date"),
        ("", "tháng 9", "valid_to", "bad_date"),
        ("2021-09-09", "2021-09-09", "valid_to", "ends_first"),
    ],
)
def test_bad_days_are_named(begins: str, ends: str, column: str, problem: str) -> None:
    checked = of(f"14,Tỉnh Sơn La,province,,{begins},{ends}", header=HEADER + ",valid_from,valid_to")

    assert mistakes(checked) == [(2, column, problem)]
    assert all(sentence(bad, language) for bad in checked.bad for language in languages())


def test_a_code_that_comes_twice_names_the_earlier_line() -> None:
    checked = of("14,Tỉnh Sơn La,province,", "125,Huyện,district,14", "14,Tỉnh Khác,province,")

    assert mistakes(checked) == [(4, "code", "twice")]
    assert sentence(checked.bad[0], "vi") == "Mã 14 đã có ở dòng 2."


def test_a_unit_may_have_several_lives_that_do_not_overlap() -> None:
    header = HEADER + ",valid_from,valid_to"

    assert of("14,Cũ,province,,,2021-01-01", "14,Mới,province,,2021-01-01,", header=header).bad == ()
    assert mistakes(of("14,Cũ,province,,,2021-01-02", "14,Mới,province,,2021-01-01,", header=header)) == [(3, "code", "twice")]


def test_a_known_unit_is_changed_by_its_own_row_but_not_doubled_by_another() -> None:
    header = HEADER + ",valid_from"
    changed = of("125,Huyện Mai Sơn mới,district,,", header=header, known=(DISTRICT,))
    doubled = of("125,Huyện Mai Sơn mới,district,,2021-09-09", header=header, known=(DISTRICT,))

    assert [unit.name for unit in changed.units] == ["Huyện Mai Sơn mới"]
    assert mistakes(doubled) == [(2, "valid_from", "overlaps_known")]
    assert sentence(doubled.bad[0], "en") == "The code 125 is in force during this time. To change it, keep its valid_from."


def test_a_circle_is_shown_and_what_hangs_from_it_goes_too() -> None:
    checked = of("A,Tỉnh,province,B", "B,Huyện,district,C", "C,Xã,commune,A", "D,Bản,village,C", "E,Tỉnh,province,")

    assert mistakes(checked) == [
        (2, "parent_code", "cycle"),
        (3, "parent_code", "cycle"),
        (4, "parent_code", "cycle"),
        (5, "parent_code", "parent_refused"),
    ]
    assert sentence(checked.bad[0], "vi") == "Vòng lặp cấp trên: A → B → C → A."
    assert [unit.code for unit in checked.units] == ["E"]


def test_a_circle_through_known_units_is_found() -> None:
    known = (OrgUnit("A", "Tỉnh", "province", None), OrgUnit("B", "Huyện", "district", "A"))

    assert (2, "parent_code", "cycle") in mistakes(of("A,Tỉnh,province,B", known=known))


def test_below_a_refused_row_nothing_is_imported() -> None:
    checked = of("14,Tỉnh Sơn La,province,", "125,,district,14", "04105,Thị trấn,commune,125", "04105-01,Bản A,village,04105")

    assert mistakes(checked) == [
        (3, "name", "empty"),
        (4, "parent_code", "parent_refused"),
        (5, "parent_code", "parent_refused"),
    ]
    assert [unit.code for unit in checked.units] == ["14"]
    assert sentence(checked.bad[1], "en") == "The row of the unit above, 125, has a mistake."


def test_all_mistakes_of_a_row_are_told_at_once() -> None:
    assert mistakes(of("a b,,làng,")) == [(2, "code", "bad_code"), (2, "name", "empty"), (2, "level", "unknown_level")]


def test_a_parent_may_come_after_its_children() -> None:
    assert of("125,Huyện Mai Sơn,district,14", "14,Tỉnh Sơn La,province,").bad == ()


def test_a_level_of_ones_own_stands_where_the_list_of_levels_puts_it() -> None:
    levels = ("village", "commune", "area", "province")
    rows = b"code,name,level,parent_code\n14,Tinh,province,\nA1,Cum,area,14\n04105,Xa,commune,A1\n"

    assert [unit.level for unit in check(rows, levels=levels).units] == ["province", "area", "commune"]
    assert [bad.problem for bad in check(rows).bad][:1] == ["admin.import.unknown_level"]
