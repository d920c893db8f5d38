"""Who of several people in a line is meant by what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.paste.lines import PASSED_OVER, Line
from bot.domain.paste.names import Name
from bot.domain.paste.person import IDENTITY, Someone, is_event
from bot.domain.paste.reading import Fact

_BEHIND = 8  # letters behind a name within which two bare figures are its year


def corrected(said: Sequence[Fact]) -> list[Fact]:
    """What follows "nhầm" replaces what was said before; what "không phải" denies, or is of somebody unnamed, is dropped."""
    kept: list[Fact] = []
    correcting = False
    denied: int | None = None
    absent: int | None = None
    for fact in said:
        if fact.field == "_not_named":
            absent = fact.clause
        if absent == fact.clause:
            continue
        if fact.field == "_oops":
            correcting = True
        elif fact.field == "_not":
            denied = fact.clause
        elif denied == fact.clause:
            denied = None
        else:
            fact.corrects = correcting
            kept.append(fact)
    return kept


def of_another(line: Line, name: Name | None, fact: Fact) -> bool:
    """Whether a year or a phone stands behind somebody who is only mentioned."""
    if fact.field not in IDENTITY:
        return False
    return any(
        other.role == "other"
        and (name.end if name else 0) <= other.start < fact.start
        and line.clause(other.start) == line.clause(fact.start)
        for other in line.names
    )


def is_address(line: Line, k: int) -> bool:
    """Whether a village is where somebody lives, and not of whom the line speaks."""
    return k > 0 and line.senses[k - 1].group in ("address", "at") and not any(s.group == "count" for s in line.senses)


def group_starts(line: Line, names: Sequence[Name]) -> list[int]:
    """Where a new group begins: at a number of people, and at words that end with a colon before a name."""
    starts = {0}
    first = min((sense.start for sense in line.senses if sense.group == "count"), default=len(line.text))
    for sense in line.senses:
        if sense.group == "count" and sense.start > min(first, names[0].start):
            starts.add(line.clause_span(line.clause(sense.start))[0])
    for before, name in zip([None, *names], names, strict=False):
        floor = before.end if before else 0
        colon = line.text.rfind(":", floor, name.start)
        if colon < 0 or before is None:
            continue
        between = [token for token in line.tokens_between(colon + 1, name.start) if token.word or token.number]
        passed = [sense for sense in line.senses if sense.group in PASSED_OVER]
        if all(any(sense.start <= token.start < sense.end for sense in passed) for token in between):
            starts.add(max(floor, line.clause_span(line.clause(colon))[0]))
    return sorted(starts)


def bare_years(line: Line, name: Name, end: int, own: Sequence[Fact], day: date) -> list[Fact]:
    """Two figures right behind a name: "Bùi Mẫu Tới 91" was born in 1991; 45 may be an age, so it says nothing."""
    if any(fact.field == "birth_year" for fact in own):
        return []
    behind = line.tokens_between(name.end, name.end + _BEHIND)
    following = next((token for token in behind if token.word or token.number), None)
    if following is None or not following.number or len(following.text) != 2 or following.start >= end:
        return []
    if any(sense.start <= following.start < sense.end for sense in line.senses) or following.start - name.end > 4:
        return []
    number = int(following.text)
    year = 1900 + number if number >= 80 else 2000 + number if number <= 9 else None
    if year is None or year > day.year:
        return []
    return [Fact("birth_year", year, following.text, following.start, line.clause(following.start))]


def share(people: Sequence[Someone]) -> None:
    """What is said behind the last of several belongs to all of them, unless one of the others has an event of their own."""
    last = people[-1]
    marker = next((fact.start for fact in last.own if fact.field == "_all"), None)
    if marker is None and any(someone.eventful for someone in people[:-1]):
        return
    first = marker if marker is not None else next((fact.start for fact in last.own if is_event(fact)), None)
    if first is None:
        return
    behind = [fact for fact in last.own if fact.start >= first and fact.field not in IDENTITY]
    last.own = [fact for fact in last.own if fact not in behind]
    for someone in people:
        someone.shared = behind + someone.shared


def tell_all(line: Line, people: Sequence[Someone]) -> None:
    """A last statement that begins with "Cả hai" is about everyone in the line, in whatever groups they came."""
    last = people[-1]
    said = [*last.own, *last.shared]
    marker = next((fact for fact in said if fact.field == "_all" and fact.start > last.name.start), None)
    if marker is None or line.text[line.clauses[marker.clause] : marker.start].strip():
        return
    behind = [fact for fact in said if fact.start > marker.start and fact.field not in IDENTITY]
    for someone in people[:-1]:
        someone.shared += [fact for fact in behind if fact not in someone.shared]
