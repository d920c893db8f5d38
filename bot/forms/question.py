"""Quick questions (N14): what an officer asks, the answer to it where one types, and another deadline. None files a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ValidationInfo

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form, Shown
from bot.conversation.prompt import number_typed
from bot.conversation.words import Param, Say
from bot.domain.answers import AnyDate, Count, LongText, ShortText, reading, refusal, today_of
from bot.domain.hours import from_written, parse_deadline, parse_hour, written
from bot.domain.questions import LONGEST_OPTION, MOST_OPTIONS, AnswerKind, HowOften, Whom
from bot.domain.vietnamese import fold, strip_unsafe, tidy

_BETWEEN = re.compile(r"[\n,;/]+")


def _deadline(value: Any, info: ValidationInfo) -> str:
    text, today = value if isinstance(value, str) else "", today_of(info)
    try:
        kept = from_written(text)
    except ValueError:
        return written(reading(lambda: parse_deadline(text, today)))
    return written(kept)


def _hour(value: Any) -> str:
    return f"{reading(lambda: parse_hour(value if isinstance(value, str) else '')):%H:%M}"


def _options(value: Any) -> list[str]:
    """One a line, or between commas; what stands there twice is one.

    A bare number is none: where choices are answered by numbers, nobody could tell what is meant.
    """
    parts = _BETWEEN.split(strip_unsafe(value)) if isinstance(value, str) else value if isinstance(value, list) else []
    found: dict[str, str] = {}
    for part in parts:
        if text := tidy(str(part)):
            found.setdefault(fold(text), text)
    if len(found) < 2:
        raise refusal("options_too_few")
    if len(found) > MOST_OPTIONS:
        raise refusal("options_too_many", most=MOST_OPTIONS)
    if (number := next((text for text in found.values() if number_typed(text) is not None), None)) is not None:
        raise refusal("option_is_number", text=number)
    if any(len(text) > LONGEST_OPTION for text in found.values()):
        raise refusal("text_too_long", most=LONGEST_OPTION)
    return list(found.values())


def _as_instant(value: Json) -> datetime:
    return from_written(str(value))


Deadline = Annotated[str, BeforeValidator(_deadline), Shown(_as_instant)]
"""Today or later, as ``hours.written`` writes it. Whether its hour is over is asked when it counts."""

Hour = Annotated[str, BeforeValidator(_hour)]
"""An hour of the day as "07:30"."""

Options = Annotated[list[str], BeforeValidator(_options), Shown(", ".join)]
"""2 to 8 different ones."""


def _chooses(answers: Answers) -> bool:
    return answers.get("answer_kind") == AnswerKind.CHOICE


def _once(answers: Answers) -> bool:
    return answers.get("how_often") == HowOften.ONCE


def _daily(answers: Answers) -> bool:
    return answers.get("how_often") == HowOften.DAILY


class AskQuestion(Form):
    name: ClassVar[str] = "ask_question"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False

    question: Annotated[ShortText, Ask()]
    answer_kind: Annotated[AnswerKind, Ask()]
    options: Annotated[Options | None, Ask(when=_chooses)] = None
    how_often: Annotated[HowOften, Ask()]
    due: Annotated[Deadline | None, Ask(when=_once, offer=("due_10", "due_17", "due_10_tomorrow"))] = None
    ask_wall: Annotated[Hour | None, Ask(when=_daily, offer=("hour_0600", "hour_0700"))] = None
    due_wall: Annotated[Hour | None, Ask(when=_daily, offer=("hour_0800", "hour_0930"))] = None
    whom: Annotated[Whom, Ask()]

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return faults(answers, datetime.fromisoformat(facts["now"])) if "now" in facts else []


def faults(answers: Answers, now: datetime) -> list[Say]:
    """What keeps these answers from being asked: hours that are over, or in the wrong order."""
    due, begins, ends = answers.get("due"), answers.get("ask_wall"), answers.get("due_wall")
    if due is not None and from_written(due) <= now:
        said: Param = from_written(due)
        return [Say("question.due_over", due=said)]
    return [Say("question.hours_reversed", begins=begins, ends=ends)] if begins and ends and begins >= ends else []


class QuestionDue(Form):
    """Another deadline for a question that was asked."""

    name: ClassVar[str] = "question_due"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    reviewed: ClassVar[bool] = False

    due: Annotated[Deadline, Ask(offer=("due_10", "due_17", "due_10_tomorrow"))]


class AnswerNumber(Form):
    name: ClassVar[str] = "answer_number"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    reviewed: ClassVar[bool] = False

    number: Annotated[Count, Ask()]


class AnswerText(Form):
    name: ClassVar[str] = "answer_text"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    reviewed: ClassVar[bool] = False

    text: Annotated[LongText, Ask()]


class AnswerDate(Form):
    name: ClassVar[str] = "answer_date"
    menu: ClassVar[str] = "none"
    files: ClassVar[bool] = False
    reviewed: ClassVar[bool] = False

    day: Annotated[AnyDate, Ask()]


TYPED: Mapping[AnswerKind, tuple[type[Form], str]] = {
    AnswerKind.NUMBER: (AnswerNumber, "number"),
    AnswerKind.TEXT: (AnswerText, "text"),
    AnswerKind.DATE: (AnswerDate, "day"),
}
"""By kind of answer the form that asks for it, and its one field."""
