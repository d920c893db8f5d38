"""/hotro: who is in need of what, who sees to it, and closing it with what was given (R11)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.form import label, steps
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.access import Act, may
from bot.forms.support import OPEN, SUPPORT, Support, SupportDone
from bot.handlers import areas
from bot.handlers.answering import TAKEN, tell_reporter
from bot.handlers.call import Call
from bot.handlers.paging import page_of, paged
from bot.handlers.persons import identity_of
from bot.reports.phrases import HOME, instant, moment, place, who_is
from bot.storage import people, persons, records
from bot.storage.persons import Person
from bot.storage.records import Record

LIST = Choice("do:aids", Say("menu.aids"))
SHOWN = ("need", "details", "category", "is_urgent")


@dataclass(frozen=True)
class Request:
    """The newest open request of somebody, and who sees to it, if anybody does."""

    record: Record
    person: Person
    status: Say

    @property
    def urgent(self) -> bool:
        return bool(self.record.body.get("is_urgent"))


async def list_(call: Call, page: str = "0") -> None:
    """What is open in one's own area, the urgent first, then by age; a button for each."""
    found = await _open(call, areas.whole(call, Act.CORRECT))
    if not found:
        call.say(Say("aid.none"), rows=((HOME,),))
        return
    here = page_of(len(found), page, call.message.channel, [HOME]).of(found)
    lines = [_line(call, one) for one in here]
    names = [who_is(one.person) for one in found]
    choices = [
        Choice(
            f"do:aid:{one.record.id}",
            Say("value.as_written", value=name if names.count(name) == 1 else f"{name} ({one.record.id})"),
        )
        for one, name in zip(found, names, strict=True)
    ]
    call.say(Say("aid.title", n=len(found)), *lines, rows=paged(choices, page, "do:aids", call.message.channel, [HOME]))


async def _open(call: Call, units: list[str]) -> list[Request]:
    there = {one.id: one for one in await persons.in_units(call.tx, call.desk.keys, units)}
    asking = {one.person_id for one in await records.in_units(call.tx, call.desk.keys, units, [SUPPORT]) if one.person_id}
    kept = [who for who in {await persons.kept_for(call.tx, one) for one in asking} if who in there]
    standing = await persons.in_stocks(call.tx, kept)
    open_ = [who for who in kept if OPEN & {stock for _, stock in standing[who]}]
    files = await persons.files(call.tx, call.desk.keys, open_)
    found = []
    for who in open_:
        newest = next(one for one in reversed(files[who]) if one.kind == SUPPORT)
        found.append(Request(newest, there[who], await _status(call, newest)))
    return sorted(found, key=lambda one: (not one.urgent, one.record.event))


async def _status(call: Call, record: Record) -> Say:
    taken = await records.taken(call.tx, record.id, 0)
    if taken is None:
        return Say("aid.new")
    by = await people.of_users(call.tx, call.desk.keys, [taken[0]])
    return Say("aid.taken", name=by[0].name if by else Say("value.none"), at=moment(taken[1], call.at))


def _line(call: Call, one: Request) -> Say:
    unit = call.tree.get(one.person.unit)
    return Say(
        "aid.line_urgent" if one.urgent else "aid.line",
        person=who_is(one.person),
        unit=place(unit) if unit else one.person.unit,
        need=Say(f"choice.support_need.{one.record.body['need']}"),
        status=one.status,
    )


async def card(call: Call, record_id: str) -> None:
    """One request: who, what, how urgently, and what has become of it."""
    found = await _request(call, record_id)
    if found is None:
        call.say(Say("draft.gone"), fresh=True)
        return
    record, person, stands = found
    by_name = {step.name: step for step in steps(Support)}
    lines = [*identity_of(call, person), Say("aid.asked", at=instant(record.recorded_at))]
    for name in SHOWN:
        value = record.body.get(name)
        if value is not None:
            shown: Param = by_name[name].shown(value)
            lines.append(Say("review.line", label=label(Support, name), value=shown))
    lines.append(Say("aid.status", status=await _status(call, record) if stands else Say("aid.done")))
    rows: list[tuple[Choice, ...]] = []
    if stands and may(call.user.roles, Act.SUPPORT, record.unit, call.tree):
        take = Choice(f"do:aid_take:{record.id}", Say("aid.take"))
        rows.append((take, Choice(f"do:about:{SupportDone.name}:{record.id}", Say("form.support_done.about"))))
    call.say(*lines, rows=(*rows, (Choice(f"do:person:{person.id}", Say("button.card")), LIST), (HOME,)), fresh=True)


async def _request(call: Call, record_id: str) -> tuple[Record, Person, bool] | None:
    """A request that stands, whose it is, and whether it is still open."""
    record = await records.current(call.tx, call.desk.keys, record_id)
    if record is None or record.void or record.kind != SUPPORT or record.person_id is None:
        return None
    if not may(call.user.roles, Act.SEE_PEOPLE, record.unit, call.tree):
        return None
    kept = await persons.kept_for(call.tx, record.person_id)
    standing = (await persons.in_stocks(call.tx, [kept]))[kept]
    person = (await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept]
    return record, person, bool(OPEN & {stock for _, stock in standing})


async def take(call: Call, record_id: str) -> None:
    """An official of the commune sees to it: the team is told once; whoever comes later sees who it is."""
    found = await _request(call, record_id)
    if found is None or not found[2] or not may(call.user.roles, Act.SUPPORT, found[0].unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
        return
    record = found[0]
    if await records.taken(call.tx, record.id, 0) is None:
        await note_taken(call, record)
    await card(call, record_id)


async def note_taken(call: Call, record: Record) -> None:
    """Store that this official sees to it, and tell whoever reported it."""
    await persons.add_event(call.tx, call.desk.keys, records.TAKEN, record.id, record.unit, call.user.id, None, call.at)
    await tell_reporter(call.tx, call.desk, call.tree, record, TAKEN, call.user, call.at)
