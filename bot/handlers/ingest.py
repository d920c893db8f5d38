"""From a batch of messages to committed answers: the one transaction that everything a person does goes through.

A message's id, the draft, the record, its postings and the reply are written together or not at all, and only a batch that
is written is confirmed to the platform. So nothing acknowledged is lost, and a repeated message is known.

Messages of different chats share a transaction: their accounts and drafts are read at once, plain form steps run without the
database, and the drafts and replies that all of them leave are written set-wise at the end. If anything in a shared
transaction fails, it is rolled back and its messages are run one by one, and only the one that failed is set aside. A
transient fault blames nobody: the caller backs off and confirms nothing.
"""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.clock import Clock, vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.units import Tree
from bot.errors import LostLease, TransientStorage, WrongKey
from bot.handlers import numbered, router, steps
from bot.handlers.call import Call, Desk
from bot.messages import BUTTONS, Inbound, InboundKind
from bot.reports.phrases import HOME
from bot.storage import choices, drafts, inbox, jobs, outbox, people
from bot.storage.accounts import by_person, for_duties
from bot.storage.choices import Shown
from bot.storage.database import Database, Tx
from bot.storage.drafts import Chat, Saved
from bot.storage.inbox import Taken
from bot.storage.jobs import Lease
from bot.storage.people import Who
from bot.storage.units import UnitTrees

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3


class Ingest:
    """Takes messages of one bot. ``careful`` is for the time after an unclean stop: see ``take``."""

    def __init__(self, db: Database, desk: Desk, trees: UnitTrees, clock: Clock, lease: Callable[[], Lease | None]) -> None:
        self._db = db
        self._desk = desk
        self._trees = trees
        self._clock = clock
        self._lease = lease
        self._begun: dict[str, int] = {}  # by message: the attempt that this process counted, while careful
        self.work_waits = False  # a message asked for long work; whoever runs it resets this
        self.touched: set[str] = set()  # the units of whoever did something; whoever keeps boards up to date resets this

    async def take(self, messages: Sequence[Inbound], careful: bool = False) -> None:
        """Commit everything these messages lead to. Returns when all are settled; raises TransientStorage or LostLease.

        ``careful`` counts each attempt before it begins, so that a message which kills the process is set aside at the
        third time instead of killing it for ever.
        """
        begun = self._clock()
        for place, chosen in enumerate(one_per_chat(messages)):
            unanswered = begun if place else None  # a chat's second message was written before the first was answered
            if careful:
                for message in chosen:
                    await self._alone(message, unanswered, counted=True)
                continue
            try:
                await self._together(chosen, unanswered)
            except (TransientStorage, LostLease):
                raise
            except Exception as error:
                log.warning("a batch of %d failed (%s), taking its messages one by one", len(chosen), type(error).__name__)
                for message in chosen:
                    await self._alone(message, unanswered, counted=False)

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[Tx]:
        async with self._db.write() as tx:
            if (held := self._lease()) is not None:
                await jobs.require(tx, held)
            yield tx

    async def _together(self, messages: Sequence[Inbound], begun: datetime | None) -> None:
        async with self._write() as tx:
            await self._run(tx, messages, begun)

    async def _alone(self, message: Inbound, begun: datetime | None, counted: bool) -> None:
        if not counted:
            attempt: int | None = 1
        elif message.id in self._begun:  # tried in this life already: a lock or a full disk is not the message's fault
            attempt = self._begun[message.id]
        else:
            attempt = await self._count(message)
        if attempt is None:
            return
        if attempt >= MOST_ATTEMPTS:
            await self._set_aside(message, attempt, "it was begun too often")
            return
        try:
            await self._together([message], begun)
        except (TransientStorage, LostLease):
            raise
        except Exception as error:
            log.error(
                "message set aside: %s", type(error).__name__, exc_info=error if log.isEnabledFor(logging.DEBUG) else None
            )
            await self._set_aside(message, attempt, type(error).__name__)

    async def show_open_questions(self, channel: str, bot: str) -> None:
        """After an outage: ask everyone with a draft their open question again, since taps made meanwhile are lost.

        Only in the chat in which it was last worked on, once per draft and step, however often the program starts. A draft
        that cannot be shown keeps nobody else from theirs.
        """
        async with self._write() as tx:
            waiting = await drafts.all_open(tx, self._desk.keys)
            last = await drafts.last_chats(tx)
            tree = await self._trees.on(tx, vietnam_day(self._clock()))
            posts, calls = [], []
            for owned in by_person(await people.of_users(tx, self._desk.keys, waiting.keys())).values():
                who = _working_in(owned, last)
                if who is None or (who.channel, who.bot, who.state) != (channel, bot, people.OPEN):
                    continue
                call = self._call(Inbound(channel, bot, "", who.address, self._clock(), InboundKind.OTHER), tree)
                call.who, call.draft = who, waiting[who.id]
                try:
                    steps.ask_again(call, Say("draft.after_outage"))
                except Exception as error:
                    log.error("draft %s cannot be shown: %s", call.draft.id, type(error).__name__)
                    continue
                once = f"reshow:{waiting[who.id].id}:{waiting[who.id].revision}:{who.address}"
                posts += [dataclasses.replace(post, dedup_key=f"{once}:{n}") for n, post in enumerate(call.posts)]
                calls.append(call)
            await outbox.queue(tx, self._desk.keys, posts, self._clock())
            await self._remember(tx, calls)

    async def keep_unreadable(self, bot: str, updates: Sequence[Any]) -> None:
        """Set aside updates that could not be parsed at all, sealed, so that someone can look at them."""
        async with self._write() as tx:
            for update in updates:
                body = json.dumps(update, default=str, ensure_ascii=True, sort_keys=True)
                reference = sha256(body.encode()).hexdigest()[:16]
                taken = Taken(bot, f"raw:{reference}", inbox.SET_ASIDE, 1, reference[:6], body)
                await inbox.take(tx, self._desk.keys, [taken], self._clock())

    async def _count(self, message: Inbound) -> int | None:
        """The number of this attempt, stored before it begins; None if the message is settled already."""
        async with self._write() as tx:
            if await inbox.settled(tx, message.bot, [message.id]):
                return None
            attempt = await inbox.attempts(tx, message.bot, message.id) + 1
            taken = Taken(message.bot, message.id, inbox.TRYING, attempt)
            await inbox.take(tx, self._desk.keys, [taken], self._clock())
        self._begun[message.id] = attempt
        return attempt

    async def _set_aside(self, message: Inbound, attempt: int, why: str) -> None:
        """Keep the message sealed under a reference number, tell its sender that number, and leave the draft as it is."""
        reference = self._desk.new_id()[:6]
        log.error("set aside as %s: %s", reference, why)
        async with self._write() as tx:
            body = json.dumps(dataclasses.asdict(message), default=str, ensure_ascii=False)
            taken = Taken(message.bot, message.id, inbox.SET_ASIDE, attempt, reference, body)
            await inbox.take(tx, self._desk.keys, [taken], self._clock())
        try:
            await self._apologise(message, reference)
        except (TransientStorage, LostLease):
            raise
        except Exception as error:  # what broke the message may break its answer too; it must not stop everyone else
            log.error("the sender of %s cannot be told: %s", reference, type(error).__name__)

    async def _apologise(self, message: Inbound, reference: str) -> None:
        async with self._write() as tx:
            try:
                known = await people.at_addresses(tx, self._desk.keys, message.channel, message.bot, [message.person])
            except WrongKey:
                known = {}
            call = self._call(message, await self._trees.on(tx, vietnam_day(self._clock())))
            call.who = known.get(message.person)
            rows = ((Choice("do:resume", Say("button.resume")), HOME),)
            call.say(Say("error.internal", reference=reference), rows=() if message.group else rows, fresh=True)
            await outbox.queue(tx, self._desk.keys, call.posts, self._clock())
            await self._remember(tx, [call])

    def _call(self, message: Inbound, tree: Tree) -> Call:
        # A message that waited in a queue is judged by its own instant; one from the future by ours.
        return Call(self._desk, message, min(message.sent_at, self._clock()), tree)

    async def _run(self, tx: Tx, messages: Sequence[Inbound], begun: datetime | None) -> None:
        keys = self._desk.keys
        bot, channel = messages[0].bot, messages[0].channel
        settled = await inbox.settled(tx, bot, [message.id for message in messages])
        fresh = [message for message in messages if message.id not in settled]
        if not fresh:
            return
        tree = await self._trees.on(tx, vietnam_day(self._clock()))
        known = await people.at_addresses(tx, keys, channel, bot, {message.person for message in fresh if message.person})
        open_drafts = await drafts.of_users(tx, keys, {who.id for who in known.values()})
        shown = await self._shown(tx, fresh)
        calls: list[Call] = []
        later: list[Inbound] = []  # one draft a person: who writes from two chats at once waits for the first to be stored
        for message in fresh:
            call = self._call(message, tree)
            call.who = known.get(message.person)
            if call.who is not None and any(other.who is not None and other.who.id == call.who.id for other in calls):
                later.append(message)
                continue
            call.draft = open_drafts.get(call.who.id) if call.who else None
            call.last = shown.get(message.address)
            numbered.understand(call, begun)
            calls.append(call)
        for call in calls:
            if call.who is not None and call.who.state == people.OPEN and steps.quick(call):
                continue
            call.enter(tx)
            await router.handle(call)
        await self._store(tx, calls)
        await inbox.take(tx, keys, [Taken(bot, call.message.id) for call in calls], self._clock())
        if later:
            await self._run(tx, later, begun)

    async def _shown(self, tx: Tx, messages: Sequence[Inbound]) -> dict[str, Shown]:
        """By chat: the choices that were shown last, on a channel without buttons."""
        channel, bot = messages[0].channel, messages[0].bot
        chats = {message.address for message in messages if message.kind is InboundKind.TEXT and not message.group}
        if BUTTONS[channel] or not chats:
            return {}
        return await choices.of_chats(tx, self._desk.keys, channel, bot, chats)

    async def _store(self, tx: Tx, calls: Sequence[Call]) -> None:
        keys = self._desk.keys
        now = self._clock()
        await drafts.close(tx, [draft for call in calls for draft in call.closed])
        saved = [Saved(call.who.id, call.saved, now, _chat(call.message)) for call in calls if call.saved and call.who]
        await drafts.save(tx, keys, saved)
        await outbox.queue(tx, keys, [post for call in calls for post in call.posts], now)
        await self._remember(tx, calls)
        self.work_waits = self.work_waits or any(call.wants_work for call in calls)
        self.touched |= {held.unit for call in calls if call.who is not None for held in call.who.roles}

    async def _remember(self, tx: Tx, calls: Sequence[Call]) -> None:
        """Note the choices that these answers end with. Those that were shown before already keep the instant of then."""
        lists = {}
        for call in calls:
            if call.shown is not None:
                known = call.last is not None and call.last.listed.options == call.shown.options
                lists[call.message.address] = Shown(call.shown, call.last.at if call.last and known else self._clock())
        if lists:
            await choices.remember(tx, self._desk.keys, calls[0].message.channel, calls[0].message.bot, lists)


def _chat(message: Inbound) -> Chat:
    return Chat(message.channel, message.bot, message.address)


def _working_in(owned: Sequence[Who], last: Mapping[str, Chat]) -> Who | None:
    """In which of a person's chats the open draft was last worked on; where that is not known, the one for their duties."""
    chat = last.get(owned[0].id)
    return next((who for who in owned if Chat(who.channel, who.bot, who.address) == chat), None) or for_duties(owned)


def one_per_chat(messages: Sequence[Inbound]) -> Iterator[list[Inbound]]:
    """The messages in rounds with at most one per chat, each chat's in their order."""
    waiting = list(messages)
    while waiting:
        chats: set[str] = set()
        chosen: list[Inbound] = []
        later: list[Inbound] = []
        for message in waiting:
            (later if message.address in chats else chosen).append(message)
            chats.add(message.address)
        yield chosen
        waiting = later
