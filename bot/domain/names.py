"""How alike two Vietnamese names are, as people type them: without diacritics, with a slip, without the middle of the name.

The family's name stands first, the given name last; what is between is left out as often as not, "Văn" and "Thị" most of all.
The order is kept. Words are compared folded (``vietnamese.fold``), without what a keyboard leaves when it does not compose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum, auto

from rapidfuzz.distance import OSA

from bot.domain.vietnamese import NameKey, fold, given_name_key, tidy


class Likeness(Enum):
    """From the same name down to another one."""

    SAME = auto()  # but for case, for diacritics that were not typed at all, for where in a syllable the tone is written
    WITHOUT_VAN_OR_THI = auto()
    MIDDLE_LEFT_OUT = auto()
    OTHER_MARKS = auto()  # both were typed with diacritics, and these differ
    ONE_SLIP = auto()  # a letter of a longer word, or a space
    UNSURE = auto()  # a letter of a short word, which is mostly another name; a word that sounds the same; two slips
    ONLY_GIVEN = auto()
    NONE = auto()


_LEFT_OUT = ("van", "thi")
_LETTERS = re.compile("[^a-z]+")
# Vietnamese has no f, j, w, z, ends no word in s, r, x, and doubles no letter: "Lof", "Maaux", "Vawn" are uncomposed Telex.
_KEYS = re.compile(r"[fjwz]|(?<=.)[srx]$")
_DOUBLED = re.compile(r"(.)\1+")
# What sounds the same in some part of the country, at the beginning and at the end of a word.
_SOUND = ((re.compile("^(?:gi|d|r|v)"), "d"), (re.compile("^(?:s|x)"), "x"), (re.compile("^(?:tr|ch)"), "ch"))
_SOUND_TOO = ((re.compile("^(?:l|n(?![gh]))"), "n"), (re.compile("(?:n|ng|nh)$"), "n"), (re.compile("(?:t|c|ch)$"), "t"))
_SHORT, _LONG = 4, 7  # letters: below the first a changed letter is mostly another name, from the second on two may be slips


def likeness(a: str, b: str) -> Likeness:
    """How alike two whole names are. Symmetric."""
    left, right = _words(a), _words(b)
    if not left or not right:
        return Likeness.NONE
    if left == right:
        return Likeness.SAME if _bare(a) or _bare(b) or _marks(a) == _marks(b) else Likeness.OTHER_MARKS
    if {"van", "thi"} <= set(left[1:-1]) ^ set(right[1:-1]):
        return Likeness.NONE  # a man's name and a woman's
    if (left[0], left[-1]) == (right[0], right[-1]) and (found := _without_middle(left[1:-1], right[1:-1])):
        return found
    if "".join(left) == "".join(right):
        return Likeness.ONE_SLIP
    return _slips(left, right) or (Likeness.ONLY_GIVEN if left[-1] == right[-1] else Likeness.NONE)


def _words(name: str) -> tuple[str, ...]:
    words = (_LETTERS.sub("", word) for word in fold(name).split())
    return tuple(_DOUBLED.sub(r"\1", _KEYS.sub("", word)).replace("y", "i") for word in words if word)


def _bare(name: str) -> bool:
    """Whether it was typed without any diacritics."""
    return fold(name) == tidy(name).casefold()


def _marks(name: str) -> NameKey:
    return given_name_key(unicodedata.normalize("NFD", name.casefold()).replace("y", "i"))


def _without_middle(left: Sequence[str], right: Sequence[str]) -> Likeness | None:
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    if [word for word in longer if word not in _LEFT_OUT] == [word for word in shorter if word not in _LEFT_OUT]:
        return Likeness.WITHOUT_VAN_OR_THI
    rest = iter(longer)
    return Likeness.MIDDLE_LEFT_OUT if all(word in rest for word in shorter) else None


def _slips(left: Sequence[str], right: Sequence[str]) -> Likeness | None:
    """Names of equally many words that differ in one word, or a little in two."""
    if len(left) != len(right):
        return None
    changed = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    if len(changed) > 2 or not all(_close(a, b) for a, b in changed):
        return None
    return Likeness.ONE_SLIP if len(changed) == 1 and _slip(*changed[0]) else Likeness.UNSURE


def _close(a: str, b: str) -> bool:
    return OSA.distance(a, b) <= 1 or _slip(a, b) or _sound(a) == _sound(b)


def _slip(a: str, b: str) -> bool:
    """Whether two words are one with a letter wrong, missing, too many, or two in each other's place."""
    distance, letters = OSA.distance(a, b), max(len(a), len(b))
    return (distance == 1 and letters >= _SHORT) or (distance == 2 and letters >= _LONG)


def _sound(word: str) -> str:
    for pattern, same in (*_SOUND, *_SOUND_TOO):
        word = pattern.sub(same, word)
    return word
