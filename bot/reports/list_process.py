"""The process in which a list is read, and given back with what is wrong: ``python -m bot.reports.list_process``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import Base64Bytes, TypeAdapter

from bot.conversation.form import label, steps
from bot.domain.lists import Place, Sheet, Words, read_sheet
from bot.domain.lists.columns import plain
from bot.errors import ApartError
from bot.forms import forms
from bot.reports.apart import answers, asked_apart
from bot.reports.list_file import MOST_ROWS, Mark, Refused, marked, opened
from bot.texts import Voice, catalogue, languages

KINDS = ("returnee", "absence", "contact", "f0")
"""The reports of which there are lists."""

_OURS = {"vaccine": "doses", "place": "quarantine_type"}  # columns of our lists that are called otherwise than the question
Marks = Mapping[str, tuple[int, int | None, Mapping[int, Mark]]]


@dataclass(frozen=True)
class Lists:
    """What a file holds: its lists by the name of their sheet; ``refused`` says why it holds none."""

    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    refused: str = ""


@dataclass(frozen=True)
class Marked:
    """The file that was read, with what is wrong beside its rows; None if it cannot be written."""

    content: Base64Bytes | None


_LISTS, _MARKED = TypeAdapter(Lists), TypeAdapter(Marked)
_PLACES, _MARKS, _MARK = TypeAdapter(list[Place]), TypeAdapter(Marks), TypeAdapter(Mark)


async def lists_apart(name: str, content: bytes, places: Sequence[Place], today: date) -> Lists:
    """The lists in a file, for somebody who reports for these places; refused as ``too_much`` if there is no answer."""
    question = {"do": "read", "name": name, "places": _PLACES.dump_python(list(places)), "today": today.isoformat()}
    try:
        found = await asked_apart(__name__, question, content, _LISTS)
    except ApartError:
        return Lists(refused="too_much")
    units = {place.code for place in places} | {""}
    ours = all(row.unit in units for sheet in found.sheets.values() for row in sheet.rows)
    return found if ours else Lists(refused="too_much")


async def marked_apart(name: str, content: bytes, marks: Marks, titles: Mark) -> bytes | None:
    """The file with what is wrong beside its rows (``list_file.marked``); None if it cannot be written."""
    question = {"do": "mark", "name": name, "marks": _MARKS.dump_python(marks), "titles": _MARK.dump_python(titles)}
    try:
        return (await asked_apart(__name__, question, content, _MARKED)).content
    except ApartError:
        return None


# --- inside the process -----------------------------------------------------------------------------------------------


def answered(question: Mapping[str, Any], content: bytes) -> bytes:
    """The answer to a question about a file."""
    try:
        if question["do"] == "read":
            places = _PLACES.validate_python(question["places"])
            return _LISTS.dump_json(_read(question["name"], content, places, date.fromisoformat(question["today"])))
        marks, titles = _MARKS.validate_python(question["marks"]), _MARK.validate_python(question["titles"])
        return _MARKED.dump_json(Marked(marked(question["name"], content, marks, titles)))
    except (Refused, MemoryError) as error:
        refused = error.key if isinstance(error, Refused) else "too_much"
        return _LISTS.dump_json(Lists(refused=refused)) if question["do"] == "read" else _MARKED.dump_json(Marked(None))


def _read(name: str, content: bytes, places: Sequence[Place], today: date) -> Lists:
    known, listed = forms(), words()
    wanted = {kind: known[kind] for kind in KINDS}
    found = {}
    for tab, rows in opened(name, content):
        sheet = read_sheet(rows, tab, wanted, places, listed, today)
        if sheet is not None:
            found[tab] = sheet
    if not found:
        return Lists(refused="no_list")
    n = sum(len(sheet.rows) for sheet in found.values())
    if n == 0 or n > MOST_ROWS:
        return Lists(refused="too_many_rows" if n else "nobody")
    return Lists(found)


def words() -> Words:
    """The headings of our own lists, the short names of the questions, and the labels of choices, in every language."""
    ours: dict[str, str] = {}
    choices: dict[str, dict[str, str]] = {}
    for language in languages():
        for key, text in catalogue(language).items():
            if not isinstance(text, str):
                continue
            if key.startswith("reports.list.column."):
                column = key.removeprefix("reports.list.column.")
                ours.setdefault(plain(text), _OURS.get(column, column))
            elif key.startswith("choice."):
                vocabulary, option = key.rsplit(".", 1)
                choices.setdefault(vocabulary, {}).setdefault(plain(text), option)
        voice = Voice(language)
        for kind in KINDS:
            for step in steps(forms()[kind]):
                ours.setdefault(plain(voice(label(forms()[kind], step.name))), step.name)
    return Words(ours, choices)


if __name__ == "__main__":
    answers(answered)
