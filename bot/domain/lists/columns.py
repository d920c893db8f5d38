"""Where in a sheet a list begins, and what its columns are: by their headings, in any order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.vietnamese import fold

Cells = Sequence[str]

_SEARCHED = 40  # rows in which the heading must stand
_LEAST_KNOWN = 2  # columns that must be recognised, the name among them
_SIGNS = re.compile(r"[^\w ]+")
_NUMBERED = re.compile(r"\(?[0-9]{1,2}\)?")


@dataclass(frozen=True)
class Heading:
    """``columns``: what the cells of each column answer, None for those nobody asks; ``row`` is the last of the heading's."""

    row: int
    columns: tuple[str | None, ...]
    above: str  # the text above it, folded


@cache
def loaded() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The tables of columns.toml."""
    read = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
    return {table: {key: tuple(words) for key, words in rows.items()} for table, rows in read.items()}


def plain(cell: str) -> str:
    """A heading or a word as it is compared."""
    return " ".join(_SIGNS.sub(" ", fold(cell)).split())


@cache
def _known() -> Mapping[str, str]:
    return {plain(heading): field for field, headings in loaded()["fields"].items() for heading in headings}


def heading_of(rows: Sequence[Cells], ours: Mapping[str, str]) -> Heading | None:
    """The heading of a list; None if there is none. ``ours``: more headings, as ``plain`` gives them -> the field."""
    for at, row in enumerate(rows[:_SEARCHED]):
        found = [_field(cell, ours) for cell in row]
        if "full_name" in found and len({one for one in found if one}) >= _LEAST_KNOWN:
            above = fold(" ".join(cell for line in rows[:at] for cell in line))
            below = rows[at + 1] if at + 1 < len(rows) else ()
            if (finer := _finer(row, below, found, ours)) is not None:
                return Heading(at + 1, tuple(finer), above)
            return Heading(at, tuple(found), above)
    return None


def _field(cell: str, ours: Mapping[str, str]) -> str | None:
    word = plain(cell)
    return ours.get(word) or _known().get(word)


def _finer(row: Cells, below: Cells, found: Sequence[str | None], ours: Mapping[str, str]) -> list[str | None] | None:
    """The columns where a second row divides what merged cells join: "Năm sinh" above "Nam" and "Nữ"."""
    second = {at: _field(cell, ours) for at, cell in enumerate(below) if cell}
    if not second or any(field is None for field in second.values()) or found.index("full_name") in second:
        return None
    width = max(len(row), len(below))
    return [second.get(at, found[at] if at < len(found) else None) for at in range(width)]


def is_no_row(row: Cells, name: str, number: str) -> bool:
    """Whether a row is none of the list: the numbers of the columns, a sum, the invented example of a template."""
    words = loaded()["words"]
    if plain(number) in words["example"] or plain(name) in words["total"] or plain(number) in words["total"]:
        return True
    return bool(_NUMBERED.fullmatch(name.strip())) and all(_NUMBERED.fullmatch(cell.strip()) for cell in row if cell.strip())


def kind_of(columns: Sequence[str | None], titled: str, fields: Mapping[str, frozenset[str]]) -> str | None:
    """Which report a list is: the one whose own questions it answers, else what its title says. ``fields``: those of each."""
    there = {column for column in columns if column}
    own = {
        kind: len((there & asked) - frozenset().union(*(fields[other] for other in fields if other != kind)))
        for kind, asked in fields.items()
    }
    most = max(own.values(), default=0)
    best = [kind for kind, n in own.items() if n == most]
    if most and len(best) == 1:
        return best[0]
    said = (kind for kind, words in loaded()["titles"].items() if kind in fields and any(word in titled for word in words))
    return next(said, None)
