"""The paper of an approved version: rendered as Word file and PDF for whoever works there, and noted as printed."""

from __future__ import annotations

from bot.clock import Clock
from bot.conversation.prompt import Choice
from bot.conversation.words import Param, Say
from bot.domain.access import works_for
from bot.domain.signing import Mark, Step
from bot.handlers import papers
from bot.handlers.call import Call, Desk
from bot.handlers.fetching import Finish
from bot.handlers.papers import Edition, Papers
from bot.handlers.signing import card, when_of, which
from bot.handlers.wanted import want, who_wants
from bot.reports.duties import buttons, voice
from bot.reports.phrases import HOME, place
from bot.storage import outbox, sign_offs
from bot.storage.database import Database, Tx
from bot.storage.outbox import Post
from bot.storage.people import Who
from bot.storage.work import Work

PRINT = "letter"
"""The kind of work."""


async def ask(call: Call, unit: str, day: str, version: str) -> None:
    """Whoever works there wants the paper of an approved version."""
    edition = await approved(call, unit, day, version)
    if edition is None:
        await card(call, unit, day, Say("signing.changed"))
    elif call.message.channel not in call.desk.carries_files:
        await card(call, unit, day, Say("signing.no_files"))
    else:
        await want(call, PRINT, **edition.written())
        await card(call, unit, day, Say("signing.printing"))


async def approved(call: Call, unit: str, day: str, version: str) -> Edition | None:
    """The approved version that a button is about, for whoever works there."""
    if unit not in call.tree or not works_for(call.user.roles, unit) or not version.isdecimal():
        return None
    last, kind = which(call, day)
    marks = (await sign_offs.of_units(call.tx, [unit], kind, last)).get(unit, ())
    wanted = any(mark.step is Step.APPROVED and mark.version == int(version) for mark in marks)
    return Edition(unit, kind, last, int(version)) if wanted else None


class Printing:
    """The long work of it."""

    def __init__(self, db: Database, desk: Desk, clock: Clock) -> None:
        self._db = db
        self._desk = desk
        self._clock = clock

    async def do(self, piece: Work) -> Finish:
        edition = Edition.read(piece.args)
        async with self._db.read() as tx:
            who = await who_wants(tx, self._desk.keys, piece)
        made = await papers.make(self._db, self._desk, edition) if who and works_for(who.roles, edition.unit) else None

        async def finish(tx: Tx) -> None:
            if who is None or made is None:
                return
            await papers.keep(tx, self._desk, made, edition)
            mark = Mark(edition.version, Step.PRINTED, who.id, who.id, piece.as_of)
            await sign_offs.note(tx, edition.unit, edition.kind, edition.day, mark)
            await outbox.queue(tx, self._desk.keys, _posts(piece, edition, made, who), self._clock())

        return finish


def _posts(piece: Work, edition: Edition, made: Papers, who: Who) -> list[Post]:
    """A message for each file; what comes next hangs below the last."""
    named: dict[str, Param] = {"unit": place(made.reading.figures.unit), "day": edition.day, "n": edition.version}
    says = [(Say("signing.paper.docx", **named), made.letter)]
    if made.pdf is not None:
        says.append((Say("signing.paper.pdf", **named), made.pdf))
    else:
        says[0] = (Say("signing.paper.docx_alone", **named), made.letter)
    here = f"do:signing:{edition.unit}:{when_of(edition.kind, edition.day)}"
    below = buttons(who, (Choice(here, Say("signing.button.open")), HOME))
    return [
        Post(
            *(who.channel, who.bot, who.address),
            voice(who)(say),
            buttons=below if number == len(says) - 1 else (),
            attachment=file.id,
            dedup_key=f"work:{piece.id}:{number}",
        )
        for number, (say, file) in enumerate(says)
    ]
