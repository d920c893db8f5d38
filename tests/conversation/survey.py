"""A form of no agency, with every kind of question and a chain of questions that hang on one another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from bot.conversation.draft import Answers, Draft, Json
from bot.conversation.engine import Answer, Event, Turn, advance, opened
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import Count, FutureDate, LongText, PastDate, PersonName

TODAY = date(2021, 9, 9)


class Need(StrEnum):
    FOOD = "food"
    MEDICINE = "medicine"


class Survey(Form):
    name: ClassVar[str] = "survey"

    head: Annotated[PersonName, Ask()]
    asks_help: Annotated[bool, Ask()]
    need: Annotated[Need | None, Ask(when=lambda answers: answers.get("asks_help") is True)] = None
    patients: Annotated[Count | None, Ask(when=lambda answers: answers.get("need") == "medicine")] = None
    since: Annotated[
        PastDate | None, Ask(when=lambda answers: "patients" in answers, skip=True, offer=("today", "yesterday"))
    ] = None
    visit_on: Annotated[FutureDate, Ask()]
    note: Annotated[LongText | None, Ask()] = None

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return [Say("survey.many")] if (answers.get("patients") or 0) > 9 else []


FULL: dict[str, Json] = {
    "head": "Lò Văn Mẫu",
    "asks_help": True,
    "need": "medicine",
    "patients": 2,
    "since": "2021-09-08",
    "visit_on": "2021-09-10",
    "note": None,
}


def begun(answers: Answers | None = None, form: type[Form] = Survey) -> Draft:
    return opened(form, "D1", "04123-01", answers or {}, {"unit_name": "Bản Mẫu"}, TODAY).draft


def after(draft: Draft, *events: Event, today: date = TODAY, form: type[Form] = Survey) -> Turn:
    """The turn that the last of these events leads to."""
    turn = Turn(draft, advance(form, draft, events[0], today).prompt)
    for event in events:
        turn = advance(form, turn.draft, event, today)
    return turn


def says(turn: Turn) -> list[str]:
    return [line.key for line in turn.prompt.lines]


def choices(turn: Turn) -> list[str]:
    return [choice.key for choice in turn.prompt.choices]


def answering(*values: Json) -> list[Event]:
    return [Answer(value) for value in values]
