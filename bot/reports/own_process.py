"""The process in which a template is looked at: bounded in memory and time, without the bot's secrets, and gone afterwards.

``python -m bot.reports.own_process`` takes what ``look`` is asked on its standard input, pickled, and answers on its
standard output. The file goes through the pipe and never to a disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from collections.abc import Mapping

from bot.reports.own_look import Looked, Scopes, look
from bot.reports.own_table import Refused, TableMap

PATIENCE = 90.0  # seconds of real time
_MEMORY = 1024**3  # bytes of addresses, of which an interpreter takes a third


async def look_apart(
    content: bytes, scopes: Scopes, former: Mapping[str, TableMap], sheet: str | None = None, patience: float = PATIENCE
) -> Looked | Refused:
    """``look`` in a process of its own; refused as ``too_much`` if that died or took more than ``patience`` seconds."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.reports.own_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"},
    )
    try:
        async with asyncio.timeout(patience):
            answer, _ = await process.communicate(pickle.dumps((content, scopes, dict(former), sheet)))
    except TimeoutError:
        return Refused("too_much")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode != 0:
        return Refused("too_much")
    found: Looked | Refused = pickle.loads(answer)
    return found


def main() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(PATIENCE), int(PATIENCE)))
    content, scopes, former, sheet = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(look(content, scopes, former, sheet)))


if __name__ == "__main__":
    main()
