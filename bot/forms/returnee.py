"""Somebody came back from elsewhere (``travel_entry``, A3): an entity of its own, not a contact without a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from bot.clock import Window, vietnam_day
from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import BirthYear, PastDate, PersonName, Phone, PlaceName
from bot.domain.dates import near
from bot.domain.person import ISOLATED, QUARANTINE, Doses, QuarantineType, Sex, Transport, quarantine_stock
from bot.domain.plan_words import foreseen, place_differs
from bot.domain.vaccine import dose_doubts

SAME_JOURNEY = 7  # days: what two reporters remember of one arrival lies no further apart


def _has_dose(answers: Answers) -> bool:
    return answers.get("doses") in ("1", "2", "3")


def _isolates(answers: Answers) -> bool:
    return answers.get("quarantine_type") in ISOLATED


class Returnee(Form):
    """Place and start of the isolation are asked; its end follows from the dated rules."""

    name: ClassVar[str] = "returnee"
    place: ClassVar[int] = 20
    menu: ClassVar[str] = "people"
    builds_on: ClassVar[tuple[str, ...]] = ("absence",)
    shows: ClassVar[tuple[str, ...]] = ("came_from", "arrived_on", "quarantine_type")
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

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return [*dose_doubts(answers, facts), *place_differs(cls.name, answers, facts)]

    @classmethod
    def foresees(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return foreseen(cls.name, answers, facts)

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"returnees_new": 1, "returnees_before_window": int(self.arrived_on < vietnam_day(window.start))}

    @classmethod
    def repeats(cls, answers: Answers, earlier: Answers) -> bool:
        return near(answers.get("arrived_on"), earlier.get("arrived_on"), SAME_JOURNEY)

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return "away_not_returned" in stocks

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        after = (before - QUARANTINE) | {"returnees_total"}
        if "away_not_returned" in before:
            after = (after - {"away_not_returned"}) | {"away_returned"}
        if before & {"f0_under_treatment", "f0_deceased"}:
            return after  # who is treated is isolated for that and for nothing else
        return after | quarantine_stock(answers.get("quarantine_type"))
