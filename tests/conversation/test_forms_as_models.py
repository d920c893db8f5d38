"""What a form may be, and drafts as they are stored."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, ClassVar

import pytest
from pydantic import field_validator, model_validator

from bot.conversation.draft import REVIEW, Draft, Token
from bot.conversation.engine import Answer, Resume, advance, refreshed
from bot.conversation.form import Ask, Form, steps
from bot.domain.answers import Count, PersonName

from .survey import FULL, TODAY, Survey, after, begun


class Priority(StrEnum):
    FOOD = "food"  # "medicine" was removed


class NewSurvey(Form):
    """``Survey`` a version later: a choice was removed, a question is new, one is gone."""

    name: ClassVar[str] = "survey"
    version: ClassVar[int] = 2

    head: Annotated[PersonName, Ask()]
    asks_help: Annotated[bool, Ask()]
    need: Annotated[Priority | None, Ask(when=lambda answers: answers.get("asks_help") is True)] = None
    people: Annotated[Count, Ask()]


def test_a_field_validator_is_refused_since_it_would_not_run_on_a_single_answer() -> None:
    with pytest.raises(TypeError, match="validators do not run"):

        class Wrong(Form):
            name: ClassVar[str] = "wrong"
            head: str

            @field_validator("head")
            @classmethod
            def no(cls, value: str) -> str:
                return value


def test_a_model_validator_is_refused_too() -> None:
    with pytest.raises(TypeError, match="validators do not run"):

        class Wrong(Form):
            name: ClassVar[str] = "wrong"

            @model_validator(mode="after")
            def no(self) -> Wrong:
                return self


def test_questions_come_in_the_order_of_the_fields() -> None:
    assert [step.name for step in steps(Survey)] == list(FULL)


def test_a_draft_survives_json() -> None:
    draft = after(begun(FULL), Answer("x")).draft

    assert Draft(**json.loads(json.dumps(asdict(draft)))) == draft


def test_an_older_draft_keeps_what_still_holds_and_asks_the_rest() -> None:
    old = begun(FULL)
    assert old.at == REVIEW

    new = refreshed(NewSurvey, old, TODAY)

    assert (new.version, new.answers) == (2, {"head": "Lò Văn Mẫu", "asks_help": True})
    assert (new.at, new.revision) == ("need", old.revision + 1)
    assert advance(NewSurvey, new, Answer("food"), TODAY).draft.at == "people"


def test_an_older_draft_at_a_question_that_is_gone_asks_the_first_open_one() -> None:
    old = begun({key: value for key, value in FULL.items() if key != "visit_on"})
    assert old.at == "visit_on"

    new = refreshed(NewSurvey, old, TODAY)

    assert advance(NewSurvey, new, Resume(), TODAY).draft.at == "need"


def test_a_draft_of_this_version_is_left_alone() -> None:
    draft = begun(FULL)

    assert refreshed(Survey, draft, TODAY) is draft


def test_a_button_says_which_draft_in_which_step_it_belongs_to() -> None:
    assert Token.parse(str(Token("D1", 7, "~today"))) == Token("D1", 7, "~today")


@pytest.mark.parametrize("payload", ["", "D1", "D1:7", "D1:x:yes", "D1:-1:yes", "do:menu", "D1:²:yes"])
def test_other_payloads_are_no_buttons_of_a_draft(payload: str) -> None:
    assert Token.parse(payload) is None
