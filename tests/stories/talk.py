"""Playing people of the demo as they play themselves: through the practice API, as on a phone.

``talk.person("04123-01-head")`` gives a phone; ``says``, ``taps``, ``shares`` return once the bot has committed and answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, time
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from openpyxl import Workbook, load_workbook

from bot.clock import at, local
from bot.config import Config, Letter
from bot.demo.cast import NEWCOMERS
from bot.demo.people import demo_people
from bot.practice import Running, practising

Json = Any
PLAIN = Config(letter=Letter(libreoffice="none"))  # whatever this machine has
CHATS = {**{person.id: person.chat_id for person in demo_people()}, NEWCOMERS[0].id: int(NEWCOMERS[0].address)}


def rows(book: Workbook, sheet: int = 0) -> list[dict[str, Any]]:
    """A sheet's table as dictionaries by column title; the heading above and what stands below are left out."""
    found = [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]
    head = next(at for at, row in enumerate(found) if row[0] in ("TT", "STT", "No."))
    table: list[dict[str, Any]] = []
    for row in found[head + 1 :]:
        if all(cell is None for cell in row[1:]):
            break
        table.append(dict(zip(map(str, found[head]), row, strict=True)))
    return table


class Person:
    """One person's phone. ``acts``: the messages and taps so far."""

    def __init__(self, talk: Talk, person_id: str) -> None:
        self._talk = talk
        self.id = person_id
        self.acts = 0

    # --- doing ------------------------------------------------------------------------------------------------------

    async def says(self, *texts: str) -> Person:
        """Type these messages, each after the answer to the one before."""
        for text in texts:
            await self._post("messages", {"text": text})
        return self

    async def taps(self, *labels: str) -> Person:
        """Tap the newest button with each label."""
        for label in labels:
            message, data = await self._button(label)
            await self._post("taps", {"message_id": message, "data": data})
        return self

    async def answers(self, *given: str) -> Person:
        """Answer question by question: tap if the newest message has such a button, else type."""
        for answer in given:
            newest = max(await self._from_bot(), key=lambda one: one["seq"], default=None)
            shown = {button["text"]: button["data"] for row in newest["buttons"] for button in row} if newest else {}
            if newest and answer in shown:
                await self._post("taps", {"message_id": newest["message_id"], "data": shown[answer]})
            else:
                await self.says(answer)
        return self

    async def replies(self, words: str, text: str) -> Person:
        """Answer the newest message of the bot that has these words in it, as one does by swiping it."""
        meant = [one for one in await self._from_bot() if words in one["text"]][-1]
        return await self._post("messages", {"text": text, "reply_to": meant["message_id"]})

    async def shares(self, phone: str, name: str = "Người Mẫu") -> Person:
        """Share a contact card."""
        await self._post("messages", {"contact": {"phone": phone, "name": name}})
        return self

    async def sends_file(self, name: str, content: bytes, caption: str = "") -> Person:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("text", caption)
        form.add_field("file", content, filename=name)
        async with self._talk.http.post(f"/api/persons/{self.id}/messages", data=form) as response:
            settled = (await response.json())["settled"]
        if not settled:  # files are read in a process of their own, which a busy machine starts slowly
            await self._talk.clock.to(f"{local(await self._talk.clock.now()):%H:%M:%S}")
        return self

    async def blocks(self) -> Person:
        return await self._post("block", {})

    async def unblocks(self) -> Person:
        return await self._post("unblock", {})

    async def taps_twice(self, label: str) -> Person:
        """Two taps before the first is answered."""
        message, data = await self._button(label)
        tap = {"message_id": message, "data": data}
        await asyncio.gather(self._post("taps", tap), self._post("taps", tap))
        return self

    async def forges(self, data: str) -> Person:
        """A tap that no button of the bot carries, or none carries any more."""
        newest = (await self._from_bot())[-1]["message_id"]
        shown = {"message_id": newest, "chat": self._chat, "date": 0}
        query = {"id": str(self._talk.number()), "from": self._user, "message": shown, "chat_instance": "1", "data": data}
        await self._talk.update({"callback_query": query})
        return self

    async def sends(self, **content: Json) -> Person:
        """A message of a kind that the page has no button for: ``sticker``, ``voice``, two photos of one album."""
        await self._talk.update({"message": await self._message(content)})
        return self

    async def edits(self, text: str) -> Person:
        """Change one's newest message."""
        mine = [one for one in await self.chat() if one["from"] == "person"][-1]
        message = await self._message({"text": text})
        await self._talk.update({"edited_message": {**message, "message_id": mine["message_id"], "edit_date": message["date"]}})
        return self

    async def _message(self, content: Json) -> Json:
        date = int((await self._talk.clock.now()).timestamp())
        return {"message_id": self._talk.number(), "from": self._user, "chat": self._chat, "date": date, **content}

    @property
    def _user(self) -> Json:
        return {"id": CHATS[self.id], "is_bot": False, "first_name": "Người Mẫu"}

    @property
    def _chat(self) -> Json:
        return {"id": CHATS[self.id], "type": "private", "first_name": "Người Mẫu"}

    # --- reading ----------------------------------------------------------------------------------------------------

    async def chat(self) -> list[Json]:
        async with self._talk.http.get(f"/api/persons/{self.id}/chat") as response:
            assert response.status == 200
            found: list[Json] = await response.json()
        return sorted(found, key=lambda one: one["message_id"])

    async def heard(self) -> list[str]:
        """Every text of the bot, oldest first, as it stands now."""
        return [one["text"] for one in await self._from_bot()]

    async def last(self) -> str:
        """The text of the bot's newest words: a new message, or the one it just changed."""
        found: str = max(await self._words(), key=lambda one: one["seq"])["text"]
        return found

    async def buttons(self) -> list[str]:
        """The labels below the bot's newest words."""
        newest = max(await self._words(), key=lambda one: one["seq"])
        return [button["text"] for row in newest["buttons"] for button in row]

    async def payload(self, label: str) -> str:
        return (await self._button(label))[1]

    async def document(self) -> Workbook:
        """The newest Excel file in the chat."""
        sent = [one["document"] for one in await self._from_bot() if one["document"]]
        assert sent, f"{self.id} got no file"
        async with self._talk.http.get(sent[-1]["url"]) as response:
            assert response.status == 200
            return load_workbook(BytesIO(await response.read()))

    async def files(self) -> list[tuple[str, bytes]]:
        """Name and content of the documents in the chat that the bot sent, oldest first."""
        found = []
        for one in await self._from_bot():
            if one["document"]:
                async with self._talk.http.get(one["document"]["url"]) as response:
                    assert response.status == 200
                    found.append((one["document"]["name"], await response.read()))
        return found

    async def file(self) -> tuple[str, bytes]:
        """The newest of them."""
        return (await self.files())[-1]

    async def photos(self) -> list[bytes]:
        """The pictures in the chat that the bot sent, oldest first."""
        found = []
        for one in await self._from_bot():
            if one["photo"]:
                async with self._talk.http.get(one["photo"]) as response:
                    assert response.status == 200
                    found.append(await response.read())
        return found

    async def _words(self) -> list[Json]:
        """What the bot said, without bare pictures."""
        return [one for one in await self._from_bot() if one["buttons"] or not one["photo"]]

    async def _from_bot(self) -> list[Json]:
        return [one for one in await self.chat() if one["from"] == "bot"]

    async def _button(self, label: str) -> tuple[int, str]:
        shown: list[str] = []
        for one in sorted(await self._from_bot(), key=lambda one: -one["seq"]):
            for button in (button for row in one["buttons"] for button in row):
                if button["text"] == label:
                    return one["message_id"], button["data"]
                shown.append(button["text"])
        raise AssertionError(f"{self.id} sees no button {label!r}, only {shown}")

    async def _post(self, what: str, body: Json) -> Person:
        self.acts += what in ("messages", "taps")
        async with self._talk.http.post(f"/api/persons/{self.id}/{what}", json=body) as response:
            answer = await response.json()
        assert response.status == 200, (self.id, what, body, answer)
        assert answer["settled"], (self.id, what, body)
        return self


class Clock:
    """Practice mode's clock."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def now(self) -> datetime:
        async with self._talk.http.get("/api/clock") as response:
            return datetime.fromisoformat((await response.json())["now"])

    async def to(self, wall: str, day: date | None = None) -> list[Json]:
        """Move to this hour of the same or another day; what ran."""
        now = await self.now()
        to = local(at(day or now.date(), time.fromisoformat(wall)))
        async with self._talk.http.post("/api/clock", json={"now": to.isoformat()}) as response:
            answer = await response.json()
        assert response.status == 200, answer
        assert answer["undelivered"] == 0, answer
        ran: list[Json] = answer["ran"]
        return ran


class Talk:
    """A running practice mode and whoever plays in it."""

    def __init__(self, running: Running, http: aiohttp.ClientSession) -> None:
        self.running = running
        self.http = http
        self.clock = Clock(self)
        self._numbers = count(700_000)

    def person(self, person_id: str) -> Person:
        return Person(self, person_id)

    async def update(self, raw: Json) -> None:
        """Let the platform deliver this update, as it is, and wait for the answer."""
        async with self.http.post("/api/updates", json=raw) as response:
            assert response.status == 200, await response.text()
        await self.clock.to(f"{local(await self.clock.now()):%H:%M:%S}")  # moving it nowhere waits until all is answered

    def number(self) -> int:
        """An id that the platform has not used."""
        return next(self._numbers)


@asynccontextmanager
async def talking(data: Path, now: datetime | None = None, given: Config = PLAIN) -> AsyncIterator[Talk]:
    """Practice mode on what ``data`` holds; entering it again is a restart."""
    async with practising(data, now=now, given=given) as running, aiohttp.ClientSession(running.url) as http:
        yield Talk(running, http)
