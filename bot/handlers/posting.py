"""Mail at work: what was issued for units with recipients is handed to the mail server, tried again, and proved by its reply.

A row of ``storage.mails`` is written with the version that it carries. Times are those of the clock that the day runs by.
Whoever leads sends; a mail that broke off while it was handed in goes again under the same Message-ID.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.mail import Receipt
from bot.clock import Clock, at, vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.access import NOTICE_VERSION, OFFICIALS, Role
from bot.errors import ChannelError, LostLease, Rejected, TokenRefused, TransientStorage
from bot.handlers import papers
from bot.handlers.call import Desk
from bot.handlers.papers import Edition
from bot.handlers.signing import when_of
from bot.messages import Mail
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.mail_of_version import mail_of
from bot.reports.phrases import HOME, clock, place
from bot.storage import jobs, mails, outbox, people
from bot.storage.accounts import by_person, for_duties
from bot.storage.database import Database, Tx
from bot.storage.jobs import Lease
from bot.storage.mails import QueuedMail
from bot.storage.people import Who

log = logging.getLogger(__name__)

Send = Callable[[Mail, datetime], Awaitable[Receipt]]

HOLD = timedelta(minutes=5)
"""For how long a mail that is being handed in is nobody else's."""
PAUSES = tuple(timedelta(minutes=n) for n in (1, 2, 4, 5))
KEEP_TRYING = timedelta(days=3)


@dataclass(frozen=True)
class _Told:
    """What of a mail is said to whom."""

    officials: Say | None = None
    administrators: Say | None = None
    once: str = ""  # administrators are told this once


class Mailer:
    """Hands mails in, one at a time. ``news`` is set when some may have been queued. Without ``send`` there is no mail."""

    def __init__(self, db: Database, desk: Desk, clock: Clock, lease: Callable[[], Lease | None], send: Send | None) -> None:
        self._db = db
        self._desk = desk
        self._clock = clock
        self._lease = lease
        self._send = send
        self._busy = False
        self.news = asyncio.Event()

    async def waiting(self) -> bool:
        """Whether a mail is under way or should be tried now."""
        if self._busy or self._send is None:
            return self._busy
        async with self._db.read() as tx:
            return await mails.due(tx, self._clock()) > 0

    async def send_next(self) -> bool:
        """Try one mail; False if none is due. Raises TransientStorage and LostLease."""
        if self._send is None or not await self.waiting():
            return False
        self._busy = True
        try:
            async with self._db.write() as tx:
                await self._require(tx)
                one = await mails.take(tx, self._clock(), HOLD)
            if one is not None:
                await self._try(one, self._send)
            return one is not None
        finally:
            self._busy = False

    async def _try(self, one: QueuedMail, send: Send) -> None:
        edition = Edition(one.unit, one.kind, one.day, one.version)
        to = one.left_to if one.left_to is not None else self._desk.mail.recipients.get(one.unit, ())
        try:
            message = await self._message(edition, to) if to else None
            if message is None:
                raise Rejected("mail: nobody to send it to, or nothing to send")
            receipt = await send(message, self._clock())
        except (TransientStorage, LostLease):
            raise
        except Rejected as error:
            await self._refused(one, str(error))
        except Exception as error:
            await self._failed(one, error)
        else:
            await self._handed_in(one, receipt)

    async def _message(self, edition: Edition, to: Sequence[str]) -> Mail | None:
        made = await papers.make(self._db, self._desk, edition, with_table=True)
        if made is None:
            return None
        async with self._db.write() as tx:
            await self._require(tx)
            await papers.keep(tx, self._desk, made, edition)
        async with self._db.read() as tx:
            tree = await self._desk.trees.on(tx, edition.day)
            return await mail_of(
                tx, self._desk.keys, tree, made.reading, made.files, edition.kind, edition.version,
                settings=self._desk.mail, to=to, language=self._desk.language, timetable=self._desk.timetable,
                without_pdf=made.pdf is None,
            )  # fmt: skip

    # --- what comes of it -----------------------------------------------------------------------------------------------

    async def _handed_in(self, one: QueuedMail, receipt: Receipt) -> None:
        now = self._clock()
        refused = {address: said for address, said in receipt.refused.items() if address not in receipt.later}
        log.info("the mail of %s of %s, version %d, is handed in", one.unit, one.day, one.version)
        async with self._db.write() as tx:
            await self._require(tx)
            reply = one.reply if one.sent_at is not None else receipt.reply
            await mails.sent(tx, one, reply, one.sent_at or now, receipt.later, now + _pause(one))
            if refused:
                said = await self._say(tx, one, "mail.told.some_refused", addresses=", ".join(sorted(refused)))
                await self._tell(tx, one, _Told(said, said, f"some:{one.version}"))
            elif one.sent_at is None and now >= self._deadline(one):
                await self._tell(tx, one, _Told(await self._say(tx, one, "mail.told.late", at=clock(now))))

    async def _refused(self, one: QueuedMail, why: str) -> None:
        log.error("the mail of %s of %s, version %d, is refused for good: %s", one.unit, one.day, one.version, why)
        async with self._db.write() as tx:
            await self._require(tx)
            await mails.refuse(tx, one, why)
            said = await self._say(tx, one, "mail.told.refused", reply=why)
            await self._tell(tx, one, _Told(said, said, f"refused:{one.version}"))

    async def _failed(self, one: QueuedMail, error: Exception) -> None:
        """Our server is out of reach, refuses our login, or something broke: it waits, and so do the others where all would."""
        why = str(error) if isinstance(error, ChannelError) else type(error).__name__
        now = self._clock()
        if now - one.created_at >= KEEP_TRYING:
            await self._refused(one, why)
            return
        log.warning("the mail of %s of %s, version %d, waits: %s", one.unit, one.day, one.version, why)
        async with self._db.write() as tx:
            await self._require(tx)
            await mails.put_off(tx, one, why, now + _pause(one))
            if isinstance(error, ChannelError):
                await mails.put_off_all(tx, now + PAUSES[0])
            if isinstance(error, TokenRefused):
                said = await self._say(tx, one, "mail.told.login", reply=why)
                await self._tell(tx, one, _Told(administrators=said, once=f"login:{vietnam_day(now)}"))

    def _deadline(self, one: QueuedMail) -> datetime:
        return at(vietnam_day(one.created_at), self._desk.timetable.deadline)

    async def _say(self, tx: Tx, one: QueuedMail, key: str, **words: Param) -> Say:
        tree = await self._desk.trees.on(tx, one.day)
        named = place(tree[one.unit]) if one.unit in tree else Say("value.as_written", value=one.unit)
        return Say(key, unit=named, day=one.day, n=one.version, **words)

    async def _tell(self, tx: Tx, one: QueuedMail, told: _Told) -> None:
        name = f"mail:{one.unit}:{one.kind}:{one.day}:{one.version}"
        here = f"do:signing:{one.unit}:{when_of(one.kind, one.day)}"
        posts = []
        officials = (await holding(tx, self._desk.keys, [one.unit], OFFICIALS)).get(one.unit, []) if told.officials else []
        for who in officials:
            if told.officials is not None:
                below = buttons(who, (Choice(here, Say("signing.button.open")), HOME))
                posts += duty(who, voice(who)(told.officials), f"{name}:{told.officials.key}:{who.id}", buttons=below)
        known = {who.id for who in officials}
        for who in await self._administrators(tx) if told.administrators else []:
            if told.administrators is not None and who.id not in known:
                key = f"mail:{told.once}" if told.once.startswith("login") else f"{name}:{told.once}"
                posts += duty(who, voice(who)(told.administrators), f"{key}:{who.id}", buttons=buttons(who, (HOME,)))
        await outbox.queue(tx, self._desk.keys, posts, self._clock())

    async def _administrators(self, tx: Tx) -> list[Who]:
        owned = by_person(await people.with_roles(tx, self._desk.keys, None, {Role.ADMIN}))
        reached = (for_duties(accounts) for accounts in owned.values())
        return [who for who in reached if who is not None and who.notice_version == NOTICE_VERSION]

    async def _require(self, tx: Tx) -> None:
        if (held := self._lease()) is not None:
            await jobs.require(tx, held)


def _pause(one: QueuedMail) -> timedelta:
    return PAUSES[min(one.attempts, len(PAUSES)) - 1]
