"""A suspected case was none: a test showed it. Everything about its person is as it was before the suspicion."""

from __future__ import annotations

from typing import Annotated, ClassVar

from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, PastDate
from bot.domain.person import SUSPECTED_CASE


class RuledOut(Form):
    name: ClassVar[str] = "ruled_out"
    place: ClassVar[int] = 44
    builds_on: ClassVar[tuple[str, ...]] = ("f0",)
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("outcome_on",)

    outcome_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    note: Annotated[LongText | None, Ask()] = None

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & SUSPECTED_CASE)

    @classmethod
    def cancels(cls, answers: Answers) -> bool:
        return True
