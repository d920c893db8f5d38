"""The web server of one process: routes in, an address out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.errors import ConfigError

LAST_ANSWERS: Final = 10.0  # seconds that open requests have to end when the server stops


@asynccontextmanager
async def serving(routes: Iterable[web.RouteDef], host: str, port: int) -> AsyncIterator[str]:
    """Serve these routes while entered, at the address given; port 0 takes a free one. Raises ConfigError if it is taken.

    Nothing is logged: the addresses of files are secrets.
    """
    app = web.Application()
    app.add_routes(routes)
    app.on_response_prepare.append(_without_versions)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_ANSWERS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise ConfigError("web.port", f"{host}:{port} cannot be listened on: {error.strerror}") from None
        yield "http://{}:{}".format(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


async def _without_versions(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "tungnha"
