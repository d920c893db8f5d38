"""Chats and their messages, as Telegram keeps them.

A message is held as the JSON text of Telegram's ``Message``: that text is at once the answer to the bot, the payload of
an update and the row in the store. A message on Zalo is held so too, and put into Zalo's words on its way out. ``seq``
grows by one with every visible change anywhere; an edit raises it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal

from bot.sandbox.store import Store

Sender = Literal["person", "bot"]
Json = dict[str, Any]

TELEGRAM, ZALO = "telegram", "zalo"
EVERY_CHAT = 0  # Telegram has no chat 0
ZALO_CHATS = 1 << 60  # Zalo's chats are kept from here on; Telegram's ids have at most 52 bits


def dumps(value: object) -> str:
    """Compact JSON in ASCII, as Telegram's own; so a lone surrogate survives the way to the bot."""
    return json.dumps(value, separators=(",", ":"))


def zalo_chat(address: str, name: str) -> Json:
    """The ``info`` of a chat with a person, which Zalo knows by ``address``."""
    number = int.from_bytes(blake2b(address.encode("utf-8", "surrogatepass"), digest_size=7).digest())
    return {"id": ZALO_CHATS + number, "type": ZALO, "address": address, "first_name": name}


@dataclass(slots=True)
class Message:
    id: int
    seq: int
    sender: Sender
    body: str
    edited: bool = False
    deleted: bool = False

    def read(self) -> Json:
        message: Json = json.loads(self.body)
        return message


@dataclass(slots=True)
class Chat:
    """``info`` is Telegram's ``Chat``, on Zalo with the ``address`` there; ``heard`` the seq of the bot's newest message."""

    id: int
    info: Json
    blocked: bool = False
    last_id: int = 0
    seq: int = 0
    heard: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        return self.info.get("type") == "private"

    @property
    def channel(self) -> str:
        return ZALO if self.info.get("type") == ZALO else TELEGRAM

    @property
    def address(self) -> str:
        """What the platform calls this chat."""
        return str(self.info.get("address", self.id))

    @property
    def user(self) -> Json:
        """The person at the other end of a private chat, as Telegram's ``User``."""
        person: Json = {key: self.info[key] for key in ("first_name", "last_name", "username") if key in self.info}
        return {"id": self.id, "is_bot": False, **person, "language_code": "vi"}

    def message(self, message_id: int) -> Message | None:
        found = self.messages.get(message_id)
        return None if found is None or found.deleted else found


class World:
    def __init__(self, store: Store, bot: Json, unix_now: Callable[[], int]) -> None:
        self.bot = bot
        self.unix_now = unix_now
        self.chats: dict[int, Chat] = {}
        self.seq = 0
        self._store = store
        self._waiters: dict[int, list[asyncio.Future[None]]] = {}

    async def load(self) -> None:
        for chat_id, info, blocked in await self._store.read("SELECT id, info, blocked FROM chat"):
            self.chats[chat_id] = Chat(chat_id, json.loads(info), bool(blocked))
        rows = await self._store.read(
            "SELECT chat_id, message_id, seq, sender, body, edited, deleted FROM message ORDER BY chat_id, message_id"
        )
        for chat_id, message_id, seq, sender, body, edited, deleted in rows:
            self._keep(self.chats[chat_id], Message(message_id, seq, sender, body, bool(edited), bool(deleted)))

    def meet(self, info: Json) -> Chat:
        """The chat with this ``info``'s id, made if there is none."""
        return self.chats.get(info["id"]) or self.register(info)

    def register(self, info: Json) -> Chat:
        """The chat with this ``info``, made or brought up to date."""
        chat = self.chats.get(info["id"])
        if chat is None:
            chat = self.chats[info["id"]] = Chat(info["id"], info)
        elif chat.info == info:
            return chat
        chat.info = info
        self._save_chat(chat)
        return chat

    def block(self, chat: Chat, blocked: bool) -> None:
        chat.blocked = blocked
        self._save_chat(chat)

    def post(self, chat: Chat, sender: Sender, content: Json) -> Message:
        """A new message in the chat; ``content`` is everything but its id, sender, chat and date."""
        message_id = chat.last_id + 1
        author = self.bot if sender == "bot" else chat.user
        body = {"message_id": message_id, "from": author, "chat": chat.info, "date": self.unix_now(), **content}
        return self._write(chat, Message(message_id, self.seq + 1, sender, dumps(body)))

    def record(self, chat: Chat, message_id: int, body: Json) -> None:
        """A person's message that came from outside as it is. One whose id is taken here is not remembered."""
        if message_id in chat.messages:
            return
        self._write(chat, Message(message_id, self.seq + 1, "person", dumps(body)))

    def rewrite(self, chat: Chat, message: Message, body: Json) -> Message:
        body["edit_date"] = self.unix_now()
        return self._write(chat, Message(message.id, self.seq + 1, message.sender, dumps(body), edited=True))

    def delete(self, chat: Chat, message: Message) -> None:
        gone = Message(message.id, self.seq + 1, message.sender, message.body, message.edited, deleted=True)
        self._write(chat, gone)

    async def changed(self, chat_id: int, after: int, timeout: float) -> None:
        """Wait until something in this chat (or in EVERY_CHAT) has a seq above ``after``, ``timeout`` seconds at most."""
        chat = self.chats.get(chat_id)
        newest = self.seq if chat_id == EVERY_CHAT else chat.seq if chat else 0
        if newest > after or timeout <= 0:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(chat_id, []).append(waiter)
        await asyncio.wait([waiter], timeout=timeout)
        if not waiter.done() and chat_id in self._waiters:
            self._waiters[chat_id].remove(waiter)

    def wake_everyone(self) -> None:
        for chat_id in tuple(self._waiters):
            self._wake(chat_id)

    def _write(self, chat: Chat, message: Message) -> Message:
        self._keep(chat, message)
        self._store.write(
            "INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(chat.id, message.id, message.seq, message.sender, message.edited, message.deleted, message.body),
        )
        if self._waiters:
            self._wake(chat.id)
            self._wake(EVERY_CHAT)
        return message

    def _keep(self, chat: Chat, message: Message) -> None:
        chat.messages[message.id] = message
        chat.last_id = max(chat.last_id, message.id)
        chat.seq = max(chat.seq, message.seq)
        if message.sender == "bot" and not message.deleted:
            chat.heard = max(chat.heard, message.seq)
        self.seq = max(self.seq, message.seq)

    def _save_chat(self, chat: Chat) -> None:
        self._store.write("INSERT OR REPLACE INTO chat VALUES (?, ?, ?)", chat.id, dumps(chat.info), chat.blocked)

    def _wake(self, chat_id: int) -> None:
        for waiter in self._waiters.pop(chat_id, ()):
            if not waiter.done():
                waiter.set_result(None)
