"""``tungnha openings import``: what units counted before they reported here, out of a list; all rows or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.clock import Clock, vietnam_day
from bot.commands.opening import key_of, opened
from bot.commands.speaking import Speak
from bot.config import Config
from bot.conversation.words import Say
from bot.domain.opening_list import read
from bot.domain.openings import Opened
from bot.domain.units import Tree
from bot.domain.vietnamese import fold
from bot.forms.opening import Opening
from bot.reports import list_file
from bot.storage import openings, units
from bot.storage.openings import Balance
from bot.texts import Voice, languages

NOBODY = ""  # no user: it was done on the command line


async def import_openings(say: Speak, config: Config, clock: Clock, file: Path) -> int:
    rows = _rows(file)
    if isinstance(rows, Say):
        say(rows)
        return 1
    now = clock()
    async with opened(config) as db:
        keys = await key_of(config, db)
        async with db.write() as tx:
            tree = Tree(await units.load(tx), vietnam_day(now))
            found = read(rows, Opening, _labels(), tree, vietnam_day(now))
            for fault in found.faults:
                where = "admin.import.at_column" if fault.column else "admin.import.at"
                say(Say(where, line=str(fault.number), column=fault.column, problem=fault.what))
            if found.faults:
                say(Say("admin.openings.refused", n=len(found.faults)))
                return 1
            for row in found.rows:
                told = row.answers
                as_of = date.fromisoformat(told["as_of"])
                new = Balance(row.unit, told["indicator"], told["n"], as_of, told["source"], NOBODY, now)
                await openings.save(tx, keys, new)
    say(Say("admin.openings.imported", n=len(found.rows)))
    return 0


def _rows(file: Path) -> list[list[str]] | Say:
    try:
        return next(iter(list_file.opened(file.name, file.read_bytes())), ("", []))[1]
    except OSError as error:
        return Say("admin.no_file", file=str(file), why=str(error.strerror))
    except list_file.Refused as error:
        return Say(f"lists.refused.{error.key}")


def _labels() -> dict[str, str]:
    """Every name of a figure, in every language."""
    return {fold(Voice(language).word(f"choice.opened.{key}")): key.value for language in languages() for key in Opened}
