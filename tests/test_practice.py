"""Practice mode as a process of its own folder and port."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.errors import ConfigError
from bot.practice import practising


async def test_a_second_practice_on_the_same_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    async with practising(tmp_path):
        with pytest.raises(ConfigError, match="in use by another practice"):
            async with practising(tmp_path):
                pass


async def test_a_port_that_is_in_use_is_named(tmp_path: Path) -> None:
    async with practising(tmp_path / "one") as running:
        port = int(running.url.rpartition(":")[2])

        with pytest.raises(ConfigError, match=f"{port} is in use"):
            async with practising(tmp_path / "two", port=port):
                pass


async def test_an_invite_of_practice_mode_shows_no_link_into_the_world(tmp_path: Path) -> None:
    async with practising(tmp_path) as running, aiohttp.ClientSession(running.url) as http:
        chat = "/api/persons/04123-commune_officer"
        await http.post(f"{chat}/messages", json={"text": "/moi"})
        shown = await (await http.get(f"{chat}/chat")).json()
        for label in ("Tổ trưởng, trưởng thôn", "Tiểu khu 1 (mẫu)"):
            button = next(b for row in shown[-1]["buttons"] for b in row if b["text"] == label)
            await http.post(f"{chat}/taps", json={"message_id": shown[-1]["message_id"], "data": button["data"]})
            shown = await (await http.get(f"{chat}/chat")).json()

        assert "Mã kích hoạt" in shown[-1]["text"]
        assert "t.me" not in shown[-1]["text"]
