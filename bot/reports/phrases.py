"""The small parts that every report is worded with: places, hours, figures with their change, people to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.clock import local, vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.indicators import flows
from bot.domain.phones import show_phone
from bot.domain.units import COMMUNE, DISTRICT, VILLAGE, OrgUnit
from bot.domain.vietnamese import fold
from bot.reports.figures import Figures
from bot.storage.persons import Person

NOTHING = Say("reports.nothing")
HOME = Choice("do:menu", Say("button.menu"))
"""The way back to the menu, below whatever has no other."""


@dataclass(frozen=True)
class Contact:
    """Somebody to call. ``phone`` is E.164, so that a phone makes it a link."""

    name: str
    phone: str | None


Contacts = Mapping[str, Sequence[Contact]]  # by unit code


def place(unit: OrgUnit) -> Say:
    """A unit as it is called there: "Bản Nà Nọi". The label is not said twice if the name has it."""
    if unit.level != VILLAGE or not unit.label or fold(unit.name).startswith(fold(unit.label)):
        return Say("reports.as_written", value=unit.name)
    return Say("reports.label_and_name", label=unit.label[:1].upper() + unit.label[1:], name=unit.name)


def who_is(person: Person) -> str:
    """A person in a word: "Lò Mẫu An, 1985"."""
    name, year = str(person.identity["full_name"]), person.identity.get("birth_year")
    return f"{name}, {year}" if year else name


def places(units: Iterable[OrgUnit], notes: Mapping[str, Say] = MappingProxyType({})) -> list[Say]:
    """Units by name, with the remark about one, by code, behind it."""
    return [
        Say("reports.missing.noted", unit=place(unit), note=notes[unit.code]) if unit.code in notes else place(unit)
        for unit in units
    ]


def told_of(name: str, value: Any) -> Param:
    """One answer that says who somebody is (``domain.person.IDENTITY``), as people read it."""
    if value is None:
        return Say("value.none")
    if name == "sex":
        return Say(f"choice.sex.{value}")
    return show_phone(value) if name == "phone" else str(value)


def labels(units: Iterable[OrgUnit]) -> Say:
    """What these villages are called: "bản", "bản, tiểu khu"; in general where nobody said."""
    counted = Counter(unit.label.lower() for unit in units if unit.level == VILLAGE and unit.label)
    if not counted:
        return Say("reports.villages")
    return Say("reports.labels", labels=", ".join(label for label, _ in counted.most_common()))


def village_labels(figures: Figures) -> Say:
    return labels((*(row.unit for row in figures.rows), *figures.missing))


def level_of(figures: Figures) -> Say:
    """What the parts of a unit are called: communes, districts, or simply units."""
    found = {row.unit.level for row in figures.rows if row.unit.code != figures.unit.code}
    only = found.pop() if len(found) == 1 else ""
    return Say(f"reports.level.{only}" if only in (COMMUNE, DISTRICT) else "reports.level.other")


def instant(moment: datetime) -> Say:
    """08h00 ngày 09/9/2021"""
    here = local(moment)
    return Say("reports.instant", hour=f"{here:%H}", minute=f"{here:%M}", day=here.date())


def clock(moment: datetime) -> Say:
    here = local(moment)
    return Say("reports.clock", hour=f"{here:%H}", minute=f"{here:%M}")


def moment(told: datetime, now: datetime) -> Say:
    """The hour of an instant of today, as ``now`` sees it; of any other day with its date."""
    return clock(told) if vietnam_day(told) == vietnam_day(now) else instant(told)


def change(indicator: str, now: Figures, before: Figures | None) -> Say:
    """ " (+2)"; nothing where there is no change or nothing to compare with."""
    if before is None or indicator not in before.totals:
        return NOTHING
    n = now.totals[indicator] - before.totals[indicator]
    if not n:
        return NOTHING
    return Say("reports.value.up", n=n) if n > 0 else Say("reports.value.down", n=-n)


def value(indicator: str, now: Figures, before: Figures | None = None) -> Say:
    """A figure. What is new in a window for which nobody has reported is not known, which is not the same as 0."""
    n = now.totals[indicator]
    if n == 0 and indicator in flows() and now.silent and now.report_day == now.days.last:
        return Say("reports.value.unknown")
    return Say("reports.value.known", n=n, change=change(indicator, now, before))


def call(contacts: Sequence[Contact]) -> list[Say]:
    return [call_one(contact) for contact in contacts]


def call_one(contact: Contact) -> Say:
    if contact.phone:
        return Say("reports.contact", name=contact.name, phone=contact.phone)
    return Say("reports.contact_without_phone", name=contact.name)
