"""A list of opening balances, row by row: what may be stored, and what speaks against the rest. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from bot.conversation.draft import Json
from bot.conversation.engine import problem
from bot.conversation.form import Form, Step, steps
from bot.conversation.words import Say
from bot.domain.units import COMMUNE, VILLAGE, Tree
from bot.domain.vietnamese import fold

UNIT = "unit_code"


@dataclass(frozen=True)
class Row:
    """``number``: the row of the file, from 1. ``answers`` are those of the form."""

    number: int
    unit: str
    answers: Mapping[str, Json]


@dataclass(frozen=True)
class Fault:
    number: int
    column: str
    what: Say


@dataclass(frozen=True)
class Read:
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read(rows: Sequence[Sequence[str]], form: type[Form], labels: Mapping[str, str], tree: Tree, today: date) -> Read:
    """The first row that is not empty names the columns: ``unit_code`` and the form's questions, in any order.

    ``labels`` are other names of a choice, folded: "f0 khoi" for "f0_recovered".
    """
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        return Read((), (Fault(1, "", Say("admin.import.empty_file")),))
    (at, head), *rest = filled
    columns = [cell.strip().lower() for cell in head]
    wanted = [UNIT, *(step.name for step in steps(form))]
    if missing := [Fault(at, name, Say("admin.openings.missing_column")) for name in wanted if name not in columns]:
        return Read((), tuple(missing))
    good, faults, seen = [], [], set[tuple[str, Json]]()
    for number, cells in rest:
        values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        row, wrong = _row(number, values, form, labels, tree, today)
        place = (row.unit, row.answers.get("indicator"))
        if not wrong and place in seen:
            wrong = [Fault(number, UNIT, Say("admin.openings.twice"))]
        seen.add(place)
        faults += wrong
        if not wrong:
            good.append(row)
    return Read(tuple(good), tuple(faults))


def _row(
    number: int, values: Mapping[str, str], form: type[Form], labels: Mapping[str, str], tree: Tree, today: date
) -> tuple[Row, list[Fault]]:
    code = values.get(UNIT, "")
    faults = []
    if code not in tree or tree[code].level not in (VILLAGE, COMMUNE):
        faults.append(Fault(number, UNIT, Say("admin.openings.no_unit", code=code[:30])))
    answers: dict[str, Json] = {}
    for step in steps(form):
        value = values.get(step.name, "")
        value = labels.get(fold(value), value) if step.options else value
        faults += _answer(number, step, value, today, answers)
    return Row(number, code, answers), faults


def _answer(number: int, step: Step, value: str, today: date, answers: dict[str, Json]) -> Iterator[Fault]:
    try:
        answers[step.name] = step.read(value, today, answers)
    except ValidationError as error:
        yield Fault(number, step.name, problem(error, step))
