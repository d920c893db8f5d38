"""What any process does with what a platform posts: look at the secret, store, and only then say yes."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
import sqlalchemy as sa

from bot.channels.intake import Hook
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.errors import TransientStorage
from bot.storage.schema import arrival
from bot.web.arriving import Arriving
from bot.web.webhooks import KEPT_OF_LARGER, LARGEST, Counters, Webhooks, secret_matches

SECRET = "khong-ai-biet-0123"
BODY = b'{"update_id": 1, "message": "Lan"}'
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def telegram(clock):
    channel = TelegramChannel("777:invented", NOWHERE, clock)
    channel.bot = "777"
    return channel


@pytest.fixture
def zalo():
    channel = ZaloChannel("888:invented", NOWHERE)
    channel.bot = "888"
    return channel


@pytest.fixture
def hooks(telegram, zalo):
    return [(telegram, Hook(f"{NOWHERE}/telegram", SECRET)), (zalo, Hook(f"{NOWHERE}/zalo", f"{SECRET}-zalo"))]


@pytest.fixture
def webhooks(stubborn, keys, clock, hooks):
    return Webhooks(hooks, Arriving(stubborn, keys), clock)


@pytest.fixture
async def post(webhooks, serve, http):
    url = await serve(webhooks.routes())

    async def post(body, secret=SECRET, path="/telegram", header="X-Telegram-Bot-Api-Secret-Token"):
        headers = {} if secret is None else {header: secret}
        async with http.post(url + path, data=body, headers=headers) as answer:
            return answer.status

    return post


async def test_a_post_with_the_secret_is_stored_sealed_with_the_instant_it_came(post, stored, db, clock, hooks):
    assert await post(BODY) == 200

    assert await stored() == [BODY]
    async with db.read() as tx:
        row = (await tx.execute(sa.select(arrival))).one()
    assert b"Lan" not in row.body
    assert row.arrived_at == clock()
    assert hooks[0][1].posted.is_set()
    assert not hooks[1][1].posted.is_set()


async def test_each_channel_has_its_own_address_header_and_secret(post, stored, webhooks):
    header, secret = "X-Bot-Api-Secret-Token", f"{SECRET}-zalo"

    assert await post(BODY, secret, "/zalo", header) == 200
    assert await post(BODY, SECRET, "/zalo", header) == 403
    assert await post(BODY, secret, "/telegram") == 403

    assert await stored("zalo", "888") == [BODY]
    assert await stored() == []
    assert webhooks.counters == Counters(accepted=1, refused=2)


@pytest.mark.parametrize("secret", [None, "", "khong-ai-biet", f"{SECRET}x", "\u00e9"])
async def test_without_the_secret_nothing_is_stored(post, stored, webhooks, secret):
    assert await post(BODY, secret) == 403

    assert await stored() == []
    assert webhooks.counters == Counters(refused=1)


async def test_without_the_secret_the_answer_comes_before_the_body(serve, webhooks):
    url = await serve(webhooks.routes())
    port = int(url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: bot\r\nContent-Length: 1000\r\n\r\n")

    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()

    assert status == b"HTTP/1.1 403 Forbidden\r\n"


async def test_nothing_else_is_served_there(post, stored, http, serve, webhooks):
    assert await post(BODY, path="/facebook") == 404
    async with http.get(f"{await serve(webhooks.routes())}/telegram") as answer:
        assert answer.status == 405

    assert await stored() == []


async def test_a_body_of_a_million_bytes_is_taken_and_of_a_longer_one_the_beginning(post, stored, webhooks):
    longest = b'{"text": "' + b"a" * (LARGEST - 12) + b'"}'
    assert len(longest) == LARGEST

    assert await post(longest) == 200
    assert await post(longest + b" ") == 200
    assert await post(longest * 8) == 200

    first, second, third = await stored()
    assert first == longest
    assert second == third == longest[:KEPT_OF_LARGER]
    assert webhooks.counters == Counters(accepted=3, too_large=2)


@pytest.mark.parametrize("body", [b"", b"Lan", b"\xff\xfe\x00", b"[1]"])
async def test_what_is_no_update_is_stored_like_one_for_the_leader_to_set_aside(post, stored, body):
    assert await post(body) == 200

    assert await stored() == [body]


@pytest.mark.parametrize("error", [TransientStorage("disk full"), RuntimeError("Lan")])
async def test_what_is_not_committed_is_to_be_sent_again(post, stored, stubborn, webhooks, caplog, error):
    caplog.set_level(logging.DEBUG)
    stubborn.writes_that_fail, stubborn.error = 1, error

    assert await post(BODY) == 503
    assert await stored() == []
    assert await post(BODY) == 200

    assert await stored() == [BODY]
    assert webhooks.counters == Counters(accepted=1, not_stored=1)
    assert "Lan" not in caplog.text
    assert SECRET not in caplog.text


async def test_a_post_that_breaks_off_is_not_stored(serve, webhooks, stored, caplog):
    url = await serve(webhooks.routes())
    _, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    head = f"POST /telegram HTTP/1.1\r\nHost: bot\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: 90\r\n\r\n"
    writer.write(head.encode() + BODY)
    await writer.drain()

    writer.close()
    async with asyncio.timeout(10):
        while not webhooks.counters.not_stored:  # noqa: ASYNC110  nobody is left to be told
            await asyncio.sleep(0.01)

    assert await stored() == []
    assert "Traceback" not in caplog.text


async def test_until_the_bot_knows_who_it_is_the_platform_keeps_its_updates(post, stored, telegram):
    telegram.bot = ""
    assert await post(BODY) == 503

    telegram.bot = "777"
    assert await post(BODY) == 200
    assert await stored() == [BODY]


async def test_posts_that_come_at_once_share_commits_and_none_is_lost(post, stored, stubborn):
    bodies = [json.dumps({"update_id": number}).encode() for number in range(40)]

    assert set(await asyncio.gather(*map(post, bodies))) == {200}

    assert sorted(await stored()) == sorted(bodies)
    assert stubborn.commits < 40


async def test_posts_that_share_a_commit_that_fails_are_all_to_be_sent_again(post, stored, stubborn):
    stubborn.writes_that_fail, stubborn.error = 1, TransientStorage("disk full")
    bodies = [json.dumps({"update_id": number}).encode() for number in range(40)]

    answers = await asyncio.gather(*map(post, bodies))

    said_yes = [body for body, status in zip(bodies, answers, strict=True) if status == 200]
    assert set(answers) == {200, 503}
    assert sorted(await stored()) == sorted(said_yes)


def test_only_the_secret_matches():
    assert secret_matches("bí-mật-của-xã", "bí-mật-của-xã")
    for header in (None, "", "bí-mật", "bí-mật-của-xã ", "\udcff"):
        assert not secret_matches(header, "bí-mật-của-xã")


def test_without_a_secret_of_ours_nobody_gets_in():
    assert not secret_matches("", "")
    assert not secret_matches(None, "")
