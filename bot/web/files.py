"""``GET /f/<token>/<name>``: a file to whoever has its link, or a page that says what to do instead."""

from __future__ import annotations

import html
import logging
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.errors import StorageError
from bot.messages import Attachment
from bot.storage import outbox
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.texts import Voice
from bot.web.links import PREFIX, LinkIsOver, Links, NoSuchLink

log = logging.getLogger(__name__)

LANGUAGES = ("vi", "en")  # nobody knows whose phone it is
SHOWN = ("image/png", "image/jpeg")  # in the chat or the browser; everything else is saved
MIME = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)

# Nobody is to keep, guess, list or pass on what is served here. The sandbox: what a person once sent may be made to look like a
# page, and must not act as one of ours.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


class FilePages:
    """Where ``links`` lead, as routes for any server."""

    def __init__(self, db: Database, keys: Keyring, links: Links) -> None:
        self._db = db
        self._keys = keys
        self._links = links

    def routes(self) -> list[web.RouteDef]:
        """HEAD too."""
        return [web.get(f"{PREFIX}/{{token}}", self.file), web.get(f"{PREFIX}/{{token}}/{{name:.*}}", self.file)]

    async def file(self, request: web.Request) -> web.Response:
        try:
            file = await self._file(request.match_info["token"])
        except NoSuchLink:
            return _page(404, "unknown")
        except LinkIsOver:
            return _page(410, "over")
        except StorageError as error:
            log.warning("a file cannot be read: %s", type(error).__name__)
            return _page(503, "later")
        return _sent(file) if file is not None else _page(410, "gone")

    async def _file(self, token: str) -> Attachment | None:
        attachment = self._links.opened(token)
        async with self._db.read() as tx:
            return await outbox.read_attachment(tx, self._keys, attachment)


def _sent(file: Attachment) -> web.Response:
    how = "inline" if file.mime in SHOWN else "attachment"
    headers = {
        **HEADERS,
        "Content-Type": file.mime if MIME.fullmatch(file.mime) else "application/octet-stream",
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
    }
    return web.Response(body=file.content, headers=headers)


def _page(status: int, why: str) -> web.Response:
    said = [(language, Voice(language).word(f"file_link.{why}")) for language in LANGUAGES]
    body = "".join(f'<p lang="{language}">{html.escape(sentence, quote=False)}</p>' for language, sentence in said)
    page = _frame().replace("<!--said-->", body)
    return web.Response(status=status, text=page, content_type="text/html", headers=HEADERS)


@cache
def _frame() -> str:
    return Path(__file__).with_name("page.html").read_text(encoding="utf-8")
