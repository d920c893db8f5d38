"""/giaitrinh: figures that do not match, who explains them, and the figures that those above have by themselves (R7)."""

from __future__ import annotations

from datetime import date

from bot.clock import at
from bot.conversation.draft import Json
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, OVERSEERS, Act, Role, may, reach, works_for
from bot.domain.units import COMMUNE, VILLAGE
from bot.forms.explanation import Explain, FigureAbove
from bot.handlers import areas, reporting
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.asking import ask
from bot.reports.discrepancies import ABOVE, Discrepancy, discrepancies
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, moment, place
from bot.storage import explanations, outbox, people
from bot.storage.explanations import Explanation


async def list_(call: Call, code: str = "", page: str = "0") -> None:
    """Today's, of a unit within one's reach; a button for each."""
    unit = areas.asked(call, "differ", Act.SEE_FIGURES, code, page)
    if unit is None:
        return
    found = await discrepancies(call.tx, call.desk.keys, call.tree, unit.code, call.today)
    choices = [
        Choice(
            f"do:explain:{one.unit.code}:{one.indicator}:{one.source}",
            Say("discrepancy.which", unit=place(one.unit), indicator=Say(f"reports.indicator.{one.indicator}")),
        )
        for one in found
    ]
    below = [HOME]
    if any(held.role in OVERSEERS for held in call.user.roles):
        below.insert(0, Choice("do:above", Say("discrepancy.button.above")))
    lines = [Say("discrepancy.list", unit=place(unit), day=call.today), *(one.line for one in found)]
    shown = lines if found else [Say("discrepancy.none", unit=place(unit))]
    call.say(*shown, rows=paged(choices, page, f"do:differ:{unit.code}", call.message.channel, below))


async def card(call: Call, unit: str, indicator: str, source: str) -> None:
    """One of them: both numbers, what was said about it, and what may be done."""
    one = await _one(call, unit, indicator, source)
    if one is None:
        call.say(Say("discrepancy.gone"), rows=((Choice("do:differ", Say("discrepancy.button.list")), HOME),))
        return
    lines = [one.line]
    if one.explanation is not None and may(call.user.roles, Act.SEE_PEOPLE, unit, call.tree):
        who = await people.of_users(call.tx, call.desk.keys, [one.explanation.by])
        name = who[0].name if who else "–"
        lines.append(Say("discrepancy.said", name=name, at=moment(one.explanation.at, call.at), text=one.explanation.text))
    rows: list[tuple[Choice, ...]] = []
    if _answerable(call, unit, source):
        rows.append((Choice(f"do:explain_it:{unit}:{indicator}:{source}", Say("discrepancy.button.explain")),))
        if one.record is not None:
            rows.append((Choice(f"do:correct:{one.record}", Say("discrepancy.button.correct")),))
    call.say(*lines, rows=(*rows, (Choice("do:differ", Say("button.back")), HOME)))


def _answerable(call: Call, unit: str, source: str) -> bool:
    """Whose figure it is explains it: the village's team and its commune, or the commune's office."""
    if source == ABOVE:
        return works_for(call.user.roles, unit)
    return may(call.user.roles, Act.REPORT, unit, call.tree)


async def _one(call: Call, unit: str, indicator: str, source: str) -> Discrepancy | None:
    if unit not in call.tree or not may(call.user.roles, Act.SEE_FIGURES, unit, call.tree):
        return None
    found = await discrepancies(call.tx, call.desk.keys, call.tree, unit, call.today)
    return next((one for one in found if (one.unit.code, one.indicator, one.source) == (unit, indicator, source)), None)


async def explain(call: Call, unit: str, indicator: str, source: str, drop: str = "") -> None:
    """Ask why."""
    one = await _one(call, unit, indicator, source)
    if one is None or not _answerable(call, unit, source):
        await card(call, unit, indicator, source)
        return
    if reporting.busy(call, Explain.name, drop, lambda draft: f"do:explain_it:{unit}:{indicator}:{source}:{draft}"):
        return
    facts: dict[str, Json] = {
        "unit_name": call.voice(place(one.unit)),
        "differs": [indicator, source, one.declared, one.listed],
        "day": call.today.isoformat(),
    }
    known = {"explanation": one.explanation.text} if one.explanation else {}
    reporting.begin(call, opened(Explain, call.desk.new_id(), unit, known, facts, call.today), fresh=True)


async def explained(call: Call) -> None:
    """The explanation was confirmed."""
    assert call.draft is not None
    unit, (indicator, source, declared, listed) = call.draft.unit, call.draft.facts["differs"]
    day, text = date.fromisoformat(call.draft.facts["day"]), call.draft.answers["explanation"]
    call.close_draft()
    if unit not in call.tree or not _answerable(call, unit, source):
        call.say(Say("access.denied"))
        return
    new = Explanation(unit, indicator, source, declared, listed, text, call.user.id, call.at)
    await explanations.explain(call.tx, call.desk.keys, day, new)
    if source == ABOVE:
        await _tell_above(call, unit, indicator, day)
    call.say(Say("discrepancy.noted"), rows=((Choice("do:differ", Say("discrepancy.button.list")), HOME),))


async def _tell_above(call: Call, unit: str, indicator: str, day: date) -> None:
    """Whoever entered the figure learns that it was explained; the words stay behind the button, since they may name people."""
    by = await explanations.who_noted(call.tx, unit, day, indicator)
    over = [one.code for one in call.tree.ancestors(unit)]
    readers = {who.id: who for held in (await holding(call.tx, call.desk.keys, over, OVERSEERS)).values() for who in held}
    if by is None or (who := readers.get(by)) is None:
        return
    said = Say("discrepancy.told_above", unit=place(call.tree[unit]), indicator=Say(f"reports.indicator.{indicator}"))
    show = Choice(f"do:explain:{unit}:{indicator}:{ABOVE}", Say("discrepancy.button.see"))
    key = f"explained:{unit}:{day}:{indicator}:{call.at.isoformat()}"
    posts = duty(who, voice(who)(said), key, buttons=buttons(who, (show, HOME)))
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)


async def above(call: Call, unit: str = "", page: str = "0", drop: str = "") -> None:
    """A commune's figure as those above have it: which commune, then which figure and how many."""
    tops = [top for top in reach(call.user.roles, Act.SEE_FIGURES, call.tree) if top.level not in (COMMUNE, VILLAGE)]
    if not tops or not any(held.role in OVERSEERS for held in call.user.roles):
        call.say(Say("access.denied"))
        return
    communes = [one for top in tops for one in call.tree.at_level(top.code, COMMUNE)]
    if unit not in {one.code for one in communes}:
        areas.offer(call, Say("discrepancy.which_commune"), "above", communes, page)
        return
    if reporting.busy(call, FigureAbove.name, drop, lambda draft: f"do:above:{unit}:0:{draft}"):
        return
    facts: dict[str, Json] = {"unit_name": call.voice(place(call.tree[unit]))}
    reporting.begin(call, opened(FigureAbove, call.desk.new_id(), unit, {}, facts, call.today), fresh=True)


async def noted_above(call: Call) -> None:
    """The figure was confirmed: does it match?"""
    assert call.draft is not None
    unit, answers = call.draft.unit, call.draft.answers
    call.close_draft()
    overseer = any(held.role in OVERSEERS and call.tree.within(unit, held.unit) for held in call.user.roles)
    if unit not in call.tree or not overseer:
        call.say(Say("access.denied"))
        return
    n, indicator = int(answers["n"]), str(answers["indicator"])
    await explanations.note_above(call.tx, unit, call.today, indicator, n, call.user.id, call.at)
    one = await _one(call, unit, indicator, ABOVE)
    if one is not None:
        await _ask_commune(call, one)
    said = one.line if one is not None else Say("discrepancy.matches", unit=place(call.tree[unit]))
    call.say(said, rows=((Choice("do:differ", Say("discrepancy.button.list")), HOME),))


async def _ask_commune(call: Call, one: Discrepancy) -> None:
    """At once: its officers, and who answers for its figures too once the hour has passed at which it would climb to them."""
    times, day = call.desk.timetable, call.today
    roles = {Role.COMMUNE_OFFICER} if call.at < at(day, times.forecast) else COMMUNE_ROLES
    readers = (await holding(call.tx, call.desk.keys, [one.unit.code], roles)).get(one.unit.code, ())
    due = at(day, times.deadline)
    until = due if call.at < due else None
    name = f"above:{one.unit.code}:{day}:{one.indicator}:{one.declared}:{one.listed}"
    posts = [post for who in readers for post in ask(call.tree, one, who, f"{name}:{who.id}", times.deadline, until)]
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)
