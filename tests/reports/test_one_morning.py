"""One morning, told four ways: digest, Excel table, official report and picture say the same numbers, each and in sum."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import docx
import pytest
from openpyxl import load_workbook

from bot.reports.board import board
from bot.reports.book import HEADER_ROW
from bot.reports.digest import BODY, digest_lines
from bot.reports.figures import Figures
from bot.reports.letter import letter, letterhead
from bot.reports.phrases import place
from bot.reports.workbook import COUNTED, report_table
from bot.texts import Voice
from tests.reports import sample

VI = Voice("vi", "dong_chi")

# Where the official report's sentences have which figure.
SENTENCES = {
    "- Ca dương tính (F0)": ("f0_new", "f0_under_treatment", "f0_recovered", "f0_deceased"),
    "- Người tiếp xúc gần (F1)": ("f1_new", "f1_followed"),
    "- Đang cách ly": ("quarantine_institutional", "quarantine_home"),
    "- Tổng số người": ("away_total", "away_returned", "away_not_returned"),
    "- Đã liên lạc được": ("away_contacted", "away_not_contacted", "away_need_support"),
    "- Người về địa phương": ("returnees_new", "returnees_total"),
}


@pytest.fixture(params=[sample.commune, sample.district], ids=["commune", "district"])
def figures(request: pytest.FixtureRequest) -> Figures:
    made: Figures = request.param()
    return made


def number(written: object) -> int:
    return int(str(written).replace(".", ""))


def in_words(line: str) -> list[int]:
    """The numbers of a sentence after its colon or, where it begins with what it counts, after that."""
    without_names = re.sub(r"\(F\d\)|F\d", "", line)
    return [number(found) for found in re.findall(r"\d[\d.]*\d|\d", without_names)]


def digest_totals(figures: Figures) -> dict[str, int]:
    lines = digest_lines(figures, None)
    found: dict[str, int] = {}
    for sentence, keys in BODY:
        (line,) = (line for line in lines if line.key == f"reports.digest.{sentence}")
        said = VI(line).rpartition(": ")[2].split(" / ")
        found |= dict(zip(keys, map(number, said), strict=True))
    return found


def table(rows: list[list[object]]) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """What stands in the rows of a table, by name of the unit, and in its last line."""
    *parts, total = [dict(zip(COUNTED, map(number, row[2 : 2 + len(COUNTED)]), strict=True)) for row in rows]
    return dict(zip((str(row[1]) for row in rows), parts, strict=False)), total


def workbook(figures: Figures) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    sheet = load_workbook(io.BytesIO(report_table(figures, sample.MADE, VI))).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(min_row=HEADER_ROW + 2, values_only=True)]
    return table(rows[: next(at for at, row in enumerate(rows) if row[1] == "Cộng") + 1])


def official(figures: Figures) -> docx.document.Document:
    return docx.Document(io.BytesIO(letter(figures, letterhead(figures.unit, None, VI), sample.MADE, VI)))


def agree(said: Mapping[str, int], figures: Mapping[str, int]) -> bool:
    return bool(said) and said == {key: figures[key] for key in said}


def test_the_totals_are_the_same_in_every_paper(figures: Figures) -> None:
    paper = official(figures)
    sentences: dict[str, int] = {}
    for begins, keys in SENTENCES.items():
        (line,) = (p.text for p in paper.paragraphs if p.text.startswith(begins))
        sentences |= dict(zip(keys, in_words(line), strict=True))
    _, last_line = table([[cell.text for cell in row.cells] for row in paper.tables[2].rows[1:]])
    _, in_excel = workbook(figures)
    on_top = {count.key: number(count.said) for count in board(figures, VI).totals}

    assert agree(digest_totals(figures), figures.totals)
    assert agree(sentences, figures.totals)
    assert agree(last_line, figures.totals)
    assert agree(in_excel, figures.totals)
    assert agree(on_top, figures.totals)


def test_every_part_has_the_same_figures_in_every_paper(figures: Figures) -> None:
    on_paper, _ = table([[cell.text for cell in row.cells] for row in official(figures).tables[2].rows[1:]])
    in_excel, _ = workbook(figures)
    tiles = {tile.name: {count.key: count.said for count in tile.counts} for tile in board(figures, VI).tiles}

    assert len(figures.rows) == len(on_paper) == len(in_excel) == len(tiles)
    for row in figures.rows:
        name = VI(place(row.unit))
        assert agree(on_paper[name], row.totals)
        assert agree(in_excel[name], row.totals)
        assert {key: number(said) for key, said in tiles[name].items() if said != "–"}.items() <= row.totals.items()
        assert [key for key, said in tiles[name].items() if said == "–"] == (
            ["returnees_new"] if row.silent and not row.totals["returnees_new"] else []
        )


def test_who_has_reported_is_the_same_in_every_paper(figures: Figures) -> None:
    share = f"{figures.reported}/{figures.expected} "
    shown = board(figures, VI)
    paper = [paragraph.text for paragraph in official(figures).paragraphs]

    assert [line for line in map(VI, digest_lines(figures, None)) if share in line]
    assert share in shown.reported
    assert [line for line in paper if share in line and f"trong đó {figures.on_time} đúng giờ" in line]
    (named,) = (line for line in paper if line.startswith("- Chưa đủ báo cáo"))
    incomplete = [VI(place(row.unit)) for row in figures.rows if row.missing]
    assert named == f"- Chưa đủ báo cáo: {', '.join(incomplete)}."
    assert [tile.name for tile in shown.tiles if tile.state == "missing"] == [
        VI(place(row.unit)) for row in figures.rows if row.silent
    ]
