"""Telegram's limits on sending: about 30 messages a second per bot, one a second per private chat with short bursts
tolerated, 20 a minute per group.

Each is a bucket that holds a burst and refills at a steady rate, so a steady sender below the rate is never refused
because its requests arrive unevenly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.refusal import too_many
from bot.sandbox.world import Chat


@dataclass(frozen=True)
class Rate:
    per_second: float
    burst: int


BOT = Rate(30, 30)
PRIVATE = Rate(1, 5)
GROUP = Rate(20 / 60, 20)


class Bucket:
    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._empty_at = -math.inf  # when all that was spent has flowed back

    def shortage(self, now: float) -> float:
        """Seconds until one more message fits."""
        full = (self._rate.burst - 1) / self._rate.per_second
        return max(self._empty_at - full - now, 0.0)

    def spend(self, now: float) -> None:
        self._empty_at = max(self._empty_at, now) + 1 / self._rate.per_second


class Limits:
    """Raises 429 with ``retry_after``; a refused message spends nothing."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._bot = Bucket(BOT)
        self._chats: dict[int, Bucket] = {}

    def spend(self, chat: Chat) -> None:
        now = self._monotonic()
        bucket = self._chats.get(chat.id)
        if bucket is None:
            bucket = self._chats[chat.id] = Bucket(PRIVATE if chat.private else GROUP)
        wait = max(self._bot.shortage(now), bucket.shortage(now))
        if wait > 0:
            raise too_many(math.ceil(wait))
        self._bot.spend(now)
        bucket.spend(now)
