"""Whom a unit's own table may list, and the figures of a day as it takes them: what is not known is absent, and never 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.deadlines import Timetable
from bot.domain.indicators import flows
from bot.domain.units import VILLAGE, OrgUnit, Tree
from bot.reports.counters import TARGET
from bot.reports.figures import Figures, Known, Row, roll_up
from bot.reports.own_look import Scopes
from bot.reports.own_table import CODE, NOTE, TableMap, Unit, Values
from bot.reports.phrases import place
from bot.reports.questions import Round, answer_cell
from bot.reports.remarks import NO_REMARKS, Remarks
from bot.reports.workbook import stands
from bot.texts import Voice


@dataclass(frozen=True)
class Told:
    """``values`` by unit and target. ``silent``: units of the table without a report. ``gone``: its rows that are no unit.

    ``unanswered``: of the daily questions that fill a column, those that not every unit of the table has answered.
    """

    values: Values
    silent: Sequence[OrgUnit] = ()
    gone: Sequence[str] = field(default_factory=tuple)
    unanswered: Sequence[tuple[str, Sequence[OrgUnit]]] = ()


def told(
    tree: Tree,
    unit: str,
    table: TableMap,
    known: Known,
    timetable: Timetable,
    remarks: Remarks = NO_REMARKS,
    asked: Sequence[Round] = (),
) -> Told:
    """What is known of every unit that the table names, from what a digest was made from.

    Of a unit of which no village has reported, a stock is that of the register, and a count of the window is known only
    where something was recorded.
    """
    values: dict[str, dict[str, int | str]] = {}
    silent, gone = [], []
    for row in table.rows:
        if row.unit is None:
            continue
        if not tree.within(row.unit, unit):
            gone.append(row.name)
            continue
        figures = roll_up(tree, row.unit, known, timetable)
        values[row.unit] = {key: n for key, n in figures.totals.items() if n or not (figures.silent and key in flows())}
        values[row.unit][CODE] = row.unit
        if row.unit != unit:
            if figures.silent:
                silent.append(tree[row.unit])
            if note := _note(figures, remarks):
                values[row.unit][NOTE] = note
    used = {column.target for column in table.columns}
    filling = [one for one in asked if TARGET + one.question.id in used]
    for one in filling:
        _answered(one, unit, values)
    unanswered = [
        (one.question.text, missing)
        for one in filling
        if (missing := [part for part in one.standing.missing if part.code in values])
    ]
    return Told(values, tuple(silent), tuple(gone), unanswered)


def _answered(one: Round, unit: str, values: dict[str, dict[str, int | str]]) -> None:
    """What was answered, unit by unit; for the whole the sum, once nobody is missing."""
    for code, known in values.items():
        cell = answer_cell(one, code, Voice("vi"))
        if code == unit:
            cell = one.standing.total if not one.standing.missing else None
        if cell is not None:
            known[TARGET + one.question.id] = cell


def _note(figures: Figures, remarks: Remarks) -> str:
    voice, unit = Voice("vi"), figures.unit
    row = Row(unit, figures.totals, figures.expected, figures.reported, figures.on_time, figures.missing)
    standing = stands(row, figures, voice) if unit.level == VILLAGE or figures.expected else ""
    return "; ".join([*([standing] if standing else []), *(voice(remark) for remark in remarks.get(unit.code, ()))])


def scopes(tree: Tree, units: Sequence[str]) -> Scopes:
    """Whom tables of these units may list: their parts; or everything below; or the unit itself among its neighbours."""
    return {unit: list(_scopes(tree, unit)) for unit in units}


def _scopes(tree: Tree, unit: str) -> Iterator[list[Unit]]:
    children = [_named(tree, one.code) for one in tree.children(unit)]
    yield children
    below = [_named(tree, one.code) for one in tree.subtree(unit) if one.code != unit]
    if len(below) > len(children):
        yield below
    yield [_named(tree, unit)]


def _named(tree: Tree, code: str) -> Unit:
    return Unit(code, tuple(dict.fromkeys((tree[code].name, Voice("vi")(place(tree[code]))))))
