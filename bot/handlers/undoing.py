"""Taking back what was filed: asked first, refused while something later builds on it."""

from __future__ import annotations

from bot.conversation.numbers import MOST
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may_file
from bot.handlers import filing
from bot.handlers.call import Call
from bot.reports.phrases import HOME, place
from bot.reports.reissue import reissue
from bot.storage import records
from bot.storage.records import Record


async def ask(call: Call, record_id: str) -> None:
    """Is it sure? What was filed stays until it is."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    form = call.desk.forms.get(record.kind) if record is not None else None
    needs = form.needs if form is not None else Act.CORRECT
    if record is None or record.void or not may_file(call.user.roles, needs, record.unit, call.tree, correcting=True):
        call.say(Say("draft.gone"), fresh=True)
        return
    sure_of_it = Choice(f"do:undo_sure:{record_id}", Say("button.undo_sure"), Say("word.undo_sure"))
    rows = ((sure_of_it, Choice("do:keep", Say("button.keep"))),)
    sure = "undo.sure_report" if form is not None and form.data_set is not None else "undo.sure"
    unit = call.tree[record.unit]
    call.say(Say(sure, code=record_id, form=_title(record), unit=place(unit), day=record.day), rows=rows, fresh=True)


def _title(record: Record) -> Say:
    return Say(f"form.{record.kind}.title|form.unknown.title")


async def undo(call: Call, record_id: str) -> None:
    """Take it back; while a later report builds on it, say which is to be taken back first."""
    try:
        undone = await filing.undo(call.tx, call.desk, call.tree, call.user, record_id, call.at)
    except filing.BuiltUpon as error:
        first = error.after[: MOST - 1]
        rows = tuple(
            (Choice(f"do:undo:{one.id}", Say("button.undo_first", form=Say("undo.which", form=_title(one), code=one.id))),)
            for one in first
        )
        listed = [Say("undo.built_upon_line", form=_title(one), at=one.recorded_at, code=one.id) for one in first]
        if more := len(error.after) - len(first):
            listed.append(Say("undo.built_upon_more", n=more))
        call.say(Say("undo.built_upon"), *listed, rows=(*rows, (HOME,)), fresh=True)
        return
    if undone is None:
        call.say(Say("draft.gone"))
        return
    form = call.desk.forms.get(undone.kind)
    again = await reissue(call.tx, call.desk.trees, call.tree, undone, call.at, call.desk.timetable)
    if form is not None and form.data_set is not None:
        call.say(Say("undo.done_report", unit=place(call.tree[undone.unit]), day=undone.day), *again)
    else:
        call.say(Say("undo.done", code=record_id), *again)
