"""Lists of people as Excel files: a sheet for those who returned, those who are away, the contacts, and the cases.

The columns of the returnees are those of the official list (docs/reference/official-report.md). Tests and the last day of
isolation come from the rest of a person's file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.conversation.words import Param, Say
from bot.domain.due import RESULT, SAMPLE, negatives_of
from bot.domain.isolation import released_on
from bot.domain.person import CaseClassification
from bot.domain.phones import show_phone
from bot.domain.plans import current
from bot.domain.units import VILLAGE, OrgUnit, Tree
from bot.domain.vietnamese import given_name_key
from bot.reports.book import Book, Cell, Column, Heading, Made
from bot.reports.opening_words import opening_line
from bot.reports.phrases import instant, place
from bot.storage.openings import Balance
from bot.storage.records import Record
from bot.texts import Voice, show_date

CASE = "f0"
_OPTION = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True)
class _Reader:
    """For whom a list is written, and about which unit."""

    voice: Voice
    tree: Tree
    unit: OrgUnit
    files: Mapping[str, Sequence[Record]]

    def file(self, record: Record) -> Sequence[Record]:
        return self.files.get(record.person_id or "", ())

    def said(self, key: str, **params: Param) -> str:
        return self.voice(Say(f"reports.list.cell.{key}", **params))

    def village(self, code: str) -> str:
        """The village, with its commune in a list that spans several."""
        unit = self.tree.get(code)
        if unit is None:
            return code
        above = self.tree.get(unit.parent) if unit.parent is not None else None
        if unit.level != VILLAGE or above is None or self.tree.within(self.unit.code, above.code):
            return self.voice(place(unit))
        return self.voice(Say("reports.village_of", village=place(unit), unit=place(above)))


Read = Callable[[Record, _Reader], Cell]


def _text(field: str) -> Read:
    def read(record: Record, _reader: _Reader) -> Cell:
        found = record.body.get(field)
        return found if isinstance(found, int) and not isinstance(found, bool) else str(found or "")

    return read


def _day(field: str) -> Read:
    return lambda record, _reader: _shown_day(record.body.get(field))


def _option(field: str, vocabulary: str) -> Read:
    return lambda record, reader: _shown_option(record.body.get(field), vocabulary, reader)


def _yes_no(field: str) -> Read:
    def read(record: Record, reader: _Reader) -> Cell:
        found = record.body.get(field)
        return "" if found is None else reader.voice.word("choice.bool.yes" if found else "choice.bool.no")

    return read


def _shown_day(stored: Any) -> str:
    try:
        return show_date(date.fromisoformat(stored)) if stored else ""
    except ValueError:
        return str(stored)


def _shown_option(stored: Any, vocabulary: str, reader: _Reader) -> str:
    if not stored:
        return ""
    if not _OPTION.fullmatch(str(stored)):
        return str(stored)
    return reader.voice(Say(f"choice.{vocabulary}.{stored}|reports.as_written", value=str(stored)))


def _phone(record: Record, _reader: _Reader) -> Cell:
    found = record.body.get("phone")
    return show_phone(found) if found else ""


def _village(record: Record, reader: _Reader) -> Cell:
    return reader.village(record.unit)


def _address(record: Record, reader: _Reader) -> Cell:
    household, address = record.body.get("household"), record.body.get("address")
    parts = [reader.said("household", name=str(household))] if household else []
    return ", ".join([*parts, str(address)] if address else parts)


def _vaccine(record: Record, reader: _Reader) -> Cell:
    doses = _shown_option(record.body.get("doses"), "doses", reader)
    day = _shown_day(record.body.get("last_dose_on"))
    return reader.said("dose_and_day", doses=doses, day=day) if doses and day else doses


def _tests(record: Record, reader: _Reader) -> Cell:
    """Every sample with its day and result, oldest first."""
    file = reader.file(record)
    results = {one.follows: one.body["result"] for one in file if one.kind == RESULT}
    return "; ".join(
        reader.said(
            "test",
            kind=_shown_option(one.body["test_kind"], "sample_kind", reader),
            day=_shown_day(one.body["taken_on"]),
            result=_shown_option(results.get(one.id, one.body["result"]), "sample_result", reader),
        )
        for one in file
        if one.kind == SAMPLE
    )


def _isolated_until(record: Record, reader: _Reader) -> Cell:
    """The last day of isolation as it is planned now; nothing where no plan says one."""
    file = reader.file(record)
    found = current(file)
    if found is None or found[1].plan is None:
        return ""
    until = released_on(found[1].plan, negatives_of(file))
    return show_date(until) if until else ""


def _source_case(record: Record, reader: _Reader) -> Cell:
    code = record.body.get("source_case")
    return reader.said("source_case", code=str(code)) if code else ""


def _source(record: Record, reader: _Reader) -> Cell:
    return _source_case(record, reader) or str(record.body.get("source") or "")


def _note(record: Record, reader: _Reader) -> Cell:
    notes = [str(record.body["note"])] if record.body.get("note") else []
    if record.body.get("recovered") is True:
        notes.append(reader.said("recovered"))
    if record.body.get("health_declared") is False:
        notes.append(reader.said("not_declared"))
    return "; ".join(notes)


@dataclass(frozen=True)
class _Field:
    key: str
    width: float
    read: Read
    centred: bool = False


_WHO = (
    _Field("full_name", 21, _text("full_name")),
    _Field("birth_year", 6.5, _text("birth_year"), True),
    _Field("sex", 6.5, _option("sex", "sex"), True),
)
_REACHED = (
    _Field("phone", 12.5, _phone, True),
    _Field("village", 13, _village),
    _Field("address", 14, _address),
)
_VACCINE = _Field("vaccine", 10.5, _vaccine)
_NOTE = _Field("note", 14, _note)
_CODE = _Field("code", 11.5, lambda record, _reader: record.id, True)  # by which a list that comes back is recognised

SHEETS: Mapping[str, tuple[_Field, ...]] = {
    "returnee": (
        *_WHO,
        _Field("national_id", 13, _text("national_id"), True),
        *_REACHED,
        _Field("came_from", 14, _text("came_from")),
        _Field("arrived_on", 10.5, _day("arrived_on"), True),
        _Field("transport", 9, _option("transport", "transport")),
        _VACCINE,
        _Field("test", 16, _tests),
        _Field("quarantine_type", 11.5, _option("quarantine_type", "quarantine_type")),
        _Field("quarantine_from", 10.5, _day("quarantine_from"), True),
        _Field("quarantine_to", 10.5, _isolated_until, True),
        _NOTE,
        _Field("health_declared", 8, _yes_no("health_declared"), True),
        _CODE,
    ),
    "absence": (
        *_WHO,
        *_REACHED,
        _Field("group", 13, _option("group", "absence_group")),
        _Field("now_at", 18, _text("now_at")),
        _Field("expected_return", 10.5, _day("expected_return"), True),
        _Field("returned", 7, _yes_no("returned"), True),
        _Field("contacted", 8, _yes_no("contacted"), True),
        _Field("needs_support", 8, _yes_no("needs_support"), True),
        _Field("support_note", 18, _text("support_note")),
        _VACCINE,
        _NOTE,
        _CODE,
    ),
    "contact": (
        *_WHO,
        *_REACHED,
        _Field("source_case", 14, _source_case),
        _Field("exposure_type", 20, _option("exposure_type", "exposure_type")),
        _Field("last_contact_on", 10.5, _day("last_contact_on"), True),
        _Field("contact_place", 14, _text("contact_place")),
        _VACCINE,
        _Field("quarantine_type", 11.5, _option("quarantine_type", "quarantine_type")),
        _Field("quarantine_from", 10.5, _day("quarantine_from"), True),
        _NOTE,
        _CODE,
    ),
    "f0": (
        *_WHO,
        *_REACHED,
        _Field("classification", 13, _option("classification", "case_classification")),
        _Field("detected_on", 10.5, _day("detected_on"), True),
        _Field("test_kind", 11, _text("test_kind")),
        _Field("place", 16, _option("quarantine_type", "quarantine_type")),
        _Field("source", 20, _source),
        _NOTE,
        _CODE,
    ),
}


BALANCES: Mapping[str, str] = {
    "returnee": "returnees_total",
    "absence": "away_total",
    "contact": "f1_followed",
    "f0": "f0_under_treatment",
    "f0_suspected": "f0_suspected",
}
"""The figure whose opening balances stand below a sheet: they are counted, and no name stands for them."""


def people_workbook(
    people: Mapping[str, Sequence[Record]],
    unit: OrgUnit,
    tree: Tree,
    as_of: datetime,
    made: Made,
    voice: Voice,
    *,
    before: Sequence[Balance] = (),
    files: Mapping[str, Sequence[Record]] | None = None,
    tmpdir: Path | None = None,
) -> bytes:
    """A sheet for each kind in ``people``, one row a record, by village in order of the tree, then by given name.

    Cases have two sheets, so that each is as long as a figure: a suspected case is counted apart from the confirmed ones.
    ``before`` are the opening balances there; ``files`` is all that stands recorded about each person.
    Raises KeyError for a kind without columns.
    """
    book = Book(tmpdir)
    reader = _Reader(voice, tree, unit, files or {})
    for sheet, fields, records in _sheets(people):
        number = Column(voice.word("reports.list.column.number"), 5, True)
        book.sheet(
            voice.word(f"reports.list.tab.{sheet}"),
            Heading(
                unit=unit.name.upper(),
                title=voice.word(f"reports.list.title.{sheet}"),
                under=voice(Say("reports.list.as_of", until=instant(as_of))),
                counted=voice(Say("reports.list.count", n=len(records))),
            ),
            [number, *(Column(voice.word(f"reports.list.column.{f.key}"), f.width, f.centred) for f in fields)],
            _rows(records, fields, reader),
            below=[
                *(voice(opening_line(one, tree, unit.code)) for one in before if one.indicator == BALANCES[sheet]),
                voice(made.line()),
            ],
            page=voice.word("reports.sheet.page"),
            filtered=True,
        )
    return book.finish()


def _sheets(people: Mapping[str, Sequence[Record]]) -> Iterator[tuple[str, tuple[_Field, ...], Sequence[Record]]]:
    for kind, records in people.items():
        fields = SHEETS[kind]
        if kind != CASE:
            yield kind, fields, records
            continue
        yield kind, fields, [record for record in records if not _suspected(record)]
        yield f"{kind}_suspected", fields, [record for record in records if _suspected(record)]


def _suspected(record: Record) -> bool:
    return bool(record.body.get("classification") != CaseClassification.CONFIRMED)


def _rows(records: Sequence[Record], fields: Sequence[_Field], reader: _Reader) -> Iterator[list[Cell]]:
    order = {unit.code: at for at, unit in enumerate(reader.tree.subtree(reader.unit.code))}

    def key(record: Record) -> tuple[Any, ...]:
        name = str(record.body.get("full_name") or "")
        return order.get(record.unit, len(order)), record.unit, given_name_key(name), record.id

    for number, record in enumerate(sorted(records, key=key), start=1):
        yield [number, *(field.read(record, reader) for field in fields)]
