"""How long to leave alone what has just failed: 1, 2, 4 … 60 seconds, each shortened at random by up to a half."""

from __future__ import annotations

from collections.abc import Callable

LONGEST = 60.0

Random = Callable[[], float]


def backoff(failures: int, random: Random) -> float:
    """Seconds to wait after so many failures in a row (1 for the first); the random part keeps many from coming at once."""
    return float(min(LONGEST, 2 ** min(failures - 1, 6))) * (1 - random() / 2)


class Outage:
    """Whether the platform as a whole is out of reach.

    Many sends under way fail together; they are one failure. So whoever begins takes the current ``round``, and only
    what was begun in it can prolong the outage or end it.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self.round = 0
        self.failures = 0

    @property
    def lasts(self) -> bool:
        return self.failures > 0

    def failed(self, begun_in: int) -> float | None:
        """Seconds for which nobody should send, or None if this round's failure has been counted."""
        if begun_in != self.round:
            return None
        self.round += 1
        self.failures += 1
        return backoff(self.failures, self._random)

    def over(self, begun_in: int) -> bool:
        """The platform has answered. Whether that ended an outage."""
        ended = self.lasts and begun_in == self.round
        if ended:
            self.failures = 0
        return ended
