"""What the commune decides about somebody's isolation: where no rule decides, or otherwise than it, with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import AnyDate, Dates, LongText
from bot.domain.isolation import Plan
from bot.domain.person import ISOLATED, QuarantineType
from bot.domain.plan_words import plan_lines
from bot.domain.plans import ROLES, Planned, from_json, ordered


def _isolates(answers: Answers) -> bool:
    return answers.get("isolate_at") in ISOLATED


def _planned(facts: Mapping[str, Json]) -> Planned | None:
    return from_json(facts["planned"]) if facts.get("planned") else None


class Order(Form):
    """Left out, watching one's health and the tests follow the rule, as far as there is one."""

    name: ClassVar[str] = "order"
    place: ClassVar[int] = 47
    needs: ClassVar[str] = "decide"
    builds_on: ClassVar[tuple[str, ...]] = ROLES
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("isolate_at", "isolate_until", "reason")

    isolate_at: Annotated[QuarantineType, Ask()]
    isolate_until: Annotated[AnyDate | None, Ask(when=_isolates)] = None
    monitor_until: Annotated[AnyDate | None, Ask()] = None
    tests: Annotated[Dates | None, Ask()] = None
    reason: Annotated[LongText | None, Ask(skip=False)] = None

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        planned = _planned(facts)
        if planned is None or _found(planned, answers, facts) is not None:
            return []
        return [Say("form.order.impossible", day0=planned.given.day0)]

    @classmethod
    def foresees(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        planned = _planned(facts)
        found = _found(planned, answers, facts) if planned is not None else None
        return [Say("plan.foreseen"), *plan_lines(found)] if found is not None else []


def _found(planned: Planned, answers: Answers, facts: Mapping[str, Json]) -> Plan | None:
    return ordered(planned.given, planned.rule, answers, date.fromisoformat(facts["today"]))
