"""Who finishes, who lacks a test, and whose end nobody has said: for the list of names and for the counts that are pushed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.form import Form
from bot.conversation.words import Say
from bot.domain.countdown import Countdown, countdown
from bot.domain.due import Due, What, due, followed
from bot.reports.supervision import Watched


@dataclass(frozen=True)
class Ending:
    """``over``: isolations, and contacts' watching of their health, that are over by their dates."""

    over: tuple[Due, ...]
    counted: Countdown

    @property
    def others(self) -> tuple[str, ...]:
        """Everybody else whom it names, once."""
        ended = {one.person for one in self.over}
        named = (*self.counted.finishing, *self.counted.lacking, *self.counted.test_today)
        return tuple(one for one in dict.fromkeys(named) if one not in ended)

    def of(self, people: Iterable[str]) -> Ending:
        """The part that is about these people."""
        those = set(people)
        counted = Countdown(
            finishing={one: tests for one, tests in self.counted.finishing.items() if one in those},
            lacking={one: tests for one, tests in self.counted.lacking.items() if one in those},
            test_today={one: day for one, day in self.counted.test_today.items() if one in those},
        )
        return Ending(tuple(one for one in self.over if one.person in those), counted)

    def counts(self) -> list[Say]:
        """In numbers, without anybody's name."""
        numbers = (
            ("over", len(self.over)),
            ("finishing", len(self.counted.finishing)),
            ("lacking", len(self.counted.lacking)),
            ("test_today", len(self.counted.test_today)),
        )
        return [Say(f"countdown.count.{key}", n=n) for key, n in numbers if n]


def ending(people: Mapping[str, Watched], today: date, forms: Mapping[str, type[Form]]) -> Ending:
    files = {one: who.file for one, who in people.items()}
    over = tuple(one for one in due(today, files, forms) if one.what in (What.RELEASE, What.CLOSE))
    plans = [(one, found[1]) for one, file in files.items() if (found := followed(file, forms)) is not None]
    return Ending(over, countdown(plans, today))
