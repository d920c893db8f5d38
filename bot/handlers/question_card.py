"""What came of a quick question (N14), and what its office may do: ask again, extend, close, withdraw, take the file."""

from __future__ import annotations

from datetime import date, time

from bot.clock import local
from bot.conversation.draft import Json
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice, Rows
from bot.conversation.words import Say
from bot.domain.access import works_for
from bot.domain.hours import written
from bot.domain.questions import Asked, Question, State, asked_units
from bot.forms.question import QuestionDue
from bot.handlers import reporting
from bot.handlers.answering_questions import look, say_ended
from bot.handlers.call import Call
from bot.handlers.wanted import want
from bot.reports.phrases import HOME, moment
from bot.reports.question_posts import AGAIN, EXTENDED, ask_posts, cancel_key, live_posts, respondents
from bot.reports.questions import table_lines
from bot.storage import outbox, questions

FILE = "question_file"
"""The kind of work that makes the Excel file of a round."""

LISTED = Choice("do:ask", Say("question.button.list"))


def open_rows(one: Question) -> Rows:
    return ((Choice(f"do:question:{one.id}", Say("question.button.open")), HOME),)


# --- what came of it ----------------------------------------------------------------------------------------------------------


async def card(call: Call, question_id: str, day: str = "") -> None:
    """The table of a round, the newest unless a day is named, and what may be done."""
    found = await _seen(call, question_id, day)
    if found is None:
        return
    one, asked, former = found
    if asked is None:
        begins = Say("question.begins", day=one.first_day, at=one.ask_wall or time(0), n=len(asked_units(one, call.tree)))
        call.say(Say("question.text", text=one.text), begins, rows=(*_ending(one), (LISTED, HOME)))
        return
    seen = await look(call, one, asked)
    lines = table_lines(seen, call.at)
    rows: list[tuple[Choice, ...]] = []
    here = f"{one.id}:{asked.day}"
    if one.state is State.OPEN:
        if seen.standing.missing:
            rows.append((Choice(f"do:ask_again:{here}", Say("question.button.again")),))
        rows.append(
            (
                Choice(f"do:answer_for:{here}", Say("question.button.for_them")),
                Choice(f"do:ask_due:{here}", Say("question.button.extend")),
            )
        )
        rows += _ending(one)
    else:
        lines.append(Say(f"question.state.{one.state}"))
    before = [Choice(f"do:question:{one.id}:{former.day}", Say("question.button.day", day=former.day))] if former else []
    rows.append((Choice(f"do:ask_file:{here}", Say("question.button.file")), *before))
    call.say(*lines, rows=(*rows, (LISTED, HOME)))


def _ending(one: Question) -> Rows:
    if one.state is not State.OPEN:
        return ()
    close = Say("question.button.stop" if one.daily else "question.button.close")
    withdraw = Choice(f"do:ask_back:{one.id}", Say("question.button.withdraw"))
    return ((Choice(f"do:ask_close:{one.id}", close), withdraw),)


async def _seen(call: Call, question_id: str, day: str) -> tuple[Question, Asked | None, Asked | None] | None:
    """A question of one's office, the round that is meant and the one before; None if there is none, which has been said."""
    one = await questions.get(call.tx, call.desk.keys, question_id)
    if one is None or one.state is State.DRAFT or not works_for(call.user.roles, one.unit):
        known = one is not None and one.state is not State.DRAFT
        call.say(Say("access.denied" if known else "question.unknown"), rows=((HOME,),))
        return None
    rounds = (await questions.rounds(call.tx, [one.id])).get(one.id, [])
    at = next((n for n, round_ in enumerate(rounds) if str(round_.day) == day), len(rounds) - 1)
    return one, rounds[at] if rounds else None, rounds[at - 1] if at > 0 else None


async def _open(call: Call, question_id: str, day: str) -> tuple[Question, Asked] | None:
    """The same for what only an open question allows."""
    found = await _seen(call, question_id, day)
    if found is None:
        return None
    one, asked, _ = found
    if one.state is not State.OPEN or asked is None:
        await say_ended(call, one)
        return None
    return one, asked


async def again(call: Call, question_id: str, day: str) -> None:
    """Ask once more who is silent; each once an hour."""
    found = await _open(call, question_id, day)
    if found is None:
        return
    one, asked = found
    seen = await look(call, one, asked)
    readers = await respondents(call.tx, call.desk.keys, seen.standing.missing)
    posts = ask_posts(one, asked, call.tree, readers, call.at, AGAIN, f"{local(call.at):%d%H}")
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)
    people = len({who.id for held in readers.values() for who in held})
    back = Choice(f"do:question:{one.id}:{asked.day}", Say("button.back"))
    call.say(Say("remind.done", n=people) if people else Say("remind.nobody_there"), rows=((back, HOME),))


async def due(call: Call, question_id: str, day: str, drop: str = "") -> None:
    """Ask for another deadline."""
    found = await _open(call, question_id, day)
    if found is not None:
        await other_due(call, found[0], found[1], drop)


async def other_due(call: Call, one: Question, asked: Asked, drop: str, *before: Say) -> None:
    if reporting.busy(call, QuestionDue.name, drop, lambda draft: f"do:ask_due:{one.id}:{asked.day}:{draft}"):
        return
    title = call.voice(Say("question.due_now", text=one.text, due=moment(asked.due_at, call.at)))
    facts: dict[str, Json] = {"about": title, "asks": [one.id, asked.day.isoformat()]}
    reporting.begin(call, opened(QuestionDue, call.desk.new_id(), one.unit, {}, facts, call.today), fresh=True, before=before)


async def round_of(call: Call, question_id: str, day: str) -> Asked | None:
    rounds = (await questions.rounds(call.tx, [question_id])).get(question_id, [])
    return next((one for one in rounds if one.day == date.fromisoformat(day)), None)


async def tell_extended(call: Call, one: Question, asked: Asked) -> None:
    seen = await look(call, one, asked)
    readers = await respondents(call.tx, call.desk.keys, seen.standing.missing)
    part = written(asked.due_at).replace(":", "")
    posts = ask_posts(one, asked, call.tree, readers, call.at, EXTENDED, part)
    await outbox.queue(call.tx, call.desk.keys, [*posts, *await live_posts(call.tx, seen, [call.user], call.at)], call.at)
    call.say(Say("question.extended", due=moment(asked.due_at, call.at)), rows=open_rows(one))


# --- ending it ------------------------------------------------------------------------------------------------------------


async def close(call: Call, question_id: str, sure: str = "") -> None:
    """No answer is taken any more; those there are stay."""
    await _end(call, question_id, State.CLOSED, sure)


async def withdraw(call: Call, question_id: str, sure: str = "") -> None:
    """It was asked by mistake: whoever still answers is told so, and it is in no digest."""
    await _end(call, question_id, State.WITHDRAWN, sure)


async def _end(call: Call, question_id: str, state: State, sure: str) -> None:
    found = await _seen(call, question_id, "")
    if found is None:
        return
    one = found[0]
    if one.state is not State.OPEN:
        await say_ended(call, one)
        return
    if not sure:
        verb = "ask_close" if state is State.CLOSED else "ask_back"
        yes = Choice(f"do:{verb}:{one.id}:1", Say(f"question.button.sure_{state}"), Say("word.end_question"))
        back = Choice(f"do:question:{one.id}", Say("button.back"))
        call.say(Say(f"question.sure_{state}", text=one.text), rows=((yes,), (back,)))
        return
    if not await questions.end(call.tx, one.id, state, call.user.id, call.at):
        ended = await questions.get(call.tx, call.desk.keys, one.id)
        await say_ended(call, ended or one)
        return
    rounds = (await questions.rounds(call.tx, [one.id])).get(one.id, [])
    waiting = [cancel_key(asked, unit.code) for asked in rounds[-2:] for unit in asked_units(one, call.tree)]
    await outbox.cancel(call.tx, waiting, call.at)
    call.say(Say(f"question.done_{state}", text=one.text), rows=((LISTED, HOME),))


async def file(call: Call, question_id: str, day: str) -> None:
    """The round as an Excel file."""
    found = await _seen(call, question_id, day)
    if found is None:
        return
    one, asked, _ = found
    if asked is None or call.message.channel not in call.desk.carries_files:
        call.say(Say("question.no_file"), rows=((HOME,),))
        return
    await want(call, FILE, question=one.id, day=asked.day.isoformat())
    call.say(Say("question.file_coming"), rows=((HOME,),), fresh=True)
