"""How a case ended; or that a test showed that there was none, and then everything is as it was before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, PastDate
from bot.domain.dates import near
from bot.domain.person import SAME_ILLNESS, CaseOutcome

_STOCK = {CaseOutcome.RECOVERED: "f0_recovered", CaseOutcome.DECEASED: "f0_deceased"}
_NEW = {CaseOutcome.RECOVERED: "f0_recovered_new", CaseOutcome.DECEASED: "f0_deceased_new"}


class Outcome(Form):
    name: ClassVar[str] = "outcome"
    place: ClassVar[int] = 45
    builds_on: ClassVar[tuple[str, ...]] = ("f0",)
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("outcome", "outcome_on")

    outcome: Annotated[CaseOutcome, Ask()]
    outcome_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    note: Annotated[LongText | None, Ask()] = None

    @classmethod
    def repeats(cls, answers: Answers, earlier: Answers) -> bool:
        return near(answers.get("outcome_on"), earlier.get("outcome_on"), SAME_ILLNESS)

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return "f0_under_treatment" in stocks

    def entries(self, window: Window) -> Mapping[str, int]:
        return {_NEW[self.outcome]: 1} if self.outcome in _NEW else {}

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        stock = _STOCK.get(answers.get("outcome"))  # type: ignore[arg-type]
        return (before - {"f0_under_treatment"}) | {stock} if stock else before

    @classmethod
    def cancels(cls, answers: Answers) -> bool:
        return bool(answers.get("outcome") == CaseOutcome.NO_CASE)
