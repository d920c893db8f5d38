"""What a file of the district holds, as far as it matters for filling it; and why a file cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.conversation.words import Say


@dataclass(frozen=True)
class Refused:
    """``key`` names the sentence ``own_table.refused.<key>``; ``sheets``: the sheets to choose from, for ``which_sheet``."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()

    @property
    def say(self) -> Say:
        return Say(f"own_table.refused.{self.key}", **self.params)


@dataclass(frozen=True)
class Notice:
    """Something to know about a file that is used all the same: the sentence ``own_table.notice.<key>``."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def say(self) -> Say:
        return Say(f"own_table.notice.{self.key}", **self.params)


@dataclass(frozen=True)
class Field:
    """A place for one figure of every unit: a column of the sheet, or a row where the units stand side by side.

    ``key``: its headings as they are compared from day to day. ``at``: the number of that column or row, from 1. ``path``:
    the headings from the top down, as written. ``number``: what numbers it, "(3)". ``formula``: it is computed by the sheet.
    """

    key: str
    at: int
    path: tuple[str, ...]
    number: str = ""
    hidden: bool = False
    formula: bool = False


@dataclass(frozen=True)
class Line:
    """A unit, known or not, or the sum of them: a row of the sheet, or a column where the units stand side by side."""

    key: str
    at: int
    name: str
    total: bool = False
    hidden: bool = False
    formula: bool = False


@dataclass(frozen=True)
class Template:
    """The table on one sheet. ``across``: the units stand side by side. ``titles``: what is written above it."""

    sheet: str
    across: bool
    titles: tuple[str, ...]
    fields: tuple[Field, ...]
    lines: tuple[Line, ...]
    other_sheets: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
