"""From everything that was said about one person to the answers of a form, leaving out what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.conversation.draft import Json
from bot.domain.paste.fields import FIELDS, asked, canonical
from bot.domain.paste.names import Name
from bot.domain.paste.parts import Part
from bot.domain.paste.reading import ABSENCE, CONTACT, F0, RETURNEE, Fact

IDENTITY = frozenset({"birth_year", "sex", "phone"})  # said of one person only
_DOSES = ("doses", "last_dose_on")
_A_LINE = 1_000_000  # more letters than a line has


@dataclass(eq=False)
class Someone:
    """A person being read. ``own`` was said of this one, ``shared`` of this one and others, ``above`` in a heading.

    ``part`` is where the name stands, ``parts`` everything that says something.
    """

    name: Name
    part: Part
    village: str | None
    own: list[Fact] = field(default_factory=list)
    shared: list[Fact] = field(default_factory=list)
    above: Sequence[Fact] = ()
    parts: list[Part] = field(default_factory=list)

    def add(self, said: Sequence[Fact], part: Part) -> None:
        """What a later line says, behind everything of the lines before."""
        self.own += [replace(fact, start=fact.start + _A_LINE, clause=fact.clause + _A_LINE * len(self.parts)) for fact in said]
        self.parts.append(part)

    @property
    def eventful(self) -> bool:
        """Whether something happened to this one in particular."""
        return any(is_event(fact) for fact in self.own)


@dataclass(frozen=True)
class Resolved:
    kind: str | None
    answers: Mapping[str, Json]
    sources: Mapping[str, str]
    dropped: tuple[str, ...]


def is_event(fact: Fact) -> bool:
    return fact.field in (
        "_place",
        "arrived_on",
        "detected_on",
        "_back",
        "_back_sure",
        "_f0",
        "_f1",
        "_still",
        "_away",
        "_away_now",
    )


def resolve(person: Someone, today: date) -> Resolved:
    """What is sure about a person. ``today``: the day of reading, behind which no event may lie."""
    kind = kind_of([*person.own, *person.shared], person.above)
    answers: dict[str, Json] = {}
    sources: dict[str, str] = {}
    dropped: list[str] = []
    if person.name.full and (value := canonical(kind, "full_name", person.name.full, today)) is not None:
        answers["full_name"], sources["full_name"] = value, person.name.full
    for said in (person.own, person.shared, person.above):
        found, refused = settled(kind, said, today)
        dropped += refused
        for name, (value, source) in found.items():
            if name not in answers and not (name == "last_dose_on" and "doses" in answers and "doses" not in found):
                answers[name], sources[name] = value, source
    kept = asked(kind, answers)
    return Resolved(kind, kept, {name: sources[name] for name in kept}, tuple(dropped))


def kind_of(own: Sequence[Fact], above: Sequence[Fact] = ()) -> str | None:
    """The report: by what was said of the person, else by the heading; None if that is not sure."""
    own_fields = {fact.field for fact in own}
    own_kind, sure = _kind(own_fields)
    if own_kind is not None and sure:
        return own_kind
    heading, heading_sure = _kind({fact.field for fact in above})
    if heading == F0 and "_negative" in own_fields:
        return None
    if heading is not None and (heading_sure or own_kind is None):
        return heading
    return own_kind


def _kind(remarks: set[str]) -> tuple[str | None, bool]:
    if "_f0" in remarks:
        return (None, True) if "_negative" in remarks else (F0, True)
    if "_f1" in remarks:
        return CONTACT, True
    if "_recovered" in remarks or ("_over" in remarks and "_place" not in remarks):
        return None, True
    if "_back_sure" in remarks and "_still" not in remarks:
        return RETURNEE, True
    if remarks & {"_still", "_expected"}:
        return ABSENCE, True
    if "_back" in remarks:
        return (None, True) if "_away_now" in remarks else (RETURNEE, True)
    if "_away_now" in remarks:
        return ABSENCE, True
    if "returned" in remarks or "_away" in remarks or ("group" in remarks and "_from" not in remarks):
        return ABSENCE, False
    return None, False


def settled(kind: str | None, said: Iterable[Fact], today: date) -> tuple[dict[str, tuple[Json, str]], list[str]]:
    """The canonical value of each field with its source, and the sources of what was refused or contradicts itself."""
    by_field: dict[str, list[Fact]] = {}
    facts = [_renamed(kind, fact, today) for fact in said]
    for fact in [*_dosed(facts), *(fact for fact in facts if fact.field not in _DOSES)]:
        by_field.setdefault(fact.field, []).append(fact)
    _fill_in(kind, by_field)
    _doubt_arrival(by_field)
    found: dict[str, tuple[Json, str]] = {}
    refused: list[str] = []
    for name, stated in by_field.items():
        if name not in FIELDS[kind]:
            continue
        chosen = _chosen(name, stated)
        value = None if chosen is None else canonical(kind, name, chosen.value, today)
        if chosen is None or value is None:
            refused += [fact.source for fact in stated]
            continue
        found[name] = (value, chosen.source)
        if name == "phone":
            refused += [
                fact.source for fact in stated if fact is not chosen and fact.value != chosen.value and not chosen.corrects
            ]
    return found, refused


def _renamed(kind: str | None, fact: Fact, today: date) -> Fact:
    """Places and days mean another field in another report."""
    name = fact.field
    if name == "_place":
        name = {RETURNEE: "came_from", ABSENCE: "now_at"}.get(kind or "", name)
    elif name == "arrived_on" and kind == ABSENCE and str(fact.value) >= today.isoformat():
        name = "expected_return"
    elif name == "_on":
        name = {RETURNEE: "arrived_on", F0: "detected_on"}.get(kind or "", name)
    elif name == "_tested_on" and kind == F0:
        return Fact("detected_on", fact.value, fact.source, fact.start, fact.clause, weak=True)
    if name == fact.field:
        return fact
    return Fact(name, fact.value, fact.source, fact.start, fact.clause, fact.weak, corrects=fact.corrects)


def _dosed(facts: Sequence[Fact]) -> list[Fact]:
    """One number of doses, with the date of the last: "mũi 1 ngày 20/7, mũi 2 ngày 25/8" are two, the last on 25/8."""
    doses = [fact for fact in facts if fact.field == "doses"]
    counted = {fact.value for fact in doses if not fact.nth}
    most = max((fact for fact in doses if fact.nth), key=lambda fact: str(fact.value), default=None)
    if most is None:
        last = doses[-1] if doses else None
    elif counted - {most.value}:
        return [fact for fact in doses if not fact.nth] + [most]
    else:
        last = most
    dates = [
        fact for fact in facts if fact.field == "last_dose_on" and (last is None or fact.start > last.start or len(doses) == 1)
    ]
    return ([most] if most is not None else doses) + dates


def _fill_in(kind: str | None, by_field: dict[str, list[Fact]]) -> None:
    """What follows from what was said."""
    if kind == ABSENCE and "returned" not in by_field:
        for remark in ("_still", "_away_now", "_expected"):
            if remark in by_field:
                told = by_field[remark][0]
                by_field["returned"] = [Fact("returned", False, told.source, told.start)]
                break
    if kind == F0 and "classification" not in by_field and "_pcr" in by_field and "_waiting" not in by_field:
        told = by_field["_pcr"][0]
        by_field["classification"] = [Fact("classification", "confirmed", told.source, told.start)]


def _doubt_arrival(by_field: dict[str, list[Fact]]) -> None:
    """Two days in one statement, "tối 8/9 rạng sáng 9/9", are no day of arrival, though only the first was said to be one."""
    stated = by_field.get("arrived_on", [])
    sure = {fact.clause: fact.value for fact in stated if not fact.weak}
    if any(fact.weak and sure.get(fact.clause, fact.value) != fact.value for fact in stated):
        by_field["arrived_on"] = [replace(fact, weak=False) for fact in stated]


def _chosen(name: str, stated: Sequence[Fact]) -> Fact | None:
    """The one that holds: the last correction, else what is not weak; None if two contradict each other."""
    corrections = [fact for fact in stated if fact.corrects]
    if corrections:
        return corrections[-1]
    if all(fact.joins for fact in stated):
        first = stated[0]
        texts = list(dict.fromkeys(str(fact.value) for fact in stated))
        return Fact(name, ", ".join(texts), ", ".join(texts), first.start, first.clause)
    strong = [fact for fact in stated if not fact.weak] or list(stated)
    if name == "phone":
        return strong[0]
    if name in ("came_from", "now_at"):
        longest = max(strong, key=lambda fact: len(str(fact.value)))
        return longest if all(str(longest.value).endswith(str(fact.value)) for fact in strong) else None
    return strong[0] if len({fact.value for fact in strong}) == 1 else None
