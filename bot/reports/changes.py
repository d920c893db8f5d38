"""What changed between two states of the same unit, with where it changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation.words import Param, Say
from bot.domain.units import OrgUnit
from bot.reports.figures import Figures
from bot.reports.phrases import instant, place, places


@dataclass(frozen=True)
class Change:
    """One figure before and after; ``where`` says by how much each part of the unit changed."""

    indicator: str
    before: int
    after: int
    where: tuple[tuple[OrgUnit, int], ...]

    @property
    def line(self) -> Say:
        words: dict[str, Param] = {"indicator": Say(f"reports.indicator.{self.indicator}"), "a": self.before, "b": self.after}
        if not self.where:
            return Say("reports.change.line", **words)
        parts = [Say("reports.change.place", unit=place(unit), change=_signed(n)) for unit, n in self.where]
        return Say("reports.change.line_where", **words, places=parts)


def _signed(n: int) -> Say:
    return Say("reports.change.up", n=n) if n > 0 else Say("reports.change.down", n=-n)


def changes(before: Figures, after: Figures, indicators: Iterable[str] | None = None) -> tuple[Change, ...]:
    """Every figure that both know and whose total, or any row of it, is different now."""
    found = []
    for key in indicators if indicators is not None else after.totals:
        if key not in before.totals:
            continue
        rows = {row.unit.code: -row.totals[key] for row in before.rows}
        units = {row.unit.code: row.unit for row in (*before.rows, *after.rows)}
        for row in after.rows:
            rows[row.unit.code] = rows.get(row.unit.code, 0) + row.totals[key]
        where = tuple((units[code], n) for code, n in rows.items() if n)
        if where or before.totals[key] != after.totals[key]:
            found.append(Change(key, before.totals[key], after.totals[key], where))
    return tuple(found)


def change_lines(before: Figures, after: Figures) -> list[Say]:
    """A digest as issued against the same window as known later (N18)."""
    ends = {"unit": place(after.unit), "before": instant(before.as_of), "after": instant(after.as_of)}
    lines = [change.line for change in changes(before, after)]
    still = {village.code for village in after.missing}
    came = [village for village in before.missing if village.code not in still]
    if came:
        lines.append(Say("reports.change.reported", villages=places(came)))
    return [Say("reports.change.title", **ends), *lines] if lines else [Say("reports.change.none", **ends)]
