"""A case (F0): confirmed, suspected, or positive in a pooled sample. Who is not confirmed is no case yet and counted apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import BirthYear, LongText, PastDate, PersonName, Phone, ShortText
from bot.domain.dates import near
from bot.domain.person import (
    CASE,
    CLOSED_CASE,
    FOLLOWED_CONTACT,
    IDENTITY,
    QUARANTINE,
    SAME_ILLNESS,
    SUSPECTED_CASE,
    CaseClassification,
    QuarantineType,
    Sex,
)
from bot.domain.plan_words import foreseen, place_differs


def _of_no_known_case(answers: Answers) -> bool:
    return answers.get("source_case") is None


class F0(Form):
    """At night a name and how sure it is are enough (``forms.night``); what is missing is asked for later."""

    name: ClassVar[str] = "f0"
    version: ClassVar[int] = 2
    place: ClassVar[int] = 40
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "absence", "contact", "symptoms", "support", "f0")
    partial: ClassVar[bool] = True
    shows: ClassVar[tuple[str, ...]] = ("classification", "detected_on", "quarantine_type")

    full_name: Annotated[PersonName, Ask()]
    birth_year: Annotated[BirthYear | None, Ask(skip=False)] = None
    sex: Annotated[Sex | None, Ask(skip=False)] = None
    phone: Annotated[Phone | None, Ask()] = None
    household: Annotated[PersonName | None, Ask()] = None
    classification: Annotated[CaseClassification, Ask()]
    detected_on: Annotated[PastDate | None, Ask(skip=False, offer=("today", "yesterday"))] = None
    quarantine_type: Annotated[QuarantineType | None, Ask(skip=False)] = None
    source_case: Annotated[ShortText | None, Ask(lookup="cases")] = None
    source: Annotated[LongText | None, Ask(when=_of_no_known_case, skip=True)] = None

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return place_differs(cls.name, answers, facts)

    @classmethod
    def foresees(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return foreseen(cls.name, answers, facts)

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"f0_new": 1} if self.classification is CaseClassification.CONFIRMED else {"f0_suspected_new": 1}

    @classmethod
    def repeats(cls, answers: Answers, earlier: Answers) -> bool:
        return near(answers.get("detected_on"), earlier.get("detected_on"), SAME_ILLNESS)

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        if kind == "f0":  # suspected until now: when it was confirmed is another day
            return frozenset(cls.model_fields) - {"classification", "detected_on"}
        # Where somebody is treated is no longer where they were isolated.
        return frozenset((*IDENTITY, "source_case"))

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return not stocks & CASE

    @classmethod
    def urgent(cls, answers: Answers) -> str:
        return str(answers.get("classification") or "")

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        if answers.get("classification") == CaseClassification.CONFIRMED:
            return (before - QUARANTINE - CLOSED_CASE - FOLLOWED_CONTACT - SUSPECTED_CASE) | {"f0_under_treatment"}
        return before if "f0_under_treatment" in before else before | SUSPECTED_CASE
