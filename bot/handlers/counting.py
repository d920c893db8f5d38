"""In which stocks people are counted: it follows from all that stands recorded about them, and from nothing else.

After anything that changes what is known of a person, their stocks are formed anew and the difference is posted. So nobody is
counted twice, a record that is taken back leaves what was before it, and a conversion is no special case.

Flows are counted by their reports. Only when two persons turn out to be one may two reports tell of one event: then the later
one's flows are taken back, on its own window, as if it had been taken back itself; an issued digest stays as it was issued.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from bot.conversation.form import Form
from bot.domain.due import VISIT_FIGURES
from bot.domain.ledger import Entry
from bot.domain.standing import standing
from bot.domain.visit_figures import open_days, settled, window_of_visits
from bot.storage import persons, records, repeats
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.records import Record

Forms = Mapping[str, type[Form]]


async def count_first(tx: Tx, forms: Forms, record: Record, day: date) -> None:
    """The same for the first record about somebody: there is nothing else to read."""
    assert record.person_id is not None
    stocks = sorted(standing([record], forms))
    entries = [Entry(record.person_id, record.unit, stock, day, 1) for stock in stocks]
    entries += settled({record.person_id: (record.unit, [record])}, forms, {}, record.recorded_at)
    await persons.post_stocks(tx, record.event, entries)


def repeating(file: Sequence[Record], forms: Forms) -> list[tuple[Record, Record]]:
    """Reports of a person, each with the earlier one that was filed about their double and tells of the same event.

    Two reports about one known person are two events: whoever filed the second was asked (``handlers.duplicates``).
    """
    found: dict[str, tuple[Record, Record]] = {}
    taken: set[tuple[str, str | None]] = set()  # an event is repeated once by whom it was reported of
    for at, record in enumerate(file):
        for earlier in file[:at]:
            if earlier.kind != record.kind or earlier.person_id == record.person_id or earlier.id in found:
                continue
            form, once = forms.get(record.kind), (earlier.id, record.person_id)
            if form is not None and once not in taken and form.repeats(record.body, earlier.body):
                found[record.id] = record, earlier
                taken.add(once)
                break
    return list(found.values())


async def recount(tx: Tx, keys: Keyring, forms: Forms, people: Collection[str], event_id: int, day: date) -> None:
    """Post what changed in what these people count: stocks on the window of ``day``, flows and visits on their own."""
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
    at = await records.instant_of(tx, event_id)
    everyone = {one: (known[one].unit, files[one]) for one in files if one in known} | {one: ("", []) for one in doubles}
    counted = await persons.flows_of(tx, everyone, VISIT_FIGURES, [window_of_visits(day) for day in open_days(at)])
    entries += settled(everyone, forms, counted, at)
    await persons.post_stocks(tx, event_id, entries)
    posted = await repeats.taken_back(tx, {*people, *doubles})
    wanted = {}
    for file in files.values():
        for record, earlier in repeating(file, forms):
            wanted[record.id] = await _to_take_back(tx, record, earlier)
    await repeats.settle(tx, posted, wanted, event_id)


async def _to_take_back(tx: Tx, record: Record, earlier: Record) -> list[Entry]:
    """All flows of a report, if any of them is counted by the earlier one too: a case that was suspected first is new once."""
    own = await records.counted(tx, record.id, record.person_id)
    theirs = {entry.indicator for entry in await records.counted(tx, earlier.id, earlier.person_id)}
    if not any(entry.indicator in theirs for entry in own):
        return []
    return [Entry(entry.subject, entry.unit, entry.indicator, entry.day, -entry.n) for entry in own]
