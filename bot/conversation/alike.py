"""Is it somebody who is known already? The question between the review card and the record (A9), as steps of the draft.

Who was found is a fact of the draft, so the question survives whatever happens and its buttons are the draft's:

- ``alike``: a list of ``{"id", "person", "unit", "kind", "day", "same", "differs"}``: who it is in a word, where, the newest
  that is recorded about them and when, the answers that agree, and of those that do not, what is known.
- ``repeats``: ``{"person", "who", "day", "by"}``: the report of the same kind that stands about this person, who
  they are in a word, when it was filed and by whom.
- ``meant``: the answer; ``apart``: who it was said not to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.conversation.draft import ALIKE, REPEAT, Draft, Json
from bot.conversation.form import Form, label, steps
from bot.conversation.prompt import Choice, Prompt
from bot.conversation.words import Say

WHO = "*who."  # before the answer, in the key of a choice
SAME, ANOTHER, AMEND, ANEW = "same.", "another", "amend", "anew"


@dataclass(frozen=True)
class Meant:
    """``who``: SAME and somebody's id, or ANOTHER; for a report that repeats one, AMEND that one, or it happened ANEW."""

    who: str


def offered(draft: Draft) -> tuple[str, ...]:
    """The answers to the question that is open; none if it is not one of these."""
    if draft.at == ALIKE:
        return (*(SAME + one["id"] for one in draft.facts["alike"]), ANOTHER)
    return (AMEND, ANEW) if draft.at == REPEAT else ()


def prompt(form: type[Form], draft: Draft) -> Prompt:
    """The open question; the engine adds how to leave it."""
    return _alike(form, draft) if draft.at == ALIKE else _repeats(form, draft)


def _alike(form: type[Form], draft: Draft) -> Prompt:
    found: list[Json] = draft.facts["alike"]
    lines, rows = [Say("alike.title")], []
    for n, one in enumerate(found, start=1):
        only = len(found) == 1
        words = {"person": one["person"], "unit": one["unit"]}
        lines += [Say("alike.who", **words) if only else Say("alike.who_numbered", n=n, **words), *_compared(form, draft, one)]
        rows.append((Choice(WHO + SAME + one["id"], Say("alike.same_person") if only else Say("alike.same_as", n=n)),))
    return Prompt((*lines, Say("alike.ask")), (*rows, (Choice(WHO + ANOTHER, Say("alike.another")),)))


def _compared(form: type[Form], draft: Draft, one: Json) -> Iterator[Say]:
    title = Say(f"form.{one['kind']}.title|form.unknown.title")
    yield Say("alike.recorded", day=date.fromisoformat(one["day"]), form=title)
    if one["same"]:
        yield Say("alike.same", fields=[label(form, name) for name in one["same"]])
    for step in steps(form):
        if step.name in one["differs"]:
            known, new = step.shown(one["differs"][step.name]), step.shown(draft.answers[step.name])
            yield Say("alike.differs", label=label(form, step.name), known=known, new=new)


def _repeats(form: type[Form], draft: Draft) -> Prompt:
    found = draft.facts["repeats"]
    words = {"by": found["by"], "day": date.fromisoformat(found["day"]), "person": found["who"]}
    line = Say("alike.repeats", form=Say(f"form.{form.name}.title"), **words)
    choices = (Choice(WHO + AMEND, Say("alike.amend")), Choice(WHO + ANEW, Say("alike.anew")))
    return Prompt((line,), tuple((choice,) for choice in choices))
