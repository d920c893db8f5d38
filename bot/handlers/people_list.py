"""The people of a village or commune on screen: what is due first, page by page, of a group or by a filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may
from bot.domain.filters import decoded, told
from bot.domain.openings import Opened
from bot.domain.standing import uncancelled
from bot.domain.units import VILLAGE, OrgUnit
from bot.handlers import areas
from bot.handlers.call import Call
from bot.handlers.paging import page_of, paged
from bot.handlers.wanted import want
from bot.messages import BUTTONS, LONGEST_TOKEN
from bot.reports.opening_words import opening_lines
from bot.reports.people_view import ALL, DUE, GROUPS, Folk, folk, narrowed
from bot.reports.person_words import now_is
from bot.reports.phrases import HOME, NOTHING, place, who_is
from bot.storage import persons
from bot.storage.persons import Person
from bot.storage.records import Record


async def show(call: Call, code: str = "", what: str = ALL, page: str = "0") -> None:
    """One page of the people; ``what`` is a group's name or a coded filter. A tap on somebody opens their card."""
    unit = areas.of_people(call, "list", code, what, page)
    if unit is None:
        return
    seen = await _folk(call, unit)
    found = await narrowed(call.tx, call.desk.keys, seen, what)
    below = [Choice(f"do:groups:{unit.code}", Say("people.narrow"))]
    if found:
        below.append(Choice(f"do:file:{unit.code}:{what}", Say("people.as_file")))
    below.append(HOME)
    turn = f"do:list:{unit.code}:{what}"
    here = page_of(len(found), page, call.message.channel, below)
    lines = await _lines(call, seen, here.of(found))
    back = f":{unit.code}:{what}:{here.here}"
    labels = _labels(found, lines, bool(BUTTONS[call.message.channel]))
    choices = [Choice(_card(one, back), labels[one.id]) for one in found]
    heading = _heading(call, unit, seen, what, len(found)) + await _before(call, unit, what)
    told_here = [Say("people.listed", line=line) for line in lines.values()] if BUTTONS[call.message.channel] else []
    call.say(*heading, *told_here, rows=paged(choices, page, turn, call.message.channel, below))


async def _folk(call: Call, unit: OrgUnit) -> Folk:
    units = [one.code for one in call.tree.subtree(unit.code)]
    decides = may(call.user.roles, Act.DECIDE, unit.code, call.tree)
    return await folk(call.tx, call.desk.keys, units, call.at, decides)


def _card(one: Person, back: str) -> str:
    token = f"do:person:{one.id}{back}"
    return token if len(token) <= LONGEST_TOKEN else f"do:person:{one.id}"


async def _lines(call: Call, seen: Folk, people: Sequence[Person]) -> dict[str, Say]:
    """A line for each of these people: who they are, what they are, what is due."""
    files = await persons.files(call.tx, call.desk.keys, [one.id for one in people])
    return {one.id: _line(call, seen, one, files) for one in people}


def _line(call: Call, seen: Folk, one: Person, files: Mapping[str, Sequence[Record]]) -> Say:
    file = files[one.id]
    holds = {record.id for record in uncancelled(file, call.desk.forms)}
    standing = [record for record in file if record.id in holds or record.follows in holds]
    is_now = now_is(seen.stocks[one.id], standing, call.today)
    if one.id in seen.due:
        return Say("people.line_due", person=who_is(one), now=is_now, due=list(seen.due[one.id]))
    return Say("people.line", person=who_is(one), now=is_now)


def _labels(found: Sequence[Person], lines: Mapping[str, Say], buttons: bool) -> dict[str, Say]:
    """What stands on the choices: the name, with the code where two have the same; without buttons the whole line."""
    names = {one.id: who_is(one) for one in found}
    borne = Counter(names.values())
    return {
        key: Say("people.numbered", line=lines[key])
        if key in lines and not buttons
        else Say("value.as_written", value=name if borne[name] == 1 else f"{name} ({key})")
        for key, name in names.items()
    }


async def _before(call: Call, unit: OrgUnit, what: str) -> list[Say]:
    """What the figures of a group count beside these people: opening balances. None of a filter's, which is no figure."""
    figures = frozenset(Opened) if what == ALL else GROUPS.get(what)
    if not figures:
        return []
    units = [one.code for one in call.tree.subtree(unit.code)]
    return await opening_lines(call.tx, call.desk.keys, call.tree, units, figures, unit.code)


def _heading(call: Call, unit: OrgUnit, seen: Folk, what: str, n: int) -> list[Say]:
    due = len(seen.of(DUE))
    if what == ALL or (what not in GROUPS and what != DUE and decoded(what) is None):
        if not n:
            return [Say("list.empty", unit=place(unit))]
        return [Say("people.title", unit=place(unit), n=n), Say("people.due_today", n=due) if due else NOTHING]
    conditions = decoded(what) if what not in GROUPS and what != DUE else None
    if conditions is None:
        return [Say("people.title_of", unit=place(unit), group=Say(f"people.group.{what}"), n=n), NOTHING]
    villages = {one.code: place(one) for one in call.tree.villages(unit.code)}
    return [Say("filter.understood", conditions=told(conditions, villages)), Say("filter.found", unit=place(unit), n=n)]


async def groups(call: Call, code: str = "", what: str = ALL, page: str = "0") -> None:
    """What the list can be narrowed to: a group, a village of the commune, or a filter in words."""
    unit = areas.of_people(call, "groups", code, what, page)
    if unit is None:
        return
    seen = await _folk(call, unit)
    counts = {what: len(seen.of(what)) for what in (ALL, DUE, *GROUPS)}
    choices = [
        Choice(f"do:list:{unit.code}:{what}", Say("people.group_n", group=Say(f"people.group.{what}"), n=n))
        for what, n in counts.items()
        if n or what == ALL
    ]
    villages = [one for one in call.tree.children(unit.code) if one.level == VILLAGE]
    numbers = {one.code: sum(person.unit == one.code for person in seen.people) for one in villages}
    choices += [Choice(f"do:list:{one.code}", Say("people.group_n", group=place(one), n=numbers[one.code])) for one in villages]
    below = [Choice("do:filter", Say("menu.filter")), Choice("do:search", Say("menu.search")), HOME]
    rows = paged(choices, page, f"do:groups:{unit.code}:{ALL}", call.message.channel, below)
    call.say(Say("people.which", unit=place(unit)), rows=rows)


async def file(call: Call, code: str = "", what: str = ALL, page: str = "0") -> None:
    """The same people as an Excel file."""
    unit = areas.of_people(call, "file", code, what, page)
    if unit is None:
        return
    await want(call, "people_list", unit=unit.code, **({"what": what} if what != ALL else {}))
    call.say(Say("list.coming", unit=place(unit)), rows=((HOME,),), fresh=True)
