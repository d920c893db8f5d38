"""In which stocks a person stands: it follows from all that stands recorded about them, and from nothing else. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from bot.conversation.form import Form
from bot.domain.plans import Filed

NOWHERE: frozenset[str] = frozenset()
F = TypeVar("F", bound=Filed)


def standing(file: Sequence[Filed], forms: Mapping[str, type[Form]]) -> frozenset[str]:
    """The stocks of a person with these records, which are in order of filing. A kind without a form counts nothing."""
    stocks = NOWHERE
    for record in uncancelled(file, forms):
        stocks = forms[record.kind].stands(record.body, stocks)
    return stocks


def uncancelled(file: Sequence[F], forms: Mapping[str, type[Form]]) -> list[F]:
    """The records of this file that hold: of kinds that have a form, without what another record says was never so."""
    off = cancelled(file, forms)
    return [record for record in file if record.kind in forms and record.id not in off]


def cancelled(file: Collection[Filed], forms: Mapping[str, type[Form]]) -> frozenset[str]:
    """The records of which another one that stands says that they were never so."""
    return frozenset(
        record.follows
        for record in file
        if record.follows is not None and record.kind in forms and forms[record.kind].cancels(record.body)
    )
