"""What was read from a text that a team pasted: the interface upon which cards are built.

Nothing here is filed. Whatever was not sure is left out, and whatever was not understood is kept to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.draft import Json

RETURNEE, ABSENCE, F0, CONTACT = "returnee", "absence", "f0", "contact"


@dataclass(frozen=True)
class Village:
    """A village that a text may mean: its code, and its name and aliases as people write them ("Bản Nà Sàng", "ns")."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """Where something was read: the line as it was written, the code of the village it speaks of, who sent it on which day.

    ``village`` is None where the text does not say which; ``sender`` is None outside a thread.
    """

    line: str
    village: str | None
    sender: str | None
    day: date


@dataclass(frozen=True)
class Found(Piece):
    """One person.

    ``kind`` is the name of the report it seems to be: returnee, absence, f0, or contact for an F1; None where that is not sure.
    ``answers``: field of that form -> canonical JSON value, as the form itself would store it; without a kind only what
    describes the person. ``sources``: the same keys -> the piece of text from which the value was read.
    """

    kind: str | None
    answers: Mapping[str, Json]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Counted(Piece):
    """So many people were announced ("2 người về từ HCM"). Those of them who were named are among the people as well."""

    kind: str
    number: int
    answers: Mapping[str, Json]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class NothingNew(Piece):
    """The village says that nothing happened; ``text`` is where it says so."""

    text: str


@dataclass(frozen=True)
class Unread(Piece):
    """``text``, a line or a piece of one, was not understood."""

    text: str


@dataclass(frozen=True)
class Reading:
    """Everything that was read, each list in the order of the text."""

    people: tuple[Found, ...] = ()
    counted: tuple[Counted, ...] = ()
    nothing_new: tuple[NothingNew, ...] = ()
    not_understood: tuple[Unread, ...] = ()

    def __add__(self, other: Reading) -> Reading:
        return Reading(
            self.people + other.people,
            self.counted + other.counted,
            self.nothing_new + other.nothing_new,
            self.not_understood + other.not_understood,
        )

    def by_village(self) -> Mapping[str | None, Reading]:
        """One reading per village, in the order in which the text names them; None holds what belongs to no known village."""
        pieces: tuple[Piece, ...] = (*self.people, *self.counted, *self.nothing_new, *self.not_understood)
        return {
            code: Reading(
                tuple(piece for piece in self.people if piece.village == code),
                tuple(piece for piece in self.counted if piece.village == code),
                tuple(piece for piece in self.nothing_new if piece.village == code),
                tuple(piece for piece in self.not_understood if piece.village == code),
            )
            for code in dict.fromkeys(piece.village for piece in pieces)
        }


@dataclass(frozen=True)
class Said:
    """One message: what was said by whom on which day. ``village`` is the sender's, if known."""

    text: str
    day: date
    sender: str | None = None
    village: str | None = None


@dataclass
class Fact:
    """One statement about somebody: ``field`` of a form, or a remark of the reader's own that begins with "_".

    ``start`` is its place in the line; ``weak``: gives way to a fact that is not; ``nth``: counts as "the second dose" does;
    ``joins``: is added to another of its field instead of contradicting it; ``corrects``: replaces what was said before.
    """

    field: str
    value: Json
    source: str
    start: int
    clause: int = 0
    weak: bool = False
    nth: bool = False
    joins: bool = False
    corrects: bool = False
