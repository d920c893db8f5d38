"""Counts and years of birth as people type them."""

from __future__ import annotations

import re
from datetime import date

from bot.domain.vietnamese import Misread, plain

MOST_COUNT = 1_000_000
FIRST_BIRTH_YEAR = 1900

_UNITS = {
    word: number
    for number, words in enumerate(
        (
            ("mot", "one"),
            ("hai", "two"),
            ("ba", "three"),
            ("bon", "tu", "four"),
            ("nam", "lam", "five"),
            ("sau", "six"),
            ("bay", "seven"),
            ("tam", "eight"),
            ("chin", "nine"),
        ),
        start=1,
    )
    for word in words
}
_TENS = re.compile(r"(?:(?P<tens>[a-z]+) )?muoi(?: (?P<unit>[a-z]+))?")
_NONE = {"khong", "khong co", "khong co ai", "khong ai", "khong nguoi nao", "chua co", "ko", "none", "no", "zero"}

# Thousands in groups of three, one kind of separator throughout: "1.2" and "1.200,5" are no counts.
_GROUPED = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:([ .,])[0-9]{3})(?:\1[0-9]{3})*")
_WITH_NOUN = re.compile(r"(.+?) ?(?:nguoi|ca|ho|mau|luot|people|persons?|cases?|households?)")

_AGE = re.compile(r"(?P<n>[a-z ]+|[0-9]{1,3}) ?(?P<per>tuoi|t|years?(?: old)?|yo|y/o)")
_AGE_AFTER_WORD = re.compile(r"(?:tuoi|aged?) (?P<n>[a-z ]+|[0-9]{1,3})")
_INFANT = re.compile(r"(?P<n>[a-z ]+|[0-9]{1,3}) ?(?P<per>thang|months?|ngay|days?)(?: tuoi| old)?")
_NEWBORN = {"so sinh", "moi sinh", "newborn"}
_YEAR_LEAD = re.compile(r"(?:(?:sinh|nam|sn|s\.n|khoang|tam|chung|born|in|about)\b[ :.]*|~ ?)+")
_BIRTH_DATE = re.compile(r"(?:[0-9]{1,2} ?[/.\-] ?){1,2}([0-9]{4})")


def spoken(words: str) -> int | None:
    """A number from 1 to 99 in folded Vietnamese words, or from 1 to 10 in English; None for anything else."""
    if words == "ten":
        return 10
    if words in _UNITS:
        return _UNITS[words]
    match = _TENS.fullmatch(words)
    if match is None:
        return None
    tens, unit = _UNITS.get(match["tens"] or "mot"), _UNITS.get(match["unit"] or "", 0)
    if tens is None or (match["unit"] and not unit):
        return None
    return tens * 10 + unit


def small_number(text: str) -> int | None:
    """A number in digits or in folded words: "12", "muoi hai"."""
    return int(text) if text.isascii() and text.isdigit() else spoken(text.strip())


def parse_count(text: str) -> int:
    """How many: "1.200", "1 200", "không", "mười hai", "5 người". Whole, from 0 to ``MOST_COUNT``.

    Raises ``Misread``: ``count_not_understood``, ``count_too_large`` (most).
    """
    typed = plain(text)
    noun = _WITH_NOUN.fullmatch(typed)
    for candidate in (typed, noun[1] if noun else ""):
        if candidate in _NONE:
            return 0
        if _GROUPED.fullmatch(candidate):
            digits = re.sub(r"[ .,]", "", candidate).lstrip("0") or "0"
            if len(digits) > len(str(MOST_COUNT)):  # before int(), which refuses very long texts
                raise Misread("count_too_large", most=MOST_COUNT)
            return check_count(int(digits))
        if (number := spoken(candidate)) is not None:
            return number
    raise Misread("count_not_understood")


def check_count(number: int) -> int:
    """The number itself if it can be a count; raises ``Misread`` as ``parse_count`` does."""
    if number < 0:
        raise Misread("count_not_understood")
    if number > MOST_COUNT:
        raise Misread("count_too_large", most=MOST_COUNT)
    return number


def parse_birth_year(text: str, today: date) -> int:
    """The year of birth from a year ("1985", "85"), a date of birth, or an age ("36 tuổi", "3 tháng tuổi").

    A bare number is a year, never an age: two digits mean the latest such year that is not after today. An age counts
    calendar years, as forms of the administration do. Raises ``Misread``: ``birth_year_not_understood``,
    ``birth_year_out_of_range`` (first, last).
    """
    typed = plain(text).rstrip("? ")
    for candidate in (typed, _YEAR_LEAD.sub("", typed, count=1) if _YEAR_LEAD.match(typed) else ""):
        year = _year_from_age(candidate, today)
        if year is None:
            year = _year_from_digits(candidate, today)
        if year is not None:
            return check_birth_year(year, today)
    raise Misread("birth_year_not_understood")


def check_birth_year(year: int, today: date) -> int:
    """The year itself if a living person can be born in it; raises ``Misread`` as ``parse_birth_year`` does."""
    if not FIRST_BIRTH_YEAR <= year <= today.year:
        # As text: a number among the parameters of a sentence would be written "1.900".
        raise Misread("birth_year_out_of_range", first=str(FIRST_BIRTH_YEAR), last=str(today.year))
    return year


def _year_from_age(typed: str, today: date) -> int | None:
    if typed in _NEWBORN:
        return today.year
    if match := _INFANT.fullmatch(typed):
        number = small_number(match["n"])
        if number is None:
            return None
        months = number if match["per"].startswith(("thang", "month")) else -(-number // 31)
        return (today.year * 12 + today.month - 1 - months) // 12
    if match := _AGE.fullmatch(typed) or _AGE_AFTER_WORD.fullmatch(typed):
        number = small_number(match["n"])
        return None if number is None else today.year - number
    return None


def _year_from_digits(typed: str, today: date) -> int | None:
    if match := _BIRTH_DATE.fullmatch(typed):
        return int(match[1])
    if re.fullmatch(r"[0-9]{4}", typed):
        return int(typed)
    if re.fullmatch(r"[0-9]{2}", typed):
        century = today.year - today.year % 100
        year = century + int(typed)
        return year if year <= today.year else year - 100
    return None
