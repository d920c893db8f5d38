"""Which unit a row of the table is: by its name or an alias, without regard to case, marks, numbering and shortened labels."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.vietnamese import fold
from bot.reports.own_table.headings import Confidence, Why

_NUMBERING = re.compile(r"^(?:\d{1,3}(?:\.\d{1,2})*|[ivx]{1,4}|[a-z])[.)] *|^[-+*\u2022] *")
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Unit:
    """A unit that a table may name: its code, and its name and aliases as people write them ("Bản Nà Sàng", "ns")."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """``code``: None where it is not sure; ``candidates`` then are the units of that name."""

    code: str | None
    confidence: Confidence
    why: Why
    candidates: tuple[str, ...] = ()


_NONE = Match(None, Confidence.UNKNOWN, Why.OTHER_WORDS)


class Names:
    """The units by what they are called."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._full: dict[str, set[str]] = defaultdict(set)
        self._bare: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for unit in units:
            for name in unit.names:
                label, bare = _parts(name)
                self._full[f"{label} {bare}".strip()].add(unit.code)
                if not bare.isdigit():  # "3" may be any of Bản 3, Tiểu khu 3, Tổ 3
                    self._bare[bare].add((unit.code, label))

    def find(self, text: str) -> Match:
        """The unit that a cell names: sure if it is called so, likely if only what stands before its name differs."""
        label, bare = _parts(text)
        if not bare:
            return _NONE
        if exact := self._full.get(f"{label} {bare}".strip()):
            return _one_of(exact, Confidence.SURE, Why.WORDS)
        official = words("official")
        same = {code for code, theirs in self._bare.get(bare, ()) if not (label and theirs and {label, theirs} & official)}
        return _one_of(same, Confidence.LIKELY, Why.ASSUMED)


def line_key(name: str) -> str:
    """The name of a line as it is compared from day to day."""
    return " ".join(part for part in _parts(name) if part)


def is_total(name: str) -> bool:
    """Whether a line is the sum of the others: "Cộng", "TỔNG CỘNG:", "Toàn xã"."""
    return _plain(name) in words("total")


@cache
def words(group: str) -> frozenset[str]:
    """A list of table.toml, folded."""
    return frozenset(_plain(word) for word in _data()["words"][group])


def starts_with(text: str, group: str) -> bool:
    folded = _plain(text) + " "
    return any(folded.startswith(word + " ") for word in words(group))


def has_words(text: str, group: str) -> bool:
    folded = f" {_plain(text)} "
    return any(f" {word} " in folded for word in words(group))


def is_one_of(text: str, group: str) -> bool:
    return _plain(text) in words(group)


def _one_of(codes: set[str], confidence: Confidence, why: Why) -> Match:
    if len(codes) == 1:
        return Match(next(iter(codes)), confidence, why)
    return Match(None, Confidence.UNKNOWN, Why.SEVERAL, tuple(sorted(codes))) if codes else _NONE


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(_NUMBERING.sub("", fold(text))))


def _parts(text: str) -> tuple[str, str]:
    """The label in full and the name behind it; no label if nothing stands behind it. "TK 03" is ("tieu khu", "3")."""
    parts = [part.lstrip("0") or "0" if part.isdigit() else part for part in _plain(text).split()]
    for n in (3, 2, 1):
        label = _labels().get(" ".join(parts[:n]))
        if label is not None and len(parts) > n:
            return label, " ".join(parts[n:])
    return "", " ".join(parts)


@cache
def _labels() -> Mapping[str, str]:
    return {fold(short): fold(shorts[0]) for shorts in _data()["labels"] for short in shorts}


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "table.toml").read_text(encoding="utf-8"))
