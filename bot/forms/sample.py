"""A sample was taken (A7). Its result may be known at once, as of a rapid test, or come later (``forms.result``)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, PastDate
from bot.domain.due import SAMPLE
from bot.domain.plans import ROLES


class SampleKind(StrEnum):
    RT_PCR = "rt_pcr"
    RAPID = "rapid"  # antigen


class SampleResult(StrEnum):
    PENDING = "pending"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    INDETERMINATE = "indeterminate"


PENDING = frozenset({"samples_pending"})
KNOWN = {SampleResult.NEGATIVE: "samples_negative", SampleResult.POSITIVE: "samples_positive"}


class Sample(Form):
    name: ClassVar[str] = SAMPLE
    place: ClassVar[int] = 51
    builds_on: ClassVar[tuple[str, ...]] = ROLES
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("test_kind", "taken_on", "result")

    test_kind: Annotated[SampleKind, Ask()]
    taken_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    result: Annotated[SampleResult, Ask()]
    note: Annotated[LongText | None, Ask()] = None

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"samples_taken": 1, **({KNOWN[self.result]: 1} if self.result in KNOWN else {})}

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return "f0_deceased" not in stocks

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        """Somebody waits for a result if that of their newest sample is not known."""
        return before | PENDING if answers.get("result") == SampleResult.PENDING else before - PENDING
