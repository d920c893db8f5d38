"""The only place that knows what time it is in Vietnam.

Two clocks exist and are separate arguments everywhere:

- the domain's clock, a ``Clock``: deadlines, windows, drafts. In practice mode it stands still and is moved by hand.
- real time (``time.monotonic``, ``time.time``): leases, pacing, retries, HTTP. It never decides a deadline.

Instants are aware ``datetime`` in UTC. "Today" is the day in Vietnam.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def system_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


class StandingClock:
    """A clock that stands still until it is moved: practice mode and tests."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def __call__(self) -> datetime:
        return self._now

    def move(self, now: datetime) -> None:
        """Set the clock. Whether going back is allowed is the caller's decision."""
        self._now = now.astimezone(UTC)


def local(instant: datetime) -> datetime:
    """The same instant on a Vietnamese wall clock."""
    return instant.astimezone(VIETNAM)


def vietnam_day(instant: datetime) -> date:
    return local(instant).date()


def at(day: date, wall: time) -> datetime:
    """The instant when a Vietnamese wall clock shows ``wall`` on ``day``, in UTC."""
    return datetime.combine(day, wall, tzinfo=VIETNAM).astimezone(UTC)


@dataclass(frozen=True)
class Window:
    """A half-open reporting window [start, end), named by the day on which its report is due.

    By default [08:00 of D - 1, 08:00 of D) belongs to D (docs/why/time-and-windows.md), so nothing falls between two reports.
    """

    day: date
    start: datetime
    end: datetime

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, datetime) and self.start <= instant < self.end


def window_of(day: date, cut_off: time) -> Window:
    """The window whose report is due on ``day``."""
    return Window(day, at(day - timedelta(days=1), cut_off), at(day, cut_off))


def window_at(instant: datetime, cut_off: time) -> Window:
    """The window that ``instant`` falls into."""
    moment = local(instant)
    day = moment.date() if moment.timetz().replace(tzinfo=None) < cut_off else moment.date() + timedelta(days=1)
    return window_of(day, cut_off)
