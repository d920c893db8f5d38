"""What became of what a team reported is told to whoever reported it: a code and a village, nobody's name."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import NOTICE_VERSION
from bot.domain.units import Tree
from bot.handlers.call import Desk
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import HOME, instant, place
from bot.storage import outbox, people, records
from bot.storage.accounts import for_duties
from bot.storage.database import Tx
from bot.storage.people import Who
from bot.storage.records import Record

TAKEN, DONE = "taken", "done"


async def tell_reporter(tx: Tx, desk: Desk, tree: Tree, record: Record, status: str, by: Who, at: datetime) -> None:
    """One message for each status; whoever set it is not told."""
    first = (await records.versions(tx, desk.keys, record.id))[0]
    who = for_duties(await people.of_users(tx, desk.keys, [first.author])) if first.author else None
    if who is None or who.id == by.id or who.notice_version != NOTICE_VERSION:
        return
    unit = tree.get(record.unit)
    say = Say(f"aid.push_{status}", code=record.id, unit=place(unit) if unit else record.unit, at=instant(at))
    choices = [Choice(f"do:person:{record.person_id}", Say("button.card")), HOME]
    posts = duty(who, voice(who)(say), f"aid:{status}:{record.id}:{who.id}", buttons=buttons(who, choices))
    await outbox.queue(tx, desk.keys, posts, at)
