"""What officials and teams look up: the situation, and who is missing. Only within their own units."""

from __future__ import annotations

from datetime import date

from bot.clock import local
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, Role, may
from bot.domain.data_sets import COMMUNE_DAILY
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit
from bot.handlers import areas
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.digest import situation_lines
from bot.reports.excuses import excuses
from bot.reports.figures import Figures, figures
from bot.reports.issued import cumulative_from
from bot.reports.overdue import missing_lines
from bot.reports.phrases import HOME, Contact, Contacts, place
from bot.reports.remarks import NO_REMARKS, Remarks, remarks
from bot.storage import people
from bot.storage.accounts import by_person
from bot.storage.ledger import Range


async def situation(call: Call, code: str = "", day: str = "", page: str = "0") -> None:
    """The figures of a unit in the window that is open, or in an earlier one; a button for every unit below."""
    unit = areas.asked(call, "situation", Act.SEE_FIGURES, code, page, day)
    if unit is None:
        return
    current = call.desk.timetable.window_at(call.at)
    seen = await figures_at(call, unit, day)
    opened = seen.days.last
    said = await _remarks(call, unit, seen.report_day)
    choices = [Choice(f"do:situation:{below.code}:{opened}", place(below)) for below in call.tree.children(unit.code)]
    before = date.fromordinal(opened.toordinal() - 1)
    steer = [Choice(f"do:situation:{unit.code}:{before}", Say("button.previous_window"))]
    if opened < current.day:
        steer.append(Choice(f"do:situation:{unit.code}:{current.day}", Say("button.current_window")))
    if unit.level != VILLAGE:
        steer.append(Choice(f"do:photo_now:{unit.code}:{opened}", Say("picture.take")))
    if unit.parent and may(call.user.roles, Act.SEE_FIGURES, unit.parent, call.tree):
        steer.append(Choice(f"do:situation:{unit.parent}:{opened}", Say("button.up", name=place(call.tree[unit.parent]))))
    steer.append(HOME)
    rows = paged(choices, page, f"do:situation:{unit.code}:{opened}", call.message.channel, steer)
    call.say(
        *situation_lines(seen, since=cumulative_from(COMMUNE_DAILY), timetable=call.desk.timetable, remarks=said), rows=rows
    )


async def figures_at(call: Call, unit: OrgUnit, day: str = "") -> Figures:
    """The figures of a unit in the window of a day; without one, in the window about which people ask now."""
    timetable = call.desk.timetable
    current = timetable.window_at(call.at)
    # Until the deadline people ask about what is being reported, not about the hours since the cut-off.
    asked = call.today if local(call.at).time() < timetable.deadline else current.day
    window = timetable.window(_day(day, current.day) if day else asked)
    # While a window is open, the reports that are due may still be those of the window before.
    due = timetable.reporting_day(call.at) if window.day == current.day else window.day
    # A past window is counted over the units of its own day: a village that ended since keeps its people there.
    tree = call.tree if window.day >= call.today else await call.desk.trees.on(call.tx, window.day)
    tree = tree if unit.code in tree else call.tree
    days = Range(window.day, window.day)
    return await figures(call.tx, tree, unit.code, days, call.at, report_day=due, timetable=timetable)


async def situation_in_group(call: Call) -> list[Say] | None:
    """The figures of the asker's unit, counts alone; None if they would have to choose one first."""
    unit = areas.meant(call, Act.SEE_FIGURES)
    if unit is None:
        return None
    since = cumulative_from(COMMUNE_DAILY)
    return situation_lines(await figures_at(call, unit), since=since, timetable=call.desk.timetable, remarks=NO_REMARKS)


async def _remarks(call: Call, unit: OrgUnit, day: date) -> Remarks:
    """What villages wrote beside their figures, for who may read people's matters there: of one village or one commune."""
    if unit.level not in (VILLAGE, COMMUNE) or not may(call.user.roles, Act.SEE_PEOPLE, unit.code, call.tree):
        return NO_REMARKS
    return await remarks(call.tx, call.desk.keys, call.tree, unit.code, day)


async def missing(call: Call, code: str = "", day: str = "", page: str = "0") -> None:
    """Which villages have not sent today's report, and who to ring; in the evening also tomorrow's, which may come by then."""
    unit = areas.asked(call, "missing", Act.SEE_FIGURES, code, page, day)
    if unit is None:
        return
    timetable = call.desk.timetable
    newest = timetable.reporting_day(call.at)
    day_ = _day(day, newest) if day else call.today
    seen = await figures(call.tx, call.tree, unit.code, Range(day_, day_), call.at, timetable=timetable, report_day=day_)
    contacts = await _contacts(call, seen)
    notes = await excuses(call.tx, call.tree, [village.code for village in seen.missing], day_)
    choices = [
        Choice(f"do:missing:{below.code}:{day_}", place(below))
        for below in call.tree.children(unit.code)
        if below.level != VILLAGE and any(call.tree.within(village.code, below.code) for village in seen.missing)
    ]
    steer = [Choice(f"do:missing:{unit.code}:{day_}", Say("button.refresh"))]
    if newest != call.today:
        other = call.today if day_ == newest else newest
        steer.append(Choice(f"do:missing:{unit.code}:{other}", Say("button.for_day", day=other)))
    steer.append(HOME)
    rows = paged(choices, page, f"do:missing:{unit.code}:{day_}", call.message.channel, steer)
    call.say(*missing_lines(seen, contacts, notes), rows=rows)


async def missing_in_group(call: Call) -> list[Say] | None:
    """Which villages of the asker's unit have not sent today's report, and nobody's name; None if they would have to choose."""
    unit = areas.meant(call, Act.SEE_FIGURES)
    if unit is None:
        return None
    days, timetable = Range(call.today, call.today), call.desk.timetable
    seen = await figures(call.tx, call.tree, unit.code, days, call.at, timetable=timetable, report_day=call.today)
    notes = await excuses(call.tx, call.tree, [village.code for village in seen.missing], call.today)
    return missing_lines(seen, None, notes)


async def _contacts(call: Call, seen: Figures) -> Contacts:
    """Whom to call about a missing report: a village's heads, and the officers of a commune seen from above."""
    villages = {village.code for village in seen.missing if may(call.user.roles, Act.SEE_PEOPLE, village.code, call.tree)}
    communes = {row.unit.code for row in seen.rows if row.missing and row.unit.level != VILLAGE}
    found: dict[str, list[Contact]] = {}
    holders = await people.with_roles(call.tx, call.desk.keys, villages | communes, {Role.HEAD, Role.COMMUNE_OFFICER})
    for who, *_ in by_person(holders).values():
        for held in who.roles:
            asked = (held.role is Role.HEAD and held.unit in villages) or (
                held.role is Role.COMMUNE_OFFICER and held.unit in communes
            )
            if asked:
                found.setdefault(held.unit, []).append(Contact(who.name, who.phone))
    return found


def _day(given: str, newest: date) -> date:
    """A day out of a button; never one whose window has not begun."""
    try:
        return min(date.fromisoformat(given), newest)
    except ValueError:
        return newest
