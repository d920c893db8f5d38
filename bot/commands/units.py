"""``tungnha units``: importing them, all rows of a file or none; ending one, splitting one, and what became of one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

from bot.app import new_id
from bot.clock import Clock, vietnam_day
from bot.commands.opening import key_of, opened
from bot.commands.speaking import Speak
from bot.config import Config
from bot.conversation.words import Say
from bot.domain.unit_changes import Ending, NotPossible, closed, split
from bot.domain.unit_import import OPTIONAL, REQUIRED, check
from bot.domain.units import OrgUnit, Tree
from bot.errors import BadRow
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.unit_ending import end
from bot.storage import units


async def import_units(say: Speak, config: Config, file: Path, skip_bad: bool) -> int:
    data = _read(file)
    if isinstance(data, Say):
        say(data)
        return 1
    async with opened(config) as db, db.write() as tx:
        checked = check(data, await units.load(tx), config.units.levels)
        for bad in checked.bad:
            say(_mistake(bad))
        if not checked.units:
            say(Say("admin.units.nothing"))
            return 1
        if checked.bad and not skip_bad:
            say(Say("admin.units.refused", n=len(checked.bad)))
            return 1
        await units.save(tx, checked.units)
    if checked.bad:
        say(Say("admin.units.skipped", n=len({bad.line for bad in checked.bad})))
    say(Say("admin.units.imported", n=len(checked.units)))
    return 0


async def close_unit(say: Speak, config: Config, clock: Clock, code: str, on: date | None, into: str) -> int:
    return await _end(say, config, clock, on, lambda tree, day: closed(tree, code, day, into))


async def split_unit(
    say: Speak, config: Config, clock: Clock, code: str, on: date | None, parts: Sequence[tuple[str, str]]
) -> int:
    return await _end(say, config, clock, on, lambda tree, day: split(tree, code, day, parts))


async def _end(say: Speak, config: Config, clock: Clock, on: date | None, become: Callable[[Tree, date], Ending]) -> int:
    now = clock()
    day = on or vietnam_day(now)
    if day > vietnam_day(now):
        say(Say("admin.units.not_yet", day=day))
        return 1
    async with opened(config) as db:
        keys = await key_of(config, db)
        desk = Desk(keys, config.schedule.timetable, forms(), new_id, override=config.rules.override)
        async with db.write() as tx:
            known = await units.load(tx)
            try:
                ending = become(Tree(known, day - timedelta(days=1)), day)
                if bad := check(_as_csv(ending.new), known, config.units.levels).bad if ending.new else ():
                    say(Say(bad[0].problem, **bad[0].params))
                    return 1
                passed = await end(tx, desk, ending, now)
            except NotPossible as error:
                say(Say(f"admin.units.{error.problem}", code=error.code))
                return 1
    into = [Say("admin.units.place", code=one.code, name=one.name) for one in ending.into]
    ended = Say("admin.units.place", code=ending.ended.code, name=ending.ended.name)
    say(Say(f"admin.units.done_{ending.kind}", unit=ended, day=day, into=into))
    if ending.into:
        say(Say("admin.units.passed", people=passed.people, team=passed.team, balances=passed.balances, to=into[0]))
    return 0


async def history(say: Speak, config: Config, code: str) -> int:
    """What this unit was on which days, and what it came from or became."""
    async with opened(config) as db, db.read() as tx:
        found = sorted((one for one in await units.load(tx) if one.code == code), key=lambda one: one.valid_from)
        changes = await units.changes(tx, code)
    for one in found:
        since = one.valid_from if one.valid_from > date.min else Say("admin.units.beginning")
        until = one.valid_to or Say("admin.units.open")
        say(Say("admin.units.was", code=code, name=one.name, parent=one.parent or "–", since=since, until=until))
    for day, former, later, kind in changes:
        say(Say(f"admin.units.became_{kind}", day=day, former=former, later=later))
    if not found:
        say(Say("admin.no_such_unit", code=code))
    return 0 if found else 1


def _as_csv(new: Sequence[OrgUnit]) -> bytes:
    """New units as a file of them, so that the same is asked of both."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*REQUIRED, *OPTIONAL])
    for one in new:
        writer.writerow([one.code, one.name, one.level, one.parent or "", one.label or "", one.valid_from.isoformat(), ""])
    return out.getvalue().encode()


def _read(file: Path) -> bytes | Say:
    try:
        return file.read_bytes()
    except OSError as error:
        return Say("admin.no_file", file=str(file), why=str(error.strerror))


def _mistake(bad: BadRow) -> Say:
    where = "admin.import.at_column" if bad.column else "admin.import.at"
    return Say(where, line=str(bad.line), column=bad.column, problem=Say(bad.problem, **bad.params))
