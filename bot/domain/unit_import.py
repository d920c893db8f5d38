"""Reading a list of units from CSV: what is good becomes units, what is not becomes a sentence with its line.

Columns code, name, level, parent_code and, if wanted, label, valid_from, valid_to; in any order, separated by comma,
semicolon or tab; UTF-8 with or without a byte order mark. Codes are text: "04105" keeps its zero.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.units import LEVELS, VILLAGE, OrgUnit
from bot.errors import BadRow

REQUIRED = ("code", "name", "level", "parent_code")
OPTIONAL = ("label", "valid_from", "valid_to")
LONGEST_NAME = 100
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True)
class Checked:
    """The units that may be imported, and everything that speaks against the others. A bad header leaves no units."""

    units: tuple[OrgUnit, ...]
    bad: tuple[BadRow, ...]


def check(data: bytes, known: Iterable[OrgUnit] = (), levels: Sequence[str] = LEVELS) -> Checked:
    """Check a whole file against itself and the units that are ``known`` already; a known unit may be changed by it.

    ``levels`` are the levels there are, from the smallest up; any but the village may be missing between two units.
    """
    rows, bad = _rows(data)
    units: dict[int, OrgUnit] = {}
    refused: set[str] = set()
    for line, row in rows:
        if faults := list(_faults(line, row, levels)):
            bad += faults
            refused.add(row["code"])
        else:
            units[line] = _unit(row)
    there = tuple(known)
    # What leaned on a refused row is refused too, and so on until the rest stands by itself.
    while problems := _Relations(units, there, refused, levels).problems():
        bad += problems
        refused |= {units.pop(line).code for line in {row.line for row in problems}}
    return Checked(tuple(units.values()), tuple(sorted(bad, key=lambda row: row.line)))


def _bad(line: int, column: str, problem: str, **params: str) -> BadRow:
    return BadRow(line, column, f"admin.import.{problem}", params)


Rows = list[tuple[int, dict[str, str]]]


def _rows(data: bytes) -> tuple[Rows, list[BadRow]]:
    """The rows by column name, each with the line on which it begins."""
    for line, raw in enumerate(data.split(b"\n"), start=1):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            return [], [_bad(line, "", "not_utf8")]
        if b"\0" in raw:  # UTF-16 without its mark
            return [], [_bad(line, "", "not_utf8")]
    records = _records(data.decode("utf-8-sig"))
    header: list[str] | None = None
    rows: Rows = []
    bad: list[BadRow] = []
    for line, record in records:
        if isinstance(record, BadRow):
            return [], [record]
        cells = [" ".join(unicodedata.normalize("NFC", cell).split()) for cell in record]
        if not any(cells):
            continue
        if header is None:
            last = max(number for number, cell in enumerate(cells) if cell)
            header = [cell.lower() for cell in cells[: last + 1]]
            if bad := _header(line, header):
                return [], bad
        elif any(cells[len(header) :]):
            bad.append(_bad(line, "", "too_many_cells", n=str(len(header))))
        else:
            rows.append((line, {**dict.fromkeys((*REQUIRED, *OPTIONAL), ""), **dict(zip(header, cells, strict=False))}))
    if header is None:
        bad.append(_bad(1, "", "empty_file"))
    return rows, bad


def _records(text: str) -> Iterator[tuple[int, list[str] | BadRow]]:
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield begins, _bad(begins, "", "quotes")
            return


def _header(line: int, header: list[str]) -> list[BadRow]:
    missing = [_bad(line, column, "missing_column") for column in REQUIRED if column not in header]
    wanted = ", ".join((*REQUIRED, *OPTIONAL))
    unknown = [_bad(line, column, "unknown_column", wanted=wanted) for column in header if column not in REQUIRED + OPTIONAL]
    twice = [_bad(line, column, "column_twice") for column in dict.fromkeys(header) if header.count(column) > 1]
    return missing + unknown + twice


def _faults(line: int, row: Mapping[str, str], levels: Sequence[str]) -> Iterator[BadRow]:
    for column in ("code", "parent_code"):
        if row[column] and not _CODE.fullmatch(row[column]):
            yield _bad(line, column, "bad_code", value=row[column][:30])
    for column in ("code", "name"):
        if not row[column]:
            yield _bad(line, column, "empty")
    for column in ("name", "label"):
        if len(row[column]) > LONGEST_NAME:
            yield _bad(line, column, "too_long", n=str(LONGEST_NAME))
    level = row["level"].lower()
    if level not in levels:
        yield _bad(line, "level", "unknown_level", value=row["level"][:30], levels=", ".join(levels))
    elif level == VILLAGE and not row["parent_code"]:
        yield _bad(line, "parent_code", "village_alone")
    days: list[date | None] = []
    for column in ("valid_from", "valid_to"):
        try:
            days.append(_day(row[column]))
        except ValueError:
            yield _bad(line, column, "bad_date", value=row[column][:30])
    if len(days) == 2 and days[1] is not None and days[1] <= (days[0] or date.min):
        yield _bad(line, "valid_to", "ends_first")


def _unit(row: Mapping[str, str]) -> OrgUnit:
    return OrgUnit(
        code=row["code"],
        name=row["name"],
        level=row["level"].lower(),
        parent=row["parent_code"] or None,
        label=row["label"] or None,
        valid_from=_day(row["valid_from"]) or date.min,
        valid_to=_day(row["valid_to"]),
    )


def _day(text: str) -> date | None:
    """2021-09-09 or, as it is written in Vietnam, 9/9/2021. Raises ValueError for anything else."""
    if not text:
        return None
    if written := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, written.groups())
        return date(year, month, day)
    return date.fromisoformat(text)


class _Relations:
    """What can be said of a row only when all others are known."""

    def __init__(
        self, rows: Mapping[int, OrgUnit], known: Iterable[OrgUnit], refused: Collection[str], levels: Sequence[str]
    ) -> None:
        self._rank = {level: rank for rank, level in enumerate(levels)}
        self._rows = rows
        self._refused = refused
        replaced = {(unit.code, unit.valid_from) for unit in rows.values()}
        self._stays = [unit for unit in known if (unit.code, unit.valid_from) not in replaced]
        self._by_code: dict[str, list[OrgUnit]] = defaultdict(list)
        self._by_number: dict[str, list[OrgUnit]] = defaultdict(list)
        for unit in (*rows.values(), *self._stays):
            self._by_code[unit.code].append(unit)
            self._by_number[unit.code.lstrip("0")].append(unit)

    def problems(self) -> list[BadRow]:
        return [*self._codes(), *self._parents(), *self._children()]

    def _codes(self) -> Iterator[BadRow]:
        lines: dict[str, list[int]] = defaultdict(list)
        stays = defaultdict(list)
        for unit in self._stays:
            stays[unit.code].append(unit)
        for line, unit in self._rows.items():
            again = next((earlier for earlier in lines[unit.code] if _overlap(unit, self._rows[earlier])), None)
            whole = self._with_zeros(unit.code, (unit.level,))
            lines[unit.code].append(line)
            if again is not None:
                yield _bad(line, "code", "twice", code=unit.code, earlier=str(again))
            elif whole is not None:
                yield _bad(line, "code", "zero_lost", value=unit.code, code=whole)
            elif any(_overlap(unit, other) for other in stays[unit.code]):
                yield _bad(line, "valid_from", "overlaps_known", code=unit.code)

    def _parents(self) -> Iterator[BadRow]:
        for line, unit in self._rows.items():
            if unit.parent is None:
                continue
            parents = self._by_code.get(unit.parent)
            if parents is None:
                yield self._no_parent(line, unit, unit.parent)
            elif circle := self._circle(unit):
                yield _bad(line, "parent_code", "cycle", path=" → ".join(circle))
            elif not any(self._above(parent, unit) for parent in parents):
                yield _bad(line, "parent_code", "parent_too_low", parent=unit.parent, level=parents[0].level, own=unit.level)

    def _no_parent(self, line: int, unit: OrgUnit, parent: str) -> BadRow:
        if parent in self._refused:
            return _bad(line, "parent_code", "parent_refused", value=parent)
        above = [level for level, rank in self._rank.items() if rank > self._rank[unit.level]]
        whole = self._with_zeros(parent, above)
        if whole is not None:
            return _bad(line, "parent_code", "zero_lost", value=parent, code=whole)
        return _bad(line, "parent_code", "unknown_parent", value=parent)

    def _children(self) -> Iterator[BadRow]:
        """A known unit that stays must not find itself beside or above what the file makes of its parent."""
        below = defaultdict(list)
        for unit in self._stays:
            below[unit.parent].append(unit)
        for line, unit in self._rows.items():
            wrong = next((child for child in below[unit.code] if not self._above(unit, child)), None)
            if wrong is not None:
                yield _bad(line, "level", "below_child", child=wrong.code, level=wrong.level)

    def _with_zeros(self, code: str, levels: Collection[str]) -> str | None:
        """The code of one of these levels that a spreadsheet, taking 04105 for a number, may have shortened to this one."""
        alike = self._by_number[code.lstrip("0")]
        return next((other.code for other in alike if len(other.code) > len(code) and other.level in levels), None)

    def _above(self, parent: OrgUnit, child: OrgUnit) -> bool:
        """A unit of a level that is no longer configured stands above nothing."""
        return self._rank.get(parent.level, -1) > self._rank.get(child.level, len(self._rank))

    def _circle(self, unit: OrgUnit) -> list[str]:
        """The codes from this unit up to itself again; empty if the way up ends elsewhere."""
        path = [unit.code]
        up = unit.parent
        while up is not None and up not in path:
            path.append(up)
            above = self._by_code.get(up)
            up = above[0].parent if above else None
        return [*path, unit.code] if up == unit.code else []


def _overlap(one: OrgUnit, other: OrgUnit) -> bool:
    return one.valid_from < (other.valid_to or date.max) and other.valid_from < (one.valid_to or date.max)
