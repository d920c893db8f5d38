"""What somebody is now, in words: what they are counted as, since when, and how long it lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.conversation.words import Say
from bot.domain.isolation import Phase, phase
from bot.domain.person import FOLLOWED_CONTACT, QUARANTINE, SUSPECTED_CASE
from bot.domain.plans import current
from bot.storage.records import Record

_ENDED = {"f0_recovered": "recovered", "f0_deceased": "deceased"}


def now_is(stocks: frozenset[str], file: Sequence[Record], today: date) -> list[Say]:
    """``file``: the records about somebody that hold, their plans included, in order of filing."""
    newest = {record.kind: record.body for record in file}
    asks = [Say("person.is.asks_support")] if "support_open" in stocks else []
    found = [
        *asks,
        *_case(stocks, newest),
        *_contact(stocks, newest),
        *_journey(stocks, newest),
        *_isolation(stocks, file, today),
    ]
    if not found and (symptoms := newest.get("symptoms")) is not None:
        return [_on("symptoms", symptoms.get("since"))]
    return found or [Say("person.is.nothing")]


def _on(key: str, day: Any, **words: Any) -> Say:
    """A state with the day since when, if that is known."""
    return Say(f"person.is.{key}_on", day=date.fromisoformat(str(day)), **words) if day else Say(f"person.is.{key}", **words)


def _case(stocks: frozenset[str], newest: Mapping[str, Mapping[str, Any]]) -> list[Say]:
    case = newest.get("f0", {})
    if "f0_under_treatment" in stocks:
        return [_on("case", case.get("detected_on"))]
    if stocks & SUSPECTED_CASE:
        return [_on("suspected", case.get("detected_on"))]
    return [_on(said, newest.get("outcome", {}).get("outcome_on")) for stock, said in _ENDED.items() if stock in stocks]


def _contact(stocks: frozenset[str], newest: Mapping[str, Mapping[str, Any]]) -> list[Say]:
    return [_on("contact", newest.get("contact", {}).get("last_contact_on"))] if stocks & FOLLOWED_CONTACT else []


def _journey(stocks: frozenset[str], newest: Mapping[str, Mapping[str, Any]]) -> list[Say]:
    if "away_not_returned" in stocks:
        return [Say("person.is.away", place=str(newest.get("absence", {}).get("now_at") or "–"))]
    back = newest.get("returnee", {})
    if "returnees_total" in stocks and back.get("came_from"):
        return [_on("returnee", back.get("arrived_on"), place=str(back["came_from"]))]
    return [Say("person.is.returned")] if "away_returned" in stocks else []


def _isolation(stocks: frozenset[str], file: Sequence[Record], today: date) -> list[Say]:
    planned = current(file)
    plan = planned[1].plan if planned is not None else None
    where = next(iter(sorted(stocks & QUARANTINE)), None)
    if where is not None:
        at, until = Say(f"person.at.{where}"), plan.isolate_until if plan is not None else None
        return [Say("person.is.isolated_until", at=at, until=until) if until else Say("person.is.isolated", at=at)]
    if plan is not None and plan.monitor_until is not None and phase(plan, today) is Phase.MONITORING:
        return [Say("person.is.monitored", until=plan.monitor_until)]
    return []
