"""Opening balances: what a unit counted before it reported here, since none begins at nothing.

An opening balance is posted like a person: its own subject, on the day as of which it is. So every stock contains it, no flow
does, and the list behind a figure has it as one line of its own.
"""

from __future__ import annotations

from enum import StrEnum

PREFIX = "opening:"


class Opened(StrEnum):
    """The stocks that may have an opening balance."""

    AWAY_TOTAL = "away_total"
    AWAY_RETURNED = "away_returned"
    AWAY_NOT_RETURNED = "away_not_returned"
    AWAY_CONTACTED = "away_contacted"
    AWAY_NOT_CONTACTED = "away_not_contacted"
    AWAY_NEED_SUPPORT = "away_need_support"
    RETURNEES_TOTAL = "returnees_total"
    QUARANTINE_INSTITUTIONAL = "quarantine_institutional"
    QUARANTINE_HOME = "quarantine_home"
    F1_FOLLOWED = "f1_followed"
    F0_UNDER_TREATMENT = "f0_under_treatment"
    F0_SUSPECTED = "f0_suspected"
    F0_RECOVERED = "f0_recovered"
    F0_DECEASED = "f0_deceased"
    SAMPLES_PENDING = "samples_pending"
    SUPPORT_OPEN = "support_open"
    VACCINATED_ONE_DOSE = "vaccinated_one_dose"
    VACCINATED_TWO_DOSES = "vaccinated_two_doses"


def subject_of(unit: str, indicator: str) -> str:
    """What stands in the ledger where a person's number stands otherwise."""
    return f"{PREFIX}{unit}:{indicator}"
