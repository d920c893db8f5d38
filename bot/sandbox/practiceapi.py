"""Practice mode over HTTP: play a person, look at a chat, move the clock. design.md, "Practice mode's HTTP API"."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web

from bot.clock import local
from bot.sandbox.acting import Acted, Acting, CannotAct
from bot.sandbox.botapi import BotApi
from bot.sandbox.chatview import entries
from bot.sandbox.commands import Commands
from bot.sandbox.files import Files
from bot.sandbox.params import Upload
from bot.sandbox.people import People
from bot.sandbox.practice import Practice
from bot.sandbox.store import Store
from bot.sandbox.taps import Taps
from bot.sandbox.updates import UpdateQueue
from bot.sandbox.world import EVERY_CHAT, TELEGRAM, ZALO, Chat, Json, World

SETTLE_WITHIN = 10.0  # seconds
QUIET = 0.05  # without an application: no call of the bot for so long means that it has answered
LONGEST_WAIT = 25.0
LANGUAGES = ("vi", "en")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refusal(Exception):
    """``key`` is a word of the page's; ``message`` tells whoever writes a script."""

    def __init__(self, status: int, key: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.key = key


@dataclass(frozen=True)
class Side:
    """One platform: what people do there, what its bot has still to be told, and what the bot calls."""

    acting: Acting
    updates: UpdateQueue
    bot_api: BotApi


class PracticeApi:
    """``sides`` are the platforms by channel; Telegram is always one."""

    def __init__(
        self,
        *,
        world: World,
        sides: Mapping[str, Side],
        people: People,
        files: Files,
        commands: Commands,
        taps: Taps,
        store: Store,
        practice: Practice | None,
    ) -> None:
        self._world = world
        self._sides = sides
        self._people = people
        self._files = files
        self._commands = commands
        self._taps = taps
        self._store = store
        self._practice = practice
        self._clock_hand = asyncio.Lock()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/persons", _told(self.persons)),
            web.post("/api/persons/{id}/messages", _told(self.write)),
            web.post("/api/persons/{id}/taps", _told(self.tap)),
            web.post("/api/persons/{id}/block", _told(self.block)),
            web.post("/api/persons/{id}/unblock", _told(self.unblock)),
            web.get("/api/persons/{id}/chat", _told(self.chat)),
            web.get("/api/news", _told(self.news)),
            web.get("/api/commands", _told(self.commands)),
            web.get("/api/files/{file}/{name}", _told(self.file)),
            web.post("/api/updates", _told(self.inject)),
            web.get("/api/clock", _told(self.clock)),
            web.post("/api/clock", _told(self.move_clock)),
        ]

    async def persons(self, request: web.Request) -> web.Response:
        """Everyone, with ``heard``: the seq of the bot's newest message to them, and whether they blocked it."""
        shown = []
        for person in await self._people.everyone(_language(request)):
            chat = self._people.chat_with(person)
            facts = {"id": person.id, "name": person.name, "role": person.role, "unit": person.unit}
            state = {"heard": chat.heard, "blocked": chat.blocked}
            shown.append({**facts, "channel": person.channel, **state})
        return web.json_response(shown)

    async def write(self, request: web.Request) -> web.Response:
        chat = await self._chat(request)
        upload: Upload | None = None
        if request.content_type == "multipart/form-data":
            form = await request.post()
            body: Json = {key: value for key, value in form.items() if isinstance(value, str)}
            file = next((value for value in form.values() if isinstance(value, web.FileField)), None)
            if file is not None:
                upload = Upload(file.filename, file.content_type, file.file.read())
        else:
            body = await _json(request)
        text, reply_to = str(body.get("text") or ""), _whole(body, "reply_to") if body.get("reply_to") else None
        acting = self._side(chat).acting
        if upload is not None:
            acted = await acting.send_file(chat, upload, text, reply_to)
        elif isinstance(contact := body.get("contact"), dict):
            acted = acting.share_contact(chat, contact, reply_to)
        else:
            acted = acting.write(chat, text, reply_to)
        return await self._done(chat, acted)

    async def tap(self, request: web.Request) -> web.Response:
        chat, body = await self._chat(request), await _json(request)
        acted = self._side(chat).acting.tap(chat, _whole(body, "message_id"), str(body.get("data", "")))
        return await self._done(chat, acted)

    async def block(self, request: web.Request) -> web.Response:
        return await self._block(request, True)

    async def unblock(self, request: web.Request) -> web.Response:
        return await self._block(request, False)

    async def chat(self, request: web.Request) -> web.Response:
        """What changed after ``after``; with ``wait`` seconds the answer waits for a change."""
        chat, after = await self._chat(request), _query_number(request, "after")
        await self._world.changed(chat.id, int(after), min(_query_number(request, "wait"), LONGEST_WAIT))
        return web.json_response(entries(chat, int(after)))

    async def news(self, request: web.Request) -> web.Response:
        """Wait until any chat changes after ``after``: what the page listens to."""
        wait = min(_query_number(request, "wait"), LONGEST_WAIT)
        await self._world.changed(EVERY_CHAT, int(_query_number(request, "after")), wait)
        return web.json_response({"seq": self._world.seq})

    async def commands(self, request: web.Request) -> web.Response:
        """What the bot has set for this person; Zalo shows no such list."""
        person = await self._people.person(request.query.get("person", ""))
        if person is not None and person.channel == ZALO:
            return web.json_response([])
        chat = self._people.chat_with(person) if person else None
        return web.json_response(self._commands.shown_to(chat.id if chat else 0, _language(request)))

    async def file(self, request: web.Request) -> web.Response:
        file = await self._files.find(request.match_info["file"])
        if file is None:
            raise Refusal(404, "no_such_file", "there is no such file")
        photo = file.kind == "photos"
        shown = "inline" if photo else f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        mime = file.mime if photo and file.mime.startswith("image/") else "application/octet-stream"
        headers = {"Content-Disposition": shown, "Content-Type": mime}
        return web.Response(body=await self._files.content(file.id), headers=headers)

    async def inject(self, request: web.Request) -> web.Response:
        """A raw update, Telegram's; or Zalo's where ``channel`` says so beside it."""
        raw = await _json(request)
        side = self._sides[TELEGRAM]
        if raw.get("channel") == ZALO and ZALO in self._sides:
            side = self._sides[ZALO]
            del raw["channel"]
        update_id = side.acting.inject(raw)
        await self._store.durable()
        return web.json_response({"update_id": update_id})

    async def clock(self, _: web.Request) -> web.Response:
        return web.json_response({"now": local(self._application().now()).isoformat()})

    async def move_clock(self, request: web.Request) -> web.Response:
        practice, to = self._application(), _instant(await _json(request))
        async with self._clock_hand:
            if to < practice.now():
                raise Refusal(409, "clock_goes_back", "the practice clock cannot go back")
            await asyncio.gather(*(side.updates.all_confirmed(SETTLE_WITHIN) for side in self._sides.values()))
            move = await practice.move_clock(to)
            ran = [{"job": run.job, "unit": run.unit, "due_at": local(run.due_at).isoformat()} for run in move.ran]
            now = local(practice.now()).isoformat()
        return web.json_response({"now": now, "ran": ran, "undelivered": move.undelivered})

    async def _block(self, request: web.Request, blocked: bool) -> web.Response:
        chat = await self._chat(request)
        side = self._side(chat)
        update_id = side.acting.block(chat, blocked)
        return web.json_response({"blocked": blocked, "settled": await self._settled(side, update_id)})

    async def _done(self, chat: Chat, acted: Acted) -> web.Response:
        settled = await self._settled(self._side(chat), acted.update_id)
        answer: Json = {"message_id": acted.message_id, "settled": settled}
        if (flash := self._taps.answered(acted.query_id)) and flash.text:
            answer["answer"] = {"text": flash.text, "alert": flash.alert}
        return web.json_response(answer)

    async def _settled(self, side: Side, update_id: int | None) -> bool:
        """The update is committed by the bot and its replies are delivered."""
        await self._store.durable()
        if update_id is None:
            return True
        end = time.monotonic() + SETTLE_WITHIN
        if not await side.updates.confirmed(update_id, SETTLE_WITHIN):
            return False
        if self._practice is not None:
            return await self._practice.settled(max(end - time.monotonic(), 0))
        confirmed_at = time.monotonic()
        while time.monotonic() < end:
            quiet = min(side.bot_api.quiet_for(), time.monotonic() - confirmed_at)
            if quiet >= QUIET:
                return True
            await asyncio.sleep(QUIET - quiet)
        return False

    async def _chat(self, request: web.Request) -> Chat:
        person = await self._people.person(request.match_info["id"])
        if person is None or person.channel not in self._sides:
            raise Refusal(404, "no_such_person", "there is no such person")
        return self._people.chat_with(person)

    def _side(self, chat: Chat) -> Side:
        return self._sides[chat.channel]

    def _application(self) -> Practice:
        if self._practice is None:
            raise Refusal(501, "no_clock", "without the application there is no clock to move")
        return self._practice


def _told(handler: Handler) -> Handler:
    """Refusals as JSON. Pages of other origins may not post here, though a browser would let them."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            origin = request.headers.get("Origin")
            if request.method == "POST" and origin is not None and urlsplit(origin).netloc != request.host:
                raise Refusal(403, "other_origin", "another site may not post here")
            response = await handler(request)
        except Refusal as refusal:
            answer = {"error": refusal.key, "message": str(refusal)}
            response = web.json_response(answer, status=refusal.status)
        except CannotAct as refusal:
            status = 422 if refusal.key in ("empty_message", "contact_without_phone") else 409
            response = web.json_response({"error": refusal.key, "message": str(refusal)}, status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return handle


async def _json(request: web.Request) -> Json:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict):
        raise Refusal(422, "not_json", "the body must be a JSON object")
    return body


def _whole(body: Json, name: str) -> int:
    value: Any = body.get(name)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refusal(422, "not_a_number", f"{name} must be a whole number") from None


def _instant(body: Json) -> datetime:
    try:
        instant = datetime.fromisoformat(str(body.get("now")))
    except ValueError:
        raise Refusal(422, "not_an_instant", "now must be an ISO 8601 instant") from None
    if instant.tzinfo is None:
        raise Refusal(422, "instant_without_offset", "now needs an offset, like +07:00")
    return instant


def _query_number(request: web.Request, name: str) -> float:
    try:
        return float(request.query.get(name) or 0)
    except ValueError:
        raise Refusal(422, "not_a_number", f"{name} must be a number") from None


def _language(request: web.Request) -> str:
    language = request.query.get("lang", "vi")
    return language if language in LANGUAGES else "vi"
