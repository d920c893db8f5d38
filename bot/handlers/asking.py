"""/hoi: an official asks the units below something, sees what comes, and ends it (N14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from bot.clock import at
from bot.conversation.draft import Json
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Say
from bot.domain.access import offices, works_for
from bot.domain.hours import from_written
from bot.domain.questions import (
    ONE_DAY,
    AnswerKind,
    Asked,
    HowOften,
    Question,
    State,
    Whom,
    asked_units,
    first_round,
    foreseen,
)
from bot.domain.units import VILLAGE
from bot.forms.question import AskQuestion, faults
from bot.handlers import answering_questions, question_card, reporting
from bot.handlers.answering_questions import look, say_ended
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.phrases import HOME, moment, place, places
from bot.reports.question_posts import ask_posts, live_posts, respondents
from bot.storage import outbox, questions

SHOWN_AFTER = timedelta(days=3)  # a question that has ended is still listed for so long


async def list_(call: Call, page: str = "0") -> None:
    """What one's office asks and has asked; for a team, what is asked of it."""
    units = _offices(call)
    if not units:
        await answering_questions.answer(call)
        return
    found = await questions.of_units(call.tx, call.desk.keys, units, call.at - SHOWN_AFTER)
    rounds = await questions.rounds(call.tx, [one.id for one in found])
    offered = [
        Choice(
            f"do:question:{one.id}", Say("question.listed", text=_short(one.text), state=_state(call, one, rounds.get(one.id)))
        )
        for one in reversed(found)
    ]
    below = [Choice("do:ask_new", Say("question.button.new"))]
    if left := [row for row in await answering_questions.waiting(call) if not row[3]]:
        below.append(Choice("do:answer", Say("question.button.more", n=len(left))))
    rows = paged(offered, page, "do:ask", call.message.channel, [*below, HOME], per_row=1)
    call.say(Say("question.list" if found else "question.none_yet"), rows=rows)


def _offices(call: Call) -> list[str]:
    """The units for which one asks: those of one's office that have units below."""
    return [code for code in offices(call.user.roles, call.tree) if call.tree[code].level != VILLAGE]


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _state(call: Call, one: Question, rounds: list[Asked] | None) -> Say:
    if one.state is not State.OPEN:
        return Say(f"question.state.{one.state}")
    if one.daily:
        return Say("question.state.daily")
    over = not rounds or rounds[-1].due_at <= call.at
    return (
        Say("question.state.over")
        if over or not rounds
        else Say("question.state.until", due=moment(rounds[-1].due_at, call.at))
    )


# --- asking -------------------------------------------------------------------------------------------------------------------


async def new(call: Call, unit: str = "", drop: str = "") -> None:
    """Begin a question, after choosing for which office."""
    units = _offices(call)
    if not units or (unit and unit not in units):
        call.say(Say("access.denied"))
        return
    if not unit and len(units) > 1:
        offered = [Choice(f"do:ask_new:{code}", place(call.tree[code])) for code in units]
        call.say(Say("unit.choose"), rows=(*in_rows(offered, 1), (HOME,)))
        return
    unit = unit or units[0]
    if not call.tree.children(unit):
        call.say(Say("question.nobody_below", unit=place(call.tree[unit])), rows=((HOME,),))
        return
    if reporting.busy(call, AskQuestion.name, drop, lambda draft: f"do:ask_new:{unit}:{draft}"):
        return
    reporting.begin(call, opened(AskQuestion, call.desk.new_id(), unit, {}, _facts(call, unit), call.today), fresh=True)


def _facts(call: Call, unit: str) -> dict[str, Json]:
    return {"unit_name": call.voice(place(call.tree[unit])), "now": call.at.isoformat()}


async def drafted(call: Call) -> None:
    """The question is complete: it is asked, or first of whom. Hours that are over are asked again."""
    assert call.draft is not None
    draft = call.draft
    answers = {name: value for name, value in draft.answers.items() if value is not None}
    if draft.unit not in _offices(call):
        call.close_draft()
        call.say(Say("access.denied"))
        return
    if wrong := faults(answers, call.at):
        left = {name: value for name, value in answers.items() if name not in ("due", "due_wall")}
        turn = opened(AskQuestion, call.desk.new_id(), draft.unit, left, _facts(call, draft.unit), call.today)
        reporting.begin(call, turn, fresh=True, before=wrong)
        return
    call.close_draft()
    one = _question(call, draft.id, draft.unit, answers)
    await questions.keep(call.tx, call.desk.keys, one)
    if not one.daily:
        await questions.begin(call.tx, Asked(one.id, call.today, call.at, from_written(answers["due"])))
    if one.units is None:
        await _ask(call, one)
    else:
        await tick(call, one.id)


def _question(call: Call, question_id: str, unit: str, answers: dict[str, Json]) -> Question:
    daily = answers["how_often"] == HowOften.DAILY
    return Question(
        id=question_id,
        unit=unit,
        by=call.user.id,
        kind=AnswerKind(answers["answer_kind"]),
        text=answers["question"],
        options=tuple(answers.get("options", ())),
        units=None if answers["whom"] == Whom.ALL else (),
        state=State.DRAFT,
        first_day=call.today,
        created_at=call.at,
        ask_wall=time.fromisoformat(answers["ask_wall"]) if daily else None,
        due_wall=time.fromisoformat(answers["due_wall"]) if daily else None,
    )


async def tick(call: Call, question_id: str, unit: str = "", page: str = "0") -> None:
    """The units of which a draft is asked, each ticked or not; a tap changes one."""
    one = await _mine(call, question_id)
    if one is None:
        return
    ticked = set(one.units or ())
    offered = call.tree.children(one.unit)
    if unit in {other.code for other in offered}:
        ticked ^= {unit}
        await questions.set_units(call.tx, one.id, ticked)
    choices = [
        Choice(
            f"do:ask_tick:{one.id}:{other.code}:{page}",
            Say("question.ticked" if other.code in ticked else "question.unticked", unit=place(other)),
        )
        for other in offered
    ]
    go = [Choice(f"do:ask_go:{one.id}", Say("question.button.send", n=len(ticked)))] if ticked else []
    below = [*go, Choice(f"do:ask_drop:{one.id}", Say("question.button.drop"), Say("word.drop")), HOME]
    rows = paged(choices, page, f"do:ask_tick:{one.id}:", call.message.channel, below)
    call.say(Say("question.which_units", text=one.text, n=len(ticked)), rows=rows)


async def _mine(call: Call, question_id: str) -> Question | None:
    """A draft of this very person; None if there is none, which has been said then."""
    one = await questions.get(call.tx, call.desk.keys, question_id)
    if one is None or one.by != call.user.id or not works_for(call.user.roles, one.unit):
        call.say(Say("question.unknown"), rows=((HOME,),))
        return None
    if one.state is not State.DRAFT:
        await question_card.card(call, question_id)
        return None
    return one


async def go(call: Call, question_id: str) -> None:
    """Ask it of those that are ticked; once its deadline has passed, that is asked first."""
    one = await _mine(call, question_id)
    if one is None:
        return
    if not asked_units(one, call.tree):
        await tick(call, question_id)
        return
    rounds = (await questions.rounds(call.tx, [one.id])).get(one.id, [])
    if rounds and rounds[-1].due_at <= call.at:
        over = Say("question.due_over", due=rounds[-1].due_at)
        await question_card.other_due(call, one, rounds[-1], "", over)
        return
    await _ask(call, one)


async def drop(call: Call, question_id: str) -> None:
    """What was drafted is not asked."""
    one = await _mine(call, question_id)
    if one is not None:
        await questions.forget(call.tx, one.id)
        call.say(Say("question.dropped"), rows=((question_card.LISTED, HOME),))


async def _ask(call: Call, one: Question) -> None:
    said = await start(call, one)
    if said:
        call.say(*said, rows=question_card.open_rows(one), fresh=True)
    else:
        await question_card.card(call, one.id)


async def start(call: Call, one: Question, until: time | None = None) -> list[Say]:
    """Open a draft and ask it, or from its next hour on; what is said of that, nothing if somebody had done so before.

    ``until``: a daily one whose hours are over is asked today all the same if it is before this hour, which ends that round.
    """
    one = replace(one, first_day=call.today)
    first = first_round(one, call.at)
    if one.daily:
        today = foreseen(one, call.today)
        if first is None and today is not None and call.at >= today.due_at:
            if until is not None and call.at < at(call.today, until):
                first = Asked(one.id, call.today, call.at, at(call.today, until))
            else:
                one = replace(one, first_day=call.today + ONE_DAY)
    else:
        (planned,) = (await questions.rounds(call.tx, [one.id]))[one.id]
        first = replace(planned, asked_at=call.at)
    if not await questions.ask(call.tx, one, first, call.at):
        return []
    one = replace(one, state=State.OPEN)
    units = asked_units(one, call.tree)
    if first is None:
        return [Say("question.begins", day=one.first_day, at=one.ask_wall or time(0), n=len(units))]
    readers = await respondents(call.tx, call.desk.keys, units)
    seen = await look(call, one, first)
    posts = ask_posts(one, first, call.tree, readers, call.at)
    await outbox.queue(call.tx, call.desk.keys, [*posts, *await live_posts(call.tx, seen, [call.user], call.at)], call.at)
    people = len({who.id for held in readers.values() for who in held})
    lines = [Say("question.asked", n=len(units), people=people)]
    if unheard := [unit for unit in units if unit.code not in readers]:
        lines.append(Say("question.nobody_there", units=places(unheard)))
    return lines


async def extended(call: Call) -> None:
    """Another deadline was given. Of a draft it is the one that is asked with."""
    assert call.draft is not None
    (question_id, day), due_at = call.draft.facts["asks"], from_written(call.draft.answers["due"])
    call.close_draft()
    one = await questions.get(call.tx, call.desk.keys, question_id)
    asked = await question_card.round_of(call, question_id, day)
    if one is None or asked is None or not works_for(call.user.roles, one.unit):
        call.say(Say("question.unknown" if one is None else "access.denied"), rows=((HOME,),))
    elif one.state not in (State.OPEN, State.DRAFT):
        await say_ended(call, one)
    elif due_at <= call.at:
        await question_card.other_due(call, one, asked, "", Say("question.due_over", due=due_at))
    else:
        await questions.extend(call.tx, one, replace(asked, due_at=due_at), call.at)
        if one.state is State.DRAFT:
            await _ask(call, one)
        else:
            await question_card.tell_extended(call, one, replace(asked, due_at=due_at))
