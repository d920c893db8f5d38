"""Hours as people type them, alone or with a day: "10h", "7 giờ 30", "5 giờ chiều", "17:00 hôm nay", "10h ngày mai"."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from bot.clock import at, local
from bot.domain.dates import parse_date, show_date
from bot.domain.vietnamese import Misread, plain

_HOUR = re.compile(
    r"\b(?P<h>[0-9]{1,2}) ?(?:h|g|gio|:)(?: ?(?P<m>[0-9]{2})(?![0-9]) ?(?:p|phut)?)?"
    r"(?P<part> ?(?:sang|trua|chieu|toi|am|pm))?(?![a-z0-9])"
)
_AFTERNOON = frozenset({"chieu", "toi", "pm"})
_AROUND = re.compile(r"^(?:truoc|luc|vao|den|by|at|before)\b|\b(?:truoc|luc|vao|den|by|at|before)$|^[ ,;-]+|[ ,;-]+$")


def parse_hour(text: str) -> time:
    """The hour that is all of a text. Raises ``Misread``: ``hour_not_understood``."""
    hour, rest = _split(text)
    if rest:
        raise Misread("hour_not_understood")
    return hour


def parse_deadline(text: str, today: date) -> datetime:
    """The instant that an hour and a day mean; an hour alone is of today.

    Raises ``Misread``: ``deadline_not_understood`` for what is no hour or has no day that can be read, and
    ``deadline_past_day`` (today) for a day that is over.
    """
    try:
        hour, rest = _split(text)
        day = parse_date(rest, today, "future") if rest else today
    except Misread:
        raise Misread("deadline_not_understood") from None
    if day < today:
        raise Misread("deadline_past_day", today=show_date(today))
    return at(day, hour)


def written(instant: datetime) -> str:
    """An instant of Vietnam's wall clock as drafts keep it: "2021-09-09T17:00"."""
    return f"{local(instant):%Y-%m-%dT%H:%M}"


def from_written(text: str) -> datetime:
    """What ``written`` wrote. Raises ValueError."""
    wall = datetime.fromisoformat(text)
    return at(wall.date(), wall.time())


def _split(text: str) -> tuple[time, str]:
    """The one hour in a text, and what stands around it."""
    typed = plain(text)
    found = list(_HOUR.finditer(typed))
    if len(found) != 1:
        raise Misread("hour_not_understood")
    (match,) = found
    hour, minute = int(match["h"]), int(match["m"] or 0)
    if (match["part"] or "").strip() in _AFTERNOON and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        raise Misread("hour_not_understood")
    rest = f"{typed[: match.start()]} {typed[match.end() :]}".strip()
    while (shorter := _AROUND.sub("", rest).strip()) != rest:
        rest = shorter
    return time(hour, minute), rest
