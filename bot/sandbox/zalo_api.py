"""``/zalo/bot<token>/<method>``: the Zalo Bot API over HTTP."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.botapi import BotApi
from bot.sandbox.refusal import ApiError, bad_request


class ZaloApi(BotApi):
    """A refusal is HTTP 200 with ``{"ok": false, …}``, always: the platform's own does it at times, and only who reads the
    body notices."""

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/zalo/bot{token}/{method}", self._call)]

    async def _answer(self, request: web.Request, name: str) -> str:
        self._authorize(request)
        if name not in self._methods:
            raise bad_request("no such method")
        return await super()._answer(request, name)

    def _refused(self, error: ApiError) -> web.Response:
        return web.Response(text=error.body(), content_type="application/json")
