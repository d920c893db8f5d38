"""Handing a person over to another village: what may become of a proposal (N8). Pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Until it is accepted, the sender keeps the person."""

    CHOOSING = "choosing"  # which village is meant is not said yet
    OPEN = "open"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


def transfer_key(transfer_id: str) -> str:
    """What the unsent messages about a proposal have in common; whoever settles it takes them back."""
    return f"transfer:{transfer_id}"
