"""Filtering people in words: "về từ Hà Nội chưa xét nghiệm" as conditions that can be shown, kept in a button, and met. Pure.

Conditions about the same thing are alternatives ("F0 hoặc F1"), all others hold together. What was not understood is named and
never passed over: whoever asks decides whether to go on without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.conversation.words import Param, Say
from bot.domain.due import SAMPLE
from bot.domain.person import QUARANTINE
from bot.domain.provinces import province_of, provinces

_CAME = {"r": "returnees_total", "a": "away_not_returned", "b": "away_returned"}
_COVID = {"c": "f1_followed", "f": "f0_under_treatment", "s": "f0_suspected", "g": "f0_recovered", "d": "f0_deceased"}
_ISOLATION = {"a": QUARANTINE, "h": frozenset({"quarantine_home"}), "i": frozenset({"quarantine_institutional"})}
_SEX = {"m": "male", "f": "female"}
_DOSES = ("0", "1", "2", "3", "01", "012", "123", "23", "u")
_EVENT = {"returnee": "arrived_on", "contact": "last_contact_on", "f0": "detected_on"}
_EVENT_OF = {"cr": "returnee", "kc": "contact", "kf": "f0", "ks": "f0"}
_LETTERS = frozenset("ckipqdbtlsyxav")
_ANSWERED = frozenset("pqdbty")  # what only somebody's answers tell; the rest is known of everybody at once
_BETWEEN, _NOT = ",", "-"


@dataclass(frozen=True)
class Condition:
    """``field`` is the letter of what it is about, ``value`` what it must be.

    c: came or went · k: case or contact · i: isolation · p: came from, q: is at, a province's code · d: doses, those allowed ·
    b: between two days · t: tested · l: contacted · s: needs support · y: health declared · x: sex · a: born between two
    years · v: a village's code
    """

    field: str
    value: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Known:
    """What is known of a person. ``answers``: of the newest report of each kind about them."""

    unit: str
    stocks: frozenset[str]
    identity: Mapping[str, Any]
    answers: Mapping[str, Mapping[str, Any]]


def coded(conditions: Collection[Condition]) -> str:
    """The conditions in ASCII, for a button."""
    return _BETWEEN.join(f"{_NOT if one.negated else ''}{one.field}{one.value}" for one in conditions)


def decoded(written: str) -> tuple[Condition, ...] | None:
    """What ``coded`` wrote; None for anything else."""
    found = []
    for part in written.split(_BETWEEN):
        bare = part.removeprefix(_NOT)
        if not bare or bare[0] not in _LETTERS or not _possible(bare[0], bare[1:]):
            return None
        found.append(Condition(bare[0], bare[1:], bare != part))
    return tuple(found)


def _possible(field: str, value: str) -> bool:
    match field:
        case "c":
            return value in _CAME
        case "k":
            return value in _COVID
        case "i":
            return value in _ISOLATION
        case "p" | "q":
            return value in provinces()
        case "d":
            return value in _DOSES
        case "b":
            return _days(value) is not None
        case "a":
            return len(value) == 8 and value.isdecimal()
        case "x":
            return value in _SEX
        case "v":
            return value != ""
        case _:
            return value == ""


def needs_answers(conditions: Collection[Condition]) -> bool:
    """Whether somebody's reports must be read to know whether they meet all of these."""
    return any(one.field in _ANSWERED for one in conditions)


def at_first_sight(conditions: Collection[Condition]) -> tuple[Condition, ...]:
    """Those of the conditions that need no reading of reports."""
    return tuple(one for one in conditions if one.field not in _ANSWERED)


def meets(person: Known, conditions: Sequence[Condition]) -> bool:
    """Whether somebody is meant: of the conditions about each thing at least one holds, of the others all."""
    events = [_EVENT_OF[one.field + one.value] for one in conditions if one.field + one.value in _EVENT_OF and not one.negated]
    wanted: dict[str, list[bool]] = {}
    for one in conditions:
        holds = _lacks(one, person, events) if one.negated else _holds(one, person, events)
        wanted.setdefault(_thing(one), []).append(holds)
    return all(any(found) for found in wanted.values())


def _thing(one: Condition) -> str:
    """What a condition is an alternative to another of. What is negated, and bounds of an age, hold each for itself."""
    return f"{_NOT}{one.field}{one.value}" if one.negated or one.field == "a" else one.field


def _lacks(one: Condition, person: Known, events: Sequence[str]) -> bool:
    """Whether a negated condition holds: "chưa liên lạc được" is said of those whom one tried to reach, and of nobody else."""
    match one.field:
        case "l":
            return "away_not_contacted" in person.stocks
        case "y":
            return person.answers.get("returnee", {}).get("health_declared") is False
        case _:
            return not _holds(one, person, events)


def _holds(one: Condition, person: Known, events: Sequence[str]) -> bool:
    match one.field:
        case "c":
            return _CAME[one.value] in person.stocks
        case "k":
            return _COVID[one.value] in person.stocks
        case "i":
            return bool(_ISOLATION[one.value] & person.stocks)
        case "p":
            return _province(person, "returnee", "came_from") == one.value
        case "q":
            return _province(person, "absence", "now_at") == one.value
        case "d":
            return (_newest(person, "doses") or "u")[0] in one.value
        case "b":
            return any(_between(one.value, person.answers.get(kind, {}).get(_EVENT[kind])) for kind in events or _EVENT)
        case "t":
            return SAMPLE in person.answers
        case "l":
            return "away_contacted" in person.stocks
        case "s":
            return not person.stocks.isdisjoint({"away_need_support", "support_open"})
        case "y":
            return person.answers.get("returnee", {}).get("health_declared") is True
        case "x":
            return person.identity.get("sex") == _SEX[one.value]
        case "a":
            year = person.identity.get("birth_year")
            return year is not None and int(one.value[:4]) <= int(year) <= int(one.value[4:])
        case _:
            return person.unit == one.value


def _province(person: Known, kind: str, field: str) -> str | None:
    return province_of(str(person.answers.get(kind, {}).get(field) or ""))


def _newest(person: Known, field: str) -> str | None:
    """An answer as the newest report that has it gives it; ``answers`` are in order of filing."""
    return next((str(body[field]) for body in reversed(list(person.answers.values())) if body.get(field) is not None), None)


def _between(value: str, stored: Any) -> bool:
    days = _days(value)
    return bool(stored) and days is not None and days[0] <= date.fromisoformat(str(stored)) <= days[1]


def between(first: date, last: date) -> Condition:
    return Condition("b", f"{first:%y%m%d}{last:%y%m%d}")


def _days(value: str) -> tuple[date, date] | None:
    try:
        written = [date(2000 + int(part[:2]), int(part[2:4]), int(part[4:])) for part in (value[:6], value[6:])]
    except ValueError:
        return None
    return (written[0], written[1]) if len(value) == 12 and written[0] <= written[1] else None


OPEN = date(2000, 1, 1)
"""Where a span begins of which no beginning was said."""


def told(conditions: Sequence[Condition], villages: Mapping[str, Say]) -> list[Say]:
    """The conditions in words, in the order in which they were written; ``villages`` by code."""
    spoken: dict[str, list[Say]] = {}
    for one in conditions:
        said = _told(one, villages)
        spoken.setdefault(_thing(one), []).append(
            Say(f"filter.lacks.{one.field}|filter.not", what=said) if one.negated else said
        )
    return [_either(said) for said in spoken.values()]


def _either(said: Sequence[Say]) -> Say:
    found = said[0]
    for other in said[1:]:
        found = Say("filter.or", one=found, other=other)
    return found


def _told(one: Condition, villages: Mapping[str, Say]) -> Say:
    match one.field:
        case "p" | "q":
            return Say(f"filter.{one.field}", place=provinces()[one.value][0])
        case "d":
            return Say(f"filter.d.{one.value}")
        case "b":
            return _told_days(one.value)
        case "a":
            return _told_years(int(one.value[:4]), int(one.value[4:]))
        case "v":
            known: Param = villages.get(one.value, one.value)
            return Say("filter.v", village=known)
        case _:
            return Say(f"filter.{one.field}.{one.value}" if one.value else f"filter.{one.field}")


def _told_days(value: str) -> Say:
    days = _days(value)
    assert days is not None
    first, last = days
    if first == last:
        return Say("filter.on_day", day=first)
    return Say("filter.until_day", last=last) if first == OPEN else Say("filter.days", first=first, last=last)


def _told_years(first: int, last: int) -> Say:
    if first <= _OLDEST:
        return Say("filter.born_until", last=str(last))
    return (
        Say("filter.born_from", first=str(first)) if last >= _YOUNGEST else Say("filter.born", first=str(first), last=str(last))
    )


_OLDEST, _YOUNGEST = 1900, 2199


def born(first: int | None, last: int | None) -> Condition:
    """Born within these years; None is without an end."""
    return Condition("a", f"{first or _OLDEST:04}{last or _YOUNGEST:04}")


def week_of(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
