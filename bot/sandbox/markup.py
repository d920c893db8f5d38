"""Inline keyboards: what Telegram accepts under a message."""

from __future__ import annotations

from typing import Any

from bot.sandbox.params import Params
from bot.sandbox.refusal import bad_request
from bot.sandbox.world import Json

MAX_DATA = 64  # bytes
MAX_BUTTONS = 100


def inline_keyboard(params: Params) -> Json | None:
    """The inline keyboard of the call, or None. Other kinds of markup are accepted and leave no trace."""
    markup = params.json("reply_markup", "can't parse reply keyboard markup JSON object")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be of type Array of Array')
    keyboard = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, keyboard)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": keyboard} if keyboard else None


def has_button(message: Json, data: str) -> bool:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return any(button.get("callback_data") == data for row in rows for button in row)


def _button(button: Any) -> Json:
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if "callback_data" in button:
        if not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "url" not in button:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    return button
