"""What a reader is told about who answers for figures: of the unit itself, and of the communes of which it is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.conversation.words import Say
from bot.domain.access import ANSWERABLE, RoleAt
from bot.domain.signing import Mark, Marks, Means, Step, of_version
from bot.domain.units import COMMUNE, OrgUnit, Tree
from bot.reports.changes import change_lines
from bot.reports.figures import Figures
from bot.reports.phrases import moment, places
from bot.storage import digests, people, sign_offs
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.people import Who


def fingerprint(figures: Figures) -> str:
    """Six characters that change with any figure, and with which villages have reported; not with the hour of reading."""
    seen = {key: value for key, value in figures.to_json().items() if key not in ("as_of", "seq")}
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:6]


@dataclass(frozen=True)
class SignedOff:
    """Of one version of a unit's figures: its ``marks``, and ``who`` they name, by user. Of the unit's communes: how many there
    are, and those whose newest figures nobody approved."""

    unit: OrgUnit
    marks: Marks
    who: Mapping[str, Who] = field(default_factory=dict)
    communes: int = 0
    unapproved: tuple[OrgUnit, ...] = ()

    def lines(self, now: datetime) -> list[Say]:
        """Who approved it, and the steps of its paper; above communes, which of them have not approved theirs."""
        lines = [self._approval(now)]
        lines += [self._step(step, self.marks[step], now) for step in (Step.SIGNED, Step.SENT) if step in self.marks]
        if (signed := self.marks.get(Step.SIGNED)) is not None and signed.scan:
            lines.append(Say("signing.scanned", n=len(signed.scan.split())))
        if self.communes:
            lines.append(self._communes())
        return lines

    def _approval(self, now: datetime) -> Say:
        if (mark := self.marks.get(Step.APPROVED)) is not None:
            key = "signing.approved" if mark.means is Means.APP else "signing.approved_by_phone"
            return Say(
                key, name=self._name(mark.whose), role=self._role(mark.whose), at=moment(mark.at, now), by=self._name(mark.by)
            )
        if (mark := self.marks.get(Step.REVIEWED)) is not None:
            return Say("signing.only_reviewed", name=self._name(mark.by), at=moment(mark.at, now))
        return Say("signing.not_approved")

    def _step(self, step: Step, mark: Mark, now: datetime) -> Say:
        return Say(f"signing.{step}", at=moment(mark.at, now), name=self._name(mark.by), number=mark.number or "–")

    def _communes(self) -> Say:
        done = self.communes - len(self.unapproved)
        if not self.unapproved:
            return Say("signing.all_communes", n=self.communes)
        return Say("signing.communes", a=done, b=self.communes, missing=places(self.unapproved))

    def _name(self, user: str) -> str:
        return self.who[user].name if user in self.who else "–"

    def _role(self, user: str) -> Say:
        held = self.who[user].roles if user in self.who else ()
        own = [one for one in held if one.unit == self.unit.code]
        return Say(f"role.{_first(own)}") if own else Say("reports.nothing")


def _first(held: list[RoleAt]) -> str:
    """The role in which somebody answers for figures, if they have one."""
    return next((one.role for one in held if one.role in ANSWERABLE), held[0].role).value


def changed_since(was: Figures, now: Figures) -> list[Say]:
    """What became known after a version was frozen; nothing if it still says what is known."""
    return [] if fingerprint(was) == fingerprint(now) else [Say("signing.changed_since"), *change_lines(was, now)[1:]]


async def signed_off(tx: Tx, keys: Keyring, tree: Tree, unit: str, kind: str, day: date, version: int) -> SignedOff:
    """Of this version of a unit's digest; of its communes, their newest."""
    communes = [one for one in tree.at_level(unit, COMMUNE) if one.code != unit]
    marks = await sign_offs.of_units(tx, [unit, *(one.code for one in communes)], kind, day)
    own = of_version(marks.get(unit, ()), version)
    newest = await digests.newest(tx, [one.code for one in communes], kind, day)
    unapproved = tuple(
        one for one in communes if Step.APPROVED not in of_version(marks.get(one.code, ()), newest.get(one.code, 1))
    )
    named = {user for mark in own.values() for user in (mark.by, mark.whose)}
    who = {one.id: one for one in await people.of_users(tx, keys, named)}
    return SignedOff(tree[unit], own, who, len(communes), unapproved)
