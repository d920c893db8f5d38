"""What a job is given, and what it hands back: messages to queue, unit by unit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import NOTICE_VERSION, Role
from bot.domain.deadlines import Timetable
from bot.domain.units import Tree
from bot.messages import BUTTONS, FILES, TEXT_LIMITS, Button, split
from bot.storage import outbox, people
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.texts import Voice


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

    @property
    def day(self) -> date:
        """The reporting day that the run is about."""
        return vietnam_day(self.due_at)

    def key(self, unit: str, who: people.Who, part: str = "") -> str:
        """The name that this message has in the world, so that it is queued once."""
        return f"{self.job}:{unit}:{self.due_at.isoformat()}:{who.channel}:{who.bot}:{who.address}{part and ':' + part}"


Decisions = Mapping[str, Sequence[outbox.Post]]
"""What to queue for each unit. A unit that is absent had nothing left to do; its run is noted as dropped."""

Work = Callable[[Round, Sequence[str]], Awaitable[Decisions]]
"""Decides for these units. It may store what it issues; it queues nothing and claims nothing."""

Units = Callable[[Tx, Keyring, Tree], Awaitable[Sequence[str]]]
"""At which units a job runs, on the day of a tree."""


def voice(who: people.Who) -> Voice:
    return Voice(who.language, who.address_form)


async def holders(round_: Round, units: Collection[str], roles: Collection[Role]) -> dict[str, list[people.Who]]:
    """Whom to tell: who holds one of these roles at each of these units, each account once.

    Nothing is queued for who blocked the bot, until they write again, nor for who has not agreed to the notice in force.
    """
    found: dict[str, list[people.Who]] = {}
    for who in await people.with_roles(round_.tx, round_.keys, units, roles):
        if who.state == people.OPEN and who.notice_version == NOTICE_VERSION:
            for unit in {held.unit for held in who.roles if held.role in roles}:
                found.setdefault(unit, []).append(who)
    return found


def buttons(who: people.Who, *rows: Sequence[Choice]) -> tuple[tuple[Button, ...], ...]:
    """Rows of buttons in somebody's words; a choice's key is the button's whole payload."""
    said = voice(who)
    return tuple(tuple(Button(said(choice.label), choice.key) for choice in row) for row in rows)


MENU = Choice("do:menu", Say("button.menu"))


def steer(unit: str, day: date, anyone_missing: bool) -> tuple[Choice, ...]:
    """Where to go from what an official is told about a unit; the button means that day, whenever it is tapped."""
    return (Choice(f"do:missing:{unit}:{day}", Say("menu.missing")), MENU) if anyone_missing else (MENU,)


def duty(
    who: people.Who,
    text: str,
    dedup_key: str,
    *,
    buttons: tuple[tuple[Button, ...], ...] = (),
    attachment: str | None = None,
    drop_after: datetime | None = None,
    cancel_key: str | None = None,
) -> list[outbox.Post]:
    """A message to one person; in pieces if it is longer than the channel takes, buttons and file with the last."""
    if buttons and not BUTTONS[who.channel]:
        # In words: numbers would take the place of the list that an open question has just shown.
        words = ", ".join(f'"{button.label.lower()}"' for row in buttons for button in row)
        text, buttons = f"{text}\n\n{voice(who)(Say('numbers.type', words=words))}", ()
    if attachment is not None and not FILES[who.channel]:
        text, attachment = f"{text}\n\n{voice(who).word('numbers.no_files')}", None
    pieces = split(text, TEXT_LIMITS[who.channel])
    last = len(pieces) - 1
    return [
        outbox.Post(
            channel=who.channel,
            bot=who.bot,
            address=who.address,
            text=piece,
            buttons=buttons if number == last else (),
            lane=outbox.Lane.DUTY,
            attachment=attachment if number == last else None,
            drop_after=drop_after,
            dedup_key=f"{dedup_key}:{number}" if number else dedup_key,
            cancel_key=cancel_key,
        )
        for number, piece in enumerate(pieces)
    ]
