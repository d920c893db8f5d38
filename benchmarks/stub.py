"""A Bot API in a process of its own that costs next to nothing: ``python -m benchmarks.stub CHATS LATENCY_MS OVER``.

The chats begin one after the other, over OVER seconds, so that they do not all file in the same second. Each does the next
act of the walk as soon as it has the answer to the last one: a run is as fast as the bot. The
practice server of ``bot.sandbox`` is the faithful one; with its pages and its database it would take more of the machine than
the bot that is measured. This one knows only what a run needs, and stops with a sentence if an answer is not what it should
be.

It says "ready PORT", then answers every line on stdin with the counts so far as a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from benchmarks.walk import Act, acts

BOT = 1000000001
TOKEN = f"{BOT}:bench"
FIRST_CHAT = 700000
MOST_UPDATES = 100  # as Telegram
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
ME = {"id": BOT, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


@dataclass
class Chat:
    id: int
    at: int = 0  # the next act
    waiting: bool = False  # for the answer to the last one
    message: int = 0  # the last message with buttons
    payloads: tuple[str, ...] = ()  # of its buttons
    report: int = 0  # the number of the report that is being filed


class Platform:
    """The people and their updates. ``steps`` counts acts whose answer has come; ``extra`` messages that nobody asked for."""

    def __init__(self, chats: int, latency: float, over: float) -> None:
        self.latency = latency
        self.over = over
        self.chats = {FIRST_CHAT + n: Chat(FIRST_CHAT + n) for n in range(chats)}
        self.updates: deque[tuple[int, str]] = deque()
        self.news: asyncio.Future[None] | None = None
        self.last_update = 0
        self.last_message = 0
        self.confirmed = 0
        self.steps = self.extra = self.calls = self.reports = 0
        self.wrong = ""
        self.begun = False

    def counts(self) -> dict[str, Any]:
        return {
            "at": time.monotonic(),
            "steps": self.steps,
            "extra": self.extra,
            "calls": self.calls,
            "confirmed": self.confirmed,
            "wrong": self.wrong,
        }

    def act(self, chat: Chat) -> None:
        """The next thing this person does becomes an update."""
        doing = acts()[chat.at]
        if chat.at == 0:
            self.reports += 1
            chat.report = self.reports
        chat.at = (chat.at + 1) % len(acts())
        chat.waiting = True
        self.last_update += 1
        update = {
            "update_id": self.last_update,
            **(self._tap(chat, doing) if doing.tapped else self._text(chat, doing.typed(chat.report))),
        }
        self.updates.append((self.last_update, json.dumps(update)))
        if self.news is not None and not self.news.done():
            self.news.set_result(None)

    def _people(self, chat: Chat) -> dict[str, Any]:
        who = {"id": chat.id, "is_bot": False, "first_name": "Mẫu", "language_code": "vi"}
        return {"from": who, "chat": {"id": chat.id, "type": "private", "first_name": "Mẫu"}}

    def _text(self, chat: Chat, text: str) -> dict[str, Any]:
        self.last_message += 1
        message = {"message_id": self.last_message, "date": int(time.time()), "text": text, **self._people(chat)}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        return {"message": message}

    def _tap(self, chat: Chat, doing: Act) -> dict[str, Any]:
        payload = next((one for one in chat.payloads if one.rpartition(":")[2] == doing.what), None)
        if payload is None:
            self.wrong = self.wrong or f"no button {doing.what} after step {chat.at - 1}"
        message = {"message_id": chat.message, "date": int(time.time()), "text": "?", **self._people(chat)}
        query = {"id": str(self.last_update), "from": message["from"], "chat_instance": "1", "data": payload or "?"}
        return {"callback_query": {**query, "message": message}}

    async def get_updates(self, given: dict[str, list[str]]) -> str:
        offset = int(given.get("offset", ["0"])[0])
        while self.updates and self.updates[0][0] < offset:
            self.confirmed = self.updates.popleft()[0]
        if not self.begun:
            self.begun = True
            for place, chat in enumerate(self.chats.values()):
                asyncio.get_running_loop().call_later(self.over * place / len(self.chats), self.act, chat)
        if not self.updates:
            self.news = asyncio.get_running_loop().create_future()
            try:
                await asyncio.wait_for(self.news, float(given.get("timeout", ["0"])[0]) or 0.001)
            except TimeoutError:
                return "[]"
        limit = min(int(given.get("limit", ["100"])[0]), MOST_UPDATES)
        return "[" + ",".join(text for _, text in list(self.updates)[:limit]) + "]"

    async def show(self, given: dict[str, list[str]]) -> str:
        """A message was sent or edited: it counts now, and its reader goes on when the call has its answer."""
        chat = self.chats[int(given["chat_id"][0])]
        answers, chat.waiting = chat.waiting, False
        self.steps += answers
        self.extra += not answers
        if self.latency:
            await asyncio.sleep(self.latency)
        markup = given.get("reply_markup", [""])[0]
        chat.payloads = (
            tuple(b["callback_data"] for row in json.loads(markup)["inline_keyboard"] for b in row) if markup else ()
        )
        if "message_id" in given:
            chat.message = int(given["message_id"][0])
        else:
            self.last_message += 1
            chat.message = self.last_message
        if answers:
            self.act(chat)
        shown = {
            "message_id": chat.message,
            "date": int(time.time()),
            "from": ME,
            "chat": {"id": chat.id, "type": "private", "first_name": "Mẫu"},
            "text": given["text"][0],
        }
        return json.dumps(shown)[:-1] + (f', "reply_markup": {markup}}}' if markup else "}")

    async def answer(self, method: str, body: bytes) -> str:
        given = parse_qs(body.decode())
        self.calls += method != "getUpdates"
        match method:
            case "getUpdates":
                return await self.get_updates(given)
            case "sendMessage" | "editMessageText":
                return await self.show(given)
            case "getMe":
                return json.dumps(ME)
            case _:  # answerCallbackQuery among them: at once, whatever the latency
                return "true"


class Connection(asyncio.Protocol):
    """One kept-alive connection: a request at a time, each with a body of known length."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._got = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, rest = self._got.partition(b"\r\n\r\n")
        if not found:
            return
        _, _, after = head.lower().partition(b"content-length:")
        length = int(after.partition(b"\r\n")[0]) if after else 0
        if len(rest) < length:
            return
        self._got = rest[length:]
        method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
        task = asyncio.ensure_future(self._answer(method, rest[:length]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, method: str, body: bytes) -> None:
        result = await self._platform.answer(method, body)
        payload = b'{"ok": true, "result": ' + result.encode() + b"}"
        self._transport.write(JSON_HEAD % len(payload) + payload)


async def _serve(chats: int, latency: float, over: float) -> None:
    platform = Platform(chats, latency, over)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(platform), "127.0.0.1", 0)
    print("ready", server.sockets[0].getsockname()[1], flush=True)

    def tell() -> None:
        for _ in sys.stdin:
            print(json.dumps(platform.counts()), flush=True)
        loop.call_soon_threadsafe(server.close)

    threading.Thread(target=tell, daemon=True).start()
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000, float(sys.argv[3])))
    except asyncio.CancelledError:
        sys.exit()
