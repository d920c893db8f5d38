"""The process in which a file is read: bounded in memory and time, without the bot's secrets, and gone afterwards.

``python -m bot.reports.list_process`` takes questions on its standard input and answers them on its standard output, a line of
JSON each. The file goes through the pipe and never to a disk.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.conversation.form import label, steps
from bot.domain.lists import Fault, Place, Row, Sheet, Words, read_sheet
from bot.domain.lists.columns import plain
from bot.forms import forms
from bot.reports.list_file import MOST_ROWS, Mark, Refused, marked, opened
from bot.texts import Voice, catalogue, languages

KINDS = ("returnee", "absence", "contact", "f0")
"""The reports of which there are lists."""

PATIENCE = 90.0  # seconds of real time for one answer
_MEMORY = 1024**3  # bytes of addresses, of which an interpreter takes a third
_LONGEST_ANSWER = 64 * 1024 * 1024  # bytes
_OURS = {"vaccine": "doses", "place": "quarantine_type"}  # columns of our lists that are called otherwise than the question


@dataclass(frozen=True)
class Lists:
    """What a file holds: its lists by the name of their sheet; ``refused`` says why it holds none."""

    sheets: Mapping[str, Sheet]
    refused: str = ""


class OpenFile:
    """A file in a process of its own. Raises for no content: what cannot be done is an answer too."""

    def __init__(self, process: asyncio.subprocess.Process, name: str, content: bytes) -> None:
        self._process = process
        self._name = name
        self._content = content

    async def lists(self, places: Sequence[Place], today: date) -> Lists:
        """The lists in the file, for somebody who reports for these places."""
        content = base64.b64encode(self._content).decode()
        here = [asdict(place) for place in places]
        asked = {"do": "read", "name": self._name, "content": content, "places": here, "today": today.isoformat()}
        answer = await self._ask(asked)
        if "sheets" not in answer:
            return Lists({}, str(answer.get("refused", "too_much")))
        return Lists({tab: _sheet(sheet) for tab, sheet in answer["sheets"].items()})

    async def marked(self, marks: Mapping[str, tuple[int, int | None, Mapping[int, Mark]]], titles: Mark) -> bytes | None:
        """The file that was read, with what is wrong beside its rows (``list_file.marked``); None if it cannot be written."""
        told = {
            tab: [heading, code_at, {row: asdict(mark) for row, mark in rows.items()}]
            for tab, (heading, code_at, rows) in marks.items()
        }
        answer = await self._ask({"do": "mark", "marks": told, "titles": asdict(titles)})
        return base64.b64decode(answer["content"]) if "content" in answer else None

    async def _ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Empty if the process died or took too long."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE):
                self._process.stdin.write(json.dumps(asked).encode() + b"\n")
                await self._process.stdin.drain()
                answer = await self._process.stdout.readline()
        except (TimeoutError, ConnectionError, ValueError):
            return {}
        found: dict[str, Any] = json.loads(answer) if answer.endswith(b"\n") else {}
        return found


@contextlib.asynccontextmanager
async def opened_apart(name: str, content: bytes) -> AsyncIterator[OpenFile]:
    """A file that somebody sent, in a process that ends with this block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.reports.list_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"},
        limit=_LONGEST_ANSWER,
    )
    try:
        yield OpenFile(process, name, content)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _sheet(told: Mapping[str, Any]) -> Sheet:
    rows = tuple(Row(**{**row, "faults": tuple(Fault(**fault) for fault in row["faults"])}) for row in told["rows"])
    return Sheet(**{**told, "rows": rows})


# --- inside the process -----------------------------------------------------------------------------------------------


def answered(asked: Mapping[str, Any], name: str, content: bytes) -> dict[str, Any]:
    """The answer to a question about a file."""
    try:
        if asked["do"] == "mark":
            marks = {
                tab: (heading, code_at, {int(row): Mark(**mark) for row, mark in rows.items()})
                for tab, (heading, code_at, rows) in asked["marks"].items()
            }
            return {"content": base64.b64encode(marked(name, content, marks, Mark(**asked["titles"]))).decode()}
        places = [Place(place["code"], tuple(place["names"])) for place in asked["places"]]
        return _read(name, content, places, date.fromisoformat(asked["today"]))
    except Refused as error:
        return {"refused": error.key}
    except MemoryError:
        return {"refused": "too_much"}


def _read(name: str, content: bytes, places: Sequence[Place], today: date) -> dict[str, Any]:
    known, listed = forms(), words()
    wanted = {kind: known[kind] for kind in KINDS}
    found = {}
    for tab, rows in opened(name, content):
        sheet = read_sheet(rows, tab, wanted, places, listed, today)
        if sheet is not None:
            found[tab] = sheet
    if not found:
        return {"refused": "no_list"}
    n = sum(len(sheet.rows) for sheet in found.values())
    if n == 0 or n > MOST_ROWS:
        return {"refused": "too_many_rows" if n else "nobody"}
    return {"sheets": {tab: asdict(sheet) for tab, sheet in found.items()}}


def words() -> Words:
    """The headings of our own lists, the short names of the questions, and the labels of choices, in every language."""
    ours: dict[str, str] = {}
    choices: dict[str, dict[str, str]] = {}
    for language in languages():
        for key, text in catalogue(language).items():
            if not isinstance(text, str):
                continue
            if key.startswith("reports.list.column."):
                column = key.removeprefix("reports.list.column.")
                ours.setdefault(plain(text), _OURS.get(column, column))
            elif key.startswith("choice."):
                vocabulary, option = key.rsplit(".", 1)
                choices.setdefault(vocabulary, {}).setdefault(plain(text), option)
        voice = Voice(language)
        for kind in KINDS:
            for step in steps(forms()[kind]):
                ours.setdefault(plain(voice(label(forms()[kind], step.name))), step.name)
    return Words(ours, choices)


def main() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (2 * int(PATIENCE), 2 * int(PATIENCE)))
    name, content = "", b""
    for line in sys.stdin:
        asked = json.loads(line)
        if "content" in asked:
            name, content = asked["name"], base64.b64decode(asked["content"])
        print(json.dumps(answered(asked, name, content)), flush=True)


if __name__ == "__main__":
    main()
