"""The picture of a unit's morning: the board laid out for a phone that is 360 points wide, and drawn as a PNG.

Colour and sign say the same thing, and what is missing is the only dark tile, so the picture reads without colours too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.deadlines import Timetable
from bot.reports.board import Board, Count, State, Tile, board
from bot.reports.canvas import Area, Mark, Sheet, Sign, Stroke, Words, draw, fitted, width_of
from bot.reports.figures import DEFAULTS, Figures
from bot.texts import Voice

PNG = "image/png"
WIDTH = 360.0
MOST_LARGE = 48  # tiles; more become small ones

_MARGIN, _GAP, _PAD = 12.0, 6.0, 6.0
_INK, _GREY, _PALE, _WHITE = "#1B2733", "#5A6774", "#F2F5F8", "#FFFFFF"


@dataclass(frozen=True)
class _Look:
    fill: str
    edge: str
    ink: str
    faint: str
    disc: str
    sign: str
    strokes: tuple[Stroke, ...]


# Bluish green, orange and vermilion of Okabe and Ito are told apart with every kind of colour blindness.
_LOOKS = {
    State.COMPLETE: _Look("#E4F4EE", "#8CCDB8", _INK, _GREY, "#007A5A", _WHITE, (((0.28, 0.53), (0.44, 0.69), (0.73, 0.35)),)),
    State.PART: _Look("#FFF0CC", "#E5B23C", _INK, "#6B5A2A", "#E69F00", _INK, (((0.5, 0.24), (0.5, 0.53), (0.69, 0.64)),)),
    State.MISSING: _Look(
        "#B33A12", "#B33A12", _WHITE, "#FFDCCB", _WHITE, "#B33A12", (((0.5, 0.25), (0.5, 0.54)), ((0.5, 0.75),))
    ),
    State.NONE: _Look("#ECEFF2", "#C3CAD1", _INK, _GREY, "#8A95A0", _WHITE, (((0.3, 0.5), (0.7, 0.5)),)),
}


def picture(figures: Figures, voice: Voice, *, timetable: Timetable = DEFAULTS) -> bytes:
    """The picture as a PNG: 1,080 pixels wide up to 48 tiles, 720 above, as tall as it takes.

    Chats scale a tall photo down until nothing can be read: with more than 24 tiles send it as a file. Drawing takes tenths
    of a second and needs nothing but the figures: call it in a worker.
    """
    return draw(lay_out(board(figures, voice, timetable=timetable)))


def lay_out(shown: Board) -> Sheet:
    """Where everything stands. Nothing overlaps: a text is as small as it must be for its place."""
    small = len(shown.tiles) > MOST_LARGE
    marks: list[Mark] = []
    y = _head(marks, shown)
    y = _totals(marks, shown.totals, y)
    y = _legend(marks, shown, y)
    for first in range(0, len(shown.tiles), 3):
        row = shown.tiles[first : first + 3]
        height = _SMALL_HEIGHT if small else _LARGE_HEIGHT
        for at, tile in enumerate(row):
            marks += (_small if small else _large)(tile, _MARGIN + at * (_TILE + _GAP), y)
        y += height + _GAP
    y += 2
    y = _line(marks, shown.foot, y, 9.5, _GREY)
    return Sheet(WIDTH, y + _MARGIN - 4, 2 if small else 3, (Area(0, 0, WIDTH, y + _MARGIN, _WHITE), *marks))


_TILE = (WIDTH - 2 * _MARGIN - 2 * _GAP) / 3
_LARGE_HEIGHT, _SMALL_HEIGHT = 84.0, 42.0
_INNER = WIDTH - 2 * _MARGIN
_NEAR, _FAR = 0.2, 0.4  # of a letter's size
_ONE_LINE = (12, 11, 10, 9)


def _line(marks: list[Mark], text: str, y: float, size: float, colour: str, bold: bool = False, lines: int = 2) -> float:
    size, broken = fitted(text, _INNER, (size, size - 1, size - 2), bold, lines)
    for line in broken:
        marks.append(Words(_MARGIN, y, line, size, bold, colour))
        y += size * 1.2
    return y


def _head(marks: list[Mark], shown: Board) -> float:
    y = _line(marks, shown.title, 10, 22, _INK, bold=True)
    y = _line(marks, shown.as_of, y + 1, 11.5, _GREY)
    y = _line(marks, shown.reported, y + 7, 15, _INK, bold=True)
    return _bar(marks, shown, y + 4)


def _bar(marks: list[Mark], shown: Board, y: float) -> float:
    """How many tiles are in which state, as one bar."""
    x, every = _MARGIN, sum(n for _, n in shown.parts)
    for state, n in shown.parts:
        wide = (_INNER - 2 * (len(shown.parts) - 1)) * n / every
        marks.append(Area(x, y, wide, 8, _LOOKS[state].fill if state is State.MISSING else _LOOKS[state].disc, None, 2))
        x += wide + 2
    return y + 8 + 10


def _totals(marks: list[Mark], counts: Sequence[Count], y: float) -> float:
    wide, high, gap = (_INNER - 3 * 4) / 4, 46.0, 4.0
    for at, count in enumerate(counts):
        x, top = _MARGIN + at % 4 * (wide + gap), y + at // 4 * (high + gap)
        marks.append(Area(x, top, wide, high, _PALE, None, 5))
        size, (said,) = fitted(count.said, wide - 8, (18, 15, 12, 9), True)
        marks.append(Words(x + 5, top + 2 + (18 - size) * 0.6, said, size, True, _INK))
        size, label = fitted(count.label, wide - 8, (9.5, 9, 8.5, 8), lines=2)
        marks += [Words(x + 5, top + 24.5 + n * size * 1.15, line, size, False, _GREY) for n, line in enumerate(label)]
    return y + -(-len(counts) // 4) * (high + gap) + 6


def _legend(marks: list[Mark], shown: Board, y: float) -> float:
    y = _line(marks, shown.heading, y, 13, _INK, bold=True)
    x, y = _MARGIN, y + 3
    for state, said in shown.legend:
        wide = 13 + 4 + width_of(said, 10.5) + 12
        if x > _MARGIN and x + wide > WIDTH - _MARGIN:
            x, y = _MARGIN, y + 17
        marks.append(_sign(state, x, y, 13, legend=True))
        marks.append(Words(x + 17, y + 0.5, said, 10.5, False, _GREY))
        x += wide
    return y + 13 + 8


def _sign(state: State, x: float, y: float, size: float, *, legend: bool = False) -> Sign:
    look = _LOOKS[state]
    if legend and state is State.MISSING:  # on white paper the disc takes the tile's colour
        return Sign(x, y, size, look.fill, look.ink, look.strokes)
    return Sign(x, y, size, look.disc, look.sign, look.strokes)


def _large(tile: Tile, x: float, y: float) -> Iterator[Mark]:
    look = _LOOKS[tile.state]
    yield Area(x, y, _TILE, _LARGE_HEIGHT, look.fill, look.edge, 6)
    yield _sign(tile.state, x + _PAD, y + _PAD, 15)
    left, room, top = x + _PAD + 19, _TILE - 2 * _PAD - 19, y + _PAD - 1
    size, name = fitted(tile.name, room, (13, 12, 11, 10), True, 2)
    for line in name:
        yield Words(left, top, line, size, True, look.ink)
        top += size * 1.2
    size, (said,) = fitted(tile.said, room, (10, 9, 8))
    yield Words(left, top, said, size, False, look.faint)
    wide = (_TILE - 2 * _PAD) / len(tile.counts)
    for at, count in enumerate(tile.counts):
        size, (label,) = fitted(count.label, wide - 3, (9, 8, 7))
        yield Words(x + _PAD + at * wide, y + 50, label, size, False, look.faint)
        size, (number,) = fitted(count.said, wide - 3, (15, 13, 11, 9, 7.5), True)
        yield Words(x + _PAD + at * wide, y + 61 + (15 - size) * 0.8, number, size, True, look.ink)


def _small(tile: Tile, x: float, y: float) -> Iterator[Mark]:
    look = _LOOKS[tile.state]
    yield Area(x, y, _TILE, _SMALL_HEIGHT, look.fill, look.edge, 5)
    yield _sign(tile.state, x + 5, y + 4, 13)
    size, name = fitted(tile.name, _TILE - 28, _ONE_LINE, True)
    if len(name[0]) < len(tile.name):
        size, name = fitted(tile.name, _TILE - 28, (8.5, 8, 7.5), True, 2)
    for n, line in enumerate(name):
        yield Words(x + 22, y + 10.7 - size * 0.6 * len(name) + n * size * 1.2, line, size, True, look.ink)
    words = [
        (tile.said, False),
        *((part, at == 1) for count in tile.counts for at, part in enumerate((count.label, count.said))),
    ]
    room, size = _TILE - 11, 10.5
    size = min(size, size * room / _row(words, size))
    left, spare = x + 5.5, (room - _row(words, size)) / 3
    for n, (text, bold) in enumerate(words):
        yield Words(left, y + 22.5, text, size, bold, look.ink if bold else look.faint)
        left += width_of(text, size, bold) + (_NEAR * size if n % 2 else _FAR * size + spare)


def _row(words: Sequence[tuple[str, bool]], size: float) -> float:
    """How wide the counts of a small tile are: each label near its number, far from the one before."""
    labels = len(words) // 2
    return sum(width_of(text, size, bold) for text, bold in words) + labels * (_NEAR + _FAR) * size
