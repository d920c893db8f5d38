"""Dates as people type them, in Vietnamese with or without diacritics, and in English.

Days come first ("9/8" is the ninth of August). A date of which a part is missing (year, month, week) means the nearest such
date on the side that the question leans to. What names no single day ("tuần trước", "rằm") is not understood: a
guessed day would move somebody's isolation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from bot.domain.numbers import small_number
from bot.domain.vietnamese import Misread, plain, tidy

Lean = Literal["past", "future", "near"]

FIRST_YEAR, LAST_YEAR = 1900, 2199

_DAYS_AWAY = {
    **dict.fromkeys(("hom nay", "nay", "bua nay", "ngay hom nay", "hnay", "today"), 0),
    **dict.fromkeys(("hom qua", "qua", "bua qua", "ngay hom qua", "hqua", "yesterday"), -1),
    **dict.fromkeys(("hom kia", "bua kia", "day before yesterday"), -2),
    **dict.fromkeys(("ngay mai", "mai", "bua mai", "tomorrow"), 1),
    **dict.fromkeys(("ngay kia", "ngay mot", "day after tomorrow"), 2),
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("hai", "2", "mon"),
            ("ba", "3", "tue"),
            ("tu", "4", "wed"),
            ("nam", "5", "thu"),
            ("sau", "6", "fri"),
            ("bay", "7", "sat"),
            ("cn", "chu nhat", "sun"),
        )
    )
    for name in names
}
_MONTHS = {
    name: number
    for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)
}

_NUM = r"(?:[0-9]{1,2}|[a-z]+(?: [a-z]+){0,2})"
_SEP = r" ?[/.\-] ?"
_YEAR = r"(?P<y>[0-9]{4}|[0-9]{2})"
_MONTH_NAME = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?P<y>[0-9]{4})[/\-](?P<m>[0-9]{1,2})[/\-](?P<d>[0-9]{1,2})",
        rf"(?P<d>[0-9]{{1,2}}){_SEP}(?P<m>[0-9]{{1,2}})(?:{_SEP}{_YEAR})?",
        r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})",
        rf"(?:ngay |mung |mong )*(?P<d>{_NUM}) thang (?P<m>{_NUM}?)(?:(?:,? nam |{_SEP}|, ?){_YEAR})?",
        rf"(?:ngay |mung |mong )+(?P<d>{_NUM})(?:{_SEP}(?P<m>[0-9]{{1,2}})(?:{_SEP}{_YEAR})?)?",
        rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH_NAME}(?:,? (?P<y>[0-9]{{4}}))?",
        rf"{_MONTH_NAME} (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>[0-9]{{4}}))?",
    )
]
_DAY_OF_NEAR_MONTH = re.compile(rf"(?:ngay |mung |mong )+(?P<d>{_NUM}) thang (?P<which>nay|truoc|roi|vua roi|sau|toi)")

_COUNT = r"(?P<n>[0-9]{1,3}|[a-z]+(?: [a-z]+){0,2}?)"
_AGO = [
    re.compile(pattern)
    for pattern in (
        rf"{_COUNT} (?P<per>ngay|hom|bua|tuan) (?:truoc|qua)",
        rf"cach (?:day|nay) {_COUNT} (?P<per>ngay|hom|bua|tuan)",
        rf"{_COUNT} (?P<per>days?|weeks?) ago",
    )
]
_AHEAD = [
    re.compile(pattern)
    for pattern in (
        rf"{_COUNT} (?P<per>ngay|hom|bua|tuan) (?:nua|sau|toi)",
        rf"in {_COUNT} (?P<per>days?|weeks?)",
    )
]
_WEEKDAY_NAME = (
    r"(?:thu |t)(?P<vi>hai|ba|tu|nam|sau|bay|[2-7])\b|(?P<cn>cn|chu nhat)\b"
    r"|(?P<en>mon|tue|wed|thu(?=r)|fri|sat|sun)(?:rs|day|sday|nesday|rsday|urday)?\b"
)
_WEEKDAY = re.compile(rf"(?:(?P<before>last|next|this) )?(?:{_WEEKDAY_NAME})(?P<after>.*)")
_WEEK_SHIFT = {
    **dict.fromkeys(("tuan truoc", "tuan roi", "tuan vua roi", "tuan qua", "last week"), -1),
    **dict.fromkeys(("tuan nay", "this", "this week"), 0),
    **dict.fromkeys(("tuan sau", "tuan toi", "next week"), 1),
}
_JUST_BEFORE = {"truoc", "roi", "vua roi", "vua qua", "last"}
_JUST_AFTER = {"toi", "sau", "next"}
# "Về từ hôm qua", "khoảng", and the time of day say nothing about the day.
_LEAD = re.compile(r"(?:(?:tu|vao|luc|khoang|sang|trua|chieu|toi|dem|hom|on|the)[ ,]+)+")


def parse_date(text: str, today: date, lean: Lean = "near") -> date:
    """The day that ``text`` means on ``today``.

    ``lean`` settles dates with a part missing: "past" gives the latest that is not after today, "future" the earliest that is
    not before, "near" the nearest (the earlier of two). It never changes a date that is complete. Raises ``Misread``:
    ``date_not_understood``.
    """
    typed = plain(text)
    lead = _LEAD.match(typed)
    for candidate in (typed, typed[lead.end() :] if lead else ""):
        found = _meaning(candidate, today, lean)
        if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR:
            # Folding hides that hôm kìa lies one day beyond hôm kia.
            if candidate in ("hom kia", "ngay kia") and "kìa" in tidy(text).lower():
                return found + (found - today) / 2
            return found
    raise Misread("date_not_understood")


def show_date(day: date) -> str:
    """As official papers write it (Decree 30/2020): days under 10 and months 1 and 2 carry a leading zero: "09/9/2021"."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year:04d}"


def near(one: object, other: object, days: int) -> bool:
    """Whether two stored days lie at most so many days apart. A day that is missing or cannot be read may be any day."""
    try:
        return abs((date.fromisoformat(str(one)) - date.fromisoformat(str(other))).days) <= days
    except ValueError:
        return True


def _meaning(typed: str, today: date, lean: Lean) -> date | None:
    if typed in _DAYS_AWAY:
        return today + timedelta(_DAYS_AWAY[typed])
    return (
        _written_date(typed, today, lean)
        or _day_of_near_month(typed, today)
        or _counted_days(typed, today)
        or _weekday(typed, today, lean)
    )


def _written_date(typed: str, today: date, lean: Lean) -> date | None:
    for pattern in _DATES:
        match = pattern.fullmatch(typed)
        if match is None:
            continue
        day = small_number(match["d"])
        month = _MONTHS.get(match["m"]) or small_number(match["m"]) if match["m"] else 0
        if day is None or month is None:
            continue
        if match["y"]:
            return _day(_full_year(match["y"], today), month, day)
        if match["m"]:
            # Nine years reach the next 29 February even around 1900 and 2100.
            return _nearest((_day(today.year + n, month, day) for n in range(-9, 10)), today, lean)
        return _nearest((_day(*_month_away(today, n), day) for n in range(-3, 4)), today, lean)
    return None


def _day_of_near_month(typed: str, today: date) -> date | None:
    match = _DAY_OF_NEAR_MONTH.fullmatch(typed)
    day = small_number(match["d"]) if match else None
    if match is None or day is None:
        return None
    shift = 0 if match["which"] == "nay" else 1 if match["which"] in ("sau", "toi") else -1
    return _day(*_month_away(today, shift), day)


def _counted_days(typed: str, today: date) -> date | None:
    for patterns, sign in ((_AGO, -1), (_AHEAD, 1)):
        for pattern in patterns:
            match = pattern.fullmatch(typed)
            number = (1 if match["n"] == "a" else small_number(match["n"])) if match else None
            if match and number is not None:
                return today + timedelta(sign * number * (7 if match["per"].startswith(("tuan", "week")) else 1))
    return None


def _weekday(typed: str, today: date, lean: Lean) -> date | None:
    match = _WEEKDAY.fullmatch(typed)
    if match is None:
        return None
    weekday = _WEEKDAYS[match["vi"] or match["cn"] or match["en"]]
    rest = match["after"].strip(" ,()") or match["before"] or ""
    if rest in _WEEK_SHIFT:
        return today + timedelta(weekday - today.weekday() + 7 * _WEEK_SHIFT[rest])
    nearby = [today + timedelta(n) for n in range(-7, 8) if (today + timedelta(n)).weekday() == weekday]
    if rest in _JUST_BEFORE:
        return max(day for day in nearby if day < today)
    if rest in _JUST_AFTER:
        return min(day for day in nearby if day > today)
    if not rest:
        return _nearest(nearby, today, lean)
    written = _written_date(rest, today, "near")  # "thứ hai, 6/9": both must agree
    return written if written and written.weekday() == weekday else None


def _nearest(days: Iterable[date | None], today: date, lean: Lean) -> date | None:
    allowed = [day for day in days if day and not (lean == "past" and day > today) and not (lean == "future" and day < today)]
    return min(allowed, key=lambda day: (abs(day - today), day), default=None)


def _full_year(typed: str, today: date) -> int:
    """Two digits mean the year nearest to today, the earlier of two."""
    if len(typed) == 4:
        return int(typed)
    century = today.year - today.year % 100
    return min((century + int(typed) + n for n in (-100, 0, 100)), key=lambda year: (abs(year - today.year), year))


def _month_away(today: date, months: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return year, month + 1


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
