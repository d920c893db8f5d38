"""Opening reports: from a menu, once more for the next of a household, or to correct what was filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.conversation.draft import Answers, Json
from bot.conversation.engine import opened
from bot.conversation.form import Form
from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, may, villages_of
from bot.handlers.call import Call
from bot.handlers.steps import current, form_of
from bot.reports.phrases import place
from bot.storage import ledger, records
from bot.storage.ledger import Range

PER_PAGE = 24  # villages on one page of buttons
JUST_OPENED = 1  # the revision of a draft whose first prompt was shown
DROP = "drop"  # the last argument of a button that may drop a half-written report


async def start(call: Call, name: str, unit: str | None = None, page: int = 0) -> None:
    """Open a form. Asks for the village first if the person reports for several; asks before dropping another draft."""
    form = call.desk.forms.get(name)
    if form is None or not form.files:
        call.say(Say("command.unknown"))
        return
    if busy(call, name, ":".join(["do:instead", name, *([unit] if unit else [])])):
        return
    villages = villages_of(call.user.roles, Act.REPORT, call.tree)
    if not villages:
        call.say(Say("access.no_village"))
    elif unit is None and len(villages) > 1:
        _ask_village(call, name, page)
    else:
        code = unit or villages[0].code
        if not may(call.user.roles, Act.REPORT, code, call.tree):
            call.say(Say("access.denied"))
            return
        facts = await _facts(call, code)
        await _open(call, form, code, form.prefill(facts), facts)


def busy(call: Call, name: str, instead: str) -> bool:
    """Whether a report is half written. Then nothing is opened: the person is asked, with ``instead`` as the button to drop it.

    A draft that nobody has answered anything in, and the profile, are dropped without asking.
    """
    draft, open_form = call.draft, form_of(call)
    if draft is None or open_form is None or not draft.answers or draft.revision <= JUST_OPENED or draft.form == "profile":
        return False
    rows = (
        (Choice("do:resume", Say("button.resume")),),
        (Choice(instead, Say("button.drop_and_start", form=Say(f"form.{name}.title"))),),
    )
    call.say(Say("draft.in_progress", form=Say(f"form.{open_form.name}.title")), rows=rows, fresh=True)
    return True


def _ask_village(call: Call, name: str, page: int) -> None:
    villages = villages_of(call.user.roles, Act.REPORT, call.tree)
    shown = villages[page * PER_PAGE : (page + 1) * PER_PAGE]
    choices = [Choice(f"do:form:{name}:{village.code}", place(village)) for village in shown]
    steer = []
    if page:
        steer.append(Choice(f"do:villages:{name}:{page - 1}", Say("button.previous_page")))
    if (page + 1) * PER_PAGE < len(villages):
        steer.append(Choice(f"do:villages:{name}:{page + 1}", Say("button.next_page")))
    call.say(Say("report.which_village"), rows=(*in_rows(choices, 2), *in_rows(steer, 2)))


async def villages(call: Call, name: str, page: str) -> None:
    """Another page of the choice of a village."""
    _ask_village(call, name, int(page) if page.isdecimal() else 0)


async def instead(call: Call, name: str, unit: str | None = None) -> None:
    """Drop the open draft and open another form."""
    call.close_draft()
    await start(call, name, unit)


async def again(call: Call, record_id: str, group: str, drop: str = "") -> None:
    """One more like a filed report: what the group shares is copied, the rest is asked."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    form = call.desk.forms.get(record.kind) if record else None
    if (
        record is None
        or form is None
        or group not in form.shared
        or not may(call.user.roles, Act.REPORT, record.unit, call.tree)
    ):
        call.say(Say("draft.gone"), fresh=True)
        return
    if drop != DROP and busy(call, form.name, f"do:again:{record_id}:{group}:{DROP}"):
        return
    shared = {name: record.body[name] for name in form.shared[group] if name in record.body}
    await _open(call, form, record.unit, shared, await _facts(call, record.unit), fresh=True)


async def correct(call: Call, record_id: str, drop: str = "") -> None:
    """Open a filed report again with all its answers; sending it stores the next version."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    form = call.desk.forms.get(record.kind) if record else None
    if record is None or form is None or record.void or not may(call.user.roles, Act.CORRECT, record.unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
        return
    if drop != DROP and busy(call, form.name, f"do:correct:{record_id}:{DROP}"):
        return
    facts = await _facts(call, record.unit, record.day)
    await _open(call, form, record.unit, record.body, facts, amends=record.id, fresh=True)


async def _open(
    call: Call,
    form: type[Form],
    unit: str,
    answers: Answers,
    facts: Mapping[str, Json],
    amends: str | None = None,
    fresh: bool = False,
) -> None:
    if call.draft is not None:
        call.close_draft()
    turn = opened(form, call.desk.new_id(), unit, answers, facts, call.today, amends)
    call.keep(turn.draft)
    call.show(turn.prompt, fresh=fresh)


async def _facts(call: Call, unit: str, day: date | None = None) -> Mapping[str, Json]:
    """What forms may know beforehand: the village's name and what its people filed in the window that is reported.

    ``day`` is the reporting day of what is corrected; by default the one that is due now.
    """
    day = day or call.desk.timetable.reporting_day(call.at)
    sums = await ledger.sums(call.tx, [unit], Range(day, day))
    return {
        "unit_name": call.voice(place(call.tree[unit])),
        "filed": {indicator: n for (_, indicator), n in sums.items()},
    }


async def resume(call: Call) -> None:
    """Show the open question again."""
    form = form_of(call)
    if form is None or call.draft is None:
        call.say(Say("draft.gone"))
        return
    call.show(current(call, form).prompt)
