"""Why a village's report comes later, in its own words (N4): no more reminders, and it is late but not silent."""

from __future__ import annotations

from enum import StrEnum


class LateReason(StrEnum):
    NO_SIGNAL = "no_signal"
    IN_THE_FIELD = "in_the_field"
    SOMEONE_ELSE = "someone_else"
    CHECKING = "checking"
    OTHER = "other"
