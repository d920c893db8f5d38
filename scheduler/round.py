"""What a job is given, and what it hands back: messages to queue, unit by unit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.clock import at, vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Role
from bot.domain.deadlines import Timetable
from bot.domain.units import Tree
from bot.messages import FILES
from bot.reports.duties import holding
from bot.reports.phrases import HOME
from bot.storage import outbox, people
from bot.storage.crypto import Keyring
from bot.storage.database import Tx


@dataclass(frozen=True)
class Round:
    """One job at one instant: the open transaction, the tree of that day, and the instant at which it really runs."""

    tx: Tx
    keys: Keyring
    tree: Tree
    timetable: Timetable
    job: str
    due_at: datetime
    now: datetime
    late: bool
    carries_files: Collection[str] = FILES  # channels on which a document arrives; elsewhere the message says so
    mailed: Collection[str] = ()  # units whose reports go out by mail

    @property
    def day(self) -> date:
        """The reporting day that the run is about."""
        return vietnam_day(self.due_at)

    def key(self, unit: str, who: people.Who, part: str = "") -> str:
        """The name that this message has in the world, so that it is queued once, on whichever channel."""
        return f"{self.key_at(unit)}:{who.id}{part and ':' + part}"

    def key_of(self, job: str, wall: time, unit: str, who: people.Who, part: str = "") -> str:
        """The same of another run of the day."""
        return replace(self, job=job, due_at=at(self.day, wall)).key(unit, who, part)

    def key_at(self, unit: str) -> str:
        """The name of this run at a unit."""
        return f"{self.job}:{unit}:{self.due_at.isoformat()}"


Decisions = Mapping[str, Sequence[outbox.Post]]
"""What to queue for each unit. A unit that is absent had nothing left to do; its run is noted as dropped."""

Work = Callable[[Round, Sequence[str]], Awaitable[Decisions]]
"""Decides for these units. It may store what it issues; it queues nothing and claims nothing."""

Units = Callable[[Tx, Keyring, Tree], Awaitable[Sequence[str]]]
"""At which units a job runs, on the day of a tree."""


async def holders(round_: Round, units: Collection[str], roles: Collection[Role]) -> dict[str, list[people.Who]]:
    """``duties.holding``, in a round."""
    return await holding(round_.tx, round_.keys, units, roles)


def steer(unit: str, day: date, anyone_missing: bool) -> tuple[Choice, ...]:
    """Where to go from what an official is told about a unit; the button means that day, whenever it is tapped."""
    return (Choice(f"do:missing:{unit}:{day}", Say("menu.missing")), HOME) if anyone_missing else (HOME,)
