"""``/bot<token>/<method>`` and ``/file/bot<token>/<path>``: the Bot API over HTTP."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Mapping
from pathlib import PurePosixPath

from aiohttp import web

from bot.sandbox.files import Files
from bot.sandbox.methods import Method
from bot.sandbox.params import read_params
from bot.sandbox.refusal import ApiError, not_found
from bot.sandbox.store import Store


class BotApi:
    """``latency`` seconds are added to every call, half before it takes effect and half after."""

    def __init__(self, token: str, methods: Mapping[str, Method], files: Files, store: Store, latency: float) -> None:
        self._token = token.encode()
        self._methods = methods
        self._files = files
        self._store = store
        self._latency = latency
        self._calls = 0
        self._last_call = 0.0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.+}", self._download),
        ]

    def quiet_for(self) -> float:
        """Real seconds since the bot last called anything but getUpdates; 0 while such a call is under way."""
        return 0.0 if self._calls else time.monotonic() - self._last_call

    async def _call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"].lower()
        busy = name != "getupdates"
        self._calls += busy
        try:
            result = await self._answer(request, name)
        except ApiError as error:
            return self._refused(error)
        finally:
            self._calls -= busy
            if busy:
                self._last_call = time.monotonic()
        return web.Response(text=f'{{"ok":true,"result":{result}}}', content_type="application/json")

    async def _answer(self, request: web.Request, name: str) -> str:
        self._authorize(request)
        method = self._methods.get(name)
        if method is None:
            raise not_found("method not found")
        if self._latency:
            await asyncio.sleep(self._latency / 2)
        try:
            return await method(await read_params(request))
        finally:
            await self._store.durable()
            if self._latency:
                await asyncio.sleep(self._latency / 2)

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._authorize(request)
            file = await self._files.find(PurePosixPath(request.match_info["path"]).stem)
            if file is None or file.path != request.match_info["path"]:
                raise not_found("file not found")
        except ApiError as error:
            return self._refused(error)
        return web.Response(body=await self._files.content(file.id), content_type="application/octet-stream")

    def _refused(self, error: ApiError) -> web.Response:
        return web.Response(text=error.body(), status=error.code, content_type="application/json")

    def _authorize(self, request: web.Request) -> None:
        if not hmac.compare_digest(request.match_info["token"].encode("utf-8", "surrogateescape"), self._token):
            raise ApiError(401, "Unauthorized")
