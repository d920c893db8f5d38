"""One measurement: the stub, one bot, a warm-up, a span of steady load, and SIGKILL at its end.

The bot is killed without warning, in the middle of its load, so what is in its database then is what a crash would have
left.
"""

from __future__ import annotations

import json
import pickle
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.child import CONVERSATION, DATABASE, PICKLE
from benchmarks.walk import questions

PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Plan:
    """``bot`` is ours, ordinary or bare. The latency of a send is in milliseconds; during ``warm_up`` the chats begin."""

    bot: str
    latency: int
    chats: int
    warm_up: float  # seconds
    seconds: float  # that are measured


@dataclass(frozen=True)
class Result:
    """``confirmed``: updates that the platform will not send again; ``stored``: those of them that are in the database.

    ``astray``: chats whose pickled question is not the one that their last row says. Ours keeps both in one transaction.
    """

    plan: Plan
    steps: int
    seconds: float
    cpu: float  # seconds of the bot's process
    calls: int  # of the Bot API, getUpdates not counted
    confirmed: int
    stored: int
    astray: int

    def __add__(self, other: Result) -> Result:
        """Both runs of one plan taken together."""
        return Result(
            self.plan,
            self.steps + other.steps,
            self.seconds + other.seconds,
            self.cpu + other.cpu,
            self.calls + other.calls,
            self.confirmed + other.confirmed,
            self.stored + other.stored,
            self.astray + other.astray,
        )

    @property
    def rate(self) -> float:
        """Steps a second."""
        return self.steps / self.seconds

    @property
    def cpu_per_step(self) -> float:
        """Milliseconds."""
        return 1000 * self.cpu / self.steps


class Process:
    """A process of a run; ``ask`` writes a line to it and reads one."""

    def __init__(self, module: str, *arguments: object) -> None:
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parents[1])
        self.said = self._line().split()

    def _line(self) -> str:
        assert self._process.stdout is not None
        if not (line := self._process.stdout.readline()):
            raise RuntimeError(f"{self._process.args!r} ended")
        return line

    def ask(self, question: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        return json.loads(self._line())

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def running(plan: Plan, folder: Path, *options: str) -> Iterator[tuple[Process, Process]]:
    """The stub and a bot that has worked on it for the warm-up."""
    stub = Process("stub", plan.chats, plan.latency, plan.warm_up)
    try:
        worker = Process(plan.bot, folder, plan.chats, stub.said[1], *options)
        try:
            _until_more(stub, 0)
            time.sleep(plan.warm_up)
            yield stub, worker
        finally:
            worker.kill()
    finally:
        stub.kill()


def measure(plan: Plan, parent: Path | None = None) -> Result:
    """Raises RuntimeError if the bot ended, or did not answer as the walk expects."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as name:
        folder = Path(name)
        with running(plan, folder) as (stub, worker):
            cpu, counts = worker.ask("cpu"), stub.ask("counts")
            time.sleep(plan.seconds)
            _until_more(stub, counts["steps"])
            cpu_then, then = worker.ask("cpu"), stub.ask("counts")
            worker.kill()
            at_end = stub.ask("counts")
        if at_end["wrong"] or at_end["extra"]:
            raise RuntimeError(f"{plan.bot}: {at_end['wrong'] or 'it said more than one thing a step'}")
        return Result(
            plan=plan,
            steps=then["steps"] - counts["steps"],
            seconds=then["at"] - counts["at"],
            cpu=cpu_then - cpu,
            calls=then["calls"] - counts["calls"],
            confirmed=at_end["confirmed"],
            stored=_stored(plan.bot, folder, at_end["confirmed"]),
            astray=_astray(folder) if plan.bot == "ordinary" else 0,
        )


def _until_more(stub: Process, steps: int) -> None:
    """Wait for a step more than these, so that nothing is divided by none on a machine that is busy otherwise."""
    end = time.monotonic() + PATIENCE
    while (counts := stub.ask("counts"))["steps"] <= steps:
        if counts["wrong"] or time.monotonic() > end:
            raise RuntimeError(counts["wrong"] or f"not one step in {PATIENCE} seconds")
        time.sleep(0.05)


def _stored(bot: str, folder: Path, confirmed: int) -> int:
    """How many of the confirmed updates are in the database. Their ids are 1, 2, 3 …"""
    match bot:
        case "ours":
            query = "SELECT count(*) FROM inbox WHERE CAST(message AS INTEGER) <= ?"
            return int(_rows(folder / DATABASE, query, confirmed)[0][0])
        case "ordinary":
            query = "SELECT count(*) FROM step WHERE update_id <= ?"
            return int(_rows(folder / DATABASE, query, confirmed)[0][0])
    return 0


class _Pickle(pickle.Unpickler):
    """Reads what PicklePersistence wrote without a bot."""

    def persistent_load(self, _: object) -> None:
        return None


def _astray(folder: Path) -> int:
    kept: dict[tuple[int, int], int] = {}
    # Not written yet, or cut off while it was written: nothing is remembered.
    with suppress(FileNotFoundError, EOFError, pickle.UnpicklingError), (folder / PICKLE).open("rb") as file:
        kept = _Pickle(file).load()["conversations"].get(CONVERSATION, {})
    pickled = {chat: state for (chat, _), state in kept.items()}
    last = _rows(folder / DATABASE, "SELECT chat_id, state, max(update_id) FROM step GROUP BY chat_id")
    over = len(questions())  # such a chat has no open question, and none is pickled
    return sum(pickled.get(chat) != (None if state == over else state) for chat, state, _ in last)


def _rows(database: Path, query: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(query, values).fetchall()
