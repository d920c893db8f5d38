"""One message, line after line: who is in it, what headings say about those below them, and what belongs to several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.paste.facts import facts
from bot.domain.paste.groups import bare_years, corrected, group_starts, is_address, of_another, share, tell_all
from bot.domain.paste.lines import Line, unknown
from bot.domain.paste.names import Name
from bot.domain.paste.outcome import Number, Outcome
from bot.domain.paste.parts import Part, parts
from bot.domain.paste.person import IDENTITY, Someone, is_event
from bot.domain.paste.reading import Fact, Reading, Said
from bot.domain.paste.villages import Villages


def read_message(said: Said, villages: Villages, today: date) -> Reading:
    """What one message says. ``today`` is the day of reading."""
    reader = _Reader(said)
    for part in parts(said.text, villages):
        reader.take(part)
    return Outcome(said, today, reader.parts, reader.people, reader.numbers, reader.zeros).reading()


class _Reader:
    """What was read so far. ``block``: the people since the last heading; ``above``: what that heading says of them."""

    def __init__(self, said: Said) -> None:
        self.day = said.day
        self.village = said.village
        self.parts: list[Part] = []
        self.people: list[Someone] = []
        self.numbers: list[Number] = []
        self.zeros: list[tuple[Part, str]] = []
        self.block: list[Someone] = []
        self.above: list[Fact] = []
        self.above_parts: list[Part] = []
        self.after_person = False

    def take(self, part: Part | None) -> None:
        """The next part; None for an empty line."""
        if part is None:
            self.after_person = False
            return
        self.parts.append(part)
        if not part.heading:
            self._take(part)

    def _take(self, part: Part) -> None:
        line = part.line
        said = corrected(facts(line, self.day))
        beside = line.text.rstrip().endswith("?") or any(sense.group == "elsewhere" for sense in line.senses)
        names = [name for name in line.names if name.role == "person" and not beside]
        self._enter_village(line, names)
        part.village = self.village
        self._count(part, said, names)
        self._notice_nothing(part, said)
        if names:
            self._people(part, said, names)
        else:
            self._aside(part, said)

    def _enter_village(self, line: Line, names: Sequence[Name]) -> None:
        """A village before the first name is the one of which the line and those below speak."""
        first = names[0].start if names else len(line.text)
        for k, sense in enumerate(line.senses):
            if sense.group == "village" and sense.start < first and (names or not self.block or not is_address(line, k)):
                if sense.value != self.village or not names:
                    self.above, self.above_parts, self.block = [], [], []
                self.village = sense.value or None
                return

    # --- people -----------------------------------------------------------------------------------------------

    def _people(self, part: Part, said: Sequence[Fact], names: Sequence[Name]) -> None:
        starts = group_starts(part.line, names)
        for start, end in zip(starts, [*starts[1:], len(part.line.text) + 1], strict=True):
            members = [name for name in names if start <= name.start < end]
            if members:
                self._group(part, [fact for fact in said if start <= fact.start < end], members)
        tell_all(part.line, self.people[len(self.people) - len(names) :])
        self.after_person = True

    def _group(self, part: Part, said: Sequence[Fact], names: Sequence[Name]) -> None:
        """People of whom something is said together: what stands before them, between them, and behind the last."""
        line = part.line
        first = names[0].start
        prefix = [fact for fact in said if fact.start < first and not of_another(line, None, fact)]
        people = [
            self._someone(part, said, name, end)
            for name, end in zip(names, [*(name.start for name in names[1:]), len(line.text) + 1], strict=True)
        ]
        if len(people) > 1:
            share(people)
            if not any(sense.group == "village" and sense.end < people[-1].name.start for sense in line.senses):
                for someone in people:
                    someone.village = people[-1].village
        of_all = [fact for fact in prefix if fact.field not in IDENTITY]
        for someone in people:
            someone.shared = (prefix if len(people) == 1 else of_all) + someone.shared
        self.people += people
        self.block += people
        if any(sense.group == "count" and int(sense.value) > 1 for sense in line.senses if sense.start < first):
            self.above, self.above_parts = of_all, [part]

    def _someone(self, part: Part, said: Sequence[Fact], name: Name, end: int) -> Someone:
        line = part.line
        own = [fact for fact in said if name.start <= fact.start < end and not of_another(line, name, fact)]
        own += bare_years(line, name, end, own, self.day)
        inside = [sense for sense in line.senses if sense.group == "village" and name.end <= sense.start < end]
        village = (inside[0].value or None) if inside else self.village
        return Someone(name, part, village, own, above=self.above, parts=[part, *self.above_parts])

    # --- lines without a name -----------------------------------------------------------------------------------------------

    def _aside(self, part: Part, said: Sequence[Fact]) -> None:
        """A heading for what follows, or more about those before."""
        if self._is_heading(part.line, said):
            self.above = [fact for fact in said if fact.field not in IDENTITY]
            self.above_parts, self.block, self.after_person = [part], [], False
            return
        for sense in part.line.senses:
            if sense.group == "village":
                self.block[-1].village = sense.value or None
        everyone = any(fact.field == "_all" for fact in said)
        for someone in self._meant(everyone, said):
            someone.add(said, part)
        self.after_person = self.after_person and everyone and all(fact.field in IDENTITY for fact in said)

    def _is_heading(self, line: Line, said: Sequence[Fact]) -> bool:
        if not self.block:
            return True
        return (
            any(sense.group == "count" for sense in line.senses)
            or any(sense.group == "village" and not is_address(line, k) for k, sense in enumerate(line.senses))
            or (line.text.rstrip().endswith(":") and any(is_event(fact) for fact in said))
        )

    def _meant(self, everyone: bool, said: Sequence[Fact]) -> list[Someone]:
        """Who a line without a name is about: all, if it says so or follows their names; else the last."""
        if everyone:
            return self.block
        told = self.after_person and any(is_event(fact) for fact in said) and not any(fact.corrects for fact in said)
        return self.block if told and not any(someone.eventful for someone in self.block) else self.block[-1:]

    # --- numbers and nothing -----------------------------------------------------------------------------------------------

    def _count(self, part: Part, said: Sequence[Fact], names: Sequence[Name]) -> None:
        if any(fact.field == "_cumulative" for fact in said):
            return
        line = part.line
        counts = [sense for sense in line.senses if sense.group == "count" and sense.value != "0"]
        for i, sense in enumerate(counts):
            before = [name.end for name in names if name.end <= sense.start] + [count.end for count in counts[:i]]
            start = max([line.clause_span(line.clause(sense.start))[0], *before])
            behind = [name.start for name in names if name.start > sense.start] + [count.start for count in counts[i + 1 :]]
            end = min(behind, default=len(line.text))
            self.numbers.append(Number(part, int(sense.value), [fact for fact in said if start <= fact.start < end]))
        family = [int(sense.value) for sense in line.senses if sense.group == "family_count"]
        if family and not counts:
            more = [int(sense.value) for sense in line.senses if sense.group == "family_more"]
            self.numbers.append(Number(part, sum(family) + sum(more), said, family=True))

    def _notice_nothing(self, part: Part, said: Sequence[Fact]) -> None:
        line = part.line
        if "?" in line.text:
            return
        counts = [sense for sense in line.senses if sense.group == "count"]
        sure = [sense for sense in line.senses if sense.group == "zero" and sense.value == "sure"]
        likely = [sense for sense in line.senses if sense.group == "zero" and sense.value == "likely"]
        if all(sense.value == "0" for sense in counts):
            sure += counts
        if sure:
            self.zeros.append((part, line.piece(sure[0])))
        elif likely and not said and not unknown(line, 0, len(line.text)):
            self.zeros.append((part, line.piece(likely[0])))
