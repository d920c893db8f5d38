"""A thread of a group, copied or forwarded, as single messages: the ways in which the programs copy it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.dates import parse_date
from bot.domain.paste.reading import Said
from bot.domain.vietnamese import Misread, fold

_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?(?:AM|PM|SA|CH))?"
_DATE = r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{2,4}"
_NAME = r"[^:\[\]\n]{1,60}?"
_HEADS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\[(?P<time>{_TIME}),? {{0,2}}(?P<date>{_DATE})\] ?(?P<name>{_NAME}): ?(?P<text>.*)",
        rf"\[(?P<date>{_DATE}),? {{0,2}}(?P<time>{_TIME})\] ?(?P<name>{_NAME}): ?(?P<text>.*)",
        rf"(?P<date>{_DATE}),? {{0,2}}(?P<time>{_TIME}) ?[-–] ?(?P<name>{_NAME}): ?(?P<text>.*)",
        rf"(?P<name>{_NAME}),? \[(?P<date>{_DATE}),? {{0,2}}(?P<time>{_TIME})\](?P<text>)",
        rf"(?P<name>{_NAME}),? \[(?P<time>{_TIME}),? {{0,2}}(?P<date>{_DATE})\](?P<text>)",
        rf"\[?(?P<time>{_TIME})\]? ?[-–]? ?(?P<name>[^\W\d_]{_NAME}): ?(?P<text>.*)",
    )
)
_TIME_ALONE = re.compile(rf"(?:{_TIME})(?:,? {{0,2}}{_DATE})?|{_DATE},? {{0,2}}{_TIME}")
_DAY_WORDS = {"hom nay", "hom qua"}
_DATE_IN_LINE = re.compile(rf"(?:[^\W\d_]{{2,4}} ?(?:[0-9]|[^\W\d_]{{2,4}})?,? )?({_DATE})")


def messages(text: str, today: date, senders: Mapping[str, str]) -> list[Said]:
    """The messages of a thread in their order; a text that is no thread is one message of today.

    ``senders``: name -> code of the village for which that person speaks.
    """
    known = {fold(name): code for name, code in senders.items()}
    lines = text.split("\n")
    found: list[Said] = []
    below = _times_below(lines, known)
    day, name, kept, threaded = today, None, list[str](), False

    def close() -> None:
        if any(line.strip() for line in kept):
            village = known.get(fold(name)) if name else None
            found.append(Said("\n".join(kept), day, name, village))
        kept.clear()

    i = 0
    while i < len(lines):
        head = _head(lines, i, known, below)
        if head is not None:
            close()
            threaded = True
            name, written_day, rest, i = head
            day = _day(written_day, today) or day
            kept.append(rest)
            continue
        stripped = lines[i].strip()
        if threaded and (new_day := _day_alone(stripped, today)) is not None:
            close()
            day, name = new_day, None
        elif not (threaded and _TIME_ALONE.fullmatch(stripped)):
            kept.append(lines[i])
        i += 1
    close()
    return found


def _head(lines: Sequence[str], i: int, known: Mapping[str, str], below: bool) -> tuple[str, str, str, int] | None:
    """Who sends, the date as written or "", what follows in the line, and the number of the next line."""
    line = lines[i].strip()
    if len(line) > 2000 and not line.startswith("["):
        return None
    for pattern in _HEADS:
        match = pattern.fullmatch(line)
        if match:
            return match["name"].strip(), match.groupdict().get("date") or "", match["text"], i + 1
    if fold(line) in known:
        timed = i + 1 < len(lines) and _TIME_ALONE.fullmatch(lines[i + 1].strip())
        return line, _date_in(lines[i + 1]) if timed else "", "", i + (2 if timed else 1)
    if not below and _is_name(line) and i + 1 < len(lines) and _TIME_ALONE.fullmatch(lines[i + 1].strip()):
        return line, _date_in(lines[i + 1]), "", i + 2
    name, colon, rest = line.partition(":")
    if colon and fold(name) in known:
        return name.strip(), "", rest, i + 1
    return None


def _times_below(lines: Sequence[str], known: Mapping[str, str]) -> bool:
    """Whether the time stands below a message and not below the sender's name, as some programs copy it."""
    heads = [i for i, line in enumerate(lines[:-1]) if fold(line) in known]
    return bool(heads) and not any(_TIME_ALONE.fullmatch(lines[i + 1].strip()) for i in heads)


def _is_name(line: str) -> bool:
    return 0 < len(line) <= 60 and line[0].isalpha() and len(line.split()) <= 6 and not any(c in line for c in ":;,\t")


def _date_in(line: str) -> str:
    match = re.search(_DATE, line)
    return match[0] if match else ""


def _day(written: str, today: date) -> date | None:
    try:
        return min(parse_date(written, today), today) if written else None
    except Misread:
        return None


def _day_alone(line: str, today: date) -> date | None:
    if len(line) > 40:
        return None
    match = _DATE_IN_LINE.fullmatch(line)
    return _day(match[1] if match else line if fold(line) in _DAY_WORDS else "", today)
