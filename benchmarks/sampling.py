"""Where the time of the event loop's thread goes: its stack, looked at every two milliseconds.

A profiler that hooks every call would make small functions look dear. This one only reads the stack, across SQLAlchemy's
greenlets too, at whose border a plain traceback ends.
"""

from __future__ import annotations

import signal
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import greenlet  # type: ignore[import-untyped, unused-ignore]

EVERY = 0.002  # seconds
_ROOT = str(Path(__file__).parents[1])
_PACKAGES = sysconfig.get_path("purelib")
_STANDARD = sysconfig.get_path("stdlib")


class Sampler:
    """``begin`` in the main thread. Samples in which the loop waits for news count as idle."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.samples = self.idle = 0
        self._own: Counter[str] = Counter()
        self._packages: Counter[str] = Counter()
        self._functions: Counter[str] = Counter()

    def begin(self) -> None:
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, EVERY, EVERY)

    def take(self) -> dict[str, Any]:
        """What was seen since the last time, as shares of the busy samples."""
        busy = max(1, self.samples - self.idle)
        found = {
            "samples": self.samples,
            "idle": self.idle / max(1, self.samples),
            "own": {name: n / busy for name, n in self._own.most_common(45)},
            "packages": {name: n / busy for name, n in self._packages.most_common(14)},
            "functions": {name: n / busy for name, n in self._functions.most_common(25)},
        }
        self._clear()
        return found

    def _look(self, _number: int, frame: FrameType | None) -> None:
        stack = [(code.co_filename, code.co_qualname) for code in (f.f_code for f in _outwards(frame))]
        self.samples += 1
        if not stack or stack[0][0].endswith("selectors.py"):
            self.idle += 1
            return
        self._packages[_package(stack[0][0])] += 1
        self._functions[f"{_package(stack[0][0])}: {stack[0][1]}"] += 1
        # Once a sample, however deep a function recurs.
        self._own.update({f"{_module(file)}.{name}" for file, name in stack if file.startswith(f"{_ROOT}/bot")})


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    """The stack from the inside, going on in the greenlet that waits for this one."""
    here: greenlet.greenlet | None = greenlet.getcurrent()
    while frame is not None:
        yield frame
        frame = frame.f_back
        while frame is None and here is not None and (here := here.parent) is not None:
            frame = here.gr_frame


def _package(file: str) -> str:
    """Whose code this is: a library, a module of the standard library, or a folder of ours."""
    if file.startswith(_PACKAGES):
        return Path(file[len(_PACKAGES) + 1 :]).parts[0].removesuffix(".py")
    if file.startswith(_ROOT):
        return ".".join(Path(file[len(_ROOT) + 1 :]).parts[:2]).removesuffix(".py")
    if file.startswith(_STANDARD):
        return Path(file[len(_STANDARD) + 1 :]).parts[0].removesuffix(".py")
    return file


def _module(file: str) -> str:
    return file[len(_ROOT) + 5 :].removesuffix(".py").replace("/", ".")
