"""A template as it is read from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.reports.own_table.finding import Located, headed, lines, locate
from bot.reports.own_table.grid import Grid
from bot.reports.own_table.headings import normal
from bot.reports.own_table.outline import outlined
from bot.reports.own_table.package import notices, open_book
from bot.reports.own_table.places import Names, Unit, is_total, line_key
from bot.reports.own_table.template import Field, Line, Notice, Refused, Template

_BETWEEN = " > "


def read(content: bytes, units: Sequence[Unit] = (), sheet: str | None = None) -> Template | Refused:
    """The table of the file, or why there is none. Never raises for what a file holds.

    Several sheets may hold a table; unless ``sheet`` says which, the only one with known units is taken, or
    ``which_sheet`` is refused with their names. Other refusals are those of ``open_book``, and ``no_table``,
    ``no_headings``, ``no_sheet``.
    """
    book = open_book(content)
    if isinstance(book, Refused):
        return book
    found = locate_in(book, Names(units), sheet)
    if isinstance(found, Refused):
        return found
    template = template_of(found, Names(units), book)
    said = (*notices(content), *_said(template, book[template.sheet]))
    return Template(**{**vars(template), "notices": said})


def locate_in(book: Workbook, names: Names, sheet: str | None) -> Located | Refused:
    """Where in the workbook the table is. Refuses as ``read`` does."""
    if sheet is not None and sheet not in book.sheetnames:
        return Refused("no_sheet", {"sheet": sheet})
    sheets = [book[sheet]] if sheet is not None else [one for one in book.worksheets if one.sheet_state == "visible"]
    tables = [(one, found) for one in sheets if isinstance(one, Worksheet) and (found := _located(one, names)) is not None]
    best = [(one, found) for one, found in tables if found.known] or tables
    if not best:
        return Refused("no_table")
    if len(best) > 1:
        return Refused("which_sheet", {"n": len(best)}, tuple(one.title for one, _ in best))
    found = best[0][1]
    return found if any(headed(found)) else Refused("no_headings")


def template_of(found: Located, names: Names, book: Workbook) -> Template:
    """The table, without what there is to know about the file."""
    sheet = found.grid.sheet
    places = [(at, name) for at, name in lines(found, names)]
    rows = [at for at, name in places if not is_total(name)]
    return Template(
        sheet=sheet.title,
        across=found.grid.across,
        titles=tuple(_titles(found)),
        fields=tuple(_fields(found, rows)),
        lines=tuple(_lines(found, places)),
        other_sheets=tuple(name for name in book.sheetnames if name != sheet.title),
    )


def _located(sheet: Worksheet, names: Names) -> Located | None:
    """The table with the units below each other or side by side, whichever names more of them."""
    upright = Grid(sheet)
    both = [found for grid in (upright, upright.turned()) if (found := locate(grid, names)) is not None]
    return max(both, key=lambda found: found.known, default=None)


def _fields(found: Located, rows: Sequence[int]) -> Iterator[Field]:
    grid, seen = found.grid, Counter[str]()
    hidden = grid.hidden("columns")
    columns = list(headed(found))
    if grid.across:
        columns = list(outlined(columns))
    for at, path, number in columns:
        formula = bool(rows) and all(grid.is_formula(row, at) for row in rows)
        yield Field(_unique(_BETWEEN.join(map(normal, path)), seen), at, path, number, at in hidden, formula)


def _lines(found: Located, places: Sequence[tuple[int, str]]) -> Iterator[Line]:
    grid, seen = found.grid, Counter[str]()
    hidden, columns = grid.hidden("rows"), [at for at, _, _ in headed(found)]
    for at, name in places:
        formula = any(grid.is_formula(at, column) for column in columns) and not any(
            grid.own(at, column) and not grid.is_formula(at, column) for column in columns
        )
        yield Line(_unique(line_key(name), seen), at, name, is_total(name), at in hidden, formula)


def _unique(key: str, seen: Counter[str]) -> str:
    """The key, with a number behind it if it was there before."""
    seen[key] += 1
    return key if seen[key] == 1 else f"{key} #{seen[key]}"


def _titles(found: Located) -> Iterator[str]:
    grid = found.grid.turned() if found.grid.across else found.grid
    last = found.units - 1 if found.grid.across else found.top - 1
    for row in range(1, last + 1):
        yield from (text for column in range(1, grid.columns + 1) if (text := grid.own(row, column)))


def _said(template: Template, sheet: Worksheet) -> Iterator[Notice]:
    if hidden := sum(one.hidden for one in template.fields):
        yield Notice("hidden_rows" if template.across else "hidden_columns", {"n": hidden})
    if sheet.protection.sheet:
        yield Notice("protected")
    if any(one.formula for one in template.fields) or any(one.formula for one in template.lines):
        yield Notice("formulas")
