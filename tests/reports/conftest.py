"""An invented district with two communes: Chiềng Một has three villages, Chiềng Hai has two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Protocol

import pytest

from bot.clock import at
from bot.conversation.words import Say
from bot.domain.units import COMMUNE, DISTRICT, VILLAGE, OrgUnit, Tree
from bot.reports.figures import Figures, Known, roll_up
from bot.storage.ledger import Range
from bot.texts import Voice

DAY = date(2021, 9, 9)
MORNING = at(DAY, time(9, 45))

UNITS = (
    OrgUnit("900", "Huyện Thử", DISTRICT, None),
    OrgUnit("90001", "Xã Chiềng Một", COMMUNE, "900"),
    OrgUnit("90002", "Xã Chiềng Hai", COMMUNE, "900"),
    OrgUnit("90001-01", "Nà Nọi", VILLAGE, "90001", "bản"),
    OrgUnit("90001-02", "Bản Co Chai", VILLAGE, "90001", "bản"),
    OrgUnit("90001-03", "3", VILLAGE, "90001", "tiểu khu"),
    OrgUnit("90002-01", "Pá Po", VILLAGE, "90002", "bản"),
    OrgUnit("90002-02", "Tân Lập", VILLAGE, "90002", "bản"),
)


class Roll(Protocol):
    """Figures of a unit from sums by unit and the villages that have reported, with the hour at which they did."""

    def __call__(
        self,
        code: str,
        sums: Mapping[str, Mapping[str, int]],
        filed: Mapping[str, time],
        *,
        day: date = DAY,
        report_day: date | None = None,
        as_of: datetime = MORNING,
    ) -> Figures: ...


@pytest.fixture
def tree() -> Tree:
    return Tree(UNITS, DAY)


@pytest.fixture
def roll(tree: Tree) -> Roll:
    def rolled(
        code: str,
        sums: Mapping[str, Mapping[str, int]],
        filed: Mapping[str, time],
        *,
        day: date = DAY,
        report_day: date | None = None,
        as_of: datetime = MORNING,
    ) -> Figures:
        flat = {(unit, key): n for unit, counted in sums.items() for key, n in counted.items()}
        sent = {unit: at(report_day or day, hour) for unit, hour in filed.items()}
        return roll_up(tree, code, Known(Range(day, day), report_day or day, as_of, 7, flat, sent))

    return rolled


Tell = Callable[[list[Say]], str]


@pytest.fixture
def tell() -> Tell:
    """What an official reads, in Vietnamese."""
    voice = Voice("vi", "dong_chi")
    return lambda lines: "\n".join(voice(line) for line in lines)


@pytest.fixture
def tell_english() -> Tell:
    voice = Voice("en", "dong_chi")
    return lambda lines: "\n".join(voice(line) for line in lines)


@pytest.fixture
def yesterday() -> date:
    return DAY - timedelta(days=1)
