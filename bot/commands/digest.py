"""``tungnha digest``: a past morning's digest as it was issued, or the same morning as it is known now (N18)."""

from __future__ import annotations

from datetime import date

from bot.clock import Clock, at
from bot.commands.opening import opened
from bot.commands.speaking import Speak
from bot.config import Config
from bot.conversation.words import Say
from bot.domain.units import Tree
from bot.reports import issued
from bot.reports.digest import digest_lines
from bot.storage import units


async def show(say: Speak, config: Config, clock: Clock, unit: str, day: date, known_now: bool) -> int:
    timetable = config.schedule.timetable
    async with opened(config) as db, db.read() as tx:
        tree = Tree(await units.load(tx), day)
        if unit not in tree:
            say(Say("admin.no_such_unit", code=unit))
            return 1
        reading = await issued.as_issued(tx, tree, unit, issued.MORNING, day)
        now = clock()
        known = await issued.known_now(tx, tree, unit, issued.MORNING, day, now, timetable) if known_now else None
    since = issued.cumulative_from(issued.MORNING)
    if known is not None:
        say(Say("admin.digest.known_now", at=now))
        lines = digest_lines(known, reading.previous if reading else None, since=since, timetable=timetable)
    elif reading is not None:
        say(Say("admin.digest.as_issued", at=reading.issued_at))
        late = reading.late(at(day, timetable.digest))
        lines = digest_lines(reading.figures, reading.previous, late, since=since, timetable=timetable)
    else:
        say(Say("admin.digest.none", unit=tree[unit].name, day=day))
        return 1
    for line in lines:
        say(line)
    return 0
