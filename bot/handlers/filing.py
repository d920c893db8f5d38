"""From confirmed answers to a record: the one way in which anything is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import vietnam_day
from bot.conversation.draft import Draft
from bot.conversation.form import Form
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may
from bot.domain.deadlines import nudge_key
from bot.domain.ledger import entries
from bot.domain.person import IDENTITY
from bot.domain.units import Tree
from bot.errors import AccessDenied
from bot.handlers.call import Call, Desk
from bot.reports.phrases import place
from bot.storage import outbox, records
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.storage.records import Filing, Record, Report


@dataclass(frozen=True)
class Filed:
    record: Record
    on_time: bool  # of a report that is due; true for all others


async def file_report(tx: Tx, desk: Desk, tree: Tree, who: Who, form: type[Form], draft: Draft, at: datetime) -> Filed:
    """Store what a draft says, post what it counts, note that the village has reported, take back its nudges.

    A second report for the same data set and window is a correction of the first (A2). Filing the same draft twice
    stores a second version with the same content, which posts nothing. Raises AccessDenied.
    """
    former = await records.current(tx, desk.keys, draft.amends) if draft.amends else None
    if not may(who.roles, Act.CORRECT if former else Act.REPORT, draft.unit, tree):
        raise AccessDenied(draft.unit)
    day = former.day if former else desk.timetable.window_at(at).day
    record_id = former.id if former else draft.id
    report: Report | None = None
    if form.data_set is not None:
        day = former.day if former else desk.timetable.reporting_day(at)
        report = await records.report_of(tx, draft.unit, form.data_set, day)
        record_id = report.record_id if report else record_id
    on_time = desk.timetable.on_time(report.filed_at if report else at, day) if form.data_set else True
    record = await records.file(tx, desk.keys, _filing(desk, form, draft, record_id, day, who, at, on_time), at)
    if form.data_set is not None:
        filed_at = report.filed_at if report else at
        await records.save_report(tx, Report(draft.unit, form.data_set, day, record.id, filed_at, form.zero))
        await outbox.cancel(tx, [nudge_key(draft.unit, day)], at)
    return Filed(record, on_time)


def _filing(
    desk: Desk, form: type[Form], draft: Draft, record_id: str, day: date, who: Who, at: datetime, on_time: bool
) -> Filing:
    given = {name: value for name, value in draft.answers.items() if value is not None}
    answered = form.model_validate(given, context={"today": vietnam_day(at), "answers": given})
    counts = dict(answered.entries(desk.timetable.window(day)))
    if form.data_set is not None:
        counts |= {"reports_in": 1, "reports_on_time": int(on_time), "zero_reports": int(form.zero)}
    return Filing(
        id=record_id,
        kind=form.name,
        form_version=form.version,
        unit=draft.unit,
        day=day,
        body=dict(draft.answers),
        author=who.id,
        person={name: draft.answers[name] for name in IDENTITY if name in draft.answers} if _about_someone(form) else {},
        counted=entries(record_id, draft.unit, day, counts),
    )


def _about_someone(form: type[Form]) -> bool:
    return "full_name" in form.model_fields


async def undo(tx: Tx, desk: Desk, tree: Tree, who: Who, record_id: str, at: datetime) -> Record | None:
    """Take a filed report of a person back: a last version that is void and counts nothing. None if there is none to undo.

    A village's report for the day is corrected, not undone: once filed, the village has reported. Raises AccessDenied.
    """
    former = await records.current(tx, desk.keys, record_id)
    if former is None or former.void or desk.forms[former.kind].data_set is not None:
        return None
    if not may(who.roles, Act.CORRECT, former.unit, tree):
        raise AccessDenied(former.unit)
    filing = Filing(
        id=former.id,
        kind=former.kind,
        form_version=former.form_version,
        unit=former.unit,
        day=former.day,
        body=former.body,
        author=who.id,
        person={},
        counted=(),
        void=True,
    )
    return await records.file(tx, desk.keys, filing, at)


async def confirm(call: Call, form: type[Form]) -> None:
    """File the open draft and say so, with what may come next."""
    assert call.draft is not None
    draft = call.draft
    filed = await file_report(call.tx, call.desk, call.tree, call.user, form, draft, call.at)
    call.close_draft()
    record = filed.record
    lines = [Say("filed.corrected" if record.version > 1 else "filed.done", code=record.id)]
    if form.data_set is not None:
        lines = [Say("filed.report", unit=place(call.tree[record.unit]), day=record.day)]
        if not filed.on_time:
            lines.append(Say("filed.late", time=call.desk.timetable.cut_off))
    rows = [(Choice(f"do:again:{record.id}:{group}", Say(f"form.{form.name}.again.{group}")),) for group in form.shared]
    steer = [Choice(f"do:correct:{record.id}", Say("button.edit"))]
    if form.data_set is None:
        steer.append(Choice(f"do:undo:{record.id}", Say("button.undo")))
    call.say(*lines, rows=(*rows, (*steer, Choice("do:menu", Say("button.menu")))), record=(record.id, record.version))
