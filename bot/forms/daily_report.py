"""The team's daily report. It opens with what was filed, so that an ordinary day is one tap (N1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form, label
from bot.conversation.words import Say
from bot.domain.answers import Count, LongText

COUNTED = ("returnees_new", "away_new", "f0_new")


class DailyReport(Form):
    name: ClassVar[str] = "daily_report"
    place: ClassVar[int] = 50
    data_set: ClassVar[str | None] = "daily"

    returnees_new: Annotated[Count, Ask()]
    away_new: Annotated[Count, Ask()]
    f0_new: Annotated[Count, Ask()]
    difficulties: Annotated[LongText | None, Ask()] = None

    @classmethod
    def prefill(cls, facts: Mapping[str, Json]) -> Answers:
        filed = facts.get("filed", {})
        listed = {**{key: filed.get(key, 0) for key in COUNTED}, "difficulties": None}
        return {**listed, **facts.get("declared", {})}

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        """A declared figure that its list does not bear out: shown, not blocked (A21)."""
        filed = facts.get("filed", {})
        return [
            Say("form.daily_report.differs", figure=label(cls, key), declared=answers[key], listed=filed.get(key, 0))
            for key in COUNTED
            if answers.get(key) is not None and answers[key] != filed.get(key, 0)
        ]
