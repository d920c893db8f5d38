"""Somebody who files returnee reports by reacting to what the bot shows, each answer such that it names its question."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.conversation.form import steps
from bot.conversation.words import Say
from bot.forms.returnee import Returnee
from bot.texts import Voice

from .chats import Entry, Platform

VOICE = Voice("vi")
DIGITS = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín")
QUESTIONS = {VOICE(Say(f"form.returnee.{name}.ask|field.{name}.ask")).splitlines()[0]: name for name in Returnee.model_fields}
FILED = VOICE(Say("filed.done", code="|")).split("|")[0]
SET_ASIDE = VOICE(Say("error.internal", reference="|")).split("|")[0]
LABELS = {(step.name, option): VOICE.word(f"{step.vocabulary}.{option}") for step in steps(Returnee) for option in step.options}
KNOWN, ANOTHER = VOICE.word("alike.title"), VOICE.word("alike.another")
SEND, RESUME = VOICE(Say("form.returnee.send|button.send")), VOICE.word("button.resume")
PATIENCE = 45  # seconds


def spelt(number: int) -> str:
    """Digits as words, since no name has digits: 407 is "Bốn Không Bảy"."""
    return " ".join(DIGITS[int(digit)] for digit in str(number))


@dataclass(frozen=True)
class Answer:
    """``said`` is typed, or the choice that is made; ``stored`` is what must be found in the record."""

    said: str
    stored: Any
    tapped: bool = False


def answers(number: int) -> dict[str, Answer]:
    """Of the report with this number (below 1000). No two fields can take each other's answers unnoticed."""
    sex = ("male", "female")[number % 2]
    transport = ("motorbike", "coach", "car", "plane")[number % 4]
    doses = ("0", "1", "2", "3", "unknown")[number % 5]
    isolation = ("home", "institutional")[number % 2]
    declared = number % 3 > 0
    day = 1 + number % 28
    given = {
        "full_name": Answer(f"Người {spelt(number)}", f"Người {spelt(number)}"),
        "birth_year": Answer(str(1930 + number % 70), 1930 + number % 70),
        "sex": Answer(sex, sex, tapped=True),
        "phone": Answer(f"0912345{number:03}", f"+84912345{number:03}"),
        "household": Answer(f"Hộ {spelt(number)}", f"Hộ {spelt(number)}"),
        "came_from": Answer(f"Nơi số {number}", f"Nơi số {number}"),
        "arrived_on": Answer(f"{day}/8/2021", date(2021, 8, day).isoformat()),
        "transport": Answer(transport, transport, tapped=True),
        "doses": Answer(doses, doses, tapped=True),
        "last_dose_on": Answer(f"{day}/6/2021", date(2021, 6, day).isoformat()),
        "health_declared": Answer("yes" if declared else "no", declared, tapped=True),
        "quarantine_type": Answer(isolation, isolation, tapped=True),
        "quarantine_from": Answer(f"{day}/7/2021", date(2021, 7, day).isoformat()),
    }
    if doses not in ("1", "2", "3"):
        del given["last_dose_on"]
    return given


def stored(number: int) -> dict[str, Any]:
    """The body of the record that must come of it."""
    return {name: answer.stored for name, answer in answers(number).items()}


@dataclass
class Reporter:
    """One chat. Says each thing once: whatever the bot loses brings it to a standstill."""

    platform: Platform
    chat: int
    now: datetime
    next_number: Callable[[], int]
    done: int = 0  # things said and tapped
    set_aside: int = 0
    filed: dict[str, int] = field(default_factory=dict)  # record -> number of the report
    repeats: list[int] = field(default_factory=list)  # seq at which a message stood here for a second time
    _seen: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)
    _known: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _last: tuple[str, tuple[str, ...]] | None = None
    _after: int = 0

    async def report(self, number: int) -> None:
        """File one report from the command to the receipt."""
        given = answers(number)
        begun = False
        await self._say("/nguoive")
        while True:
            entry = await self._news()
            if SET_ASIDE in entry.text:
                self.set_aside += 1
                await (self._choose(entry, RESUME) if begun else self._say("/nguoive"))
            elif KNOWN in entry.text:  # "Người Một" may be "Người Bảy Một" without the middle
                await self._choose(entry, ANOTHER)
            elif entry.text.startswith(FILED):
                self.filed[_code(entry)] = number
                return
            elif name := next((QUESTIONS[line] for line in entry.text.splitlines() if line in QUESTIONS), None):
                begun = True
                answer = given[name]
                await (self._choose(entry, LABELS[name, answer.said]) if answer.tapped else self._say(answer.said))
            else:
                await self._choose(entry, SEND)

    async def watch(self) -> None:
        """Read what has come since, to the last repeat."""
        for entry in await self.platform.chat(self.chat, self._after):
            self._notice(entry)

    async def _news(self) -> Entry:
        """The newest thing the bot shows that it did not show before."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    entries = await self.platform.chat(self.chat, self._after, wait=5)
                    if fresh := [entry for entry in entries if self._notice(entry)]:
                        return fresh[-1]
        except TimeoutError:
            raise AssertionError(f"what chat {self.chat} said last was lost: no answer within {PATIENCE} s") from None

    def _notice(self, entry: Entry) -> bool:
        """Whether this is new. A copy of what stood here before is a repeat and no new question."""
        self._after = max(self._after, entry.seq)
        shown = (entry.text, tuple(data for _, data in entry.buttons))
        if not entry.by_bot or self._known.get(entry.message_id) == shown:
            return False
        self._known[entry.message_id] = shown
        if not self.platform.buttons and shown != self._last:
            self._seen.clear()  # no tokens: the next report asks in the same words
        self._last = shown
        self._seen[shown] += 1
        if self._seen[shown] > 1:
            self.repeats.append(entry.seq)
        return self._seen[shown] == 1

    async def _say(self, text: str) -> None:
        self.done += 1
        await self.platform.says(self.chat, text, self.now)

    async def _choose(self, entry: Entry, label: str) -> None:
        self.done += 1
        await self.platform.chooses(self.chat, entry, label, self.now)


def _code(entry: Entry) -> str:
    """Of the record that this receipt is for."""
    return re.split(r"[^0-9A-Z]", entry.text.removeprefix(FILED))[0]
