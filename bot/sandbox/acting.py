"""What a person does in a chat, turned into the update that the platform would make of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from bot.sandbox.files import Files, image_size
from bot.sandbox.formatting import MAX_TEXT, commands_in, units
from bot.sandbox.markup import has_button
from bot.sandbox.methods import without_reply
from bot.sandbox.params import Upload
from bot.sandbox.taps import Taps
from bot.sandbox.updates import Updates
from bot.sandbox.world import Chat, Json, Message, World, dumps


class CannotAct(Exception):
    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True)
class Acted:
    """The message that was written or tapped, and the update the bot will get (None: it asked not to)."""

    message_id: int
    update_id: int | None
    query_id: str = ""


class Acting(ABC):
    """What is the same on every platform. ``longest`` is a message's length in UTF-16 units."""

    longest: int

    def __init__(self, world: World, files: Files) -> None:
        self._world = world
        self._files = files

    @abstractmethod
    def tap(self, chat: Chat, message_id: int, data: str) -> Acted:
        """Tap a button under a message of the bot's."""

    @abstractmethod
    def block(self, chat: Chat, blocked: bool) -> int | None:
        """Block the bot or let it in again; answers with the id of the update that tells it so, if one does."""

    @abstractmethod
    def inject(self, raw: Json) -> int:
        """A raw update as it is. What it carries that can be read, the chat remembers."""

    @abstractmethod
    def _tell(self, chat: Chat, message: Message) -> int | None:
        """Queue the update with this message of the person's."""

    def write(self, chat: Chat, text: str, reply_to: int | None = None) -> Acted:
        """Send a text. One above the platform's length goes as several messages, as the platform's own programs send it."""
        text = text.strip()
        if not text:
            raise CannotAct("empty_message", "a message needs a text, a contact or a file")
        content = self._reply(chat, reply_to)
        for part in _parts(text, self.longest):
            acted = self._send(chat, {**content, **self._worded(part)})
        return acted

    def share_contact(self, chat: Chat, contact: Json, reply_to: int | None = None) -> Acted:
        """``contact`` has ``phone`` (or Telegram's ``phone_number``) and may have ``name``; without one it is one's own."""
        phone = str(contact.get("phone") or contact.get("phone_number") or "")
        if not phone:
            raise CannotAct("contact_without_phone", "a contact needs a phone")
        name = contact.get("name") or contact.get("first_name")
        own = {"user_id": chat.id} if not name or name == chat.info.get("first_name") else {}
        shown = {"phone_number": phone, "first_name": str(name or chat.info["first_name"]), **own}
        return self._send(chat, {**self._reply(chat, reply_to), "contact": shown})

    async def send_file(self, chat: Chat, upload: Upload, caption: str, reply_to: int | None = None) -> Acted:
        """Send a file: a picture as a photo, anything else as a document."""
        size = image_size(upload.content)
        file = await self._files.keep(upload, "photos" if size else "documents")
        sent: Json = {"document": file.document()}
        if size:
            sent = {"photo": [{**file.reference(), "width": size[0], "height": size[1]}]}
        return self._send(chat, {**self._reply(chat, reply_to), **sent, **({"caption": caption} if caption else {})})

    def _send(self, chat: Chat, content: Json) -> Acted:
        self._refuse_blocked(chat)
        message = self._world.post(chat, "person", content)
        return Acted(message.id, self._tell(chat, message))

    def _worded(self, text: str) -> Json:
        return {"text": text}

    def _reply(self, chat: Chat, message_id: int | None) -> Json:
        if message_id is None:
            return {}
        message = chat.message(message_id)
        if message is None:
            raise CannotAct("message_gone", "the message to reply to is not there")
        return {"reply_to_message": without_reply(message.read())}

    def _refuse_blocked(self, chat: Chat) -> None:
        if chat.blocked:
            raise CannotAct("blocked", "this person has blocked the bot")


class TelegramActing(Acting):
    longest = MAX_TEXT

    def __init__(self, world: World, updates: Updates, files: Files, taps: Taps) -> None:
        super().__init__(world, files)
        self._updates = updates
        self._taps = taps

    def tap(self, chat: Chat, message_id: int, data: str) -> Acted:
        self._refuse_blocked(chat)
        message = chat.message(message_id)
        body = message.read() if message is not None and message.sender == "bot" else {}
        if not has_button(body, data):
            raise CannotAct("button_gone", "this message has no such button (any more)")
        query_id = self._taps.new()
        query = {"id": query_id, "from": chat.user, "message": body, "chat_instance": str(chat.id), "data": data}
        return Acted(message_id, self._updates.push("callback_query", dumps(query)), query_id)

    def block(self, chat: Chat, blocked: bool) -> int | None:
        if chat.blocked == blocked:
            return None
        self._world.block(chat, blocked)
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        change = {
            "chat": chat.info,
            "from": chat.user,
            "date": self._world.unix_now(),
            "old_chat_member": self._membership(before),
            "new_chat_member": self._membership(after),
        }
        return self._updates.push("my_chat_member", dumps(change))

    def inject(self, raw: Json) -> int:
        match raw:
            case {"message": {"chat": {"id": int(), "type": str()} as info, "message_id": int(message_id)} as message}:
                self._world.record(self._world.register(info), message_id, message)
            case {"callback_query": {"id": str(query_id)}}:
                self._taps.adopt(query_id)
        return self._updates.inject(raw)

    def _worded(self, text: str) -> Json:
        entities = {"entities": found} if (found := commands_in(text)) else {}
        return {"text": text, **entities}

    def _tell(self, chat: Chat, message: Message) -> int | None:
        return self._updates.push("message", message.body)

    def _membership(self, status: str) -> dict[str, Any]:
        return {"user": self._world.bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}


def _parts(text: str, longest: int) -> list[str]:
    parts: list[str] = []
    while units(text) > longest:
        part = text.encode("utf-16-le", "surrogatepass")[: 2 * longest].decode("utf-16-le", "surrogatepass")
        if "\ud800" <= part[-1] <= "\udbff":  # half of a character
            part = part[:-1]
        parts.append(part)
        text = text[len(part) :]
    return [*parts, text]
