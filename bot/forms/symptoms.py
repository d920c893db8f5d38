"""Somebody with symptoms (R36): which, since when, and how high the temperature is. The commune is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import BirthYear, LongText, PastDate, PersonName, Phone
from bot.domain.person import IDENTITY, Sex
from bot.domain.vitals import Temperature

SYMPTOMS = "symptoms"


class Symptoms(Form):
    """Not a suspicion yet: who has symptoms and nothing else is in no stock."""

    name: ClassVar[str] = SYMPTOMS
    place: ClassVar[int] = 47
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "contact", "f0", "support")
    shows: ClassVar[tuple[str, ...]] = ("symptoms", "since", "temperature")

    full_name: Annotated[PersonName, Ask()]
    birth_year: Annotated[BirthYear | None, Ask()] = None
    sex: Annotated[Sex | None, Ask()] = None
    phone: Annotated[Phone | None, Ask()] = None
    household: Annotated[PersonName | None, Ask()] = None
    symptoms: Annotated[LongText, Ask(offer=("cough", "fever", "sore_throat", "breathless"))]
    since: Annotated[PastDate | None, Ask(offer=("today", "yesterday"))] = None
    temperature: Annotated[Temperature | None, Ask()] = None

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"symptoms_new": 1}

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset(IDENTITY)

    @classmethod
    def urgent(cls, answers: Answers) -> str:
        return SYMPTOMS
