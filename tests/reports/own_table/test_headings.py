"""What a heading means: as officials really write them, most are found and hardly one is wrong."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.indicators import indicators
from bot.reports.own_table import CODE, NOTE, Confidence, Why
from bot.reports.own_table.headings import meaning, normal, told_by_words

HERE = Path(__file__).parent
LOTS = ("examples", "held_out", "late", "published")


def written(lot: str) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Each heading from the top down, and what it means."""
    for target, headings in tomllib.loads((HERE / f"{lot}.toml").read_text(encoding="utf-8")).items():
        for heading in headings:
            yield tuple(heading.split(" > ")), None if target == "unknown" else target


@pytest.mark.parametrize("lot", LOTS)
def test_nine_of_ten_headings_are_found_and_one_of_a_hundred_is_wrong_at_most(lot: str) -> None:
    read = [(path, target, meaning(path).target) for path, target in written(lot)]
    meant = [(path, target, found) for path, target, found in read if target is not None]
    proposed = [(path, target, found) for path, target, found in read if found is not None]
    wrong = [(path, target, found) for path, target, found in proposed if found != target]

    assert len(wrong) <= 0.01 * len(proposed), wrong
    missed = [(path, target) for path, target, found in meant if found is None]
    assert len(missed) <= 0.1 * len(meant), missed


def test_no_heading_stands_in_two_lots() -> None:
    often = Counter(path for lot in LOTS for path in {path for path, _ in written(lot)})

    assert [path for path, n in often.items() if n > 1] == []


def test_whatever_a_heading_can_mean_is_a_figure_and_has_written_headings() -> None:
    assert {target for _, target in written("examples")} == told_by_words() | {None}
    assert told_by_words() - {NOTE, CODE} <= set(indicators())


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("F0", "Trẻ em dưới 16 tuổi"), ("tre", "em", "duoi", "16", "tuoi")),
        (("Tỷ lệ đã về (%)",), ("ty", "le", "%")),
        (("Trẻ em", "F0 mới"), ("tre", "em")),
    ],
)
def test_a_word_we_do_not_know_makes_it_another_figure(path: tuple[str, ...], words: tuple[str, ...]) -> None:
    read = meaning(path)

    assert (read.target, read.confidence, read.why, read.words) == (None, Confidence.UNKNOWN, Why.OTHER_WORDS, words)


def test_a_total_that_we_do_not_count_is_not_the_daily_figure() -> None:
    assert meaning(("F0", "Mới")).target == "f0_new"
    assert meaning(("F0", "Lũy kế")).target is None
    assert "f0_new" in meaning(("F0",)).candidates


def test_a_part_of_the_isolated_is_not_all_of_them() -> None:
    assert meaning(("Cách ly", "Tại nhà")).target == "quarantine_home"
    assert meaning(("F1", "Cách ly", "Tại nhà")).target is None
    assert "quarantine_home" in meaning(("F1", "Cách ly", "Tại nhà")).candidates


def test_two_figures_in_one_heading_are_neither() -> None:
    read = meaning(("F0", "Mới, khỏi bệnh"))

    assert (read.target, read.why) == (None, Why.SEVERAL)
    assert set(read.candidates) == {"f0_new", "f0_recovered"}
    assert meaning(("Số mắc/chết",)).target is None
    assert meaning(("Gặp khó khăn, cần hỗ trợ",)).target == "away_need_support"


def test_what_the_heading_takes_for_granted_is_likely_and_what_it_says_is_sure() -> None:
    assert meaning(("Chưa về",)).confidence is Confidence.LIKELY
    assert meaning(("Người ở ngoài tỉnh", "Chưa về")).confidence is Confidence.SURE


def test_a_heading_of_nothing_says_nothing() -> None:
    assert meaning(("", "...")).why is Why.EMPTY


def test_the_day_in_a_heading_does_not_make_another_heading_of_it() -> None:
    assert normal("2. Số về trong ngày 09/9/2021 (đến 08h00)") == normal("Số về trong ngày 10/9 (đến 8h30)")
    assert normal("Số về trong ngày 09/9") != normal("Số về trong kỳ")
