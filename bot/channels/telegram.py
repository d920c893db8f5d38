"""Telegram: the Bot API over python-telegram-bot's ``Bot``, with our own poll of raw updates."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import quote

from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions
from telegram.error import TelegramError

from bot.channels.base import Attachment, Batch, Button, Inbound, Media, Outgoing
from bot.channels.telegram_errors import translate
from bot.channels.telegram_transport import AiohttpRequest, ApiRefusal
from bot.channels.telegram_updates import ALLOWED_UPDATES, CHANNEL, to_inbound
from bot.clock import Clock
from bot.domain.vietnamese import strip_unsafe, tidy
from bot.errors import ChannelError, Rejected, Unreachable
from bot.messages import DOWNLOAD_LIMIT, TEXT_LIMITS

log = logging.getLogger(__name__)

T = TypeVar("T")

OFFICIAL_URL: Final = "https://api.telegram.org"
_CAPTION_LIMIT: Final = 1024  # UTF-16 code units, as Telegram counts
_FETCH_LIMIT: Final = 100  # the most that one getUpdates may bring
_ACKNOWLEDGE_TIMEOUT: Final = 5.0  # seconds; a spinner that did not stop by then is no news
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

# The message to edit is there no more, or is one whose text cannot be replaced: a new one takes its place.
_CANNOT_EDIT: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message to edit",
)


class TelegramChannel:
    """One bot on Telegram. ``connect`` first; it sets ``bot`` and ``username``. One fetcher, any number of senders.

    ``base_url`` is the server's root, for example ``https://api.telegram.org``; methods and files are below it. Every
    method raises ``ChannelError`` only, whose text never holds the token.
    """

    name: Final = CHANNEL
    once = False
    buttons: Final = True
    text_limit: Final = TEXT_LIMITS[CHANNEL]
    secret_header: Final = "X-Telegram-Bot-Api-Secret-Token"

    def __init__(
        self,
        token: str,
        base_url: str,
        clock: Clock,
        *,
        read_timeout: float = 20,
        connect_timeout: float = 10,
    ) -> None:
        root = base_url.rstrip("/").removesuffix("/bot")
        self._methods = f"{root}/bot{token}"
        self._files = f"{root}/file/bot{token}"
        self._clock = clock
        self._read_timeout = read_timeout
        # A server on http:// is our own, beside us: no proxy stands between.
        self._transport = AiohttpRequest(
            read_timeout=read_timeout, connect_timeout=connect_timeout, trust_env=root.startswith("https://")
        )
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._transport,
            get_updates_request=self._transport,
        )
        self._fetched: tuple[Batch, int | None] | None = None  # the last batch and the offset that confirms it
        self._offset: int | None = None
        self.bot = ""
        self.username = ""

    async def connect(self) -> None:
        """Ask who we are. May be called again after a failure."""
        await self._transport.initialize()
        me = await self._call("getMe", {})
        if not isinstance(me, dict) or type(me.get("id")) is not int or not isinstance(me.get("username"), str):
            raise Unreachable("getMe: the answer is not a bot")
        self.bot, self.username = str(me["id"]), me["username"]

    async def close(self) -> None:
        await self._transport.shutdown()

    async def fetch(self, wait: float) -> Batch:
        """Whole seconds of ``wait`` count. What was fetched and not confirmed comes again."""
        seconds = int(wait)
        updates = await self._get_updates(seconds, _FETCH_LIMIT)
        if not isinstance(updates, list):
            raise Unreachable("getUpdates: the answer is not a list")
        fetched_at = self._clock()
        messages: list[Inbound] = []
        unreadable: list[Any] = []
        for update in updates:
            try:
                message = to_inbound(update, self.bot, fetched_at, self.username)
            except ValueError as error:
                log.warning("an update cannot be read and is set aside: %s", error)
                unreadable.append(update)
            else:
                messages += [message] if message else []
        ids = [update["update_id"] for update in updates if _has_id(update)]
        if updates and not ids:
            raise Unreachable("getUpdates: updates without ids")
        batch = Batch(tuple(messages), tuple(unreadable))
        # Not the largest ever seen: after a quiet week Telegram's ids begin anew, often lower.
        self._fetched = batch, max(ids) + 1 if ids else None
        return batch

    async def confirm(self, batch: Batch) -> None:
        """The next ``fetch`` tells the platform. Only the batch that was fetched last can be confirmed, as a whole."""
        if self._fetched is None or self._fetched[0] is not batch:
            raise ValueError("only the batch that was fetched last can be confirmed")
        _, offset = self._fetched
        if offset is not None:
            self._offset = offset

    async def flush_confirm(self) -> None:
        """At a clean shutdown: tell the platform now what is confirmed, since no further ``fetch`` will.

        News that the answer brings stays unconfirmed and comes again at the next start.
        """
        if self._offset is not None:
            await self._get_updates(seconds=0, limit=1)

    def read_posted(self, update: object, arrived_at: datetime) -> Inbound | None:
        """As ``to_inbound``: what a webhook brings is what a poll brings, one by one."""
        return to_inbound(update, self.bot, arrived_at, self.username)

    async def set_webhook(self, url: str, secret: str) -> None:
        """From now on updates are posted to ``url`` with ``secret`` in the header, those of one chat one after the other.

        Asked anew, the platform posts what it has at once, however long it was going to wait after a failure.
        """
        wanted = {"url": url, "secret_token": secret, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        await self._call("setWebhook", wanted)

    async def delete_webhook(self) -> None:
        """From now on the platform waits to be polled."""
        await self._call("deleteWebhook", {})

    async def backlog(self) -> int:
        """How many updates the platform keeps for the webhook."""
        info = await self._call("getWebhookInfo", {})
        count = info.get("pending_update_count") if isinstance(info, dict) else None
        return count if isinstance(count, int) else 0

    async def send(self, message: Outgoing) -> str:
        """Text with files is one message where it fits a caption, else files first, then the text with the buttons.

        Returns the id of the message that carries the buttons. An edit that changes nothing counts as done; where the
        message cannot be edited any more, and for files, a new one is sent.
        """
        chat = _chat_id(message.address)
        text, keyboard = strip_unsafe(message.text), _keyboard(message.buttons)
        if message.photo or message.document:
            return await self._send_files(chat, message.photo, message.document, text, keyboard)
        if message.edits and message.edits.isdecimal():
            edited = await _ask(self._edit(chat, int(message.edits), text, keyboard))
            return message.edits if edited else await self._send_text(chat, text, keyboard)
        return await self._send_text(chat, text, keyboard)

    async def acknowledge(self, message: Inbound) -> None:
        if not message.ack:
            return
        try:
            await self._bot.answer_callback_query(message.ack, read_timeout=_ACKNOWLEDGE_TIMEOUT)
        except Exception as error:
            log.debug("a tap was not acknowledged: %s", type(error).__name__)

    async def set_commands(self, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Language code -> commands with their descriptions; the code "" is for everybody else's language."""
        for language, pairs in commands.items():
            entries = [BotCommand(command, description) for command, description in pairs]
            await _ask(self._bot.set_my_commands(entries, language_code=language or None))

    async def download(self, media: Media, limit: int = DOWNLOAD_LIMIT) -> bytes:
        """A file that somebody sent. ``Rejected`` if it is gone or has more than ``limit`` bytes."""
        file = await self._call("getFile", {"file_id": media.file_id})
        path, size = (file.get("file_path"), file.get("file_size")) if isinstance(file, dict) else (None, None)
        if not isinstance(path, str):
            raise Rejected("getFile: no path")
        if isinstance(size, int) and size > limit:
            raise Rejected(f"larger than {limit} bytes")
        return await _ask(self._transport.download(f"{self._files}/{quote(path)}", limit))

    def deep_link(self, code: str) -> str:
        """The address that opens a chat with this bot and starts it with ``code``."""
        return f"https://t.me/{self.username}?start={quote(code)}"

    async def _get_updates(self, seconds: int, limit: int) -> Any:
        parameters: dict[str, str | int] = {
            "timeout": seconds,
            "limit": limit,
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        if self._offset is not None:
            parameters["offset"] = self._offset
        return await self._call("getUpdates", parameters, seconds + self._read_timeout)

    async def _call(self, method: str, parameters: Mapping[str, str | int], read_timeout: float | None = None) -> Any:
        return await _ask(self._transport.call(f"{self._methods}/{method}", parameters, read_timeout))

    async def _send_text(self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None) -> str:
        call = self._bot.send_message(chat, text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW)
        return str((await _ask(call)).message_id)

    async def _send_files(
        self,
        chat: int,
        photo: Attachment | None,
        document: Attachment | None,
        text: str,
        keyboard: InlineKeyboardMarkup | None,
    ) -> str:
        one_file = photo is None or document is None
        caption = text if one_file and _utf16_length(text) <= _CAPTION_LIMIT else ""
        rest = "" if caption else text
        last = None if rest else keyboard  # the buttons stand below the last message
        sent = ""
        if photo is not None:
            below = None if document else last
            message = await _ask(self._bot.send_photo(chat, _input_file(photo), caption=caption or None, reply_markup=below))
            sent = str(message.message_id)
        if document is not None:
            message = await _ask(
                self._bot.send_document(chat, _input_file(document), caption=caption or None, reply_markup=last)
            )
            sent = str(message.message_id)
        return await self._send_text(chat, rest, keyboard) if rest else sent

    async def _edit(self, chat: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> bool:
        """Whether the message now shows this; False where only a new message can."""
        try:
            await self._bot.edit_message_text(text, chat, message_id, reply_markup=keyboard, link_preview_options=_NO_PREVIEW)
        except ApiRefusal as refusal:
            if refusal.says(*_CANNOT_EDIT):
                return False
            if not refusal.says("message is not modified"):
                raise
        return True


async def _ask(call: Awaitable[T]) -> T:
    """The answer of one call, or one of our errors."""
    failure: ChannelError
    try:
        return await call
    except TelegramError as error:
        failure = translate(error)
    except Exception as error:  # the library could not read an answer that was "ok"
        failure = Unreachable(f"the answer was not understood: {type(error).__name__}")
    # Raised out here, so that not even its context holds the library's error with the URL and the token in it.
    raise failure


def _chat_id(address: str) -> int:
    try:
        return int(address)
    except ValueError:
        raise Rejected("the address is not a chat id") from None


def _has_id(update: object) -> bool:
    return isinstance(update, dict) and type(update.get("update_id")) is int


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(button.label, callback_data=button.token) for button in row] for row in rows]
    )


def _input_file(attachment: Attachment) -> InputFile:
    # Quotes and slashes would end the name early in the header or be taken for a folder.
    name = tidy(attachment.name).translate({ord(mark): "_" for mark in '"\\/'})
    file = InputFile(attachment.content, filename=name)
    file.mimetype = attachment.mime
    return file


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
