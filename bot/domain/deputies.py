"""Being away for some days: a colleague stands in until the end of a day (N5). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.conversation.prompt import plain
from bot.domain.dates import parse_date
from bot.domain.vietnamese import Misread

LONGEST = timedelta(days=31)
"""Whoever is away for longer has their role taken over by somebody else, by an invite."""

OFFERED = 7  # days to choose from: today and the six after it
_OPENING = re.compile(r"(?:vang |away )?(?:(?:den het|toi het|den|toi|het|until|till) )?(.+)")


def until_when(text: str, today: date) -> date | None:
    """The day that "đến thứ Sáu", "hết mai" or "12/9" means; None if it means none, or one that is over or too far."""
    found = _OPENING.fullmatch(plain(text))
    if found is None:
        return None
    try:
        day = parse_date(found[1], today, "future")
    except Misread:
        return None
    return day if possible(day, today) else None


def possible(until: date, today: date) -> bool:
    """Whether somebody may be away until the end of this day."""
    return today <= until <= today + LONGEST


def instead(users: Iterable[str], deputies: Mapping[str, str]) -> dict[str, list[str]]:
    """Who is told: user -> those among ``users`` for whom they stand in. ``deputies``: who is away -> who stands in for them.

    Whose deputy is away too is followed to that one's. Where that leads round in a ring, everybody is told themselves.
    """
    found: dict[str, list[str]] = {}
    for user in users:
        told, passed = user, {user}
        while told in deputies and deputies[told] not in passed:
            told = deputies[told]
            passed.add(told)
        told = user if told in deputies else told
        found.setdefault(told, [])
        if told != user:
            found[told].append(user)
    return found
