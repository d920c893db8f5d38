"""The written examples, and how many of their fields are read: right, wrong, or not at all."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.domain.paste import Found, Reading, Village, read
from bot.domain.vietnamese import fold

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    text: str
    today: date
    villages: tuple[Village, ...]
    senders: Mapping[str, str] = field(default_factory=dict)
    people: tuple[Mapping[str, Any], ...] = ()
    counted: tuple[Mapping[str, Any], ...] = ()
    zero: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def read(self) -> Reading:
        return read(self.text, self.today, self.villages, self.senders)


def examples(name: str) -> list[Example]:
    loaded = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    villages = tuple(Village(code, tuple(names)) for code, names in loaded["villages"].items())
    today = loaded["today"]
    return [
        Example(
            item["text"],
            date.fromisoformat(item.get("today", today)),
            villages,
            item.get("senders", {}),
            tuple(item.get("people", ())),
            tuple(item.get("counted", ())),
            tuple(item.get("zero", ())),
            tuple(item.get("unread", ())),
        )
        for item in loaded["example"]
    ]


@dataclass
class Score:
    """Of one field: how often it should be found, was found right, and was found wrong."""

    wanted: int = 0
    right: int = 0
    wrong: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.wanted + other.wanted, self.right + other.right, self.wrong + other.wrong)

    @property
    def found(self) -> float:
        return self.right / max(self.wanted, 1)

    @property
    def mistaken(self) -> float:
        return self.wrong / max(self.right + self.wrong, 1)


@dataclass
class Table:
    """The scores by field, and what was read otherwise than it was written down."""

    fields: dict[str, Score]
    differences: list[str]

    @property
    def total(self) -> Score:
        return sum(self.fields.values(), Score())

    def __str__(self) -> str:
        lines = [f"{'field':18}{'wanted':>8}{'right':>8}{'wrong':>8}{'found':>9}{'wrong':>8}"]
        for name, score in [*sorted(self.fields.items()), ("all", self.total)]:
            share = f"{score.found:9.1%}{score.mistaken:8.1%}"
            lines.append(f"{name:18}{score.wanted:8}{score.right:8}{score.wrong:8}{share}")
        return "\n".join([*lines, "", *self.differences])


def scored(given: Iterable[Example]) -> Table:
    table = Table(defaultdict(Score), [])
    for example in given:
        for name, wanted, got in _compared(example):
            right, wrong = wanted is not None and got == wanted, got is not None and got != wanted
            table.fields[name] += Score(int(wanted is not None), int(right), int(wrong))
            if wanted != got:
                table.differences.append(f"{example.text.strip()[:90]!r}: {name} is {wanted!r}, read as {got!r}")
    return table


def _compared(example: Example) -> Iterator[tuple[str, Any, Any]]:
    reading = example.read()
    for expected, person in _paired(example.people, reading.people):
        got = {} if person is None else {**person.answers, **_given(kind=person.kind, village=person.village)}
        for name in {**expected, **got}:
            yield name, expected.get(name), got.get(name)
    announced = Counter((item["kind"], item["number"]) for item in example.counted)
    yield from _counted("counted", announced, Counter((item.kind, item.number) for item in reading.counted))
    yield from _counted("zero", Counter(example.zero), Counter(item.village or "" for item in reading.nothing_new))
    for text in example.unread:
        shown = any(fold(text) in fold(piece.text) for piece in reading.not_understood)
        yield "unread", text, text if shown else None


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _counted(name: str, wanted: Counter[Any], got: Counter[Any]) -> Iterator[tuple[str, Any, Any]]:
    for item in wanted | got:
        for n in range(max(wanted[item], got[item])):
            yield name, item if n < wanted[item] else None, item if n < got[item] else None


def _paired(wanted: Iterable[Mapping[str, Any]], found: Iterable[Found]) -> Iterator[tuple[Mapping[str, Any], Found | None]]:
    """Each person who should be found with the one of that name; those whose name was read otherwise in their order."""
    left = list(found)
    missing = []
    for expected in wanted:
        same = next((person for person in left if person.answers.get("full_name") == expected.get("full_name")), None)
        if same is None:
            missing.append(expected)
        else:
            left.remove(same)
            yield expected, same
    for expected in missing:
        yield expected, left.pop(0) if left else None
    for person in left:
        yield {}, person
