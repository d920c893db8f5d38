"""A visit to somebody who isolates at home (R35): were they there, how are they. A case's blood and breath are measured too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from bot.clock import local, vietnam_day
from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.domain.answers import LongText, PastDate
from bot.domain.dates import show_date
from bot.domain.due import CATEGORY, VISIT, still_open
from bot.domain.follow_up import VisitStatus
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.isolation_rules import Category
from bot.domain.person import QUARANTINE
from bot.domain.plans import ROLES
from bot.domain.vitals import Breathing, SpO2, Temperature


class VisitSlot(StrEnum):
    """Which visit of its day: the only one, or a case's first or second (``rules/follow_up.toml``)."""

    DAY = "day"
    MORNING = "morning"
    AFTERNOON = "afternoon"


def slot_now(category: Category, now: Json) -> str:
    """The visit of the day that is due at this instant: the first whose hours are not over, else the last."""
    slots = follow_up_rules().slots(category)
    clock = local(datetime.fromisoformat(now)).time()
    return next((one.slot for one in slots if clock < one.closes), slots[-1].slot)


def _may_be_entered(value: date, info: ValidationInfo) -> date:
    today = (info.context or {})["today"]
    if not still_open(value, today):
        raise PydanticCustomError("visit_day_lost", "too late for this day", {"today": show_date(today)})
    return value


def _met(answers: Answers) -> bool:
    return answers.get("visit_status") == VisitStatus.COOPERATIVE


def _met_a_case(answers: Answers) -> bool:
    return _met(answers) and answers.get("slot") != VisitSlot.DAY


class Visit(Form):
    """It counts once for its visit of the day, however often it is recorded: the figures follow from the person's file."""

    name: ClassVar[str] = VISIT
    place: ClassVar[int] = 50
    builds_on: ClassVar[tuple[str, ...]] = ROLES
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("visit_status", "temperature", "symptoms", "spo2", "breathing")

    visited_on: Annotated[PastDate, AfterValidator(_may_be_entered), Ask(offer=("today", "yesterday"))]
    slot: Annotated[VisitSlot, Ask()]
    visit_status: Annotated[VisitStatus, Ask()]
    temperature: Annotated[Temperature | None, Ask(when=_met, skip=True)] = None
    symptoms: Annotated[LongText | None, Ask(when=_met, skip=True, offer=("cough", "fever", "sore_throat", "breathless"))] = (
        None
    )
    spo2: Annotated[SpO2 | None, Ask(when=_met_a_case, skip=True)] = None
    breathing: Annotated[Breathing | None, Ask(when=_met_a_case, skip=True)] = None
    visitors: Annotated[bool | None, Ask(when=_met, skip=True)] = None
    note: Annotated[LongText | None, Ask()] = None

    @classmethod
    def prefill(cls, facts: Mapping[str, Json]) -> Answers:
        """Opened from a person's card: the visit that is due now."""
        if "role" not in facts:
            return {}
        now = facts["now"]
        return {
            "visited_on": vietnam_day(datetime.fromisoformat(now)).isoformat(),
            "slot": slot_now(CATEGORY[facts["role"]], now),
        }

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & (QUARANTINE | {"f0_under_treatment"}))
