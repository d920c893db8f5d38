"""What a unit counted before it reported here: how many, as of which day, who says so. Files no record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import Count, PastDate, ShortText
from bot.domain.openings import Opened


class Opening(Form):
    name: ClassVar[str] = "opening"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False

    indicator: Annotated[Opened, Ask()]
    n: Annotated[Count, Ask()]
    as_of: Annotated[PastDate, Ask()]
    source: Annotated[ShortText, Ask()]

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        """Whoever is listed by name already would be counted twice."""
        listed = facts.get("listed", {}).get(answers.get("indicator"), 0)
        return [Say("opening.listed_too", n=listed)] if listed and answers.get("n") else []
