"""A person's card: who they are, what was recorded about them, and what may come next.

The buttons come from the forms: whatever builds on a record that stands, and is possible where the person stands now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.clock import vietnam_day
from bot.conversation.form import Form, steps
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.access import Act, may, may_file
from bot.domain.due import VISIT
from bot.domain.person import QuarantineType
from bot.domain.phones import show_phone
from bot.domain.plan_words import answer_lines, plan_lines
from bot.domain.plans import PLAN, current
from bot.domain.standing import standing, uncancelled
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.handlers.telling import SOURCE, told_words
from bot.messages import LONGEST_TOKEN
from bot.reports.people_view import ALL
from bot.reports.person_words import now_is
from bot.reports.phrases import HOME, place, who_is
from bot.reports.supervision import Watched, supervisors
from bot.storage import history, pairs, people, persons, transfers
from bot.storage.history import Told
from bot.storage.persons import Person
from bot.storage.records import Record

NEWEST = 12  # records on a card
MOST_OF_A_LINE = 160  # characters of a pasted line


async def card(call: Call, person_id: str, code: str = "", what: str = ALL, page: str = "0", here: str = "0") -> None:
    """Everything about one person, for whoever may see people there.

    The way back leads to the ``page`` of the list that one came from; ``here`` is the page of the card's own choices.
    """
    seen = await whose(call, person_id)
    if seen is None:
        call.say(Say("draft.gone"), fresh=True)
        return
    person, file = seen
    known = [one for one in file if one.kind != PLAN]
    told_by = await history.told(call.tx, [one.id for one in known])
    state = [*await _seen_to(call, person, file), *_state(call, file), *_plan(file)]
    lines = [*identity_of(call, person), *state, *await _history(call, known, told_by)]
    reports = may(call.user.roles, Act.REPORT, person.unit, call.tree)
    choices = _next(call, person, file) if reports else []
    if known:
        choices.append(Choice(_records(person.id, known), Say("person.look_closer")))
    if (planned := current(file)) is not None:
        choices.append(Choice(f"do:plans:{planned[0]}", Say("plan.versions_button")))
    choices += _chain(call, file)
    if (proposed := await transfers.open_of(call.tx, call.desk.keys, person.id)) is not None:
        receiver = call.tree.get(proposed.to_unit)
        lines.append(Say("transfer.waits", receiver=place(receiver) if receiver else proposed.to_unit))
        if any(may(call.user.roles, Act.TRANSFER, side, call.tree) for side in (proposed.from_unit, proposed.to_unit)):
            choices.append(Choice(f"do:transfer:{proposed.id}", Say("transfer.look")))
    if may(call.user.roles, Act.JOIN, person.unit, call.tree):
        doubles = await persons.of_ids(
            call.tx, call.desk.keys, [pair.other for pair in await pairs.pairs_of(call.tx, person.id)]
        )
        lines += [Say("person.double", person=who_is(one), code=one.id) for one in doubles.values()]
        choices += [Choice(f"do:part:{person.id}:{one.id}", Say("person.part", person=who_is(one))) for one in doubles.values()]
        choices.append(Choice(f"do:twins:{person.id}", Say("person.twins")))
    below = [Choice(f"do:list:{code or person.unit}:{what}:{page}", Say("people.back")), HOME]
    call.say(*lines, rows=paged(choices, here, _again(person.id, code, what, page), call.message.channel, below))


def _again(person_id: str, code: str, what: str, page: str) -> str:
    """What turns the pages of a card; where a button cannot carry so much, the way back is forgotten."""
    whole = f"do:person:{person_id}:{code}:{what}:{page}"
    return whole if len(whole) + 2 <= LONGEST_TOKEN else f"do:person:{person_id}::{ALL}:0"


async def whose(call: Call, person_id: str) -> tuple[Person, Sequence[Record]] | None:
    """A person and all that stands recorded about them; None for nobody, and for somebody whom one may not see."""
    kept = await persons.kept_for(call.tx, person_id)
    person = (await persons.of_ids(call.tx, call.desk.keys, [kept])).get(kept)
    if person is None or not may(call.user.roles, Act.SEE_PEOPLE, person.unit, call.tree):
        return None
    return person, (await persons.files(call.tx, call.desk.keys, [kept]))[kept]


def _records(person_id: str, known: Sequence[Record]) -> str:
    """To the only record there is, or to the choice between several."""
    return f"do:record:{known[0].id}" if len(known) == 1 else f"do:records:{person_id}"


def identity_of(call: Call, person: Person) -> list[Say]:
    """Who somebody is, where they are, and their code."""
    known = person.identity
    year: Param = str(known["birth_year"]) if known.get("birth_year") else Say("value.unknown")
    sex: Param = Say(f"choice.sex.{known['sex']}") if known.get("sex") else Say("value.unknown")
    phone: Param = show_phone(known["phone"]) if known.get("phone") else Say("value.none")
    lines = [Say("person.title", name=known["full_name"], year=year, sex=sex), Say("person.phone", phone=phone)]
    if known.get("household"):
        lines.append(Say("person.household", household=known["household"]))
    unit = call.tree.get(person.unit)
    return [*lines, Say("person.unit", unit=place(unit) if unit else person.unit, code=person.id)]


def _state(call: Call, file: Sequence[Record]) -> list[Say]:
    """What somebody is now, in a line."""
    holds = {record.id for record in uncancelled(file, call.desk.forms)}
    stands = [record for record in file if record.id in holds or record.follows in holds]
    return [Say("person.now", now=now_is(standing(file, call.desk.forms), stands, call.today))]


async def _seen_to(call: Call, person: Person, file: Sequence[Record]) -> list[Say]:
    """Who sees to somebody who isolates or watches their health."""
    found = await supervisors(call.tx, call.desk.keys, call.tree, call.desk.forms, {person.id: Watched(person, file)})
    return [
        Say("person.seen_to", who=[Say("value.as_written", value=one.name) for one in who]) for who in found.values() if who
    ]


async def _history(call: Call, file: Sequence[Record], told_by: Mapping[str, Told]) -> list[Say]:
    if not file:
        return [Say("person.nothing_stands")]
    visits = [record for record in file if record.kind == VISIT]
    earlier = {record.id for record in visits[:-1]}
    told_one_by_one = [record for record in file if record.id not in earlier]
    shown = told_one_by_one[-NEWEST:]
    names = await reporters(call, [told_by[record.id] for record in shown])
    lines = [Say("person.history")]
    if older := len(told_one_by_one) - len(shown):
        lines.append(Say("person.older", n=older))
    if len(visits) > 1:
        lines.append(Say("person.visits", n=len(visits)))
    for record in shown:
        lines += [told(record, call.desk.forms.get(record.kind)), said_by(record, told_by[record.id], names), *source(record)]
    return lines


async def reporters(call: Call, told_by: Collection[Told]) -> dict[str, str]:
    """The names of whoever told or corrected these, by user."""
    ids = {user for one in told_by for user in (one.by, one.changed_by) if user is not None}
    return {one.id: one.name for one in await people.of_users(call.tx, call.desk.keys, ids)}


def said_by(record: Record, one: Told, names: Mapping[str, str]) -> Say:
    """Who told it, or typed it where somebody else did, and when; that it was corrected, how often, and by whom last."""
    key = "person.told_by" if told_words(record.body) is None else "person.typed_by"
    told_first = Say(key, by=names.get(one.by or "", "–"), at=one.at)
    if not one.corrections or one.changed_at is None:
        return Say("person.told", told=told_first)
    changed = Say("person.corrected", n=one.corrections, by=names.get(one.changed_by or "", "–"), at=one.changed_at)
    return Say("person.told_corrected", told=told_first, corrected=changed)


def source(record: Record) -> list[Say]:
    """The line of a pasted text from which a record was read."""
    line = str(record.body.get(SOURCE) or "")
    return [Say("person.source", line=line if len(line) <= MOST_OF_A_LINE else line[:MOST_OF_A_LINE] + "…")] if line else []


def told(record: Record, form: type[Form] | None) -> Say:
    """One record in a line: the day it became known, what it is, and the answers that its form shows."""
    day = vietnam_day(record.recorded_at)
    title = Say(f"form.{record.kind}.title|form.unknown.title")
    by_name = {step.name: step for step in steps(form)} if form else {}
    said = [
        by_name[name].shown(record.body[name])
        for name in (form.shows if form else ())
        if name in by_name and record.body.get(name) is not None
    ]
    how = told_words(record.body)
    values = [one if isinstance(one, Say) else Say("person.value", value=one) for one in [*said, *([how] if how else [])]]
    return Say("person.event_said", day=day, form=title, values=values) if values else Say("person.event", day=day, form=title)


def _plan(file: Sequence[Record]) -> list[Say]:
    """The plan that counts; that the place which was said is another than the plan's is said too."""
    found = current(file)
    if found is None:
        return []
    role_id, planned = found
    if planned.plan is None:
        return [*answer_lines(planned.rule), Say("reports.nothing")] if planned.waiting else []
    lines = plan_lines(planned.plan)
    role = next(one for one in file if one.id == role_id)
    said = role.body.get("quarantine_type")
    wanted = planned.plan.places or (QuarantineType.SELF_MONITORING,)
    if said is not None and said not in wanted:
        names = {place: Say(f"choice.quarantine_type.{place}") for place in QuarantineType}
        lines.append(Say("plan.differs_now", said=names[QuarantineType(said)], wanted=[names[one] for one in wanted]))
    return [*lines, Say("reports.nothing")]


def _next(call: Call, person: Person, file: Sequence[Record]) -> list[Choice]:
    """What may be reported next: for each form, on the newest record that it builds on, or of others beside it."""
    stocks = standing(file, call.desk.forms)
    holds = uncancelled(file, call.desk.forms)
    choices = []
    for form in call.desk.forms.values():
        base = next((record for record in reversed(holds) if record.kind in form.builds_on), None)
        allowed = may_file(call.user.roles, form.needs, person.unit, call.tree)
        if base is not None and allowed and form.possible(stocks):
            choices.append(Choice(f"do:about:{form.name}:{base.id}", Say(f"form.{form.name}.about")))
    newest = {record.kind: record for record in holds}
    return [*choices, *(choice for record in newest.values() for choice in of_others(call, record))]


def _chain(call: Call, file: Sequence[Record]) -> list[Choice]:
    """The way to the chain of transmission, for whoever stands in one."""
    linked = [one for one in file if one.kind in call.desk.forms and "source_case" in call.desk.forms[one.kind].model_fields]
    return [Choice(f"do:chain:{linked[-1].id}", Say("button.chain"))] if linked else []


def conversion(call: Call, file: Sequence[Record]) -> list[Choice]:
    """The way from a positive test to the report of a case; none for who is a case already."""
    form = call.desk.forms["f0"]
    base = next((one for one in reversed(uncancelled(file, call.desk.forms)) if one.kind in form.builds_on), None)
    if base is None or not form.possible(standing(file, call.desk.forms)):
        return []
    return [Choice(f"do:about:{form.name}:{base.id}", Say(f"form.{form.name}.about"))]


def of_others(call: Call, record: Record) -> list[Choice]:
    """Who else may be reported beside a record: the contacts of a case."""
    return [
        Choice(f"do:about:{form.name}:{record.id}", Say(f"form.{form.name}.of_another"))
        for form in call.desk.forms.values()
        if record.kind in form.of_another
    ]
