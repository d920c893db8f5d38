"""What every channel speaks: messages in, messages out, and the few methods between.

A channel turns the platform's own words into ``Inbound`` and ``Outgoing`` into the platform's. It keeps nothing, decides
nothing and knows no sentence. Only what a transaction has committed reaches ``send``; an update's offset is confirmed
only after its transaction committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.messages import Attachment, Button, Contact, Inbound, InboundKind, Media, Outgoing

__all__ = ["Attachment", "Batch", "Button", "Channel", "Contact", "Inbound", "InboundKind", "Media", "Outgoing"]


@dataclass(frozen=True)
class Batch:
    """What one fetch brought. ``unreadable`` are raw updates that could not be parsed; they are set aside, not lost."""

    messages: Sequence[Inbound]
    unreadable: Sequence[Any] = field(default=())


class Channel(Protocol):
    """A platform account of ours.

    ``once`` says that what was fetched does not come again: it must not be thrown away, not even at a stop.
    """

    once: bool

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

    async def connect(self) -> None:
        """Ask the platform who we are; sets ``bot``. May be called again after a failure. Raises ``ChannelError``."""

    async def fetch(self, wait: float) -> Batch:
        """Wait up to ``wait`` seconds for news. Repeats what was not confirmed. Raises ``ChannelError``."""

    async def confirm(self, batch: Batch) -> None:
        """Everything in the batch is committed; the platform may forget it. May be deferred to the next ``fetch``."""

    async def flush_confirm(self) -> None:
        """At a clean stop: tell the platform now what is confirmed. Raises ``ChannelError``."""

    async def send(self, message: Outgoing) -> str:
        """Deliver one message and return the platform's id of it. Raises ``ChannelError``."""

    async def acknowledge(self, message: Inbound) -> None:
        """Stop the spinner of a tapped button. May be lost; never raises."""

    async def download(self, media: Media) -> bytes:
        """A file that a person sent. ``Rejected`` if it is gone, larger than ``DOWNLOAD_LIMIT`` or not to be fetched."""

    async def close(self) -> None:
        """Release connections."""
