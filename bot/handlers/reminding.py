"""An official reminds in person (N10): one tap, and the team of a silent village, or a commune's office, hears from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.clock import local
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, TEAM, works_for
from bot.domain.deadlines import nudge_key
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports import issued
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.excuses import excuses
from bot.reports.figures import figures
from bot.reports.phrases import HOME, place
from bot.reports.sign_off import signed_off
from bot.storage import outbox
from bot.storage.ledger import Range

ALL = "all"


async def remind(call: Call, unit: str, day: str, whom: str = "", page: str = "0") -> None:
    """Whom? One of those that are not done, or all of them; nobody who gave a reason, and each once an hour."""
    if unit not in call.tree or not works_for(call.user.roles, unit):
        call.say(Say("access.denied"))
        return
    day_ = _day(call, day)
    open_ = await _open(call, unit, day_)
    here = f"do:remind:{unit}:{day_}"
    if not open_:
        call.say(Say("remind.nobody"), rows=((HOME,),))
    elif not whom:
        choices = [Choice(f"{here}:{one.code}", place(one)) for one in open_]
        everyone = Choice(f"{here}:{ALL}", Say("remind.all", n=len(open_)))
        call.say(Say("remind.whom"), rows=paged(choices, page, f"{here}:", call.message.channel, [everyone, HOME]))
    else:
        chosen = [one for one in open_ if whom in (ALL, one.code)]
        reached = await _post(call, chosen, day_)
        said = Say("remind.done", n=reached) if reached else Say("remind.nobody_there")
        call.say(said, rows=((Choice(here, Say("button.back")), HOME),))


def _day(call: Call, given: str) -> date:
    try:
        return min(date.fromisoformat(given), call.today)
    except ValueError:
        return call.today


async def _open(call: Call, unit: str, day: date) -> Sequence[OrgUnit]:
    """Of a commune its villages without a report; above it the communes that have not approved their figures."""
    if call.tree[unit].level != COMMUNE:
        return (await signed_off(call.tx, call.desk.keys, call.tree, unit, issued.MORNING, day, 1)).unapproved
    seen = await figures(call.tx, call.tree, unit, Range(day, day), call.at, timetable=call.desk.timetable, report_day=day)
    notes = await excuses(call.tx, call.tree, [village.code for village in seen.missing], day)
    return [village for village in seen.missing if village.code not in notes]


async def _post(call: Call, units: Sequence[OrgUnit], day: date) -> int:
    """Queue the reminders; how many people they go to. Of several officials in the same hour the first is heard."""
    readers = await holding(call.tx, call.desk.keys, [one.code for one in units], TEAM | COMMUNE_ROLES)
    posts = []
    for unit in units:
        village = unit.level == VILLAGE
        for who in readers.get(unit.code, ()):
            said = Say("remind.team" if village else "remind.office", name=call.user.name, place=place(unit), day=day)
            first = (
                Choice(f"do:open:zero_report:{unit.code}", Say("button.zero_report"))
                if village
                else Choice(f"do:signing:{unit.code}:{day}", Say("signing.button.open"))
            )
            posts += duty(
                who,
                voice(who)(said),
                f"remind:{unit.code}:{day}:{local(call.at):%H}:{who.id}",
                buttons=buttons(who, (first, HOME)),
                cancel_key=nudge_key(unit.code, day) if village else None,
            )
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)
    return len({who.id for unit in units for who in readers.get(unit.code, ())})
