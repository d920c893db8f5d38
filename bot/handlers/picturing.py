"""The picture of a unit's figures, counts only: with the morning digest, and whenever an official asks for what they see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from bot.clock import Clock
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, OVERSEERS, Act, may
from bot.domain.units import VILLAGE
from bot.handlers import queries, signing
from bot.handlers.call import Call, Desk
from bot.handlers.fetching import Finish
from bot.messages import Attachment
from bot.reports.duties import duty, holding, voice
from bot.reports.figures import Figures
from bot.reports.phrases import place
from bot.reports.picture_file import asked, for_chat, picture_file
from bot.storage import outbox, people, work
from bot.storage.database import Database, Tx
from bot.storage.outbox import Post
from bot.storage.people import Who
from bot.storage.work import Work
from bot.texts import Voice


async def of_card(call: Call, unit: str, day: str) -> None:
    """Of what the card of a day's figures shows."""
    if unit not in call.tree or call.tree[unit].level == VILLAGE or not may(call.user.roles, Act.SEE_FIGURES, unit, call.tree):
        call.say(Say("access.denied"))
        return
    seen = await signing.look(call, unit, *signing.which(call, day))
    await _ask(call, seen.shown, seen.day)


async def of_situation(call: Call, unit: str, day: str) -> None:
    """Of what the situation of a window shows."""
    if unit not in call.tree or not may(call.user.roles, Act.SEE_FIGURES, unit, call.tree):
        call.say(Say("access.denied"))
        return
    shown = await queries.figures_at(call, call.tree[unit], day)
    await _ask(call, shown, min(shown.days.last, call.today))


async def _ask(call: Call, shown: Figures, day: date) -> None:
    message = call.message
    if message.channel not in call.desk.carries_files:
        call.say(Say("picture.no_files"), fresh=True)
        return
    chat = message.channel, message.bot, message.address
    await work.ask(call.tx, call.desk.keys, for_chat(call.desk.new_id(), shown, day, chat, call.user.id, call.at), call.at)
    call.wants_work = True
    call.say(Say("picture.coming", unit=place(shown.unit)), fresh=True)


class Picturing:
    """The long work of it."""

    def __init__(self, db: Database, desk: Desk, clock: Clock) -> None:
        self._db = db
        self._desk = desk
        self._clock = clock

    async def do(self, piece: Work) -> Finish:
        async with self._db.read() as tx:
            tree = await self._desk.trees.on(tx, date.fromisoformat(piece.args["day"]))
            shown = asked(piece.args, tree)
            readers = await self._readers(tx, piece, shown)
            readers = [who for who in readers if may(who.roles, Act.SEE_FIGURES, shown.unit.code, tree)]
        drawn: dict[str, Attachment] = {}
        for language in {who.language for who in readers}:
            drawn[language] = await asyncio.to_thread(picture_file, shown, Voice(language), self._desk.timetable)

        async def finish(tx: Tx) -> None:
            for language, file in drawn.items():
                await outbox.attach(tx, self._desk.keys, f"{piece.id}:{language}", file, self._clock())
            posts = [post for who in readers for post in self._posts(piece, shown, who)]
            await outbox.queue(tx, self._desk.keys, posts, self._clock())

        return finish

    async def _readers(self, tx: Tx, piece: Work, shown: Figures) -> Sequence[Who]:
        """Whoever asked; or all who got the digest, where files arrive: elsewhere it says itself that they do not."""
        keys = self._desk.keys
        if "address" in piece.args:
            channel, bot, address = (str(piece.args[key]) for key in ("channel", "bot", "address"))
            who = (await people.at_addresses(tx, keys, channel, bot, [address])).get(address)
            return [who] if who is not None else []
        found = await holding(tx, keys, [shown.unit.code], COMMUNE_ROLES | OVERSEERS)
        return [who for who in found.get(shown.unit.code, []) if who.channel in self._desk.carries_files]

    def _posts(self, piece: Work, shown: Figures, who: Who) -> list[Post]:
        said = voice(who)(Say("picture.caption", unit=place(shown.unit), day=shown.report_day))
        name, file = f"work:{piece.id}:{who.id}", f"{piece.id}:{who.language}"
        if "address" in piece.args:
            return [Post(who.channel, who.bot, who.address, said, attachment=file, dedup_key=name)]
        return duty(who, said, name, attachment=file, carries_files=self._desk.carries_files)

    async def give_up(self, tx: Tx, piece: Work) -> None:
        """Of the digest's the log is told; whoever asked for one is."""
        if "address" not in piece.args:
            return
        tree = await self._desk.trees.on(tx, date.fromisoformat(piece.args["day"]))
        for who in await self._readers(tx, piece, asked(piece.args, tree)):
            text = voice(who)(Say("error.internal", reference=piece.id[:6]))
            post = Post(who.channel, who.bot, who.address, text, dedup_key=f"work:{piece.id}")
            await outbox.queue(tx, self._desk.keys, [post], self._clock())
