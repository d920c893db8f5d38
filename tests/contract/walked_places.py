"""Where a person stands, and what can be done there: the same place, whoever's record, draft or day it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from bot.conversation.draft import ALIKE, REPEAT, Draft, Token
from bot.conversation.engine import BACK, CANCEL, CONFIRM, EDIT, FOUND, SKIP
from bot.conversation.form import Form, Step, steps
from bot.domain.units import OrgUnit
from bot.forms import forms
from bot.handlers.routes import COMMANDS
from bot.messages import BUTTONS
from bot.texts import Voice, languages
from tests.contract.walked_world import UNITS, Heard, Offered

AGREE = "do:agree"
NEWCOMER = "newcomer"  # the rank of whoever has not agreed: all they are offered is to agree
ANSWER, MENU, AGAIN = "=answer", "/menu", "?"  # what is typed: a right answer, the way out, "what was the question?"
SEEN_ON_THE_WAY = {"alike", "repeats", "meant", "apart", "reported", "declared", "base", "day"}  # facts of a draft
STEER = (BACK, SKIP, CANCEL, FOUND)
LEVELS: Mapping[str, OrgUnit] = {unit.code: unit for unit in UNITS}
_ID = re.compile(r"W\d{9}|[0-9A-Z]{8}")  # a record, a draft, a pasted text, a picture; an invite
_STAMP = re.compile(r"(?=.*\d)[0-9a-f]{6}")  # of the figures that somebody was shown
_NAME = re.compile(r"[a-z0-9_*~-]*")  # what code calls something
_DAY = re.compile(r"\d{4}-\d\d-\d\d\w?")

Key = tuple[object, ...]


def commands() -> list[tuple[str, ...]]:
    """Everything that may be typed after a slash; the names of one command together."""
    named = [command.names for command in COMMANDS] + [_opening(form) for form in forms().values() if form.files and form.alone]
    return [tuple(f"/{name}" for name in dict.fromkeys(names)) for names in named]


def openings() -> list[str]:
    """A command for each report."""
    return [f"/{_opening(form)[0]}" for form in forms().values() if form.files and form.alone]


def _opening(form: type[Form]) -> tuple[str, ...]:
    return tuple(Voice(language).word(f"form.{form.name}.command") for language in languages())


def alike(token: str, draft: str = "") -> str:
    """What a choice means, whichever record, unit, page and day it is about: such choices are the same choice.

    ``draft`` is the report that is open.
    """
    if (own := Token.parse(token)) is not None:
        return FOUND if own.choice.startswith(FOUND) else ".".join(_kind(part, "") for part in own.choice.split("."))
    parts = [_kind(part, draft) for part in token.split(":")]
    return ":".join("PAGE" if part.isdecimal() else part for part in parts)


def _kind(part: str, draft: str) -> str:
    if part in LEVELS:
        return f"<{LEVELS[part].level}>"
    if _ID.fullmatch(part):
        return "DRAFT" if part == draft else "ID"
    if _DAY.fullmatch(part):
        return "DAY"
    if _STAMP.fullmatch(part) and not part.isdecimal():
        return "STAMP"
    return part if part.isdecimal() or _NAME.fullmatch(part) else "TEXT"


@cache
def once(edge: str) -> str:
    """What has to be taken once: to drop an open report is the same whatever is opened instead, to choose a village or a page
    whatever it is chosen for, the day is any day, which answer is changed is asked in one way, and so is why a report is late.
    """
    if edge.startswith(f"{EDIT}."):
        return f"{EDIT}.FIELD"
    parts = edge.split(":")
    if parts[:2] == ["do", "late"] and len(parts) > 3:
        return ":".join([*parts[:3], "REASON"])
    if "DRAFT" in parts:
        return f"{parts[0]}:{parts[1]}:DRAFT"
    if "STAMP" in parts or "PAGE" in parts:  # what is said to figures, and turning a page
        parts = ["UNIT" if part.startswith("<") else part for part in parts]
    if "UNIT" in parts or "<village>" in parts:  # which of several villages it is for
        parts = ["FORM" if part in forms() else part for part in parts]
    return ":".join(part for part in parts if part != "DAY")


def edges(offered: Sequence[Offered], draft: str = "") -> dict[str, tuple[Offered, ...]]:
    """What can be chosen, by what it means; those that are alike, as the villages of a list, together."""
    found: dict[str, tuple[Offered, ...]] = {}
    for one in offered:
        edge = alike(one.token, draft)
        found[edge] = (*found.get(edge, ()), one)
    return found


@dataclass(frozen=True)
class Place:
    """``key`` tells places apart to find the way; ``kind`` to know what was taken there.

    The questions of a report are the same places for everybody. Elsewhere a choice means the same wherever it is shown,
    since nothing but its payload says what it does; and what is left is left for all who are of one ``family``, teams or
    officials, as far as it is offered to them: the ways are those of their ``rank``.
    """

    key: Key
    kind: Key
    rank: str
    offered: Mapping[str, tuple[Offered, ...]]  # by edge
    draft: Draft | None
    step: Step | None
    words: tuple[str, ...]  # what can be typed beside
    asking: bool = False  # what is offered belongs to the open report
    sent: Key = ()  # kind of place too: how the report was opened, which may lead elsewhere once it is sent
    answered: Key = ()  # kind of place too: where no record is made of the answers

    @property
    def typed(self) -> bool:
        """Whether free text is an answer here."""
        return self.step is not None and not self.step.options and not self.step.ask.lookup

    @cached_property
    def edges(self) -> list[tuple[Key, str]]:
        """What can be done here, and for what kind of place that is done."""
        if not self.asking:
            return [(self.kind, edge) for edge in (*self.offered, *self.words)]
        # What steers through a report is the same at all questions of one shape, and costs the whole way back.
        kind = self._shape if self.step is None else self.kind
        steered = [(self._shape if edge in STEER else kind, edge) for edge in self.offered]
        answers = [(kind, ANSWER) for kind in (self._shape, self.answered) if self.typed and kind]
        sent = [(self.sent, CONFIRM)] if CONFIRM in self.offered else []
        return [(self._shape, MENU), *steered, *((self._shape, word) for word in self.words), *answers, *sent]

    @cached_property
    def leading_on(self) -> list[str]:
        """What can be done here and may lead somewhere else."""
        return list(dict.fromkeys(edge for _, edge in self.edges if edge != AGAIN))

    @cached_property
    def wanted(self) -> list[tuple[Key, str]]:
        """What has to be taken here once.

        Not the answers of a report that is filed: ``walked_reports`` gives each of them, and compares what they leave behind.
        """
        if self.draft is None or not self.asking or self.step is None or not forms()[self.draft.form].files:
            return self.edges
        return [(kind, edge) for kind, edge in self.edges if kind == self._shape]

    @property
    def _shape(self) -> Key:
        step = self.step
        if step is None:
            return self.kind[1:] if self.kind[1] in (ALIKE, REPEAT) else self.kind
        return ("a question", bool(step.options), bool(step.ask.lookup), bool(step.ask.offer), step.may_skip)


def standing(rank: str, family: str, heard: Heard, channel: str) -> Place:
    """The place that what was heard shows."""
    draft = heard.draft
    offered = edges(heard.offered, draft.id if draft else "")
    if draft is not None and heard.asking:
        step = next((step for step in steps(forms()[draft.form]) if step.name == draft.at), None)
        how = (draft.amends is None, frozenset(draft.facts) - SEEN_ON_THE_WAY)
        own = () if forms()[draft.form].files else (draft.form, draft.at, rank)  # each rank is led elsewhere
        key, sent = (draft.form, draft.at, how, own), ("sent", *how, *own)
        return Place(key, (draft.form, draft.at), "", offered, draft, step, (AGAIN,), True, sent, own)
    # Where there are buttons, they stay in sight: "?" is for questions there, and brings the menu if none is open. Whoever
    # has not agreed is shown the notice whatever they type.
    words = (AGAIN,) if offered and not BUTTONS[channel] and AGREE not in offered else ()
    rank = NEWCOMER if AGREE in offered else rank
    pending = (draft.form, draft.at) if draft else ()
    return Place((rank, frozenset(offered), pending), (family,), rank, offered, draft, None, words)
