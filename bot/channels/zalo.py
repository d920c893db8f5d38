"""Zalo: the Bot Platform's API over aiohttp.

Taken from the platform's documentation (docs.zaloplatforms.com/docs/BOT): POST with a JSON body; the answer is ``{"ok":
true, "result": …}`` or ``{"ok": false, "error_code", "description"}``, at times with HTTP 200; texts and captions of 1 to
2,000 characters, pictures by address only, no other files, no buttons, no edits; getUpdates brings one update, has no
offset and does not work while a webhook is set; a webhook's secret has 8 to 256 characters; the error codes 400 (wrong
path or method), 401 (token), 403 ("internal server error"), 404, 408 (time-out, also an idle poll), 429 (quota).

Said nowhere, so chosen here for the least harm: the unit of the 2,000 characters (UTF-16 code units, the strictest); whether
an update that was fetched ever comes again (taken as no); how long to wait after 429; and with which code and words a
person who blocked the bot, or an unknown chat, is reported.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.channels.base import Attachment, Batch, Inbound, Media, Outgoing
from bot.channels.zalo_files import Keep, fetch_file
from bot.channels.zalo_updates import CHANNEL, to_inbound
from bot.config import ZALO_FILE_HOSTS
from bot.domain.vietnamese import strip_unsafe
from bot.errors import ChannelError, ChatClosed, Rejected, Throttled, TokenRefused, Unreachable
from bot.messages import DOWNLOAD_LIMIT, TEXT_LIMITS

log = logging.getLogger(__name__)

OFFICIAL_URL: Final = "https://bot-api.zaloplatforms.com"
_CONNECTIONS: Final = 300  # as many sends at once as the sender begins, the long poll, acknowledgements
_USUAL_POLL: Final = 30  # seconds; the platform's own, should it ever ignore ours
_ACKNOWLEDGE_TIMEOUT: Final = 5.0  # seconds
_WHEN_NOT_SAID: Final = 5.0  # seconds, for a 429 that names none
# Guesses: no list of the platform's words is published.
_CHAT_CLOSED: Final = ("block", "chat not found", "chat_id", "conversation", "recipient", "user not found", "user_id")
_TOKEN: Final = ("token", "unauthor")
_OUTCOME: Final = re.compile(r"[a-z0-9.]{1,40}")


class _TimedOut(Unreachable):
    """408: an idle poll, or a call of which nobody knows whether it had its effect."""


class ZaloChannel:
    """One bot on Zalo. ``connect`` first; it sets ``bot`` and ``username``. One fetcher, any number of senders.

    ``base_url`` is the server's root. ``link`` gives the public address of a file, or None where there is none; the platform
    and every phone fetch it, each more than once. Every method raises ``ChannelError`` only, whose text holds neither
    the token nor anything that was sent.
    """

    name: Final = CHANNEL
    once = True
    buttons: Final = False
    text_limit: Final = TEXT_LIMITS[CHANNEL]
    secret_header: Final = "X-Bot-Api-Secret-Token"

    def __init__(
        self,
        token: str,
        base_url: str = OFFICIAL_URL,
        link: Callable[[Attachment], str | None] | None = None,
        *,
        file_hosts: Collection[str] = ZALO_FILE_HOSTS,
        read_timeout: float = 20,
        connect_timeout: float = 10,
    ) -> None:
        root = base_url.rstrip("/")
        self._methods = f"{root}/bot{token}"
        self._link = link
        self._keep = Keep(root, file_hosts)
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._trust_env = root.startswith("https://")  # a server on http:// is our own, beside us: no proxy between
        self._session: aiohttp.ClientSession | None = None
        self.bot = ""
        self.username = ""

    async def connect(self) -> None:
        """Ask who we are. May be called again after a failure."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_CONNECTIONS, limit_per_host=_CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=self._trust_env)
        me = await self._call("getMe", {})
        if not isinstance(me, dict) or not isinstance(me.get("id"), str | int) or not me["id"]:
            raise Unreachable("getMe: the answer is not a bot")
        account = me.get("account_name")
        self.bot, self.username = str(me["id"]), account if isinstance(account, str) else ""

    async def close(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def fetch(self, wait: float) -> Batch:
        """None or one message. It is taken not to come again: commit it before the next ``fetch``, and do not cancel one.

        Whole seconds of ``wait`` count, and at least one.
        """
        # Zero might mean "as usual". And an answer that we no longer wait for would be a message lost.
        seconds = max(1, int(wait))
        patience = max(seconds, _USUAL_POLL) + self._read_timeout
        try:
            update = await self._call("getUpdates", {"timeout": str(seconds)}, patience)
        except _TimedOut:
            return Batch(())
        if not update:
            return Batch(())
        try:
            message = to_inbound(update, self.bot)
        except ValueError as error:
            log.warning("an update cannot be read and is set aside: %s", error)
            return Batch((), (update,))
        return Batch((message,) if message else ())

    async def confirm(self, batch: Batch) -> None:
        """Nothing to say: the platform forgot the update when it gave it away."""

    async def flush_confirm(self) -> None:
        """Nothing to tell: what was handed out is gone there."""

    async def send(self, message: Outgoing) -> str:
        """The text, with the link to its file below it; a picture with the text as its caption. An edit is a new message.

        A file without a public link is left out: whoever wrote the text knows. Where text and link are too long together, and
        where the platform does not take the picture, links go ahead and the text stays last. Returns the id of the last
        message, "" if the platform did not say one.
        """
        chat, text = message.address, strip_unsafe(message.text)
        picture, file = self._link_to(message.photo), self._link_to(message.document)
        if file:
            text = await self._with_link(chat, text, file)
        if picture:
            caption = {"caption": text} if text else {}
            try:
                return _message_id(await self._call("sendPhoto", {"chat_id": chat, "photo": picture, **caption}))
            except Rejected:
                log.warning("a picture was rejected and goes as a link")
            text = await self._with_link(chat, text, picture)
        return await self._send_text(chat, text)

    async def acknowledge(self, message: Inbound) -> None:
        """Show that somebody is typing. May be lost; never raises."""
        try:
            await self._call("sendChatAction", {"chat_id": message.address, "action": "typing"}, _ACKNOWLEDGE_TIMEOUT)
        except Exception as error:
            log.debug("a message was not acknowledged: %s", type(error).__name__)

    async def download(self, media: Media, limit: int = DOWNLOAD_LIMIT) -> bytes:
        """A picture or a voice message from the platform's own storage, and from nowhere else."""
        if self._session is None:
            raise Unreachable("download: not connected")
        seconds = self._read_timeout
        timeout = aiohttp.ClientTimeout(
            total=2 * (seconds + self._connect_timeout), sock_connect=self._connect_timeout, sock_read=seconds
        )
        return await fetch_file(self._session, media.file_id, self._keep, limit, timeout)

    def read_posted(self, update: object, arrived_at: datetime) -> Inbound | None:
        """As ``to_inbound``: a webhook brings what a poll brings."""
        return to_inbound(update, self.bot)

    async def set_webhook(self, url: str, secret: str) -> None:
        """From now on the platform posts updates to ``url`` with ``secret`` in the header; polling ends.

        It tries the address at once and keeps it even if that fails, which is worth a warning.
        """
        answer = await self._call("setWebhook", {"url": url, "secret_token": secret})
        trial = answer.get("verification") if isinstance(answer, dict) else None
        if isinstance(trial, dict) and trial.get("ok") is not True:
            outcome = trial.get("outcome")
            known = isinstance(outcome, str) and _OUTCOME.fullmatch(outcome)
            log.warning("Zalo keeps the webhook's address but could not reach it: %s", outcome if known else "no reason given")

    async def delete_webhook(self) -> None:
        """From now on the platform waits to be asked."""
        await self._call("deleteWebhook", {})

    async def backlog(self) -> int:
        """0: the platform does not say what it has still to post, nor when it tries again after a failure."""
        return 0

    def _link_to(self, file: Attachment | None) -> str | None:
        return self._link(file) if file is not None and self._link is not None else None

    async def _with_link(self, chat: str, text: str, link: str) -> str:
        """The text with the link below it; the text alone if they do not fit together, and then the link has been sent."""
        together = f"{text}\n{link}" if text else link
        if len(together.encode("utf-16-le")) // 2 <= self.text_limit:
            return together
        await self._send_text(chat, link)
        return text

    async def _send_text(self, chat: str, text: str) -> str:
        if not text.strip():
            raise Rejected("sendMessage: no text")
        return _message_id(await self._call("sendMessage", {"chat_id": chat, "text": text}))

    async def _call(self, method: str, parameters: Mapping[str, str], read_timeout: float | None = None) -> Any:
        """The ``result`` of one method; None where there is none."""
        seconds = self._read_timeout if read_timeout is None else read_timeout
        status, retry_after, payload = await self._exchange(method, parameters, seconds)
        answer = _json_object(payload)
        if status == HTTPStatus.OK and answer.get("ok") is True:
            return answer.get("result")
        raise _refusal(method, "chat_id" in parameters, status, retry_after, answer)

    async def _exchange(self, method: str, parameters: Mapping[str, str], seconds: float) -> tuple[int, str | None, bytes]:
        """HTTP status, header Retry-After and body."""
        if self._session is None:
            raise Unreachable(f"{method}: not connected")
        timeout = aiohttp.ClientTimeout(
            total=2 * (seconds + self._connect_timeout), sock_connect=self._connect_timeout, sock_read=seconds
        )
        url = f"{self._methods}/{method}"
        try:
            # A redirect would carry the token to wherever it points.
            async with self._session.post(url, json=parameters, timeout=timeout, allow_redirects=False) as answer:
                return answer.status, answer.headers.get("Retry-After"), await answer.read()
        except TimeoutError:
            failure = Unreachable(f"{method}: no answer in time")
        except Exception as error:
            # aiohttp's texts hold the URL, and an encoding error holds the body: the type alone goes on.
            failure = Unreachable(f"{method}: {type(error).__name__}")
        # Raised out here, so that not even its context holds them.
        raise failure


def _refusal(method: str, about_chat: bool, status: int, retry_after: str | None, answer: Mapping[str, Any]) -> ChannelError:
    """What an answer other than yes means. ``about_chat``: the call named a chat."""
    if answer.get("ok") is not False:
        return _stranger(method, about_chat, status, retry_after)
    given, description = answer.get("error_code"), answer.get("description")
    code = given if type(given) is int else status
    words = description.lower() if isinstance(description, str) else ""
    text = f"{method}: {code}"
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(_seconds(answer, retry_after))
    if code == HTTPStatus.REQUEST_TIMEOUT:
        return _TimedOut(text)
    if code == HTTPStatus.UNAUTHORIZED:
        return TokenRefused(text)
    if code == HTTPStatus.FORBIDDEN:
        return _forbidden(text, about_chat, words)
    if HTTPStatus.INTERNAL_SERVER_ERROR <= code < 600 or HTTPStatus.OK <= code < HTTPStatus.BAD_REQUEST:
        return Unreachable(text)
    if about_chat and any(phrase in words for phrase in _CHAT_CLOSED):
        return ChatClosed(text)
    if code == HTTPStatus.NOT_FOUND and not about_chat:  # every method that we call exists, so it is the token
        return TokenRefused(text)
    return Rejected(text)


def _stranger(method: str, about_chat: bool, status: int, retry_after: str | None) -> ChannelError:
    """A proxy's page, half a JSON: neither a chat nor a message is judged by it. A wrong token is said to get no JSON."""
    text = f"{method}: HTTP {status}, and the answer is not one of the Bot API"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(_seconds({}, retry_after))
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.NOT_FOUND and not about_chat):
        return TokenRefused(text)
    return Unreachable(text)


def _forbidden(text: str, about_chat: bool, words: str) -> ChannelError:
    """403 is documented as "internal server error". Should it ever mean what it says, its words tell so."""
    if not words or "internal" in words:
        return Unreachable(text)
    if about_chat and not any(phrase in words for phrase in _TOKEN):
        return ChatClosed(text)
    return TokenRefused(text)


def _seconds(answer: Mapping[str, Any], header: str | None) -> float:
    parameters = answer.get("parameters")
    inner = parameters.get("retry_after") if isinstance(parameters, dict) else None
    for value in (inner, answer.get("retry_after"), header):
        try:
            seconds = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            continue
        if 0 < seconds < math.inf:
            return seconds
    return _WHEN_NOT_SAID


def _json_object(payload: bytes) -> dict[str, Any]:
    """Empty for whatever is not a JSON object."""
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _message_id(result: Any) -> str:
    # "ok" was said, so it is delivered: an answer without an id must not have it sent again.
    found = result.get("message_id") if isinstance(result, dict) else None
    return str(found) if isinstance(found, str | int) else ""
