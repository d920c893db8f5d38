"""Walking through forms without a person: every choice at every question, one right answer where one types."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from bot.conversation.draft import PICK, REVIEW, Draft, Json
from bot.conversation.engine import SKIP, Answer, Confirm, Edit, Event, Outcome, Skip, Turn, advance, opened
from bot.conversation.form import Form, Step, relevant_steps, steps
from bot.conversation.words import Say
from bot.forms import forms
from bot.texts import Voice, catalogue

TODAY = date(2021, 9, 9)
LANGUAGES = ("vi", "en")
CASES = [
    {"id": "CASE00000A", "label": "Lò Mẫu Ca", "day": "2021-09-08"},
    {"id": "CASE00000B", "label": "Hà Mẫu Ca", "day": None},
]
TEAM = [{"id": "U000000001", "label": "Lò Mẫu Tổ"}, {"id": "U000000002", "label": "Hà Mẫu Tổ"}]
FACTS: dict[str, Json] = {"unit_name": "Bản Mẫu", "filed": {"returnees_new": 1}, "cases": CASES, "team": TEAM}
EVERY = [*forms().values()]
FILING = [form for form in EVERY if form.files]
QUESTION = ("10:00 ngày mai", "08:00", "Đủ, Thiếu")
TYPED = (
    "Lò Văn Mẫu",
    "1985",
    "0912 345 678",
    "hôm qua",
    "ngày mai",
    "12",
    "36,5",
    "98",
    "Bình Dương",
    "10:00 ngày mai",
    "08:00",
    "Đủ, Thiếu",
)
WRONG = ("", " ", "@", "@" * 2000, "x", "1800", "2999", "31/2", "hôm qua", "ngày mai", "-1", "99999999", "1.5", "0912", "Lò 5")


def name_of(form: type[Form]) -> str:
    return form.name


@dataclass(frozen=True)
class Place:
    """A point that a conversation can reach: the draft, the prompt shown there, and what came before."""

    form: type[Form]
    turn: Turn

    @property
    def draft(self) -> Draft:
        return self.turn.draft


def right_answer(step: Step, answers: dict[str, Json]) -> Json:
    """Something that this question takes."""
    if step.options:
        return step.options[0]
    if step.ask.lookup:
        return str(FACTS[step.ask.lookup][0]["id"])
    for text in TYPED:
        try:
            step.read(text, TODAY, answers)
        except ValidationError:
            continue
        return text
    raise AssertionError(f"nothing fits the question {step.name}: add an answer to TYPED")


def opening(form: type[Form]) -> Turn:
    return opened(form, "0123456789", "04123-01", form.prefill(FACTS), FACTS, TODAY)


def _events(form: type[Form], turn: Turn) -> Iterator[Event]:
    if turn.draft.at == REVIEW:
        yield Edit()
        return
    if turn.draft.at == PICK:
        yield from (Edit(step.name) for step in steps(form))
        return
    step = next(step for step in steps(form) if step.name == turn.draft.at)
    yield from (Answer(option) for option in step.options or (right_answer(step, dict(turn.draft.answers)),))
    if any(choice.key == SKIP for choice in turn.prompt.choices):
        yield Skip()


@functools.cache
def reachable(form: type[Form]) -> tuple[Place, ...]:
    """Every place of a form: each question with each set of questions that are answered or asked; every choice is taken."""
    found: list[Place] = []
    seen: set[object] = set()
    waiting = [opening(form)]
    while waiting:
        turn = waiting.pop()
        asked = tuple(step.name for step in relevant_steps(form, turn.draft.answers))
        key = (turn.draft.at, tuple(turn.draft.answers), asked)
        if key in seen:
            continue
        seen.add(key)
        found.append(Place(form, turn))
        waiting += [advance(form, turn.draft, event, TODAY) for event in _events(form, turn)]
    return tuple(found)


@functools.cache
def filed(form: type[Form]) -> tuple[Draft, ...]:
    """Complete drafts as they are filed: every reachable card, and each of them with every other choice made once."""
    cards = [place.draft for place in reachable(form) if place.draft.at == REVIEW]
    others = [
        completed(form, advance(form, advance(form, card, Edit(step.name), TODAY).draft, Answer(option), TODAY).draft)
        for card in cards
        for step in relevant_steps(form, card.answers)
        for option in step.options
    ]
    turns = [advance(form, card, Confirm(), TODAY) for card in (*cards, *others)]
    assert all(turn.outcome is Outcome.FILED for turn in turns)
    return tuple(turn.draft for turn in turns)


def completed(form: type[Form], draft: Draft) -> Draft:
    """The draft with right answers to all that is still asked. Fails if that never ends."""
    for _ in range(2 * len(steps(form)) + 1):
        if draft.at == REVIEW:
            return draft
        step = next(step for step in steps(form) if step.name == draft.at)
        draft = advance(form, draft, Answer(right_answer(step, dict(draft.answers))), TODAY).draft
    raise AssertionError(f"{form.name} never comes to the card")


def said(language: str, say: Say) -> str:
    """The sentence in this very language: no fallback to the other. Raises KeyError."""
    keys = [key for key in say.key.split("|") if key in catalogue(language)]
    if not keys:
        raise KeyError(f"{language}: {say.key}")
    for value in say.params.values():
        for nested in value if isinstance(value, list) else [value]:
            if isinstance(nested, Say):
                said(language, nested)
    return Voice(language, "chi")(say)
