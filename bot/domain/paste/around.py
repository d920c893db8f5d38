"""A line with what stands beside what: the questions that one statement asks about its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.conversation.draft import Json
from bot.domain.paste.lines import Line
from bot.domain.paste.names import Name
from bot.domain.paste.reading import Fact
from bot.domain.paste.words import Sense
from bot.domain.vietnamese import fold

_RELATIVES = ("title", "kin", "relation", "family_more", "family_count", "family")
_DONE = ("xong", "du", "roi")


class Around:
    """A line and the day on which it was said."""

    def __init__(self, line: Line, day: date) -> None:
        self.line, self.day = line, day
        self.senses = line.senses

    def fact(self, field: str, value: Json, at: Sense | Name, weak: bool = False, source: str | None = None) -> Fact:
        text = self.line.piece(at) if source is None else source
        return Fact(field, value, text, at.start, self.line.clause(at.start), weak)

    def clause(self, sense: Sense) -> Sequence[Sense]:
        """Everything in the same statement, the sense itself included."""
        return self.line.clause_senses(sense.start)

    def next_to(self, i: int, step: int) -> Sense | None:
        """The sense directly before or behind, with nothing but a colon between."""
        k = i + step
        if not 0 <= k < len(self.senses):
            return None
        a, b = (self.senses[i], self.senses[k]) if step > 0 else (self.senses[k], self.senses[i])
        return self.senses[k] if self.line.text[a.end : b.start].strip() in ("", ":") else None

    def answered(self, i: int) -> tuple[bool, str] | None:
        """What "có", "rồi", "chưa" directly behind or before a sense say of it, with the text of both; None if nothing does."""
        sense = self.senses[i]
        for neighbour in (self.next_to(i, 1), self.next_to(i, -1)):
            if neighbour is None:
                continue
            yes = neighbour.group == "yes" or fold(self.line.piece(neighbour)) in _DONE
            if yes or neighbour.group == "no":
                start, end = min(sense.start, neighbour.start), max(sense.end, neighbour.end)
                return yes, self.line.text[start:end]
        return None

    def of_somebody_unnamed(self, sense: Sense) -> bool:
        """Whether a figure is about a relative who is not named: "con 5 tuổi", "sđt vợ 0900 …"."""
        nearest = max((name.end for name in self.line.names if name.end <= sense.start), default=0)
        return any(
            other.group in _RELATIVES and other.start >= nearest for other in self.clause(sense) if other.end <= sense.start
        )

    def over(self, i: int) -> bool:
        """Whether an isolation has ended, or has not begun."""
        before = self.next_to(i, -1)
        if before is not None and before.group in ("no", "not"):
            return True
        return any(other.group == "over" for other in self.clause(self.senses[i]))
