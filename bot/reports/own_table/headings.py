"""What a heading means: which figure, as told by its words and those of the headings above it. The words are in headings.toml.

A heading means a figure only if all its words are known and say that figure and nothing else; what is left over, be it "%",
"dưới 18 tuổi" or "lũy kế" where we have no such total, makes it another figure. So a column is rather asked than guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.domain.vietnamese import fold

_DATE, _TIME = "{ngay}", "{gio}"
_PLACEHOLDERS = (
    (re.compile(r"\( ?\+ ?\)"), " {+} "),
    (re.compile(r"\( ?[-\u2013] ?\)"), " {-} "),
    (re.compile(r"\b\d{1,2} ?[/.-] ?\d{1,2}(?: ?[/.-] ?\d{2,4})?\b"), f" {_DATE} "),
    (re.compile(r"\bngay \d{1,2} thang \d{1,2}(?: nam \d{4})?\b"), f" ngay {_DATE} "),
    (re.compile(r"\b\d{1,2} ?(?:h|g|gio) ?\d{2}\b|\b(?:[01]?\d|2[0-3]) ?(?:h|g|gio)\b|\b\d{1,2}:\d{2}\b"), f" {_TIME} "),
)
_NUMBERING = re.compile(r"^(?:(?:[ivx]{1,4}|[a-d]|\d{1,2}(?:\.\d{1,2})*)[.)]|[-+*\u2022]) *")
_WORD = re.compile(r"\{[^}]*\}|\w+|[%/]")  # a stroke stands between two figures
_LEAST_LIKE = 1 / 3
_BETWEEN = re.compile(r"[,;]| v\u00e0 | va ")
_MOST_CANDIDATES = 4

Senses = frozenset[str]


class Confidence(StrEnum):
    """``LIKELY``: something is taken for granted that such tables leave out."""

    CONFIRMED = "confirmed"
    SURE = "sure"
    LIKELY = "likely"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a column or a line was understood as it was."""

    WORDS = "words"  # the words say it
    ASSUMED = "assumed"  # they say it, but for what such tables take for granted
    OTHER_WORDS = "other_words"  # there are words that we do not know
    NO_FIGURE = "no_figure"  # all words are known, but nothing that we count is meant by them together
    SEVERAL = "several"  # they may mean several
    EMPTY = "empty"
    FORMULA = "formula"
    HIDDEN = "hidden"
    PERSON = "person"  # an officer said so


@dataclass(frozen=True)
class Meaning:
    """``target``: an indicator, ``note`` or ``code``; None where it is not sure. ``words``: what the reason speaks of."""

    target: str | None
    confidence: Confidence
    why: Why
    words: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Definition:
    target: str
    needed: Senses
    allowed: Senses
    confidence: Confidence

    def fits(self, senses: Senses) -> bool:
        return self.needed <= senses <= self.allowed


def normal(text: str) -> str:
    """A heading as it is compared from day to day: folded, dates and times as such, without numbering and punctuation."""
    return " ".join(_words(text))


def meaning(path: Sequence[str]) -> Meaning:
    """The meaning of a column whose headings from the top down are these."""
    read = _meaning(path)
    parts = _BETWEEN.split(path[-1]) if path else []
    if read.target is not None and len(parts) > 1:
        several = {target for part in parts if (target := _meaning((*path[:-1], part)).target) is not None}
        if len(several) > 1:
            return Meaning(None, Confidence.UNKNOWN, Why.SEVERAL, tuple(path), tuple(sorted(several)))
    return read


def _meaning(path: Sequence[str]) -> Meaning:
    if not any(map(_words, path)):
        return Meaning(None, Confidence.UNKNOWN, Why.EMPTY)
    readings, unknown = _readings(path)
    if unknown:
        return Meaning(None, Confidence.UNKNOWN, Why.OTHER_WORDS, tuple(unknown), _candidates(readings))
    for confidence in (Confidence.SURE, Confidence.LIKELY):
        fitting = (one for one in _definitions() if one.confidence is confidence and any(map(one.fits, readings)))
        found = {one.target for one in fitting}
        if len(found) == 1:
            why = Why.WORDS if confidence is Confidence.SURE else Why.ASSUMED
            return Meaning(found.pop(), confidence, why, tuple(path))
        if found:
            return Meaning(None, Confidence.UNKNOWN, Why.SEVERAL, tuple(path), tuple(sorted(found)))
    return Meaning(None, Confidence.UNKNOWN, Why.NO_FIGURE, tuple(path), _candidates(readings))


def told_by_words() -> frozenset[str]:
    """What a heading can mean: the indicators that have words, ``note`` and ``code``."""
    return frozenset(one.target for one in _definitions())


def _words(text: str) -> list[str]:
    folded = _NUMBERING.sub("", fold(text))
    for pattern, placeholder in _PLACEHOLDERS:
        folded = pattern.sub(placeholder, folded)
    return _WORD.findall(folded)


def _readings(path: Sequence[str]) -> tuple[set[Senses], list[str]]:
    """All that the phrases of a path may say together, and the words that are in no phrase."""
    readings: set[Senses] = {frozenset()}
    unknown: list[str] = []
    for level in path:
        for phrase in _phrases(_words(level)):
            if phrase in _lexicon():
                readings = {said | meant for said in readings for meant in _lexicon()[phrase]}
            else:
                unknown += phrase
    return readings, unknown


def _phrases(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The words in phrases, so that as few as can be are unknown, and the phrases few; the first as long as can be."""
    best: list[tuple[int, int, list[tuple[str, ...]]]] = [(0, 0, [])]  # of what begins at each word, from the last on
    for at in range(len(words) - 1, -1, -1):
        choices = []
        for n in range(min(_longest(), len(words) - at), 0, -1):
            phrase = tuple(words[at : at + n])
            if phrase in _lexicon() or n == 1:
                unknown, phrases, rest = best[n - 1]
                choices.append((unknown + (phrase not in _lexicon()), phrases + 1, [phrase, *rest]))
        best.insert(0, min(choices, key=lambda choice: choice[:2]))
    return best[0][2]


def _candidates(readings: set[Senses]) -> tuple[str, ...]:
    """The figures that are most like what was said, the likest first."""
    like: dict[str, float] = defaultdict(float)
    for one in _definitions():
        for senses in readings:
            common = len(one.needed & senses) / len(one.needed | senses - one.allowed) if senses else 0.0
            like[one.target] = max(like[one.target], common)
    best = sorted((-score, target) for target, score in like.items() if score >= _LEAST_LIKE)
    return tuple(target for _, target in best[:_MOST_CANDIDATES])


@cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "headings.toml").read_text(encoding="utf-8"))


@cache
def _lexicon() -> Mapping[tuple[str, ...], list[Senses]]:
    found: dict[tuple[str, ...], list[Senses]] = defaultdict(list)
    for senses, phrases in _data()["senses"].items():
        for phrase in phrases:
            words = tuple(_words(phrase))
            if (said := frozenset(senses.split())) not in found[words]:
                found[words].append(said)
    return dict(found)


@cache
def _longest() -> int:
    return max(map(len, _lexicon()))


@cache
def _definitions() -> tuple[_Definition, ...]:
    return tuple(_defined())


def _defined() -> Iterator[_Definition]:
    for table, confidence in (("sure", Confidence.SURE), ("likely", Confidence.LIKELY), ("beside", Confidence.SURE)):
        for target, variants in _data()[table].items():
            for variant in variants:
                parts = variant.split()
                needed = frozenset(part for part in parts if not part.endswith("?"))
                yield _Definition(target, needed, frozenset(part.rstrip("?") for part in parts), confidence)
