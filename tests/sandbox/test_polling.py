"""getUpdates, offsets and webhooks: the bot may forget nothing and is told everything once it asks."""

from __future__ import annotations

import asyncio
from typing import Any


async def test_updates_come_in_order_with_rising_ids(api):
    first, second = await api.hear("một", message_id=1), await api.hear("hai", message_id=2)

    updates = await api.call("getUpdates")

    assert [one["message"]["text"] for one in updates] == ["một", "hai"]
    assert [one["update_id"] for one in updates] == [first, second] == [first, first + 1]


async def test_what_is_not_confirmed_comes_again(api):
    await api.hear("một")

    assert await api.call("getUpdates") == await api.call("getUpdates") != []


async def test_an_offset_confirms_everything_below_it(api):
    first, second = await api.hear("một", message_id=1), await api.hear("hai", message_id=2)

    assert [one["update_id"] for one in await api.call("getUpdates", offset=first + 1)] == [second]
    assert [one["update_id"] for one in await api.call("getUpdates", offset=first)] == [second]
    assert await api.call("getUpdates", offset=second + 1) == []


async def test_a_negative_offset_keeps_only_the_newest(api):
    for number in range(1, 6):
        await api.hear(str(number), message_id=number)

    assert [one["message"]["text"] for one in await api.call("getUpdates", offset=-2)] == ["4", "5"]
    assert [one["message"]["text"] for one in await api.call("getUpdates")] == ["4", "5"]


async def test_an_offset_far_ahead_is_ignored(api):
    update_id = await api.hear("một")

    assert [one["update_id"] for one in await api.call("getUpdates", offset=update_id + 5000)] == [update_id]


async def test_ids_may_start_anew_below_the_old_ones(api):
    old = await api.hear("một")
    await api.call("getUpdates", offset=old + 1)

    _, answer = await api.post("/api/updates", {"update_id": 7, "message": {"text": "sau một tuần"}})

    assert answer == {"update_id": 7}
    assert [one["update_id"] for one in await api.call("getUpdates", offset=old + 1)] == [7]
    assert await api.hear("tiếp", message_id=2) == 8


async def test_at_most_limit_updates_come_at_once(api):
    for number in range(1, 5):
        await api.hear(str(number), message_id=number)

    assert len(await api.call("getUpdates", limit=3)) == 3
    assert len(await api.call("getUpdates", limit=0)) == 4


async def test_a_long_poll_ends_when_something_comes(api):
    poll = asyncio.create_task(api.call("getUpdates", timeout=30))
    await asyncio.sleep(0)

    update_id = await api.hear("một")

    assert [one["update_id"] for one in await poll] == [update_id]


async def test_a_second_poll_ends_the_first_with_a_conflict(api):
    first = asyncio.create_task(api.refusal("getUpdates", timeout=30))
    second = asyncio.create_task(api.ask("getUpdates", timeout=30))
    done, waiting = await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
    await api.hear("một")

    await asyncio.gather(*waiting, return_exceptions=True)

    results = [task.result() if not task.exception() else task.exception() for task in [*done, *waiting]]
    assert any("409" in str(one) and "terminated by other getUpdates request" in str(one) for one in results)
    assert any("một" in str(one) for one in results)


async def test_kinds_that_were_not_asked_for_are_not_kept(api):
    await api.call("getUpdates", allowed_updates=["message"])
    _, answer = await api.post("/api/persons/501/block")
    await api.post("/api/persons/501/unblock")
    await api.hear("một")

    assert answer == {"blocked": True, "settled": True}
    assert [sorted(one)[0] for one in await api.call("getUpdates")] == ["message"]


async def test_an_update_that_makes_no_sense_is_passed_on_as_it_is(api):
    raw = {"message": {"chat": "không phải đối tượng", "text": "\ud800"}}

    await api.post("/api/updates", raw)

    (update,) = await api.call("getUpdates")
    assert update["message"] == raw["message"]


async def test_taps_expire_after_150_seconds_and_messages_stay(api, server):
    now = 1_700_000_000.0
    server.real_time = lambda: now
    message = await api.call("sendMessage", chat_id=501, text="Có về không?", reply_markup=keyboard("Có", "yes"))
    await api.hear("một", message_id=9)
    tap = asyncio.create_task(api.post("/api/persons/501/taps", {"message_id": message["message_id"], "data": "yes"}))
    while len(await api.call("getUpdates")) < 2:
        pass

    now += 151

    assert [sorted(one)[0] for one in await api.call("getUpdates")] == ["message"]
    await tap


async def test_a_webhook_gets_the_updates_with_its_secret(api, receiver):
    url, received = receiver
    await api.call("setWebhook", url=url, secret_token="bi-mat")

    await api.hear("một")

    secret, update = await asyncio.wait_for(received.get(), 10)
    assert (secret, update["message"]["text"]) == ("bi-mat", "một")
    assert (await api.call("getWebhookInfo"))["url"] == url


async def test_a_webhook_that_fails_gets_the_same_update_again(api, receiver):
    url, received = receiver
    await api.call("setWebhook", url=url + "?fail=1")
    await api.hear("một", message_id=1)
    await api.hear("hai", message_id=2)

    texts = [(await asyncio.wait_for(received.get(), 10))[1]["message"]["text"] for _ in range(3)]

    assert texts == ["một", "một", "hai"]
    assert "503" in (await api.call("getWebhookInfo"))["last_error_message"]


async def test_polling_is_refused_while_a_webhook_is_set(api, receiver):
    await api.call("setWebhook", url=receiver[0])

    assert (await api.refusal("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook is active")

    await api.call("deleteWebhook")
    assert await api.call("getUpdates") == []


async def test_deleting_the_webhook_can_drop_what_waits(api):
    await api.hear("một")

    await api.call("deleteWebhook", drop_pending_updates=True)

    assert await api.call("getUpdates") == []


def keyboard(text: str, data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": data}]]}
