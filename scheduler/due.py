"""Which runs are due between two instants. Pure: the instants are passed in, nothing is remembered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from bot.clock import at, vietnam_day

LATE_AFTER = timedelta(minutes=1)
"""A tick comes every 15 seconds and a large round takes a few more: only what is later than this calls itself late."""

SUSPECT = timedelta(hours=36)


def jumped(now: datetime, before: datetime, elapsed: timedelta) -> bool:
    """Whether a clock that showed ``before`` and shows ``now`` went much further than the time that really ``elapsed``."""
    return now - before > elapsed + SUSPECT


@dataclass(frozen=True)
class Job:
    """What happens every day at ``wall`` on a Vietnamese clock, and for how long after that it is still worth doing."""

    name: str
    wall: time
    keep: timedelta


class Lasting(Protocol):
    """What runs at some instant, and for how long after that it is still worth doing."""

    @property
    def name(self) -> str: ...
    @property
    def keep(self) -> timedelta: ...


class Standing(StrEnum):
    """How a run that is due stands at an instant."""

    IN_TIME = "in_time"
    LATE = "late"
    TOO_LATE = "too_late"


J = TypeVar("J", bound=Job)
L = TypeVar("L", bound=Lasting)


@dataclass(frozen=True)
class Due(Generic[L]):
    """That a job was, or is, to run at ``due_at``, at each of its units."""

    due_at: datetime
    job: L

    def standing(self, now: datetime) -> Standing:
        """``keep`` is half-open: at ``due_at + keep`` itself it is too late."""
        if now >= self.due_at + self.job.keep:
            return Standing.TOO_LATE
        return Standing.LATE if now >= self.due_at + LATE_AFTER else Standing.IN_TIME


def due_between(jobs: Iterable[J], after: datetime, until: datetime) -> list[Due[J]]:
    """Everything due in (after, until], in order of time; jobs of one instant in the order of the list.

    Half-open, so an interval may be cut anywhere and its parts give the same runs, each once. Empty if ``until <= after``.
    """
    listed = list(jobs)
    first, last = vietnam_day(after), vietnam_day(until)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = [Due(at(day, job.wall), job) for day in days for job in listed]
    return sorted((due for due in found if after < due.due_at <= until), key=lambda due: due.due_at)
