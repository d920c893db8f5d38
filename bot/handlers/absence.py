"""/vang: a colleague stands in until the end of a day (N5). Reminders, tasks and alerts go to them; both can end it.

Whom to tell instead is settled in one place, ``reports.duties.holding``. Who stands in needs a role in the same team or
office, or gets one for that time (``domain.access``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.conversation.draft import Draft
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Param, Say
from bot.domain.access import COMMUNE_ROLES, LEVEL_OF, OFFICIALS, TEAM, Role, RoleAt, can_stand_in, lent, may_file
from bot.domain.deputies import OFFERED, possible, until_when
from bot.domain.units import COMMUNE, Tree
from bot.domain.vietnamese import tidy
from bot.forms.away import Away
from bot.handlers import reporting
from bot.handlers.call import Call, Desk
from bot.handlers.paging import paged
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, place
from bot.storage import deputies, drafts, outbox, people
from bot.storage.accounts import for_duties
from bot.storage.database import Tx
from bot.storage.deputies import Deputy
from bot.storage.people import Who
from bot.texts import Voice, languages

COLLEAGUES = TEAM | OFFICIALS


def own(call: Call) -> list[str]:
    """The units at which one has a role in which somebody may stand in."""
    return sorted({held.unit for held in call.user.roles if held.role in LEVEL_OF and held.unit in call.tree})


def is_meant(call: Call, argument: str) -> bool:
    """Whether "vắng …" says until when. "Vàng A Mẫu 1985" is somebody's name: what a team pastes is no absence."""
    word = tidy(call.message.text).split(" ", 1)[0].lower()
    meant = {Voice(language).word("words.away.a") for language in languages()}
    return (word in meant or word.isascii()) and until_when(argument, call.today) is not None


async def start(call: Call, typed: str = "", page: str = "0", too: str = "") -> None:
    """Who stands in now; or until when. ``typed`` is a unit, or after the command the day: "đến thứ Sáu".

    Whoever stands in is first shown what was left half written; ``too``: they are away as well.
    """
    units = own(call)
    if not units:
        call.say(Say("access.denied"))
        return
    if not (typed or too) and page == "0" and (left := await _left_to(call)):
        own_absence = Choice("do:away::0:too", Say("away.too"))
        names = {who.id: who.name for who in await people.of_users(call.tx, call.desk.keys, {one.user for one in left})}
        lines = [Say("away.left", absent=names[one.user], form=Say(f"form.{draft.form}.title")) for one, draft in left.items()]
        choices = [
            Choice(f"do:away_draft:{one.id}", Say("away.go_on", form=Say(f"form.{draft.form}.title")))
            for one, draft in left.items()
        ]
        call.say(*lines, rows=(*in_rows(choices, 1), (own_absence, HOME)))
        return
    mine = [one for one in await deputies.concerning(call.tx, call.user.id) if one.user == call.user.id]
    unit = typed if typed in units else units[0] if len(units) == 1 else ""
    if mine and all(code in {one.unit for one in mine} for code in ([unit] if unit else units)):
        await _in_force(call, mine)
    elif not unit:
        choices = [Choice(f"do:away:{one}", place(call.tree[one])) for one in units]
        call.say(Say("unit.choose"), rows=paged(choices, page, "do:away:", call.message.channel, [HOME]))
    elif typed and typed != unit:
        day = until_when(typed, call.today)
        await (until(call, unit, day.isoformat()) if day is not None else _ask_until(call, unit, Say("away.not_a_day")))
    else:
        await _ask_until(call, unit)


async def _in_force(call: Call, mine: Sequence[Deputy]) -> None:
    known = {who.id: who.name for who in await people.of_users(call.tx, call.desk.keys, {one.deputy for one in mine})}
    lines = [
        Say("away.in_force", name=known.get(one.deputy, "–"), unit=_unit(call.tree, one.unit), day=one.until) for one in mine
    ]
    call.say(*lines, rows=((Choice("do:away_back", Say("away.back")),), (HOME,)))


def _unit(tree: Tree, code: str) -> Say:
    return place(tree[code]) if code in tree else Say("reports.as_written", value=code)


async def _ask_until(call: Call, unit: str, *before: Say) -> None:
    days = [call.today + timedelta(days=n) for n in range(OFFERED)]
    choices = [Choice(f"do:away_until:{unit}:{day}", _named(day, n)) for n, day in enumerate(days)]
    other = Choice(f"do:away_other:{unit}", Say("away.other_day"))
    call.say(*before, Say("away.until_when"), rows=(*in_rows(choices, 2), (other, HOME)))


def _named(day: date, n: int) -> Say:
    return Say(f"away.day.{('today', 'tomorrow')[n]}") if n < 2 else Say(f"away.weekday.{day.isoweekday()}", day=day)


async def other_day(call: Call, unit: str, drop: str = "") -> None:
    """A day that is typed."""
    if unit not in own(call):
        call.say(Say("access.denied"))
    elif not reporting.busy(call, Away.name, drop, lambda draft: f"do:away_other:{unit}:{draft}"):
        facts = {"unit_name": call.voice(place(call.tree[unit]))}
        reporting.begin(call, opened(Away, call.desk.new_id(), unit, {}, facts, call.today), fresh=True)


async def typed(call: Call) -> None:
    """The day was typed."""
    assert call.draft is not None
    unit, day = call.draft.unit, str(call.draft.answers["until"])
    call.close_draft()
    await until(call, unit, day)


async def until(call: Call, unit: str, day: str, page: str = "0") -> None:
    """Who stands in until then? The colleagues of the team or office; without any, the commune's."""
    if unit not in own(call):
        call.say(Say("access.denied"))
        return
    last = _day(day)
    if last is None or not possible(last, call.today):
        await _ask_until(call, unit, Say("away.not_a_day"))
        return
    able = await _able(call, unit)
    turn = f"do:away_to:{unit}:{last}"
    choices = [Choice(f"{turn}:{who.id}", Say("away.colleague", name=who.name, role=_role(call, who, unit))) for who in able]
    lines = [Say("away.who", day=last)]
    if not any(held.unit == unit for who in able for held in who.roles):
        lines = [Say("away.nobody_here", unit=place(call.tree[unit]))]
        lines += [Say("away.ask_commune")] if able else []
    rows = paged(
        choices,
        page,
        f"do:away_until:{unit}:{last}",
        call.message.channel,
        [Choice("do:call", Say("menu.call_commune")), HOME],
        per_row=1,
    )
    call.say(*lines, rows=rows)


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def _held(call: Call, unit: str) -> list[Role]:
    return [held.role for held in call.user.roles if held.unit == unit and held.role in LEVEL_OF]


async def _able(call: Call, unit: str) -> list[Who]:
    """Who may stand in for each role that one holds there; those of the commune only if nobody of the unit can."""
    roles = _held(call, unit)
    commune = call.tree.above(unit, COMMUNE)
    for code, among in ((unit, COLLEAGUES), (commune.code if commune else unit, COMMUNE_ROLES)):
        found = (await holding(call.tx, call.desk.keys, [code], among)).get(code, [])
        able = [
            who
            for who in found
            if who.id != call.user.id and all(can_stand_in(who.roles, role, unit, call.tree) for role in roles)
        ]
        if able:
            return able
    return []


def _role(call: Call, who: Who, unit: str) -> Say:
    commune = call.tree.above(unit, COMMUNE)
    here = [held for held in who.roles if held.unit in (unit, commune.code if commune else unit) and held.role in LEVEL_OF]
    return Say(f"role.{here[0].role}") if here else Say("reports.nothing")


async def hand_over(call: Call, unit: str, day: str, to: str) -> None:
    """From now on this colleague stands in; they and the unit are told."""
    last = _day(day)
    if unit not in own(call) or last is None or not possible(last, call.today):
        await start(call)
        return
    chosen = next((who for who in await _able(call, unit) if who.id == to), None)
    if chosen is None:
        await until(call, unit, day)
        return
    for former in await deputies.concerning(call.tx, call.user.id):
        if former.user == call.user.id and former.unit == unit:
            await deputies.end(call.tx, former, call.at)
    wanted = [role for held in _held(call, unit) if (role := lent(chosen.roles, held, unit)) is not None]
    new = Deputy(call.desk.new_id(), call.user.id, to, unit, call.at, last, wanted[0] if wanted else None)
    await deputies.add(call.tx, new)
    if new.lent is not None:
        await people.grant(call.tx, to, RoleAt(new.lent, unit), call.user.id, call.at)
    await _tell_unit(call, new, chosen)
    said = Say("away.done", name=chosen.name, day=last)
    call.say(said, rows=((Choice("do:away_back", Say("away.back")),), (HOME,)))


async def _tell_unit(call: Call, new: Deputy, chosen: Who) -> None:
    words: dict[str, Param] = {
        "absent": call.user.name,
        "name": chosen.name,
        "unit": place(call.tree[new.unit]),
        "day": new.until,
    }
    colleagues = (await holding(call.tx, call.desk.keys, [new.unit], COLLEAGUES)).get(new.unit, [])
    told = {who.id: who for who in (*colleagues, chosen)}
    left = [Say("away.push_left")] if call.draft is not None and _may_go_on(call, new, call.draft) else []
    lines = {chosen.id: [Say("away.push_deputy", **words), *left]}
    posts = [
        post
        for who in told.values()
        if who.id != call.user.id
        for post in duty(
            who,
            "\n".join(map(voice(who), lines.get(who.id, [Say("away.push_unit", **words)]))),
            f"away:{new.id}:{who.id}",
            buttons=buttons(who, (HOME,)),
        )
    ]
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)


async def _left_to(call: Call) -> dict[Deputy, Draft]:
    """What those for whom one stands in left half written there."""
    standing = [one for one in await deputies.concerning(call.tx, call.user.id) if one.deputy == call.user.id]
    found = await drafts.of_users(call.tx, call.desk.keys, {one.user for one in standing}) if standing else {}
    return {one: found[one.user] for one in standing if one.user in found and _may_go_on(call, one, found[one.user])}


def _may_go_on(call: Call, one: Deputy, left: Draft) -> bool:
    """Whether this is a report about the unit, with answers, and not out of a text that only its owner pasted."""
    form = call.desk.forms.get(left.form)
    return (
        form is not None
        and form.files
        and left.revision > reporting.JUST_OPENED
        and "paste" not in left.facts
        and call.tree.within(left.unit, one.unit)
        and may_file(call.user.roles, form.needs, left.unit, call.tree)
    )


async def go_on(call: Call, deputy_id: str, drop: str = "") -> None:
    """Take over what was left half written: from now on it is one's own, and nobody else's."""
    left = {one.id: draft for one, draft in (await _left_to(call)).items()}.get(deputy_id)
    if left is None:
        call.say(Say("draft.gone"), rows=((HOME,),), fresh=True)
    elif not reporting.busy(call, left.form, drop, lambda draft: f"do:away_draft:{deputy_id}:{draft}"):
        if call.draft is not None:
            call.close_draft()
        await drafts.close(call.tx, [left.id])
        call.keep(replace(left, id=call.desk.new_id()))
        await reporting.resume(call)


async def back(call: Call) -> None:
    """Whoever was away is there again: everything comes to them from now on, and who stood in is told."""
    mine = [one for one in await deputies.concerning(call.tx, call.user.id) if one.user == call.user.id]
    for one in mine:
        await deputies.end(call.tx, one, call.at)
        await told_over(call.tx, call.desk, call.tree, one, call.at)
    call.say(Say("away.welcome" if mine else "away.not_away"), rows=((HOME,),))


async def told_over(tx: Tx, desk: Desk, tree: Tree, one: Deputy, now: datetime) -> None:
    """Tell who stood in that they do not any more."""
    who = for_duties(await people.of_users(tx, desk.keys, [one.deputy]))
    absent = await people.of_users(tx, desk.keys, [one.user])
    if who is not None and absent:
        say = voice(who)(Say("away.push_over", absent=absent[0].name, unit=_unit(tree, one.unit)))
        await outbox.queue(tx, desk.keys, duty(who, say, f"away:{one.id}:over", buttons=buttons(who, (HOME,))), now)
