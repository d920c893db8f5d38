"""A village says why its report comes later (N4): its reminders end, and who reads the lists sees the reason."""

from __future__ import annotations

from datetime import date

from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, may, villages_of
from bot.domain.deadlines import nudge_key
from bot.domain.lateness import LateReason
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.figures import DATA_SET
from bot.reports.phrases import HOME, place
from bot.storage import lateness, outbox, records


async def ask(call: Call, village: str = "", day: str = "", reason: str = "", page: str = "0") -> None:
    """Why? Then it is noted, unless the report has come meanwhile. Without a village it is one's own, or is asked for."""
    own = villages_of(call.user.roles, Act.REPORT, call.tree)
    if not village and len(own) > 1:
        choices = [Choice(f"do:late:{one.code}", place(one)) for one in own]
        rows = paged(choices, page, "do:late:::", call.message.channel, [HOME])
        call.say(Say("report.which_village"), rows=rows)
        return
    village = village or (own[0].code if own else "")
    if not may(call.user.roles, Act.REPORT, village, call.tree):
        call.say(Say("access.denied"))
        return
    try:
        day_ = date.fromisoformat(day)
    except ValueError:
        day_ = call.desk.timetable.reporting_day(call.at)
    unit = place(call.tree[village])
    if await records.report_of(call.tx, village, DATA_SET, day_) is not None:
        call.say(Say("lateness.not_late", unit=unit, day=day_), rows=((HOME,),))
    elif reason not in set(LateReason):
        choices = [Choice(f"do:late:{village}:{day_}:{one}", Say(f"lateness.{one}")) for one in LateReason]
        call.say(Say("lateness.why", unit=unit), rows=(*in_rows(choices, 2), (HOME,)))
    else:
        await lateness.note(call.tx, village, day_, LateReason(reason), call.user.id, call.at)
        await outbox.cancel(call.tx, [nudge_key(village, day_)], call.at)
        call.say(Say("lateness.noted", unit=unit, reason=Say(f"lateness.{reason}")), rows=((HOME,),))
