"""What the picture of a morning shows: a tile for each village or commune, counts only, so that a group may see it (N7). Pure.

No person, no remark and nothing that anybody typed gets here but the names of places. ``bot.reports.picture`` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.words import Say
from bot.domain.deadlines import Timetable
from bot.domain.units import VILLAGE
from bot.reports.figures import DEFAULTS, Figures, Row
from bot.reports.phrases import instant, level_of, moment, place, value, village_labels
from bot.texts import Voice

TOTALS = (
    "away_total",
    "away_need_support",
    "returnees_new",
    "f1_followed",
    "quarantine_institutional",
    "quarantine_home",
    "f0_new",
    "f0_under_treatment",
)
ON_A_TILE = ("returnees_new", "f1_followed", "f0_under_treatment")


class State(StrEnum):
    """How a part stands with its reports; each has a colour and a sign."""

    COMPLETE = "complete"
    PART = "part"  # a village that was late, a commune some of whose villages are missing
    MISSING = "missing"
    NONE = "none"  # owes no report


@dataclass(frozen=True)
class Count:
    key: str
    label: str
    said: str  # the number as it is printed; what is not known yet is no number


@dataclass(frozen=True)
class Tile:
    code: str
    name: str
    state: State
    said: str
    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Board:
    title: str
    as_of: str
    reported: str
    parts: tuple[tuple[State, int], ...]  # how many tiles of each state, for the bar
    totals: tuple[Count, ...]
    legend: tuple[tuple[State, str], ...]
    heading: str
    tiles: tuple[Tile, ...]
    foot: str


def board(figures: Figures, voice: Voice, *, timetable: Timetable = DEFAULTS) -> Board:
    """What the picture shows. Every number is one of ``figures``; tiles stand in the order of the table's rows."""
    until = min(figures.as_of, timetable.window(figures.days.last).end)
    tiles = tuple(_tile(row, figures, voice) for row in figures.rows)
    states = [(state, sum(tile.state is state for tile in tiles)) for state in State]
    parts = tuple((state, n) for state, n in states if n)
    villages = _of_villages(figures)
    return Board(
        title=figures.unit.name,
        as_of=voice(Say("picture.as_of", until=instant(until), known=moment(figures.as_of, until))),
        reported=voice(Say("picture.reported", a=figures.reported, b=figures.expected, labels=village_labels(figures))),
        parts=parts,
        totals=tuple(_count(key, figures, voice, f"reports.indicator.{key}") for key in TOTALS),
        legend=tuple((state, voice.word(_legend(state, villages))) for state, _ in parts),
        heading=voice(Say("picture.by", labels=village_labels(figures) if villages else level_of(figures))),
        tiles=tiles,
        foot=voice.word("picture.foot"),
    )


def _of_villages(figures: Figures) -> bool:
    return all(row.unit.level == VILLAGE for row in figures.rows if row.unit.code != figures.unit.code)


def _legend(state: State, villages: bool) -> str:
    return f"picture.state.{state}" if state is not State.PART else f"picture.state.{'late' if villages else 'part'}"


def _tile(row: Row, figures: Figures, voice: Voice) -> Tile:
    state = _state(row)
    return Tile(
        code=row.unit.code,
        name=voice(place(row.unit)),
        state=state,
        said=_said(row, state, figures, voice),
        counts=tuple(_count(key, _alone(row, figures), voice, f"picture.count.{key}") for key in ON_A_TILE),
    )


def _state(row: Row) -> State:
    if row.expected == 0:
        return State.NONE
    if row.silent:
        return State.MISSING
    late = row.unit.level == VILLAGE and row.on_time < row.reported
    return State.PART if row.missing or late else State.COMPLETE


def _said(row: Row, state: State, figures: Figures, voice: Voice) -> str:
    if row.unit.code == figures.unit.code and row.expected == 0:
        return voice.word("picture.own")
    if row.unit.level == VILLAGE or row.expected == 0:
        return voice.word(_legend(state, True))
    return voice(Say("picture.of", k=row.reported, m=row.expected))


def _alone(row: Row, figures: Figures) -> Figures:
    """A row as figures of its own, so that what is new where nobody has reported is unknown here as everywhere."""
    return Figures(
        unit=row.unit,
        days=figures.days,
        report_day=figures.report_day,
        as_of=figures.as_of,
        seq=figures.seq,
        totals=row.totals,
        rows=(row,),
        expected=row.expected,
        reported=row.reported,
        on_time=row.on_time,
        missing=row.missing,
    )


def _count(key: str, figures: Figures, voice: Voice, label: str) -> Count:
    said = value(key, figures)
    return Count(key, voice.word(label), voice.word("picture.unknown") if said.key == "reports.value.unknown" else voice(said))
