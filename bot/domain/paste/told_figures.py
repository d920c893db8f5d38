"""What is said in figures: phones, years of birth, doses, and of which event a date is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date as day_type

from bot.domain.dates import Lean, parse_date
from bot.domain.numbers import parse_birth_year, small_number
from bot.domain.paste.around import Around
from bot.domain.paste.reading import Fact
from bot.domain.vietnamese import Misread, fold, tidy

_DATE_CUES = {
    "back": "arrived_on",
    "from": "",
    "expected": "expected_return",
    "dose": "last_dose_on",
    "doses": "last_dose_on",
    "nth_dose": "last_dose_on",
    "born": "birth_year",
    "quarantine_type": "quarantine_from",
    "f0": "detected_on",
    "test": "_tested_on",
    "report": "_reported_on",
    "gone": "_gone_on",
    "contact": "_met_on",
    "source": "_met_on",
    "until": "_until",
    "planned": "_planned_on",
    "declared": "_declared_on",
    "still": "_wished_on",
}
_RIGHT_CUES = {"back": "arrived_on", "gone": "_gone_on", "f0": "detected_on"}
_POSSIBLY_BORN = 3  # a complete date that lies so many years back is a date of birth
_MOST_DOSES = 3


def phone(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    if sense.value != "cue" and not around.of_somebody_unnamed(sense):
        yield around.fact("phone", tidy(sense.value), sense)


def birth(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    text = f"{sense.value} tuoi" if sense.group == "age" and sense.value.strip(" :").isdigit() else sense.value
    year = _year(text.strip(" :"), around.day)
    if year is not None and not around.of_somebody_unnamed(sense) and not (sense.group == "year" and year >= around.day.year):
        yield around.fact("birth_year", year, sense, weak=sense.group == "year")


def doses(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    before = [other for other in around.clause(sense) if other.end <= sense.start]
    if any(other.group in ("no", "planned") or (other.group, other.value) == ("dose", "none") for other in before):
        return
    words = fold(sense.value).replace("mui", " ").split()
    number = max((n for word in words if (n := _dose(word)) is not None), default=None)
    if number is not None and number <= _MOST_DOSES:
        fact = around.fact("doses", str(number), sense)
        fact.nth = sense.group == "nth_dose"
        yield fact


def date(around: Around, i: int) -> Iterator[Fact]:
    sense = around.senses[i]
    field, weak = _date_field(around, i)
    lean: Lean = "past" if sense.group == "weekday" and field != "expected_return" else "near"
    try:
        day = parse_date(around.line.piece(sense), around.day, lean)
    except Misread:
        return
    if field == "birth_year" or (field in ("arrived_on", "_on") and (around.day - day).days > 366 * _POSSIBLY_BORN):
        yield around.fact("birth_year", day.year, sense)
        return
    if sense.group == "day" and day > around.day and field == "arrived_on":
        yield around.fact("_still", True, sense)
    yield around.fact(field, day.isoformat(), sense, weak)


def _date_field(around: Around, i: int) -> tuple[str, bool]:
    """The field of a date and whether that is only likely: by the nearest cue before it in its clause, else behind it."""
    sense = around.senses[i]
    clause = around.clause(sense)
    if {"over", "quarantine_type"} <= {other.group for other in clause} or any(other.group == "recovered" for other in clause):
        return "_over_on", False
    started, born = "", False
    for other in reversed([other for other in clause if other.end <= sense.start]):
        if other.group in ("date", "weekday", "day", "count"):
            break
        if other.group == "report" and ":" in around.line.text[other.end : sense.start]:
            break
        if other.group == "from" and not started:
            started = fold(around.line.piece(other))
        field = _DATE_CUES.get(other.group, "")
        born = born or other.group in ("birth", "year", "age")
        if other.group == "from" and "ve" in fold(around.line.piece(other)).split():
            field = "arrived_on"
        if field == "birth_year" and born:
            continue
        if field == "quarantine_from" and not (started or "tu" in fold(around.line.piece(other)).split()):
            field = "_isolated_on"
        if field:
            return field, False
    for other in (other for other in clause if other.start >= sense.end):
        if other.group in ("date", "weekday", "day"):
            break
        if other.group in _RIGHT_CUES:
            return _RIGHT_CUES[other.group], False
    return "_on", True


def _dose(word: str) -> int | None:
    if word == "nhat":
        return 1
    return small_number(word.lstrip("m")) if word.lstrip("m") else None


def _year(text: str, day: day_type) -> int | None:
    try:
        return parse_birth_year(text, day)
    except Misread:
        return None


FIGURES: dict[str, Callable[[Around, int], Iterator[Fact]]] = {
    "phone": phone,
    "birth": birth,
    "age": birth,
    "year": birth,
    "doses": doses,
    "nth_dose": doses,
    "date": date,
    "weekday": date,
    "day": date,
}
