"""From Word to PDF. A small program stands in for LibreOffice, which is too large to be asked of every machine with tests.

The real one is tried by ``make pictures``, which prints the report.
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from bot.reports.pdf import as_pdf, office

DOCX = b"PK\x03\x04 a report"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """Where the conversion works."""
    (tmp_path / "room").mkdir()
    return tmp_path / "room"


def left_in(room: Path) -> list[Path]:
    return list(room.iterdir())


def noted(folder: Path) -> str:
    return (folder / "notes").read_text(encoding="utf-8")


def stand_in(folder: Path, script: str, name: str = "soffice") -> str:
    """A program that LibreOffice's arguments are given to; ``source``, ``out`` and ``notes`` are known to its script."""
    program = folder / name
    program.write_text(
        f"#!{sys.executable} -IS\nimport os, sys, time, pathlib\n"
        f"source, notes = pathlib.Path(sys.argv[-1]), pathlib.Path({str(folder / 'notes')!r})\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1]) / (source.stem + '.pdf')\n" + script,
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


MAKES_IT = "out.write_bytes(b'%PDF-1.6 ' + source.read_bytes() + b' %%EOF\\n')\n"


async def test_the_document_goes_in_and_the_pdf_comes_out(tmp_path: Path, room: Path) -> None:
    assert await as_pdf(DOCX, program=stand_in(tmp_path, MAKES_IT), folder=room) == b"%PDF-1.6 " + DOCX + b" %%EOF\n"


async def test_the_command_line_asks_for_a_pdf_without_a_window_in_a_profile_of_its_own(tmp_path: Path, room: Path) -> None:
    program = stand_in(tmp_path, "notes.write_text('\\n'.join(sys.argv[1:]))\n" + MAKES_IT)

    await as_pdf(DOCX, program=program, folder=room)

    profile, *arguments, outdir, source = noted(tmp_path).split("\n")
    assert profile.startswith(f"-env:UserInstallation=file://{room}/")
    assert {"--headless", "--norestore"} <= set(arguments)
    assert arguments[-3:] == ["--convert-to", "pdf:writer_pdf_Export", "--outdir"]
    assert (Path(source).parent, Path(source).suffix) == (Path(outdir), ".docx")


async def test_nobody_else_may_read_its_folder_and_nothing_stays(tmp_path: Path, room: Path) -> None:
    program = stand_in(tmp_path, "notes.write_text(oct(out.parent.stat().st_mode & 0o777))\n" + MAKES_IT)

    await as_pdf(DOCX, program=program, folder=room)

    assert noted(tmp_path) == "0o700"
    assert left_in(room) == []


async def test_it_is_not_told_what_this_process_knows(tmp_path: Path, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUNGNHA_TELEGRAM__TOKEN", "1:secret")
    program = stand_in(tmp_path, "notes.write_text(str(dict(os.environ)))\n" + MAKES_IT)

    await as_pdf(DOCX, program=program, folder=room)

    assert "secret" not in noted(tmp_path)


@pytest.mark.parametrize(
    "script",
    ["", "sys.exit(77)\n", "out.write_bytes(b'')\n", "out.write_bytes(b'<html>')\n", "out.write_bytes(b'%PDF-1.6 cut off')\n"],
    ids=["answers 0 and makes nothing", "fails", "empty", "no PDF", "half a PDF"],
)
async def test_what_is_no_pdf_is_none(tmp_path: Path, room: Path, script: str) -> None:
    assert await as_pdf(DOCX, program=stand_in(tmp_path, script), folder=room) is None
    assert left_in(room) == []


async def test_one_that_takes_too_long_is_given_up(tmp_path: Path, room: Path) -> None:
    assert await as_pdf(DOCX, program=stand_in(tmp_path, "time.sleep(60)\n"), folder=room, longest=0.01) is None
    assert left_in(room) == []


async def test_whatever_it_has_started_ends_with_it(tmp_path: Path, room: Path) -> None:
    """``soffice`` is a script that starts a program which starts another: none of them may stay and eat the server."""
    os.mkfifo(tmp_path / "notes")
    child = f"os.spawnv(os.P_NOWAIT, {sys.executable!r}, [{sys.executable!r}, '-ISc', 'import time; time.sleep(60)'])"
    held = "held = os.open(notes, os.O_WRONLY)\nos.set_inheritable(held, True)\n"
    program = stand_in(tmp_path, f"{held}{child}\nos.write(held, b'both run\\n')\ntime.sleep(60)\n")
    converting = asyncio.create_task(as_pdf(DOCX, program=program, folder=room))
    pipe = await asyncio.to_thread((tmp_path / "notes").open)
    assert await asyncio.to_thread(pipe.readline) == "both run\n"

    converting.cancel()

    assert await asyncio.wait_for(asyncio.to_thread(pipe.read), 30) == ""  # ends once nobody holds the other end
    pipe.close()
    with pytest.raises(asyncio.CancelledError):
        await converting
    assert left_in(room) == []


async def test_without_libreoffice_there_is_no_pdf(tmp_path: Path, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert office() is None
    assert await as_pdf(DOCX, folder=room) is None


async def test_one_that_does_not_start_is_none(tmp_path: Path, room: Path) -> None:
    broken = tmp_path / "soffice"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o700)

    assert await as_pdf(DOCX, program=str(broken), folder=room) is None


@pytest.mark.parametrize("name", ["soffice", "libreoffice"])
def test_libreoffice_is_found_on_the_path_under_either_name(tmp_path: Path, name: str) -> None:
    program = stand_in(tmp_path, "", name)

    assert office(f"{tmp_path / 'none'}{os.pathsep}{tmp_path}") == program
