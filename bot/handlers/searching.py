"""Finding people by a name, a phone or a code, and filtering them in words. Only within one's own area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.conversation.engine import opened
from bot.conversation.form import Form
from bot.conversation.numbers import MOST
from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, may, reach, villages_of
from bot.domain.filter_words import read_filter
from bot.domain.filters import coded, told
from bot.domain.paste import Village
from bot.domain.search import By, Named, Wanted, code_of, hits, wanted
from bot.forms.filter import Filter
from bot.forms.search import Search
from bot.handlers import areas, pasting, people_list, reporting
from bot.handlers import persons as cards
from bot.handlers.call import Call
from bot.messages import BUTTONS, LONGEST_TOKEN
from bot.reports.phrases import HOME, place, who_is
from bot.storage import persons, records
from bot.storage.persons import Person

MOST_HITS = 20
MOST_VILLAGES = 300  # of which a filter may name one; above that their names mean several
LONGEST_WANTED = 28  # characters that a button carries on

# --- by name, phone or code ----------------------------------------------------------------------------------------------


async def search(call: Call, typed: str = "") -> None:
    """Look for what was typed behind the command; without anything, ask."""
    if typed.strip():
        await _look(call, typed)
    else:
        _ask(call, Search)


async def searched(call: Call) -> None:
    """What was asked has been answered. A report that was typed instead is taken as one."""
    assert call.draft is not None
    typed = str(call.draft.answers["wanted"])
    call.close_draft()
    if not await pasting.offer(call):
        await _look(call, typed)


async def _look(call: Call, typed: str) -> None:
    if (code := code_of(typed)) is not None and await _by_code(call, code):
        return
    look = wanted(typed)
    if look is None:
        call.say(Say("search.too_little"), rows=((Choice("do:search", Say("search.again")), HOME),))
    elif look.by is By.WHOLE_PHONE:
        found = [one for one in await persons.with_phone(call.tx, call.desk.keys, look.text) if _seen(call, one)]
        await _told(call, found, typed)
    else:
        await within(call, "", _carried(look), typed=typed)


def _carried(look: Wanted) -> str:
    """What is looked for as a button carries it on: whole words, as far as they fit."""
    text = look.text
    while len(text) > LONGEST_WANTED and " " in text:
        text = text.rpartition(" ")[0]
    return text[:LONGEST_WANTED]


async def within(call: Call, code: str = "", carried: str = "", page: str = "0", *, typed: str = "") -> None:
    """Look among the people of a village or commune; above a commune it is chosen first."""
    look = wanted(carried)
    if look is None:
        _ask(call, Search)
        return
    unit = areas.of_people(call, "look", code, carried, page)
    if unit is None:
        return
    people = await persons.in_units(call.tx, call.desk.keys, [one.code for one in call.tree.subtree(unit.code)])
    by_id = {one.id: one for one in people}
    named = [Named(one.id, str(one.identity["full_name"]), one.identity.get("phone")) for one in people]
    await _told(call, [by_id[one.key] for one in hits(named, look)], typed or carried)


def _seen(call: Call, one: Person) -> bool:
    return may(call.user.roles, Act.SEE_PEOPLE, one.unit, call.tree)


async def _by_code(call: Call, code: str) -> bool:
    """Open the card of the person with this code, or of whom the record with it is about; False for no such code here."""
    record = await records.current(call.tx, call.desk.keys, code)
    person_id = record.person_id if record is not None else None
    if person_id is None or await cards.whose(call, person_id) is None:
        return False
    await cards.card(call, person_id)
    return True


async def _told(call: Call, found: Sequence[Person], typed: str) -> None:
    """One hit is opened; of many, the first with how many are left."""
    if len(found) == 1:
        await cards.card(call, found[0].id)
        return
    again = Choice("do:search", Say("search.again"))
    if not found:
        call.say(Say("search.nobody", typed=typed), rows=((again, HOME),))
        return
    shown = found[: MOST_HITS if BUTTONS[call.message.channel] else MOST - 1]
    lines = [Say("search.found", typed=typed, n=len(found))]
    if more := len(found) - len(shown):
        lines.append(Say("search.more", n=more))
    alike = Counter((who_is(one), one.unit) for one in shown)
    choices = [Choice(f"do:person:{one.id}", _hit(call, one, alike[who_is(one), one.unit] > 1)) for one in shown]
    call.say(*lines, rows=(*in_rows(choices, 1), (again, HOME)))


def _hit(call: Call, one: Person, alike: bool) -> Say:
    """Somebody with their village; with the code if another is called the same there."""
    unit = call.tree.get(one.unit)
    where = place(unit) if unit else one.unit
    return Say("search.hit_alike" if alike else "search.hit", person=who_is(one), unit=where, code=one.id)


# --- in words ---------------------------------------------------------------------------------------------------------------


async def filter_(call: Call, typed: str = "") -> None:
    """Filter by what was typed behind the command; without anything, ask, with examples."""
    if typed.strip():
        await _filter(call, typed)
    else:
        _ask(call, Filter)


async def filtered(call: Call) -> None:
    """What was asked has been answered. A report that was typed instead is taken as one."""
    assert call.draft is not None
    typed = str(call.draft.answers["conditions"])
    call.close_draft()
    if not await pasting.offer(call):
        await _filter(call, typed)


async def _filter(call: Call, typed: str) -> None:
    """Filter if everything was understood; else name what was not and ask."""
    villages = villages_of(call.user.roles, Act.SEE_PEOPLE, call.tree)
    known = (
        [Village(one.code, (one.name, call.voice(place(one)))) for one in villages] if len(villages) <= MOST_VILLAGES else []
    )
    read = read_filter(typed, call.today, known)
    what = coded(read.conditions)
    if not read.unread and read.conditions and _fits(what):
        await people_list.show(call, "", what)
        return
    again = Choice("do:filter", Say("filter.again"))
    if not read.conditions or not _fits(what):
        call.say(Say("filter.nothing_understood", text=typed), Say("filter.examples"), rows=((again, HOME),))
        return
    unread = [Say("value.as_written", value=f"“{one}”") for one in read.unread]
    names = {one.code: place(one) for one in villages}
    lines = [Say("filter.not_understood", unread=unread), Say("filter.would", conditions=told(read.conditions, names))]
    anyhow = Choice(f"do:list::{what}", Say("filter.anyhow"))
    call.say(*lines, rows=((anyhow,), (again, HOME)))


def _fits(what: str) -> bool:
    """Whether buttons can carry the conditions, with a unit and a page."""
    return len(f"do:list:{'0' * 20}:{what}:999") <= LONGEST_TOKEN


def _ask(call: Call, form: type[Form]) -> None:
    """Ask what is wanted, unless a report is half written: that must not be lost for it."""
    tops = reach(call.user.roles, Act.SEE_PEOPLE, call.tree)
    if not tops:
        call.say(Say("access.denied"))
    elif not reporting.half_written(call):
        reporting.begin(call, opened(form, call.desk.new_id(), tops[0].code, {}, {}, call.today))
    else:
        resume = Choice("do:resume", Say("button.resume"))
        call.say(Say(f"{form.name}.while_writing"), rows=((resume, HOME),), fresh=True)
