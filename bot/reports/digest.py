"""What a commune and a district read of a day: the morning digest, the evening summary, the situation now. Pure.

Every function returns one sentence a line. A figure that this release does not know is not mentioned; what is missing is
named and never counted as zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from bot.clock import vietnam_day
from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.domain.units import VILLAGE
from bot.reports.changes import changes
from bot.reports.figures import DEFAULTS, Figures, Row
from bot.reports.phrases import NOTHING, change, clock, instant, level_of, moment, place, places, value, village_labels
from bot.reports.remarks import NO_REMARKS, Remarks, remark_lines

# The sentence and the figures in it, in the order in which officials write it.
BODY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("away", ("away_total",)),
    ("returned", ("away_returned", "away_not_returned")),
    ("contacted", ("away_contacted", "away_not_contacted")),
    ("support", ("away_need_support",)),
    ("returnees", ("returnees_new", "returnees_total")),
    ("quarantine", ("quarantine_institutional", "quarantine_home")),
    ("f1", ("f1_new", "f1_followed")),
    ("f0", ("f0_new", "f0_under_treatment")),
)
IF_ANY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("finished", ("quarantine_finished",)),
    ("samples", ("samples_taken", "samples_positive", "samples_negative", "samples_pending")),
    ("visits", ("visits_due", "visits_done", "visits_missed")),
)
"""Said where there is anything to say. None of it comes from the villages' reports, so a silent village makes none unknown."""

BODY_STOCKS = (
    "away_total",
    "away_returned",
    "away_not_returned",
    "away_contacted",
    "away_not_contacted",
    "away_need_support",
    "returnees_total",
    "quarantine_institutional",
    "quarantine_home",
    "f1_followed",
    "f0_under_treatment",
)


def digest_lines(
    figures: Figures,
    previous: Figures | None,
    late: timedelta | None = None,
    *,
    since: date | None = None,
    timetable: Timetable = DEFAULTS,
    signed: Sequence[Say] = (),
) -> list[Say]:
    """The digest of a window. ``previous`` is the one before it as issued, ``since`` the first day of cumulative figures,
    ``signed`` who answers for it.

    The window ends at the cut-off; the reports are those known at ``figures.as_of``, which is later.
    """
    until = min(figures.as_of, timetable.window(figures.days.last).end)
    lines = [Say("reports.digest.title", unit=place(figures.unit), until=instant(until))]
    if late is not None:
        lines.append(_late(late))
    lines += _body(figures, previous, since)
    lines += _reported(figures)
    if figures.missing:
        lines.append(Say("reports.digest.from_register"))
    if previous is not None:
        lines.append(_compared(figures, previous))
    return [*lines, *signed, *_parts(figures)]


def period_lines(figures: Figures, signed: Sequence[Say], received: Sequence[Say], *, since: date | None = None) -> list[Say]:
    """The figures of several days: flows added up, stocks as of the last. ``received``: what came of the daily reports."""
    first, last = figures.days.first, figures.days.last
    title = Say("reports.digest.period_title", unit=place(figures.unit), first=first, last=last)
    return [title, *_body(figures, None, since), *received, *signed]


def situation_lines(
    figures: Figures,
    previous: Figures | None = None,
    *,
    since: date | None = None,
    timetable: Timetable = DEFAULTS,
    known_at: datetime | None = None,
    remarks: Remarks = NO_REMARKS,
) -> list[Say]:
    """The situation of a window: flows since it began, stocks until now or until it ended, reports as known at ``known_at``.

    ``known_at`` is ``figures.as_of`` unless it is given. ``remarks`` of a village's or a commune's villages may name people:
    they are for who may see people, in a private chat.
    """
    begun = timetable.window(figures.days.first).start
    until = min(figures.as_of, timetable.window(figures.days.last).end)
    lines = [
        Say("reports.situation.title", unit=place(figures.unit), until=instant(until)),
        Say("reports.situation.window", since=instant(begun)),
        *_body(figures, previous, since),
        Say("reports.situation.for_day", day=figures.report_day),
        *_reported(figures, known_at),
        *remark_lines(figures, remarks),
    ]
    if previous is not None:
        lines.append(_compared(figures, previous))
    return [*lines, *_parts(figures)]


def evening_lines(figures: Figures, morning: Figures | None, *, timetable: Timetable = DEFAULTS) -> list[Say]:
    """What came in since the morning digest of ``figures.report_day``. ``figures`` are those of the window opened that day.

    A summary that comes so late that the window has closed is about that window and says until when it was open.
    """
    window = timetable.window(figures.days.last)
    until = min(figures.as_of, window.end)
    lines = [
        Say("reports.evening.title", unit=place(figures.unit), until=instant(until)),
        Say(
            "reports.evening.since",
            begun=moment(window.start, figures.as_of),
            until=Say("reports.evening.now") if figures.as_of < window.end else instant(until),
            returnees=figures.totals["returnees_new"],
            away=figures.totals["away_new"],
            f0=figures.totals["f0_new"],
            suspected=figures.totals["f0_suspected_new"],
        ),
    ]
    if morning is None:
        lines += [Say("reports.evening.no_morning"), *_reported(figures)]
    else:
        lines += [_came_in(figures, morning), *_reported(figures), *_since_morning(figures, morning)]
    return [*lines, *_parts(figures)]


def _came_in(figures: Figures, morning: Figures) -> Say:
    still = {village.code for village in figures.missing}
    came = [village for village in morning.missing if village.code not in still]
    if not came:
        return Say("reports.evening.none_came_in")
    if _has_parts(figures):
        return Say("reports.evening.came_in_count", n=len(came))
    return Say("reports.evening.came_in", villages=places(came))


def _since_morning(figures: Figures, morning: Figures) -> list[Say]:
    found = [change.line for change in changes(morning, figures, BODY_STOCKS) if change.before != change.after]
    return [Say("reports.evening.changed"), *found] if found else [Say("reports.evening.unchanged")]


def _late(late: timedelta) -> Say:
    minutes = max(1, int(late.total_seconds()) // 60)
    if minutes < 60:
        return Say("reports.digest.late_minutes", n=minutes)
    return Say("reports.digest.late_hours", hours=minutes // 60, n=minutes % 60)


def _body(figures: Figures, previous: Figures | None, since: date | None) -> Iterator[Say]:
    from_day = Say("reports.since", day=since) if since else NOTHING
    for sentence, keys in BODY:
        a, *rest = (value(key, figures, previous) for key in keys)
        yield Say(f"reports.digest.{sentence}", a=a, b=rest[0] if rest else NOTHING, since=from_day)
        if sentence == "returnees" and figures.totals["returnees_before_window"] > 0:
            yield Say("reports.digest.before_window", n=figures.totals["returnees_before_window"])
    if figures.totals["f0_suspected_new"] > 0:
        yield Say("reports.digest.suspected", a=value("f0_suspected_new", figures, previous))
    for sentence, keys in IF_ANY:
        if any(figures.totals.get(key, 0) for key in keys):
            known = (Say("reports.value.known", n=figures.totals[key], change=change(key, figures, previous)) for key in keys)
            yield Say(f"reports.digest.{sentence}", **dict(zip("abcd", known, strict=False)))


def _has_parts(figures: Figures) -> bool:
    """Whether the unit is above a commune: its rows are then no villages, and villages are counted, not named."""
    return any(row.unit.level != VILLAGE and row.unit.code != figures.unit.code for row in figures.rows)


def _reported(figures: Figures, known_at: datetime | None = None) -> Iterator[Say]:
    said = village_labels(figures)
    known_at = known_at or figures.as_of
    same_day = vietnam_day(known_at) == figures.report_day
    common = {"clock": clock(known_at) if same_day else instant(known_at), "labels": said}
    counts = {"a": figures.reported, "b": figures.expected}
    if figures.expected == 0:
        yield Say("reports.digest.no_villages", labels=said)
    elif _has_parts(figures):
        parts = [row for row in figures.rows if row.expected]
        full = sum(not row.missing for row in parts)
        yield Say("reports.digest.reported_count", **common, **counts, full=full, all=len(parts), level=level_of(figures))
    elif figures.missing:
        yield Say("reports.digest.reported_some", **common, **counts, missing=places(figures.missing))
    else:
        yield Say("reports.digest.reported_all", **common, **counts)


def _compared(figures: Figures, previous: Figures) -> Say:
    shown = {key for _, keys in BODY for key in keys} & previous.totals.keys()
    changed = any(figures.totals[key] != previous.totals[key] for key in shown)
    return Say("reports.digest.compared" if changed else "reports.digest.same", day=previous.days.last)


def _parts(figures: Figures) -> list[Say]:
    """A line for each commune: the wholly silent first, then the incomplete, then the complete, in order of the tree."""
    if not _has_parts(figures):
        return []

    def urgency(row: Row) -> int:
        return 3 if row.expected == 0 else 0 if row.silent else 1 if row.missing else 2

    return [_part(figures, row) for row in sorted(figures.rows, key=urgency)]


def _part(figures: Figures, row: Row) -> Say:
    unit = place(row.unit)
    if row.silent:
        return Say("reports.digest.part_silent", unit=unit, m=row.expected)
    counted = {"away": row.totals["away_total"], "new": row.totals["returnees_new"], "f0": row.totals["f0_new"]}
    if row.unit.code == figures.unit.code:
        return Say("reports.digest.part_own", unit=unit, **counted)
    if row.expected == 0:
        return Say("reports.digest.part_without_villages", unit=unit)
    return Say("reports.digest.part", unit=unit, k=row.reported, m=row.expected, **counted)
