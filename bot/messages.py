"""What goes in and out of a chat, free of any platform's shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class InboundKind(StrEnum):
    TEXT = "text"
    TAP = "tap"
    CONTACT = "contact"
    LOCATION = "location"
    MEDIA = "media"
    EDITED = "edited"  # the person edited an earlier message
    BLOCKED = "blocked"  # the person blocked the bot, or it was removed from the group
    OPENED = "opened"  # the person unblocked the bot, or it was added to a group
    WITHHELD = "withheld"  # the platform does not hand over what the person sent
    OTHER = "other"  # sticker, dice, poll, something newer than this program


@dataclass(frozen=True)
class Contact:
    name: str
    phone: str


@dataclass(frozen=True)
class Media:
    """A file that a person sent. ``group`` is the album it belongs to; an album is one answer.

    ``file_id`` is what the channel fetches it by: a name or an address at the platform.
    """

    kind: str  # photo, document, voice, video
    file_id: str
    name: str | None = None
    size: int | None = None
    group: str | None = None


@dataclass(frozen=True)
class Inbound:
    """One thing a person did, free of the platform's shape.

    ``id`` is unique per bot and is the idempotency key. ``address`` is the chat. ``author`` is whoever wrote in a group, as
    the address of a private chat with them; empty in a private chat. ``sent_at`` is the message's own instant in UTC; a
    tap carries none, so it is the instant of fetching. ``ack`` is what ``acknowledge`` needs. NUL and lone surrogates are
    already stripped from every string.
    """

    channel: str
    bot: str
    id: str
    address: str
    sent_at: datetime
    kind: InboundKind
    text: str = ""
    token: str = ""  # payload of the tapped button
    message_id: str = ""  # for a tap: the message that carries the button
    reply_to: str = ""  # platform id of the message it answers
    contact: Contact | None = None
    location: tuple[float, float] | None = None
    media: Media | None = None
    group: bool = False  # not a private chat
    author: str = ""
    display_name: str = ""
    ack: str = ""

    @property
    def person(self) -> str:
        """The address under which whoever acted is known."""
        return self.author if self.group else self.address


LONGEST_TOKEN = 64
"""Bytes that a button carries at most, in UTF-8."""


@dataclass(frozen=True)
class Button:
    label: str
    token: str  # at most ``LONGEST_TOKEN`` bytes


@dataclass(frozen=True)
class Attachment:
    name: str  # shown to people, may be Vietnamese
    content: bytes
    mime: str = "application/octet-stream"
    id: str = field(default="", compare=False)  # under which it is stored; a link to it needs one


@dataclass(frozen=True)
class Outgoing:
    """One message for one chat, already in the reader's language.

    ``edits`` is the platform's id of the message to replace; a channel that cannot edit sends a new one.
    """

    address: str
    text: str
    buttons: Sequence[Sequence[Button]] = ()
    edits: str | None = None
    document: Attachment | None = None
    photo: Attachment | None = None


@dataclass(frozen=True)
class Mail:
    """One e-mail, already in the readers' language.

    ``message_id`` ("<…@…>") is the caller's and stays the same when the mail is sent again, so that a mail server or a reader
    can tell that it is the same.
    """

    message_id: str
    to: Sequence[str]
    subject: str
    text: str
    attachments: Sequence[Attachment] = ()
    reply_to: str = ""


TEXT_LIMITS: Mapping[str, int] = {"telegram": 4096, "zalo": 2000}
"""The longest text of one message by channel, in UTF-16 code units."""

BUTTONS: Mapping[str, bool] = {"telegram": True, "zalo": False}
"""Whether a channel shows choices as buttons; where it does not, they are numbers and words."""

EDITS: Mapping[str, bool] = {"telegram": True, "zalo": False}
"""Whether a channel can change a message that it has delivered; where it cannot, an edit is a message more."""

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes of a file that a person sends: Telegram gives no larger one to a bot, and no paper list needs more."""

FILES = frozenset({"telegram"})
"""The channels that carry documents by themselves. Another does by links, where there is a public address for them."""


def split(text: str, limit: int) -> list[str]:
    """Pieces of at most ``limit`` UTF-16 units, cut at line ends where there are any."""
    pieces: list[str] = []
    piece = ""
    for line in text.splitlines(keepends=True) or [""]:
        while _units(piece + line) > limit:
            if piece:
                pieces.append(piece.rstrip("\n"))
                piece = ""
            else:
                cut = _fitting(line, limit)
                pieces.append(line[:cut])
                line = line[cut:]
        piece += line
    if piece.strip() or not pieces:
        pieces.append(piece.rstrip("\n"))
    return pieces


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _fitting(line: str, limit: int) -> int:
    """How many characters of a line fit."""
    used = 0
    for place, letter in enumerate(line):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > limit:
            return place
    return len(line)
