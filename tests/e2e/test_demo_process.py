"""``tungnha demo`` as a process: begun, ended, killed, begun again."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from .hand import free_port

PATIENCE = 120.0  # seconds for a start, on a machine that is busy


class Demo:
    def __init__(self, data: Path, log: Path) -> None:
        self.port = free_port()
        self.log = log
        self._data = data
        self._process: asyncio.subprocess.Process | None = None

    async def begin(self) -> None:
        """Start it and wait until it names its address."""
        command = [sys.executable, "-m", "bot", "demo", "--port", str(self.port), "--data", str(self._data)]
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=log)
        said = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        assert f"http://127.0.0.1:{self.port}" in said.decode(), self.log.read_text()

    async def end(self, how: signal.Signals) -> int:
        """Its exit status."""
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        return await asyncio.wait_for(process.wait(), PATIENCE)

    async def says(self, person: str, text: str) -> None:
        async with self._http() as http, http.post(f"/api/persons/{person}/messages", json={"text": text}) as response:
            assert (await response.json())["settled"]

    async def chat(self, person: str) -> list[str]:
        async with self._http() as http, http.get(f"/api/persons/{person}/chat") as response:
            return [entry["text"] for entry in await response.json()]

    def _http(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")


@pytest.fixture
async def demo(data, tmp_path):
    demo = Demo(data, tmp_path / "log")
    yield demo
    await demo.end(signal.SIGTERM)
    assert " ERROR " not in demo.log.read_text()


async def test_the_demo_goes_on_with_its_chats_after_it_was_ended_and_after_it_was_killed(demo):
    await demo.begin()
    await demo.says("04123-01-head", "/start")
    first = await demo.chat("04123-01-head")
    assert "Chị chọn việc cần làm" in first[-1]

    assert await demo.end(signal.SIGTERM) == 0
    await demo.begin()
    assert await demo.chat("04123-01-head") == first

    await demo.says("04123-01-head", "/trogiup")
    second = await demo.chat("04123-01-head")
    await demo.end(signal.SIGKILL)
    await demo.begin()
    assert await demo.chat("04123-01-head") == second
    assert len(second) == len(first) + 2
