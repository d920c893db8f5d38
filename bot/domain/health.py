"""What a visit measures: whether a value can be true, what is an alarm, and who may be cared for at home. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.follow_up_rules import FollowUpRules, Vital
from bot.domain.isolation_rules import Category
from bot.domain.person import Doses

SYMPTOMS = "symptoms"


@dataclass(frozen=True)
class Implausible:
    """A value to ask for again, with the range; ``offer`` is what was probably meant: 36.5 where somebody typed 365."""

    lowest: Decimal
    highest: Decimal
    offer: Decimal | None = None


@dataclass(frozen=True)
class Alarm:
    """``what``: a key of the rules' vitals with its value, or ``SYMPTOMS`` without one."""

    what: str
    value: Decimal | None = None


def doubted(vital: Vital, value: Decimal) -> Implausible | None:
    """None if the value can be true of a living person."""
    if vital.lowest <= value <= vital.highest:
        return None
    tenth = value / 10
    meant = tenth if vital.comma_lost and vital.lowest <= tenth <= vital.highest else None
    return Implausible(vital.lowest, vital.highest, meant)


def alarms(
    category: Category, measured: Mapping[str, Decimal], symptoms: Collection[str], rules: FollowUpRules
) -> tuple[Alarm, ...]:
    """What the commune is told at once. ``measured``: plausible values by vital; one that was not taken is left out.

    Any symptom is an alarm, also of a case: a mild case that gets worse says so first.
    """
    found = [
        Alarm(name, measured[name])
        for name, vital in rules.vital.items()
        if name in measured and (category is Category.CASE or not vital.cases_only) and _alarming(vital, measured[name])
    ]
    return (*found, Alarm(SYMPTOMS)) if symptoms else tuple(found)


def _alarming(vital: Vital, value: Decimal) -> bool:
    return (
        (vital.alarm_from is not None and value >= vital.alarm_from)
        or (vital.alarm_above is not None and value > vital.alarm_above)
        or (vital.alarm_below is not None and value < vital.alarm_below)
    )


@dataclass(frozen=True)
class CaseFacts:
    """What decides where a case is cared for; None and ``Doses.UNKNOWN``: nobody has said.

    ``mild``: no symptoms or mild ones. ``cared_for``: can care for themselves or has a carer.
    """

    mild: bool | None = None
    breathing: Decimal | None = None
    spo2: Decimal | None = None
    doses: Doses = Doses.UNKNOWN
    last_dose_on: date | None = None
    age: int | None = None
    underlying_disease: bool | None = None
    pregnant: bool | None = None
    cared_for: bool | None = None


@dataclass(frozen=True)
class MayStay:
    """``allowed`` is None while it hangs on what is ``missing``; if it is False, ``against`` names what speaks against it.

    Both name fields of ``CaseFacts``; of vaccination and risk, of which one is enough, all that could still help are named.
    """

    allowed: bool | None
    against: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def may_stay_home(facts: CaseFacts, on: date, rules: FollowUpRules) -> MayStay | None:
    """Whether a case may be cared for at home under QĐ 4038; None before it was in force: an official decides."""
    care = rules.home_care
    if on < care.valid_from:
        return None
    needed = {
        "mild": facts.mild,
        "breathing": None if facts.breathing is None else facts.breathing <= care.breathing_at_most,
        "spo2": None if facts.spo2 is None else facts.spo2 >= care.spo2_at_least,
        "cared_for": facts.cared_for,
    }
    either = dict(_vaccinated(facts, on, care.dose_days))
    low_risk = {
        "age": None if facts.age is None else care.age_from <= facts.age <= care.age_to,
        "underlying_disease": None if facts.underlying_disease is None else not facts.underlying_disease,
        "pregnant": None if facts.pregnant is None else not facts.pregnant,
    }
    verdicts = [*needed.values(), _either(_all(either), _all(low_risk))]
    parts = {**needed} if verdicts[-1] is True else {**needed, **either, **low_risk}
    allowed = None if None in verdicts and False not in verdicts else all(verdicts)
    return MayStay(
        allowed,
        against=tuple(name for name, holds in parts.items() if holds is False) if allowed is False else (),
        missing=tuple(name for name, holds in parts.items() if holds is None) if allowed is None else (),
    )


def _vaccinated(facts: CaseFacts, on: date, days: int) -> Iterator[tuple[str, bool | None]]:
    """A dose at least so many days ago. Doses are given three weeks apart or more, so of several the first is old enough."""
    yield "doses", None if facts.doses is Doses.UNKNOWN else facts.doses is not Doses.NONE
    if facts.doses in (Doses.ONE, Doses.UNKNOWN):
        yield "last_dose_on", None if facts.last_dose_on is None else (on - facts.last_dose_on).days >= days


def _all(parts: Mapping[str, bool | None]) -> bool | None:
    if False in parts.values():
        return False
    return None if None in parts.values() else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    if True in (one, other):
        return True
    return None if None in (one, other) else False
