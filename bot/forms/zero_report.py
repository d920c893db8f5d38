"""Nothing happened: a report of its own (A1), never the absence of one. Two taps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Form
from bot.conversation.words import Say


class ZeroReport(Form):
    name: ClassVar[str] = "zero_report"
    place: ClassVar[int] = 10
    menu: ClassVar[str] = "main"
    data_set: ClassVar[str | None] = "daily"
    zero: ClassVar[bool] = True

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        filed = sum(facts.get("filed", {}).get(key, 0) for key in ("returnees_new", "away_new", "f0_new", "f0_suspected_new"))
        return [Say("form.zero_report.people_filed", n=filed)] if filed else []
