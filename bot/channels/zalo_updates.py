"""Raw updates of the Zalo Bot Platform become ``Inbound``. Pure.

Polling and webhook bring the same object, bare or wrapped in ``{"ok": …, "result": …}``; both have been seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.channels.base import Inbound, InboundKind, Media
from bot.domain.vietnamese import strip_unsafe

CHANNEL: Final = "zalo"

_TEXT: Final = "message.text.received"
_WITHHELD: Final = "message.unsupported.received"

# Event -> our kind of media and the fields that may hold its address. Documented is "photo", sent was also "photo_url".
_MEDIA: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "message.image.received": ("photo", ("photo", "photo_url")),
    "message.voice.received": ("voice", ("voice_url",)),
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_KEY: Final = 128  # characters; the platform's ids have 20, its event names under 30


def to_inbound(update: object, bot: str) -> Inbound | None:
    """What a person did, or None for an update that concerns nobody and counts as handled.

    ``id`` is the event's name and the message's id, since no update carries a number of its own. A picture's or a voice
    message's ``file_id`` is the address at which the platform keeps it; a caption is the text. What the platform does not
    hand over ("unsupported": files, and whatever protected persons send) is ``WITHHELD``; stickers and events newer than
    this program are ``OTHER``. Nobody: an event without a message, and what bots say. Raises ``ValueError``, and nothing
    else, for an update that cannot be understood; its text holds nothing of the update's content.
    """
    raw = _object(update, "update")
    if "event_name" not in raw and "result" in raw:
        raw = _object(raw["result"], "result")
    event = _key(_string(raw.get("event_name"), "event_name"), "event_name")
    if raw.get("message") is None:
        return None
    message = _object(raw["message"], "message")
    sender = _object(message.get("from"), "from")
    if sender.get("is_bot") is True:  # two bots in one group would answer each other for ever
        return None
    chat = _object(message.get("chat"), "chat")
    kind, text, media = _content(event, message)
    group = _string(chat.get("chat_type"), "chat_type").upper() != "PRIVATE"
    return Inbound(
        channel=CHANNEL,
        bot=bot,
        id=f"{event}:{_key(message.get('message_id'), 'message_id')}",
        address=_key(chat.get("id"), "chat id"),
        sent_at=_instant(message.get("date")),
        kind=kind,
        text=text,
        media=media,
        group=group,
        author=_key(sender.get("id"), "sender id") if group else "",
        display_name=_optional(sender.get("display_name")).strip(),
    )


def _content(event: str, message: Mapping[str, Any]) -> tuple[InboundKind, str, Media | None]:
    if event == _TEXT:
        return InboundKind.TEXT, strip_unsafe(_string(message.get("text"), "text")), None
    if event in _MEDIA:
        kind, fields = _MEDIA[event]
        address = next((found for field in fields if (found := _optional(message.get(field)))), "")
        if address:
            return InboundKind.MEDIA, _optional(message.get("caption")), Media(kind=kind, file_id=address)
        return InboundKind.WITHHELD, "", None
    return InboundKind.WITHHELD if event == _WITHHELD else InboundKind.OTHER, "", None


def _instant(value: object) -> datetime:
    """``value`` is in milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("date is not an integer")
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except OverflowError:
        raise ValueError("date is out of range") from None


def _key(value: object, what: str) -> str:
    """An identifier: text, or a number written as such by a platform that changed its mind."""
    if isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63:
        value = str(value)
    key = strip_unsafe(_string(value, what))
    if not 0 < len(key) <= _LONGEST_KEY:
        raise ValueError(f"{what} is empty or too long")
    return key


def _optional(value: object) -> str:
    return strip_unsafe(value) if isinstance(value, str) else ""


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")
    return value


def _string(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} is not a string")
    return value
