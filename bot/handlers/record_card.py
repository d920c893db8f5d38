"""One record of a person's history: everything it says, its versions, where it came from; from here it is corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from bot.conversation.draft import Json
from bot.conversation.form import Form, Step, label, steps
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.access import may_file
from bot.domain.plans import PLAN
from bot.handlers.call import Call
from bot.handlers.lookups import looked_up
from bot.handlers.paging import paged
from bot.handlers.persons import reporters, said_by, source, told, whose
from bot.reports.phrases import HOME
from bot.storage import history, records
from bot.storage.records import Record


async def choose(call: Call, person_id: str, page: str = "0") -> None:
    """Which of a person's records?"""
    seen = await whose(call, person_id)
    if seen is None:
        call.say(Say("draft.gone"), fresh=True)
        return
    person, file = seen
    known = [one for one in reversed(file) if one.kind != PLAN]
    choices = [
        Choice(f"do:record:{one.id}", Say("person.which", told=told(one, call.desk.forms.get(one.kind)))) for one in known
    ]
    card = Choice(f"do:person:{person.id}", Say("button.card"))
    rows = paged(choices, page, f"do:records:{person_id}", call.message.channel, [card, HOME], per_row=1)
    call.say(Say("person.which_record"), rows=rows)


async def show(call: Call, record_id: str) -> None:
    """All that one record says, and what its versions changed."""
    versions = await records.versions(call.tx, call.desk.keys, record_id)
    record = versions[-1] if versions else None
    if record is None or record.void or record.person_id is None or await whose(call, record.person_id) is None:
        call.say(Say("draft.gone"), fresh=True)
        return
    form = call.desk.forms.get(record.kind)
    told_by = (await history.told(call.tx, [record.id]))[record.id]
    names = await reporters(call, [told_by])
    lines = [Say("person.record", told=told(record, form), code=record.id), said_by(record, told_by, names), *source(record)]
    if form is not None:
        facts = await looked_up(call, form, record.unit, record.body, record.person_id)
        lines += [*_answers(form, record, facts), *_changes(form, versions, facts)]
    rows: list[tuple[Choice, ...]] = []
    if form is not None and may_file(call.user.roles, form.needs, record.unit, call.tree, correcting=True):
        correct = Choice(f"do:correct:{record.id}", Say("button.edit"))
        rows.append((correct, Choice(f"do:undo:{record.id}", Say("button.undo"))))
    call.say(*lines, rows=(*rows, (Choice(f"do:person:{record.person_id}", Say("button.card")), HOME)))


def _answers(form: type[Form], record: Record, facts: Mapping[str, Json]) -> Iterator[Say]:
    for step in steps(form):
        if record.body.get(step.name) is not None:
            yield Say("review.line", label=label(form, step.name), value=step.shown(record.body[step.name], facts))


def _changes(form: type[Form], versions: Sequence[Record], facts: Mapping[str, Json]) -> list[Say]:
    """What each correction changed, oldest first."""
    lines = [
        Say("person.changed", label=label(form, step.name), before=before, after=after, at=now.recorded_at)
        for was, now in pairwise(versions)
        for step in steps(form)
        if (before := _value(step, was, facts)) != (after := _value(step, now, facts))
    ]
    return [Say("person.changes"), *lines] if lines else []


def _value(step: Step, record: Record, facts: Mapping[str, Json]) -> Param:
    return step.shown(record.body.get(step.name), facts)
