"""Today's visits to people who isolate at home: one list, a person at a time, two taps where all is well.

The list is one live message: a tap changes it in place, and after each visit the next person is shown at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import at
from bot.conversation.draft import REVIEW, Draft
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, villages_of
from bot.domain.due import Due, at_home, still_open, visits, visits_on
from bot.domain.follow_up import VisitStatus
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.isolation_rules import Category
from bot.domain.phones import show_phone
from bot.domain.vietnamese import given_name_key
from bot.forms.visit import Visit
from bot.handlers import filing, reporting
from bot.handlers.call import Call
from bot.handlers.paging import page_of, paged
from bot.handlers.persons import told
from bot.reports.phrases import HOME, place, who_is
from bot.reports.supervision import Watched, supervisors, watched_in
from bot.storage import persons, records
from bot.storage.records import Record

_FIRST = tuple(Category)[::-1]  # cases before contacts before who came back


@dataclass(frozen=True)
class Item:
    """One visit of a list. ``tried``: somebody was there and did not meet them. ``begun``: its hours have."""

    due: Due
    who: Watched
    tried: bool
    begun: bool
    over: bool

    @property
    def to_do(self) -> bool:
        return self.begun and not self.due.done

    @property
    def key(self) -> str:
        return f"{self.due.role}:{self.due.day}:{self.due.slot}"


async def list_(call: Call, unit: str = "", day: str = "", page: str = "0", *before: Say) -> None:
    """The visits of a day: of whom one sees to oneself; of a village; of an official's villages, to choose from."""
    villages = villages_of(call.user.roles, Act.REPORT, call.tree)
    if not villages or (unit and unit not in {one.code for one in villages}):
        call.say(Say("access.denied"))
        return
    on = _day(day, call.today)
    items = await _items(call, [unit] if unit else [one.code for one in villages], on)
    if not unit:
        mine = await _mine(call, items)
        if not mine and len(villages) > 1 and items:
            _villages(call, items, on, page, before)
            return
        items = mine or items
    _show(call, unit, on, items, page, before)


def _show(call: Call, unit: str, on: date, items: Sequence[Item], page: str, before: Sequence[Say]) -> None:
    todo = [one for one in items if one.to_do]
    done = sum(one.due.done for one in items)
    title = Say("visits.title" if items else "visits.none", day=on, n=len(items), done=done)
    below = [HOME]
    villages = {one.who.person.unit for one in items}
    if not unit and len(villages) == 1:
        below.insert(0, Choice(f"do:visits:{villages.pop()}:{on}", Say("visits.whole_village")))
    yesterday = on - timedelta(days=1)
    if on == call.today and still_open(yesterday, call.today):
        below.insert(0, Choice(f"do:visits:{unit}:{yesterday}", Say("visits.yesterday")))
    choices = [Choice(f"do:visit:{one.key}", _button(one, items)) for one in todo]
    here = page_of(len(todo), page, call.message.channel, below).of(todo)
    lines = [_line(one) for one in here]
    if items and not todo:
        lines = [Say("visits.later" if done < len(items) else "visits.all_done")]
    call.say(*before, title, *lines, rows=paged(choices, page, f"do:visits:{unit}:{on}", call.message.channel, below))


def _villages(call: Call, items: Sequence[Item], on: date, page: str, before: Sequence[Say]) -> None:
    codes = [unit.code for unit in villages_of(call.user.roles, Act.REPORT, call.tree)]
    choices = []
    for code in codes:
        if there := [one for one in items if one.who.person.unit == code]:
            done = sum(one.due.done for one in there)
            label = Say("visits.village", unit=place(call.tree[code]), done=done, n=len(there))
            choices.append(Choice(f"do:visits:{code}:{on}", label))
    done = sum(one.due.done for one in items)
    title = Say("visits.title", day=on, n=len(items), done=done)
    call.say(*before, title, rows=paged(choices, page, f"do:visits::{on}", call.message.channel, [HOME]))


async def _items(call: Call, units: Sequence[str], on: date) -> list[Item]:
    """The visits of a day in these villages: cases first, then by given name."""
    watched = await watched_in(call.tx, call.desk.keys, units, call.at)
    found = [
        _item(call, one, who) for person, who in watched.items() for one in visits_on(on, person, who.file, call.desk.forms)
    ]
    return sorted(
        found, key=lambda one: (_FIRST.index(one.due.category), _name_key(one), one.due.person, one.due.slot != "morning")
    )


def _name_key(item: Item) -> object:
    return given_name_key(str(item.who.person.identity["full_name"]))


def _item(call: Call, one: Due, who: Watched) -> Item:
    slot = next(slot for slot in follow_up_rules().slots(one.category) if slot.slot == one.slot)
    tried = any((visit.day, visit.slot) == (one.day, one.slot) for visit in visits(who.file))
    return Item(one, who, tried, call.at >= at(one.day, slot.opens), call.at >= at(one.day, slot.closes))


async def _mine(call: Call, items: Sequence[Item]) -> list[Item]:
    people = {one.due.person: one.who for one in items}
    seeing = await supervisors(call.tx, call.desk.keys, call.tree, call.desk.forms, people)
    return [one for one in items if any(who.id == call.user.id for who in seeing.get(one.due.person, ()))]


def _line(item: Item) -> Say:
    state = "tried" if item.tried else "overdue" if item.over else "open"
    return Say(
        "visits.line",
        person=who_is(item.who.person),
        category=Say(f"visits.category.{item.due.category}"),
        slot=Say(f"visits.slot.{item.due.slot}"),
        state=Say(f"visits.state.{state}"),
    )


def _button(item: Item, items: Sequence[Item]) -> Say:
    """The name; with the visit, or the code, if another button has the same."""
    name = who_is(item.who.person)
    alike = [one for one in items if one.to_do and who_is(one.who.person) == name and one is not item]
    if any(one.due.person == item.due.person for one in alike):
        return Say("visits.button_slot", person=name, slot=Say(f"visits.slot.{item.due.slot}"))
    return Say("value.as_written", value=f"{name} ({item.due.person})" if alike else name)


def _day(given: str, today: date) -> date:
    """A day out of a button: today, or one of which visits may still be entered."""
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return today
    return found if still_open(found, today) else today


# --- one person -----------------------------------------------------------------------------------------------------------


async def person(call: Call, role_id: str, day: str, slot: str, *before: Say) -> None:
    """Whom to visit, with what may be recorded by one tap."""
    found = await _found(call, role_id, day, slot)
    if found is None:
        call.say(*before, Say("visits.not_due"), rows=((Choice("do:visits", Say("visits.open")), HOME),))
        return
    key, known = found.key, found.who.person.identity
    lines = [Say("visits.whom", person=who_is(found.who.person), place=place(call.tree[found.who.person.unit]))]
    stay = at_home(found.who.file, call.desk.forms)
    until = stay.watched.until if stay is not None and stay.watched is not None else None
    category = Say(f"visits.category.{found.due.category}")
    lines.append(Say("visits.until", category=category, until=until) if until else Say("visits.no_end", category=category))
    if known.get("household"):
        lines.append(Say("person.household", household=known["household"]))
    lines.append(Say("person.phone", phone=show_phone(known["phone"]) if known.get("phone") else Say("value.none")))
    last = next((one for one in reversed(found.who.file) if one.kind == Visit.name), None)
    if last is not None:
        lines.append(Say("visits.last", what=told(last, Visit)))
    lines.append(Say("visits.ask", day=found.due.day, slot=Say(f"visits.slot.{found.due.slot}")))
    well, detail = Choice(f"do:seen:{key}:cooperative", Say("visits.well")), Choice(f"do:check:{key}", Say("visits.detail"))
    if found.due.category is Category.CASE:
        well = Choice(well.key, Say("visits.well_unmeasured"))
        detail = Choice(detail.key, Say("visits.measure"))
    rows = (
        (well,) if found.due.category is not Category.CASE else (detail,),
        (detail,) if found.due.category is not Category.CASE else (well,),
        (
            Choice(f"do:seen:{key}:unavailable", Say("choice.visit_status.unavailable")),
            Choice(f"do:seen:{key}:uncooperative", Say("choice.visit_status.uncooperative")),
        ),
        (Choice(f"do:person:{found.due.person}", Say("button.card")), Choice("do:visits", Say("button.back")), HOME),
    )
    call.say(*before, *lines, rows=rows)


async def seen(call: Call, role_id: str, day: str, slot: str, status: str) -> None:
    """Record a visit by one tap, and show whom to visit next. Who was seen by somebody else meanwhile is recorded once."""
    found = await _found(call, role_id, day, slot)
    if found is None or status not in set(VisitStatus):
        await person(call, role_id, day, slot)
        return
    name = who_is(found.who.person)
    if found.due.done:
        await after(call, role_id, day, slot, Say("visits.already", person=name))
        return
    answers = {**dict.fromkeys(Visit.model_fields), "visited_on": day, "slot": slot, "visit_status": status}
    facts = {"person": found.due.person, "follows": role_id}
    draft = Draft(call.desk.new_id(), Visit.name, Visit.version, found.who.person.unit, REVIEW, answers=answers, facts=facts)
    await filing.file_report(call.tx, call.desk, call.tree, call.user, Visit, draft, call.at)
    said = Say("visits.recorded", person=name, status=Say(f"choice.visit_status.{status}"), code=draft.id)
    await after(call, role_id, day, slot, said)


async def after(call: Call, role_id: str, day: str, slot: str, *before: Say) -> None:
    """The next person to visit after this one: of those one sees to oneself, else of the same village; then the list."""
    role = await records.current(call.tx, call.desk.keys, role_id)
    if role is None or not may(call.user.roles, Act.REPORT, role.unit, call.tree):
        await list_(call, "", day, "0", *before)
        return
    items = await _items(call, [role.unit], _day(day, call.today))
    mine = await _mine(call, items)
    this = f"{role_id}:{day}:{slot}"
    ours = mine if any(one.key == this for one in mine) else items
    at_ = next((n for n, one in enumerate(ours) if one.key == this), -1)
    left = [one for one in (*ours[at_ + 1 :], *ours[: max(at_, 0)]) if one.to_do and not one.tried]
    if left:
        done = sum(one.due.done for one in ours)
        counted = Say("visits.progress", done=done, n=len(ours))
        await person(call, left[0].due.role, str(left[0].due.day), left[0].due.slot, *before, counted)
    else:
        await list_(call, "" if ours is mine else role.unit, day, "0", *before)


async def check(call: Call, role_id: str, day: str, slot: str, drop: str = "") -> None:
    """The questions of a visit, opened for this one. Whoever has something to tell of somebody's state has met them."""
    found = await _found(call, role_id, day, slot)
    if found is None:
        await person(call, role_id, day, slot)
        return
    known = {"visited_on": day, "slot": slot, "visit_status": VisitStatus.COOPERATIVE}
    back = {"back": f"do:next:{found.key}"}
    await reporting.open_about(
        call, Visit.name, role_id, drop, lambda draft: f"do:check:{role_id}:{day}:{slot}:{draft}", known, back
    )


async def _found(call: Call, role_id: str, day: str, slot: str) -> Item | None:
    """This visit, if it is due and may be entered by whoever asks."""
    role = await records.current(call.tx, call.desk.keys, role_id)
    if role is None or role.person_id is None or not may(call.user.roles, Act.REPORT, role.unit, call.tree):
        return None
    on = _day(day, call.today)
    kept = await persons.kept_for(call.tx, role.person_id)
    who = Watched((await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept], await _file(call, kept))
    due = [
        one
        for one in visits_on(on, kept, who.file, call.desk.forms)
        if (str(one.day), one.role, one.slot) == (day, role_id, slot)
    ]
    return _item(call, due[0], who) if due else None


async def _file(call: Call, person_id: str) -> Sequence[Record]:
    found: Mapping[str, Sequence[Record]] = await persons.files(call.tx, call.desk.keys, [person_id])
    return found[person_id]
