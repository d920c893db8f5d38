"""The result of a sample that was taken before: counted on the day on which it became known."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, PastDate
from bot.domain.due import RESULT, SAMPLE
from bot.forms.sample import KNOWN, PENDING
from bot.forms.sample import SampleResult as Known


class LateResult(StrEnum):
    NEGATIVE = Known.NEGATIVE.value
    POSITIVE = Known.POSITIVE.value
    INDETERMINATE = Known.INDETERMINATE.value


class Result(Form):
    name: ClassVar[str] = RESULT
    place: ClassVar[int] = 52
    builds_on: ClassVar[tuple[str, ...]] = (SAMPLE,)
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("result", "result_on")

    result: Annotated[LateResult, Ask()]
    result_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    note: Annotated[LongText | None, Ask()] = None

    def entries(self, window: Window) -> Mapping[str, int]:
        known = Known(self.result)
        return {KNOWN[known]: 1} if known in KNOWN else {}

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & PENDING)

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        return before - PENDING
