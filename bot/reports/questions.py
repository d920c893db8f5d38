"""What a quick question's round looks like: the table in a chat, its Excel file, and the lines of a digest (N14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import vietnam_day
from bot.conversation.draft import Json
from bot.conversation.words import Param, Say
from bot.domain.questions import Answer, AnswerKind, Asked, Question, Standing, choices, is_late, standing
from bot.domain.questions import asked_units as units_of
from bot.domain.questions import closed_units as gone_of
from bot.domain.units import OrgUnit, Tree
from bot.reports.book import Book, Cell, Column, Heading, Made
from bot.reports.phrases import moment, place, places
from bot.storage import people, questions
from bot.storage.accounts import by_person
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.texts import Voice

MOST_LINES, LONGEST, MOST_NAMED = 20, 80, 40  # answers in a chat, characters of one, units by name; the file has all


@dataclass(frozen=True)
class Round:
    """A question with a round and what came of it. ``names``: of those who answered, by user. ``gone``: closed units."""

    question: Question
    asked: Asked
    standing: Standing
    names: Mapping[str, str] = field(default_factory=dict)
    gone: Sequence[str] = ()


async def read_round(
    tx: Tx,
    keys: Keyring,
    tree: Tree,
    question: Question,
    asked: Asked,
    until: datetime | None = None,
    then: Tree | None = None,
) -> Round:
    """A round as it is known now, or at ``until``.

    ``tree`` is that of the day on which one looks, ``then`` that of the round's day, if it is another.
    """
    answers = await questions.answers(tx, keys, [question.id], asked.day, until)
    units = units_of(question, then or tree)
    gone = {*gone_of(question, tree), *(one.code for one in units if one.code not in tree)}
    found = standing(question, units, answers, gone)
    return Round(question, asked, found, await _names(tx, keys, found), sorted(gone))


async def _names(tx: Tx, keys: Keyring, found: Standing) -> dict[str, str]:
    users = {one.by for one in found.answers.values()}
    return {user: owned[0].name for user, owned in by_person(await people.of_users(tx, keys, users)).items()} if users else {}


# --- words ------------------------------------------------------------------------------------------------------------------


def label_of(question: Question, key: str) -> Say:
    """What a choice is called."""
    if question.kind is AnswerKind.YES_NO:
        return Say(f"choice.bool.{key}")
    return Say("value.as_written", value=question.options[int(key)])


def shown(question: Question, value: Json) -> Param:
    """An answer as people read it."""
    match question.kind:
        case AnswerKind.NUMBER:
            return int(value)
        case AnswerKind.YES_NO | AnswerKind.CHOICE:
            return label_of(question, str(value))
        case AnswerKind.DATE:
            return datetime.fromisoformat(str(value)).date()
        case AnswerKind.TEXT:
            return str(value)


def named(units: Sequence[OrgUnit]) -> list[Say]:
    """Units by name, of very many the first."""
    more = [Say("question.and_more", n=len(units) - MOST_NAMED)] if len(units) > MOST_NAMED else []
    return [*places(units[:MOST_NAMED]), *more]


def sums(question: Question, found: Standing) -> list[Say]:
    """Total and counts of those who answered; nothing where there is nothing to add up."""
    if found.total is not None:
        return [Say("question.total", n=found.total)]
    if not any(found.counts.values()):
        return []
    counts = [Say("question.count", choice=label_of(question, key), n=n) for key, n in found.counts.items()]
    return [Say("question.counts", counts=counts)]


def table_lines(one: Round, now: datetime, with_answers: bool = True) -> list[Say]:
    """The table in a chat. ``with_answers``: each unit's own too, of free text no more than begins it."""
    found, asked = one.standing, one.asked
    head: dict[str, Param] = {
        "text": one.question.text,
        "due": moment(asked.due_at, now),
        "a": found.answered,
        "b": len(found.units),
    }
    lines = [Say("question.table.daily" if one.question.daily else "question.table.once", day=asked.day, **head)]
    lines += sums(one.question, found)
    if with_answers:
        lines += list(_answer_lines(one))
    if found.missing:
        lines.append(Say("question.table.missing", units=named(found.missing)))
    elif found.units:
        lines.append(Say("question.table.complete"))
    if one.gone:
        lines.append(Say("question.table.gone", n=len(one.gone)))
    return lines


def _answer_lines(one: Round) -> Iterator[Say]:
    answered = [unit for unit in one.standing.units if unit.code in one.standing.answers]
    for unit in answered[:MOST_LINES]:
        answer = one.standing.answers[unit.code]
        value = shown(one.question, answer.value)
        if isinstance(value, str) and len(value) > LONGEST:
            value = f"{value[:LONGEST]}…"
        yield Say("question.table.line", unit=place(unit), value=value, marks=_marks(answer, one.asked))
    if len(answered) > MOST_LINES:
        yield Say("question.table.more", n=len(answered) - MOST_LINES)


def _marks(answer: Answer, asked: Asked) -> Say:
    late = is_late(answer, asked)
    if answer.means == "app":
        return Say("question.mark.late") if late else Say("reports.nothing")
    means = Say(f"told.{answer.means}")
    return Say("question.mark.told_late" if late else "question.mark.told", means=means)


def counter_line(one: Round) -> Say:
    """A daily question in a digest: what came, and who has not answered, by name."""
    found = one.standing
    words: dict[str, Param] = {
        "text": one.question.text,
        "sums": sums(one.question, found) or Say("question.no_answer"),
        "a": found.answered,
        "b": len(found.units),
    }
    if found.missing:
        return Say("question.digest.some", missing=named(found.missing), **words)
    return Say("question.digest.all", **words)


# --- the file ---------------------------------------------------------------------------------------------------------------


def question_book(one: Round, unit: str, made: Made, voice: Voice) -> bytes:
    """A round as an Excel file: a row for each unit, who answered, when and by what means; who has not is named and empty."""
    book = Book()
    found = one.standing
    columns = [
        Column(voice.word("reports.sheet.number"), 5, True),
        Column(voice.word("question.sheet.unit"), 26),
        Column(voice.word("question.sheet.answer"), 30),
        Column(voice.word("question.sheet.by"), 24),
        Column(voice.word("question.sheet.at"), 18),
        Column(voice.word("question.sheet.note"), 26),
    ]
    total = [None, voice.word("reports.sheet.total"), found.total, None, None, None] if found.total is not None else None
    sheet_of = Say("question.sheet.due", due=moment(one.asked.due_at, made.at), day=one.asked.day)
    counted = Say("question.sheet.answered", a=found.answered, b=len(found.units))
    book.sheet(
        voice.word("question.sheet.tab"),
        Heading(unit.upper(), one.question.text, voice(sheet_of), voice(counted)),
        columns,
        _rows(one, made.at, voice),
        total=total,
        below=[*(voice(line) for line in sums(one.question, found) if found.total is None), voice(made.line())],
        page=voice.word("reports.sheet.page"),
    )
    return book.finish()


def _rows(one: Round, now: datetime, voice: Voice) -> Iterator[list[Cell]]:
    for number, unit in enumerate(one.standing.units, start=1):
        answer = one.standing.answers.get(unit.code)
        if answer is None:
            yield [number, voice(place(unit)), None, None, None, voice.word("question.sheet.missing")]
            continue
        by = one.names.get(answer.by, "–")
        if answer.told:
            by = voice(Say("question.sheet.told", told=answer.told, name=by))
        yield [
            number,
            voice(place(unit)),
            cell_of(one.question, answer.value, voice),
            by,
            voice(moment(answer.at, now if vietnam_day(now) == one.asked.day else one.asked.asked_at)),
            voice(_marks(answer, one.asked)).strip(" ()"),
        ]


def cell_of(question: Question, value: Json, voice: Voice) -> Cell:
    """An answer as a cell: a number as a number, all else as text."""
    read = shown(question, value)
    return read if isinstance(read, int) else voice(Say("question.cell", value=read))


def answer_cell(one: Round, unit: str, voice: Voice) -> Cell:
    """What a unit answered; None, and no 0, if it has not."""
    answer = one.standing.answers.get(unit)
    return cell_of(one.question, answer.value, voice) if answer is not None else None


def is_counted(question: Question) -> bool:
    """Whether its answers add up to something: numbers and choices."""
    return question.kind is AnswerKind.NUMBER or bool(choices(question))
