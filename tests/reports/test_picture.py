"""The picture of a morning: what it shows, that nothing in it overlaps, and that every letter is drawn."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from datetime import time
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from bot.domain.deadlines import Timetable
from bot.domain.units import COMMUNE, PROVINCE, VILLAGE, OrgUnit, Tree
from bot.reports.board import Board, Count, State, board
from bot.reports.canvas import Area, Mark, Sheet, Sign, Words, draw, fitted, width_of
from bot.reports.figures import Known, roll_up
from bot.reports.picture import WIDTH, lay_out, picture
from bot.reports.picture_file import picture_file
from bot.storage.ledger import Range
from bot.texts import Voice
from tests.reports import sample
from tests.reports.conftest import DAY, MORNING, Roll

VI, EN = Voice("vi", "dong_chi"), Voice("en")
FONTS = sorted((Path(__file__).parents[2] / "bot/reports/fonts").glob("*.ttf"))


def said(count: Count) -> tuple[str, str]:
    return count.key, count.said


def numbers(shown: Board) -> dict[str, list[str]]:
    return {tile.name: [count.said for count in tile.counts] for tile in shown.tiles}


# --- what it shows ------------------------------------------------------------------------------------------------------


def test_a_commune_shows_who_has_reported_in_time_late_and_not(roll: Roll) -> None:
    shown = board(roll("90001", {}, {"90001-02": time(8), "90001-03": time(7)}), VI)

    assert [(tile.name, tile.state, tile.said) for tile in shown.tiles] == [
        ("Bản Nà Nọi", State.MISSING, "chưa báo cáo"),
        ("Bản Co Chai", State.PART, "báo cáo muộn"),
        ("Tiểu khu 3", State.COMPLETE, "đã báo cáo"),
    ]
    assert (shown.title, shown.reported, shown.heading) == (
        "Xã Chiềng Một",
        "2/3 bản, tiểu khu đã báo cáo",
        "Theo bản, tiểu khu",
    )
    assert shown.as_of == "Số liệu đến 08h00 ngày 09/9/2021; báo cáo đến 09h45"
    assert [text for _, text in shown.legend] == ["đã báo cáo", "báo cáo muộn", "chưa báo cáo"]


def test_a_district_shows_how_many_villages_of_each_commune_have_reported(roll: Roll) -> None:
    shown = board(roll("900", {"900": {"f0_new": 1}}, {"90001-01": time(9)}), VI)

    assert [(tile.name, tile.state, tile.said) for tile in shown.tiles] == [
        ("Xã Chiềng Một", State.PART, "1/3"),
        ("Xã Chiềng Hai", State.MISSING, "0/2"),
        ("Huyện Thử", State.NONE, "ghi chung"),
    ]
    assert shown.heading == "Theo xã"
    assert [text for _, text in shown.legend] == ["chưa đủ", "chưa báo cáo", "không phải báo cáo"]


def test_the_figures_of_the_whole_stand_on_top_and_those_of_a_part_on_its_tile(roll: Roll) -> None:
    sums = {"90001-01": {"away_total": 1200, "returnees_new": 3, "f1_followed": 4, "f0_under_treatment": 5, "f0_new": 2}}

    shown = board(roll("90001", sums, {"90001-01": time(7), "90001-02": time(7)}), VI)

    assert {"away_total": "1.200", "returnees_new": "3", "f0_new": "2"}.items() <= dict(map(said, shown.totals)).items()
    assert numbers(shown)["Bản Nà Nọi"] == ["3", "4", "5"]
    assert numbers(shown)["Bản Co Chai"] == ["0", "0", "0"]


def test_what_is_new_where_nobody_has_reported_is_unknown_and_not_0(roll: Roll) -> None:
    shown = board(roll("90001", {}, {"90001-01": time(7)}), VI)

    assert numbers(shown)["Bản Co Chai"] == ["–", "0", "0"]
    assert dict(map(said, shown.totals))["returnees_new"] == "0"


def test_the_picture_reads_in_english(roll: Roll) -> None:
    shown = board(roll("90001", {"90001-01": {"away_total": 1200}}, {}), EN)

    assert shown.reported == "0/3 villages have reported"
    assert dict(map(said, shown.totals))["away_total"] == "1,200"


# --- how it looks -------------------------------------------------------------------------------------------------------


def many(level: str, n: int, name: str, count: int) -> Board:
    units = [OrgUnit("1", "Tỉnh Thử", PROVINCE, None)]
    for at in range(n):
        part = OrgUnit(f"{at:04}", f"{name} {at}", level, "1", "bản" if level == VILLAGE else None)
        units += [part] if level == VILLAGE else [part, OrgUnit(f"{at:04}-1", "A", VILLAGE, part.code, "bản")]
    sums = {
        (f"{at:04}", key): count
        for at in range(n)
        for key in ("returnees_new", "f1_followed", "f0_under_treatment", "away_total")
    }
    filed = {f"{at:04}{'' if level == VILLAGE else '-1'}": MORNING for at in range(0, n, 2)}
    return board(roll_up(Tree(units, DAY), "1", Known(Range(DAY, DAY), DAY, MORNING, 1, sums, filed)), VI)


@pytest.fixture(
    params=[(VILLAGE, 1), (VILLAGE, 40), (COMMUNE, 22), (COMMUNE, 168)], ids=lambda case: f"{case[1]} {case[0]}s", name="crowd"
)
def crowded(request: pytest.FixtureRequest) -> Board:
    """Long names and large numbers."""
    level, n = request.param
    return many(level, n, "Thị trấn Nông trường Việt Trung Phiêng Khoài", 123_456)


def box(mark: Mark) -> tuple[float, float, float, float]:
    match mark:
        case Sign(x, y, size):
            return x, y, x + size, y + size
        case _:
            return mark.x, mark.y, mark.x + mark.width, mark.y + mark.height


def overlap(one: Mark, other: Mark) -> bool:
    """By more than half a point: a line of text is higher than its letters."""
    a, b = box(one), box(other)
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5


def inside(mark: Mark, area: Mark) -> bool:
    a, b = box(mark), box(area)
    return a[0] >= b[0] and a[1] >= b[1] - 1 and a[2] <= b[2] + 0.5 and a[3] <= b[3] + 1


def test_nothing_overlaps_and_nothing_leaves_its_tile(crowd: Board) -> None:
    paper, *marks = lay_out(crowd).marks

    areas = [mark for mark in marks if isinstance(mark, Area)]
    written = [mark for mark in marks if not isinstance(mark, Area)]
    assert [mark for mark in marks if not inside(mark, paper)] == []
    assert [pair for pair in combinations(areas, 2) if overlap(*pair)] == []
    assert [mark for mark in written if any(overlap(mark, area) and not inside(mark, area) for area in areas)] == []
    by_height = sorted(written, key=lambda mark: mark.y)
    near = [(one, other) for at, one in enumerate(by_height) for other in by_height[at + 1 : at + 40]]
    assert [pair for pair in near if overlap(*pair)] == []


def test_every_tile_keeps_its_own_name_and_all_its_numbers(crowd: Board) -> None:
    sheet = lay_out(crowd)

    written = [mark.text for mark in sheet.marks if isinstance(mark, Words)]
    expected = [count.said for tile in crowd.tiles for count in tile.counts]
    assert [text for text in written if text in ("123.456", "–", "0")][-len(expected) :] == expected
    assert len({tile.name for tile in crowd.tiles}) == len(crowd.tiles)
    ends = [tile.name.split()[-1] for tile in crowd.tiles]
    assert [end for end in ends if not any(text.endswith(end) for text in written)] == []


def test_the_picture_is_as_wide_as_a_phone_times_its_density(roll: Roll) -> None:
    few, lots = (Image.open(io.BytesIO(draw(lay_out(many(COMMUNE, n, "Xã", 1))))) for n in (6, 49))

    assert (few.width, lots.width) == (3 * WIDTH, 2 * WIDTH)
    assert few.format == "PNG"


def test_letters_are_no_smaller_than_an_eye_can_read(roll: Roll) -> None:
    sheet = lay_out(many(COMMUNE, 168, "Xã Chiềng Khoong", 99))

    assert min(mark.size for mark in sheet.marks if isinstance(mark, Words)) >= 8.5


def test_colour_is_never_the_only_sign(roll: Roll) -> None:
    shown = board(roll("900", {"900": {"f0_new": 1}}, {"90001-01": time(9), "90002-01": time(7), "90002-02": time(7)}), VI)

    signs = [mark for mark in lay_out(shown).marks if isinstance(mark, Sign)]
    assert len(shown.tiles) == len({tile.state for tile in shown.tiles}) == 3
    assert len({mark.strokes for mark in signs}) == 3
    assert len(signs) == 2 * 3  # the legend explains each


# --- letters ------------------------------------------------------------------------------------------------------------

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = sorted(
    {unicodedata.normalize("NFC", form(vowel + tone)) for vowel in VOWELS for tone in TONES for form in (str.lower, str.upper)}
    | set("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVXfjwzFJWZ0123456789–…/.,:;()'&<>-")
)


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_the_font_draws_every_letter_of_vietnamese_and_each_differently(path: Path) -> None:
    font = ImageFont.truetype(path, 64, layout_engine=ImageFont.Layout.BASIC)

    def drawn(letter: str) -> bytes:
        return bytes(font.getmask(letter))

    missing = drawn("\U000fffff")
    assert len(FONTS) == 2
    assert [letter for letter in LETTERS if drawn(letter) == missing] == []
    assert len({(drawn(letter), font.getlength(letter)) for letter in LETTERS}) == len(LETTERS)


def test_a_name_in_loose_marks_is_drawn_like_one_in_composed_letters() -> None:
    def drawn(form: str) -> bytes:
        return draw(Sheet(100, 30, 2, (Words(2, 2, unicodedata.normalize(form, "Bản Nặm Ớt"), 12),)))

    assert drawn("NFD") == drawn("NFC")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from(["a", "ệ", "W", " ", "\n", "M", "1"]), min_size=1, max_size=120), st.integers(1, 3))
def test_a_text_always_fits_its_place_and_keeps_its_beginning_and_end(text: str, lines: int) -> None:
    size, broken = fitted(text, 80, (12, 10, 8), lines=lines)

    shown = " ".join(text.split())
    assert len(broken) <= lines
    assert all(width_of(line, size) <= 80 for line in broken)
    if shown:
        assert (broken[0][0], broken[-1][-1]) == (shown[0], shown[-1])


def test_a_district_is_drawn_within_the_limits_of_a_chat() -> None:
    content = draw(lay_out(many(COMMUNE, 168, "Xã Chiềng Khoong", 99)))

    image = Image.open(io.BytesIO(content))
    assert image.width + image.height <= 10_000  # Telegram's, for photos
    assert max(image.height / image.width, 1) <= 20
    assert len(content) < 1_000_000


def test_the_same_figures_make_the_same_picture(roll: Roll) -> None:
    figures = roll("90001", {"90001-01": {"away_total": 5}}, {"90001-01": time(7)})

    assert picture(figures, VI) == picture(figures, VI)


def test_up_to_24_tiles_it_is_a_photo_and_above_a_file() -> None:
    few, one = sample.district(), sample.district().rows[0]
    many = replace(few, rows=(one,) * 25)

    assert picture_file(few, VI, Timetable()).mime == "image/png"
    assert picture_file(many, VI, Timetable()).mime == "application/octet-stream"
