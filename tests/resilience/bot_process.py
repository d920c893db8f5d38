"""Bots as processes of their own that start at once: this process imports the program, then forks a bot for each line it reads.

A line is JSON: ``config`` (a TOML file), ``clock`` (a file that holds the instant), ``log`` (where the bot writes), ``deadly``
(a household whose report kills the process: a fault that no exception handler sees). The answer is the bot's pid.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import run
from bot.clock import Window
from bot.config import load
from bot.forms.returnee import Returnee


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are gone at once
    for line in sys.stdin:
        options = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _bot(options)
        print(pid, flush=True)


def _bot(options: Mapping[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(options["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, target)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    if options.get("deadly"):
        _make_deadly(options["deadly"])
    clock_file = Path(options["clock"])
    status = 1
    try:
        asyncio.run(run(load(Path(options["config"])), lambda: datetime.fromisoformat(clock_file.read_text()), every=0.1))
        status = 0
    except BaseException:
        logging.exception("the bot ended")
    os._exit(status)


def _make_deadly(household: str) -> None:
    counted = Returnee.entries

    def entries(self: Returnee, window: Window) -> Mapping[str, int]:
        if self.household == household:
            os._exit(9)
        return counted(self, window)

    Returnee.entries = entries  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
