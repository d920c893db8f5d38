"""What officials read has its words in every language."""

from __future__ import annotations

import string
from collections.abc import Mapping

import pytest

from bot.domain.indicators import indicators
from bot.texts import catalogue, languages

OWN = sorted(key for key in catalogue("vi") if key.startswith("reports."))


def _placeholders(leaf: str | Mapping[str, str]) -> set[str]:
    sentences = [leaf] if isinstance(leaf, str) else list(leaf.values())
    return {name for sentence in sentences for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", languages())
def test_every_sentence_exists_with_the_same_places_to_fill(language: str) -> None:
    words = catalogue(language)

    assert sorted(key for key in words if key.startswith("reports.")) == OWN
    assert all(_placeholders(words[key]) == _placeholders(catalogue("vi")[key]) for key in OWN)


@pytest.mark.parametrize("language", languages())
def test_every_indicator_has_a_name(language: str) -> None:
    assert all(f"reports.indicator.{key}" in catalogue(language) for key in indicators())
