"""Corrections in words (A10, N9): as an answer to the confirmation of a report, or behind "sửa" and its file number.

What was understood is shown, before and after; it counts once that is confirmed. What was not is named, and where nothing was,
the report is opened to be corrected as from its button.
"""

from __future__ import annotations

import re

from bot.conversation.draft import REVIEW, Answers
from bot.conversation.engine import CANCEL, CONFIRM, EDIT, Turn
from bot.conversation.form import Form, label, steps
from bot.conversation.prompt import Choice, Prompt
from bot.conversation.words import Say
from bot.domain.access import may_file
from bot.domain.amend import Amendment, Spoken, read_amendment
from bot.domain.search import code_of
from bot.handlers import reporting
from bot.handlers.call import Call
from bot.messages import InboundKind
from bot.reports.phrases import HOME, who_is
from bot.storage import outbox, persons, records
from bot.storage.records import Record
from bot.texts import Voice

_CODE = re.compile(r"\s*([A-Za-z0-9]{10})(?![A-Za-z0-9])[\s:,.–-]*")


async def answers_a_record(call: Call) -> bool:
    """Whether a text answers the confirmation of a report; then it corrects it."""
    message = call.message
    if message.kind is not InboundKind.TEXT or not message.reply_to or message.text.startswith("/"):
        return False
    shown = await outbox.shown_record(call.tx, message.bot, message.address, message.reply_to)
    if shown is None:
        return False
    await _amend(call, shown[0], message.text)
    return True


async def amend(call: Call, typed: str = "") -> None:
    """Behind "sửa": a file number and what is to be corrected; without a number, the report that was confirmed here last."""
    found = _CODE.match(typed)
    code = code_of(found[1]) if found is not None else None
    if found is not None and code is not None and await records.current(call.tx, call.desk.keys, code) is not None:
        await _amend(call, code, typed[found.end() :])
        return
    newest = await outbox.newest_record(call.tx, call.message.bot, call.message.address)
    if newest is None or not typed.strip():
        call.say(Say("amend.how"), rows=((HOME,),))
    else:
        await _amend(call, newest, typed)


async def _amend(call: Call, record_id: str, typed: str) -> None:
    record = await records.current(call.tx, call.desk.keys, record_id)
    form = call.desk.forms.get(record.kind) if record is not None else None
    if record is None or form is None or record.void or not _may(call, form, record):
        call.say(Say("draft.gone"), fresh=True)
        return
    read = read_amendment(form, record.body, typed, call.today, spoken(form, call.voice))
    turn = await reporting.reopened(call, record_id, changes=read.changes)
    if turn is None:
        return
    said = _said(form, record.body, read, turn)
    if read.changes and turn.draft.at == REVIEW:
        _show(call, form, turn, Say("amend.title", what=await _about(call, record), code=record.id), *said)
    elif read.same and not read.changes and not read.unread:
        call.say(
            Say("amend.same", code=record.id), *said, rows=((Choice(f"do:correct:{record.id}", Say("button.edit")), HOME),)
        )
    else:
        reporting.begin(call, turn, fresh=True, before=said)


def _may(call: Call, form: type[Form], record: Record) -> bool:
    return may_file(call.user.roles, form.needs, record.unit, call.tree, correcting=True)


async def _about(call: Call, record: Record) -> Say:
    """The report by whom it is about, or by its name."""
    known = await persons.of_ids(call.tx, call.desk.keys, [record.person_id]) if record.person_id else {}
    person = known.get(record.person_id or "")
    title = Say(f"form.{record.kind}.title")
    return Say("amend.about", form=title, person=who_is(person)) if person is not None else title


def spoken(form: type[Form], voice: Voice) -> Spoken:
    """How a form's questions and options are called in a language."""
    labels = {step.name: voice(label(form, step.name)) for step in steps(form)}
    options = {step.name: {key: voice.word(f"{step.vocabulary}.{key}") for key in step.options} for step in steps(form)}
    return Spoken(labels, options)


def _said(form: type[Form], before: Answers, read: Amendment, turn: Turn) -> list[Say]:
    """What was understood, question by question; what falls away with it; what was not understood."""
    after = turn.draft.answers
    lines = [
        Say(
            "amend.change",
            label=label(form, step.name),
            before=step.shown(before.get(step.name), turn.draft.facts),
            after=step.shown(after.get(step.name), turn.draft.facts),
        )
        for step in steps(form)
        if before.get(step.name) != after.get(step.name)
    ]
    same = [label(form, name) for name in read.same]
    lines += [Say("amend.already", labels=same)] if same else []
    unread = [Say("value.as_written", value=f"“{one}”") for one in read.unread]
    nothing = not lines and not unread
    lines += [Say("amend.unread", unread=unread)] if unread else []
    return [Say("amend.nothing")] if nothing else lines


def _show(call: Call, form: type[Form], turn: Turn, *lines: Say) -> None:
    """The correction before it counts."""
    warnings = [Say("review.warning", text=doubt) for doubt in form.check(turn.draft.answers, turn.draft.facts)]
    rows = (
        (Choice(CONFIRM, Say("amend.right")), Choice(CANCEL, Say("amend.wrong"))),
        (Choice(EDIT, Say("amend.more")),),
    )
    reporting.begin(call, Turn(turn.draft, Prompt((*lines, *warnings), rows)), fresh=True)
