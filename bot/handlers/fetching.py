"""Fetching what teams sent: out of the platform, sealed, before the commune's officers, or honestly lost.

A platform that is out of reach is asked again for some hours. What cannot be had is said to its sender, with whom to ring.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath

from bot.clock import Clock, vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.units import COMMUNE, Tree
from bot.errors import ChannelError, ChatClosed, Rejected
from bot.handlers import officers
from bot.handlers.call import Desk
from bot.handlers.received import FETCH
from bot.handlers.waiting import done_button, entry_rows, where
from bot.messages import BUTTONS, Attachment, Media
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import moment
from bot.storage import media, outbox, work
from bot.storage.database import Database, Tx
from bot.storage.media import MediaItem
from bot.storage.outbox import Post
from bot.storage.people import Who
from bot.storage.units import UnitTrees
from bot.storage.work import Work

log = logging.getLogger(__name__)

KEEP_TRYING = timedelta(hours=6)  # by then the report that it was has long been due
LARGEST_PHOTO = 10 * 1024 * 1024  # bytes that Telegram takes as a photo; a larger one goes as a file

Download = Callable[[Media], Awaitable[bytes]]
Finish = Callable[[Tx], Awaitable[None]]
"""What a piece of work comes to, to be written in the transaction that ends it."""

_MAGIC = {b"\xff\xd8\xff": ("image/jpeg", ".jpg"), b"\x89PNG\r\n\x1a\n": ("image/png", ".png")}
_ENDINGS = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4"}
_ANYTHING = "application/octet-stream"


class Fetching:
    """The long work of one item. ``downloads`` is by channel."""

    def __init__(self, db: Database, desk: Desk, trees: UnitTrees, clock: Clock, downloads: Mapping[str, Download]) -> None:
        self._db = db
        self._desk = desk
        self._trees = trees
        self._clock = clock
        self._downloads = downloads

    async def do(self, piece: Work) -> Finish:
        """Fetch an item; what is to be written about it. Raises ``ChannelError`` if it is worth trying again later."""
        async with self._db.read() as tx:
            item = await media.next_of(tx, self._desk.keys, str(piece.args["item"]))
        if item is None:
            return _nothing
        content = await fetched(self._downloads, item.channel, item.media, item.received_at, self._clock())
        return partial(self.put_before_officers, item, content) if content else partial(self._lose, item)

    async def give_up(self, tx: Tx, piece: Work) -> None:
        """It broke too often."""
        item = await media.next_of(tx, self._desk.keys, str(piece.args["item"]))
        if item is not None:
            await self._lose(item, tx)

    async def put_before_officers(self, item: MediaItem, content: bytes, tx: Tx) -> None:
        """Store what was fetched and show it to the commune's officers; without any, it is lost."""
        tree = await self._trees.on(tx, vietnam_day(self._clock()))
        commune = tree.above(item.unit, COMMUNE)
        readers = await officers.who_types_in(tx, self._desk.keys, commune.code) if commune else []
        if not readers:
            await self._lose(item, tx)
            return
        more, file = await media.album_waits(tx, item), f"media:{item.id}"
        if not await media.fetched(tx, item.id, file):
            await self._next_page(tx, item)
            return
        await outbox.attach(tx, self._desk.keys, file, _file(item, content), self._clock())
        posts = [post for who in readers for post in self._pushed(tree, item, file, who, more)]
        await outbox.queue(tx, self._desk.keys, posts, self._clock())

    def _pushed(self, tree: Tree, item: MediaItem, file: str, who: Who, more: bool) -> Sequence[Post]:
        """``more``: the rest of its album, with the entry form, is above already."""
        key = "also" if more else "pushed_with_words" if item.caption else "pushed"
        clock, kind = moment(item.received_at, self._clock()), Say(f"media.kind.{item.media.kind}")
        say = Say(f"media.officer.{key}", unit=where(tree, item), what=kind, clock=clock)
        return duty(
            who,
            voice(who)(say),
            f"media:{item.id}:{who.id}",
            buttons=buttons(who, *self._choices(tree, item, who, more)),
            attachment=file,
            carries_files=self._desk.carries_files,
        )

    def _choices(self, tree: Tree, item: MediaItem, who: Who, more: bool) -> Sequence[Sequence[Choice]]:
        if not BUTTONS[who.channel]:  # words alone cannot say of which village: the list of what waits can
            return [(Choice("do:waiting", Say("menu.waiting")),)]
        if more:
            return [(done_button(item),)]
        details = Choice(f"do:media:{item.id}", Say("button.media_details"))
        *forms, last = entry_rows(self._desk, tree, item)
        return [*forms, (details, *last)]

    async def _lose(self, item: MediaItem, tx: Tx) -> None:
        """It cannot be had: its sender is told, and whom to ring; the village is silent again."""
        if not await media.lose(tx, item.id, self._clock()):
            await self._next_page(tx, item)
            return
        tree = await self._trees.on(tx, vietnam_day(self._clock()))
        commune = tree.above(item.unit, COMMUNE)
        ring = await officers.numbers_to_call(tx, self._desk.keys, [commune.code] if commune else [])
        clock, kind = moment(item.received_at, self._clock()), Say(f"media.kind.{item.media.kind}")
        lines = [Say("media.lost", what=kind, clock=clock), *ring]
        who = await officers.sender_of(tx, self._desk.keys, item)
        if who is not None:
            text = "\n".join(voice(who)(line) for line in lines)
            await outbox.queue(tx, self._desk.keys, duty(who, text, f"media_lost:{item.id}:{who.id}"), self._clock())

    async def _next_page(self, tx: Tx, item: MediaItem) -> None:
        """Another process fetched this one meanwhile: what this piece of work is left with is the album's next page."""
        if item.media.group is not None:
            again = Work(self._desk.new_id(), FETCH, {"item": item.id}, item.user, self._clock())
            await work.ask(tx, self._desk.keys, again, self._clock())


async def fetched(downloads: Mapping[str, Download], channel: str, sent: Media, since: datetime, now: datetime) -> bytes:
    """What was sent at ``since``; empty for what cannot be had. Raises ``ChannelError`` if it is worth trying again later."""
    download = downloads.get(channel)
    if download is None:
        log.error("media: this bot is not on %s any more", channel)
        return b""
    try:
        return await download(sent)
    except (Rejected, ChatClosed) as error:
        log.warning("media of %s cannot be fetched: %s", channel, error)
    except ChannelError as error:
        if now - since < KEEP_TRYING:
            raise
        log.error("media of %s is given up: %s", channel, type(error).__name__)
    return b""


async def _nothing(tx: Tx) -> None:
    """The item was settled meanwhile."""


def _file(item: MediaItem, content: bytes) -> Attachment:
    """The file as officers get it. Its name shows on a locked screen: the item's number, never what the sender called it."""
    mime, ending = next((found for magic, found in _MAGIC.items() if content.startswith(magic)), (_ANYTHING, ""))
    if item.media.kind == "photo" and len(content) <= LARGEST_PHOTO and mime != _ANYTHING:
        return Attachment(item.id + ending, content, mime)
    suffix = PurePath(item.media.name).suffix if item.media.name else ""
    ascii_suffix = suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) < 8 else ""
    return Attachment(item.id + (ascii_suffix or ending or _ENDINGS.get(item.media.kind, "")), content, _ANYTHING)
