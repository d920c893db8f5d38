"""The types of answers: what a field of a form is annotated with.

Each works alone: ``TypeAdapter(T).validate_python(text, context={"today": date, "answers": dict})`` reads what a person typed
and gives the canonical value; its JSON form (``dump_python(value, mode="json")``) validates again to the same value.

Every error is a ``PydanticCustomError``: its type is the key of a sentence in ``texts``, its context holds the parameters, its
English message is for logs. The rules live in the annotations, since model validators do not run on a single field.

``Shown`` among the metadata says how a stored value becomes a parameter of a sentence; a text needs none.

Types that depend on the day raise ``MissingToday`` without ``today`` in the context: that is a mistake of the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, LiteralString, TypeVar

from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.conversation.draft import Json
from bot.conversation.form import Shown
from bot.domain.dates import Lean, parse_date, show_date
from bot.domain.numbers import check_birth_year, check_count, parse_birth_year, parse_count
from bot.domain.phones import parse_phone, show_phone
from bot.domain.vietnamese import Misread, clean_name, fold, strip_unsafe, tidy

T = TypeVar("T")

_BETWEEN_DATES = re.compile(r"[,;]|\b(?:va|and)\b")


class MissingToday(LookupError):
    """The caller validated an answer that depends on the day without saying which day it is."""


MOST_NAMES = 30
_BETWEEN = re.compile(r"[\n,;]+")
_BEFORE = re.compile(r"^(?:[0-9]{1,2} ?[.):/-]|[-+*•–])\s*")

_MESSAGES: dict[str, LiteralString] = {
    "name_not_understood": "not a person's name",
    "names_not_understood": "no person's name: {text}",
    "too_many_names": "more than {most} names",
    "birth_year_not_understood": "neither a year of birth nor an age",
    "birth_year_out_of_range": "year of birth not from {first} to {last}",
    "phone_not_understood": "not a phone number",
    "date_not_understood": "not a date",
    "date_in_future": "date after today ({today})",
    "date_in_past": "date before today ({today})",
    "count_not_understood": "not a whole number from 0",
    "count_too_large": "more than {most}",
    "hour_not_understood": "not an hour of the day",
    "deadline_not_understood": "not an hour and a day",
    "deadline_past_day": "a day before today ({today})",
    "option_is_number": "a bare number as a choice: {text}",
    "options_too_few": "fewer than two choices",
    "options_too_many": "more than {most} choices",
    "text_too_short": "fewer than {least} characters",
    "text_too_long": "more than {most} characters",
}


def refusal(key: LiteralString, **params: str | int) -> PydanticCustomError:
    """The error of an answer that is none, for a ``BeforeValidator``."""
    return PydanticCustomError(key, _MESSAGES[key], dict(params) or None)


def reading(read: Callable[[], T]) -> T:
    """What was read; a ``Misread`` becomes the ``refusal`` of the same key."""
    try:
        return read()
    except Misread as error:
        raise refusal(error.key, **error.params) from None


def today_of(info: ValidationInfo) -> date:
    """The day on which an answer is given. Raises MissingToday."""
    today = (info.context or {}).get("today")
    if not isinstance(today, date) or isinstance(today, datetime):
        raise MissingToday("pass context={'today': date}")
    return today


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _person_name(value: Any) -> str:
    name = clean_name(value) if isinstance(value, str) else ""
    if len(name) > 80:
        raise refusal("text_too_long", most=80)
    listed = isinstance(value, str) and any(c in ",;\n" for c in value.strip())
    if listed or any(c.isdigit() for c in name) or sum(c.isalpha() for c in name) < 2:
        raise refusal("name_not_understood")
    return name


def _person_names(value: Any) -> list[str]:
    """One name a line, or between commas; a number or a dash before it goes, and who stands there twice is one person."""
    parts = _BETWEEN.split(strip_unsafe(value)) if isinstance(value, str) else value if isinstance(value, list) else []
    written = [text for part in parts if (text := _BEFORE.sub("", tidy(str(part))))]
    names: dict[str, str] = {}
    for text in written:
        try:
            name = _person_name(text)
        except PydanticCustomError:
            raise refusal("names_not_understood", text=text[:40]) from None
        names.setdefault(name.casefold(), name)
    if not names:
        raise refusal("name_not_understood")
    if len(names) > MOST_NAMES:
        raise refusal("too_many_names", most=MOST_NAMES)
    return list(names.values())


def _birth_year(value: Any, info: ValidationInfo) -> int:
    today = today_of(info)
    if _is_whole(value):
        return reading(lambda: check_birth_year(value, today))
    return reading(lambda: parse_birth_year(value if isinstance(value, str) else "", today))


def _phone(value: Any) -> str:
    return reading(lambda: parse_phone(value if isinstance(value, str) else ""))


def _count(value: Any) -> int:
    if _is_whole(value):
        return reading(lambda: check_count(value))
    return reading(lambda: parse_count(value if isinstance(value, str) else ""))


def _date(lean: Lean) -> BeforeValidator:
    def read(value: Any, info: ValidationInfo) -> date:
        today = today_of(info)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return reading(lambda: parse_date(value if isinstance(value, str) else "", today, lean))

    return BeforeValidator(read)


def _not_after_today(value: date, info: ValidationInfo) -> date:
    today = today_of(info)
    if value > today:
        raise refusal("date_in_future", today=show_date(today))
    return value


def _not_before_today(value: date, info: ValidationInfo) -> date:
    today = today_of(info)
    if value < today:
        raise refusal("date_in_past", today=show_date(today))
    return value


def _text(least: int, most: int, clean: Callable[[str], str]) -> BeforeValidator:
    def read(value: Any) -> str:
        text = clean(value) if isinstance(value, str) else ""
        if len(text) < least:
            raise refusal("text_too_short", least=least)
        if len(text) > most:
            raise refusal("text_too_long", most=most)
        return text

    return BeforeValidator(read)


def _paragraphs(text: str) -> str:
    """Lines stay lines; each is tidy, and there are no empty ones at the ends."""
    return "\n".join(tidy(line) for line in strip_unsafe(text).split("\n")).strip("\n")


def _dates(value: Any, info: ValidationInfo) -> list[date]:
    today = today_of(info)
    if isinstance(value, list):
        return [date.fromisoformat(str(one)) for one in value]
    written = fold(value.replace("\n", ",")) if isinstance(value, str) else ""
    parts = [part.strip() for part in _BETWEEN_DATES.split(written) if part.strip()]
    return sorted({reading(partial(parse_date, part, today, "near")) for part in parts or [""]})


def _as_dates(value: Json) -> str:
    return ", ".join(show_date(date.fromisoformat(str(one))) for one in value)


def _as_date(value: Json) -> date:
    return date.fromisoformat(str(value))


def _as_phone(value: Json) -> str:
    return show_phone(str(value))


def _as_count(value: Json) -> int:
    return int(str(value))  # the texts group the digits as their language does


PersonName = Annotated[str, BeforeValidator(_person_name)]
"""Up to 80 characters, at least 2 letters, no digit, in one piece; all lower or all upper case becomes title case."""

PersonNames = Annotated[list[str], BeforeValidator(_person_names), Shown(", ".join)]
"""1 to 30 names out of one message, each as ``PersonName``."""

BirthYear = Annotated[int, BeforeValidator(_birth_year), Shown(str)]
"""From 1900 to this year; ages are turned into years."""

Phone = Annotated[str, BeforeValidator(_phone), Shown(_as_phone)]
"""E.164; old numbers become the ones that replaced them."""

PastDate = Annotated[date, _date("past"), AfterValidator(_not_after_today), Shown(_as_date)]
"""Not after today."""

FutureDate = Annotated[date, _date("future"), AfterValidator(_not_before_today), Shown(_as_date)]
"""Not before today."""

AnyDate = Annotated[date, _date("near"), Shown(_as_date)]
"""Any day; one without a year is the nearest."""

Dates = Annotated[list[date], BeforeValidator(_dates), Shown(_as_dates)]
"""One or more days, in order, each once."""

Count = Annotated[int, BeforeValidator(_count), Shown(_as_count)]
"""From 0 to 1,000,000."""

ShortText = Annotated[str, _text(1, 200, tidy)]
"""One line of 1 to 200 characters."""

LongText = Annotated[str, _text(1, 1000, _paragraphs)]
"""Up to 1000 characters; line ends are kept."""

PlaceName = Annotated[str, _text(2, 120, tidy)]
"""2 to 120 characters."""
