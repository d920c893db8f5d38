"""/goi: the villages that the commune rings up about the day's report, one after another (N15).

"Không phát sinh" reports for the village in one tap, told by phone at the instant of the call; the next one follows at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import at
from bot.conversation.draft import REVIEW, Draft
from bot.conversation.prompt import Choice, Rows, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, may, reach
from bot.domain.units import OrgUnit
from bot.domain.ways import Way, to_call
from bot.forms.zero_report import ZeroReport
from bot.handlers import areas, filing, reporting
from bot.handlers.call import Call
from bot.handlers.paging import page_of, paged
from bot.handlers.telling import contact_words, to_ring_up, told_by
from bot.reports.figures import DATA_SET
from bot.reports.phrases import HOME, clock, moment, place
from bot.storage import media, people, records, ways
from bot.storage.records import Report

LIST = Choice("do:calls", Say("menu.calls"))


@dataclass(frozen=True)
class Calls:
    """The villages of a commune that are to be rung up about a day, in their order."""

    day: date
    villages: tuple[OrgUnit, ...]
    ways: Mapping[str, Way]
    tried: Mapping[str, datetime]


async def list_(call: Call, code: str = "", page: str = "0") -> None:
    """Who is to be rung up: name and number as text, and a button for each village."""
    unit = areas.asked(call, "calls", Act.CALL, code, page)
    if unit is None:
        return
    calls = await _calls(call, unit.code)
    below = [Choice("do:ways", Say("menu.ways")), HOME]
    if not calls.villages:
        call.say(Say("calls.none", unit=place(unit), day=calls.day), rows=in_rows(below, 2))
        return
    here = page_of(len(calls.villages), page, call.message.channel, below).of(calls.villages)
    contacts = await to_ring_up(call, [one.code for one in here])
    lines = [
        Say(
            "calls.line",
            village=place(one),
            way=Say(f"choice.way.{calls.ways.get(one.code, Way.APP)}"),
            contacts=contact_words(contacts.get(one.code, [])),
            tried=_tried(call, calls, one.code),
        )
        for one in here
    ]
    choices = [Choice(f"do:ring:{one.code}", place(one)) for one in calls.villages]
    title = Say("calls.title", unit=place(unit), day=calls.day, n=len(calls.villages))
    call.say(title, *lines, rows=paged(choices, page, f"do:calls:{unit.code}", call.message.channel, below))


async def _calls(call: Call, unit: str) -> Calls:
    timetable = call.desk.timetable
    day = timetable.reporting_day(call.at)
    villages = call.tree.villages(unit)
    codes = [one.code for one in villages]
    reported = await records.reports_for(call.tx, codes, DATA_SET, day)
    others = await ways.not_on_app(call.tx, codes)
    awaited = await media.awaited(call.tx, call.tree, codes, day)
    tried = await ways.attempts(call.tx, codes, day)
    silent_too = call.at >= at(day, timetable.second_nudge)
    return Calls(day, to_call(villages, reported, others, awaited, tried, silent_too), others, tried)


def _tried(call: Call, calls: Calls, unit: str) -> Say:
    tried = calls.tried.get(unit)
    return Say("calls.tried", at=moment(tried, call.at)) if tried else Say("reports.nothing")


async def ring(call: Call, unit: str) -> None:
    """One village: whom to ring up there, and what they may say."""
    if await _mine(call, unit):
        await _card(call, unit)


async def _mine(call: Call, unit: str) -> bool:
    if unit in call.tree and may(call.user.roles, Act.CALL, unit, call.tree):
        return True
    call.say(Say("access.denied"))
    return False


async def _card(call: Call, unit: str, *before: Say, record: tuple[str, int] | None = None, more: Rows = ()) -> None:
    day = call.desk.timetable.reporting_day(call.at)
    village = call.tree[unit]
    report = await records.report_of(call.tx, unit, DATA_SET, day)
    if report is not None:
        call.say(*before, await _reported(call, village, report), rows=(*more, (LIST, HOME)), record=record)
        return
    contacts = contact_words((await to_ring_up(call, [unit])).get(unit, []))
    tried = (await ways.attempts(call.tx, [unit], day)).get(unit)
    lines = [Say("calls.card", village=place(village), day=day, contacts=contacts)]
    if tried is not None:
        lines.append(Say("calls.tried_at", at=moment(tried, call.at)))
    rows = (
        (Choice(f"do:ring_none:{unit}:{day}", Say("calls.nothing_new")),),
        (
            Choice(f"do:form:returnee:{unit}::{Way.PHONE}", Say("calls.somebody_back")),
            Choice(f"do:form:daily_report:{unit}::{Way.PHONE}", Say("form.daily_report.menu")),
        ),
        (Choice(f"do:ring_no:{unit}:{day}", Say("calls.not_reached")),),
    )
    call.say(*before, *lines, rows=(*rows, *more, (LIST, HOME)), record=record)


async def _reported(call: Call, village: OrgUnit, report: Report) -> Say:
    record = await records.current(call.tx, call.desk.keys, report.record_id)
    authors = await people.of_users(call.tx, call.desk.keys, [record.author] if record and record.author else [])
    return Say(
        "calls.reported",
        village=place(village),
        at=clock(report.filed_at),
        by=authors[0].name if authors else Say("value.none"),
    )


async def nothing_new(call: Call, unit: str, day: str) -> None:
    """The village said on the phone that there is nothing new: that is its report, at this instant.

    Where people of the village were filed meanwhile, the card of the report is shown instead, which says so.
    """
    if not await _mine(call, unit):
        return
    today = call.desk.timetable.reporting_day(call.at)
    if day != today.isoformat() or await records.report_of(call.tx, unit, DATA_SET, today) is not None:
        await _card(call, unit, *([Say("draft.changed_meanwhile")] if day != today.isoformat() else []))
        return
    if ZeroReport.check({}, await reporting.facts_of(call, unit)):
        await reporting.start(call, ZeroReport.name, unit, how=Way.PHONE)
        return
    told = await told_by(call, unit, Way.PHONE)
    draft = Draft(call.desk.new_id(), ZeroReport.name, ZeroReport.version, unit, REVIEW, facts=told)
    filed = await filing.file_report(call.tx, call.desk, call.tree, call.user, ZeroReport, draft, call.at)
    lines = [Say("filed.report", unit=place(call.tree[unit]), day=filed.record.day)]
    if not filed.on_time:
        lines.append(Say("filed.late", time=call.desk.timetable.cut_off))
    undo = ((Choice(f"do:undo:{filed.record.id}", Say("calls.undo", village=place(call.tree[unit]))),),)
    await _next(call, unit, lines, record=(filed.record.id, filed.record.version), more=undo)


async def not_reached(call: Call, unit: str, day: str) -> None:
    """Nobody answered: that is noted with the hour, and counts nothing."""
    if not await _mine(call, unit):
        return
    if day == call.desk.timetable.reporting_day(call.at).isoformat():
        await ways.note_attempt(call.tx, unit, date.fromisoformat(day), call.user.id, call.at)
    noted = Say("calls.noted", village=place(call.tree[unit]), at=clock(call.at))
    await _next(call, unit, [noted])


async def _next(call: Call, unit: str, before: Sequence[Say], record: tuple[str, int] | None = None, more: Rows = ()) -> None:
    """What came of a call, and the next village that was not rung up yet."""
    commune = next((up for up in reach(call.user.roles, Act.CALL, call.tree) if call.tree.within(unit, up.code)), None)
    calls = await _calls(call, commune.code if commune else unit)
    following = next((one for one in calls.villages if one.code != unit and one.code not in calls.tried), None)
    if following is not None:
        await _card(call, following.code, *before, Say("calls.next"), record=record, more=more)
        return
    left = Say("calls.left", n=len(calls.villages)) if calls.villages else Say("calls.all_done")
    call.say(*before, left, rows=(*more, (LIST, HOME)), record=record)
