"""What the sender makes of each answer of the platform."""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import Any

import pytest

from bot.channels.sender import ATTEMPTS
from bot.errors import ChatClosed, Conflict, Rejected, Throttled, TokenRefused, Unreachable
from bot.messages import Button, Outgoing
from bot.storage import outbox, people
from bot.storage.crypto import Keyring
from bot.storage.outbox import Lane, Post

BUTTONS = ((Button("Đồng ý", "d:1:yes"),),)


def post(text: str, chat: str = "an", lane: Lane = Lane.REPLY, **more: Any) -> Post:
    return Post("telegram", "777", chat, text, lane=lane, **more)


async def test_a_429_pauses_everybody_and_is_not_an_attempt(office) -> None:
    office.platform.refusals["first"] = [Throttled(30)]
    await office.queue(post("first", "a"), post("second", "b"), post("third", "c"))
    start = office.time.now

    await office.deliver(rate=1)

    assert office.platform.times_of("first")[1] >= start + 30
    assert office.platform.times_of("second")[0] >= start + 30
    assert sorted(office.platform.texts()) == ["first", "second", "third"]
    assert await office.attempts() == [0, 0, 0]


async def test_a_chat_that_blocked_the_bot_gets_nothing_until_it_is_open_again(office) -> None:
    async with office.db.write() as tx:
        await people.link(tx, "telegram", "777", "an", None, office.clock())
    office.platform.refusals["one"] = [ChatClosed()]
    await office.queue(post("one"), post("two"), post("for another", "binh"))
    await office.deliver()
    assert await office.states() == [outbox.FAILED, outbox.FAILED, outbox.SENT]

    await office.queue(post("while blocked"))
    await office.deliver()
    assert office.platform.texts() == ["for another"]

    async with office.db.write() as tx:
        await people.set_state(tx, "telegram", "777", "an", people.OPEN, office.clock())
        await outbox.queue(tx, office.keys, [post("welcome back")], office.clock())
    await office.deliver()
    assert office.platform.texts() == ["for another", "welcome back"]


async def test_when_the_platform_is_out_of_reach_pauses_grow_and_one_message_tries(office) -> None:
    down = True

    async def out_of_reach(_message: Outgoing) -> None:
        if down:
            raise Unreachable

    office.platform.rules.append(out_of_reach)
    await office.queue(*(post(f"text {n}", f"chat {n}") for n in range(20)))

    async with office.open():
        await office.until(lambda: len(office.platform.tried) >= 20 + 9)
        down = False
        assert await office.sender.idle(100_000)

    moments = [at - 1000 for at, _ in office.platform.tried[19:29]]
    pauses = [round(after - before) for before, after in pairwise(moments)]
    assert pauses[:9] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert sorted(office.platform.texts()) == sorted(f"text {n}" for n in range(20))
    assert set(await office.attempts()) == {0}


async def test_one_message_that_never_gets_through_does_not_stop_the_others(office) -> None:
    office.platform.refusals["too large"] = [Unreachable()] * 12
    await office.queue(post("too large", "a"), *(post(f"text {n}", "b") for n in range(20)))

    await office.deliver()

    assert office.platform.texts()[-1] == "too large"
    assert office.platform.texts("b") == [f"text {n}" for n in range(20)]


@pytest.mark.parametrize("refusal", [TokenRefused, Conflict])
async def test_a_refused_token_is_logged_once_and_tried_again_after_a_minute(
    office, refusal: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    office.platform.refusals["one"] = [refusal("https://example.invalid/bot123:SECRET/sendMessage")]
    office.platform.refusals["two"] = [refusal("SECRET")]
    await office.queue(post("one", "a"), post("two", "b"))

    await office.deliver()

    assert [round(at - 1000) for at, _ in office.platform.tried] == [0, 0, 60, 60]
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    assert "SECRET" not in caplog.text


class Listener:
    """Keeps what it is told of the token."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def refused(self) -> None:
        self.told.append("refused")

    async def works(self) -> None:
        self.told.append("works")


async def test_whoever_watches_the_token_is_told_once_for_all_that_was_under_way_and_when_it_is_taken(office) -> None:
    listener = Listener()
    for text in ("one", "two", "three"):
        office.platform.refusals[text] = [TokenRefused()]
    await office.queue(post("one", "a"), post("two", "b"), post("three", "c"))

    await office.deliver(watch=listener)

    assert listener.told == ["refused", "works", "works", "works"]


async def test_a_conflict_is_no_refused_token(office) -> None:
    listener = Listener()
    office.platform.refusals["one"] = [Conflict()]
    await office.queue(post("one"))

    await office.deliver(watch=listener)

    assert listener.told == ["works"]


async def test_when_a_chat_closes_the_other_channels_are_woken(office) -> None:
    woken = []
    office.platform.refusals["one"] = [ChatClosed()]
    await office.queue(post("one"), post("two", "b"))

    await office.deliver(moved=lambda: woken.append(True))

    assert woken == [True]


async def test_a_rejected_message_is_tried_once_more_without_buttons_and_then_given_up(
    office, caplog: pytest.LogCaptureFixture
) -> None:
    office.platform.refusals["saved"] = [Rejected()]
    office.platform.refusals["lost"] = [Rejected(), Rejected()]
    office.platform.refusals["plain"] = [Rejected()]
    await office.queue(
        post("saved", buttons=BUTTONS, edits_message="m0"), post("lost", buttons=BUTTONS), post("plain"), post("next")
    )

    await office.deliver()

    assert [(m.text, m.buttons, m.edits) for m in office.platform.seen] == [("saved", (), None), ("next", (), None)]
    assert await office.states() == [outbox.SENT, outbox.FAILED, outbox.FAILED, outbox.SENT]
    assert "lost" not in caplog.text


async def test_a_message_that_breaks_the_sender_is_given_up_in_the_end_and_alone(
    office, caplog: pytest.LogCaptureFixture
) -> None:
    office.platform.refusals["bad"] = [RuntimeError("Lò Văn A, 0900 000 001")] * 99
    office.platform.refusals["shaky"] = [RuntimeError()]
    await office.queue(post("bad", "a"), post("after", "a"), post("shaky", "b"), post("good", "c"))

    await office.deliver()

    assert len(office.platform.times_of("bad")) == ATTEMPTS
    assert sorted(office.platform.texts()) == ["after", "good", "shaky"]
    assert await office.states() == [outbox.FAILED, outbox.SENT, outbox.SENT, outbox.SENT]
    assert "RuntimeError" in caplog.text
    assert "0900" not in caplog.text


async def test_a_message_sealed_with_another_key_stops_nobody(office) -> None:
    async with office.db.write() as tx:
        await outbox.queue(tx, Keyring.generate(), [post("unreadable", "a")], office.clock())
    await office.queue(post("good", "b"))

    await office.deliver()

    assert office.platform.texts() == ["good"]
    assert await office.states() == [outbox.FAILED, outbox.SENT]
