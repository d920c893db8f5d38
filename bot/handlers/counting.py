"""In which stocks people are counted: it follows from all that stands recorded about them, and from nothing else.

After anything that changes what is known of a person, their stocks are formed anew and the difference is posted. So nobody is
counted twice, a record that is taken back leaves what was before it, and a conversion is no special case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from bot.conversation.form import Form
from bot.domain.ledger import Entry
from bot.storage import persons
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.records import Record

NOWHERE: frozenset[str] = frozenset()


def standing(file: Sequence[Record], forms: Mapping[str, type[Form]]) -> frozenset[str]:
    """The stocks of a person with these records, which are in order of filing. A kind without a form counts nothing."""
    stocks = NOWHERE
    for record in uncancelled(file, forms):
        stocks = forms[record.kind].stands(record.body, stocks)
    return stocks


def uncancelled(file: Sequence[Record], forms: Mapping[str, type[Form]]) -> list[Record]:
    """The records of this file that hold: of kinds that have a form, without what another record says was never so."""
    off = cancelled(file, forms)
    return [record for record in file if record.kind in forms and record.id not in off]


def cancelled(file: Sequence[Record], forms: Mapping[str, type[Form]]) -> frozenset[str]:
    """The records of which another one that stands says that they were never so."""
    return frozenset(
        record.follows
        for record in file
        if record.follows is not None and record.kind in forms and forms[record.kind].cancels(record.body)
    )


async def count_first(tx: Tx, forms: Mapping[str, type[Form]], record: Record, day: date) -> None:
    """The same for the first record about somebody: there is nothing else to read."""
    assert record.person_id is not None
    stocks = sorted(standing([record], forms))
    entries = [Entry(record.person_id, record.unit, stock, day, 1) for stock in stocks]
    await persons.post_stocks(tx, record.event, entries)


async def recount(
    tx: Tx, keys: Keyring, forms: Mapping[str, type[Form]], people: Collection[str], event_id: int, day: date
) -> None:
    """Post, on the window of ``day``, what changed in the stocks of these people."""
    known = await persons.of_ids(tx, keys, people)
    files = await persons.files(tx, keys, people)
    doubles = set(await persons.doubles_of(tx, people))
    stood = await persons.in_stocks(tx, {*people, *doubles})
    entries = []
    for one in (*people, *sorted(doubles)):
        now = {(known[one].unit, stock): 1 for stock in standing(files[one], forms)} if one in known else {}
        before = stood[one]
        entries += [
            Entry(one, unit, stock, day, change)
            for unit, stock in sorted(now.keys() | before.keys())
            if (change := now.get((unit, stock), 0) - before.get((unit, stock), 0))
        ]
    await persons.post_stocks(tx, event_id, entries)
