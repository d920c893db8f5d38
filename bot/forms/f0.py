"""A case (F0), confirmed or suspected. A suspected one is no case yet and is counted apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import BirthYear, LongText, PastDate, PersonName, Phone
from bot.domain.person import CASE, CLOSED_CASE, IDENTITY, QUARANTINE, CaseClassification, QuarantineType, Sex


class F0(Form):
    name: ClassVar[str] = "f0"
    place: ClassVar[int] = 40
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "absence")
    shows: ClassVar[tuple[str, ...]] = ("classification", "detected_on", "quarantine_type")

    full_name: Annotated[PersonName, Ask()]
    birth_year: Annotated[BirthYear, Ask()]
    sex: Annotated[Sex, Ask()]
    phone: Annotated[Phone | None, Ask()] = None
    household: Annotated[PersonName | None, Ask()] = None
    classification: Annotated[CaseClassification, Ask()]
    detected_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    quarantine_type: Annotated[QuarantineType, Ask()]
    source: Annotated[LongText | None, Ask()] = None

    def entries(self, window: Window) -> Mapping[str, int]:
        if self.classification is CaseClassification.SUSPECT:
            return {"f0_suspected_new": 1}
        return {"f0_new": 1}

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset(IDENTITY)  # where somebody is treated is no longer where they were isolated

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return not stocks & CASE

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        if answers.get("classification") == CaseClassification.SUSPECT:
            return before
        return (before - QUARANTINE - CLOSED_CASE) | {"f0_under_treatment"}
