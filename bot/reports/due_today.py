"""What is due today about whom, in words, in one place: everything that puts a person at the top of a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.clock import vietnam_day
from bot.conversation.form import label
from bot.conversation.words import Say
from bot.domain.due import Due, What, due
from bot.domain.plans import current
from bot.forms import forms
from bot.reports.supervision import watched_in
from bot.reports.to_complete import to_complete
from bot.storage.crypto import Keyring
from bot.storage.database import Tx

InWords = Mapping[str, Sequence[Say]]  # by person


async def due_today(tx: Tx, keys: Keyring, units: Collection[str], now: datetime, decides: bool) -> InWords:
    """Visits, tests and ends of ``domain.due``, what nobody asked yet, and for whoever ``decides`` what waits for them."""
    found: dict[str, list[Say]] = {}
    watched = await watched_in(tx, keys, units, now)
    for one in due(vietnam_day(now), {key: who.file for key, who in watched.items()}, forms()):
        if not one.done:
            found.setdefault(one.person, []).append(_said(one))
    for key, who in watched.items() if decides else ():
        if (planned := current(who.file)) is not None and planned[1].waiting:
            found.setdefault(key, []).append(Say("due.decision"))
    for lacking in await to_complete(tx, keys, units):
        missing = [label(forms()[lacking.record.kind], name) for name in lacking.missing]
        found.setdefault(lacking.person.id, []).append(Say("due.incomplete", missing=missing))
    return found


def _said(one: Due) -> Say:
    match one.what:
        case What.VISIT:
            return Say("due.visit", slot=Say(f"visits.slot.{one.slot}"))
        case What.TEST:
            return Say("due.test", number=one.number or 0)
        case What.RELEASE | What.CLOSE:
            return Say(f"due.{one.what}", day=one.day)
