"""Who told what and when: of each record its first version, and how often it was corrected since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Tx
from bot.storage.records import CORRECTED
from bot.storage.schema import event, record
from bot.storage.sql import among


@dataclass(frozen=True)
class Told:
    """``by`` and ``at`` are of the first version; ``changed_*`` of the newest correction, if there is one."""

    by: str | None
    at: datetime
    corrections: int = 0
    changed_by: str | None = None
    changed_at: datetime | None = None


async def told(tx: Tx, record_ids: Collection[str]) -> dict[str, Told]:
    """Of each of these records. That a person came under another village is no correction."""
    query = (
        sa.select(record.c.id, record.c.author_id, record.c.recorded_at, event.c.kind)
        .join(event, event.c.id == record.c.event_id)
        .where(among(tx, record.c.id, record_ids))
        .order_by(record.c.version)
    )
    found: dict[str, Told] = {}
    for row in await tx.execute(query):
        first = found.setdefault(row.id, Told(row.author_id, row.recorded_at))
        if row.kind == CORRECTED:
            changed = replace(first, corrections=first.corrections + 1, changed_by=row.author_id, changed_at=row.recorded_at)
            found[row.id] = changed
    return found
