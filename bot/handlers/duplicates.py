"""Before somebody is recorded as new: are they known already (A9)? Asked, never joined by itself.

A village is asked about its own people only, an officer about the commune's. What is alike elsewhere in the commune, or was
not asked about, is noted for its officers (``handlers.joining``). The question is a step of the draft (``conversation.alike``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import vietnam_day
from bot.conversation.alike import AMEND, ANEW, ANOTHER, SAME
from bot.conversation.draft import ALIKE, REPEAT, REVIEW, Answers, Draft, Json
from bot.conversation.engine import Resume, advance
from bot.conversation.form import Form
from bot.conversation.words import Say
from bot.domain.access import Act, RoleAt, may
from bot.domain.duplicates import Known, Match, Register
from bot.domain.person import IDENTITY
from bot.domain.units import COMMUNE, Tree
from bot.handlers.call import Call, Desk
from bot.handlers.reporting import CHANGED, correct_instead
from bot.reports.phrases import place, who_is
from bot.storage import pairs, people, persons, records
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.storage.persons import Person
from bot.storage.records import Record

MOST = 3  # of those who are alike, so many are asked about


@dataclass(frozen=True)
class Seen:
    """What is to be filed, ``apart`` from whom it was said to be, and who else in the commune is ``alike``."""

    draft: Draft
    alike: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def about_someone(form: type[Form]) -> bool:
    """Whether the form says who somebody is."""
    return "full_name" in form.model_fields


def asked_in(roles: Iterable[RoleAt], unit: str, tree: Tree) -> list[str]:
    """The units whose people a reporter for ``unit`` is asked about: an officer's commune, for all others the one village."""
    commune = tree.above(unit, COMMUNE)
    if commune is None or not may(roles, Act.JOIN, commune.code, tree):
        return [unit]
    return [below.code for below in tree.subtree(commune.code)]


async def known_in(tx: Tx, keys: Keyring, units: Sequence[str]) -> list[Known]:
    """Everybody in these units, and once more for each of their doubles: under that id, as the double was described."""
    return await _identities(tx, keys, await persons.in_units(tx, keys, units))


async def _identities(tx: Tx, keys: Keyring, found: Sequence[Person]) -> list[Known]:
    kept = await persons.doubles_of(tx, [one.id for one in found])
    doubles = await persons.of_ids(tx, keys, kept) if kept else {}
    return [*((one.id, one.identity) for one in found), *((kept[one], double.identity) for one, double in doubles.items())]


class Around:
    """Who is known in the commune of a unit, and about whom of them a reporter for that unit is asked."""

    def __init__(self, people: dict[str, Person], known: Register, asked_in: Iterable[str]) -> None:
        self.people = people
        self._known = known
        self._inside = frozenset(asked_in)

    def asking(self, roles: Iterable[RoleAt], unit: str, tree: Tree) -> Around:
        """The same people, for a reporter for another unit of the commune."""
        return Around(self.people, self._known, asked_in(roles, unit, tree))

    def alike(self, answers: Answers) -> list[Match]:
        """Who in the commune may be the one described; likeliest first."""
        return self._known.candidates({name: answers.get(name) for name in IDENTITY})

    def asked(self, found: Iterable[Match]) -> list[Match]:
        """Those of them that the reporter may see."""
        return [match for match in found if self.people[match.id].unit in self._inside]

    def add(self, record_id: str, unit: str, answers: Answers, at: datetime) -> None:
        """Somebody new was filed meanwhile, or is about to be."""
        identity = {name: answers.get(name) for name in IDENTITY}
        self.people[record_id] = Person(record_id, 1, unit, identity, at)
        self._known.add((record_id, identity))


async def around(tx: Tx, desk: Desk, tree: Tree, who: Who, unit: str) -> Around:
    """What is read once, for as many reports for ``unit`` as there are."""
    commune = tree.above(unit, COMMUNE)
    units = [below.code for below in tree.subtree(commune.code)] if commune else [unit]
    people = await persons.in_units(tx, desk.keys, units)
    known = Register(await _identities(tx, desk.keys, people))
    return Around({one.id: one for one in people}, known, asked_in(who.roles, unit, tree))


async def look(call: Call, form: type[Form], draft: Draft) -> Seen | None:
    """What is to be filed of a confirmed draft; None if something has to be asked first, and then it has been asked."""
    if not about_someone(form):
        return Seen(draft)
    near = await around(call.tx, call.desk, call.tree, call.user, draft.unit)
    source = await _source(call, draft.answers.get("source_case"))
    found = [match for match in near.alike(draft.answers) if match.id != source]
    if draft.amends or "person" in draft.facts or form.files_as:  # at night nobody is held up
        return Seen(draft, tuple(match.id for match in found))
    meant: str = draft.facts.get("meant", "")
    apart = {*draft.facts.get("apart", ())} | {one["id"] for one in draft.facts.get("alike", ()) if meant == ANOTHER}
    left = [match for match in found if match.id not in apart]
    asked = near.asked(left)
    if meant.startswith(SAME) or meant in (AMEND, ANEW):
        told = await _told(call, form, draft, meant, {match.id for match in asked})
        return Seen(told, tuple(match.id for match in left)) if told else None
    if asked:
        await _ask(call, form, draft, [(match, near.people[match.id]) for match in asked[:MOST]], apart)
        return None
    return Seen(draft, tuple(match.id for match in left), tuple(sorted(apart)))


async def _source(call: Call, case: str | None) -> str | None:
    """Who the case is from which somebody has it: another person, however alike they are."""
    record = await records.current(call.tx, call.desk.keys, case) if case else None
    return await persons.kept_for(call.tx, record.person_id) if record and record.person_id else None


async def _ask(call: Call, form: type[Form], draft: Draft, asked: Sequence[tuple[Match, Person]], apart: Iterable[str]) -> None:
    files = await persons.files(call.tx, call.desk.keys, [person.id for _, person in asked])
    alike = [_fact(call, person, match, files[person.id][-1]) for match, person in asked]
    _show(call, form, _without_answers(draft, ALIKE, alike=alike, apart=sorted(apart)))


def _fact(call: Call, person: Person, match: Match, newest: Record) -> Json:
    unit = call.tree.get(person.unit)
    return {
        "id": person.id,
        "person": who_is(person),
        "unit": call.voice(place(unit)) if unit else person.unit,
        "kind": newest.kind,
        "day": vietnam_day(newest.recorded_at).isoformat(),
        "same": list(match.same),
        # Of one who was joined with others, the report that is alike may say more than the one that is kept.
        "differs": {name: person.identity[name] for name in match.differs if name in person.identity},
    }


def _without_answers(draft: Draft, at: str, **facts: Json) -> Draft:
    """The draft at this question, with these facts about it and without any answer given so far."""
    kept = {name: value for name, value in draft.facts.items() if name not in ("meant", "alike", "repeats")}
    return replace(draft, at=at, facts={**kept, **facts})


def _show(call: Call, form: type[Form], draft: Draft, *before: Say) -> None:
    call.keep(draft)
    call.show(advance(form, draft, Resume(), call.today).prompt, before=before)


async def _told(call: Call, form: type[Form], draft: Draft, meant: str, asked: Collection[str]) -> Draft | None:
    """It is somebody who is known: the draft as one about them; None if there is more to ask or to show first."""
    repeats = draft.facts.get("repeats", {})
    known = meant.removeprefix(SAME) if meant.startswith(SAME) else repeats["person"]
    kept = await persons.kept_for(call.tx, known)
    file = (await persons.files(call.tx, call.desk.keys, [kept]))[kept]
    earlier = [one for one in file if one.kind == form.name and form.repeats(draft.answers, one.body)]
    if kept not in asked or (meant == AMEND and not earlier):
        _show(call, form, _without_answers(draft, REVIEW), CHANGED)  # somebody took it back, or told them apart, meanwhile
    elif meant == AMEND:
        await correct_instead(call, form, _without_answers(draft, REVIEW), earlier[-1])
    elif earlier and meant != ANEW:
        _show(call, form, _without_answers(draft, REPEAT, repeats=await _repeated(call, kept, earlier[-1])))
    else:
        base = next((record for record in reversed(file) if record.kind in form.builds_on), None)
        return replace(draft, facts={**draft.facts, "person": kept} | ({"follows": base.id} if base else {}))
    return None


async def _repeated(call: Call, kept: str, earlier: Record) -> Json:
    known = await persons.of_ids(call.tx, call.desk.keys, [kept])
    authors = await people.of_users(call.tx, call.desk.keys, [earlier.author] if earlier.author else [])
    return {
        "person": kept,
        "who": who_is(known[kept]),
        "day": vietnam_day(earlier.recorded_at).isoformat(),
        "by": authors[0].name if authors else "–",
    }


async def remember(call: Call, record: Record, seen: Seen) -> None:
    """After filing: who was said to be another is never asked about again, and who else is alike waits for an officer."""
    if record.person_id is None:
        return
    kept = await persons.kept_for(call.tx, record.person_id)
    for other in seen.apart:
        await pairs.decide(call.tx, kept, other, False, call.user.id, call.at)
    await note(call.tx, kept, seen.alike, call.at)


async def note(tx: Tx, kept: str, alike: Iterable[str], at: datetime) -> None:
    """Who is alike waits for an officer of the commune, but those about whom somebody has decided."""
    if others := [one for one in alike if one != kept]:
        apart = await apart_from(tx, kept)
        await pairs.found_alike(tx, kept, [one for one in others if one not in apart], at)


async def apart_from(tx: Tx, kept: str) -> set[str]:
    """Who, as they are counted now, was said to be another than this person; what was said of a double holds for both."""
    group = {kept, *await persons.doubles_of(tx, [kept])}
    named = {one for pair in await pairs.told_apart(tx, group) for one in pair}
    return set((await persons.kept_for_all(tx, named - group)).values()) - {kept}
