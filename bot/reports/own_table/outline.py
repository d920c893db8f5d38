"""Headings one below the other that are ordered by numbers and dashes: what stands under "I" or "1" belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

Row = tuple[int, tuple[str, ...], str]

_DEPTHS = (
    (0, re.compile(r"(?:[IVX]{1,4}|[A-E])[.)]?(?:\s|$)")),
    (1, re.compile(r"\d{1,2}[.)]?(?:\s|$)")),
    (2, re.compile(r"\d{1,2}\.\d{1,2}[.)]?(?:\s|$)|[a-e][.)](?:\s|$)")),
    (3, re.compile(r"[-+*\u2022\u2013]")),
)

_UNNUMBERED = 4  # where others are numbered, it belongs to the one before


def outlined(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with the headings they stand under before their own."""
    rows = list(rows)
    numbered = any(number for _, _, number in rows)
    above: dict[int, str] = {}
    for at, path, number in rows:
        depth = _depth(number, path[0])
        if depth is None and numbered and above:
            depth = _UNNUMBERED
        if depth is None:
            yield at, path, number
            continue
        above = {level: text for level, text in above.items() if level < depth}
        yield at, (*above.values(), *path), number
        above[depth] = path[-1]


def _depth(number: str, text: str) -> int | None:
    for told in (number, text):
        found = next((depth for depth, pattern in reversed(_DEPTHS) if told and pattern.match(told)), None)
        if found is not None:
            return found
    return None
