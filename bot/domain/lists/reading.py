"""From the rows of a sheet to answers, person by person, each with what is wrong about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from bot.conversation.draft import Json
from bot.conversation.engine import problem
from bot.conversation.form import Form, Step, relevant_steps, steps
from bot.conversation.words import Param
from bot.domain.lists.columns import Cells, Heading, heading_of, is_no_row, kind_of, loaded, plain
from bot.domain.paste.cells import cell_answers
from bot.domain.vietnamese import fold, tidy

FORMULA = "="
"""The cell of a formula whose value the file does not hold."""

_DAY_AT_END = re.compile(r"(.*?)[\s,;(]+([0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2,4})?)\)?", re.DOTALL)
_CODE = re.compile(r"[0-9A-Z]{10}")
_WHOLE_DAY = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-]([0-9]{4})")
_WITHOUT_ZERO = re.compile(r"[1-9][0-9]{8}")  # a spreadsheet takes a phone for a number
_WITHOUT_YEAR = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}")
_FAR_OFF = 180  # days
_SEXED = {"male_year": "male", "female_year": "female"}


@dataclass(frozen=True)
class Place:
    """A village for which the sender reports, with what it is called."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """``ours``: the headings of our own lists, plain -> field. ``choices``: by vocabulary, the plain label -> the choice."""

    ours: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one answer: the question, the key of the sentence and its parameters."""

    field: str
    key: str
    params: Mapping[str, str | int]


@dataclass(frozen=True)
class Row:
    """One person. ``number``: the row in the sheet, from 0. ``unit`` is "" where it is not said or not known."""

    number: int
    code: str
    unit: str
    answers: Mapping[str, Json]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Sheet:
    """A list. ``heading`` is the last row of its heading, ``code_at`` the column of the codes, if it has one."""

    form: str
    heading: int
    code_at: int | None
    rows: tuple[Row, ...]


def read_sheet(
    rows: Sequence[Cells],
    tab: str,
    forms: Mapping[str, type[Form]],
    places: Sequence[Place],
    words: Words,
    today: date,
) -> Sheet | None:
    """The list of a sheet; None if there is none, or if nothing says which of these reports it is.

    ``tab`` is what the sheet is called. ``places``: the villages for which the sender reports; of a single one it need not be
    said. A cell is text as it is shown, ``FORMULA`` if it has no value.
    """
    heading = heading_of(rows, words.ours)
    if heading is None:
        return None
    fields = {name: frozenset(step.name for step in steps(form)) for name, form in forms.items()}
    kind = kind_of(_meant(heading.columns), f"{fold(tab)} {heading.above}", fields)
    if kind is None:
        return None
    reader = _Reader(forms[kind], heading, places, words, today)
    code_at = heading.columns.index("code") if "code" in heading.columns else None
    return Sheet(kind, heading.row, code_at, tuple(reader.read(rows)))


def _meant(columns: Sequence[str | None]) -> list[str | None]:
    return [{"male_year": "sex", "female_year": "sex"}.get(one or "", one) for one in columns]


class _Reader:
    def __init__(self, form: type[Form], heading: Heading, places: Sequence[Place], words: Words, today: date) -> None:
        self._form = form
        self._heading = heading
        self._places = _Villages(places)
        self._only = places[0].code if len(places) == 1 else ""
        self._words = words
        self._today = today
        self._bare = form.partial and "number" not in heading.columns  # a name alone may be somebody

    def read(self, rows: Sequence[Cells]) -> Iterator[Row]:
        below = ""  # the village that a row of its own names
        header = [plain(cell) for cell in rows[self._heading.row]]
        for number in range(self._heading.row + 1, len(rows)):
            row = rows[number]
            said = self._said(row)
            filled = [cell for cell in row if cell.strip()]
            if not filled or is_no_row(row, said.get("full_name", ""), said.get("number", "")):
                continue
            if [plain(cell) for cell in row] == header or (set(said) == {"full_name"} and not self._bare):
                continue  # the heading of another page; whoever made the list
            if "full_name" not in said and len([name for name in said if name != "number"]) < 2:
                below = self._places.find(filled[0]) or below if len(filled) == 1 else below
                continue
            yield self._row(number, said, below)

    def _said(self, row: Cells) -> dict[str, str]:
        said: dict[str, str] = {}
        for column, cell in zip(self._heading.columns, row, strict=False):
            text = " ".join(cell.split())
            if not column or not text:
                continue
            if column in _SEXED:
                said["sex"] = _SEXED[column]
                if any(c.isdigit() for c in text):
                    said["birth_year"] = text
            else:
                said.setdefault(column, text)
        return said

    def _row(self, number: int, said: Mapping[str, str], below: str) -> Row:
        unit, faults = self._unit(said, below)
        answers: dict[str, Json] = {}
        told = self._spread(said)
        for step in steps(self._form):
            if step.name not in told or not step.relevant(answers):
                continue
            try:
                answers[step.name] = self._answer(step, told[step.name], answers)
            except _Wrong as wrong:
                faults.append(wrong.fault)
        wrong_ones = {fault.field for fault in faults}
        faults += [Fault(name, "lists.missing", {}) for name in _missing(self._form, answers) if name not in wrong_ones]
        return Row(number, said.get("code", ""), unit, answers, tuple(faults))

    def _unit(self, said: Mapping[str, str], below: str) -> tuple[str, list[Fault]]:
        if "village" not in said:
            unit = below or self._only
            return unit, [] if unit else [Fault("village", "lists.missing", {})]
        unit = self._places.find(said["village"].split(",")[0])
        return unit, [] if unit else [Fault("village", "lists.no_village", {"name": said["village"][:60]})]

    def _spread(self, said: Mapping[str, str]) -> dict[str, str]:
        """The cells by question, where one cell answers two or says it in its own way."""
        told = dict(said)
        words = loaded()["words"]
        address = tidy(said.get("address", ""))
        prefix = next((one for one in words["household"] if fold(address).startswith(one)), None)
        if "household" not in told and prefix is not None:
            told["household"] = address[len(prefix) :].split(",")[0]
        if "last_dose_on" not in told and (both := _DAY_AT_END.fullmatch(said.get("doses", ""))) and both[1]:
            told["doses"], told["last_dose_on"] = both[1], both[2]
        for column in ("source", "source_case"):
            word, _, code = said.get(column, "").partition(" ")
            if f"{fold(word)} " in words["case"] and _CODE.fullmatch(code):
                told["source_case"] = code
        if day := _WHOLE_DAY.fullmatch(told.get("birth_year", "")):
            told["birth_year"] = day[1]
        if _WITHOUT_ZERO.fullmatch(told.get("phone", "")):
            told["phone"] = "0" + told["phone"]
        if "support_note" in told:
            told.setdefault("needs_support", words["yes"][0])
        return told

    def _answer(self, step: Step, cell: str, answers: Mapping[str, Json]) -> Json:
        """Raises _Wrong."""
        if cell.startswith(FORMULA):
            raise _Wrong(Fault(step.name, "lists.formula", {}))
        value: Json = cell
        if step.options:
            value = self._chosen(step, cell)
            if value is None:
                raise _Wrong(Fault(step.name, "lists.no_choice", {"text": cell[:60]}))
        try:
            found = step.read(value, self._today, answers)
            if _WITHOUT_YEAR.fullmatch(cell) and self._is_far_off(found):
                raise _Wrong(Fault(step.name, "lists.which_year", {}))
            return found
        except ValidationError as error:
            said = problem(error, step)
            raise _Wrong(Fault(step.name, said.key, {name: _plain_param(one) for name, one in said.params.items()})) from None

    def _is_far_off(self, found: Json) -> bool:
        """Whether a day without a year was taken for one of another year, which nobody wrote."""
        return isinstance(found, str) and abs((self._today - date.fromisoformat(found)).days) > _FAR_OFF

    def _chosen(self, step: Step, cell: str) -> Json:
        """The choice that a cell names: by its label, by yes and no, or in words as they are read in a text."""
        word = plain(cell)
        choices = self._words.choices.get(step.vocabulary, {})
        if cell in step.options:
            return cell
        if word in choices:
            return choices[word]
        if step.vocabulary == "choice.bool":
            known = loaded()["words"]
            if word in known["yes"]:
                return "yes"
            if word in known["no"]:
                return "no"
        for heading in loaded()["fields"].get(step.name, ()):
            found = cell_answers(heading, cell, self._form.name, self._today)
            if step.name in found:
                stored = found[step.name]
                return ("yes" if stored else "no") if isinstance(stored, bool) else stored
        return None


class _Wrong(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.key)
        self.fault = fault


def _plain_param(value: Param) -> str | int:
    return value if isinstance(value, int) else str(value)


def _missing(form: type[Form], answers: Mapping[str, Json]) -> list[str]:
    """What must be there before it can be filed; of a form that is completed later, only what it cannot do without."""
    left = [step for step in relevant_steps(form, answers) if step.name not in answers and not step.may_skip]
    return [step.name for step in left if not form.partial or form.model_fields[step.name].is_required()]


class _Villages:
    """Finds a village by what it is called, with or without "thôn"; a name that two bear means none."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._names = _unique((_place(name), place.code) for place in places for name in place.names)
        self._bare = _unique((_bare(name), place.code) for place in places for name in place.names)

    def find(self, written: str) -> str:
        """The code; "" if there is none. A number alone is none: "Thôn 3" and "Tiểu khu 3" are two."""
        bare = _bare(written)
        return self._names.get(_place(written)) or (self._bare.get(bare, "") if not bare.isdigit() else "")


def _unique(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, code in names:
        found.setdefault(name, set()).add(code)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _place(name: str) -> str:
    """A village's name as it is compared: without what stands in brackets, "03" as "3"."""
    words = plain(re.sub(r"\([^()]*\)", " ", name)).split()
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


def _bare(name: str) -> str:
    compared = _place(name)
    labels = (plain(label) for label in loaded()["fields"]["village"])
    return next((compared.removeprefix(f"{label} ") for label in labels if compared.startswith(f"{label} ")), compared)
