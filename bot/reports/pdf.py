"""A Word file as PDF, by LibreOffice: a large program that a server need not have. Without it the Word file goes alone."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

PDF = "application/pdf"
LONGEST = 90.0  # seconds; a first start on a small server takes 10
_NAMES = ("soffice", "libreoffice")
_BEGINS, _ENDS = b"%PDF-", b"%%EOF"


def office(path: str | None = None) -> str | None:
    """LibreOffice on this machine, or None. ``path`` is searched instead of PATH."""
    return next((found for name in _NAMES if (found := shutil.which(name, path=path))), None)


async def as_pdf(
    docx: bytes, *, program: str | None = None, longest: float = LONGEST, folder: Path | None = None
) -> bytes | None:
    """The document as PDF; None if there is no LibreOffice, if it fails or takes longer than ``longest`` seconds.

    ``program`` is LibreOffice, else it is searched. It works in a folder of its own below ``folder`` (else the system's), which
    only this user may read and which is gone afterwards, since reports may name people: give it one in memory. A call holds
    some 200 MB for seconds: make one at a time.
    """
    program = program or office()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(dir=folder, prefix="pdf-", ignore_cleanup_errors=True) as room:
        return await _convert(program, docx, Path(room), longest)


class Printer:
    """Word files as PDF, one at a time. ``program`` is LibreOffice; without it there is no PDF."""

    def __init__(self, program: str | None) -> None:
        self._program = program
        self._turn = asyncio.Lock()

    async def __call__(self, docx: bytes) -> bytes | None:
        if self._program is None:
            return None
        async with self._turn:
            return await as_pdf(docx, program=self._program)


def printer(setting: str) -> Printer:
    """As ``[letter] libreoffice`` says: "auto", "none" or a path."""
    return Printer({"auto": office(), "none": None}.get(setting, setting))


async def _convert(program: str, docx: bytes, room: Path, longest: float) -> bytes | None:
    source, made = room / "paper.docx", room / "paper.pdf"
    source.write_bytes(docx)
    try:
        process = await asyncio.create_subprocess_exec(
            program, *_arguments(room, source), cwd=room, env=_environment(room), start_new_session=True,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        log.warning("no PDF: %s does not start: %s", program, type(error).__name__)
        return None
    try:
        code = await asyncio.wait_for(process.wait(), longest)
    except TimeoutError:
        log.warning("no PDF: %s took longer than %g s", program, longest)
        return None
    finally:
        await _end(process)
    return _checked(program, code, made)


def _arguments(room: Path, source: Path) -> list[str]:
    """A profile of its own: with the user's, a LibreOffice that is open already would take the file over and answer nothing."""
    profile = (room / "profile").as_uri()
    reads = "--infilter=MS Word 2007 XML"  # so that it does not print as text what is no Word file
    quiet = ("--headless", "--norestore", "--nolockcheck", "--nodefault")
    return [
        f"-env:UserInstallation={profile}",
        *quiet,
        reads,
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(room),
        str(source),
    ]


def _environment(room: Path) -> dict[str, str]:
    """Only what it needs: this process's own variables may hold tokens."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(room), "TMPDIR": str(room), "LANG": "C.UTF-8"}


async def _end(process: asyncio.subprocess.Process) -> None:
    """Whatever it has started is ended with it: ``soffice`` is a script, and what works is its child's child."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


def _checked(program: str, code: int, made: Path) -> bytes | None:
    """LibreOffice answers 0 even where it could not open the file, so that only what it made tells."""
    content = made.read_bytes() if made.is_file() else b""
    if content.startswith(_BEGINS) and _ENDS in content[-1024:]:
        return content
    log.warning("no PDF: %s ended with %s and made %d bytes that are none", program, code, len(content))
    return None
