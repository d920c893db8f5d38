"""Who has not reported, and whom to call about it. Pure; the people are passed in by those who may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.conversation.words import Param, Say
from bot.domain.units import VILLAGE
from bot.reports.figures import Figures
from bot.reports.phrases import Contacts, call, clock, level_of, place, places, village_labels


def late_lines(figures: Figures) -> list[Say]:
    """The late list of a district: its communes with villages missing. It is pushed, so it names places and no people."""
    parts = [row for row in figures.rows if row.expected]
    late = [row for row in parts if row.missing]
    words: dict[str, Param] = {"day": figures.report_day, "clock": clock(figures.as_of), "level": level_of(figures)}
    if not late:
        return [Say("reports.late.none", n=len(parts), **words)]
    return [Say("reports.late.title", n=len(late), all=len(parts), **words), *_communes(figures, {}, ())]


def _communes(figures: Figures, contacts: Contacts, awaited: Collection[str]) -> Iterator[Say]:
    for row in sorted(figures.rows, key=lambda row: not row.silent):
        if not row.missing:
            continue
        if row.silent:
            yield Say("reports.late.part_silent", unit=place(row.unit), m=row.expected)
            if sent := [village for village in row.missing if village.code in awaited]:
                yield Say("reports.late.awaited", villages=places(sent))
        else:
            missing = places(row.missing, awaited)
            yield Say("reports.late.part", unit=place(row.unit), k=len(missing), m=row.expected, missing=missing)
        if people := contacts.get(row.unit.code):
            yield Say("reports.late.contacts", contacts=call(people))


def missing_lines(figures: Figures, contacts: Contacts | None, awaited: Collection[str] = ()) -> list[Say]:
    """Villages without a report. A commune sees each with its head's number; above it, communes with their officers'.

    ``awaited`` are villages that sent something that the commune has yet to type in. Without ``contacts`` (None) nobody is
    named: for a group.
    """
    words: dict[str, Param] = {"unit": place(figures.unit), "day": figures.report_day, "labels": village_labels(figures)}
    if figures.expected == 0:
        return [Say("reports.digest.no_villages", labels=words["labels"])]
    if not figures.missing:
        return [Say("reports.missing.none", n=figures.expected, **words)]
    title = Say("reports.missing.title", n=len(figures.missing), all=figures.expected, clock=clock(figures.as_of), **words)
    if any(row.unit.level != VILLAGE for row in figures.rows if row.expected):
        return [title, *_communes(figures, contacts or {}, awaited)]
    if contacts is None:
        return [title, Say("reports.missing.group.line", missing=places(figures.missing, awaited))]
    return [title, *_villages(figures, contacts, awaited)]


def _villages(figures: Figures, contacts: Contacts, awaited: Collection[str]) -> Iterator[Say]:
    for village, named in zip(figures.missing, places(figures.missing, awaited), strict=True):
        if people := contacts.get(village.code):
            yield Say("reports.missing.line", village=named, contacts=call(people))
        else:
            yield Say("reports.missing.line_alone", village=named)
