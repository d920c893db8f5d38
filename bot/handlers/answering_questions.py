"""What is asked of a unit is answered (N14): by a button, by typing after "Trả lời", or by a reply to the question.

Whoever of the unit answers first speaks for it; a later answer corrects, and the last one counts. An official of the unit
that asks may write down what was told by phone. Digits in free text are never taken for a choice.
"""

from __future__ import annotations

from bot.conversation.draft import Json
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.domain.access import speaks_for, works_for
from bot.domain.questions import (
    Answer,
    Asked,
    Question,
    State,
    asked_units,
    choices,
    is_late,
    last_answers,
    read_answer,
)
from bot.domain.units import OrgUnit
from bot.domain.vietnamese import Misread
from bot.domain.ways import Way
from bot.forms.question import TYPED
from bot.handlers import reporting
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.handlers.telling import to_ring_up
from bot.messages import InboundKind
from bot.reports.phrases import HOME, moment, place
from bot.reports.question_posts import askers, cancel_key, live_posts, meant_by, told_posts
from bot.reports.questions import Round, label_of, read_round, shown
from bot.storage import outbox, people, questions, ways

APP = Way.APP.value


async def answer(call: Call, question: str = "", day: str = "", unit: str = "", value: str = "") -> None:
    """A question of a day: answered with ``value``, or shown to be answered. Without one, what is open for one's units."""
    if not question:
        await _open(call)
        return
    found = await _asked(call, question, day)
    if found is None:
        return
    one, asked = found
    of = call.tree.get(unit)
    if of is None or of not in asked_units(one, call.tree):
        call.say(Say("question.unit_gone"), rows=((HOME,),))
    elif not _may(call, one, unit):
        call.say(Say("access.denied"))
    elif value in choices(one):
        await _record(call, one, asked, of, value)
    else:
        await _show(call, one, asked, of, drop=value)


def _may(call: Call, one: Question, unit: str) -> bool:
    return speaks_for(call.user.roles, unit) or works_for(call.user.roles, one.unit)


async def _asked(call: Call, question_id: str, day: str) -> tuple[Question, Asked] | None:
    """The question and its round; None if it takes no answers, which has been said then."""
    one = await questions.get(call.tx, call.desk.keys, question_id)
    rounds = (await questions.rounds(call.tx, [question_id])).get(question_id, [])
    asked = next((round_ for round_ in rounds if str(round_.day) == day), None)
    if one is None or asked is None or one.state is State.DRAFT:
        call.say(Say("question.unknown"), rows=((HOME,),))
        return None
    if one.state is not State.OPEN:
        await say_ended(call, one)
        return None
    return one, asked


async def look(call: Call, one: Question, asked: Asked) -> Round:
    """A round as it is now. What a unit answered counts though it was closed since."""
    then = await call.desk.trees.on(call.tx, asked.day)
    return await read_round(call.tx, call.desk.keys, call.tree, one, asked, then=then)


async def say_ended(call: Call, one: Question, *more: Say) -> None:
    """That somebody closed it or withdrew it, and when."""
    who = await people.of_users(call.tx, call.desk.keys, [one.closed_by] if one.closed_by else [])
    ended = moment(one.closed_at, call.at) if one.closed_at is not None else Say("value.unknown")
    name = who[0].name if who else "–"
    call.say(Say(f"question.ended.{one.state}", text=one.text, name=name, at=ended), *more, rows=((HOME,),))


# --- what is open -------------------------------------------------------------------------------------------------------------


async def waiting(call: Call) -> list[tuple[Question, Asked, OrgUnit, bool]]:
    """Every round that is open for one's own units, the newest of each question; and whether it has been answered."""
    mine = [call.tree[held.unit] for held in call.user.roles if held.unit in call.tree and speaks_for([held], held.unit)]
    above = {one.parent for one in mine if one.parent}
    if not above:
        return []
    found = []
    for one in await questions.of_units(call.tx, call.desk.keys, above):
        rounds = (await questions.rounds(call.tx, [one.id])).get(one.id, [])
        if not rounds:
            continue
        asked = rounds[-1]
        done = last_answers(await questions.answers(call.tx, call.desk.keys, [one.id], asked.day))
        units = asked_units(one, call.tree)
        found += [(one, asked, unit, unit.code in done) for unit in dict.fromkeys(mine) if unit in units]
    return found


async def _open(call: Call) -> None:
    found = await waiting(call)
    left = [row for row in found if not row[3]]
    if len(found) == 1:
        one, asked, unit, _ = found[0]
        await _show(call, one, asked, unit)
        return
    if not found:
        call.say(Say("question.nothing_asked"), rows=((HOME,),))
        return
    offered = [
        Choice(f"do:answer:{one.id}:{asked.day}:{unit.code}", Say("question.waiting", text=_short(one.text), unit=place(unit)))
        for one, asked, unit, done in sorted(found, key=lambda row: row[3])
    ]
    call.say(Say("question.waiting_title", n=len(left)), rows=(*in_rows(offered[:8], 1), (HOME,)))


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


# --- showing one, and its typed answer ------------------------------------------------------------------------------------


async def _show(call: Call, one: Question, asked: Asked, unit: OrgUnit, drop: str = "") -> None:
    """Its choices; where something is typed, the question for it. ``drop``: the draft that may give way to that."""
    title = Say("question.card", text=one.text, unit=place(unit), due=moment(asked.due_at, call.at))
    given = await _given(call, one, asked, unit)
    said = [await _so_far(call, one, given)] if given is not None else []
    here = f"do:answer:{one.id}:{asked.day}:{unit.code}"
    if one.kind not in TYPED:
        offered = [Choice(f"{here}:{key}", label_of(one, key)) for key in choices(one)]
        call.say(title, *said, rows=(*in_rows(offered, 2), (HOME,)))
        return
    form, _ = TYPED[one.kind]
    if reporting.busy(call, form.name, drop, lambda draft: f"{here}:{draft}"):
        return
    about = "\n".join(call.voice(line) for line in (title, *said))
    facts: dict[str, Json] = {"about": about, "asks": [one.id, asked.day.isoformat(), unit.code]}
    reporting.begin(call, opened(form, call.desk.new_id(), one.unit, {}, facts, call.today), fresh=True)


async def _given(call: Call, one: Question, asked: Asked, unit: OrgUnit) -> Answer | None:
    return last_answers(await questions.answers(call.tx, call.desk.keys, [one.id], asked.day)).get(unit.code)


async def _so_far(call: Call, one: Question, given: Answer) -> Say:
    who = await people.of_users(call.tx, call.desk.keys, [given.by])
    name, at = (who[0].name if who else "–"), moment(given.at, call.at)
    return Say("question.so_far", value=shown(one, given.value), name=name, at=at)


async def typed(call: Call) -> None:
    """What was typed is the answer, unless the question ended meanwhile: then that is said, with what was typed."""
    assert call.draft is not None
    draft = call.draft
    question_id, day, unit = draft.facts["asks"]
    (value,) = draft.answers.values()
    call.close_draft()
    one = await questions.get(call.tx, call.desk.keys, question_id)
    if one is not None and one.state is not State.OPEN:
        await say_ended(call, one, Say("question.not_kept", value=shown(one, value)))
        return
    await _take(call, question_id, day, unit, value)


async def _take(call: Call, question_id: str, day: str, unit: str, value: Json) -> None:
    found = await _asked(call, question_id, day)
    if found is None:
        return
    one, asked = found
    of = call.tree.get(unit)
    if of is None or of not in asked_units(one, call.tree):
        call.say(Say("question.unit_gone"), Say("question.not_kept", value=shown(one, value)), rows=((HOME,),))
    elif not _may(call, one, unit):
        call.say(Say("access.denied"), Say("question.not_kept", value=shown(one, value)), rows=((HOME,),))
    else:
        await _record(call, one, asked, of, value)


async def answers_reply(call: Call) -> bool:
    """Whether a text is a reply to a question; then it is the answer, or it is said why it is none."""
    message = call.message
    if message.kind is not InboundKind.TEXT or not message.reply_to or message.text.startswith("/"):
        return False
    meant = meant_by(await outbox.key_of(call.tx, message.bot, message.address, message.reply_to))
    one = await questions.get(call.tx, call.desk.keys, meant.question) if meant is not None else None
    if meant is None or one is None:
        return False
    if call.draft is not None and call.draft.facts.get("asks") == [meant.question, meant.day.isoformat(), meant.unit]:
        call.close_draft()
    labels = {key: call.voice(label_of(one, key)) for key in choices(one)}
    try:
        value = read_answer(one.kind, message.text, call.today, labels)
    except Misread as error:
        again = Choice(f"do:answer:{one.id}:{meant.day}:{meant.unit}", Say("question.button.answer"))
        call.say(Say(f"error.{error.key}", **error.params), rows=((again, HOME),))
        return True
    await _take(call, meant.question, meant.day.isoformat(), meant.unit, value)
    return True


# --- keeping it -----------------------------------------------------------------------------------------------------------


async def _record(call: Call, one: Question, asked: Asked, unit: OrgUnit, value: Json) -> None:
    former = await _given(call, one, asked, unit)
    own = speaks_for(call.user.roles, unit.code)
    means, told = (APP, None) if own else await _told(call, unit.code)
    new = Answer(one.id, asked.day, unit.code, 0, value, call.user.id, means, call.at, told)
    again = former is not None and (former.value, former.by, former.means) == (value, new.by, means)
    if not again:
        await questions.answer(call.tx, call.desk.keys, new)
        await outbox.cancel(call.tx, [cancel_key(asked, unit.code)], call.at)
        await _tell(call, one, asked)
    lines = [Say("question.kept", unit=place(unit), value=shown(one, value))]
    if is_late(new, asked):
        lines.append(Say("question.kept_late", due=moment(asked.due_at, call.at)))
    if former is not None and former.value != value:
        lines.append(Say("question.replaces", value=shown(one, former.value)))
    call.say(*lines, rows=await _after(call, one, asked, unit, own), fresh=True)


async def _told(call: Call, unit: str) -> tuple[str, str | None]:
    """By what means, and by whom, an official was told it."""
    way = (await ways.not_on_app(call.tx, [unit])).get(unit, Way.PHONE)
    contacts = (await to_ring_up(call, [unit])).get(unit, [])
    return way.value, contacts[0].name if len(contacts) == 1 else None


async def _tell(call: Call, one: Question, asked: Asked) -> None:
    """Who asked sees it at once, and hears when nobody is missing any more."""
    readers = await askers(call.tx, call.desk.keys, one)
    seen = await look(call, one, asked)
    posts = await live_posts(call.tx, seen, readers, call.at)
    if seen.standing.units and not seen.standing.missing:
        posts += told_posts(seen, readers, call.at, "complete")
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)


async def _after(call: Call, one: Question, asked: Asked, unit: OrgUnit, own: bool) -> Rows:
    if not own:
        table = Choice(f"do:question:{one.id}:{asked.day}", Say("question.button.open"))
        return ((Choice(f"do:answer_for:{one.id}:{asked.day}", Say("question.button.next")), table), (HOME,))
    left = [row for row in await waiting(call) if not row[3]]
    correct = Choice(f"do:answer:{one.id}:{asked.day}:{unit.code}", Say("question.button.correct"))
    more = [Choice("do:answer", Say("question.button.more", n=len(left)))] if left else []
    return ((correct, *more), (HOME,))


async def instead(call: Call, question: str, day: str, page: str = "0") -> None:
    """Write down what was told by phone: of which unit? Those who are missing come first."""
    found = await _asked(call, question, day)
    if found is None:
        return
    one, asked = found
    if not works_for(call.user.roles, one.unit):
        call.say(Say("access.denied"))
        return
    seen = await look(call, one, asked)
    missing = [(unit, Say("question.not_yet", unit=place(unit))) for unit in seen.standing.missing]
    done = [
        (unit, Say("question.has", unit=place(unit), value=shown(one, seen.standing.answers[unit.code].value)))
        for unit in seen.standing.units
        if unit.code in seen.standing.answers
    ]
    offered = [Choice(f"do:answer:{one.id}:{asked.day}:{unit.code}", said) for unit, said in (*missing, *done)]
    below = [Choice(f"do:question:{one.id}:{asked.day}", Say("button.back"))]
    turn = f"do:answer_for:{one.id}:{asked.day}"
    call.say(Say("question.which_unit"), rows=paged(offered, page, turn, call.message.channel, below, per_row=1))
