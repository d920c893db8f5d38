"""What was answered survives: a stop, and a kill."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

import aiohttp

TOKEN = "1000000001:invented-for-tests"
ZALO_TOKEN = "1459232241454765289:invented-for-tests"


async def test_chats_updates_and_commands_survive_a_restart(start, http):
    server = await start()
    await call(http, server.url, "setMyCommands", commands=[{"command": "huy", "description": "Hủy"}])
    await call(http, server.url, "sendMessage", chat_id=501, text="Có về không?")
    first = await inject(http, server.url, "một", 2)
    second = await inject(http, server.url, "hai", 3)
    await call(http, server.url, "getUpdates", offset=first + 1)

    await server.stop()
    server = await start()

    assert await call(http, server.url, "getMyCommands") == [{"command": "huy", "description": "Hủy"}]
    assert [one["update_id"] for one in await call(http, server.url, "getUpdates")] == [second]
    async with http.get(f"{server.url}/api/persons/501/chat") as response:
        assert [one["text"] for one in await response.json()] == ["Có về không?", "một", "hai"]
    assert (await call(http, server.url, "sendMessage", chat_id=501, text="Tiếp"))["message_id"] == 4


async def test_an_id_is_not_used_twice_after_a_restart(start, http):
    server = await start()
    first = await inject(http, server.url, "một", 2)
    await call(http, server.url, "getUpdates", offset=first + 1)

    await server.stop()
    server = await start()

    assert await inject(http, server.url, "hai", 3) == first + 1


async def test_a_webhook_is_still_set_after_a_restart(start, http, receiver):
    url, received = receiver
    server = await start()
    await call(http, server.url, "setWebhook", url=url, secret_token="bi-mat")

    await server.stop()
    server = await start()
    await inject(http, server.url, "một", 1)

    secret, _ = await asyncio.wait_for(received.get(), 10)
    assert secret == "bi-mat"


async def test_a_process_of_its_own_loses_nothing_that_it_answered_when_it_is_killed(tmp_path, http):
    process, url = await own_process(tmp_path)
    first = await inject(http, url, "một", 1)
    await inject(http, url, "hai", 2)
    await call(http, url, "getUpdates", offset=first + 1)
    await call(http, url, "sendMessage", chat_id=501, text="Đã ghi nhận.")
    process.kill()
    await process.wait()

    process, url = await own_process(tmp_path)

    assert [one["message"]["text"] for one in await call(http, url, "getUpdates")] == ["hai"]
    async with http.get(f"{url}/api/persons/501/chat") as response:
        assert [one["text"] for one in await response.json()] == ["một", "hai", "Đã ghi nhận."]
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


async def test_a_process_of_its_own_is_zalo_too_and_keeps_what_a_bot_has_not_fetched(tmp_path, http):
    process, url = await own_process(tmp_path, "--zalo-token", ZALO_TOKEN)
    zalo = f"{url}/zalo/bot{ZALO_TOKEN}"
    async with http.post(f"{zalo}/sendMessage", json={"chat_id": "abc", "text": "Xin chào"}) as response:
        assert (await response.json())["ok"]
    update = {"event_name": "message.text.received", "message": {"message_id": "m1", "text": "một"}}
    async with http.post(f"{url}/api/updates", json={"channel": "zalo", **update}) as response:
        assert response.status == 200
    process.kill()
    await process.wait()

    process, url = await own_process(tmp_path, "--zalo-token", ZALO_TOKEN)

    async with http.post(f"{url}/zalo/bot{ZALO_TOKEN}/getUpdates", json={"timeout": "1"}) as response:
        assert (await response.json())["result"] == update
    async with http.get(f"{url}/api/persons/zalo-abc/chat") as response:
        assert [one["text"] for one in await response.json()] == ["Xin chào"]
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


async def own_process(folder, *options: str) -> tuple[asyncio.subprocess.Process, str]:
    command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--data", str(folder), "--token", TOKEN, *options]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    ready, url = (await process.stdout.readline()).decode().split()
    assert ready == "ready"
    return process, url


async def call(http: aiohttp.ClientSession, url: str, method: str, /, **params: Any) -> Any:
    async with http.post(f"{url}/bot{TOKEN}/{method}", json=params) as response:
        return (await response.json())["result"]


async def inject(http: aiohttp.ClientSession, url: str, text: str, message_id: int) -> int:
    chat = {"id": 501, "type": "private", "first_name": "Người Hư Cấu"}
    async with http.post(
        f"{url}/api/updates", json={"message": {"message_id": message_id, "chat": chat, "text": text}}
    ) as response:
        return (await response.json())["update_id"]
