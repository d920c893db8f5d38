"""The report table (docs/reference/official-report.md) as an Excel file: a row per part of the unit, then its totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.domain.units import VILLAGE
from bot.reports.book import Book, Cell, Column, Heading, Made
from bot.reports.figures import DEFAULTS, Figures, Row
from bot.reports.phrases import instant, place, value, village_labels
from bot.reports.questions import Round, answer_cell
from bot.reports.remarks import NO_REMARKS, Remarks
from bot.texts import Voice

COUNTED = (
    "away_total",
    "away_returned",
    "away_not_returned",
    "away_contacted",
    "away_not_contacted",
    "away_need_support",
    "quarantine_institutional",
    "quarantine_home",
    "f0_under_treatment",
    "f1_followed",
)
_NUMBER_WIDTH = 9.5


def report_table(
    figures: Figures,
    made: Made,
    voice: Voice,
    *,
    parts: Sequence[Figures] = (),
    remarks: Remarks = NO_REMARKS,
    asked: Sequence[Round] = (),
    since: date | None = None,
    timetable: Timetable = DEFAULTS,
    tmpdir: Path | None = None,
) -> bytes:
    """The table of one unit. ``parts``, the figures of its communes, add a second sheet with every village.

    ``remarks`` stand beside the villages that made them. ``asked``, the daily questions of the unit, add a sheet. ``since``,
    the first day of cumulative figures, adds them below.
    """
    book = Book(tmpdir)
    heading = _heading(figures, voice, timetable)
    villages = all(row.unit.level == VILLAGE for row in figures.rows if row.unit.code != figures.unit.code)
    below = _below(figures, since, made, voice)
    _sheet(book, figures, heading, below, voice, "village" if villages else "part", remarks)
    if parts:
        _villages(book, figures, parts, heading, below, voice, remarks)
    if asked:
        _questions(book, asked, heading, below, voice)
    return book.finish()


def _sheet(
    book: Book, figures: Figures, heading: Heading, below: Sequence[str], voice: Voice, second: str, remarks: Remarks
) -> None:
    book.sheet(
        voice.word("reports.sheet.tab_report"),
        heading,
        [_column(voice, "number", 5, True), _column(voice, second, 24), *_counted(voice), _column(voice, "note", 25)],
        (
            [at, voice(place(row.unit)), *_cells(row), _note(row, figures, voice, remarks)]
            for at, row in enumerate(figures.rows, start=1)
        ),
        total=[None, voice.word("reports.sheet.total"), *_sums(figures), None],
        below=below,
        page=voice.word("reports.sheet.page"),
    )


def _villages(
    book: Book,
    figures: Figures,
    parts: Sequence[Figures],
    heading: Heading,
    below: Sequence[str],
    voice: Voice,
    remarks: Remarks,
) -> None:
    def rows() -> Iterator[list[Cell]]:
        own = [(figures, row) for row in figures.rows if row.unit.code == figures.unit.code]
        every = [(part, row) for part in parts for row in part.rows] + own
        for at, (part, row) in enumerate(every, start=1):
            yield [at, voice(place(row.unit)), voice(place(part.unit)), *_cells(row), _note(row, part, voice, remarks)]

    columns = [
        _column(voice, "number", 5, True),
        _column(voice, "village", 22),
        _column(voice, "part_of", 20),
        *_counted(voice),
        _column(voice, "note", 18),
    ]
    book.sheet(
        voice.word("reports.sheet.tab_villages"),
        heading,
        columns,
        rows(),
        total=[None, voice.word("reports.sheet.total"), None, *_sums(figures), None],
        below=below,
        page=voice.word("reports.sheet.page"),
        frozen=3,
    )


def _questions(book: Book, asked: Sequence[Round], heading: Heading, below: Sequence[str], voice: Voice) -> None:
    """The daily questions, a column for each; who has not answered has an empty cell, and is named in the remark."""
    units = {unit.code: unit for one in asked for unit in one.standing.units}

    def rows() -> Iterator[list[Cell]]:
        for at, unit in enumerate(units.values(), start=1):
            open_ = [one.question.text for one in asked if unit in one.standing.missing]
            note = voice(Say("question.sheet.without", texts="; ".join(open_))) if open_ else None
            yield [at, voice(place(unit)), *(answer_cell(one, unit.code, voice) for one in asked), note]

    book.sheet(
        voice.word("question.sheet.counters"),
        heading,
        [
            _column(voice, "number", 5, True),
            Column(voice.word("question.sheet.unit"), 24),
            *(Column(one.question.text, 18) for one in asked),
            _column(voice, "note", 30),
        ],
        rows(),
        total=[None, voice.word("reports.sheet.total"), *(one.standing.total for one in asked), None],
        below=below[-1:],
        page=voice.word("reports.sheet.page"),
    )


def _heading(figures: Figures, voice: Voice, timetable: Timetable) -> Heading:
    until = min(figures.as_of, timetable.due(figures.days.last))
    return Heading(
        unit=figures.unit.name.upper(),
        title=voice.word("reports.sheet.title"),
        under=voice(Say("reports.sheet.day", day=figures.report_day, until=instant(until))),
        counted=voice(Say("reports.sheet.reported", a=figures.reported, b=figures.expected, labels=village_labels(figures))),
    )


def _column(voice: Voice, key: str, width: float, centred: bool = False) -> Column:
    return Column(voice.word(f"reports.sheet.{key}"), width, centred)


def _counted(voice: Voice) -> list[Column]:
    return [_column(voice, key, _NUMBER_WIDTH) for key in COUNTED]


def _cells(row: Row) -> list[Cell]:
    return [row.totals[key] for key in COUNTED]


def _sums(figures: Figures) -> list[Cell]:
    return [figures.totals[key] for key in COUNTED]


def _note(row: Row, figures: Figures, voice: Voice, remarks: Remarks) -> str:
    standing = stands(row, figures, voice)
    said = [voice(remark) for remark in remarks.get(row.unit.code, ())]
    return "; ".join([standing, *said] if standing else said)


def stands(row: Row, figures: Figures, voice: Voice) -> str:
    """Whether a row has reported, as its remark says it; nothing where there is nothing to remark."""
    if row.unit.code == figures.unit.code and row.expected == 0:
        return voice.word("reports.sheet.own")
    if row.unit.level == VILLAGE:
        if row.missing:
            return voice.word("reports.sheet.not_reported")
        return voice.word("reports.sheet.reported_late") if row.on_time < row.reported else ""
    if row.expected == 0:
        return voice.word("reports.sheet.no_villages")
    if row.silent:
        return voice.word("reports.sheet.not_reported")
    return voice(Say("reports.sheet.parts_reported", k=row.reported, m=row.expected))


def _below(figures: Figures, since: date | None, made: Made, voice: Voice) -> list[str]:
    lines = [voice.word("reports.sheet.explained"), voice(made.line())]
    if since is not None:
        a, b = (value(key, figures) for key in ("returnees_new", "returnees_total"))
        lines.insert(0, voice(Say("reports.digest.returnees", a=a, b=b, since=Say("reports.since", day=since))))
    return lines
