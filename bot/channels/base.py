"""What every channel speaks: messages in, messages out, and the few methods between.

A channel turns the platform's own words into ``Inbound`` and ``Outgoing`` into the platform's. It keeps nothing, decides
nothing and knows no sentence. Only what a transaction has committed reaches ``send``; an update's offset is confirmed
only after its transaction committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class InboundKind(StrEnum):
    TEXT = "text"
    TAP = "tap"
    CONTACT = "contact"
    LOCATION = "location"
    MEDIA = "media"
    EDITED = "edited"  # the person edited an earlier message
    BLOCKED = "blocked"  # the person blocked the bot, or it was removed from the group
    OPENED = "opened"  # the person unblocked the bot, or it was added to a group
    OTHER = "other"  # sticker, dice, poll, something newer than this program


@dataclass(frozen=True)
class Contact:
    name: str
    phone: str


@dataclass(frozen=True)
class Media:
    """A file that a person sent. ``group`` is the album it belongs to; an album is one answer."""

    kind: str  # photo, document, voice, video
    file_id: str
    name: str | None = None
    size: int | None = None
    group: str | None = None


@dataclass(frozen=True)
class Inbound:
    """One thing a person did, free of the platform's shape.

    ``id`` is unique per bot and is the idempotency key. ``address`` is the chat. ``sent_at`` is the message's own
    instant in UTC; a tap carries none, so it is the instant of fetching. ``ack`` is what ``acknowledge`` needs.
    NUL and lone surrogates are already stripped from every string.
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
    display_name: str = ""
    ack: str = ""


@dataclass(frozen=True)
class Button:
    label: str
    token: str  # at most 64 bytes in UTF-8


@dataclass(frozen=True)
class Attachment:
    name: str  # shown to people, may be Vietnamese
    content: bytes
    mime: str = "application/octet-stream"


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
class Batch:
    """What one fetch brought. ``unreadable`` are raw updates that could not be parsed; they are set aside, not lost."""

    messages: Sequence[Inbound]
    unreadable: Sequence[Any] = field(default=())


class Channel(Protocol):
    """A platform account of ours."""

    @property
    def name(self) -> str:
        """telegram, zalo, …: the first part of every account's key."""

    @property
    def bot(self) -> str:
        """The platform's own id of this bot, so that two bots can share a database."""

    @property
    def buttons(self) -> bool:
        """False where choices are shown as numbers."""

    @property
    def text_limit(self) -> int:
        """Longest text in UTF-16 code units; the outbox splits longer ones on line ends before they get here."""

    async def fetch(self, wait: float) -> Batch:
        """Wait up to ``wait`` seconds for news. Repeats what was not confirmed. Raises ``ChannelError``."""

    async def confirm(self, batch: Batch) -> None:
        """Everything in the batch is committed; the platform may forget it. May be deferred to the next ``fetch``."""

    async def send(self, message: Outgoing) -> str:
        """Deliver one message and return the platform's id of it. Raises ``ChannelError``."""

    async def acknowledge(self, message: Inbound) -> None:
        """Stop the spinner of a tapped button. May be lost; never raises."""

    async def close(self) -> None:
        """Release connections."""
