"""Where on a sheet the table is: the column of the units, the headings above it, the rows below them.

Written for units one below the other; for units side by side the grid is turned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reports.own_table.grid import Grid
from bot.reports.own_table.places import Names, has_words, is_one_of, is_total, starts_with

_NUMBER = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,2})*[a-z]?|[A-Za-z]|[IVX]{1,4})[)\].]?(?: ?[=+-] ?\(?\d.*)?|=.*|[-+*]")
_SECTION = re.compile(r"(?:[IVX]{1,4}|[A-D])[.)]?")
_LEAST_UNITS = 2
_WIDEST_HEAD = 3  # columns; what is wider above the units is a title
_MOSTLY = 0.7
_MOST_GAP = 2  # empty rows or columns that end a table


@dataclass(frozen=True)
class Located:
    """``units``: the column that names them; ``top`` to ``bottom``: the rows of headings; ``first``: the first row below."""

    grid: Grid
    units: int
    top: int
    bottom: int
    first: int
    known: int  # how many known units stand in it

    def levels(self) -> list[int]:
        """The rows of headings that are words and no measures, from the top down."""
        grid, rows = self.grid, range(self.top, self.bottom + 1)
        words = (row for row in rows if not _is_numbers(grid, row, self.units))
        return [row for row in words if not (grid.across and is_one_of(grid.text(row, self.units), "beside"))]


def locate(grid: Grid, names: Names) -> Located | None:
    """The table whose rows are units, None if there is none."""
    column, rows = max(_columns_of_units(grid, names), key=lambda found: len(found[1]), default=(0, {}))
    if len(rows) >= _LEAST_UNITS:
        first = min(rows.values())
    elif not grid.across and (named := _named_by_head(grid)) is not None:
        column, first = named
    else:
        return None
    first = _above_the_first(grid, column, first)
    bottom = first - 1
    top = _top(grid, column, bottom)
    if top is None:
        return None
    return Located(grid, column, top, bottom, first, len(rows))


def lines(located: Located, names: Names) -> Iterator[tuple[int, str]]:
    """The rows of the table with what they are called: units, known or not, and totals."""
    grid, seen, gap = located.grid, set[str](), 0
    for row in range(located.first, grid.rows + 1):
        name = _name(grid, row, located.units)
        if not name:
            gap += 1
            if gap >= _MOST_GAP:
                return
            continue
        gap = 0
        if starts_with(name, "below") and not grid.across:
            return
        if _is_section(grid, row, located.units, names) or is_one_of(name, "beside"):
            continue
        code = names.find(name).code
        if code in seen and code is not None:  # another table below this one
            return
        seen.add(code or "")
        yield row, name


def headed(located: Located) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """The columns with their headings from the top down and the number below, without those of units and numbering."""
    grid, levels = located.grid, located.levels()
    rows = range(located.top, located.bottom + 1)
    numbers = next((row for row in rows if _is_numbers(grid, row, located.units)), None)
    head = next((grid.span(row, located.units) for row in reversed(levels) if grid.text(row, located.units)), None)
    gap = 0
    for column in range(_leftmost(grid, located.units), grid.columns + 1):
        if column == located.units or (head is not None and head.left <= column <= head.right):
            continue
        path = _path(grid, levels, column, located.units)
        if not path:
            gap = gap + 1 if column > located.units else 0
            if gap >= _MOST_GAP:
                return
            continue
        gap = 0
        if column > located.units and (starts_with(path[-1], "below") if grid.across else is_one_of(path[-1], "number")):
            return  # who signs, or a second table beside this one
        if not is_one_of(path[-1], "number"):
            yield column, path, grid.text(numbers, column) if numbers else ""


def _columns_of_units(grid: Grid, names: Names) -> Iterator[tuple[int, dict[str, int]]]:
    """Each column with the first rows in which it names units."""
    for column in range(1, grid.columns + 1):
        found: dict[str, int] = {}
        for row in range(1, grid.rows + 1):
            text = grid.own(row, column)
            match = names.find(text) if text else None
            for code in (match.code,) if match and match.code else match.candidates if match else ():
                found.setdefault(code, row)
        if found:
            yield column, found


def _named_by_head(grid: Grid) -> tuple[int, int] | None:
    """The column whose heading says that it names units, and the row below that heading; for units nobody knows."""
    for row in range(1, grid.rows + 1):
        for column in range(1, grid.columns + 1):
            if is_one_of(grid.own(row, column), "head") and _names_below(grid, row, column) >= _LEAST_UNITS:
                below = grid.span(row, column).bottom + 1
                while below < grid.rows and (not grid.own(below, column) or _is_numbers(grid, below, column)):
                    below += 1
                return column, below
    return None


def _names_below(grid: Grid, row: int, column: int) -> int:
    texts = (grid.own(below, column) for below in range(row + 1, min(row + 12, grid.rows) + 1))
    return sum(bool(text) and not _NUMBER.fullmatch(text) for text in texts)


def _name(grid: Grid, row: int, units: int) -> str:
    """What a row is called; a total may stand under the numbering."""
    if name := grid.text(row, units):
        return name
    before = next((grid.text(row, column) for column in range(units - 1, 0, -1) if grid.text(row, column)), "")
    return before if is_total(before) else ""


def _above_the_first(grid: Grid, units: int, row: int) -> int:
    """The first row below the headings: totals, sections and units nobody knows may stand above the first known one."""
    while row > 1 and _is_line(grid, row - 1, units):
        row -= 1
    return row


def _is_line(grid: Grid, row: int, units: int) -> bool:
    """Whether a row belongs to the body: it has a name, and a number before it or no words where figures come."""
    name = _name(grid, row, units)
    if not name or is_one_of(name, "head") or _is_numbers(grid, row, units):
        return False
    numbered = any(grid.own(row, column).isdigit() for column in range(_leftmost(grid, units), units))
    return numbered or not _words_beside(grid, row, units)


def _words_beside(grid: Grid, row: int, units: int) -> bool:
    right = grid.span(row, units).right
    texts = (grid.text(row, column) for column in range(right + 1, grid.columns + 1))
    return any(text and not _NUMBER.fullmatch(text) and not text.replace(".", "").isdigit() for text in texts)


def _is_numbers(grid: Grid, row: int, units: int) -> bool:
    """Whether a row numbers the columns: "A | B | 1 | 2 = 3 + 4 | (5)"."""
    span = grid.span(row, units)
    if span.top != row or span.bottom != row:
        return False
    texts = [text for column in range(_leftmost(grid, units), grid.columns + 1) if (text := grid.own(row, column))]
    numbers = sum(map(_is_number, texts))
    named = grid.own(row, units)
    return (not named or _is_number(named)) and numbers >= max(_LEAST_UNITS, _MOSTLY * len(texts))


def _leftmost(grid: Grid, units: int) -> int:
    """The first column of the table; in a turned grid the titles are on the left of it."""
    return units if grid.across else 1


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None or is_one_of(text, "number")


def _is_section(grid: Grid, row: int, units: int, names: Names) -> bool:
    """A row that only parts the units: "I | Khu vực trung tâm"."""
    name, before = grid.text(row, units), [grid.own(row, column) for column in range(1, units)]
    if not name or is_total(name) or names.find(name).code is not None:
        return False
    span = grid.span(row, units)
    return span.right - span.left >= _WIDEST_HEAD or any(_SECTION.fullmatch(text) for text in before)


def _top(grid: Grid, units: int, bottom: int) -> int | None:
    """The first row of headings above ``bottom``, None if nothing there is a heading."""
    while bottom > 0 and (_is_numbers(grid, bottom, units) or not _headings(grid, bottom, units)):
        bottom -= 1
    head = next((row for row in range(bottom, 0, -1) if grid.text(row, units)), 0)
    span = grid.span(head, units) if head else None
    narrow = span is not None and span.right - units < _WIDEST_HEAD
    top = span.top if span is not None and narrow and _contiguous(grid, head, bottom, units) else bottom
    if not any(_headings(grid, row, units) for row in range(max(top, 1), bottom + 1)):
        return None
    while top > 1 and _is_upper_level(grid, top - 1, top, units):
        top -= 1
    return top


def _contiguous(grid: Grid, head: int, bottom: int, units: int) -> bool:
    return all(_headings(grid, row, units) for row in range(head + 1, bottom + 1))


def _headings(grid: Grid, row: int, units: int) -> int:
    """How many different cells of a row, right of the units, say something."""
    right = grid.span(row, units).right
    spans = {grid.span(row, column) for column in range(right + 1, grid.columns + 1) if grid.text(row, column)}
    return sum(span.left > right for span in spans)


def _is_upper_level(grid: Grid, row: int, below: int, units: int) -> bool:
    """Whether a row above the headings is a level of theirs and no title."""
    columns = range(_leftmost(grid, units), grid.columns + 1)
    spans = {grid.span(row, column) for column in columns if grid.text(row, column)}
    right = [span for span in spans if span.left > units]
    if not right or any(span.left <= units < span.right and span.right - units >= _WIDEST_HEAD for span in spans):
        return False
    if any(grid.is_framed(below, column) for column in columns):  # then a title is told by having no frame
        return any(grid.is_framed(row, span.left) for span in right)
    if any(has_words(grid.text(span.top, span.left), "title") for span in spans):
        return False
    return len(right) >= _LEAST_UNITS or any(span.right > span.left for span in right) or grid.across


def _path(grid: Grid, levels: list[int], column: int, units: int) -> tuple[str, ...]:
    """The headings of a column from the top down. A heading that was not merged reaches over the empty cells beside it."""
    path, seen = [], set()
    for level, row in enumerate(levels):
        span = grid.span(row, column)
        text = grid.text(row, column)
        if not text and any(grid.own(below, column) for below in levels[level + 1 :]):
            text = _reaching(grid, row, column, units)
        if text and (span not in seen or not grid.text(row, column)):
            path.append(text)
        seen.add(span)
    return tuple(part for at, part in enumerate(path) if at == 0 or part != path[at - 1])


def _reaching(grid: Grid, row: int, column: int, units: int) -> str:
    """The heading left of an empty cell that is above it too: not merged, and no line drawn between them."""
    left = column
    while left > units + 1:
        border = grid.cell(row, left).border
        side, other = (border.top, "bottom") if grid.across else (border.left, "right")
        before = getattr(grid.cell(row, left - 1).border, other)
        if (side is not None and side.style) or (before is not None and before.style):
            return ""
        left -= 1
        if grid.own(row, left):
            span = grid.span(row, left)
            return grid.own(row, left) if span.left == span.right and span.top == span.bottom else ""
    return ""
