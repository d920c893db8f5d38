"""A chain of transmission as a tree: who has it from whom. Pure; nobody stands in it twice, whatever was recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def origin(start: T, source: Callable[[T], T | None]) -> T:
    """The first one known, from source to source; of a circle, whoever comes last before it closes."""
    seen = {start}
    here = start
    while (before := source(here)) is not None and before not in seen:
        seen.add(before)
        here = before
    return here


def spread(root: T, infected: Mapping[T, Sequence[T]]) -> list[tuple[int, T]]:
    """The root and everybody below it, each once, as (depth, who), in the order in which one reads a tree."""
    found: list[tuple[int, T]] = []
    seen: set[T] = set()
    waiting: list[tuple[int, T]] = [(0, root)]
    while waiting:
        depth, here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        found.append((depth, here))
        waiting += [(depth + 1, one) for one in reversed(infected.get(here, ()))]
    return found
