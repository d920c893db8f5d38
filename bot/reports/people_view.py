"""The people of a village or commune as they are listed on screen: what is due today first, then by given name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.filters import Condition, Known, at_first_sight, decoded, meets, needs_answers
from bot.domain.person import FOLLOWED_CONTACT, QUARANTINE, SUSPECTED_CASE
from bot.domain.standing import uncancelled
from bot.domain.vietnamese import given_name_key
from bot.forms import forms
from bot.reports.due_today import InWords, due_today
from bot.storage import persons
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.persons import Person
from bot.storage.records import Record

ALL, DUE = "all", "due"
GROUPS: Mapping[str, frozenset[str]] = {
    "returnee": frozenset({"returnees_total"}),
    "away": frozenset({"away_not_returned"}),
    "contact": FOLLOWED_CONTACT,
    "case": SUSPECTED_CASE | {"f0_under_treatment"},
    "isolated": QUARANTINE,
    "support": frozenset({"support_open"}),
}
"""What a list can be narrowed to: whoever is counted in one of these stocks, so that a list is as long as its figure."""


@dataclass(frozen=True)
class Folk:
    """``people`` in the order in which they are listed; ``stocks`` and ``due`` by person."""

    people: Sequence[Person]
    stocks: Mapping[str, frozenset[str]]
    due: InWords

    def of(self, group: str) -> list[Person]:
        if group == DUE:
            return [one for one in self.people if one.id in self.due]
        return [one for one in self.people if group == ALL or self.stocks[one.id] & GROUPS[group]]


async def folk(tx: Tx, keys: Keyring, units: Collection[str], now: datetime, decides: bool) -> Folk:
    """Everybody in these units about whom something stands recorded; ``decides``: for somebody who decides about isolation."""
    people = await persons.in_units(tx, keys, units)
    stood = await persons.in_stocks(tx, [one.id for one in people])
    due = await due_today(tx, keys, units, now, decides)
    people.sort(key=lambda one: (one.id not in due, given_name_key(str(one.identity["full_name"])), one.id))
    return Folk(people, {key: frozenset(stock for _, stock in found) for key, found in stood.items()}, due)


async def narrowed(tx: Tx, keys: Keyring, seen: Folk, what: str) -> list[Person]:
    """Those of the people whom a group's name or a coded filter means; everybody for anything else."""
    if what == DUE or what in GROUPS:
        return seen.of(what)
    conditions = decoded(what)
    return seen.of(ALL) if conditions is None else await _filtered(tx, keys, seen, conditions)


async def _filtered(tx: Tx, keys: Keyring, seen: Folk, conditions: Sequence[Condition]) -> list[Person]:
    """Reports are read only of those who may be meant by what is known without them."""
    likely = [one for one in seen.people if meets(_known(seen, one, ()), at_first_sight(conditions))]
    if not needs_answers(conditions):
        return likely
    files = await persons.files(tx, keys, [one.id for one in likely])
    return [one for one in likely if meets(_known(seen, one, files[one.id]), conditions)]


def _known(seen: Folk, one: Person, file: Sequence[Record]) -> Known:
    answers: dict[str, Mapping[str, Any]] = {}
    for record in uncancelled(file, forms()):
        answers.pop(record.kind, None)
        answers[record.kind] = record.body
    return Known(one.unit, seen.stocks[one.id], one.identity, answers)
