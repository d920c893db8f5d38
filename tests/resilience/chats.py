"""The local Bot API server from outside: what persons do in their chats, and what stands there."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

Json = dict[str, Any]

TOKEN = "1000000001:invented-token"
BOT = TOKEN.split(":")[0]
ZALO_TOKEN = "1459232241454765289:invented-token"
ZALO_BOT = ZALO_TOKEN.split(":")[0]


@dataclass(frozen=True)
class Entry:
    """A message in a chat as it stood when it was read."""

    message_id: int
    seq: int
    by_bot: bool
    text: str
    buttons: tuple[tuple[str, str], ...]  # (label, data)
    document: str | None

    def button(self, ending: str) -> str:
        """The data of the button that ends so."""
        return next(data for _, data in self.buttons if data.endswith(ending))


class Platform:
    """``says`` and ``chooses`` return as soon as the update is in the queue; nothing waits for the bot."""

    buttons = True

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self.url = url
        self._places = itertools.count(1000, 1000)  # far from the ids that the server gives to the bot's messages

    async def says(self, chat: int, text: str, at: datetime) -> int:
        """The update's id."""
        command = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text)}]} if text.startswith("/") else {}
        message = {"message_id": next(self._places), "date": int(at.timestamp()), "text": text, **_private(chat), **command}
        return await self.inject({"message": message})

    async def chooses(self, chat: int, entry: Entry, label: str, at: datetime) -> int:
        """Tap the button with this label."""
        return await self.taps(chat, entry, next(data for shown, data in entry.buttons if shown == label))

    async def taps(self, chat: int, entry: Entry, data: str) -> int:
        message = {"message_id": entry.message_id, "date": 0, "chat": _private(chat)["chat"]}
        tap = {"id": f"tap{next(self._places)}", "chat_instance": str(chat), "data": data, "message": message}
        return await self.inject({"callback_query": {**tap, "from": _private(chat)["from"]}})

    async def inject(self, update: Mapping[str, Any]) -> int:
        """Put a raw update into the queue."""
        async with self._http.post(f"{self.url}/api/updates", json=update) as answer:
            answer.raise_for_status()
            return int((await answer.json())["update_id"])

    async def chat(self, chat: int, after: int = 0, wait: float = 0) -> list[Entry]:
        """What changed after ``after``; waits up to ``wait`` seconds for it."""
        where = f"{self.url}/api/persons/{self._person(chat)}/chat"
        async with self._http.get(where, params={"after": str(after), "wait": str(wait)}) as answer:
            answer.raise_for_status()
            return [_entry(entry) for entry in await answer.json()]

    async def heard(self, chat: int) -> list[str]:
        """The bot's messages in this chat."""
        return [entry.text for entry in await self.chat(chat) if entry.by_bot]

    async def latest(self, chat: int, after: int = 0, words: str = "") -> Entry:
        """The newest message of the bot that changed after ``after`` and holds ``words``; waits for it."""
        async with asyncio.timeout(20):
            while True:
                entries = await self.chat(chat, after, wait=1)
                if found := [entry for entry in entries if entry.by_bot and words in entry.text]:
                    return found[-1]

    async def seq(self) -> int:
        """Grows with every visible change anywhere."""
        async with self._http.get(f"{self.url}/api/news") as answer:
            return int((await answer.json())["seq"])

    async def unconfirmed(self) -> int:
        """How many updates the bot has not confirmed."""
        async with self._http.get(f"{self.url}/bot{TOKEN}/getWebhookInfo") as answer:
            return int((await answer.json())["result"]["pending_update_count"])

    def _person(self, chat: int) -> str:
        return str(chat)


class ZaloPlatform(Platform):
    """The same people where there is nothing to tap: a choice is made by its number, or by its word where it has none."""

    buttons = False

    async def says(self, chat: int, text: str, at: datetime) -> int:
        person = {"id": str(chat), "display_name": str(chat), "is_bot": False}
        sent = {"message_id": f"m{next(self._places)}", "date": int(at.timestamp() * 1000), "text": text}
        message = {**sent, "from": person, "chat": {"id": str(chat), "chat_type": "PRIVATE"}}
        return await self.inject({"channel": "zalo", "event_name": "message.text.received", "message": message})

    async def chooses(self, chat: int, entry: Entry, label: str, at: datetime) -> int:
        numbers = [line.partition(". ")[0] for line in entry.text.splitlines() if line.partition(". ")[2] == label]
        return await self.says(chat, numbers[0] if numbers else label.lower(), at)

    async def unconfirmed(self) -> int:
        """0: nobody is told. What was not handled brings its reporter to a standstill."""
        return 0

    def _person(self, chat: int) -> str:
        return f"zalo-{chat}"


def _private(chat: int) -> Json:
    name = {"first_name": str(chat)}
    return {"chat": {"id": chat, "type": "private", **name}, "from": {"id": chat, "is_bot": False, **name}}


def _entry(entry: Mapping[str, Any]) -> Entry:
    return Entry(
        message_id=entry["message_id"],
        seq=entry["seq"],
        by_bot=entry["from"] == "bot",
        text=entry["text"],
        buttons=tuple((button["text"], button["data"]) for row in entry["buttons"] for button in row),
        document=entry["document"]["name"] if entry["document"] else None,
    )
