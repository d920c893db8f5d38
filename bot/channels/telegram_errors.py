"""What an error of the Bot API means for us. Pure."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any, Final

from telegram.error import TelegramError

from bot.channels.telegram_transport import ApiRefusal, FileUnavailable, NoAnswer
from bot.errors import ChannelError, ChatClosed, Conflict, Rejected, Throttled, TokenRefused, Unreachable

# 400s that will not change until the person or the group's administrator acts.
_CHAT_CLOSED: Final = (
    "chat not found",
    "chat_write_forbidden",
    "group chat was",  # deleted, deactivated, upgraded
    "have no rights to send",
    "not enough rights",
    "peer_id_invalid",
    "user_deactivated",
    "user not found",
)
_WHEN_NOT_SAID: Final = 5.0  # seconds, for a 429 that names none


def translate(error: TelegramError) -> ChannelError:
    """Ours for theirs, without anything that their text might carry."""
    match error:
        case ApiRefusal():
            return _refused(error)
        case NoAnswer():
            return Unreachable(str(error))
        case FileUnavailable():
            return Rejected(str(error))
        case _:
            return Unreachable(type(error).__name__)


def _refused(refusal: ApiRefusal) -> ChannelError:
    text, code = str(refusal), refusal.code
    if "migrate_to_chat_id" in refusal.parameters:
        return ChatClosed(text)
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(_seconds(refusal.parameters.get("retry_after")))
    if code == HTTPStatus.UNAUTHORIZED:
        return TokenRefused(text)
    if code == HTTPStatus.NOT_FOUND:  # the token itself is not found, unless it says that the method is not
        return Rejected(text) if refusal.says("method") else TokenRefused(text)
    if code == HTTPStatus.CONFLICT:
        return Conflict(text)
    if code == HTTPStatus.FORBIDDEN or (code == HTTPStatus.BAD_REQUEST and refusal.says(*_CHAT_CLOSED)):
        return ChatClosed(text)
    if HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Rejected(text)
    return Unreachable(text)


def _seconds(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 < value < math.inf else _WHEN_NOT_SAID
