"""Drawing with Pillow: areas, words and signs, measured before they are drawn, in a font that has every Vietnamese letter.

Marks are in points of a phone's screen, 360 across; ``draw`` multiplies them. The font travels with the program, since a
server need not have one.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_FONTS = Path(__file__).parent / "fonts"
_FINE = 4  # signs are drawn this much larger and scaled down, so that their edges are smooth
_COLOURS = 128  # in the file: a flat picture needs no more, and it is a third as large
_MEASURED_AT = 100  # points, large enough that hinting does not matter

Colour = str  # "#RRGGBB"
Stroke = tuple[tuple[float, float], ...]  # corners of a line, in shares of the sign's size


@dataclass(frozen=True)
class Area:
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour
    edge: Colour | None = None
    radius: float = 0


@dataclass(frozen=True)
class Words:
    """One line. ``x`` is its left end, ``y`` the top of its line, which is 1.2 times ``size`` high."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    colour: Colour = "#000000"

    @property
    def width(self) -> float:
        return width_of(self.text, self.size, self.bold)

    @property
    def height(self) -> float:
        return self.size * 1.2


@dataclass(frozen=True)
class Sign:
    """A disc with strokes on it."""

    x: float
    y: float
    size: float
    fill: Colour
    ink: Colour
    strokes: tuple[Stroke, ...]


Mark = Area | Words | Sign


@dataclass(frozen=True)
class Sheet:
    width: float
    height: float
    scale: int  # pixels of a point
    marks: tuple[Mark, ...]


@cache
def _font(size: int, bold: bool) -> FreeTypeFont:
    from PIL import ImageFont  # late: a start needs no pictures

    return ImageFont.truetype(
        _FONTS / f"RobotoCondensed-{'Bold' if bold else 'Regular'}.ttf", size, layout_engine=ImageFont.Layout.BASIC
    )


def width_of(text: str, size: float, bold: bool = False) -> float:
    return _font(_MEASURED_AT, bold).getlength(printable(text)) * size / _MEASURED_AT


def printable(text: str) -> str:
    """In composed letters, which is how the font has them, and on one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", text)).split())


def fitted(text: str, width: float, sizes: Sequence[float], bold: bool = False, lines: int = 1) -> tuple[float, list[str]]:
    """The largest of ``sizes`` at which a text fits into so many lines of ``width``, and these lines.

    What fits at no size is cut in the middle, so that "… Khoong 1" and "… Khoong 2" stay two names.
    """
    text = printable(text)
    for size in sizes:
        broken = _broken(text, width, size, bold)
        if len(broken) <= lines and all(width_of(line, size, bold) <= width for line in broken):
            return size, broken
    size, room = sizes[-1], width * lines * 0.9
    kept = len(text)
    while kept > 2 and width_of(_cut(text, kept), size, bold) > room:
        kept -= 1
    return size, _hard(_cut(text, kept), width, size, bold, lines)


def _broken(text: str, width: float, size: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width_of(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(text: str, kept: int) -> str:
    return text if kept >= len(text) else f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"


def _hard(text: str, width: float, size: float, bold: bool, lines: int) -> list[str]:
    """Lines that are filled letter by letter."""
    found = [""]
    for letter in text:
        if width_of(found[-1] + letter, size, bold) > width and len(found) < lines:
            found.append("")
        found[-1] += letter
    return [line.strip() for line in found]


def draw(sheet: Sheet) -> bytes:
    """The sheet as a PNG."""
    from PIL import Image as Images
    from PIL import ImageDraw as Drawing

    scale = sheet.scale
    image = Images.new("RGB", (round(sheet.width * scale), round(sheet.height * scale)), "#FFFFFF")
    pen = Drawing.Draw(image)
    for mark in sheet.marks:
        match mark:
            case Area():
                _area(pen, mark, scale)
            case Words():
                font = _font(round(mark.size * scale), mark.bold)
                pen.text((mark.x * scale, (mark.y + mark.size) * scale), printable(mark.text), mark.colour, font, anchor="ls")
            case Sign():
                _sign(image, mark, scale)
    content = io.BytesIO()
    image.quantize(_COLOURS, dither=Images.Dither.NONE).save(content, "PNG")
    return content.getvalue()


def _area(pen: ImageDraw, mark: Area, scale: int) -> None:
    box = [round(mark.x * scale), round(mark.y * scale), round((mark.x + mark.width) * scale) - 1]
    box.append(round((mark.y + mark.height) * scale) - 1)
    pen.rounded_rectangle(box, mark.radius * scale, mark.fill, mark.edge, round(scale * 1.2) if mark.edge else 0)


def _sign(image: Image, mark: Sign, scale: int) -> None:
    size = round(mark.size * scale)
    x, y = round(mark.x * scale), round(mark.y * scale)
    for mask, colour in zip(_masks(size, mark.strokes), (mark.fill, mark.ink), strict=True):
        image.paste(colour, (x, y, x + size, y + size), mask)


@cache
def _masks(size: int, strokes: tuple[Stroke, ...]) -> tuple[Image, Image]:
    """The disc and the strokes on it, as masks of ``size`` pixels."""
    from PIL import Image as Images
    from PIL import ImageDraw as Drawing

    large = size * _FINE
    disc, lines = Images.new("L", (large, large), 0), Images.new("L", (large, large), 0)
    Drawing.Draw(disc).ellipse((0, 0, large - 1, large - 1), 255)
    pen, wide = Drawing.Draw(lines), large // 8
    for stroke in strokes:
        corners = [(x * large, y * large) for x, y in stroke]
        pen.line(corners, 255, wide, joint="curve")
        for x, y in corners:  # round ends
            pen.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), 255)
    smooth = Images.Resampling.LANCZOS
    return disc.resize((size, size), smooth), lines.resize((size, size), smooth)
