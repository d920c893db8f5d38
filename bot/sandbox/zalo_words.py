"""Messages as Zalo writes them, from messages as the sandbox holds them."""

from __future__ import annotations

from hashlib import blake2b

from bot.sandbox.world import Chat, Json, Message, dumps


def message_id(chat: Chat, message: Message) -> str:
    """Unique per bot, not only per chat, and without order."""
    return blake2b(f"{chat.address} {message.id}".encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def sent(chat: Chat, message: Message) -> str:
    """The result of a method that sends."""
    return dumps({"message_id": message_id(chat, message), "date": _milliseconds(message.read())})


def update(chat: Chat, message: Message, root: str) -> str:
    """What the bot is told of a person's message: a text, a picture with its address under ``root``, of all else only that
    it was there."""
    body = message.read()
    if "text" in body:
        event, content = "text", {"text": body["text"]}
    elif "photo" in body:
        caption = {"caption": body["caption"]} if "caption" in body else {}
        event, content = "image", {"photo": f"{root}/api/files/{body['photo'][-1]['file_id']}/photo", **caption}
    else:
        event, content = "unsupported", {}
    told: Json = {
        "message_id": message_id(chat, message),
        "date": _milliseconds(body),
        "from": {"id": chat.address, "display_name": chat.info["first_name"], "is_bot": False},
        "chat": {"id": chat.address, "chat_type": "PRIVATE"},
        **content,
    }
    return dumps({"event_name": f"message.{event}.received", "message": told})


def _milliseconds(body: Json) -> int:
    return int(body["date"]) * 1000
