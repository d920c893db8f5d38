"""A question about a stranger's file, answered in a process of its own: bounded in memory and time, without the bot's secrets,
and gone afterwards. What it answers is believed no more than the file is.

The question, a line of JSON, and the file go in through a pipe, the answer comes out through another as JSON; nothing touches
a disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.errors import Nonsense, TooMuch

PATIENCE = 90.0  # seconds of real time for one answer, and of the processor's
_MEMORY = 1024**3  # bytes of addresses, of which an interpreter takes a third
_LONGEST_ANSWER = 64 * 1024 * 1024  # bytes
T = TypeVar("T")


async def asked_apart(
    module: str, question: Mapping[str, Any], content: bytes, answer: TypeAdapter[T], patience: float = PATIENCE
) -> T:
    """What ``module``, which calls ``answers``, says about a file.

    Raises TooMuch if the process died, said more than ``_LONGEST_ANSWER`` or took more than ``patience`` seconds, and Nonsense
    if it said what is no ``answer``.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"},
    )
    try:
        async with asyncio.timeout(patience):
            said = await _said(process, json.dumps(question).encode() + b"\n" + content)
    except TimeoutError:
        raise TooMuch from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()  # to its end: while something is left unread, its end is not noticed
    try:
        return answer.validate_json(said)
    except ValueError:
        raise Nonsense from None  # its text would quote the file


async def _said(process: asyncio.subprocess.Process, asked: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    asking = asyncio.create_task(_ask(process.stdin, asked))
    try:
        await process.stdout.readexactly(_LONGEST_ANSWER + 1)
    except asyncio.IncompleteReadError as ended:
        if await process.wait() == 0:
            return ended.partial
    finally:
        asking.cancel()
    raise TooMuch


async def _ask(to: asyncio.StreamWriter, asked: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # it died, which its end says better
        to.write(asked)
        await to.drain()
        to.close()


def answers(answer: Callable[[Mapping[str, Any], bytes], bytes]) -> None:
    """Inside the process: within its bounds, say in JSON what ``answer`` makes of the question and the file."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(PATIENCE), int(PATIENCE)))
    question = json.loads(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(answer(question, sys.stdin.buffer.read()))
