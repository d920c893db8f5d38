"""What stands between the bot and the Bot API: passes everything on, unless it was told to fail."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import aiohttp
from aiohttp import web


@dataclass(frozen=True)
class Fault:
    """An answer that is not the one that was asked for. Status 0: the connection is cut without one."""

    status: int
    body: str = ""


class Gateway:
    """``faults`` by method in lower case: each is used once, in order."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None
        self._port = 0
        self.faults: dict[str, list[Fault]] = defaultdict(list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        """Listen, always on the same port."""
        self._http = aiohttp.ClientSession()
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """From now on connections are refused."""
        if self._runner is not None and self._http is not None:
            await self._runner.cleanup()
            await self._http.close()
            self._runner = self._http = None

    async def _pass_on(self, request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2].lower()
        body = await request.read()
        if self.faults[method]:
            fault = self.faults[method].pop(0)
            if not fault.status and request.transport is not None:
                request.transport.close()
            return web.Response(status=fault.status or 500, text=fault.body, content_type="text/html")
        assert self._http is not None
        headers = {"Content-Type": request.headers.get("Content-Type", "")}
        async with self._http.request(request.method, self._to + request.path_qs, data=body, headers=headers) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type="application/json")
