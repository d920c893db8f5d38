"""How people are followed, as data: ``rules/follow_up.toml`` explains every key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.access import Role
from bot.domain.isolation_rules import Category


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Vital(_Row):
    """Something measured. Limits are exact decimals: 37.5 is an alarm, 37.4 is none."""

    lowest: Decimal
    highest: Decimal
    comma_lost: bool = False
    cases_only: bool = False
    alarm_from: Decimal | None = None
    alarm_above: Decimal | None = None
    alarm_below: Decimal | None = None
    source: str
    verified: bool


class Step(_Row):
    """Whom a visit that was not made climbs to, and when on its day in Vietnam."""

    to: Role
    at: time


class Slot(_Row):
    """A visit that is due once on each day of home isolation of these categories, between two hours in Vietnam."""

    categories: frozenset[Category]
    slot: str
    opens: time
    closes: time
    climbs: tuple[Step, ...]
    source: str
    verified: bool

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"{self.slot}: closes before it opens")
        if any(step.at < self.closes for step in self.climbs):
            raise ValueError(f"{self.slot}: climbs before it closes")
        return self


class HomeCare(_Row):
    source: str
    valid_from: date
    verified: bool
    breathing_at_most: Decimal
    spo2_at_least: Decimal
    dose_days: int
    age_from: int
    age_to: int


class FollowUpRules(_Row):
    enter_late_days: Annotated[int, Field(ge=0, le=7)]
    vital: Mapping[str, Vital]
    visit: tuple[Slot, ...]
    home_care: HomeCare

    def slots(self, category: Category) -> tuple[Slot, ...]:
        """The visits of one day, in their order."""
        return tuple(sorted((slot for slot in self.visit if category in slot.categories), key=lambda slot: slot.opens))


def parse(text: str) -> FollowUpRules:
    """A whole file. Raises ValueError naming the key."""
    return FollowUpRules.model_validate(tomllib.loads(text, parse_float=Decimal))


@cache
def follow_up_rules() -> FollowUpRules:
    return parse((Path(__file__).parent / "rules" / "follow_up.toml").read_text(encoding="utf-8"))
