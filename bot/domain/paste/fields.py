"""Which values may leave this package: the answers of the forms, checked by the forms' own types.

The forms stand above the domain and cannot be imported here; a test compares this table with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.conversation.draft import Json
from bot.domain.answers import BirthYear, FutureDate, LongText, PastDate, PersonName, Phone, PlaceName
from bot.domain.paste.reading import ABSENCE, CONTACT, F0, RETURNEE
from bot.domain.person import AbsenceGroup, CaseClassification, Doses, QuarantineType, Sex, Transport

_IDENTITY: Mapping[str, Any] = {
    "full_name": PersonName,
    "birth_year": BirthYear,
    "sex": Sex,
    "phone": Phone,
    "household": PersonName,
}
FIELDS: Mapping[str | None, Mapping[str, Any]] = {
    None: _IDENTITY,
    CONTACT: _IDENTITY,
    RETURNEE: {
        **_IDENTITY,
        "came_from": PlaceName,
        "arrived_on": PastDate,
        "transport": Transport,
        "doses": Doses,
        "last_dose_on": PastDate,
        "health_declared": bool,
        "quarantine_type": QuarantineType,
        "quarantine_from": PastDate,
    },
    ABSENCE: {
        "full_name": PersonName,
        "birth_year": BirthYear,
        "group": AbsenceGroup,
        "household": PersonName,
        "phone": Phone,
        "now_at": PlaceName,
        "doses": Doses,
        "returned": bool,
        "expected_return": FutureDate,
        "contacted": bool,
        "needs_support": bool,
        "support_note": LongText,
    },
    F0: {
        **_IDENTITY,
        "classification": CaseClassification,
        "detected_on": PastDate,
        "quarantine_type": QuarantineType,
        "source": LongText,
    },
}
EVENT = frozenset(field for fields in FIELDS.values() for field in fields) - frozenset(_IDENTITY)

_Given = Mapping[str, Json]
_ISOLATED = ("home", "institutional", "hotel", "hospital")
_ONLY_WHEN: Mapping[str, Callable[[_Given], bool]] = {
    "last_dose_on": lambda given: given.get("doses") in ("1", "2", "3"),
    "quarantine_from": lambda given: given.get("quarantine_type") in _ISOLATED,
    "expected_return": lambda given: given.get("returned") is False,
    "support_note": lambda given: given.get("needs_support") is True,
}


@cache
def _adapter(kind: str | None, field: str) -> TypeAdapter[Any]:
    return TypeAdapter(FIELDS[kind][field])


def canonical(kind: str | None, field: str, value: Json, today: date) -> Json:
    """The value as the form would store it; None if the form has no such field or refuses the value."""
    if field not in FIELDS[kind]:
        return None
    adapter = _adapter(kind, field)
    try:
        return adapter.dump_python(adapter.validate_python(value, context={"today": today}), mode="json")
    except ValidationError:
        return None


def asked(kind: str | None, answers: _Given) -> dict[str, Json]:
    """The answers in the order of the form, without those to questions that it would not ask after the others."""
    given = [field for field in FIELDS[kind] if field in answers]
    return {field: answers[field] for field in given if field not in _ONLY_WHEN or _ONLY_WHEN[field](answers)}
