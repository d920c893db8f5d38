"""Which province people mean when they write where somebody was: "quận 12, TP. Hồ Chí Minh" is 79.

A place that names no province, or two, is nobody's: it is asked. So is one whose name is that of something smaller: "xã Bình
Dương" may lie anywhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from bot.domain.vietnamese import fold

Words = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_SMALLER = frozenset(
    {"xa", "x", "phuong", "p", "tran", "huyen", "h", "quan", "q", "duong", "thon", "ban", "ap", "xom", "khu", "to"}
)


@cache
def provinces() -> Mapping[str, tuple[str, ...]]:
    """The names of each province by its code, its own name first."""
    with (Path(__file__).parent / "rules" / "provinces.toml").open("rb") as file:
        return {code: tuple(names) for code, names in tomllib.load(file).items()}


@lru_cache(maxsize=4096)  # the same few places are asked about for everybody on a list
def province_of(place: str) -> str | None:
    """The code of the only province that is named in ``place``; None if there is none, or if there are several."""
    words = _words(place)
    found = {code for name, code in _by_words().items() for at in _places(words, name) if not _names_less(words, at)}
    return found.pop() if len(found) == 1 else None


@cache
def _by_words() -> Mapping[Words, str]:
    return {_words(name): code for code, names in provinces().items() for name in names}


def _words(text: str) -> Words:
    return tuple(_WORD.findall(fold(text)))


def _places(words: Words, name: Words) -> list[int]:
    return [at for at in range(len(words) - len(name) + 1) if words[at : at + len(name)] == name]


def _names_less(words: Words, at: int) -> bool:
    """Whether what begins at ``at`` is a commune's, a district's or a street's name."""
    before = words[max(0, at - 2) : at]
    return bool(before) and (before[-1] in _SMALLER or (before[-1] == "pho" and before != ("thanh", "pho")))
