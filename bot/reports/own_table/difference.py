"""A template that changed overnight: what is new in it, what is gone, so that only that is asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from bot.reports.own_table.headings import Why
from bot.reports.own_table.mapping import Column, Row, TableMap, propose
from bot.reports.own_table.places import Unit
from bot.reports.own_table.template import Template

_ALIKE = 0.75


@dataclass(frozen=True)
class Changes:
    """Keys of columns or of rows. ``moved``: they stand elsewhere among the others. ``renamed``: (former key, new key)."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.moved or self.renamed)


@dataclass(frozen=True)
class Difference:
    """``turned``: the units stood below each other and stand side by side now, or the other way round."""

    columns: Changes
    rows: Changes
    turned: bool = False

    def __bool__(self) -> bool:
        return bool(self.columns or self.rows or self.turned)


def difference(old: TableMap, new: Template, units: Sequence[Unit] = ()) -> Difference:
    """What changed since a mapping was made. What only gave way to a new column has not moved.

    A column is renamed if a former one is gone and the new one is the same figure, or stands in the same place and is
    written almost alike. The new name of one of ``units`` is told by the unit.
    """
    proposed = propose(new, units)
    figures = {column.key: column.target for column in (*proposed.columns, *old.columns)}
    places = {row.key: row.unit for row in (*proposed.rows, *old.rows)}
    return Difference(
        _changes([one.key for one in old.columns], [one.key for one in new.fields], figures),
        _changes([one.key for one in old.rows], [one.key for one in new.lines], places),
        old.across is not new.across,
    )


def renewed(
    old: TableMap, new: Template, units: Sequence[Unit], targets: Collection[str] | None = None, whole: str | None = None
) -> TableMap:
    """The mapping of the changed template: what stayed keeps what was confirmed, what is new or renamed is proposed."""
    proposed = propose(new, units, targets, whole)
    columns, rows = {one.key: one for one in old.columns}, {one.key: one for one in old.rows}

    def column(one: Column) -> Column:
        former = columns.get(one.key)
        return one if former is None or _is_fixed(one) or _is_fixed(former) else replace(former, at=one.at, path=one.path)

    def row(one: Row) -> Row:
        former = rows.get(one.key)
        return one if former is None or _is_fixed(one) or _is_fixed(former) else replace(former, at=one.at, name=one.name)

    return replace(proposed, columns=tuple(map(column, proposed.columns)), rows=tuple(map(row, proposed.rows)))


def _is_fixed(one: Column | Row) -> bool:
    """Whether the sheet itself says that nothing is filled in here, or said so."""
    return one.why in (Why.FORMULA, Why.HIDDEN)


def _changes(old: Sequence[str], new: Sequence[str], means: dict[str, str | None]) -> Changes:
    added, removed = [key for key in new if key not in old], [key for key in old if key not in new]
    renamed = []
    for former in removed:
        later = next((key for key in added if _same(former, key, old, new, means)), None)
        if later is not None:
            renamed.append((former, later))
            added.remove(later)
    gone = {former for former, _ in renamed}
    return Changes(tuple(added), tuple(key for key in removed if key not in gone), _moved(old, new), tuple(renamed))


def _same(former: str, later: str, old: Sequence[str], new: Sequence[str], means: dict[str, str | None]) -> bool:
    if means.get(former) is not None and means[former] == means.get(later):
        return True
    alike = SequenceMatcher(None, former, later, autojunk=False).ratio() >= _ALIKE
    return alike and means.get(later) is None and _neighbours(former, old) & _neighbours(later, new) != set()


def _neighbours(key: str, keys: Sequence[str]) -> set[tuple[str, str]]:
    at = keys.index(key)
    return {("before", keys[at - 1] if at else ""), ("after", keys[at + 1] if at + 1 < len(keys) else "")}


def _moved(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    common = [key for key in new if key in old]
    former = [key for key in old if key in common]
    blocks = SequenceMatcher(None, former, common, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in former[block.a : block.a + block.size]}
    return tuple(key for key in common if key not in kept)
