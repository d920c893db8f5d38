"""A platform refuses a bot's token: the administrators are told on another channel, and that it works again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.conversation.words import Say
from bot.domain.access import NOTICE_VERSION, Role
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import HOME
from bot.storage import outbox, people, settings
from bot.storage.accounts import by_person, for_duties
from bot.storage.crypto import Keyring
from bot.storage.database import Database, Tx
from bot.storage.outbox import Lane
from bot.storage.people import Who

log = logging.getLogger(__name__)

TOLD_AGAIN = timedelta(days=1)


class TokenAlarm:
    """Tells of one channel (``channels.waiting.Watch``), once per outage and again every ``TOLD_AGAIN``.

    When it was told last is a row, so that neither a restart nor a second process tells it twice. Who has not agreed to the
    notice in force, or has no open account on another channel, is not told. ``wake`` is for the senders.
    """

    def __init__(self, db: Database, keys: Keyring, channel: str, clock: Clock, wake: Callable[[], None]) -> None:
        self._db = db
        self._keys = keys
        self._channel = channel
        self._clock = clock
        self._wake = wake
        self._in_doubt = True  # another process, or this one before its restart, may have told that it is refused

    async def refused(self) -> None:
        """The platform refused the token. Never raises."""
        self._in_doubt = True
        try:
            await self._tell("token.refused", over=False)
        except Exception as error:  # the trouble that is told of must not become a worse one
            log.error("the administrators are not told: %s", type(error).__name__)

    async def works(self) -> None:
        """The platform took the token. Costs nothing while that was known. Never raises."""
        if not self._in_doubt:
            return
        self._in_doubt = False
        try:
            await self._tell("token.works", over=True)
        except Exception as error:
            self._in_doubt = True
            log.error("the administrators are not told: %s", type(error).__name__)

    async def _tell(self, key: str, over: bool) -> None:
        now = self._clock()
        async with self._db.read() as tx:
            if not self._news(await settings.get(tx, self._told), over, now):
                return
        async with self._db.write() as tx:
            if not self._news(await settings.get(tx, self._told), over, now):
                return
            admins = await self._administrators(tx)
            posts = [post for who in admins for post in self._posts(who, key, now)]
            await outbox.queue(tx, self._keys, posts, now)
            await settings.set_(tx, self._told, "" if over else now.isoformat())
        if not admins and not over:
            log.error("%s refuses the token, and no administrator can be told on another channel", self._channel)
        self._wake()

    def _news(self, told: str | None, over: bool, now: datetime) -> bool:
        if over:
            return bool(told)
        return not told or now - datetime.fromisoformat(told) >= TOLD_AGAIN

    @property
    def _told(self) -> str:
        return f"token_refused:{self._channel}"

    async def _administrators(self, tx: Tx) -> list[Who]:
        admins = by_person(await people.with_roles(tx, self._keys, None, {Role.ADMIN}))
        reached = (for_duties([one for one in owned if one.channel != self._channel]) for owned in admins.values())
        return [who for who in reached if who is not None and who.notice_version == NOTICE_VERSION]

    def _posts(self, who: Who, key: str, now: datetime) -> list[outbox.Post]:
        channel = Say(f"channel.{self._channel}")
        text = voice(who)(Say(key, channel=channel, setting=f"{self._channel}.token", at=now))
        menu = buttons(who, [HOME])
        return duty(who, text, f"{key}:{self._channel}:{now.isoformat()}:{who.id}", buttons=menu, lane=Lane.URGENT)
