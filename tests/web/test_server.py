"""What the composition makes of the configuration, and a server that begins and ends as it should."""

from __future__ import annotations

import asyncio
import re
import socket
from pathlib import Path

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.app import build, web_server
from bot.config import Config, Telegram, Web, Zalo
from bot.errors import ConfigError
from bot.service import Service
from bot.storage.crypto import Keyring
from bot.web.server import serving

PUBLIC = Web(public_url="https://bot.example", link_hours=3)


def configured(token="42:invented", mode="webhook", web=PUBLIC):
    telegram = Telegram(token=SecretStr(token), base_url="http://127.0.0.1:9", mode=mode)
    zalo = Zalo(token=SecretStr(f"8{token}"), base_url="http://127.0.0.1:9", mode=mode)
    return Config(telegram=telegram, zalo=zalo, web=web)


def hooks(keys, db, clock, **how):
    return {parts.channel.name: parts.intake.hook for parts in build(configured(**how), db, keys, clock)}


async def test_each_channel_has_an_address_and_a_secret_that_every_process_with_the_key_file_knows(db, clock, tmp_path: Path):
    Keyring.create(tmp_path / "key")
    here, there = (hooks(Keyring.load(tmp_path / "key"), db, clock) for _ in range(2))

    assert {name: hook.url for name, hook in here.items()} == {
        "telegram": "https://bot.example/telegram",
        "zalo": "https://bot.example/zalo",
    }
    secrets = {name: hook.secret for name, hook in here.items()}
    assert secrets == {name: hook.secret for name, hook in there.items()}
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{8,256}", secret) for secret in secrets.values())
    others = [hooks(Keyring.load(tmp_path / "key"), db, clock, token="42:new"), hooks(Keyring.generate(), db, clock)]
    known = [hook.secret for made in (here, *others) for hook in made.values()]
    assert len(set(known)) == len(known)


async def test_by_polling_nobody_is_told_an_address(db, keys, clock):
    assert hooks(keys, db, clock, mode="polling") == {"telegram": None, "zalo": None}


@pytest.mark.parametrize(("configuration", "carried"), [(PUBLIC, {"telegram", "zalo"}), (Web(), {"telegram"})])
async def test_files_arrive_on_zalo_where_there_is_a_public_address(db, keys, clock, configuration, carried):
    joined = build(configured(mode="polling", web=configuration), db, keys, clock)

    assert {frozenset(parts.desk.carries_files) for parts in joined} == {frozenset(carried)}


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


async def test_without_a_public_address_no_server_runs(db, keys, clock, taken_port):
    config = configured(mode="polling", web=Web(port=taken_port))
    joined = build(config, db, keys, clock)

    async with web_server(config, joined, [Service(parts) for parts in joined]):
        pass  # else it would have failed, as below


async def test_a_port_that_is_taken_is_named(db, keys, clock, taken_port):
    config = configured(web=Web(public_url="https://bot.example", port=taken_port))
    joined = build(config, db, keys, clock)

    with pytest.raises(ConfigError, match=r"web\.port: 127\.0\.0\.1:\d+ cannot be listened on"):
        async with web_server(config, joined, [Service(parts) for parts in joined]):
            pass


async def test_a_request_that_is_under_way_is_answered_before_the_server_ends(http):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        begun.set()
        await go_on.wait()
        return web.Response(text="done")

    async with serving([web.get("/slow", slow)], "127.0.0.1", 0) as url:
        asked = asyncio.create_task(http.get(f"{url}/slow"))
        await begun.wait()
        asyncio.get_running_loop().call_later(0.05, go_on.set)

    async with await asked as answer:
        assert (answer.status, await answer.text()) == (200, "done")
