"""What practice mode needs from the application. The sandbox knows nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class PersonView:
    """An invented person to play. ``role`` and ``unit`` are words in the language that was asked for.

    ``channel`` is "telegram" or "zalo"; ``chat_id`` the chat's address there: a number on Telegram, any text on Zalo. Who is on
    both is two of these, with different ids.
    """

    id: str
    name: str
    role: str
    unit: str
    channel: str
    chat_id: int | str


@dataclass(frozen=True)
class Ran:
    """One run of a scheduled job, for one unit, at the instant it was due."""

    job: str
    unit: str
    due_at: datetime


@dataclass(frozen=True)
class ClockMove:
    ran: Sequence[Ran]
    undelivered: int


class Practice(Protocol):
    async def persons(self, language: str) -> Sequence[PersonView]:
        """Everyone who can be played. ``language`` is "vi" or "en"."""

    def now(self) -> datetime:
        """The standing clock, aware."""

    async def settled(self, timeout: float) -> bool:
        """Wait until every update that was confirmed is committed and its replies are delivered."""

    async def move_clock(self, to: datetime) -> ClockMove:
        """Run what is due in (now, to], in order, and deliver it; then set the clock. ``to`` is not before now."""
