"""Two persons who may be one, for the officers of their commune: looked at side by side, joined, and told apart again (A9).

Joining copies nothing. Both sets of records stand, the one who became known first is kept and counts, and all of it can be
taken back: figures and lists are then what they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.prompt import Choice, in_rows
from bot.conversation.words import Say
from bot.domain.access import Act, may, reach
from bot.domain.duplicates import candidates, compared, namesakes
from bot.domain.person import IDENTITY
from bot.domain.units import Tree
from bot.handlers import areas
from bot.handlers.call import Call, Desk
from bot.handlers.counting import recount
from bot.handlers.duplicates import apart_from, known_in
from bot.handlers.filing import BuiltUpon
from bot.handlers.persons import told
from bot.handlers.planning import replan
from bot.reports.phrases import HOME, place, told_of, who_is
from bot.storage import pairs, persons, records
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.persons import Person

MOST = 9  # pairs, or people who are alike, in one message
NEWEST = 4  # lines of history on either side
QUEUE = Choice("do:doubles", Say("button.doubles"))


# --- what joining and parting do ------------------------------------------------------------------------------------


async def join(tx: Tx, desk: Desk, tree: Tree, one: str, other: str, unit: str, author: str | None, at: datetime) -> str:
    """Note that two who count for themselves are one person, who is in ``unit``; the id of the one that is kept."""
    kept, double = await pairs.oldest_first(tx, [one, other])
    event_id = await persons.add_event(tx, desk.keys, records.JOINED, kept, unit, author, None, at)
    await pairs.decide(tx, kept, double, True, author, at, event_id)
    known = await persons.of_ids(tx, desk.keys, [kept])
    await persons.place(tx, desk.keys, known[kept], unit, author, event_id, at)
    await recount(tx, desk.keys, desk.forms, [kept], event_id, desk.timetable.window_at(at).day)
    await replan(tx, desk, tree, kept, author, at)
    return kept


async def part(tx: Tx, desk: Desk, tree: Tree, pair: pairs.Pair, author: str | None, at: datetime) -> None:
    """Two who were joined are two: each has their own records again, where they were, unless the kept one moved since.

    Raises BuiltUpon while something stands that was recorded on either as one with the other.
    """
    if after := await _across(tx, desk.keys, pair):
        raise BuiltUpon(tuple(after))
    known = await persons.of_ids(tx, desk.keys, [pair.kept, pair.other])
    event_id = await persons.add_event(tx, desk.keys, records.PARTED, pair.kept, known[pair.kept].unit, author, None, at)
    await pairs.decide(tx, pair.kept, pair.other, False, author, at, event_id)
    for person in known.values():
        before = await pairs.unit_at(tx, person.id, pair.event - 1)
        joined = await pairs.unit_at(tx, person.id, pair.event)
        moved_since = person.id == pair.kept and person.unit != joined
        await persons.place(tx, desk.keys, person, person.unit if moved_since else before or person.unit, author, event_id, at)
    await recount(tx, desk.keys, desk.forms, list(known), event_id, desk.timetable.window_at(at).day)
    for one in known:
        await replan(tx, desk, tree, one, author, at)


async def _across(tx: Tx, keys: Keyring, pair: pairs.Pair) -> list[records.Record]:
    """What stands about the one and builds on a record about the other."""
    file = (await persons.files(tx, keys, [pair.kept]))[pair.kept]
    theirs = {pair.other, *await persons.doubles_of(tx, [pair.other])}
    of_other = {record.id: record.person_id in theirs for record in file}
    return [record for record in file if record.follows in of_other and of_other[record.id] != of_other[record.follows]]


# --- the officers' queue --------------------------------------------------------------------------------------------


async def queue(call: Call, code: str = "", page: str = "0") -> None:
    """The pairs of a commune about which nobody has decided, the oldest first; what is decided makes room for the next."""
    commune = areas.asked(call, "doubles", Act.JOIN, code, page)
    if commune is None:
        return
    waiting = await open_pairs(call.tx, call.desk.keys, call.tree, commune.code)
    lines = [Say("doubles.title", n=len(waiting), unit=place(commune)) if waiting else Say("doubles.none", unit=place(commune))]
    choices = []
    for n, (a, b) in enumerate(waiting[:MOST], start=1):
        lines.append(Say("doubles.line", n=n, a=_where(call, a), b=_where(call, b)))
        choices.append(Choice(f"do:pair:{a.id}:{b.id}", Say("doubles.pair", n=n)))
    if len(waiting) > MOST:
        lines.append(Say("doubles.more", n=len(waiting) - MOST))
    call.say(*lines, rows=(*in_rows(choices, 3), (HOME,)))


async def open_pairs(tx: Tx, keys: Keyring, tree: Tree, commune: str) -> list[tuple[Person, Person]]:
    """Those pairs in which both still count for themselves, are still in this commune, and are still alike; older first."""
    units = [unit.code for unit in tree.subtree(commune)]
    noted = await pairs.alike_in(tx, units)
    if not noted:
        return []
    kept = await persons.kept_for_all(tx, {one for pair in noted for one in pair})
    here = {one.id: one for one in await persons.in_units(tx, keys, units)}
    found: dict[tuple[str, ...], tuple[Person, Person]] = {}
    for pair_ in noted:
        ids = await pairs.oldest_first(tx, {kept[one] for one in pair_})
        if len(ids) < 2 or not all(one in here for one in ids) or ids[1] in await apart_from(tx, ids[0]):
            continue
        a, b = here[ids[0]], here[ids[1]]
        if candidates(b.identity, [(a.id, a.identity)]):
            found[a.id, b.id] = a, b
    return list(found.values())


async def pair(call: Call, one: str, other: str) -> None:
    """Two persons side by side, with what is the same and what differs."""
    both = await _both(call, one, other)
    if both is None:
        return
    files = await persons.files(call.tx, call.desk.keys, [person.id for person in both])
    lines = [Say("doubles.compare")]
    for n, person in enumerate(both, start=1):
        lines.append(Say("doubles.side", n=n, person=_where(call, person), code=person.id))
        lines += [told(record, call.desk.forms.get(record.kind)) for record in files[person.id][-NEWEST:]]
    a, b = both
    lines += [Say("doubles.fields"), *_fields(a, b)]
    ids = f"{a.id}:{b.id}"
    choices = (Choice(f"do:join:{ids}", Say("alike.same_person")), Choice(f"do:apart:{ids}", Say("doubles.two")))
    call.say(*lines, rows=(choices, (QUEUE, HOME)))


def _fields(a: Person, b: Person) -> list[Say]:
    match = compared(b.id, a.identity, b.identity)
    lines = []
    for name in IDENTITY:
        left, right = a.identity.get(name), b.identity.get(name)
        label = Say(f"field.{name}.label")
        if name in match.same:
            lines.append(Say("doubles.equal", label=label, value=told_of(name, left)))
        elif left is not None or right is not None:
            lines.append(Say("doubles.differs", label=label, a=told_of(name, left), b=told_of(name, right)))
    return lines


async def joined(call: Call, one: str, other: str, unit: str = "") -> None:
    """They are one. Where, is asked if they were reported in two villages: first the one of the newest report."""
    both = await _both(call, one, other)
    if both is None:
        return
    units = await _newest_first(call, both)
    if unit not in units and len(units) > 1:
        choices = [Choice(f"do:join:{both[0].id}:{both[1].id}:{code}", place(call.tree[code])) for code in units]
        back = Choice(f"do:pair:{both[0].id}:{both[1].id}", Say("button.back"))
        call.say(Say("doubles.which_unit", person=who_is(both[0])), rows=(*in_rows(choices, 1), (back,)))
        return
    there = unit if unit in units else units[0]
    kept = await join(call.tx, call.desk, call.tree, both[0].id, both[1].id, there, call.user.id, call.at)
    double = next(person.id for person in both if person.id != kept)
    known = (await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept]
    card = Choice(f"do:person:{kept}", Say("button.card"))
    undo = Choice(f"do:part:{kept}:{double}", Say("button.part"))
    call.say(Say("doubles.joined", person=_where(call, known), code=kept), rows=((card, undo), (QUEUE, HOME)))


async def _newest_first(call: Call, both: Sequence[Person]) -> list[str]:
    files = await persons.files(call.tx, call.desk.keys, [person.id for person in both])
    ordered = sorted(both, key=lambda person: max(record.recorded_at for record in files[person.id]), reverse=True)
    return list(dict.fromkeys(person.unit for person in ordered))


async def apart(call: Call, one: str, other: str) -> None:
    """They are two people; nobody is asked about them again."""
    both = await _both(call, one, other)
    if both is not None:
        await pairs.decide(call.tx, both[0].id, both[1].id, False, call.user.id, call.at)
        call.say(Say("doubles.apart"), rows=((QUEUE, HOME),))


async def parted(call: Call, kept: str, other: str) -> None:
    """They were joined by mistake."""
    joined_ = next((pair for pair in await pairs.pairs_of(call.tx, kept) if pair.other == other), None)
    person = (await persons.of_ids(call.tx, call.desk.keys, [kept])).get(kept)
    if joined_ is None or person is None or not may(call.user.roles, Act.JOIN, person.unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
        return
    try:
        await part(call.tx, call.desk, call.tree, joined_, call.user.id, call.at)
    except BuiltUpon as error:
        call.say(*_built_upon(error), rows=((Choice(f"do:person:{kept}", Say("button.card")), HOME),), fresh=True)
        return
    cards = [Choice(f"do:person:{one}", Say("doubles.card", n=n)) for n, one in enumerate((kept, other), start=1)]
    call.say(Say("doubles.parted"), rows=(tuple(cards), (QUEUE, HOME)))


def _built_upon(error: BuiltUpon) -> list[Say]:
    said = [
        Say("undo.built_upon_line", form=Say(f"form.{one.kind}.title|form.unknown.title"), at=one.recorded_at, code=one.id)
        for one in error.after
    ]
    return [Say("doubles.built_upon"), *said]


async def twins(call: Call, person_id: str) -> None:
    """Whom in the commune this person resembles, for an officer who knows better than the machine."""
    person = (await persons.of_ids(call.tx, call.desk.keys, [person_id])).get(person_id)
    commune = _above(call, person) if person else None
    if person is None or commune is None:
        call.say(Say("draft.gone"), fresh=True)
        return
    units = [unit.code for unit in call.tree.subtree(commune)]
    known = [one for one in await known_in(call.tx, call.desk.keys, units) if one[0] != person.id]
    found = namesakes(person.identity, known)[: MOST - 1]
    named = await persons.of_ids(call.tx, call.desk.keys, found)
    choices = [Choice(f"do:pair:{person.id}:{one}", _where(call, named[one])) for one in found]
    back = Choice(f"do:person:{person.id}", Say("button.back"))
    said = Say("doubles.twins" if found else "doubles.no_twins", person=who_is(person))
    call.say(said, rows=(*in_rows(choices, 1), (back, HOME)))


def _above(call: Call, person: Person) -> str | None:
    """The highest unit around a person in which this officer may join people."""
    tops = reach(call.user.roles, Act.JOIN, call.tree)
    return next((top.code for top in tops if call.tree.within(person.unit, top.code)), None)


async def _both(call: Call, one: str, other: str) -> tuple[Person, Person] | None:
    """The two, if both count for themselves and are this officer's; otherwise that is said."""
    known = await persons.of_ids(call.tx, call.desk.keys, [one, other])
    kept = await persons.kept_for_all(call.tx, known)
    allowed = all(may(call.user.roles, Act.JOIN, person.unit, call.tree) for person in known.values())
    if one == other or len(known) < 2 or not allowed or any(kept[person] != person for person in known):
        call.say(Say("doubles.gone"), rows=((QUEUE, HOME),), fresh=True)
        return None
    first, second = await pairs.oldest_first(call.tx, [one, other])
    return known[first], known[second]


def _where(call: Call, person: Person) -> Say:
    unit = call.tree.get(person.unit)
    return Say("doubles.where", person=who_is(person), unit=place(unit) if unit else person.unit)
