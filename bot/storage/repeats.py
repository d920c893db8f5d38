"""What somebody else reported too counts once: postings that take a repeated report's flows back, apart from its own.

An event of the kind ``repeated`` belongs to the report that does not count, or counts again; the report's own events post as if
it were the only one. So it can be corrected and taken back, and two persons told apart, and every figure comes out right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from bot.domain.ledger import Entry, change
from bot.storage import records
from bot.storage.database import Tx
from bot.storage.schema import event, posting, record
from bot.storage.sql import among


async def taken_back(tx: Tx, people: Collection[str]) -> dict[str, list[Entry]]:
    """Record about one of these persons -> what is posted now to take its flows back; void records too."""
    total = sa.func.sum(posting.c.n).label("total")
    columns = (event.c.record_id, posting.c.subject, posting.c.unit_code, posting.c.indicator, posting.c.day)
    about = sa.select(record.c.id).where(among(tx, record.c.person_id, people))
    query = (
        sa.select(*columns, total)
        .join(event, event.c.id == posting.c.event_id)
        .where(event.c.kind == records.REPEATED, event.c.record_id.in_(about))
        .group_by(*columns)
        .having(total != 0)
    )
    found: dict[str, list[Entry]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.record_id, []).append(Entry(row.subject, row.unit_code, row.indicator, row.day, int(row.total)))
    return found


async def settle(tx: Tx, posted: Mapping[str, Sequence[Entry]], wanted: Mapping[str, Sequence[Entry]], because: int) -> None:
    """Post what leads from the one to the other, by record; author, unit and instant are those of the event ``because``."""
    cause = (await tx.execute(sa.select(event).where(event.c.id == because))).one()
    for record_id in sorted(posted.keys() | wanted.keys()):
        entries = change(posted.get(record_id, ()), wanted.get(record_id, ()))
        if not entries:
            continue
        values = {
            "kind": records.REPEATED,
            "record_id": record_id,
            "unit_code": cause.unit_code,
            "author_id": cause.author_id,
            "at": cause.at,
        }
        event_id = int((await tx.execute(sa.insert(event).returning(event.c.id), values)).scalar_one())
        await records.post(tx, event_id, entries)
