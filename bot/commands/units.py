"""``tungnha units import``: all rows of a file or none, unless the bad ones may be skipped."""

from __future__ import annotations

from pathlib import Path

from bot.commands.opening import opened
from bot.commands.speaking import Speak
from bot.config import Config
from bot.conversation.words import Say
from bot.domain.unit_import import check
from bot.errors import BadRow
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


def _read(file: Path) -> bytes | Say:
    try:
        return file.read_bytes()
    except OSError as error:
        return Say("admin.no_file", file=str(file), why=str(error.strerror))


def _mistake(bad: BadRow) -> Say:
    where = "admin.import.at_column" if bad.column else "admin.import.at"
    return Say(where, line=str(bad.line), column=bad.column, problem=Say(bad.problem, **bad.params))
