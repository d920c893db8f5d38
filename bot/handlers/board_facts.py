"""What is open on the board of an office, read for all of it at once; nothing here is changed.

A commune's board is about its villages. A unit above communes has one line for each of its communes, alerts apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.clock import at, vietnam_day
from bot.conversation.form import Form
from bot.conversation.words import Say
from bot.domain.access import Role
from bot.domain.board import Claim, Item, Kind, arranged, held, silent
from bot.domain.due import visits_on
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.person import CaseClassification
from bot.domain.plans import PLAN, from_json
from bot.domain.units import COMMUNE, OrgUnit, Tree
from bot.forms.support import OPEN, SUPPORT
from bot.handlers.call import Desk
from bot.handlers.joining import open_pairs
from bot.handlers.telling import whom_to_ring
from bot.handlers.urgent import settled, urgent_since
from bot.handlers.waiting import albums, what
from bot.reports import issued
from bot.reports.discrepancies import discrepancies
from bot.reports.excuses import excuses
from bot.reports.figures import DATA_SET
from bot.reports.phrases import Contact, moment, place
from bot.reports.sign_off import signed_off
from bot.reports.supervision import Watched, watched_in
from bot.storage import claims, media, people, persons, records, transfers
from bot.storage.accounts import by_person
from bot.storage.database import Tx
from bot.storage.people import Who

ALERTS_SINCE = timedelta(days=7)
"""An alert that nobody took for so long has lost its hour: what became of it is in the figures."""


@dataclass
class Open:
    """What is open, and what is said of it: ``lines`` and ``short`` by ``Item.ref``, whom to ring up by unit."""

    items: list[Item] = field(default_factory=list)
    lines: dict[str, Say] = field(default_factory=dict)
    taken: dict[str, Claim] = field(default_factory=dict)  # where somebody said elsewhere that they see to it

    def add(self, item: Item, line: Say) -> None:
        self.items.append(item)
        self.lines[item.ref] = line


@dataclass(frozen=True)
class Seen:
    """The board of ``unit`` at an instant. ``claims`` are those that stand; ``stale`` are over with what they were about."""

    unit: OrgUnit
    day: date
    items: tuple[Item, ...]
    lines: Mapping[str, Say]
    claims: Mapping[str, Claim]
    stale: tuple[str, ...]
    who: Mapping[str, Who]
    contacts: Mapping[str, Sequence[Contact]]
    places: Mapping[str, OrgUnit]  # of what is on it, by code

    def item(self, ref: str) -> Item | None:
        return next((one for one in self.items if one.ref == ref), None)


async def read(tx: Tx, desk: Desk, tree: Tree, code: str, now: datetime) -> Seen:
    """Everything that is open at a unit, the most urgent first."""
    unit, today = tree[code], vietnam_day(now)
    found = Open()
    await _alerts(tx, desk, tree, code, now, found)
    if unit.level == COMMUNE:
        await _of_villages(tx, desk, tree, code, now, found)
    else:
        await _of_communes(tx, desk, tree, code, now, found)
    items = arranged(found.items, [one.code for one in tree.subtree(code)])
    noted = await claims.of_unit(tx, code)
    standing = held(noted, items, today)
    refs = {one.ref for one in items}
    claimed = {ref: claim for ref, claim in found.taken.items() if ref in refs} | standing
    known = await people.of_users(tx, desk.keys, {one.user for one in claimed.values()})
    return Seen(
        unit=unit,
        day=today,
        items=items,
        lines=found.lines,
        claims=claimed,
        stale=tuple(one.item for one in noted if one.item not in standing),
        who={one.id: one for one in known},
        contacts=await _to_ring(tx, desk, unit, {one.unit for one in items if one.kind is Kind.REPORT}),
        places={one.unit: tree[one.unit] for one in items if one.unit in tree},
    )


async def _to_ring(tx: Tx, desk: Desk, unit: OrgUnit, units: Collection[str]) -> Mapping[str, Sequence[Contact]]:
    if unit.level == COMMUNE:
        return await whom_to_ring(tx, desk.keys, sorted(units))
    found: dict[str, list[Contact]] = {}
    for who, *_ in by_person(await people.with_roles(tx, desk.keys, units, {Role.COMMUNE_OFFICER})).values():
        for one in who.roles:
            if one.role is Role.COMMUNE_OFFICER and one.unit in units:
                found.setdefault(one.unit, []).append(Contact(who.name, who.phone))
    return found


# --- alerts -----------------------------------------------------------------------------------------------------------


def _raising(forms: Mapping[str, type[Form]]) -> list[str]:
    """The reports that may be told at once."""
    quiet = Form.urgent.__func__  # type: ignore[attr-defined]
    return [name for name, form in forms.items() if form.urgent.__func__ is not quiet]  # type: ignore[attr-defined]


async def _alerts(tx: Tx, desk: Desk, tree: Tree, code: str, now: datetime, found: Open) -> None:
    """Those that nobody took. Above communes only what is confirmed, as it is told there."""
    units = [one.code for one in tree.subtree(code)]
    filed = await records.in_units(tx, desk.keys, units, _raising(desk.forms), now - ALERTS_SINCE)
    urgent = {one.id: one for one in filed if (form := desk.forms.get(one.kind)) and form.urgent(one.body)}
    taken = await records.taken_by(tx, urgent)
    for one, history in (await records.versions_of(tx, desk.keys, urgent)).items():
        record, form = urgent[one], desk.forms[urgent[one].kind]
        level = form.urgent(record.body)
        since = urgent_since(history, form)
        told_above = tree[code].level == COMMUNE or level == CaseClassification.CONFIRMED
        if since is None or not told_above or any(event > since.event for event, *_ in taken.get(one, ())):
            continue
        if not await settled(tx, desk, record):
            said = Say(
                "board.line.alert",
                unit=place(tree[record.unit]),
                what=Say(f"board.alert.{level}|board.alert.suspect"),
                at=moment(since.recorded_at, now),
            )
            found.add(
                Item(Kind.ALERT, record.unit, (one,), since.recorded_at, urgent=level == CaseClassification.CONFIRMED), said
            )


# --- a commune --------------------------------------------------------------------------------------------------------


async def _of_villages(tx: Tx, desk: Desk, tree: Tree, code: str, now: datetime, found: Open) -> None:
    units = [one.code for one in tree.subtree(code)]
    await _reports(tx, desk, tree, code, now, found)
    await _media(tx, desk, tree, units, now, found)
    for one in await discrepancies(tx, desk.keys, tree, code, vietnam_day(now)):
        if one.explanation is None:
            item = Item(Kind.DIFFER, one.unit.code, (one.unit.code, one.indicator, one.source))
            said = Say(
                f"board.line.differ_{one.source}",
                unit=place(one.unit),
                indicator=Say(f"reports.indicator.{one.indicator}"),
                a=one.declared,
                b=one.listed,
            )
            found.add(item, said)
    for a, b in await open_pairs(tx, desk.keys, tree, code):
        where = [place(tree[unit]) for unit in dict.fromkeys((a.unit, b.unit)) if unit in tree]
        found.add(Item(Kind.DOUBLE, a.unit, (a.id, b.id)), Say("board.line.double", units=where))
    await _aids(tx, desk, tree, units, now, found)
    for waiting in await transfers.open_to(tx, desk.keys, units):
        sender = tree.get(waiting.from_unit)
        said = Say(
            "board.line.transfer",
            unit=place(tree[waiting.to_unit]),
            sender=place(sender) if sender else waiting.from_unit,
            at=moment(waiting.proposed_at, now),
        )
        found.add(Item(Kind.TRANSFER, waiting.to_unit, (waiting.id,), waiting.proposed_at), said)
    watched = await watched_in(tx, desk.keys, units, now)
    for item, said in (*_undecided(tree, watched, now), *_missed(desk, tree, watched, now)):
        found.add(item, said)


async def _reports(tx: Tx, desk: Desk, tree: Tree, code: str, now: datetime, found: Open) -> None:
    """None once tomorrow's may be sent: today's cannot be any more, and tomorrow's are not due."""
    today = vietnam_day(now)
    if desk.timetable.reporting_day(now) != today:
        return
    villages = [one.code for one in tree.villages(code)]
    reported = await records.reports_for(tx, villages, DATA_SET, today)
    awaited = await media.awaited(tx, tree, villages, today)
    notes = await excuses(tx, tree, [one for one in villages if one not in reported], today)
    for item in silent(villages, reported, awaited, notes):
        note = Say("board.noted", note=notes[item.unit]) if item.unit in notes else Say("reports.nothing")
        found.add(item, Say("board.line.report", unit=place(tree[item.unit]), note=note))


async def _media(tx: Tx, desk: Desk, tree: Tree, units: Sequence[str], now: datetime, found: Open) -> None:
    for album in albums(await media.open_in(tx, desk.keys, units)):
        first = album[0]
        said = Say("board.line.media", unit=place(tree[first.unit]), what=what(album), at=moment(first.received_at, now))
        found.add(Item(Kind.MEDIA, first.unit, (first.id,), first.received_at), said)


async def _aids(tx: Tx, desk: Desk, tree: Tree, units: Sequence[str], now: datetime, found: Open) -> None:
    """An urgent one that nobody took is an alert until somebody does."""
    asking = await persons.standing_in(tx, units, OPEN)
    files = await persons.files(tx, desk.keys, asking)
    newest = [next((one for one in reversed(file) if one.kind == SUPPORT), None) for file in files.values()]
    open_ = {one.id: one for one in newest if one is not None and one.unit in tree}
    taken = await records.taken_by(tx, open_)
    alerts = {one.about[0] for one in found.items if one.kind is Kind.ALERT}
    for one, record in open_.items():
        if one in alerts:
            continue
        item = Item(Kind.AID, record.unit, (one,), record.filed_at, urgent=bool(record.body.get("is_urgent")))
        said = Say(
            "board.line.aid",
            unit=place(tree[record.unit]),
            need=Say(f"choice.support_need.{record.body['need']}"),
            at=moment(record.filed_at, now),
        )
        found.add(item, said)
        if one in taken:
            _, user, since = taken[one][0]
            found.taken[item.ref] = Claim(item.ref, user, since)


def _undecided(tree: Tree, watched: Mapping[str, Watched], now: datetime) -> Iterator[tuple[Item, Say]]:
    """Whose isolation waits for a decision of the commune."""
    for who in watched.values():
        for one in who.file:
            if one.kind == PLAN and one.follows and one.unit in tree and from_json(one.body).waiting:
                said = Say("board.line.decision", unit=place(tree[one.unit]), at=moment(one.recorded_at, now))
                yield Item(Kind.DECISION, one.unit, (one.follows,), one.recorded_at), said


def _missed(desk: Desk, tree: Tree, watched: Mapping[str, Watched], now: datetime) -> Iterator[tuple[Item, Say]]:
    """How many visits of today were not made in their hours, village by village."""
    today, rules = vietnam_day(now), follow_up_rules()
    late: Counter[str] = Counter()
    for person, who in watched.items():
        for visit in visits_on(today, person, who.file, desk.forms):
            closes = next(slot.closes for slot in rules.slots(visit.category) if slot.slot == visit.slot)
            late[who.person.unit] += not visit.done and now >= at(today, closes)
    for unit, n in sorted(late.items()):
        if n and unit in tree:
            yield Item(Kind.VISIT, unit, (unit,), n=n), Say("board.line.visit", unit=place(tree[unit]), n=n)


# --- above communes ---------------------------------------------------------------------------------------------------


async def _of_communes(tx: Tx, desk: Desk, tree: Tree, code: str, now: datetime, found: Open) -> None:
    """A commune of which a report or the approval is missing, and one with figures that nobody explained."""
    today = vietnam_day(now)
    unapproved = (await signed_off(tx, desk.keys, tree, code, issued.MORNING, today, 1)).unapproved
    reported = await records.reports_for(tx, [one.code for one in tree.villages(code)], DATA_SET, today)
    due = desk.timetable.reporting_day(now) == today
    for commune in tree.at_level(code, COMMUNE):
        villages = tree.villages(commune.code)
        missing = sum(one.code not in reported for one in villages) if due else 0
        waits = commune in unapproved
        if missing or waits:
            key = "reports_unapproved" if missing and waits else "reports" if missing else "unapproved"
            said = Say(f"board.line.{key}", unit=place(commune), n=missing, all=len(villages))
            found.add(Item(Kind.REPORT, commune.code, (commune.code,), excused=not missing, n=max(missing, 1)), said)
    differ: Counter[str] = Counter()
    for one in await discrepancies(tx, desk.keys, tree, code, today):
        if one.explanation is None and (commune_of := tree.above(one.unit.code, COMMUNE)) is not None:
            differ[commune_of.code] += 1
    for unit, n in differ.items():
        found.add(Item(Kind.DIFFER, unit, (unit,), n=n), Say("board.line.differ", unit=place(tree[unit]), n=n))
