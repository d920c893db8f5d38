"""A chat as the page and scripts see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from bot.sandbox.world import Chat, Json, Message


def entries(chat: Chat | None, after: int) -> Sequence[Json]:
    """What changed after ``after``, oldest change first. A deleted message appears only to someone who may have seen it."""
    if chat is None:
        return []
    changed = [message for message in chat.messages.values() if message.seq > after and (after or not message.deleted)]
    return [_entry(message) for message in sorted(changed, key=lambda one: one.seq)]


def _entry(message: Message) -> Json:
    body = message.read()
    entry: Json = {
        "seq": message.seq,
        "message_id": message.id,
        "from": message.sender,
        "text": body.get("text") or body.get("caption") or "",
        "entities": body.get("entities") or body.get("caption_entities") or [],
        "buttons": _buttons(body),
        "document": None,
        "photo": None,
        "contact": None,
        "reply_to": body.get("reply_to_message", {}).get("message_id"),
        "edited": message.edited,
        "date": datetime.fromtimestamp(body.get("date", 0), UTC).isoformat(),
    }
    if document := body.get("document"):
        name = str(document.get("file_name") or "file")
        url = f"/api/files/{document.get('file_id')}/{quote(name, safe='')}"
        entry["document"] = {"name": name, "size": document.get("file_size"), "url": url}
    if photo := body.get("photo"):
        entry["photo"] = f"/api/files/{photo[-1].get('file_id')}/photo"
    if contact := body.get("contact"):
        entry["contact"] = {"name": contact.get("first_name"), "phone": contact.get("phone_number")}
    if message.deleted:
        entry |= {"text": "", "entities": [], "buttons": [], "document": None, "photo": None, "deleted": True}
    return entry


def _buttons(body: Json) -> list[list[Json]]:
    rows = body.get("reply_markup", {}).get("inline_keyboard", ())
    return [[{"text": button["text"], "data": button.get("callback_data", "")} for button in row] for row in rows]
