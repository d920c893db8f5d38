"""A file that an officer sent, looked at for the units it may be about: which it is, what is proposed, what changed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.reports.own_table import Difference, Refused, TableMap, Template, Unit, difference, propose, read, renewed

Scopes = Mapping[str, Sequence[Sequence[Unit]]]
"""By unit, whom a table of it may list: the likeliest first."""

LEVELS = " › "
"""Between a heading and the one below it, as people read it."""


@dataclass(frozen=True)
class Looked:
    """``table`` is the proposal for ``unit``; ``changes`` is what differs from its former template, None without one."""

    unit: str
    template: Template
    table: TableMap
    changes: Difference | None

    @property
    def known(self) -> int:
        """How many lines are units of ours."""
        return sum(row.unit is not None and row.unit != self.unit for row in self.table.rows)


def look(content: bytes, scopes: Scopes, former: Mapping[str, TableMap], sheet: str | None = None) -> Looked | Refused:
    """The proposal for the one of the units whose parts the file names most. ``former``: their templates in force.

    Refuses as ``own_table.read`` does; of several sheets the one of the former template is taken without asking.
    """
    found: list[Looked] = []
    refused: list[Refused] = []
    for unit, listed in scopes.items():
        for scope in listed:
            looked = _look(content, unit, scope, former.get(unit), sheet)
            if isinstance(looked, Looked):
                found.append(looked)
                if looked.known:
                    break
            elif looked.key in ("no_table", "no_headings", "which_sheet"):
                refused.append(looked)
            else:
                return looked
    choose = next((one for one in refused if one.sheets), None)
    best = max(found, key=lambda one: one.known, default=None)
    if best is not None and (best.known or choose is None):
        return best
    return choose or refused[0]


def _look(content: bytes, unit: str, scope: Sequence[Unit], former: TableMap | None, sheet: str | None) -> Looked | Refused:
    template = read(content, scope, sheet)
    if isinstance(template, Refused) and former is not None and former.sheet in template.sheets:
        template = read(content, scope, former.sheet)
    if isinstance(template, Refused):
        return template
    if former is None:
        return Looked(unit, template, propose(template, scope, whole=unit), None)
    return Looked(unit, template, renewed(former, template, scope, whole=unit), difference(former, template, scope))


def heading(path: Sequence[str]) -> str:
    """The headings of a column from the top down, in one line."""
    return LEVELS.join(" ".join(level.split()) for level in path)
