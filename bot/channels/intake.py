"""Where a leader's messages come from: what any process accepted from a webhook, and by polling the platform itself.

Both ways look at the stored arrivals first. So a change of the mode in the configuration, in whatever order the processes are
started again, loses nothing: what was accepted before the change is handled after it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.channels.base import Batch, Channel, Inbound
from bot.errors import ChannelError, Rejected
from bot.storage import arrivals
from bot.storage.arrivals import Arrival
from bot.storage.crypto import Keyring
from bot.storage.database import Database

log = logging.getLogger(__name__)

AT_ONCE = 100  # arrivals in one batch, as many as Telegram hands to a poll
LOOK_EVERY = 0.5  # seconds, for what another process accepted
CATCH_UP = 30.0  # seconds that a new leader waits for what the platform has not posted yet


class Postable(Channel, Protocol):
    """A channel whose platform can post updates to an address of ours."""

    @property
    def secret_header(self) -> str:
        """The header in which the platform shows the secret."""

    def read_posted(self, update: object, arrived_at: datetime) -> Inbound | None:
        """The JSON of one request; None if it concerns nobody. Raises ``ValueError`` if it cannot be understood."""

    async def set_webhook(self, url: str, secret: str) -> None:
        """From now on the platform posts to ``url``; polling ends. What waits there is kept. Raises ``ChannelError``."""

    async def delete_webhook(self) -> None:
        """From now on the platform waits to be asked. What waits there is kept. Raises ``ChannelError``."""

    async def backlog(self) -> int:
        """How many updates the platform has still to post; 0 where it does not say. Raises ``ChannelError``."""


@dataclass(frozen=True)
class Hook:
    """The public address of a webhook. ``posted`` is set whenever this process has stored something for it."""

    url: str
    secret: str = field(repr=False)
    posted: asyncio.Event = field(default_factory=asyncio.Event)


class Intake:
    """One fetcher's view of both. Without a ``hook`` the channel is polled. ``look_every`` and ``catch_up`` are seconds."""

    def __init__(
        self,
        channel: Postable,
        db: Database,
        keys: Keyring,
        hook: Hook | None = None,
        look_every: float = LOOK_EVERY,
        catch_up: float = CATCH_UP,
    ) -> None:
        self.channel = channel
        self._db = db
        self._keys = keys
        self.hook = hook
        self._look_every = look_every
        self._catch_up = catch_up
        self._read: tuple[Batch, Sequence[int]] | None = None  # the last batch of arrivals and their rows
        self._catch_up_until: float | None = None
        self.set_aside = 0  # updates that could not be understood

    @property
    def once(self) -> bool:
        """A poll may hand each message out once; what a webhook was sent is stored here."""
        return self.hook is None and self.channel.once

    async def listen(self) -> None:
        """Tell the platform which way its messages should come: the first thing that each leader does.

        Raises ``ChannelError``. With a webhook, the next ``fetch`` waits until the platform has posted what waits there.
        """
        if self.hook is not None:
            await self.channel.set_webhook(self.hook.url, self.hook.secret)
            self._catch_up_until = asyncio.get_running_loop().time() + self._catch_up
            return
        try:
            await self.channel.delete_webhook()
        except Rejected:  # where there is none, a platform may say no
            log.warning("%s does not delete the webhook; if polling fails, there is one", self.channel.name)

    async def fetch(self, wait: float) -> Batch:
        """As ``Channel.fetch``. Raises ``ChannelError`` and ``StorageError``.

        An empty batch also says that nothing waits at the platform, as far as it tells: the first one after ``listen``
        may take ``catch_up`` seconds longer.
        """
        if self.hook is not None:
            return await self._posted(self.hook, wait)
        return await self._accepted() or await self.channel.fetch(wait)

    async def confirm(self, batch: Batch) -> None:
        """Everything in the batch is committed: forget it. Raises ``StorageError``; then it may be tried again."""
        if self._read is not None and self._read[0] is batch:
            async with self._db.write() as tx:
                await arrivals.handled(tx, self._read[1])
            self._read = None
        elif self.hook is None:
            await self.channel.confirm(batch)
        self.set_aside += len(batch.unreadable)

    async def flush_confirm(self) -> None:
        """At a clean stop. Raises ``ChannelError``."""
        if self.hook is None:
            await self.channel.flush_confirm()

    async def _posted(self, hook: Hook, wait: float) -> Batch:
        loop = asyncio.get_running_loop()
        end = loop.time() + wait
        while True:
            # Asked before looking: what the platform no longer has is stored by now.
            caught_up = await self._caught_up()
            hook.posted.clear()
            if (batch := await self._accepted()) is not None:
                return batch
            rest = end - loop.time()
            if caught_up and rest <= 0:
                return Batch(())
            try:
                await asyncio.wait_for(hook.posted.wait(), min(rest, self._look_every) if caught_up else self._look_every)
            except TimeoutError:
                continue

    async def _caught_up(self) -> bool:
        if self._catch_up_until is None:
            return True
        try:
            left = await self.channel.backlog()
        except ChannelError:
            left = 1
        if left and asyncio.get_running_loop().time() < self._catch_up_until:
            return False
        if left:
            log.warning("%s has not posted in %g s what waits there", self.channel.name, self._catch_up)
        self._catch_up_until = None
        return True

    async def _accepted(self) -> Batch | None:
        async with self._db.read() as tx:
            found = await arrivals.waiting(tx, self._keys, self.channel.name, self.channel.bot, AT_ONCE)
        if not found:
            return None
        messages: list[Inbound] = []
        unreadable: list[Any] = []
        for arrival in found:
            try:
                message = self.channel.read_posted(_content(arrival), arrival.at)
            except ValueError as error:
                log.warning("an update cannot be read and is set aside: %s", error)
                unreadable.append(_kept(arrival))
            else:
                messages += [message] if message else []
        batch = Batch(tuple(messages), tuple(unreadable))
        self._read = batch, [arrival.id for arrival in found]
        return batch


def _content(arrival: Arrival) -> Any:
    """Raises ``ValueError`` without anything of the body."""
    if arrival.body is None:
        raise ValueError("it was sealed with another key")
    with suppress(ValueError, RecursionError):
        return json.loads(arrival.body.decode("utf-8", "replace"))
    # Raised out here, so that not even its context holds the body.
    raise ValueError("it is not JSON")


def _kept(arrival: Arrival) -> Any:
    """What somebody can look into later."""
    if arrival.body is None:
        return {"sealed": base64.b64encode(arrival.sealed).decode()}
    return arrival.body.decode("utf-8", "replace")
