"""Raw updates of the Bot API become ``Inbound``. Pure.

Raw JSON and not the library's types, so that an update that is newer than the library, or broken, is one update's problem.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.channels.base import Contact, Inbound, InboundKind, Media
from bot.domain.vietnamese import strip_unsafe

CHANNEL: Final = "telegram"

# What we ask for. Reactions, polls, payments, channel posts and the like concern nobody here.
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")

# Messages that a chat writes about itself ("A joined", "B pinned a message"): nobody is waiting for an answer.
_SERVICE: Final = frozenset(
    [
        "boost_added",
        "channel_chat_created",
        "chat_background_set",
        "chat_shared",
        "connected_website",
        "delete_chat_photo",
        "forum_topic_closed",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "group_chat_created",
        "invoice",
        "left_chat_member",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "migrate_to_chat_id",
        "new_chat_members",
        "new_chat_photo",
        "new_chat_title",
        "pinned_message",
        "proximity_alert_triggered",
        "refunded_payment",
        "successful_payment",
        "supergroup_chat_created",
        "users_shared",
        "video_chat_ended",
        "video_chat_participants_invited",
        "video_chat_scheduled",
        "video_chat_started",
        "web_app_data",
        "write_access_allowed",
    ]
)

# Field of a message -> our kind of media. A round video note is a video, a sound file is a voice message.
_MEDIA: Final = {
    "photo": "photo",
    "document": "document",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_COMMAND_FOR_BOT: Final = re.compile(r"^(/\w+)@(\w+)")


def to_inbound(update: object, bot: str, fetched_at: datetime, username: str = "") -> Inbound | None:
    """What a person did, or None for an update that concerns nobody and counts as handled.

    ``username`` is the bot's own: in a group, a command that names another bot concerns nobody. Without it every command does.

    A message's instant is its own date, an edited one's the date of the edit, a tap's ``fetched_at``. ``message_id`` is
    set for taps (the message with the button) and edits (the message that was edited). The caption of a file is its
    text; "/lenh@ten_bot" arrives as "/lenh". Raises ``ValueError``, and nothing else, for an update that cannot be
    understood; its text holds nothing of the update's content.
    """
    raw = _object(update, "update")
    update_id = str(_integer(raw.get("update_id"), "update_id"))
    if "message" in raw:
        return _message(_object(raw["message"], "message"), bot, update_id, username)
    if "edited_message" in raw:
        return _edited(_object(raw["edited_message"], "edited_message"), bot, update_id)
    if "callback_query" in raw:
        return _tap(_object(raw["callback_query"], "callback_query"), bot, update_id, fetched_at)
    if "my_chat_member" in raw:
        return _membership(_object(raw["my_chat_member"], "my_chat_member"), bot, update_id)
    return None


def _message(message: Mapping[str, Any], bot: str, update_id: str, username: str) -> Inbound | None:
    chat = _chat(message)
    if chat is None or not _SERVICE.isdisjoint(message):
        return None
    address, group = chat
    if group and _for_another_bot(message, username):
        return None
    kind, content = _content(message)
    return Inbound(
        channel=CHANNEL,
        bot=bot,
        id=update_id,
        address=address,
        sent_at=_instant(message.get("date"), "date"),
        kind=kind,
        text=_text(message),
        reply_to=_reply_to(message),
        group=group,
        author=_author(message.get("from"), group),
        display_name=_display_name(message.get("from")),
        **content,
    )


def _edited(message: Mapping[str, Any], bot: str, update_id: str) -> Inbound | None:
    chat = _chat(message)
    if chat is None or "location" in message:  # a live location "edits" its message every few seconds
        return None
    address, group = chat
    return Inbound(
        channel=CHANNEL,
        bot=bot,
        id=update_id,
        address=address,
        sent_at=_instant(message.get("edit_date", message.get("date")), "edit_date"),
        kind=InboundKind.EDITED,
        text=_text(message),
        message_id=str(_integer(message.get("message_id"), "message_id")),
        reply_to=_reply_to(message),
        group=group,
        author=_author(message.get("from"), group),
        display_name=_display_name(message.get("from")),
    )


def _tap(query: Mapping[str, Any], bot: str, update_id: str, fetched_at: datetime) -> Inbound | None:
    if "message" not in query or "data" not in query:  # a button of an inline message or of a game: not ours
        return None
    # The message may be an inaccessible one: then it has only chat, message_id and date 0.
    message = _object(query["message"], "message")
    chat = _chat(message)
    if chat is None:
        return None
    address, group = chat
    return Inbound(
        channel=CHANNEL,
        bot=bot,
        id=update_id,
        address=address,
        sent_at=fetched_at,
        kind=InboundKind.TAP,
        token=strip_unsafe(_string(query["data"], "data")),
        message_id=str(_integer(message.get("message_id"), "message_id")),
        group=group,
        author=_author(query.get("from"), group),
        display_name=_display_name(query.get("from")),
        ack=strip_unsafe(_string(query.get("id"), "id")),
    )


def _membership(change: Mapping[str, Any], bot: str, update_id: str) -> Inbound | None:
    chat = _chat(change)
    if chat is None:
        return None
    address, group = chat
    was_in = _is_in(change.get("old_chat_member"), "old_chat_member")
    is_in = _is_in(change.get("new_chat_member"), "new_chat_member")
    if was_in == is_in:  # promoted, restricted: still there, or still not
        return None
    return Inbound(
        channel=CHANNEL,
        bot=bot,
        id=update_id,
        address=address,
        sent_at=_instant(change.get("date"), "date"),
        kind=InboundKind.OPENED if is_in else InboundKind.BLOCKED,
        group=group,
        author=_author(change.get("from"), group),
        display_name=_display_name(change.get("from")),
    )


def _content(message: Mapping[str, Any]) -> tuple[InboundKind, dict[str, Any]]:
    """The kind of a message and the one field of ``Inbound`` that belongs to it."""
    if "text" in message:
        return InboundKind.TEXT, {}
    if "contact" in message:
        return InboundKind.CONTACT, {"contact": _contact(_object(message["contact"], "contact"))}
    if "location" in message:
        return InboundKind.LOCATION, {"location": _location(_object(message["location"], "location"))}
    if "animation" not in message:  # a GIF also claims to be a document
        for field, kind in _MEDIA.items():
            if field in message:
                return InboundKind.MEDIA, {"media": _media(kind, message[field], message.get("media_group_id"))}
    return InboundKind.OTHER, {}


def _contact(raw: Mapping[str, Any]) -> Contact:
    return Contact(name=_display_name(raw), phone=strip_unsafe(_string(raw.get("phone_number"), "phone_number")))


def _location(raw: Mapping[str, Any]) -> tuple[float, float]:
    return _degrees(raw.get("latitude"), 90, "latitude"), _degrees(raw.get("longitude"), 180, "longitude")


def _media(kind: str, raw: object, group: object) -> Media:
    if kind == "photo":  # a list of sizes, the largest last
        if not isinstance(raw, list) or not raw:
            raise ValueError("photo is not a list of sizes")
        raw = raw[-1]
    file = _object(raw, kind)
    name, size = file.get("file_name"), file.get("file_size")
    return Media(
        kind=kind,
        file_id=strip_unsafe(_string(file.get("file_id"), "file_id")),
        name=strip_unsafe(name) if isinstance(name, str) else None,
        size=size if isinstance(size, int) and not isinstance(size, bool) else None,
        group=strip_unsafe(group) if isinstance(group, str) else None,
    )


def _chat(message: Mapping[str, Any]) -> tuple[str, bool] | None:
    """Address and whether it is a group; None for a channel. A type that is unknown to us is not private."""
    chat = _object(message.get("chat"), "chat")
    kind = _string(chat.get("type"), "chat type")
    return None if kind == "channel" else (str(_integer(chat.get("id"), "chat id")), kind != "private")


def _author(user: object, group: bool) -> str:
    """Who acts in a group: a private chat has its person's id. Nobody, for an anonymous administrator of the group."""
    if not group or not isinstance(user, dict) or user.get("is_bot") is True:
        return ""
    return str(_integer(user.get("id"), "user id"))


def _for_another_bot(message: Mapping[str, Any], username: str) -> bool:
    text = message.get("text")
    named = _COMMAND_FOR_BOT.match(text) if isinstance(text, str) and username else None
    return named is not None and named[2].lower() != username.lower()


def _is_in(member: object, what: str) -> bool:
    raw = _object(member, what)
    status = _string(raw.get("status"), "status")
    return raw.get("is_member") is True if status == "restricted" else status not in ("kicked", "left")


def _text(message: Mapping[str, Any]) -> str:
    text = message.get("text", message.get("caption", ""))
    return _COMMAND_FOR_BOT.sub(r"\1", strip_unsafe(_string(text, "text")))


def _reply_to(message: Mapping[str, Any]) -> str:
    if "reply_to_message" not in message:
        return ""
    return str(_integer(_object(message["reply_to_message"], "reply_to_message").get("message_id"), "message_id"))


def _display_name(user: object) -> str:
    """First and last name as given; empty where there is none (an anonymous administrator of a group)."""
    if not isinstance(user, dict):
        return ""
    parts = (user.get("first_name"), user.get("last_name"))
    return " ".join(part for part in (strip_unsafe(p).strip() for p in parts if isinstance(p, str)) if part)


def _instant(value: object, what: str) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=_integer(value, what))
    except OverflowError:
        raise ValueError(f"{what} is out of range") from None


def _degrees(value: object, limit: int, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > limit or not math.isfinite(value):
        raise ValueError(f"{what} is not an angle")
    return float(value)


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")
    return value


def _integer(value: object, what: str) -> int:
    # Beyond 64 bits it is no identifier and no date, and Python refuses to print it from 4,300 digits on.
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise ValueError(f"{what} is not an integer")
    return value


def _string(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} is not a string")
    return value
