"""Telegram's limits, with a clock in the test's hand."""

from __future__ import annotations

import pytest

from bot.sandbox.limits import Limits
from bot.sandbox.refusal import ApiError
from bot.sandbox.world import Chat


def private(number):
    return Chat(number, {"id": number, "type": "private"})


@pytest.fixture
def time():
    return [1000.0]


@pytest.fixture
def limits(time):
    return Limits(lambda: time[0])


def accepted(limits, chats):
    count = 0
    for chat in chats:
        try:
            limits.spend(chat)
        except ApiError:
            break
        count += 1
    return count


def test_a_bot_sends_thirty_messages_a_second(limits, time):
    assert accepted(limits, map(private, range(1, 100))) == 30
    time[0] += 0.5
    assert accepted(limits, map(private, range(100, 200))) == 15


def test_a_private_chat_takes_a_short_burst_and_then_one_a_second(limits, time):
    assert accepted(limits, [private(1)] * 10) == 5
    time[0] += 2
    assert accepted(limits, [private(1)] * 10) == 2


def test_a_group_takes_twenty_a_minute(limits, time):
    group = Chat(-7, {"id": -7, "type": "group"})

    assert accepted(limits, [group] * 30) == 20
    time[0] += 60
    assert accepted(limits, [group] * 30) == 20


def test_a_steady_sender_below_the_limit_is_never_refused_though_its_requests_come_unevenly(limits, time):
    for number in range(1, 400):
        time[0] = 1000.0 + number / 29.4 + (0.03 if number % 7 else 0)
        limits.spend(private(number))


async def test_above_the_limit_the_answer_says_when_to_come_back(start, http):
    server = await start(limits=True)
    url = f"{server.url}/bot1000000001:invented-for-tests/sendMessage"

    answers = []
    for number in range(6):
        async with http.post(url, json={"chat_id": 501, "text": str(number)}) as response:
            answers.append((response.status, await response.json()))

    assert [status for status, _ in answers] == [200] * 5 + [429]
    assert answers[-1][1] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
