"""A report that is being filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Json = Any  # what json.dumps accepts: the canonical value of an answer
Answers = Mapping[str, Json]

REVIEW = "*review"  # all is answered: the card with "send"
PICK = "*pick"  # which answer shall be changed?
ALIKE = "*alike"  # is it somebody who is known already?
REPEAT = "*repeat"  # they are, and the same was reported of them: is it the same event?


@dataclass(frozen=True)
class Draft:
    """A row, not an object in memory: it survives restarts and waits for days.

    ``answers`` holds canonical values in JSON, never the words that were typed; a skipped question is stored as None.
    ``unit`` is the village it is about. ``at`` is the open question, or one of the steps above. ``revision`` grows with every
    step and is part of every button, so a button of an earlier step is known as such.

    ``facts`` are things looked up when the draft was opened; the form may use them, the person does not change them:
    ``unit_name``; ``filed``, the window's figures; ``day``, where the report is for a day; ``base``, the version that is
    corrected; ``reported``, who sent the report that this one replaces and when; ``declared``, what that report said;
    ``rules``, the file of the province's rules, if there is one;
    ``person``, who it is about if they are known, ``about``, their name and year, ``follows``, the record that it builds on;
    ``alike``, ``repeats``, ``meant`` and ``apart``, what was asked and answered about others like them (``alike``);
    ``told``, by what means and by whom an officer was told it; ``vaccinated``, the doses of which earlier reports knew.

    ``amends`` is the record that this draft corrects; without it a new record takes the draft's id.
    """

    id: str
    form: str
    version: int
    unit: str
    at: str
    revision: int = 0
    answers: Answers = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)
    amends: str | None = None

    def moved(self, at: str, answers: Answers | None = None) -> Draft:
        """The draft one step further."""
        return replace(self, at=at, revision=self.revision + 1, answers=self.answers if answers is None else answers)


@dataclass(frozen=True)
class Token:
    """The payload of a button: which draft, at which step, which choice. At most 64 bytes, all ASCII."""

    draft: str
    revision: int
    choice: str

    def __str__(self) -> str:
        return f"{self.draft}:{self.revision}:{self.choice}"

    @classmethod
    def parse(cls, payload: str) -> Token | None:
        parts = payload.split(":", 2)
        if len(parts) != 3 or not parts[1].isdecimal():
            return None
        return cls(parts[0], int(parts[1]), parts[2])
