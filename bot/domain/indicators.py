"""The indicators: what is counted, and how a count over time is formed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path


class Kind(StrEnum):
    FLOW = "flow"
    STOCK = "stock"


@dataclass(frozen=True)
class Indicator:
    key: str
    kind: Kind
    counts: str  # person, report, number


@cache
def indicators() -> Mapping[str, Indicator]:
    """All of them by key, in the order of the data file."""
    path = Path(__file__).parent / "rules" / "indicators.toml"
    with path.open("rb") as file:
        table = tomllib.load(file)
    return {key: Indicator(key, Kind(row["kind"]), row["counts"]) for key, row in table.items()}


def flows() -> frozenset[str]:
    return frozenset(key for key, indicator in indicators().items() if indicator.kind is Kind.FLOW)


def stocks() -> frozenset[str]:
    return frozenset(key for key, indicator in indicators().items() if indicator.kind is Kind.STOCK)
