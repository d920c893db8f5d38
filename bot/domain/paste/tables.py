"""Tables that were pasted from a spreadsheet: each row becomes a line in which every cell bears the label of its column.

A table without a heading needs nothing: the borders of its cells end a statement as a comma does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.domain.vietnamese import fold

_LEAST_KNOWN = 2  # columns that must be recognised for a line to be a heading


@dataclass(frozen=True)
class Row:
    """A line as it was written, and as it is to be read; ``heading``: a row that names the columns."""

    written: str
    text: str
    heading: bool = False


@cache
def _columns() -> Mapping[str, str]:
    """Folded heading of a column -> the label under which its cells are read."""
    loaded = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
    return {fold(heading): label for label, headings in loaded["columns"].items() for heading in headings}


def rows(lines: Sequence[str]) -> Iterator[Row]:
    """The lines, those of a table labelled by its heading."""
    heading: list[str] = []
    for line in lines:
        cells = line.split("\t")
        if len(cells) > 1:
            known = [label_of(cell) for cell in cells]
            if sum(label is not None for label in known) >= max(_LEAST_KNOWN, (len(cells) + 1) // 2):
                heading = [
                    label if label is not None else " ".join(cell.split()) for label, cell in zip(known, cells, strict=True)
                ]
                yield Row(line, "", heading=True)
                continue
            if heading:
                yield Row(line, _labelled(heading, cells))
                continue
        elif line.strip():
            heading = []
        yield Row(line, line)


def label_of(cell: str) -> str | None:
    """Under which label the cells below this heading are read; None for one that no table has."""
    return _columns().get(" ".join(fold(cell).replace("(", " ").replace(")", " ").replace("/", " ").replace(".", " ").split()))


def _labelled(heading: Sequence[str], cells: Sequence[str]) -> str:
    told = []
    for label, cell in zip(heading, cells, strict=False):
        value = " ".join(cell.split())
        if not value or label == "":
            continue
        if label.startswith("="):  # the column is an answer, and the cell a year of birth
            told.append(f"{label[1:]}; {_columns()['nam sinh']}: {value}" if value[0].isdigit() else label[1:])
        else:
            told.append(f"{label}: {value}" if label != "*" else value)
    return "; ".join(told)
