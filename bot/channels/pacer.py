"""When the next message may leave: a fixed grid below the platform's limit, without catch-up bursts.

Telegram's flood control is nobody's fault and everybody's pause: after a 429 all sending rests, and the chat that was refused
rests for as long as the platform said. Times are seconds of a monotonic clock, never the domain's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import ceil


def next_on_grid(now: float, origin: float, step: float) -> float:
    """The first point of the grid ``origin + k * step`` that is not before ``now``."""
    # Rounding must not push an instant that stands on the grid to the next point.
    k = ceil((now - origin) / step - 1e-6)
    return origin + max(k, 0) * step


class Pacer:
    """Grants at most one send at each point of a grid of 1 / ``rate`` seconds. ``rate`` None or 0: unlimited.

    A point that nobody used is gone: after a quiet minute or a blocked event loop there is no burst to make up for it.
    """

    def __init__(
        self,
        rate: float | None,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._step = 1 / rate if rate else 0.0
        self._monotonic = monotonic
        self._sleep = sleep
        self._origin = monotonic()
        self._free_from = self._origin
        self._paused_until = self._origin
        self._not_before: dict[str, float] = {}
        self._turn = asyncio.Lock()

    def next_slot(self, now: float) -> float:
        """The earliest instant, not before ``now``, at which a message may leave. Takes nothing."""
        earliest = max(now, self._free_from, self._paused_until)
        return next_on_grid(earliest, self._origin, self._step) if self._step else earliest

    def not_before(self, chat: str) -> float:
        """The instant before which this chat must be left alone; in the past for a chat that was never refused."""
        return self._not_before.get(chat, self._origin)

    def pause(self, seconds: float) -> None:
        """Nobody sends for so long. A shorter pause never ends a longer one."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    def hold(self, chat: str, seconds: float) -> None:
        """This chat was refused: leave it alone for so long."""
        now = self._monotonic()
        self._not_before = {held: until for held, until in self._not_before.items() if until > now}
        self._not_before[chat] = max(self.not_before(chat), now + seconds)

    async def wait(self, chat: str | None = None) -> None:
        """Return when a message to ``chat`` may leave. Callers get their turn in the order in which they came."""
        while chat is not None and (rest := self.not_before(chat) - self._monotonic()) > 0:
            await self._sleep(rest)
        async with self._turn:
            slot = self.next_slot(self._monotonic())
            while (now := self._monotonic()) < slot:
                await self._sleep(slot - now)
                slot = self.next_slot(slot)  # later, if a pause began meanwhile
            # Half a step on: the next search then finds the next point, whatever the rounding. A late waker has slept
            # through the points before ``now``; they are gone.
            self._free_from = max(slot, now) + self._step / 2
