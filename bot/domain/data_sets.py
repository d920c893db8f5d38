"""What is to be reported for which period, and until when (A2): read from ``rules/data_sets.toml``."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.clock import at
from bot.domain.deadlines import Timetable

DAILY, COMMUNE_DAILY, FORTNIGHT, MONTH = "daily", "commune", "fortnight", "month"
ONE_DAY = timedelta(days=1)


class Every(StrEnum):
    DAY = "day"
    FORTNIGHT = "15_and_30"
    MONTH = "month"


class DataSet(BaseModel):
    """One row of the file, which explains its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owes: Literal["village", "commune", "district"]
    period: Every
    due: Literal["cut_off", "deadline", "end_of_day"] | Annotated[int, Field(ge=0, le=60)]
    received: Literal["report", "approval"]
    locked: Annotated[int, Field(ge=0, le=366)]
    indicators: tuple[str, ...]
    cumulative_from: date
    source: str


@dataclass(frozen=True)
class Period:
    """Days ``first`` to ``last``, both included; ``last`` names it. ``due`` is the first instant that is too late."""

    first: date
    last: date
    due: datetime
    locked: datetime

    def on_time(self, received: datetime) -> bool:
        return received < self.due

    def taken(self, received: datetime) -> bool:
        """Whether what comes then still counts as this period's."""
        return received < self.locked


@cache
def data_sets() -> Mapping[str, DataSet]:
    """All of them by key. Raises ValueError, which names row and key, for a file that is wrong."""
    with (Path(__file__).parent / "rules" / "data_sets.toml").open("rb") as file:
        return TypeAdapter(dict[str, DataSet]).validate_python(tomllib.load(file))


def periods(data_set: DataSet, first: date, last: date, timetable: Timetable) -> list[Period]:
    """The periods whose last day lies in [first, last], in order."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [period_of(data_set, day, timetable) for day in days if _ends(data_set.period, day)]


def period_of(data_set: DataSet, day: date, timetable: Timetable) -> Period:
    """The period that ends on this day. Raises ValueError for a day on which none does."""
    due = _due(data_set, day, timetable)
    return Period(first_day(data_set, day), day, due, due + timedelta(days=data_set.locked))


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _ends(every: Every, day: date) -> bool:
    match every:
        case Every.DAY:
            return True
        case Every.FORTNIGHT:
            return day.day in (15, min(30, _last_of_month(day).day))
        case Every.MONTH:
            return day == _last_of_month(day)


def first_day(data_set: DataSet, day: date) -> date:
    """Of the period that ends on this day. Raises ValueError for a day on which none does."""
    if not _ends(data_set.period, day):
        raise ValueError(f"no {data_set.period} ends on {day}")
    return _last_before(data_set.period, day) + ONE_DAY


def last_ended(data_set: DataSet, today: date) -> date:
    """The last day, up to today, on which a period ended."""
    return today if _ends(data_set.period, today) else _last_before(data_set.period, today)


def _last_before(every: Every, day: date) -> date:
    day -= ONE_DAY
    while not _ends(every, day):
        day -= ONE_DAY
    return day


def _due(data_set: DataSet, day: date, timetable: Timetable) -> datetime:
    """The first instant that is too late: "trước 10h00" is 10:00 itself, the end of a day is the next day's beginning."""
    if data_set.due == "cut_off":
        return at(day, timetable.cut_off)
    if data_set.due == "deadline":
        return at(day, timetable.deadline)
    after = data_set.due if isinstance(data_set.due, int) else 0
    return at(day + timedelta(days=after + 1), time(0))
