"""Whoever was reported by little more than a name: contacts that nobody follows yet, and cases of the night."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.conversation.form import unanswered
from bot.conversation.words import Say
from bot.forms import forms
from bot.storage import persons, records
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.persons import Person
from bot.storage.records import Record


@dataclass(frozen=True)
class Incomplete:
    """A record with questions that were never asked, about somebody who is still what it says."""

    record: Record
    person: Person
    missing: tuple[str, ...]  # the questions, in their order


async def to_complete(tx: Tx, keys: Keyring, units: Collection[str]) -> list[Incomplete]:
    """What is incomplete in these units, in order of filing.

    A contact who tested positive is no contact to complete, nor is a suspicion that was settled. What an older version of
    the form did not ask is not missing.
    """
    kinds = {name: form for name, form in forms().items() if form.partial}
    missing: list[tuple[Record, str, tuple[str, ...]]] = []
    for one in await records.in_units(tx, keys, units, kinds):
        form = kinds[one.kind]
        asked = tuple(step.name for step in unanswered(form, one.body))
        if asked and one.form_version == form.version and one.person_id is not None:
            missing.append((one, await persons.kept_for(tx, one.person_id), asked))
    known = await persons.of_ids(tx, keys, {person for _, person, _ in missing})
    standing = await persons.in_stocks(tx, known)
    return [
        Incomplete(one, known[person], asked)
        for one, person, asked in missing
        if kinds[one.kind].stands(one.body, frozenset()) & {stock for _, stock in standing[person]}
    ]


def counts(found: Sequence[Incomplete]) -> list[Say]:
    """How many of each kind: "2 người F1", "1 ca F0"."""
    kinds = [one.record.kind for one in found]
    return [Say(f"complete.count.{kind}", n=kinds.count(kind)) for kind in sorted(set(kinds))]
