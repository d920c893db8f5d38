"""Reading a filter that was written in words (``filters``): pieces of the text become conditions, the rest is named. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from bot.domain.dates import parse_date
from bot.domain.filters import OPEN, Condition, between, born, week_of
from bot.domain.paste import Village
from bot.domain.paste.villages import Villages
from bot.domain.paste.words import Lexicon, Sense, Token, flat, places, tokens
from bot.domain.provinces import province_of
from bot.domain.vietnamese import Misread, tidy

ADULT, OLD = 16, 60  # a child is younger than 16 (Law on children of 2016), the elderly are 60 (Law on the elderly of 2009)
LONGEST = 300  # characters of a filter

_DAY = r"(?:ngay )?(?:[0-9]{1,2} ?[/.\-] ?[0-9]{1,2}(?: ?[/.\-] ?[0-9]{2,4})?|hom nay|hom qua|hom kia)"
_FIGURES = tuple(
    (kind, re.compile(rf"(?<![\w/.\-]){pattern}(?![\w/])"))
    for kind, pattern in (
        ("days", rf"tu (?P<first>{_DAY}) (?:den|toi) (?:het )?(?P<last>{_DAY})"),
        ("days", rf"(?P<first>{_DAY}) ?(?:-|–|den|toi) ?(?P<last>{_DAY})"),
        ("since", rf"(?:tu|ke tu) (?P<day>{_DAY})(?: (?:den|toi) nay)?"),
        ("after", rf"sau (?P<day>{_DAY})"),
        ("before", rf"truoc (?P<day>{_DAY})"),
        ("until", rf"(?:den|toi|den het) (?P<day>{_DAY})"),
        ("day", rf"(?:vao )?(?P<day>{_DAY})"),
        (
            "last",
            r"(?:trong )?(?:vong )?(?P<n>[0-9]{1,3}) (?P<per>ngay|tuan) (?:qua|nay|gan day|gan nhat|vua qua|vua roi|tro lai)",
        ),
        ("ages", r"tu (?P<n>[0-9]{1,3}) (?:den|toi) (?P<m>[0-9]{1,3}) tuoi"),
        ("over", r"(?:tren|hon) (?P<n>[0-9]{1,3}) tuoi"),
        ("from", r"tu (?P<n>[0-9]{1,3}) tuoi(?: tro len)?"),
        ("under", r"(?:duoi|chua du|chua den) (?P<n>[0-9]{1,3}) tuoi"),
        ("lacks", r"chua (?:tiem )?(?:du )?(?:(?P<n>[123]) mui|mui (?:thu )?(?P<m>[123]))"),
        ("least", r"(?:da )?(?:tiem )?(?:(?:du|it nhat|tu) (?P<n>[123]) mui(?: tro len)?|mui (?:thu )?(?P<m>[123]))"),
        ("exactly", r"(?:da )?(?:tiem )?(?P<n>[123]) mui"),
    )
)


@dataclass(frozen=True)
class Filter:
    """``unread``: the pieces of the text that were not understood, as they were written."""

    conditions: tuple[Condition, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """Something that was understood, at [start, end); without a condition it only leads to the next."""

    start: int
    end: int
    condition: Condition | None = None
    cue: str = ""  # "not", "from", "at"


@cache
def _lexicon() -> Lexicon:
    loaded = tomllib.loads((Path(__file__).parent / "filters.toml").read_text(encoding="utf-8"))
    return Lexicon(
        (group, value, phrase) for group, values in loaded.items() for value, phrases in values.items() for phrase in phrases
    )


def read_filter(typed: str, today: date, villages: Sequence[Village] = ()) -> Filter:
    """What is sure about a filter; never raises for any text."""
    text = tidy(typed)[:LONGEST]
    written, claimed = tokens(text), bytearray(len(text))
    pieces = [*_villages(written, villages, claimed), *_figures(text, today, claimed)]
    pieces += _phrases(written, today, claimed)
    pieces.sort(key=lambda piece: piece.start)
    found, idle = _conditions(pieces)
    for piece in idle:
        claimed[piece.start : piece.end] = bytes(piece.end - piece.start)
    return Filter(tuple(dict.fromkeys(found)), tuple(_unread(text, written, claimed)))


def _claim(claimed: bytearray, start: int, end: int) -> bool:
    """Take a piece of the text, unless some of it is taken."""
    if any(claimed[start:end]):
        return False
    claimed[start:end] = b"\1" * (end - start)
    return True


def _villages(written: Sequence[Token], villages: Sequence[Village], claimed: bytearray) -> Iterator[_Piece]:
    """Villages by their names behind what they are called; a bare name only at the beginning (see ``paste.villages``)."""
    for sense in Villages(villages).find(written):
        if sense.value and _claim(claimed, sense.start, sense.end):
            yield _Piece(sense.start, sense.end, Condition("v", sense.value))


def _figures(text: str, today: date, claimed: bytearray) -> Iterator[_Piece]:
    for kind, pattern in _FIGURES:
        for match in pattern.finditer(flat(text)):
            condition = _figure(kind, match, text, today)
            if condition is not None and _claim(claimed, *match.span()):
                yield _Piece(*match.span(), condition)


def _figure(kind: str, match: re.Match[str], text: str, today: date) -> Condition | None:
    given = match.groupdict()
    number = int(given.get("n") or given.get("m") or 0)
    match kind:
        case "exactly":
            return Condition("d", str(number))
        case "least":
            return Condition("d", "123"[number - 1 :])
        case "lacks":
            return Condition("d", "012"[:number])
        case "over":
            return born(None, today.year - number - 1)
        case "from":
            return born(None, today.year - number)
        case "under":
            return born(today.year - number + 1, None)
        case "ages":
            youngest, oldest = sorted((number, int(given["m"])))
            return born(today.year - oldest, today.year - youngest)
        case "last":
            return between(today - timedelta(days=number * (7 if given["per"] == "tuan" else 1)), today)
        case _:
            return _span(kind, match, text, today)


def _span(kind: str, match: re.Match[str], text: str, today: date) -> Condition | None:
    try:
        if kind == "days":
            first, last = (parse_date(text[slice(*match.span(name))], today, "past") for name in ("first", "last"))
        else:
            day = parse_date(text[slice(*match.span("day"))], today, "past")
            first, last = {
                "since": (day, today),
                "after": (day + timedelta(days=1), today),
                "before": (OPEN, day - timedelta(days=1)),
                "until": (OPEN, day),
                "day": (day, day),
            }[kind]
    except Misread:
        return None
    return between(first, last) if OPEN <= first <= last else None


def _phrases(written: Sequence[Token], today: date, claimed: bytearray) -> Iterator[_Piece]:
    i = 0
    while i < len(written):
        end, piece = _phrase(written, i, today)
        if piece is not None and _claim(claimed, piece.start, piece.end):
            yield piece
            i = end
        else:
            i += 1


def _phrase(written: Sequence[Token], i: int, today: date) -> tuple[int, _Piece | None]:
    """The longest of a phrase and a place at token ``i``."""
    phrase, place = _lexicon().at(written, i), places().at(written, i)
    if place is not None and (phrase is None or place[0] >= phrase[0]):
        code = province_of(place[1].value)
        return place[0], _Piece(place[1].start, place[1].end, Condition("p", code)) if code is not None else None
    if phrase is None:
        return i + 1, None
    end, sense = phrase
    if sense.group in ("not", "from", "at", "noise"):
        return end, _Piece(sense.start, sense.end, cue=sense.group)
    return end, _Piece(sense.start, sense.end, _meaning(sense, today))


def _meaning(sense: Sense, today: date) -> Condition:
    match sense.group, sense.value:
        case "came", value:
            return Condition("c", {"returnee": "r", "away": "a", "returned": "b"}[value])
        case "covid", value:
            return Condition("k", {"contact": "c", "case": "f", "suspected": "s", "recovered": "g", "deceased": "d"}[value])
        case "isolation", value:
            return Condition("i", value[0])
        case "doses", value:
            return Condition("d", value)
        case "sex", value:
            return Condition("x", value[0])
        case "age", value:
            return born(today.year - ADULT + 1, None) if value == "children" else born(None, today.year - OLD)
        case "week", value:
            first, last = week_of(today if value == "this" else today - timedelta(days=7))
            return between(first, min(last, today))
        case "month", value:
            first = today.replace(day=1)
            before = first - timedelta(days=1)
            return between(first, today) if value == "this" else between(before.replace(day=1), before)
        case group, _:
            return Condition({"tested": "t", "contacted": "l", "support": "s", "declared": "y"}[group])


def _conditions(pieces: Sequence[_Piece]) -> tuple[list[Condition], list[_Piece]]:
    """The conditions, and the negations that negate nothing."""
    went = any(piece.condition in (Condition("c", "a"), Condition("c", "b")) for piece in pieces)
    found: list[Condition] = []
    negation: _Piece | None = None
    idle: list[_Piece] = []
    cue = ""
    for piece in pieces:
        if piece.condition is None:
            if piece.cue == "not":
                idle += [negation] if negation else []
                negation = piece
            elif piece.cue in ("from", "at"):
                cue = piece.cue
            continue
        one = piece.condition
        if one.field == "p" and (cue == "at" or (went and cue != "from")) and Condition("c", "r") not in found:
            one = replace(one, field="q")
        found.append(replace(one, negated=negation is not None))
        negation, cue = None, ""
    return found, idle + ([negation] if negation else [])


def _unread(text: str, written: Sequence[Token], claimed: bytearray) -> Iterator[str]:
    """What is left over, word after word that stand together as one piece."""
    start: int | None = None
    end = 0
    for token in written:
        if claimed[token.start] or not (token.word or token.number):
            if claimed[token.start] and start is not None:
                yield text[start:end]
                start = None
            continue
        start, end = token.start if start is None else start, token.end
    if start is not None:
        yield text[start:end]
