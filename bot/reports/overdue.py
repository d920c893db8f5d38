"""Who has not reported, and whom to call about it. Pure; the people are passed in by those who may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.conversation.words import Param, Say
from bot.domain.units import VILLAGE
from bot.reports.figures import Figures
from bot.reports.phrases import Contacts, call, clock, level_of, place, places, village_labels

NO_NOTES: Mapping[str, Say] = MappingProxyType({})


def late_lines(figures: Figures, notes: Mapping[str, Say] = NO_NOTES) -> list[Say]:
    """The late list of a district: its communes with villages missing. It is pushed, so it names places and no people.

    ``notes`` are remarks about villages, by code: why a report comes later.
    """
    parts = [row for row in figures.rows if row.expected]
    late = [row for row in parts if row.missing]
    words: dict[str, Param] = {"day": figures.report_day, "clock": clock(figures.as_of), "level": level_of(figures)}
    if not late:
        return [Say("reports.late.none", n=len(parts), **words)]
    return [Say("reports.late.title", n=len(late), all=len(parts), **words), *_communes(figures, {}, notes)]


def _communes(figures: Figures, contacts: Contacts, notes: Mapping[str, Say]) -> Iterator[Say]:
    for row in sorted(figures.rows, key=lambda row: not row.silent):
        if not row.missing:
            continue
        if row.silent:
            yield Say("reports.late.part_silent", unit=place(row.unit), m=row.expected)
            if noted := [village for village in row.missing if village.code in notes]:
                yield Say("reports.late.noted", villages=places(noted, notes))
        else:
            missing = places(row.missing, notes)
            yield Say("reports.late.part", unit=place(row.unit), k=len(missing), m=row.expected, missing=missing)
        if people := contacts.get(row.unit.code):
            yield Say("reports.late.contacts", contacts=call(people))


def missing_lines(figures: Figures, contacts: Contacts | None, notes: Mapping[str, Say] = NO_NOTES) -> list[Say]:
    """Villages without a report. A commune sees each with its head's number; above it, communes with their officers'.

    ``notes`` are remarks about villages, by code. Without ``contacts`` (None) nobody is named: for a group.
    """
    words: dict[str, Param] = {"unit": place(figures.unit), "day": figures.report_day, "labels": village_labels(figures)}
    if figures.expected == 0:
        return [Say("reports.digest.no_villages", labels=words["labels"])]
    if not figures.missing:
        return [Say("reports.missing.none", n=figures.expected, **words)]
    title = Say("reports.missing.title", n=len(figures.missing), all=figures.expected, clock=clock(figures.as_of), **words)
    if any(row.unit.level != VILLAGE for row in figures.rows if row.expected):
        return [title, *_communes(figures, contacts or {}, notes)]
    if contacts is None:
        return [title, Say("reports.missing.group.line", missing=places(figures.missing, notes))]
    return [title, *_villages(figures, contacts, notes)]


def _villages(figures: Figures, contacts: Contacts, notes: Mapping[str, Say]) -> Iterator[Say]:
    for village, named in zip(figures.missing, places(figures.missing, notes), strict=True):
        if people := contacts.get(village.code):
            yield Say("reports.missing.line", village=named, contacts=call(people))
        else:
            yield Say("reports.missing.line_alone", village=named)
