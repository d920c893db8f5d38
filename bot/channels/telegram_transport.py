"""HTTP to the Bot API: python-telegram-bot's ``BaseRequest`` on one aiohttp session.

Nothing here knows which method is called. Whatever the platform refuses leaves as ``ApiRefusal``; whatever is not an answer
of the Bot API (no connection, time-out, 5xx without words, a proxy's page, half a JSON) leaves as ``NoAnswer``. The
texts of both hold neither the URL, which carries the token, nor a body.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

CONNECTIONS = 300  # 256 sends at once, the long poll, acknowledgements and downloads

# At DEBUG the library logs the URL with the token and every parameter of every call. The level is inherited by its children.
logging.getLogger("telegram").setLevel(logging.INFO)


class ApiRefusal(TelegramError):
    """The Bot API said no. ``code`` is the HTTP status, ``description`` its raw words (for comparing, not for logs)."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, Any]) -> None:
        # Everything from the first digit, quote or letter beyond ASCII is cut: no token, phone or body gets through.
        words = re.match(r"[A-Za-z' :;,_-]{0,100}", description)
        super().__init__(f"{code} {words.group().strip() if words else ''}".strip())
        self.code = code
        self.description = description
        self.parameters = parameters

    def says(self, *phrases: str) -> bool:
        """Whether the platform's words contain one of ``phrases`` (lower case)."""
        return any(phrase in self.description.lower() for phrase in phrases)


class NoAnswer(NetworkError):
    """Nothing came, or something that is not the Bot API's. Whether the call had its effect is unknown."""


class FileUnavailable(TelegramError):
    """A file cannot be had: gone, or larger than the limit."""


class AiohttpRequest(BaseRequest):
    """One session for all calls. ``initialize`` must run inside the event loop; it may be called twice.

    ``read_timeout`` and ``connect_timeout`` are seconds; a call ends at the latest after twice the sum of both, however
    slowly bytes drip. ``trust_env`` honours the proxy variables of the environment.
    """

    def __init__(self, *, read_timeout: float = 20, connect_timeout: float = 10, trust_env: bool = False) -> None:
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, limit_per_host=CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=self._trust_env)

    async def shutdown(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        seconds = read_timeout if isinstance(read_timeout, int | float) else self._read_timeout
        code, payload = await self._exchange(method, url, _body(request_data), seconds, limit=None)
        if not HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES:
            raise _refusal(code, payload)
        return code, payload

    async def call(self, url: str, parameters: Mapping[str, str | int], read_timeout: float | None = None) -> Any:
        """The raw ``result`` of one method. ``parameters`` are sent as a form: nested values must be JSON text."""
        data = aiohttp.FormData({name: str(value) for name, value in parameters.items()}, quote_fields=False)
        seconds = self._read_timeout if read_timeout is None else read_timeout
        code, payload = await self._exchange("POST", url, data, seconds, limit=None)
        if not HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES:
            raise _refusal(code, payload)
        return self.parse_json_payload(payload)["result"]

    async def download(self, url: str, limit: int) -> bytes:
        """A file's content. Raises ``FileUnavailable`` as soon as more than ``limit`` bytes have come, or for a 4xx."""
        code, payload = await self._exchange("GET", url, None, self._read_timeout, limit=limit)
        if HTTPStatus.OK <= code < HTTPStatus.MULTIPLE_CHOICES:
            return payload
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise _refusal(code, payload)
        if HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise FileUnavailable(f"HTTP {code}")
        raise NoAnswer(f"HTTP {code}")

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """A successful answer ``{"ok": true, "result": …}``; anything else is a ``NoAnswer`` without its content."""
        answer = _json_object(payload)
        if answer is None or answer.get("ok") is not True or "result" not in answer:
            raise NoAnswer("the answer is not one of the Bot API")
        return answer

    async def _exchange(
        self, method: str, url: str, data: aiohttp.FormData | None, read_timeout: float, limit: int | None
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NoAnswer("not connected")
        timeout = aiohttp.ClientTimeout(
            total=2 * (read_timeout + self._connect_timeout),
            sock_connect=self._connect_timeout,
            sock_read=read_timeout,
        )
        try:
            # A redirect would carry the token to wherever it points.
            async with self._session.request(method, url, data=data, timeout=timeout, allow_redirects=False) as answer:
                if limit is None:
                    return answer.status, await answer.read()
                return answer.status, await _read_at_most(answer.content, limit)
        except TelegramError:
            raise
        except TimeoutError:
            raise NoAnswer("no answer in time") from None
        except Exception as error:
            # aiohttp's texts hold the URL, and an encoding error holds the body: the type alone goes on.
            raise NoAnswer(type(error).__name__) from None


async def _read_at_most(stream: aiohttp.StreamReader, limit: int) -> bytes:
    content = bytearray()
    async for chunk in stream.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > limit:
            raise FileUnavailable(f"larger than {limit} bytes")
    return bytes(content)


def _body(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    # Quoted, a Vietnamese file name would arrive as %E1%BA%A3…
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    if request_data.contains_files:
        for field, (name, content, mime) in request_data.multipart_data.items():
            stream = BytesIO(content) if isinstance(content, bytes) else content
            form.add_field(field, stream, filename=name, content_type=mime)
    return form


def _json_object(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _refusal(code: int, payload: bytes) -> TelegramError:
    """What an answer outside 2xx means. Only the Bot API's own words count: a proxy's 403 must not close a chat."""
    answer = _json_object(payload) or {}
    description, parameters = answer.get("description"), answer.get("parameters")
    if answer.get("ok") is False and isinstance(description, str):
        return ApiRefusal(code, description, parameters if isinstance(parameters, dict) else {})
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return ApiRefusal(code, "Too Many Requests", {})
    return NoAnswer(f"HTTP {code}, and the answer is not one of the Bot API")
