"""The chain of transmission as text: from the first case that is known down to the last contact (A8).

It is read by person: whether a contact was noted beside a suspicion or beside its confirmation makes no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may
from bot.domain.chain import origin, spread
from bot.domain.person import CaseClassification
from bot.domain.standing import uncancelled
from bot.handlers.call import Call
from bot.reports.phrases import HOME, place, who_is
from bot.storage import persons, records
from bot.storage.persons import Person
from bot.storage.records import Record

LINKED = ("f0", "contact")
MOST_LINES = 60
Files = Mapping[str, Sequence[Record]]


async def chain(call: Call, record_id: str) -> None:
    """The whole chain to which a case or a contact belongs; who is outside one's area is a code without a name."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    if (
        record is None
        or record.kind not in LINKED
        or record.person_id is None
        or not may(call.user.roles, Act.SEE_PEOPLE, record.unit, call.tree)
    ):
        call.say(Say("draft.gone"), fresh=True)
        return
    me = await persons.kept_for(call.tx, record.person_id)
    root = origin(me, (await _upwards(call, me)).get)
    files, infected = await _downwards(call, root)
    tree = spread(root, infected)
    known = await persons.of_ids(call.tx, call.desk.keys, [who for _, who in tree[:MOST_LINES]])
    lines = [_line(call, depth, known[who], files[who]) for depth, who in tree[:MOST_LINES]]
    if more := len(tree) - len(lines):
        lines.append(Say("chain.more", n=more))
    card = Choice(f"do:person:{me}", Say("button.card"))
    call.say(Say("chain.title"), *lines, rows=((card, HOME),))


async def _upwards(call: Call, person: str) -> dict[str, str]:
    """From whom each has it, from this person on upwards."""
    sources: dict[str, str] = {}
    here = person
    while here not in sources:
        file = (await persons.files(call.tx, call.desk.keys, [here]))[here]
        cases = [one.source_case for one in reversed(uncancelled(file, call.desk.forms)) if one.source_case]
        case = await records.current(call.tx, call.desk.keys, cases[0]) if cases else None
        if case is None or case.person_id is None:
            break
        sources[here] = await persons.kept_for(call.tx, case.person_id)
        here = sources[here]
    return sources


async def _downwards(call: Call, root: str) -> tuple[Files, dict[str, list[str]]]:
    """The files of everybody below a case, level by level, and whom each has infected or met."""
    files: dict[str, Sequence[Record]] = {}
    infected: dict[str, list[str]] = {}
    level: Collection[str] = [root]
    while level:
        found = await persons.files(call.tx, call.desk.keys, level)
        files |= found
        cases = {one.id: who for who, file in found.items() for one in file if one.kind == "f0"}
        for one in await persons.from_cases(call.tx, call.desk.keys, cases):
            if one.person_id is not None and one.source_case is not None:
                near = await persons.kept_for(call.tx, one.person_id)
                infected.setdefault(cases[one.source_case], []).append(near)
        level = list(dict.fromkeys(one for who in found for one in infected.get(who, ()) if one not in files))
    return files, infected


def _line(call: Call, depth: int, person: Person, file: Sequence[Record]) -> Say:
    indent = "    " * (depth - 1) + "└ " if depth else ""
    unit = call.tree.get(person.unit)
    newest = next((one for one in reversed(uncancelled(file, call.desk.forms)) if one.kind in LINKED), None)
    what = _what(newest)
    if not may(call.user.roles, Act.SEE_PEOPLE, person.unit, call.tree):
        return Say("chain.elsewhere", indent=indent, what=what, code=person.id)
    where = place(unit) if unit else Say("value.as_written", value=person.unit)
    return Say("chain.line", indent=indent, what=what, person=who_is(person), unit=where)


def _what(newest: Record | None) -> Say:
    """What somebody is in the chain, with the day if it is known."""
    if newest is None:
        return Say("chain.none")
    if newest.kind == "contact":
        kind, day = "contact", newest.body.get("last_contact_on")
    else:
        confirmed = newest.body.get("classification") == CaseClassification.CONFIRMED
        kind, day = "case" if confirmed else "suspect", newest.body.get("detected_on")
    return Say(f"chain.{kind}_on", day=date.fromisoformat(day)) if day else Say(f"chain.{kind}")
