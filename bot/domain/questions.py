"""Quick questions (N14): what is asked of units, what counts as an answer, who is missing, and when what is due. Pure.

A question is asked once, or again every day. Each asking is a round, named by its day; a unit's answers to a round are versions
of which the last counts. Nobody's silence is ever a 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.clock import at, vietnam_day
from bot.conversation.draft import Json
from bot.conversation.prompt import chosen
from bot.domain.dates import parse_date
from bot.domain.numbers import parse_count
from bot.domain.units import OrgUnit, Tree
from bot.domain.vietnamese import Misread, strip_unsafe, tidy

LONGEST_ANSWER = 1000
MOST_OPTIONS, LONGEST_OPTION = 8, 40
NUDGE_BEFORE = timedelta(minutes=30)
ONE_DAY = timedelta(days=1)


class AnswerKind(StrEnum):
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"
    DATE = "date"


class State(StrEnum):
    """``DRAFT``: not asked yet. ``CLOSED``: no answer is taken any more. ``WITHDRAWN``: as if it had not been asked."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class HowOften(StrEnum):
    ONCE = "once"
    DAILY = "daily"


class Whom(StrEnum):
    """Of whom something is asked: of all units below, or of some."""

    ALL = "all"
    SOME = "some"


@dataclass(frozen=True)
class Question:
    """``units``: the codes it is asked of; None: of all right below ``unit``. The walls are those of a daily one.

    ``next_at``: when something falls due next, as the schedule noted it.
    """

    id: str
    unit: str
    by: str
    kind: AnswerKind
    text: str
    options: tuple[str, ...]
    units: tuple[str, ...] | None
    state: State
    first_day: date
    created_at: datetime
    ask_wall: time | None = None
    due_wall: time | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    next_at: datetime | None = field(default=None, compare=False)

    @property
    def daily(self) -> bool:
        return self.due_wall is not None


@dataclass(frozen=True)
class Asked:
    """One round: ``due_at`` is the first instant that is late."""

    question: str
    day: date
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Answer:
    """One version of a unit's answer. ``means``: by what it came (``domain.ways``); ``told``: who said it, if that is known."""

    question: str
    day: date
    unit: str
    version: int
    value: Json
    by: str
    means: str
    at: datetime
    told: str | None = None


# --- answers ----------------------------------------------------------------------------------------------------------------


def read_answer(kind: AnswerKind, text: str, today: date, labels: Mapping[str, str]) -> Json:
    """The canonical value of what somebody typed. ``labels``: of each choice what it is called.

    A choice is taken by its whole label alone: a digit in free text is no choice. Raises ``Misread``: as the readers of
    counts and dates do, ``text_too_short`` (least), ``text_too_long`` (most), ``answer_no_choice``.
    """
    match kind:
        case AnswerKind.NUMBER:
            return parse_count(text)
        case AnswerKind.DATE:
            return parse_date(text, today, "near").isoformat()
        case AnswerKind.TEXT:
            said = "\n".join(tidy(line) for line in strip_unsafe(text).split("\n")).strip("\n")
            if not said:
                raise Misread("text_too_short", least=1)
            if len(said) > LONGEST_ANSWER:
                raise Misread("text_too_long", most=LONGEST_ANSWER)
            return said
        case AnswerKind.YES_NO | AnswerKind.CHOICE:
            key = chosen(text, list(labels.items()), typed=True)
            if key is None:
                raise Misread("answer_no_choice")
            return key


def choices(question: Question) -> tuple[str, ...]:
    """The keys of the choices that it offers; none where something is typed."""
    if question.kind is AnswerKind.YES_NO:
        return ("yes", "no")
    return tuple(str(n) for n in range(len(question.options))) if question.kind is AnswerKind.CHOICE else ()


def last_answers(answers: Iterable[Answer]) -> dict[str, Answer]:
    """By unit the version that counts."""
    found: dict[str, Answer] = {}
    for one in answers:
        if one.unit not in found or one.version > found[one.unit].version:
            found[one.unit] = one
    return found


def is_late(answer: Answer, asked: Asked) -> bool:
    return answer.at >= asked.due_at


# --- of whom, and what came -------------------------------------------------------------------------------------------------


def asked_units(question: Question, tree: Tree) -> tuple[OrgUnit, ...]:
    """Of whom it is asked on the day of the tree: a unit that is closed by then is asked no more."""
    below = tree.children(question.unit)
    if question.units is None:
        return below
    return tuple(one for one in below if one.code in question.units)


def closed_units(question: Question, tree: Tree) -> tuple[str, ...]:
    """The codes of those that were to be asked and are no longer there."""
    return tuple(code for code in question.units or () if code not in tree)


@dataclass(frozen=True)
class Standing:
    """What came of a round. ``total`` only of numbers, ``counts`` only of choices, by key."""

    answers: Mapping[str, Answer]
    units: tuple[OrgUnit, ...]
    missing: tuple[OrgUnit, ...]
    total: int | None
    counts: Mapping[str, int]

    @property
    def answered(self) -> int:
        return len(self.units) - len(self.missing)


def standing(question: Question, units: Sequence[OrgUnit], answers: Iterable[Answer], gone: Collection[str] = ()) -> Standing:
    """Of the units asked alone: totals of their last answers; who has given none is missing and counts nothing.

    Of those that are ``gone`` since, an answer still counts, and none is waited for.
    """
    codes = {one.code for one in units}
    last = {code: one for code, one in last_answers(answers).items() if code in codes}
    units = [one for one in units if one.code in last or one.code not in gone]
    number = question.kind is AnswerKind.NUMBER and last
    counted = Counter(str(one.value) for one in last.values())
    return Standing(
        answers=last,
        units=tuple(units),
        missing=tuple(one for one in units if one.code not in last),
        total=sum(int(one.value) for one in last.values()) if number else None,
        counts={key: counted[key] for key in choices(question)},
    )


# --- when ---------------------------------------------------------------------------------------------------------------------


class What(StrEnum):
    """What falls due of a question."""

    ASK = "ask"  # today's round of a daily one
    NUDGE = "nudge"
    DUE = "due"


@dataclass(frozen=True, order=True)
class Moment:
    at: datetime
    what: What
    day: date


def nudge_at(asked: Asked) -> datetime | None:
    """When those who are silent are reminded: half an hour before, or halfway of a shorter round."""
    found = max(asked.due_at - NUDGE_BEFORE, asked.asked_at + (asked.due_at - asked.asked_at) / 2)
    found = found.replace(second=0, microsecond=0)
    return found if asked.asked_at < found < asked.due_at else None


def foreseen(question: Question, day: date) -> Asked | None:
    """The round of a day of a daily question, as it is asked unless somebody changes it; None for a day before its first."""
    if question.ask_wall is None or question.due_wall is None or day < question.first_day:
        return None
    return Asked(question.id, day, at(day, question.ask_wall), at(day, question.due_wall))


def moments(question: Question, rounds: Collection[Asked], after: datetime, until: datetime) -> list[Moment]:
    """What falls due in (after, until], in order. ``rounds`` are those that were asked; those to come are foreseen."""
    if question.state is not State.OPEN or until <= after:
        return []
    known = {one.day: one for one in rounds}
    found: list[Moment] = []
    day = max(question.first_day, vietnam_day(after))
    while question.daily and day <= vietnam_day(until):
        if (coming := foreseen(question, day)) is not None:
            if day not in known:
                known[day] = coming
            found.append(Moment(coming.asked_at, What.ASK, day))
        day += ONE_DAY
    for one in known.values():
        found.append(Moment(one.due_at, What.DUE, one.day))
        if (nudged := nudge_at(one)) is not None:
            found.append(Moment(nudged, What.NUDGE, one.day))
    return sorted(moment for moment in found if after < moment.at <= until)


def next_moment(question: Question, rounds: Collection[Asked], after: datetime) -> datetime | None:
    """The first instant after this at which anything falls due; None if nothing ever will."""
    begins = max(after, at(question.first_day, time(0))) if question.daily else after
    last = max([one.due_at for one in rounds] + [begins + 2 * ONE_DAY])
    return next((moment.at for moment in moments(question, rounds, after, last)), None)


def first_round(question: Question, now: datetime) -> Asked | None:
    """Today's round of a daily question that is begun now; None if its hour is over for today: it begins tomorrow."""
    coming = foreseen(question, vietnam_day(now))
    if coming is None or now >= coming.due_at:
        return None
    return Asked(question.id, coming.day, max(now, coming.asked_at), coming.due_at) if now >= coming.asked_at else None
