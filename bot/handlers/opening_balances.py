"""/sodauky: what units counted before they reported here, entered and corrected by commune and district."""

from __future__ import annotations

from datetime import date

from bot.conversation.draft import Json
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may
from bot.domain.openings import Opened
from bot.domain.units import COMMUNE, VILLAGE
from bot.forms.opening import Opening
from bot.handlers import areas, reporting
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.opening_words import opening_line
from bot.reports.phrases import HOME, moment, place
from bot.storage import ledger, openings, people
from bot.storage.ledger import Range
from bot.storage.openings import Balance


async def list_(call: Call, code: str = "", page: str = "0") -> None:
    """Of a unit and all below it: each opening balance with a button, one more, and the units below."""
    unit = areas.asked(call, "openings", Act.OPEN, code, page)
    if unit is None:
        return
    found = await openings.of_units(call.tx, call.desk.keys, [one.code for one in call.tree.subtree(unit.code)])
    choices = [
        Choice(
            f"do:opening:{one.unit}:{one.indicator}",
            Say("opening.which", unit=place(call.tree[one.unit]), indicator=Say(f"reports.indicator.{one.indicator}")),
        )
        for one in found
    ]
    choices += [Choice(f"do:openings:{below.code}", place(below)) for below in call.tree.children(unit.code)]
    below = [HOME]
    if unit.level in (VILLAGE, COMMUNE):
        below.insert(0, Choice(f"do:opening_add:{unit.code}", Say("opening.button.add")))
    lines = [opening_line(one, call.tree, unit.code) for one in found] or [Say("opening.none")]
    title = Say("opening.title", unit=place(unit))
    call.say(title, *lines, rows=paged(choices, page, f"do:openings:{unit.code}", call.message.channel, below))


async def one(call: Call, unit: str, indicator: str) -> None:
    """One of them with all its versions: who entered which, and when."""
    if not may(call.user.roles, Act.OPEN, unit, call.tree):
        call.say(Say("access.denied"))
        return
    found = await openings.versions(call.tx, call.desk.keys, unit, indicator)
    if not found:
        await list_(call, unit)
        return
    names = {one.id: one.name for one in await people.of_users(call.tx, call.desk.keys, {one.by for one in found})}
    history = [
        Say("opening.version", version=one.version, n=one.n, as_of=one.as_of, source=one.source,
            name=names.get(one.by, "–"), at=moment(one.at, call.at))
        for one in reversed(found)
    ]  # fmt: skip
    title = Say("opening.which", unit=place(call.tree[unit]), indicator=Say(f"reports.indicator.{indicator}"))
    edit = Choice(f"do:opening_add:{unit}:{indicator}", Say("opening.button.correct"))
    back = Choice(f"do:openings:{unit}", Say("button.back"))
    call.say(title, *history, rows=((edit,), (back, HOME)))


async def add(call: Call, unit: str, indicator: str = "", drop: str = "") -> None:
    """Ask for one more, or for the next version of one that there is."""
    if not may(call.user.roles, Act.OPEN, unit, call.tree) or call.tree[unit].level not in (VILLAGE, COMMUNE):
        call.say(Say("access.denied"))
        return
    if reporting.busy(call, Opening.name, drop, lambda draft: f"do:opening_add:{unit}:{indicator}:{draft}"):
        return
    known: dict[str, Json] = {}
    if former := await openings.versions(call.tx, call.desk.keys, unit, indicator):
        last = former[-1]
        known = {"indicator": indicator, "n": last.n, "as_of": last.as_of.isoformat(), "source": last.source}
    facts: dict[str, Json] = {"unit_name": call.voice(place(call.tree[unit])), "listed": await _listed(call, unit)}
    reporting.begin(call, opened(Opening, call.desk.new_id(), unit, known, facts, call.today), fresh=True)


async def _listed(call: Call, unit: str) -> dict[str, Json]:
    """What is counted there without opening balances: people with names."""
    units = [one.code for one in call.tree.subtree(unit)]
    listed: dict[str, Json] = dict.fromkeys((key.value for key in Opened), 0)
    for (_, indicator), n in (await ledger.sums(call.tx, units, Range(call.today, call.today))).items():
        if indicator in listed:
            listed[indicator] += n
    for one in await openings.of_units(call.tx, call.desk.keys, units):
        listed[one.indicator] -= one.n
    return listed


async def saved(call: Call) -> None:
    """It was confirmed: the next version, if there is one already."""
    assert call.draft is not None
    unit, answers = call.draft.unit, call.draft.answers
    call.close_draft()
    if not may(call.user.roles, Act.OPEN, unit, call.tree):
        call.say(Say("access.denied"))
        return
    as_of = date.fromisoformat(answers["as_of"])
    new = Balance(unit, answers["indicator"], answers["n"], as_of, answers["source"], call.user.id, call.at)
    stored = await openings.save(call.tx, call.desk.keys, new)
    said = Say("opening.saved" if stored.version == 1 else "opening.corrected", version=stored.version)
    more = Choice(f"do:opening_add:{unit}", Say("opening.button.add"))
    back = Choice(f"do:openings:{unit}", Say("menu.openings"))
    call.say(said, opening_line(stored, call.tree), rows=((more,), (back, HOME)))
