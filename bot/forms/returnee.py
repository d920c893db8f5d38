"""Somebody came back from elsewhere (``travel_entry``, A3): an entity of its own, not a contact without a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window, vietnam_day
from bot.conversation.draft import Answers
from bot.conversation.form import Ask, Form
from bot.domain.answers import BirthYear, PastDate, PersonName, Phone, PlaceName
from bot.domain.person import Doses, QuarantineType, Sex, Transport

ISOLATED = (QuarantineType.HOME, QuarantineType.INSTITUTIONAL, QuarantineType.HOTEL, QuarantineType.HOSPITAL)


def _has_dose(answers: Answers) -> bool:
    return answers.get("doses") in ("1", "2", "3")


def _isolates(answers: Answers) -> bool:
    return answers.get("quarantine_type") in ISOLATED


class Returnee(Form):
    """Place and start of the isolation are asked; its end follows from the dated rules."""

    name: ClassVar[str] = "returnee"
    place: ClassVar[int] = 20
    menu: ClassVar[str] = "people"
    shared: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "household": (
            "household",
            "came_from",
            "arrived_on",
            "transport",
            "health_declared",
            "quarantine_type",
            "quarantine_from",
        ),
        "vehicle": ("came_from", "arrived_on", "transport", "health_declared", "quarantine_type", "quarantine_from"),
    }

    full_name: Annotated[PersonName, Ask()]
    birth_year: Annotated[BirthYear, Ask()]
    sex: Annotated[Sex, Ask()]
    phone: Annotated[Phone | None, Ask()] = None
    household: Annotated[PersonName | None, Ask()] = None
    came_from: Annotated[PlaceName, Ask(offer=("hcmc", "binh_duong", "dong_nai", "ha_noi"))]
    arrived_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    transport: Annotated[Transport, Ask()]
    doses: Annotated[Doses, Ask()]
    last_dose_on: Annotated[PastDate | None, Ask(when=_has_dose, skip=True)] = None
    health_declared: Annotated[bool, Ask()]
    quarantine_type: Annotated[QuarantineType, Ask()]
    quarantine_from: Annotated[PastDate | None, Ask(when=_isolates, offer=("today", "yesterday"))] = None

    def entries(self, window: Window) -> Mapping[str, int]:
        counted = {"returnees_new": 1, "returnees_total": 1}
        if self.arrived_on < vietnam_day(window.start):
            counted["returnees_before_window"] = 1
        if self.quarantine_type is QuarantineType.HOME:
            counted["quarantine_home"] = 1
        elif self.quarantine_type in ISOLATED:
            counted["quarantine_institutional"] = 1
        return counted
