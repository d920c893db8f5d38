"""Filing, correcting and undoing: one event, a record's new version, the postings that lead from the old to the new.

Records and persons are append-only versions; the newest is the current one. Nothing here decides who may.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.due import VISIT_FIGURES
from bot.domain.indicators import flows, stocks
from bot.domain.ledger import Entry, change
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.schema import event, person, posting, record, report, stock_total
from bot.storage.sql import add, add_new, among, insert

FILED, CORRECTED, UNDONE, MOVED = "filed", "corrected", "undone", "moved"
TAKEN = "taken"  # somebody sees to what a record alerted
JOINED, PARTED = "joined", "parted"  # two persons are one; they are two after all
REPEATED = "repeated"  # a report tells of what another one counts already, or no longer does

_NEW_EVENT = sa.insert(event).returning(event.c.id)


@dataclass(frozen=True)
class Record:
    """One version of a report as stored. ``body`` holds the form's canonical answers."""

    id: str
    version: int
    kind: str
    form_version: int
    unit: str
    person_id: str | None
    day: date
    body: Mapping[str, Any]
    recorded_at: datetime
    author: str | None
    event: int
    void: bool = False
    follows: str | None = None  # the record that it builds on
    legal_basis: str | None = None
    source_case: str | None = None  # the case of somebody else from which it comes
    first_at: datetime | None = None  # with the next: of its first version, where the whole file of a person was read
    first_by: str | None = None

    @property
    def filed_at(self) -> datetime:
        return self.first_at or self.recorded_at

    @property
    def filed_by(self) -> str | None:
        return self.first_by or self.author


@dataclass(frozen=True)
class Filing:
    """What is to be stored: the record's next version, who it is about, and what it counts from now on.

    ``person`` are the answers that say who somebody is; ``person_id`` is whoever is known already, without it they are new.
    ``counted`` are the flows. What a person counts in stocks follows from all of their records (``storage.persons``).
    """

    id: str
    kind: str
    form_version: int
    unit: str
    day: date
    body: Mapping[str, Any]
    author: str | None
    person: Mapping[str, Any]
    counted: Collection[Entry]
    void: bool = False
    reason: str | None = None
    legal_basis: str | None = None
    person_id: str | None = None
    follows: str | None = None
    source_case: str | None = None


async def file(tx: Tx, keys: Keyring, filing: Filing, now: datetime) -> Record:
    """Store the next version of a record and post the difference. Version 1 if it is new."""
    former = await current(tx, keys, filing.id)
    version = former.version + 1 if former else 1
    kind = UNDONE if filing.void else CORRECTED if former else FILED
    event_id = await _event(tx, keys, kind, filing, former.event if former else None, now)
    person_id = (former.person_id if former else None) or filing.person_id or (filing.id if filing.person else None)
    if person_id is not None and filing.person:
        known = former is not None or person_id != filing.id
        await _save_person(tx, keys, person_id, filing, event_id, now, known=known, corrects=former is not None)
    follows = former.follows if former else filing.follows
    body = dict(filing.body)
    row = {
        "id": filing.id,
        "version": version,
        "kind": filing.kind,
        "form_version": filing.form_version,
        "unit_code": filing.unit,
        "person_id": person_id,
        "day": filing.day,
        "body": keys.seal_json("record.body", f"{filing.id}.{version}", body),
        "recorded_at": now,
        "author_id": filing.author,
        "event_id": event_id,
        "void": filing.void,
        "legal_basis": filing.legal_basis,
        "follows": follows,
        "source_case": filing.source_case,
    }
    await add(tx, record, [row])
    await post(tx, event_id, change(await counted(tx, filing.id, person_id) if former else (), filing.counted))
    return Record(
        id=filing.id,
        version=version,
        kind=filing.kind,
        form_version=filing.form_version,
        unit=filing.unit,
        person_id=person_id,
        day=filing.day,
        body=body,
        recorded_at=now,
        author=filing.author,
        event=event_id,
        void=filing.void,
        follows=follows,
        legal_basis=filing.legal_basis,
        source_case=filing.source_case,
    )


async def _event(tx: Tx, keys: Keyring, kind: str, filing: Filing, undoes: int | None, now: datetime) -> int:
    values = {
        "kind": kind,
        "record_id": filing.id,
        "unit_code": filing.unit,
        "author_id": filing.author,
        "at": now,
        "undoes": undoes if kind == UNDONE else None,
        "reason": keys.seal("event.reason", filing.id, filing.reason) if filing.reason else None,
    }
    return int((await tx.execute(_NEW_EVENT, values)).scalar_one())


async def _save_person(
    tx: Tx, keys: Keyring, person_id: str, filing: Filing, event_id: int, now: datetime, *, known: bool, corrects: bool
) -> None:
    query = sa.select(person).where(person.c.id == person_id).order_by(person.c.version.desc()).limit(1)
    latest = (await tx.execute(query)).one_or_none() if known else None
    version, identity = 1, dict(filing.person)
    if latest is not None:
        version = latest.version + 1
        was = keys.open_json("person.body", f"{person_id}.{latest.version}", latest.body)
        # A correction may say that there is no phone; another report about the person that skips it says nothing.
        said = identity if corrects else {key: value for key, value in identity.items() if value is not None}
        identity = {**was, **said}
    await add(tx, person, [person_row(keys, person_id, version, filing.unit, identity, filing.author, event_id, now)])


def person_row(
    keys: Keyring,
    person_id: str,
    version: int,
    unit: str,
    identity: Mapping[str, Any],
    author: str | None,
    event_id: int,
    now: datetime,
) -> dict[str, Any]:
    """One version of who somebody is, sealed, as a row of its table."""
    phone = identity.get("phone")
    return {
        "id": person_id,
        "version": version,
        "unit_code": unit,
        "body": keys.seal_json("person.body", f"{person_id}.{version}", dict(identity)),
        "phone_index": keys.index("phone", phone) if phone else None,
        "recorded_at": now,
        "author_id": author,
        "event_id": event_id,
    }


async def under(tx: Tx, keys: Keyring, moved: Record, unit: str, author: str | None, event_id: int, now: datetime) -> None:
    """The same record, one version on, under another unit."""
    version = moved.version + 1
    row = {
        "id": moved.id,
        "version": version,
        "kind": moved.kind,
        "form_version": moved.form_version,
        "unit_code": unit,
        "person_id": moved.person_id,
        "day": moved.day,
        "body": keys.seal_json("record.body", f"{moved.id}.{version}", dict(moved.body)),
        "recorded_at": now,
        "author_id": author,
        "event_id": event_id,
        "void": False,
        "legal_basis": moved.legal_basis,
        "follows": moved.follows,
        "source_case": moved.source_case,
    }
    await add(tx, record, [row])


async def post(tx: Tx, event_id: int, postings: Collection[Entry]) -> None:
    """Add postings to the ledger. They are never changed; only an erased person's ``subject`` becomes null.

    The totals of stocks, from which figures of many units are read (``storage.ledger``), follow in the same transaction.
    """
    await _add_up(tx, postings)
    await add(
        tx,
        posting,
        [
            {
                "event_id": event_id,
                "subject": entry.subject,
                "unit_code": entry.unit,
                "indicator": entry.indicator,
                "day": entry.day,
                "n": entry.n,
            }
            for entry in postings
        ],
    )


async def _add_up(tx: Tx, postings: Collection[Entry]) -> None:
    sums: dict[tuple[str, str], int] = {}
    for entry in postings:
        if entry.indicator in stocks():
            place = (entry.unit, entry.indicator)
            sums[place] = sums.get(place, 0) + entry.n
    if sums:
        statement = insert(tx, stock_total)
        summed = {"n": stock_total.c.n + statement.excluded.n}
        upsert = statement.on_conflict_do_update(index_elements=["unit_code", "indicator"], set_=summed)
        rows = [{"unit_code": unit, "indicator": indicator, "n": n} for (unit, indicator), n in sorted(sums.items())]
        await tx.execute(upsert, rows)


async def counted(tx: Tx, record_id: str, person_id: str | None = None) -> list[Entry]:
    """What the record's own events have posted so far, summed up; of a record about a person, the flows.

    Whether a flow counts that somebody else reported too is posted apart (``storage.repeats``).
    The visits of a day follow from the whole file of a person, so they are no record's (``domain.visit_figures``).
    """
    total = sa.func.sum(posting.c.n).label("total")
    columns = (posting.c.subject, posting.c.unit_code, posting.c.indicator, posting.c.day)
    query = (
        sa.select(*columns, total)
        .join(event, event.c.id == posting.c.event_id)
        .where(event.c.record_id == record_id, event.c.kind != REPEATED, posting.c.indicator.not_in(VISIT_FIGURES))
        .group_by(*columns)
        .having(total != 0)
    )
    if person_id is not None:
        query = query.where(posting.c.indicator.in_(flows()))
    return [Entry(row.subject, row.unit_code, row.indicator, row.day, int(row.total)) for row in await tx.execute(query)]


async def current(tx: Tx, keys: Keyring, record_id: str) -> Record | None:
    query = sa.select(record).where(record.c.id == record_id).order_by(record.c.version.desc()).limit(1)
    row = (await tx.execute(query)).one_or_none()
    return opened(keys, row) if row is not None else None


async def taken(tx: Tx, record_id: str, since: int) -> tuple[str, datetime] | None:
    """Who said first, after the event ``since``, that they see to what this record alerted, and when."""
    mine = sa.and_(event.c.record_id == record_id, event.c.kind == TAKEN, event.c.id > since)
    row = (await tx.execute(sa.select(event).where(mine).order_by(event.c.id).limit(1))).one_or_none()
    return (row.author_id, row.at) if row is not None else None


async def taken_by(tx: Tx, record_ids: Collection[str]) -> dict[str, list[tuple[int, str, datetime]]]:
    """Who said of each of these records that they see to it: event, user and instant, the first one first."""
    query = sa.select(event).where(among(tx, event.c.record_id, record_ids), event.c.kind == TAKEN).order_by(event.c.id)
    found: dict[str, list[tuple[int, str, datetime]]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.record_id, []).append((row.id, row.author_id, row.at))
    return found


async def instant_of(tx: Tx, event_id: int) -> datetime:
    """When an event happened."""
    at: datetime = (await tx.execute(sa.select(event.c.at).where(event.c.id == event_id))).scalar_one()
    return at


async def any_filed(tx: Tx) -> bool:
    """Whether anything was ever filed here."""
    return await tx.scalar(sa.select(record.c.id).limit(1)) is not None


async def versions(tx: Tx, keys: Keyring, record_id: str) -> list[Record]:
    """Every version of a record, oldest first."""
    rows = await tx.execute(sa.select(record).where(record.c.id == record_id).order_by(record.c.version))
    return [opened(keys, row) for row in rows]


async def versions_of(tx: Tx, keys: Keyring, record_ids: Collection[str]) -> dict[str, list[Record]]:
    """The same of several records, by id."""
    query = sa.select(record).where(among(tx, record.c.id, record_ids)).order_by(record.c.version)
    found: dict[str, list[Record]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.id, []).append(opened(keys, row))
    return found


async def as_known(tx: Tx, keys: Keyring, record_ids: Collection[str], event_id: int | None = None) -> dict[str, Record]:
    """Each record in the version that was current once ``event_id`` had happened; None means now."""
    query = sa.select(record).where(among(tx, record.c.id, record_ids)).order_by(record.c.version)
    if event_id is not None:
        query = query.where(record.c.event_id <= event_id)
    rows = await tx.execute(query)
    return {row.id: opened(keys, row) for row in rows}


async def in_units(
    tx: Tx, keys: Keyring, units: Collection[str], kinds: Collection[str], since: datetime | None = None
) -> list[Record]:
    """The current versions of these kinds in these units, void ones left out, in order of filing.

    With ``since`` those that were recorded at that instant or later.
    """
    newer = record.alias("newer")
    replaced = sa.exists().where(newer.c.id == record.c.id, newer.c.version > record.c.version)
    query = (
        sa.select(record)
        .where(among(tx, record.c.unit_code, units), record.c.kind.in_(list(kinds)), record.c.void.is_(False), ~replaced)
        .order_by(record.c.event_id)
    )
    if since is not None:
        query = query.where(record.c.recorded_at >= since)
    return [opened(keys, row) for row in await tx.execute(query)]


def opened(keys: Keyring, row: Any) -> Record:
    """The record in a row of its table. Raises WrongKey."""
    return Record(
        id=row.id,
        version=row.version,
        kind=row.kind,
        form_version=row.form_version,
        unit=row.unit_code,
        person_id=row.person_id,
        day=row.day,
        body=keys.open_json("record.body", f"{row.id}.{row.version}", row.body),
        recorded_at=row.recorded_at,
        author=row.author_id,
        event=row.event_id,
        void=row.void,
        follows=row.follows,
        legal_basis=row.legal_basis,
        source_case=row.source_case,
    )


@dataclass(frozen=True)
class Report:
    """That a unit has reported: one per unit, data set and window (A2)."""

    unit: str
    data_set: str
    day: date
    record_id: str
    filed_at: datetime
    zero: bool
    kept: bool = False  # its commune kept what was known, since nobody there reported


async def report_of(tx: Tx, unit: str, data_set: str, day: date) -> Report | None:
    key = sa.and_(report.c.unit_code == unit, report.c.data_set == data_set, report.c.day == day)
    row = (await tx.execute(sa.select(report).where(key))).one_or_none()
    return _report(row) if row is not None else None


async def last_report(tx: Tx, unit: str, data_set: str, before: date) -> Report | None:
    """The newest report of a unit for a day before this one."""
    mine = sa.and_(report.c.unit_code == unit, report.c.data_set == data_set, report.c.day < before)
    row = (await tx.execute(sa.select(report).where(mine).order_by(report.c.day.desc()).limit(1))).one_or_none()
    return _report(row) if row is not None else None


async def kept_for(tx: Tx, units: Collection[str], data_set: str, day: date) -> set[str]:
    """Of these units, those whose report of this day keeps what was known before."""
    query = sa.select(report.c.unit_code).where(
        among(tx, report.c.unit_code, units), report.c.data_set == data_set, report.c.day == day, report.c.kept
    )
    return set(await tx.scalars(query))


async def save_report(tx: Tx, new: Report) -> None:
    """Note that a unit has reported; a later version of the same report changes only of which kind it is."""
    values = {
        "unit_code": new.unit,
        "data_set": new.data_set,
        "day": new.day,
        "record_id": new.record_id,
        "filed_at": new.filed_at,
        "zero": new.zero,
        "kept": new.kept,
    }
    await add_new(tx, report, [values])
    key = sa.and_(report.c.unit_code == new.unit, report.c.data_set == new.data_set, report.c.day == new.day)
    await tx.execute(sa.update(report).where(key).values(zero=new.zero, kept=new.kept))


async def forget_report(tx: Tx, record_id: str) -> None:
    """The report was taken back: its village has not reported."""
    await tx.execute(sa.delete(report).where(report.c.record_id == record_id))


async def reports_for(tx: Tx, units: Collection[str], data_set: str, day: date) -> dict[str, Report]:
    """The reports of these units for this day's window, by unit."""
    query = sa.select(report).where(among(tx, report.c.unit_code, units), report.c.data_set == data_set, report.c.day == day)
    return {row.unit_code: _report(row) for row in await tx.execute(query)}


def _report(row: Any) -> Report:
    return Report(row.unit_code, row.data_set, row.day, row.record_id, row.filed_at, row.zero, row.kept)
