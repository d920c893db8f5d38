"""From confirmed answers to a record: the one way in which anything is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.clock import vietnam_day
from bot.conversation.draft import Draft
from bot.conversation.engine import CANCEL
from bot.conversation.form import Form
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, may_file
from bot.domain.deadlines import nudge_key
from bot.domain.due import POSITIVE
from bot.domain.ledger import entries
from bot.domain.person import IDENTITY
from bot.domain.plans import PLAN
from bot.domain.units import Tree
from bot.errors import AccessDenied, TungNhaError
from bot.forms.visit import Visit
from bot.handlers import duplicates, urgent, visit_alarm
from bot.handlers.call import Call, Desk
from bot.handlers.counting import count_first, recount
from bot.handlers.duplicates import about_someone
from bot.handlers.persons import conversion, of_others
from bot.handlers.planning import Replanned, replan
from bot.handlers.reporting import overtaken
from bot.handlers.telling import BESIDE, TOLD
from bot.reports.phrases import HOME, place
from bot.reports.reissue import reissue
from bot.reports.remarks import KEPT
from bot.storage import outbox, pasted, persons, records
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.storage.records import Filing, Record, Report


class BuiltUpon(TungNhaError):
    """A record cannot be taken back while these stand, which build on it."""

    def __init__(self, after: tuple[Record, ...]) -> None:
        super().__init__(f"{len(after)} records build on it")
        self.after = after


@dataclass(frozen=True)
class Filed:
    record: Record
    on_time: bool  # of a report that is due; true for all others
    replanned: Replanned | None = None  # what it means to the plan of whom it is about
    alarmed: bool = False  # a visit found what the commune was told at once


async def file_report(tx: Tx, desk: Desk, tree: Tree, who: Who, form: type[Form], draft: Draft, at: datetime) -> Filed:
    """Store what a draft says, post what it counts, note that the village has reported, take back its nudges.

    A second report for the same data set and window is a correction of the first (A2). Filing the same draft twice
    stores a second version with the same content, which posts nothing. A draft about somebody who is known adds to their
    file; reported by another village than theirs, they are there now. Raises AccessDenied.
    """
    former = await records.current(tx, desk.keys, draft.amends) if draft.amends else None
    if not may_file(who.roles, form.needs, draft.unit, tree, correcting=former is not None):
        raise AccessDenied(draft.unit)
    day = former.day if former else desk.timetable.window_at(at).day
    record_id = former.id if former else draft.id
    report: Report | None = None
    if form.data_set is not None:
        day = former.day if former else desk.timetable.reporting_day(at)
        report = await records.report_of(tx, draft.unit, form.data_set, day)
        record_id = report.record_id if report else record_id
    on_time = desk.timetable.on_time(report.filed_at if report else at, day) if form.data_set else True
    about = former.person_id if former else draft.facts.get("person")
    person_id = await persons.kept_for(tx, about) if about else None
    if former is None and person_id is not None:
        await _bring_here(tx, desk, person_id, draft.unit, who, at)
    # What was new where somebody was then stays counted there, also when it is corrected where they are now.
    counted_at = (await records.versions(tx, desk.keys, former.id))[0].unit if former else draft.unit
    filing = _filing(desk, form, draft, counted_at, record_id, person_id, day, who, at, on_time)
    record = await records.file(tx, desk.keys, filing, at)
    replanned = await _follow_the_person(tx, desk, tree, record, at) if record.person_id is not None else None
    await urgent.tell(tx, desk, tree, who, form, record, at)
    alarmed = form is Visit and await visit_alarm.raised(tx, desk.keys, tree, record, at)
    if form.data_set is not None:
        filed_at = report.filed_at if report else at
        await records.save_report(
            tx, Report(draft.unit, form.data_set, day, record.id, filed_at, form.zero, KEPT in record.body)
        )
        await outbox.cancel(tx, [nudge_key(draft.unit, day)], at)
    return Filed(record, on_time, replanned, alarmed)


def _filing(
    desk: Desk,
    form: type[Form],
    draft: Draft,
    counted_at: str,
    record_id: str,
    person_id: str | None,
    day: date,
    who: Who,
    at: datetime,
    on_time: bool,
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
        body={**draft.answers, **{key: draft.facts[fact] for key, fact in BESIDE if fact in draft.facts}},
        author=who.id,
        person={name: draft.answers[name] for name in IDENTITY if name in draft.answers} if about_someone(form) else {},
        counted=entries(person_id or record_id, counted_at, day, counts),
        person_id=person_id,
        follows=draft.facts.get("follows"),
        source_case=draft.answers.get("source_case"),
        legal_basis=desk.legal_basis or None,
    )


async def _bring_here(tx: Tx, desk: Desk, person_id: str, unit: str, who: Who, at: datetime) -> None:
    """Somebody who is known elsewhere is reported here: so they are here now, with all that is known of them."""
    known = (await persons.of_ids(tx, desk.keys, [person_id]))[person_id]
    if known.unit != unit:
        await persons.move(tx, desk.keys, known, unit, who.id, None, at)


async def _follow_the_person(tx: Tx, desk: Desk, tree: Tree, record: Record, at: datetime) -> Replanned:
    """Count anew the stocks of whom a record is about, on the window in which it became known, and plan anew.

    What a correction changes in a stock became known only now: yesterday's stocks stay as they were known yesterday.
    """
    assert record.person_id is not None
    kept = await persons.kept_for(tx, record.person_id)
    day = max(record.day, desk.timetable.window_at(at).day)
    if record.person_id == record.id and record.version == 1:
        await count_first(tx, desk.forms, record, day)
    else:
        await recount(tx, desk.keys, desk.forms, [kept], record.event, day)
    return await replan(tx, desk, tree, kept, record.author, at)


async def undo(tx: Tx, desk: Desk, tree: Tree, who: Who, record_id: str, at: datetime) -> Record | None:
    """Take a filed report back: a last version that is void and counts nothing. None if there is none to undo.

    A village whose report for the day is taken back has not reported. Works for a form that this release does not have.
    Raises AccessDenied, and ``BuiltUpon`` while something else stands that builds on it.
    """
    former = await records.current(tx, desk.keys, record_id)
    if former is None or former.void:
        return None
    form = desk.forms.get(former.kind)
    if not may_file(who.roles, form.needs if form else Act.CORRECT, former.unit, tree, correcting=True):
        raise AccessDenied(former.unit)
    if after := [one for one in await persons.follow(tx, desk.keys, record_id) if _holds(desk, one)]:
        raise BuiltUpon(tuple(after))
    await records.forget_report(tx, record_id)
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
        source_case=former.source_case,
    )
    record = await records.file(tx, desk.keys, filing, at)
    if record.person_id is not None:
        await _follow_the_person(tx, desk, tree, record, at)
    await urgent.withdrawn(tx, desk, tree, who, record, at)
    return record


def _holds(desk: Desk, record: Record) -> bool:
    """Whether what this record follows cannot be taken back while it stands. A plan goes with its role."""
    form = desk.forms.get(record.kind)
    return record.kind != PLAN if form is None else form.holds


async def confirm(call: Call, form: type[Form]) -> None:
    """File the open draft and say so, with what may come next. Whoever may be known already is asked about first."""
    assert call.draft is not None
    if await overtaken(call, form, call.draft):
        return
    draft = call.draft
    if not may_file(call.user.roles, form.needs, draft.unit, call.tree, correcting=draft.amends is not None):
        cancel = Choice(f"{draft.id}:{draft.revision}:{CANCEL}", Say("button.cancel"))
        call.say(Say("access.lost_village"), rows=((cancel, HOME),))
        return
    seen = await duplicates.look(call, form, draft)
    if seen is None:
        return
    form, draft = await _in_full(call, form, seen.draft)
    filed = await file_report(call.tx, call.desk, call.tree, call.user, form, draft, call.at)
    call.close_draft()
    record = filed.record
    await duplicates.remember(call, record, seen)
    lines = [Say("filed.corrected" if record.version > 1 else "filed.done", code=record.id)]
    if form.data_set is not None:
        key = "filed.report_replaced" if record.version > 1 else "filed.report"
        lines = [Say(key, unit=place(call.tree[record.unit]), day=record.day)]
        if not filed.on_time:
            lines.append(Say("filed.late", time=call.desk.timetable.cut_off))
    if filed.replanned is not None:
        lines += filed.replanned.lines()
    if filed.alarmed:
        lines.append(Say("visits.alarmed"))
    if record.version > 1:
        lines += await reissue(call.tx, call.desk.trees, call.tree, record, call.at, call.desk.timetable)
    if (paste := draft.facts.get("paste")) is not None:
        if draft.amends:  # of the text, this person is done: what it says about them stands under another number
            await pasted.leave_out(call.tx, call.desk.keys, call.user.id, draft.id, call.at)
        if await _goes_on(call, paste):
            go_on = Choice(f"do:paste:{paste}", Say("paste.go_on"))
            call.say(*lines, rows=((go_on, HOME),), fresh=True)
            return
    rows: list[tuple[Choice, ...]]
    rows = [(Choice(f"do:again:{record.id}:{group}", Say(f"form.{form.name}.again.{group}")),) for group in form.shared]
    if record.body.get("result") == POSITIVE and record.person_id is not None:
        kept = await persons.kept_for(call.tx, record.person_id)
        rows.append(tuple(conversion(call, (await persons.files(call.tx, call.desk.keys, [kept]))[kept])))
    if "back" in draft.facts:
        rows.insert(0, (Choice(draft.facts["back"], Say("visits.next")),))
    if others := of_others(call, record):
        lines.append(Say(f"form.{record.kind}.others"))
        rows.append(tuple(others))
    if record.person_id is not None:
        rows.append((Choice(f"do:person:{record.person_id}", Say("button.card")),))
    if TOLD in record.body and may(call.user.roles, Act.CALL, record.unit, call.tree):
        rows.append((Choice("do:calls", Say("menu.calls")),))
    steer = [Choice(f"do:correct:{record.id}", Say("button.edit")), Choice(f"do:undo:{record.id}", Say("button.undo"))]
    call.say(*lines, rows=(*rows, (*steer, HOME)), record=(record.id, record.version))


async def _goes_on(call: Call, paste: str) -> bool:
    """Whether anything of the pasted text is still to be confirmed."""
    kept = await pasted.of_user(call.tx, call.desk.keys, call.user.id)
    if kept is None or kept.id != paste:
        return False
    filed = await records.as_known(call.tx, call.desk.keys, [item.record for item in kept.items])
    return bool(kept.zero) or any(item.record not in filed for item in kept.items)


async def _in_full(call: Call, form: type[Form], draft: Draft) -> tuple[type[Form], Draft]:
    """What is filed: of a short way, the report it leads to, with what is known from the record that it builds on."""
    if not form.files_as:
        return form, draft
    whole = call.desk.forms[form.files_as]
    base = await records.current(call.tx, call.desk.keys, draft.facts["follows"]) if "follows" in draft.facts else None
    known = {name: value for name, value in base.body.items() if name in whole.carries(base.kind)} if base else {}
    return whole, replace(draft, form=whole.name, version=whole.version, answers={**known, **draft.answers})
