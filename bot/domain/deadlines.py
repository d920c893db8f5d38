"""When things are due. All rules that the daily chain needs (docs/why/time-and-windows.md).

"trước 10h00" means before 10:00:00; 10:00:00 itself is late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.clock import Window, at, local, window_at, window_of


@dataclass(frozen=True)
class Timetable:
    """The day's instants on a Vietnamese wall clock. Defaults are the daily chain."""

    first_nudge: time = time(7, 0)
    second_nudge: time = time(7, 30)
    cut_off: time = time(8, 0)  # a village's report is due before this; the window ends here
    forecast: time = time(9, 15)  # to those who answer for figures: what is still missing
    digest: time = time(9, 45)
    deadline: time = time(10, 0)  # 003: "trước 10h00 hàng ngày"
    evening: time = time(17, 0)
    open_from: time = time(18, 0)  # from now on a village may send tomorrow's report
    quiet_from: time = time(22, 0)  # until quiet_until only what is urgent, and answers, make a sound
    quiet_until: time = time(6, 0)

    def out_of_order(self) -> list[tuple[str, str]]:
        """Pairs of names whose order is wrong. Equal is wrong too: of two nudges at one instant the first is always dropped."""
        names = ("first_nudge", "second_nudge", "cut_off", "forecast", "digest", "deadline", "evening", "open_from")
        return [(a, b) for a, b in pairwise(names) if getattr(self, a) >= getattr(self, b)]

    def quiet(self, now: datetime) -> bool:
        """Whether nobody is to be woken but for what is urgent. The night may begin before midnight or after it."""
        wall, start, end = local(now).time(), self.quiet_from, self.quiet_until
        return start <= wall < end if start <= end else wall >= start or wall < end

    def window(self, day: date) -> Window:
        return window_of(day, self.cut_off)

    def window_at(self, now: datetime) -> Window:
        """The window into which something recorded now is counted."""
        return window_at(now, self.cut_off)

    def reporting_day(self, now: datetime) -> date:
        """The day whose report a village sends now: today's, late or corrected, until ``open_from``; then tomorrow's."""
        moment = local(now)
        return moment.date() if moment.time() < self.open_from else moment.date() + timedelta(days=1)

    def due(self, day: date) -> datetime:
        """A village's report for ``day`` must have arrived before this instant."""
        return at(day, self.cut_off)

    def on_time(self, filed_at: datetime, day: date) -> bool:
        return filed_at < self.due(day)


def nudge_key(village: str, day: date) -> str:
    """What the unsent nudges of a village for a day have in common; its report takes them back."""
    return f"nudge:{village}:{day.isoformat()}"
