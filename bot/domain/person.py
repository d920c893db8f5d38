"""What people's records say about a person: the vocabularies that several reports share."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Doses(StrEnum):
    """COVID-19 vaccine doses received so far."""

    NONE = "0"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    UNKNOWN = "unknown"


class QuarantineType(StrEnum):
    """Where somebody isolates (R21). ``self_monitoring`` is watching one's health, which is no isolation."""

    HOME = "home"
    INSTITUTIONAL = "institutional"
    HOTEL = "hotel"
    HOSPITAL = "hospital"
    SELF_MONITORING = "self_monitoring"


ISOLATED = (QuarantineType.HOME, QuarantineType.INSTITUTIONAL, QuarantineType.HOTEL, QuarantineType.HOSPITAL)


class Transport(StrEnum):
    MOTORBIKE = "motorbike"
    COACH = "coach"
    CAR = "car"
    PLANE = "plane"
    TRAIN = "train"
    OTHER = "other"


class AbsenceGroup(StrEnum):
    """Why somebody is out of the province (003: "người lao động, học sinh, sinh viên, người ốm đau")."""

    WORKER = "worker"
    STUDENT = "student"
    PATIENT = "patient"
    CARER = "carer"
    OTHER = "other"


class CaseClassification(StrEnum):
    """Only what a team may say; ``no_case`` is decided by a test."""

    SUSPECT = "suspect"
    PROBABLE = "probable"  # in a pooled sample that was positive
    CONFIRMED = "confirmed"


class ExposureType(StrEnum):
    """What makes somebody a contact (F1) of a case: CV 11042, 29/12/2021."""

    PHYSICAL = "physical"
    UNMASKED = "unmasked"  # within 2 m, or in the same closed space
    MASKED = "masked"  # there for 15 minutes or more
    CARE = "care"  # without protection


class CaseOutcome(StrEnum):
    RECOVERED = "recovered"
    DECEASED = "deceased"
    NO_CASE = "no_case"  # a test showed that it never was one


class SupportNeed(StrEnum):
    FOOD = "food"
    MONEY = "money"
    MEDICINE = "medicine"
    OTHER = "other"


class HouseholdCategory(StrEnum):
    """What kind of household it is to the support schemes (003: "hộ nghèo, hộ cận nghèo …")."""

    POOR = "poor"
    NEAR_POOR = "near_poor"
    POLICY = "policy"
    MERIT = "merit"
    NONE = "none"


SAME_ILLNESS = 30
"""Days: a positive test later than that is another infection."""

IDENTITY = ("full_name", "birth_year", "sex", "phone", "household")
"""The answers that describe the person and not the event."""

# Stocks of which a person stands in one at a time, or in none (rules/indicators.toml).
QUARANTINE = frozenset({"quarantine_home", "quarantine_institutional"})
AWAY = frozenset(
    {"away_total", "away_returned", "away_not_returned", "away_contacted", "away_not_contacted", "away_need_support"}
)
CLOSED_CASE = frozenset({"f0_recovered", "f0_deceased"})
CASE = CLOSED_CASE | {"f0_under_treatment"}
FOLLOWED_CONTACT = frozenset({"f1_followed"})
SUSPECTED_CASE = frozenset({"f0_suspected"})


def quarantine_stock(kind: str | None) -> frozenset[str]:
    """In which figure an isolation counts; watching one's own health is none."""
    if kind == QuarantineType.HOME:
        return frozenset({"quarantine_home"})
    return frozenset({"quarantine_institutional"}) if kind in ISOLATED else frozenset()
