"""Persons: who somebody is, all that was recorded about them, and in which stocks they stand.

A person is the id of the first record about them. Whoever turns out to be the same person keeps both sets of records: a row
of ``person_pair`` says so and can be taken back, nothing is copied. The kept one counts, the other counts nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.indicators import stocks
from bot.domain.ledger import Entry
from bot.domain.openings import PREFIX
from bot.storage import records
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.records import Record
from bot.storage.schema import event, person, person_pair, posting, record
from bot.storage.sql import add, among


@dataclass(frozen=True)
class Person:
    """Who somebody is, as last recorded. ``identity`` holds full_name, birth_year, sex, phone, household: what is known."""

    id: str
    version: int
    unit: str
    identity: Mapping[str, Any]
    recorded_at: datetime


async def of_ids(tx: Tx, keys: Keyring, ids: Collection[str]) -> dict[str, Person]:
    """These persons in their newest version, also those that were found to be somebody else's double."""
    rows = await tx.execute(sa.select(person).where(among(tx, person.c.id, ids)).order_by(person.c.version, person.c.id))
    return {row.id: _person(keys, row) for row in rows}


async def in_units(tx: Tx, keys: Keyring, units: Collection[str]) -> list[Person]:
    """Everybody who is in these units now and about whom a record stands, each once, in order of their first record."""
    newer, standing, doubled = person.alias("newer"), record.alias("standing"), person_pair.alias("doubled")
    replaced = sa.exists().where(newer.c.id == person.c.id, newer.c.version > person.c.version)
    has_doubles = sa.exists().where(doubled.c.person_id == person.c.id, doubled.c.same)
    recorded = sa.exists().where(standing.c.person_id == person.c.id, *_stands(standing))
    query = (
        sa.select(person, recorded.label("recorded"))
        .where(
            among(tx, person.c.unit_code, units),
            ~replaced,
            sa.or_(recorded, has_doubles),
            ~sa.exists().where(doubled.c.other_id == person.c.id, doubled.c.same),
        )
        .order_by(person.c.id)
    )
    rows = (await tx.execute(query)).all()
    # About whom nothing stands but what a double brought with it is there too.
    brought = await files(tx, keys, [row.id for row in rows if not row.recorded])
    return [_person(keys, row) for row in rows if row.recorded or brought[row.id]]


async def standing_in(tx: Tx, units: Collection[str], indicators: Collection[str]) -> set[str]:
    """Whoever counts in one of these stocks in one of these units."""
    query = (
        sa.select(posting.c.subject)
        .where(among(tx, posting.c.unit_code, units), posting.c.indicator.in_(list(indicators)))
        .where(posting.c.subject.is_not(None), posting.c.subject.not_like(f"{PREFIX}%"))
        .group_by(posting.c.subject, posting.c.unit_code, posting.c.indicator)
        .having(sa.func.sum(posting.c.n) != 0)
    )
    return set(await tx.scalars(query))


async def units_of(tx: Tx, indicators: Collection[str], kind: str, since: datetime) -> set[str]:
    """Where somebody counts in one of these stocks, or something of this kind was recorded since an instant."""
    standing = (
        sa.select(posting.c.unit_code)
        .where(posting.c.indicator.in_(list(indicators)))
        .group_by(posting.c.unit_code, posting.c.indicator)
        .having(sa.func.sum(posting.c.n) != 0)
    )
    recorded = sa.select(record.c.unit_code).where(record.c.kind == kind, record.c.recorded_at >= since)
    return set(await tx.scalars(sa.union(standing, recorded)))


async def with_records(tx: Tx, units: Collection[str], kind: str, since: datetime) -> set[str]:
    """About whom something of this kind was recorded in these units since an instant; nobody's double is among them."""
    doubled = sa.exists().where(person_pair.c.other_id == record.c.person_id, person_pair.c.same)
    query = sa.select(record.c.person_id).where(
        among(tx, record.c.unit_code, units), record.c.kind == kind, record.c.recorded_at >= since, ~doubled
    )
    return {one for one in await tx.scalars(query.distinct()) if one is not None}


async def with_phone(tx: Tx, keys: Keyring, phone: str) -> list[Person]:
    """Whoever has this whole number, E.164, wherever they are."""
    ids = await tx.scalars(sa.select(person.c.id).where(person.c.phone_index == keys.index("phone", phone)).distinct())
    return [one for one in (await of_ids(tx, keys, set(ids))).values() if one.identity.get("phone") == phone]


def _stands(table: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions under which a row of ``record`` is a record's newest version and not taken back."""
    later = record.alias()
    return table.c.void.is_(False), ~sa.exists().where(later.c.id == table.c.id, later.c.version > table.c.version)


def _person(keys: Keyring, row: Any) -> Person:
    identity = keys.open_json("person.body", f"{row.id}.{row.version}", row.body)
    return Person(row.id, row.version, row.unit_code, identity, row.recorded_at)


async def files(tx: Tx, keys: Keyring, ids: Collection[str]) -> dict[str, list[Record]]:
    """All that stands recorded about each of these persons, in order of filing; what a double brought with it is among it."""
    kept = {one: one for one in ids} | await doubles_of(tx, ids)
    query = sa.select(record).where(among(tx, record.c.person_id, kept)).order_by(record.c.event_id)
    newest: dict[str, Any] = {}
    first: dict[str, Any] = {}
    for row in await tx.execute(query):
        newest[row.id] = row  # a later version takes the place of the first
        first.setdefault(row.id, row)
    found: dict[str, list[Record]] = {one: [] for one in ids}
    for row in newest.values():
        one = replace(records.opened(keys, row), first_at=first[row.id].recorded_at, first_by=first[row.id].author_id)
        if not one.void and one.person_id is not None:
            found[kept[one.person_id]].append(one)
    return found


async def newest_of_each(tx: Tx, keys: Keyring, filed: Sequence[Record]) -> list[Record]:
    """Of several reports of one kind about a person the last: two reporters may have told of the same, and each counts once."""
    kept = await kept_for_all(tx, {one.person_id for one in filed if one.person_id})
    about: dict[tuple[str, str], list[Record]] = {}
    for one in filed:
        about.setdefault((kept.get(one.person_id or "", one.id), one.kind), []).append(one)
    several = {person_id for (person_id, _), told in about.items() if len(told) > 1}
    found = await files(tx, keys, several) if several else {}
    order = {one.id: n for file in found.values() for n, one in enumerate(file)}
    return [max(told, key=lambda one: order.get(one.id, 0)) for told in about.values()]


async def follow(tx: Tx, keys: Keyring, record_id: str) -> list[Record]:
    """What stands and builds on this record: about the same person, or about those who have it from this case."""
    builds = sa.or_(record.c.follows == record_id, record.c.source_case == record_id)
    query = sa.select(record).where(builds, *_stands(record)).order_by(record.c.event_id)
    return [records.opened(keys, row) for row in await tx.execute(query)]


async def from_cases(tx: Tx, keys: Keyring, case_ids: Collection[str]) -> list[Record]:
    """What stands about those who have it from one of these cases, in order of their newest version."""
    query = sa.select(record).where(among(tx, record.c.source_case, case_ids), *_stands(record)).order_by(record.c.event_id)
    return [records.opened(keys, row) for row in await tx.execute(query)]


async def in_stocks(tx: Tx, ids: Collection[str]) -> dict[str, dict[tuple[str, str], int]]:
    """What each of these persons counts now: (unit, stock) -> n, 0 left out."""
    total = sa.func.sum(posting.c.n).label("total")
    columns = (posting.c.subject, posting.c.unit_code, posting.c.indicator)
    query = (
        sa.select(*columns, total)
        .where(among(tx, posting.c.subject, ids), posting.c.indicator.in_(stocks()))
        .group_by(*columns)
        .having(total != 0)
    )
    found: dict[str, dict[tuple[str, str], int]] = {one: {} for one in ids}
    for row in await tx.execute(query):
        found[row.subject][row.unit_code, row.indicator] = int(row.total)
    return found


async def flows_of(
    tx: Tx, ids: Collection[str], indicators: Collection[str], windows: Collection[date]
) -> dict[str, dict[tuple[str, str, date], int]]:
    """What each of these persons counts in these flows on these windows: (unit, flow, window) -> n, 0 left out."""
    total = sa.func.sum(posting.c.n).label("total")
    columns = (posting.c.subject, posting.c.unit_code, posting.c.indicator, posting.c.day)
    query = (
        sa.select(*columns, total)
        .where(among(tx, posting.c.subject, ids), posting.c.indicator.in_(list(indicators)), posting.c.day.in_(list(windows)))
        .group_by(*columns)
        .having(total != 0)
    )
    found: dict[str, dict[tuple[str, str, date], int]] = {one: {} for one in ids}
    for row in await tx.execute(query):
        found[row.subject][row.unit_code, row.indicator, row.day] = int(row.total)
    return found


async def move(tx: Tx, keys: Keyring, who: Person, unit: str, author: str | None, reason: str | None, now: datetime) -> int:
    """Put a person and all that stands recorded about them under another unit; the event's id.

    What was counted in the flows of the former unit stays counted there.
    """
    event_id = await add_event(tx, keys, records.MOVED, who.id, unit, author, reason, now)
    await place(tx, keys, who, unit, author, event_id, now)
    return event_id


async def place(tx: Tx, keys: Keyring, who: Person, unit: str, author: str | None, event_id: int, now: datetime) -> None:
    """The same as part of another event; what is there already stays as it is."""
    if who.unit != unit:
        await save(tx, keys, who.id, who.version + 1, unit, who.identity, author, event_id, now)
    for one in (await files(tx, keys, [who.id]))[who.id]:
        if one.unit != unit:
            await records.under(tx, keys, one, unit, author, event_id, now)


async def save(
    tx: Tx,
    keys: Keyring,
    person_id: str,
    version: int,
    unit: str,
    identity: Mapping[str, Any],
    author: str | None,
    event_id: int,
    now: datetime,
) -> None:
    """Store the next version of who somebody is."""
    await add(tx, person, [records.person_row(keys, person_id, version, unit, identity, author, event_id, now)])


async def add_event(
    tx: Tx, keys: Keyring, kind: str, subject: str, unit: str, author: str | None, reason: str | None, now: datetime
) -> int:
    """An event that is about a person and no version of one record."""
    values = {
        "kind": kind,
        "record_id": subject,
        "unit_code": unit,
        "author_id": author,
        "at": now,
        "reason": keys.seal("event.reason", subject, reason) if reason else None,
    }
    return int((await tx.execute(sa.insert(event).returning(event.c.id), values)).scalar_one())


async def post_stocks(tx: Tx, event_id: int, entries: Collection[Entry]) -> None:
    """What an event changed in the stocks of persons."""
    await records.post(tx, event_id, entries)


# --- the same person, or two ----------------------------------------------------------------------------------------


async def doubles_of(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Who was found to be one of these, or to be somebody who was: double -> one of these."""
    found: dict[str, str] = {}
    kept = {one: one for one in ids}
    while kept:
        rows = await tx.execute(sa.select(person_pair).where(among(tx, person_pair.c.person_id, kept), person_pair.c.same))
        kept = {row.other_id: kept[row.person_id] for row in rows}
        found |= kept
    return found


async def kept_for_all(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Each of these -> the person that counts: the one they were found to be, or themselves."""
    found = {one: one for one in ids}
    waiting = set(found)
    while waiting:
        rows = await tx.execute(sa.select(person_pair).where(among(tx, person_pair.c.other_id, waiting), person_pair.c.same))
        above = {row.other_id: row.person_id for row in rows}
        found = {one: above.get(kept, kept) for one, kept in found.items()}
        waiting = set(above.values())
    return found


async def kept_for(tx: Tx, person_id: str) -> str:
    """The person that counts: the one this was found to be, or itself."""
    return (await kept_for_all(tx, [person_id]))[person_id]


def one_of(found: Sequence[Person]) -> Person | None:
    """The only one there is; None for none or several."""
    return found[0] if len(found) == 1 else None
