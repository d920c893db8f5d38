"""The chat page: static files, served with a policy that lets nothing in from elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[web.RouteDef]:
    names = [path.name for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES]
    return [web.get("/", _page("index.html")), *(web.get(f"/{name}", _page(name)) for name in names)]


def _page(name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    path = FOLDER / name

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)

    return serve
