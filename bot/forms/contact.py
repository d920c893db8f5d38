"""Somebody who was near a case (F1, A8): another person than the case, and linked to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import BirthYear, PastDate, PersonName, Phone, PlaceName, ShortText
from bot.domain.dates import near
from bot.domain.person import (
    FOLLOWED_CONTACT,
    IDENTITY,
    ISOLATED,
    QUARANTINE,
    Doses,
    ExposureType,
    QuarantineType,
    Sex,
    quarantine_stock,
)
from bot.domain.plan_words import foreseen, place_differs
from bot.domain.vaccine import dose_doubts

INFECTIOUS_BEFORE = timedelta(days=2)
"""From so long before the case's onset on, whoever was near is a contact (CV 11042, 29/12/2021)."""

SAME_EXPOSURE = 7  # days: what two reporters remember of one meeting lies no further apart

_NOT_FOLLOWED = frozenset({"f0_under_treatment", "f0_deceased"})


def _has_dose(answers: Answers) -> bool:
    return answers.get("doses") in ("1", "2", "3")


def _isolates(answers: Answers) -> bool:
    return answers.get("quarantine_type") in ISOLATED


class Contact(Form):
    """A name is enough to file it: who is only named is followed from then on, and what is missing is asked for later."""

    name: ClassVar[str] = "contact"
    place: ClassVar[int] = 42
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "absence", "symptoms", "support")
    of_another: ClassVar[tuple[str, ...]] = ("f0",)
    partial: ClassVar[bool] = True
    shows: ClassVar[tuple[str, ...]] = ("exposure_type", "last_contact_on", "quarantine_type")
    shared: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "household": (
            *("household", "source_case", "exposure_type", "last_contact_on", "contact_place"),
            *("quarantine_type", "quarantine_from"),
        ),
        "case": ("source_case", "last_contact_on", "contact_place"),
    }

    full_name: Annotated[PersonName, Ask()]
    birth_year: Annotated[BirthYear | None, Ask(skip=False)] = None
    sex: Annotated[Sex | None, Ask(skip=False)] = None
    phone: Annotated[Phone | None, Ask()] = None
    household: Annotated[PersonName | None, Ask()] = None
    source_case: Annotated[ShortText | None, Ask(lookup="cases")] = None
    exposure_type: Annotated[ExposureType | None, Ask(skip=False)] = None
    last_contact_on: Annotated[PastDate | None, Ask(offer=("today", "yesterday"))] = None
    contact_place: Annotated[PlaceName | None, Ask()] = None
    doses: Annotated[Doses | None, Ask(skip=False)] = None
    last_dose_on: Annotated[PastDate | None, Ask(when=_has_dose, skip=True)] = None
    quarantine_type: Annotated[QuarantineType | None, Ask(skip=False)] = None
    quarantine_from: Annotated[PastDate | None, Ask(when=_isolates, skip=True, offer=("today", "yesterday"))] = None

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"f1_new": 1}

    @classmethod
    def repeats(cls, answers: Answers, earlier: Answers) -> bool:
        """The same case, or nobody said which, and days that belong together."""
        one, other = answers.get("source_case"), earlier.get("source_case")
        same_case = one is None or other is None or one == other
        return same_case and near(answers.get("last_contact_on"), earlier.get("last_contact_on"), SAME_EXPOSURE)

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        """The last contact was before the case could be infectious, counted from the day on which the case was found."""
        doubts = [*dose_doubts(answers, facts), *place_differs(cls.name, answers, facts)]
        found = next((one.get("day") for one in facts.get("cases", ()) if one["id"] == answers.get("source_case")), None)
        if found is None or answers.get("last_contact_on") is None:
            return doubts
        first = date.fromisoformat(found) - INFECTIOUS_BEFORE
        if date.fromisoformat(answers["last_contact_on"]) >= first:
            return doubts
        return [Say("form.contact.before_infectious", first=first, found=date.fromisoformat(found)), *doubts]

    @classmethod
    def foresees(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return foreseen(cls.name, answers, facts)

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset((*IDENTITY, "doses", "last_dose_on"))

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return not stocks & (_NOT_FOLLOWED | FOLLOWED_CONTACT | {"away_not_returned"})

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        if before & _NOT_FOLLOWED:
            return before
        if answers.get("quarantine_type") is None:
            return before | FOLLOWED_CONTACT
        return (before - QUARANTINE) | FOLLOWED_CONTACT | quarantine_stock(answers["quarantine_type"])
