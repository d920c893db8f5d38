"""A silent village keeps what was known of it: its report of the day, filed by the commune, says nothing new, and is marked.

Stocks stay as the ledger holds them and what is new are the people who were filed in the window, so nobody is counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.draft import REVIEW, Draft
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import TEAM, Act, may
from bot.domain.units import VILLAGE, OrgUnit
from bot.forms.daily_report import DailyReport
from bot.handlers import filing, reporting
from bot.handlers.board import BACK
from bot.handlers.call import Call
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.figures import DATA_SET
from bot.reports.phrases import HOME, place
from bot.storage import outbox, records
from bot.storage.records import Report


@dataclass(frozen=True)
class Kept:
    village: OrgUnit
    former: Report


async def ask(call: Call, unit: str) -> None:
    """What it would say, and of which day the figures are that are kept."""
    kept = await _possible(call, unit)
    if kept is not None:
        sure = Choice(f"do:former_sure:{unit}:{call.today}", Say("keep.button"))
        said = Say("keep.ask", village=place(kept.village), former=kept.former.day, day=call.today)
        call.say(said, rows=((sure,), (BACK, HOME)))


async def keep(call: Call, unit: str, day: str) -> None:
    """File it, tell the team, and offer to take it back."""
    kept = await _possible(call, unit)
    if kept is None:
        return
    if day != call.today.isoformat():
        await ask(call, unit)
        return
    facts = await reporting.facts_of(call, unit, DailyReport, call.today)
    answers = {**dict.fromkeys(DailyReport.model_fields), **DailyReport.prefill(facts)}
    facts = {"kept": kept.former.day.isoformat()}
    draft = Draft(call.desk.new_id(), DailyReport.name, DailyReport.version, unit, REVIEW, answers=answers, facts=facts)
    filed = await filing.file_report(call.tx, call.desk, call.tree, call.user, DailyReport, draft, call.at)
    await _tell_team(call, kept)
    lines = [Say("keep.done", village=place(kept.village), former=kept.former.day, day=filed.record.day)]
    if not filed.on_time:
        lines.append(Say("filed.late", time=call.desk.timetable.cut_off))
    undo = Choice(f"do:undo:{filed.record.id}", Say("calls.undo", village=place(kept.village)))
    call.say(*lines, rows=((undo,), (BACK, HOME)), record=(filed.record.id, filed.record.version))


async def _possible(call: Call, unit: str) -> Kept | None:
    """Where there is a former report, and none of today yet; else that is said."""
    village = call.tree.get(unit)
    if village is None or village.level != VILLAGE or not may(call.user.roles, Act.CALL, unit, call.tree):
        call.say(Say("access.denied"))
        return None
    due = call.desk.timetable.reporting_day(call.at) == call.today
    if not due or await records.report_of(call.tx, unit, DATA_SET, call.today) is not None:
        call.say(Say("board.gone"), rows=((BACK, HOME),))
        return None
    former = await records.last_report(call.tx, unit, DATA_SET, call.today)
    if former is None:
        call.say(Say("keep.nothing", village=place(village)), rows=((BACK, HOME),))
        return None
    return Kept(village, former)


async def _tell_team(call: Call, kept: Kept) -> None:
    unit = kept.village.code
    say = Say("keep.push", name=call.user.name, village=place(kept.village), day=call.today)
    opens = Choice(f"do:open:{DailyReport.name}:{unit}", Say(f"form.{DailyReport.name}.menu"))
    posts = [
        post
        for who in (await holding(call.tx, call.desk.keys, [unit], TEAM)).get(unit, [])
        if who.id != call.user.id
        for post in duty(who, voice(who)(say), f"kept:{unit}:{call.today}:{who.id}", buttons=buttons(who, (opens, HOME)))
    ]
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)
