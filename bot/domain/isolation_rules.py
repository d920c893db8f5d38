"""The dated rules of isolation as data: read from a file, overridden by a province's file, looked up by day.

A file holds ``[areas.<key>]`` tables and one ``[[rule]]`` a row; ``rules/isolation.toml`` explains every key. What is wrong in
a file is a ``ValueError`` that names the row and the key.
"""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.person import Doses, QuarantineType

Days = Annotated[int, Field(ge=0, le=60)]
Months = Annotated[int, Field(ge=1, le=24)]


class Category(StrEnum):
    RETURNEE = "returnee"
    CONTACT = "contact"
    CASE = "case"  # F0 cared for at home


class Risk(StrEnum):
    """The level published for a place (QĐ 2686/QĐ-BCĐQG): xanh, vàng, cam, đỏ."""

    NEW_NORMAL = "new_normal"
    RISK = "risk"
    HIGH = "high"
    VERY_HIGH = "very_high"


@dataclass(frozen=True)
class Facts:
    """What is known of a person; None and ``Doses.UNKNOWN`` mean that nobody has said.

    ``recovered``: from COVID-19, before day 0. ``province``, ``epidemic`` and ``risk`` speak of where a returnee came from: the
    province's code, whether an official has called the place an epidemic area, and the level published for it.
    """

    doses: Doses = Doses.UNKNOWN
    last_dose_on: date | None = None
    recovered: bool | None = None
    recovered_on: date | None = None
    province: str | None = None
    epidemic: bool | None = None
    risk: Risk | None = None


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Area(_Row):
    """Places that a document speaks of: provinces by code, places an official declared, or places of some risk levels."""

    provinces: frozenset[str] = frozenset()
    declared: bool = False
    risks: frozenset[Risk] = frozenset()

    def covers(self, facts: Facts) -> bool:
        return facts.province in self.provinces or (self.declared and facts.epidemic is True) or facts.risk in self.risks


class When(_Row):
    """Whom a row is for: vaccinated so, or recovered so. Left-out limits are no limits; see the data file."""

    doses: Annotated[int, Field(ge=1, le=3)]
    dose_days: Days = 0
    dose_months: Months | None = None
    recovered_months: Months | None = None

    def fits(self, facts: Facts, day0: date) -> bool:
        return self._vaccinated(facts, day0) or self._recovered(facts, day0)

    def _vaccinated(self, facts: Facts, day0: date) -> bool:
        if facts.doses is Doses.UNKNOWN or int(facts.doses) < self.doses:
            return False
        if not self.dose_days and self.dose_months is None:
            return True
        if facts.last_dose_on is None or (day0 - facts.last_dose_on).days < self.dose_days:
            return False
        return self.dose_months is None or day0 <= months_after(facts.last_dose_on, self.dose_months)

    def _recovered(self, facts: Facts, day0: date) -> bool:
        if self.recovered_months is None or facts.recovered is not True or facts.recovered_on is None:
            return False
        return facts.recovered_on <= day0 <= months_after(facts.recovered_on, self.recovered_months)


class Rule(_Row):
    """One row. Days are counted from day 0, which is day number 0; see ``isolation``."""

    id: str
    category: Category
    area: str | None = None
    source: str
    issued: date
    valid_from: date
    when: When | None = None
    isolate_days: Days
    places: tuple[QuarantineType, ...]
    monitor_days: Days
    test_days: tuple[Days, ...]
    tests_if_symptoms: bool = False
    needs_negative: bool = False
    without_negative_days: Days | None = None
    verified: bool

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if bool(self.places) != bool(self.isolate_days):
            raise ValueError(f"{self.id}: places are given where and only where there is isolation")
        if QuarantineType.SELF_MONITORING in self.places:
            raise ValueError(f"{self.id}: self_monitoring is no isolation")
        if self.without_negative_days is not None and not self.isolate_days <= self.without_negative_days:
            raise ValueError(f"{self.id}: without_negative_days is before the end of isolation")
        if self.without_negative_days is not None and not self.needs_negative:
            raise ValueError(f"{self.id}: without_negative_days needs needs_negative")
        if list(self.test_days) != sorted(set(self.test_days)):
            raise ValueError(f"{self.id}: test_days are not in order")
        return self

    @property
    def document(self) -> tuple[date, str]:
        return self.valid_from, self.source

    @property
    def strictness(self) -> tuple[float, int, int]:
        """For comparing rows: how long somebody stays in at most, then how long they are watched, then how often tested."""
        longest = self.without_negative_days or (float("inf") if self.needs_negative else self.isolate_days)
        return longest, self.monitor_days, len(self.test_days)


class Rules(_Row):
    """A rule table: rows of one document stand in the order in which they are tried."""

    areas: Mapping[str, Area] = Field(default_factory=dict)
    rule: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        ids = [rule.id for rule in self.rule]
        if twice := {name for name in ids if ids.count(name) > 1}:
            raise ValueError(f"rules given twice: {', '.join(sorted(twice))}")
        return self

    def in_force(self, category: Category, day0: date) -> tuple[Rule, ...]:
        """Rows of a category that had begun on ``day0``, those of the newest document first."""
        begun = [rule for rule in self.rule if rule.category is category and rule.valid_from <= day0]
        return tuple(sorted(begun, key=lambda rule: rule.valid_from, reverse=True))

    def covers(self, rule: Rule, facts: Facts) -> bool:
        return rule.area is None or self.areas[rule.area].covers(facts)

    def provinces(self) -> frozenset[str]:
        """All that some area names."""
        return frozenset().union(*(area.provinces for area in self.areas.values()))


def parse(text: str) -> Rules:
    """A file's rules. Areas of a province's file may be those of the national one, so they are checked by ``overridden``."""
    return Rules.model_validate(tomllib.loads(text))


def overridden(rules: Rules, province: Rules) -> Rules:
    """``rules`` as a province applies them: its areas and rows replace those of the same name, its other rows are added.

    Of two documents in force since the same day, the province's is tried first. Raises ValueError for a row whose area
    neither file knows.
    """
    own = {rule.id: rule for rule in province.rule}
    known = {rule.id for rule in rules.rule}
    added = tuple(rule for rule in province.rule if rule.id not in known)
    replaced = tuple(own.get(rule.id, rule) for rule in rules.rule)
    return _whole(Rules(areas={**rules.areas, **province.areas}, rule=added + replaced))


def _whole(rules: Rules) -> Rules:
    for rule in rules.rule:
        if rule.area is not None and rule.area not in rules.areas:
            raise ValueError(f"{rule.id}: there is no area {rule.area}")
    return rules


@cache
def national() -> Rules:
    """The Ministry of Health's rules, as far as they are known here."""
    return _whole(parse((Path(__file__).parent / "rules" / "isolation.toml").read_text(encoding="utf-8")))


@cache
def rules_here(override: str = "") -> Rules:
    """The rules of this installation: the national ones with a province's file laid over them, if there is one.

    Read once. Raises OSError if the file cannot be read, ValueError naming the row and the key if it is wrong.
    """
    if not override:
        return national()
    return overridden(national(), parse(Path(override).read_text(encoding="utf-8")))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day: 31/8 and 6 months is 28/2.

    So a period of months ends under the Civil Code of 2015, article 148.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
