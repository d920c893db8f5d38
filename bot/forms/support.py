"""A household in need (R11): of what, how urgently, and which category of household it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import BirthYear, LongText, PersonName, Phone
from bot.domain.person import IDENTITY, HouseholdCategory, SupportNeed

SUPPORT = "support"
OPEN = frozenset({"support_open"})


class Support(Form):
    """Whoever is in need has one open request, to which what is filed later adds; ``SupportDone`` closes it."""

    name: ClassVar[str] = SUPPORT
    place: ClassVar[int] = 48
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "absence", "contact", "f0", "symptoms")
    shows: ClassVar[tuple[str, ...]] = ("need", "is_urgent", "details")

    full_name: Annotated[PersonName, Ask()]
    birth_year: Annotated[BirthYear | None, Ask()] = None
    phone: Annotated[Phone | None, Ask()] = None
    household: Annotated[PersonName | None, Ask()] = None
    need: Annotated[SupportNeed, Ask()]
    details: Annotated[LongText | None, Ask()] = None
    category: Annotated[HouseholdCategory | None, Ask(skip=False)] = None
    is_urgent: Annotated[bool, Ask()]

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"support_new": 1}

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset(IDENTITY)

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return not stocks & OPEN

    @classmethod
    def urgent(cls, answers: Answers) -> str:
        return SUPPORT if answers.get("is_urgent") else ""

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        return before | OPEN


class SupportDone(Form):
    """The commune has helped: with what."""

    name: ClassVar[str] = "support_done"
    place: ClassVar[int] = 49
    needs: ClassVar[str] = "support"
    builds_on: ClassVar[tuple[str, ...]] = (SUPPORT,)
    alone: ClassVar[bool] = False
    ends: ClassVar[bool] = True
    shows: ClassVar[tuple[str, ...]] = ("given",)

    given: Annotated[LongText, Ask(offer=("rice", "medicine_given", "money_given"))]

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & OPEN)

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        return before - OPEN
