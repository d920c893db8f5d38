"""Until when somebody isolates, watches their health, and when they are tested. Pure: facts and rules in, dates out.

**Counting.** Day 0 is the day of last exposure (contact), of arrival (returnee) or of the positive test (case). It is not
counted: day n is day 0 plus n days, and an isolation of n days ends with the end of day n. Fourteen days from 8/9 are over
when 22/9 is over: on day 13 and on day 14 the person stays in, on day 15 they are free. Two reasons: the Civil Code of 2015
counts so (article 147: the day of the event is not counted; article 148: a period ends with the end of its last day), and the
rules test on their last day (1, 7, 14), which must therefore still be one of isolation. Monitoring starts on the next day.

**Which rule.** The documents in force on day 0 that speak of the person's category and, for a returnee, of the place they
came from; of these the newest. Its rows are tried in order. A later document changes no plan that exists.

**What is not known is not assumed away.** Every possible answer to what nobody has said is tried. If all lead to one rule,
that is the plan. If they lead to different rules, the plan is the strictest of them and ``assumed`` names what it hangs on:
staying in too long for a day is mended by an answer, going out too early is not. If one of the answers leads to no rule, or
no rule covers the person, the result is an ``Ask``: an official gives the dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import product
from typing import Any

from bot.domain.isolation_rules import Category, Facts, Risk, Rule, Rules
from bot.domain.person import Doses, QuarantineType


class Why(StrEnum):
    """Why an official is asked."""

    BEFORE_FIRST = "before_first"  # no rule for the category was in force on day 0
    NOT_COVERED_PLACE = "not_covered_place"  # none in force speaks of the place the person came from
    NOT_COVERED_PERSON = "not_covered_person"  # the document in force, ``source``, has no row for this person
    UNKNOWN = "unknown"  # what nobody has said decides whether a rule covers the person: ``missing``


@dataclass(frozen=True)
class Ask:
    """No rule gives the dates; an official does, or somebody answers what is ``missing`` (names of ``Facts``)."""

    category: Category
    day0: date
    why: Why
    source: str | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The dates of one person. Every ``…_until`` is the last day of its kind, to its end.

    ``places``: where to isolate; an official chooses where there are several, and none means no isolation. With
    ``needs_negative``, isolation ends with a negative test on ``isolate_until`` or later, or on ``latest`` without one (None:
    not before one is negative). ``assumed`` names facts nobody has said, which the plan takes the strict way; ``verified`` is
    the rule's; ``accepted`` says that an official stands for the plan.
    """

    category: Category
    day0: date
    rule: str
    source: str
    issued: date
    places: tuple[QuarantineType, ...]
    isolate_until: date | None
    monitor_until: date | None
    test_on: tuple[date, ...]
    tests_if_symptoms: bool = False
    needs_negative: bool = False
    latest: date | None = None
    verified: bool = True
    assumed: tuple[str, ...] = ()
    accepted: bool = False

    @property
    def settled(self) -> bool:
        """Whether it holds: the rule alone decides, or an official has accepted it. Until then it is only a proposal."""
        return len(self.places) <= 1 and (self.accepted or (self.verified and not self.assumed))


class Phase(StrEnum):
    ISOLATING = "isolating"
    MONITORING = "monitoring"
    OVER = "over"


def plan(category: Category, day0: date, facts: Facts, rules: Rules) -> Plan | Ask:
    in_force = rules.in_force(category, day0)
    if not in_force:
        return Ask(category, day0, Why.BEFORE_FIRST)
    unknown, completions = _completed(category, _on(day0, facts), rules, day0)
    found = [(answers, _decided(category, day0, complete, rules, in_force)) for answers, complete in completions]
    outcomes = {outcome for _, outcome in found}
    hangs_on = tuple(name for place, name in enumerate(unknown) if _matters(place, found))
    asks = [outcome for outcome in outcomes if isinstance(outcome, Ask)]
    if len(outcomes) == 1 and asks:
        return asks[0]
    if asks:
        return Ask(category, day0, Why.UNKNOWN, missing=hangs_on)
    covering = [rule for rule in in_force if rule in outcomes]
    return _dated(max(covering, key=lambda rule: rule.strictness), day0, hangs_on)  # of equals the newest: max takes the first


def released_on(found: Plan, negatives: Iterable[date] = ()) -> date | None:
    """The last day of isolation; None if there is no isolation, or as long as only a negative test can end it.

    ``negatives``: days on which negative antigen tests were taken. One before ``isolate_until`` ends nothing.
    """
    if not found.needs_negative or found.isolate_until is None:
        return found.isolate_until
    ends = [day for day in negatives if day >= found.isolate_until]
    if found.latest is not None:
        ends.append(found.latest)
    return min(ends, default=None)


def phase(found: Plan, day: date, negatives: Iterable[date] = ()) -> Phase:
    """What a person does on ``day`` if nobody changes the plan."""
    last = released_on(found, negatives)
    if found.isolate_until is not None and (last is None or day <= last):
        return Phase.ISOLATING
    return Phase.MONITORING if found.monitor_until is not None and day <= found.monitor_until else Phase.OVER


def _on(day0: date, facts: Facts) -> Facts:
    """The facts as they stood on day 0: a dose or a recovery after it does not count.

    Of several doses only the last is dated, so after a dose that came later nobody knows how many there were before.
    """
    if facts.last_dose_on is not None and facts.last_dose_on > day0:
        facts = replace(facts, doses=Doses.NONE if facts.doses is Doses.ONE else Doses.UNKNOWN, last_dose_on=None)
    if facts.recovered_on is not None and facts.recovered_on > day0:
        facts = replace(facts, recovered=False, recovered_on=None)
    return facts


def _open(category: Category, facts: Facts, rules: Rules, day0: date) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What is not known, each with one answer of every kind that a rule could tell apart."""
    long_ago = date.min
    if facts.doses is Doses.UNKNOWN:
        yield "doses", tuple(doses for doses in Doses if doses is not Doses.UNKNOWN)
    if facts.last_dose_on is None and facts.doses is not Doses.NONE:
        yield "last_dose_on", (day0, day0 - timedelta(days=14), long_ago)
    if facts.recovered is None:
        yield "recovered", (False, True)
    if facts.recovered is not False and facts.recovered_on is None:
        yield "recovered_on", (day0, long_ago)
    if category is Category.RETURNEE:
        if facts.province is None:
            yield "province", ("", *sorted(rules.provinces()))
        if facts.epidemic is None:
            yield "epidemic", (False, True)
        if facts.risk is None:
            yield "risk", tuple(Risk)


Answered = tuple[tuple[Any, ...], Facts]
Decided = tuple[tuple[Any, ...], Rule | Ask]


def _completed(category: Category, facts: Facts, rules: Rules, day0: date) -> tuple[tuple[str, ...], list[Answered]]:
    """The names of what is not known, and the facts completed in every way."""
    unknown = dict(_open(category, facts, rules, day0))
    return tuple(unknown), [
        (answers, replace(facts, **dict(zip(unknown, answers, strict=True)))) for answers in product(*unknown.values())
    ]


def _decided(category: Category, day0: date, facts: Facts, rules: Rules, in_force: Sequence[Rule]) -> Rule | Ask:
    """The row for a person of whom everything is known."""
    speaking = [rule for rule in in_force if rules.covers(rule, facts)]
    if not speaking:
        return Ask(category, day0, Why.NOT_COVERED_PLACE)
    newest = speaking[0]
    for rule in speaking:
        if rule.document == newest.document and (rule.when is None or rule.when.fits(facts, day0)):
            return rule
    return Ask(category, day0, Why.NOT_COVERED_PERSON, source=newest.source)


def _matters(place: int, found: Iterable[Decided]) -> bool:
    """Whether another answer at ``place``, all others being equal, leads elsewhere."""
    leads: dict[tuple[Any, ...], Rule | Ask] = {}
    return any(leads.setdefault(answers[:place] + answers[place + 1 :], outcome) != outcome for answers, outcome in found)


def _dated(rule: Rule, day0: date, assumed: tuple[str, ...]) -> Plan:
    def after(days: int) -> date:
        return day0 + timedelta(days=days)

    return Plan(
        category=rule.category,
        day0=day0,
        rule=rule.id,
        source=rule.source,
        issued=rule.issued,
        places=rule.places,
        isolate_until=after(rule.isolate_days) if rule.isolate_days else None,
        monitor_until=after(rule.isolate_days + rule.monitor_days) if rule.monitor_days else None,
        test_on=tuple(after(days) for days in rule.test_days),
        tests_if_symptoms=rule.tests_if_symptoms,
        needs_negative=rule.needs_negative,
        latest=after(rule.without_negative_days) if rule.without_negative_days is not None else None,
        verified=rule.verified,
        assumed=assumed,
    )
