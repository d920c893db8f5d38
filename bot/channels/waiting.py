"""Waiting out trouble: for how long, and what the log says meanwhile. Real time only."""

from __future__ import annotations

import logging
from random import random
from typing import Protocol

from bot.errors import ChannelError, Conflict, Throttled, TokenRefused, TransientStorage

log = logging.getLogger(__name__)

LONGEST = 30.0  # seconds
TOKEN_REFUSED = 60.0  # only the administrator can mend it
OTHER_POLLER = 5.0  # a former leader's last poll ends by itself


class Watch(Protocol):
    """Is told how a platform takes this bot's token, as often as it is noticed. Neither method raises."""

    async def refused(self) -> None: ...

    async def works(self) -> None: ...


class Unwatched:
    """Nobody is to be told."""

    async def refused(self) -> None:
        return

    async def works(self) -> None:
        return


class Trouble:
    """Says once what goes wrong, however often it does, and that it is over."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._said: type[Exception] | None = None
        self.failures = 0  # in a row

    def met(self, error: Exception) -> None:
        self.failures += 1
        if type(error) is not self._said:
            self._said = type(error)
            log.warning("%s (%s), trying until it works", self._words, self._said.__name__)

    def over(self) -> None:
        if self.failures:
            log.info("it works again after %d failures: %s", self.failures, self._words)
        self._said, self.failures = None, 0


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row."""
    return min(LONGEST, 0.5 * 2.0 ** min(failures, 10)) * (0.75 + random() / 2)


def until_asked_again(error: ChannelError | TransientStorage, failures: int) -> float:
    """Seconds until it makes sense to ask again."""
    match error:
        case Throttled():
            return error.retry_after
        case TokenRefused():
            return TOKEN_REFUSED
        case Conflict():
            return OTHER_POLLER
        case _:
            return backoff(failures)
