"""Callback queries: each may be answered for 150 s of real time, then never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.refusal import bad_request
from bot.sandbox.updates import TAP_LIFETIME


@dataclass(frozen=True)
class TapAnswer:
    """What the bot flashed at the person who tapped; an alert stays until it is closed."""

    text: str
    alert: bool


@dataclass
class _Tap:
    tapped_at: float
    answer: TapAnswer | None = None


class Taps:
    def __init__(self, real_time: Callable[[], float]) -> None:
        self._real_time = real_time
        self._taps: dict[str, _Tap] = {}
        self._count = 0

    def new(self) -> str:
        """A query id. It is forgotten with this process: the bot is then told that the query is too old."""
        now = self._real_time()
        for old in [query for query, tap in self._taps.items() if now - tap.tapped_at > TAP_LIFETIME]:
            del self._taps[old]
        self._count += 1
        query_id = f"{int(now * 1000)}{self._count:06d}"
        self._taps[query_id] = _Tap(now)
        return query_id

    def adopt(self, query_id: str) -> None:
        """A query that came from outside as it is."""
        self._taps[query_id] = _Tap(self._real_time())

    def answer(self, query_id: str, text: str, alert: bool) -> None:
        tap = self._taps.get(query_id)
        if tap is None or self._real_time() - tap.tapped_at > TAP_LIFETIME:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        tap.answer = TapAnswer(text, alert)

    def answered(self, query_id: str) -> TapAnswer | None:
        tap = self._taps.get(query_id)
        return tap.answer if tap else None
