"""Doses that are reported of somebody of whom doses were reported before: what can hardly be is said, and taken (A21). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.conversation.draft import Answers, Json
from bot.conversation.words import Say
from bot.domain.plans import Filed

COUNTED = ("1", "2", "3")


def vaccinated(file: Sequence[Filed]) -> dict[str, Json]:
    """The draft's fact ``vaccinated``: the most doses of which somebody's records know, with the day of the last; none: {}."""
    known = [
        {"doses": one.body["doses"], "last_dose_on": one.body.get("last_dose_on")}
        for one in file
        if one.body.get("doses") in COUNTED
    ]
    return {"vaccinated": max(known, key=lambda one: str(one["doses"]))} if known else {}


def dose_doubts(answers: Answers, facts: Mapping[str, Json]) -> list[Say]:
    """A second dose before the first, or on its day; and fewer doses than were known, unless that is what is corrected."""
    known = facts.get("vaccinated")
    doses = answers.get("doses")
    if known is None or doses in (None, "unknown"):
        return []
    if doses < known["doses"]:
        return [] if "base" in facts else [Say("vaccine.fewer", n=int(doses), known=int(known["doses"]))]
    day, before = answers.get("last_dose_on"), known.get("last_dose_on")
    if doses > known["doses"] and day is not None and before is not None and day <= before:
        return [
            Say(
                "vaccine.before_earlier",
                dose=doses,
                day=date.fromisoformat(day),
                known=known["doses"],
                before=date.fromisoformat(before),
            )
        ]
    return []
