"""Practice mode as a process of its own folder and port."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.app import build
from bot.clock import StandingClock
from bot.config import Config, Telegram, Zalo
from bot.demo.people import demo_people
from bot.domain.access import Role
from bot.errors import ConfigError
from bot.practice import BOTS, FIRST_MORNING, TOKENS, Rehearsal, Running, practising
from bot.sandbox.server import SandboxServer
from bot.storage import outbox, people, schema
from bot.storage.crypto import Keyring
from bot.storage.database import Database
from bot.storage.outbox import Lane, Post
from bot.storage.schema import account, report


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


async def persons(http: aiohttp.ClientSession) -> dict[str, Any]:
    async with http.get("/api/persons") as response:
        return {one["id"]: one for one in await response.json()}


async def say(http: aiohttp.ClientSession, person: str, text: str) -> str:
    """The bot's answer."""
    async with http.post(f"/api/persons/{person}/messages", json={"text": text}) as response:
        assert (await response.json())["settled"]
    async with http.get(f"/api/persons/{person}/chat") as response:
        return str((await response.json())[-1]["text"])


async def test_everybody_is_on_their_channel_and_a_newcomer_waits_on_each(tmp_path: Path) -> None:
    async with practising(tmp_path) as running, aiohttp.ClientSession(running.url) as http:
        everyone = await persons(http)

        on = {channel: [id_ for id_, one in everyone.items() if one["channel"] == channel] for channel in BOTS}
        assert list(everyone)[-2:] == ["newcomer", "newcomer-zalo"]
        assert everyone["newcomer-zalo"]["channel"] == "zalo"
        assert {everyone[one]["role"] for one in ("newcomer", "newcomer-zalo")} == {"Chưa có tài khoản"}
        assert "04123-04-head" in on["zalo"]
        assert {"04123-01-head", "04123-commune_chair", "125-district_officer-1"} <= set(on["telegram"])


async def test_a_newcomer_on_zalo_comes_in_by_a_typed_code(tmp_path: Path) -> None:
    async with practising(tmp_path) as running, aiohttp.ClientSession(running.url) as http:
        assert "mã kích hoạt 8 ký tự" in await say(http, "newcomer-zalo", "chào")
        await invite(running, "ABCD2345")

        assert "1. Đồng ý" in await say(http, "newcomer-zalo", "abcd 2345")
        assert "Xin phép được xưng hô thế nào?" in await say(http, "newcomer-zalo", "1")
        for answer in ("anh", "Lò Mẫu Xôm", "không có điện thoại"):
            await say(http, "newcomer-zalo", answer)
        assert "Chào anh Lò Mẫu Xôm." in await say(http, "newcomer-zalo", "1")

        known = (await persons(http))["newcomer-zalo"]
        assert (known["name"], known["role"]) == ("Lò Mẫu Xôm", "Thành viên Tổ COVID cộng đồng")
        assert known["unit"] == "Bản Cây Đa (mẫu), Xã Chiềng Mung"


async def invite(running: Running, code: str) -> None:
    parts = running.parts
    async with parts.db.write() as tx:
        now = parts.clock()
        what = people.Invite(Role.MEMBER, "04123-01", None)
        await people.add_invite(tx, parts.keys, code, what, now, now + timedelta(days=7))


async def test_who_has_an_account_on_both_channels_is_there_twice_under_two_ids(tmp_path: Path) -> None:
    async with practising(tmp_path) as running, aiohttp.ClientSession(running.url) as http:
        async with running.parts.db.write() as tx:
            now = running.parts.clock()
            await people.link(tx, "zalo", BOTS["zalo"], "mau990000001", "04123-01-head", now)
            await people.link(tx, "zalo", BOTS["zalo"], "mau1", "04123-commune_chair", now)

        everyone = await persons(http)

        head, chair = everyone["04123-01-head"], everyone["04123-commune_chair"]
        assert everyone["newcomer-zalo"] == {**head, "id": "newcomer-zalo", "channel": "zalo"}
        assert everyone["04123-commune_chair-zalo"] == {**chair, "id": "04123-commune_chair-zalo", "channel": "zalo"}
        assert "Chào chị Cầm Mẫu Ngân." in await say(http, "newcomer-zalo", "/start")


async def test_whose_account_was_given_up_can_still_be_played_as_a_stranger(tmp_path: Path) -> None:
    async with practising(tmp_path) as running, aiohttp.ClientSession(running.url) as http:
        async with running.parts.db.write() as tx:
            await people.link(tx, "zalo", BOTS["zalo"], "mau704123041", None, running.parts.clock())

        stranger = (await persons(http))["04123-04-head"]

        assert (stranger["channel"], stranger["role"], stranger["unit"]) == ("zalo", "Chưa có tài khoản", "")
        assert "mã kích hoạt" in await say(http, "04123-04-head", "chào")


async def test_what_neither_channel_has_delivered_is_counted_together(
    sqlite_url: str, open_db: Callable[..., Database], keys: Keyring, clock: StandingClock
) -> None:
    db = open_db(sqlite_url)
    config = Config(telegram=Telegram(token=SecretStr(TOKENS["telegram"])), zalo=Zalo(token=SecretStr(TOKENS["zalo"])))
    rehearsal = Rehearsal(clock)
    rehearsal.joined = build(config, db, keys, clock)  # and no service at work
    async with db.write() as tx:
        await outbox.queue(tx, keys, [Post(channel, bot, "1", "Xin chào") for channel, bot in BOTS.items()], clock())

    moved = await rehearsal.move_clock(clock() + timedelta(seconds=1))

    assert moved.undelivered == 2


async def test_what_waited_at_zalo_is_taken_before_the_schedule_runs(tmp_path: Path) -> None:
    heads = {person.unit: person for person in demo_people() if person.role == Role.HEAD}
    there = [heads[f"04123-{number:02}"].address for number in range(1, 7)]
    async with practising(tmp_path) as running, running.parts.db.write() as tx:
        others = account.c.address.not_in(there)
        await tx.execute(sa.update(account).where(others).values(state=people.BLOCKED))  # 500 nudges take 5 seconds
    on_zalo = there[3:]
    server = SandboxServer(tmp_path / "chats", TOKENS["telegram"], None, zalo_token=TOKENS["zalo"])
    await server.start("127.0.0.1", 0)
    async with aiohttp.ClientSession(server.url) as http:
        for address in on_zalo:
            for text in ("không phát sinh mới", "gửi báo cáo"):
                assert (await http.post("/api/updates", json=update(address, text))).status == 200
    await server.stop()

    async with practising(tmp_path, now=FIRST_MORNING + timedelta(minutes=10)) as running, running.parts.db.read() as tx:
        reports = {row.unit_code: row.filed_at for row in await tx.execute(sa.select(report))}
        reminded = set(await tx.scalars(sa.select(schema.outbox.c.address).where(schema.outbox.c.lane == Lane.DUTY)))

    assert reports == dict.fromkeys(("04123-04", "04123-05", "04123-06"), FIRST_MORNING)
    assert reminded == set(there[:3])


def update(address: str, text: str) -> dict[str, Any]:
    """What Zalo tells the bot of a message written at 06:50."""
    return {
        "channel": "zalo",
        "event_name": "message.text.received",
        "message": {
            "message_id": f"{address} {text}",
            "date": int(FIRST_MORNING.timestamp() * 1000),
            "from": {"id": address, "display_name": "Người Mẫu"},
            "chat": {"id": address, "chat_type": "PRIVATE"},
            "text": text,
        },
    }
