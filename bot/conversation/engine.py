"""The conversation: one function from a draft and an event to the next draft and the next prompt.

After any answer, answers that are no longer relevant are dropped, then the first unanswered question is asked, or the
review card is shown. So "back" and "edit" need no path of their own: they only say which question is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from bot.conversation import alike
from bot.conversation.alike import Meant
from bot.conversation.draft import ALIKE, PICK, REPEAT, REVIEW, Answers, Draft, Json
from bot.conversation.form import Form, Step, label, relevant_steps, steps
from bot.conversation.prompt import LINE, Choice, Prompt, in_rows
from bot.conversation.words import Param, Say

# Choice keys of the engine itself start with "*", an offered answer with "~", one that was looked up with "#", what was
# probably meant with "="; all others are answers.
BACK, SKIP, CANCEL, CONFIRM, EDIT = "*back", "*skip", "*cancel", "*send", "*edit"
OFFER, FOUND, MEANT = "~", "#", "="


@dataclass(frozen=True)
class Answer:
    value: Json


@dataclass(frozen=True)
class Several:
    """The answer to the open question and more: values by question. What a question refuses is asked when its turn comes."""

    values: Answers


@dataclass(frozen=True)
class Back:
    pass


@dataclass(frozen=True)
class Skip:
    pass


@dataclass(frozen=True)
class Cancel:
    pass


@dataclass(frozen=True)
class Edit:
    """Change one answer; without a field, ask which."""

    field: str | None = None


@dataclass(frozen=True)
class Confirm:
    pass


@dataclass(frozen=True)
class Resume:
    """Show the open question again: after a pause, a stale button, or an outage."""


Event = Answer | Several | Back | Skip | Cancel | Edit | Confirm | Resume | Meant


class Outcome(StrEnum):
    OPEN = "open"
    FILED = "filed"  # the person confirmed: the answers are a report now
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Turn:
    draft: Draft
    prompt: Prompt
    outcome: Outcome = Outcome.OPEN


def event_of(choice: str) -> Event:
    """What tapping a choice of a prompt means."""
    fixed: Mapping[str, Event] = {BACK: Back(), SKIP: Skip(), CANCEL: Cancel(), CONFIRM: Confirm(), EDIT: Edit()}
    if choice in fixed:
        return fixed[choice]
    if choice.startswith(alike.WHO):
        return Meant(choice.removeprefix(alike.WHO))
    if choice.startswith(EDIT + "."):
        return Edit(choice.removeprefix(EDIT + "."))
    return Answer(choice.removeprefix(FOUND).removeprefix(MEANT))


def opened(
    form: type[Form],
    draft_id: str,
    unit: str,
    answers: Answers,
    facts: Mapping[str, Json],
    today: date,
    amends: str | None = None,
) -> Turn:
    """A new draft at its first unanswered question; with everything known beforehand that is the review card.

    A question whose answer is looked up is not asked where there is nothing to choose from.
    """
    nothing = {step.name: None for step in steps(form) if step.ask.lookup and step.may_skip and not step.found(facts)}
    answers = {**nothing, **answers}
    draft = Draft(draft_id, form.name, form.version, unit, REVIEW, 0, dict(answers), dict(facts), amends)
    return _onwards(form, draft, _kept(form, answers, today))


def refreshed(form: type[Form], draft: Draft, today: date) -> Draft:
    """A draft of an older version of the form, read again through today's questions: what passes is kept."""
    if draft.version == form.version:
        return draft
    answers = _kept(form, draft.answers, today)
    return replace(draft.moved(_first_open(form, answers), answers), version=form.version)


def advance(form: type[Form], draft: Draft, event: Event, today: date) -> Turn:
    """One step. Never raises for anything a person can do."""
    match event:
        case Cancel():
            return Turn(draft.moved(draft.at), Prompt((Say("draft.cancelled"),)), Outcome.CANCELLED)
        case Resume():
            return Turn(draft, _prompt(form, draft))
        case Confirm() if draft.at == REVIEW:
            return _confirmed(form, draft, today)
        case Meant(who) if who in alike.offered(draft):
            return Turn(replace(draft.moved(draft.at), facts={**draft.facts, "meant": who}), Prompt(()), Outcome.FILED)
        case Back():
            return _back(form, draft)
        case Edit(field) if draft.at in (REVIEW, PICK):
            names = {step.name for step in relevant_steps(form, draft.answers)}
            moved = draft.moved(field if field in names else PICK)
            return Turn(moved, _prompt(form, moved))
        case Several(values) if draft.at in values:
            return _several(form, draft, values, today)
        case Skip() | Answer() if (step := _step(form, draft)) is not None:
            return _answered(form, draft, step, event, today)
        case _:
            return Turn(draft, _prompt(form, draft, Say("draft.use_buttons")))


def _confirmed(form: type[Form], draft: Draft, today: date) -> Turn:
    """File it, unless days went by and an answer no longer holds: then that one is asked again."""
    kept = _kept(form, draft.answers, today)
    if _first_open(form, kept) != REVIEW:
        return _onwards(form, draft, kept, Say("draft.ask_again"))
    return Turn(draft.moved(REVIEW, kept), Prompt(()), Outcome.FILED)


def _answered(form: type[Form], draft: Draft, step: Step, event: Answer | Skip, today: date) -> Turn:
    if isinstance(event, Skip):
        if not step.may_skip:
            return Turn(draft, _prompt(form, draft, Say("error.required")))
        value: Json = None
    else:
        try:
            value = step.read(event.value, today, draft.answers)
        except ValidationError as error:
            return Turn(draft, _prompt(form, draft, problem(error, step), meant=_meant(error)))
        if step.ask.lookup and value not in step.found(draft.facts):
            return Turn(draft, _prompt(form, draft, Say("draft.use_buttons")))
    answers = {**draft.answers, step.name: value}
    understood = Say("draft.understood", label=label(form, step.name), value=step.shown(value, draft.facts))
    return _onwards(form, draft, _only_relevant(form, answers), understood)


def _several(form: type[Form], draft: Draft, values: Answers, today: date) -> Turn:
    answers, taken = dict(draft.answers), []
    for step in steps(form):
        if step.name not in values or not step.relevant(answers) or step.ask.lookup:
            continue
        try:
            answers[step.name] = step.read(values[step.name], today, answers)
        except ValidationError:
            continue
        taken.append(step)
    known = [Say("review.line", label=label(form, one.name), value=one.shown(answers[one.name], draft.facts)) for one in taken]
    return _onwards(form, draft, _only_relevant(form, answers), Say("draft.understood_several", known=known))


def problem(error: ValidationError, step: Step) -> Say:
    """pydantic's error type is the key of the sentence, its context the parameters."""
    first: Any = error.errors(include_url=False, include_input=False)[0]
    params: dict[str, Param] = {
        key: value for key, value in first.get("ctx", {}).items() if isinstance(value, (str, int, date))
    }
    if "meant" in params:
        params["meant"] = step.show(params["meant"])
    if step.options:
        return Say("error.choose", example=Say(f"{step.vocabulary}.{step.options[0]}"))
    return Say(f"error.{first['type']}", **params)


def _meant(error: ValidationError) -> str | None:
    """What the person probably wanted to type, where the type of the answer knows that."""
    found = error.errors(include_url=False, include_input=False)[0].get("ctx", {}).get("meant")
    return str(found) if found is not None else None


def _onwards(form: type[Form], draft: Draft, answers: Answers, *said: Say) -> Turn:
    moved = draft.moved(_first_open(form, answers), answers)
    if moved.at == REVIEW and not form.reviewed:
        return Turn(moved, Prompt(()), Outcome.FILED)
    return Turn(moved, _prompt(form, moved, *said))


def _back(form: type[Form], draft: Draft) -> Turn:
    names = [step.name for step in relevant_steps(form, draft.answers)]
    if draft.at in (PICK, ALIKE, REPEAT):
        target = REVIEW
    elif draft.at in names:
        # With everything answered, a question is open because the card led to it.
        complete = _first_open(form, draft.answers) == REVIEW
        target = REVIEW if complete else names[max(0, names.index(draft.at) - 1)]
    else:
        target = names[-1] if names else REVIEW
    moved = draft.moved(target)
    return Turn(moved, _prompt(form, moved))


def _step(form: type[Form], draft: Draft) -> Step | None:
    return next((step for step in steps(form) if step.name == draft.at), None)


def _first_open(form: type[Form], answers: Answers) -> str:
    return next((step.name for step in relevant_steps(form, answers) if step.name not in answers), REVIEW)


def _only_relevant(form: type[Form], answers: Answers) -> Answers:
    """Without the answers to questions that are no longer asked, and without those that hang on them in turn."""
    kept: dict[str, Json] = {}
    for step in steps(form):
        if step.name in answers and step.relevant(kept):
            kept[step.name] = answers[step.name]
    return kept


def _kept(form: type[Form], answers: Answers, today: date) -> Answers:
    kept: dict[str, Json] = {}
    for step in steps(form):
        if step.name not in answers or not step.relevant(kept):
            continue
        value = answers[step.name]
        if value is None and step.may_skip:
            kept[step.name] = None
        elif value is not None:
            try:
                kept[step.name] = step.read(value, today, kept)
            except ValidationError:
                continue
    return kept


def _prompt(form: type[Form], draft: Draft, *said: Say, meant: str | None = None) -> Prompt:
    if draft.at == REVIEW:
        return _review(form, draft, said)
    if draft.at == PICK:
        return _pick(form, draft, said)
    if draft.at in (ALIKE, REPEAT):
        asked = alike.prompt(form, draft)
        leave = (Choice(BACK, Say("button.back")), Choice(CANCEL, Say(f"form.{form.name}.cancel|button.cancel")))
        return Prompt((*said, *asked.lines), (*asked.rows, leave))
    step = _step(form, draft)
    if step is None:
        raise LookupError(f"{form.name} has no question {draft.at}")
    visible = [s.name for s in relevant_steps(form, draft.answers)]
    question = Say(f"form.{form.name}.{step.name}.ask|field.{step.name}.ask")
    lines = [*said, question]
    if "about" in draft.facts and draft.revision <= 1:  # just opened: say whom the questions are about
        lines.insert(len(said), Say("draft.about", person=str(draft.facts["about"])))
    if step.name in draft.answers:
        lines.append(Say("draft.so_far", value=step.shown(draft.answers[step.name], draft.facts)))
    options = [Choice(MEANT + meant, _as_label(step.show(meant)))] if meant is not None else []
    options += [Choice(key, Say(f"{step.vocabulary}.{key}")) for key in step.options]
    options += [Choice(OFFER + key, Say(f"offer.{key}")) for key in step.ask.offer]
    options += [Choice(FOUND + key, Say("value.as_written", value=name)) for key, name in step.found(draft.facts).items()]
    steer = []
    if step.may_skip:
        steer.append(Choice(SKIP, Say(f"form.{form.name}.{step.name}.skip|field.{step.name}.skip|button.skip")))
    if step.name in visible[1:] or _first_open(form, draft.answers) == REVIEW:
        steer.append(Choice(BACK, Say("button.back")))
    steer.append(Choice(CANCEL, Say("button.cancel_draft")))
    rows = in_rows(options, 2) + in_rows(steer, 3)
    return Prompt(tuple(lines), rows, typed=not step.options and not step.ask.lookup)


def _as_label(value: Param) -> Say:
    return value if isinstance(value, Say) else Say("value.as_written", value=value)


def _card(form: type[Form], draft: Draft) -> list[Say]:
    return [
        Say(LINE, n=n, label=label(form, step.name), value=step.shown(draft.answers.get(step.name), draft.facts))
        for n, step in enumerate(relevant_steps(form, draft.answers), start=1)
    ]


def _review(form: type[Form], draft: Draft, said: tuple[Say, ...]) -> Prompt:
    card = _card(form, draft)
    words: dict[str, Param] = {"form": Say(f"form.{form.name}.title"), "unit": str(draft.facts.get("unit_name", ""))}
    if "day" in draft.facts:
        title = Say("review.title_for_day", day=date.fromisoformat(draft.facts["day"]), **words)
    else:
        title = Say(f"form.{form.name}.review|review.title", **words)
    if "about" in draft.facts and "full_name" not in form.model_fields:
        card.insert(0, Say("review.about", person=str(draft.facts["about"])))
    doubts = form.check(draft.answers, draft.facts)
    if (reported := draft.facts.get("reported")) is not None:
        doubts.append(Say("review.replaces", by=reported["by"], at=datetime.fromisoformat(reported["at"])))
    warnings = [Say("review.warning", text=say) for say in doubts]
    rows: list[tuple[Choice, ...]] = [(Choice(CONFIRM, Say(f"form.{form.name}.send|button.send")),)]
    if card:
        rows.append((Choice(EDIT, Say("button.edit")), Choice(CANCEL, Say(f"form.{form.name}.cancel|button.cancel"))))
    else:
        rows.append((Choice(CANCEL, Say(f"form.{form.name}.cancel|button.cancel")),))
    return Prompt((*said, title, *card, *form.foresees(draft.answers, draft.facts), *warnings), tuple(rows))


def _pick(form: type[Form], draft: Draft, said: tuple[Say, ...]) -> Prompt:
    options = [Choice(f"{EDIT}.{step.name}", label(form, step.name)) for step in relevant_steps(form, draft.answers)]
    return Prompt((*said, Say("review.pick")), (*in_rows(options, 2), (Choice(BACK, Say("button.back")),)))
