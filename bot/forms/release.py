"""An isolation is over: somebody says so, by one tap from the countdown or from the person's card. Never a date alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from bot.clock import Window
from bot.conversation.draft import Answers, Json
from bot.conversation.form import Ask, Form
from bot.conversation.words import Say
from bot.domain.answers import AnyDate, LongText, PastDate
from bot.domain.countdown import missing_tests
from bot.domain.isolation import Plan, released_on
from bot.domain.person import FOLLOWED_CONTACT, QUARANTINE
from bot.domain.plans import from_json


def next_phase(answers: Answers) -> Say:
    """ "Hoàn thành cách ly ngày …; chuyển sang tự theo dõi sức khỏe n ngày." """
    last = date.fromisoformat(answers["released_on"])
    until = answers.get("monitor_until")
    if until is None:
        return Say("release.done", day=last)
    days = (date.fromisoformat(until) - last).days
    return Say("release.done_monitoring", day=last, n=days, until=date.fromisoformat(until))


class Release(Form):
    """``released_on`` is the last day of isolation. A contact watches their health until ``monitor_until``, if there is one."""

    name: ClassVar[str] = "release"
    place: ClassVar[int] = 53
    builds_on: ClassVar[tuple[str, ...]] = ("returnee", "contact")
    alone: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("released_on", "monitor_until")

    released_on: Annotated[PastDate, Ask(offer=("today", "yesterday"))]
    monitor_until: Annotated[AnyDate | None, Ask()] = None
    note: Annotated[LongText | None, Ask()] = None

    def entries(self, window: Window) -> Mapping[str, int]:
        return {"quarantine_finished": 1}

    @classmethod
    def prefill(cls, facts: Mapping[str, Json]) -> Answers:
        """What the plan says, if its isolation is over or ends today."""
        plan = _plan(facts)
        end = released_on(plan, _days(facts, "negatives")) if plan is not None else None
        if plan is None or end is None or end.isoformat() > facts["today"]:
            return {}
        until = plan.monitor_until
        return {"released_on": end.isoformat(), "monitor_until": until.isoformat() if until else None, "note": None}

    @classmethod
    def check(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        """Before its time, or with tests that were not taken: said, and left to whoever releases."""
        plan, last = _plan(facts), date.fromisoformat(answers["released_on"])
        if plan is None:
            return []
        found = []
        end = released_on(plan, _days(facts, "negatives"))
        if plan.isolate_until is not None and (end is None or last < end):
            found.append(Say("release.early", until=end or plan.isolate_until))
        if tests := missing_tests(plan, _days(facts, "sampled"), last):
            found.append(Say("release.untested", days=[Say("countdown.day", n=number) for number in tests]))
        return found

    @classmethod
    def foresees(cls, answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
        return [next_phase(answers)]

    @classmethod
    def carries(cls, kind: str) -> frozenset[str]:
        return frozenset()

    @classmethod
    def possible(cls, stocks: frozenset[str]) -> bool:
        return bool(stocks & QUARANTINE)

    @classmethod
    def stands(cls, answers: Answers, before: frozenset[str]) -> frozenset[str]:
        after = before - QUARANTINE
        return after if answers.get("monitor_until") else after - FOLLOWED_CONTACT


def _plan(facts: Mapping[str, Json]) -> Plan | None:
    return from_json(facts["planned"]).plan if facts.get("planned") else None


def _days(facts: Mapping[str, Json], name: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in facts.get(name, ()))
