"""People are counted as money is: by postings that are never changed.

Filing, correcting, undoing is an event. An event posts what the record's new version counts and takes back what its former
version counted. So a total is the sum of its list, whatever happened before, and any past figure is a sum up to a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Entry:
    """What one record counts at one place: ``n`` for ``indicator`` of ``unit`` in the window of ``day``."""

    subject: str
    unit: str
    indicator: str
    day: date
    n: int


def entries(subject: str, unit: str, day: date, counted: Mapping[str, int]) -> tuple[Entry, ...]:
    return tuple(Entry(subject, unit, indicator, day, n) for indicator, n in sorted(counted.items()) if n)


def change(before: Iterable[Entry], after: Iterable[Entry]) -> tuple[Entry, ...]:
    """The postings that lead from one version to the next: the difference, and nothing that stays as it is."""
    sums: dict[tuple[str, str, str, date], int] = {}
    for sign, side in ((-1, before), (1, after)):
        for entry in side:
            place = (entry.subject, entry.unit, entry.indicator, entry.day)
            sums[place] = sums.get(place, 0) + sign * entry.n
    return tuple(Entry(*place, n) for place, n in sorted(sums.items()) if n)
