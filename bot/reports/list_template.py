"""An empty list for every report of which there are lists: to be filled in and sent back (``domain.lists``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.conversation.form import Step, label, steps
from bot.domain.units import OrgUnit
from bot.forms import forms
from bot.reports.book import Book, Cell, Column, Heading
from bot.reports.list_process import KINDS
from bot.texts import Voice, show_date

EMPTY_ROWS = 100
_LOOKED_UP = frozenset({"source_case"})  # nobody knows the code of a case by heart


def template(unit: OrgUnit, today: date, voice: Voice) -> bytes:
    """A sheet for each report: the questions as columns, an invented example, and empty rows whose cells are text."""
    book = Book()
    for kind in KINDS:
        form = forms()[kind]
        asked = [step for step in steps(form) if step.name not in _LOOKED_UP]
        columns = [
            Column(voice.word("reports.list.column.number"), 7),
            *(Column(voice(label(form, step.name)), _width(step), choices=_choices(step, voice)) for step in asked),
            Column(voice.word("reports.list.column.village"), 16),
        ]
        book.sheet(
            voice.word(f"reports.list.tab.{kind}"),
            Heading(
                unit=unit.name.upper(),
                title=voice.word(f"reports.list.title.{kind}"),
                under=voice.word("lists.template.under"),
                counted=voice.word("lists.template.counted"),
            ),
            columns,
            [_example(asked, today, voice), *([None] * len(columns) for _ in range(EMPTY_ROWS))],
        )
    return book.finish()


def _width(step: Step) -> float:
    return 20 if step.name in ("full_name", "household", "came_from", "now_at", "quarantine_type") else 13


def _choices(step: Step, voice: Voice) -> tuple[str, ...]:
    return tuple(voice.word(f"{step.vocabulary}.{option}") for option in step.options)


def _example(asked: Sequence[Step], today: date, voice: Voice) -> list[Cell]:
    cells: list[Cell] = [voice.word("lists.example.number")]
    answers: dict[str, str | bool] = {}
    for step in asked:
        if not step.relevant(answers):
            cells.append(None)
        elif step.options:
            answers[step.name] = True if step.vocabulary == "choice.bool" else step.options[0]
            cells.append(_choices(step, voice)[0])
        elif step.name.endswith("_on") or step.name == "quarantine_from":
            cells.append(show_date(today - timedelta(days=1)))
        else:
            cells.append(voice.word(f"lists.example.{step.name}"))
    return [*cells, voice.word("lists.template.village")]
