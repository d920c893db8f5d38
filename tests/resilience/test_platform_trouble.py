"""The platform fails in every way it can: the bot waits, says so once without secrets, and goes on."""

from __future__ import annotations

import json
import logging

import pytest

from bot.storage.schema import inbox

from .chats import TOKEN
from .conftest import House
from .gateway import Fault
from .installation import until

LAN, MAI = 704123012, 704123022  # chat ids of two members of teams
SAID = "Bí mật của chị Lan"


def refusal(code: int, description: str, **parameters: int) -> Fault:
    return Fault(code, json.dumps({"ok": False, "error_code": code, "description": description, "parameters": parameters}))


FAULTS = {
    "401": refusal(401, "Unauthorized"),
    "409": refusal(409, "Conflict: terminated by other getUpdates request"),
    "429": refusal(429, "Too Many Requests: retry after 7", retry_after=7),
    "502": Fault(502, "<html><h1>Bad Gateway</h1></html>"),
    "html garbage": Fault(200, f"<html>{TOKEN} {SAID}</html>"),
    "half an answer": Fault(200, '{"ok": true, "result": [{"update_id"'),
    "no answer": Fault(0),
}
LINE = "no messages can be fetched"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_trouble_of_the_platform_is_waited_out_and_told_once(
    house: House, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    caplog.set_level(logging.INFO)
    async with house.at_work() as service:
        await service.ready.wait()
        house.gateway.faults.update(getupdates=[fault] * 3, sendmessage=[fault] * 3, answercallbackquery=[fault])

        for chat in (LAN, MAI):
            await house.platform.says(chat, SAID, house.clock())

        first = await house.platform.latest(LAN)
        await house.platform.latest(MAI)
        await house.platform.taps(LAN, first, "do:more")
        await house.platform.latest(LAN, after=first.seq)

    assert await house.platform.unconfirmed() == 0
    assert len(await house.platform.heard(MAI)) == len(await house.platform.heard(LAN)) == 1  # the tap's answer was an edit
    assert sum(LINE in record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING) == 1
    assert sum(f"it works again after 3 failures: {LINE}" in line for line in caplog.messages) == 1
    assert TOKEN not in caplog.text
    assert TOKEN.split(":")[1] not in caplog.text
    assert SAID not in caplog.text
    assert min(house.patience.asked[:3]) > 0


async def test_the_bot_waits_as_long_as_the_platform_asks(house: House) -> None:
    async def used_up() -> bool:
        return not house.gateway.faults["getupdates"] and not await house.platform.unconfirmed()

    async with house.at_work() as service:
        await service.ready.wait()
        house.gateway.faults["getupdates"] += [FAULTS["429"]] * 2

        await house.platform.says(LAN, SAID, house.clock())
        await until(used_up)

    assert house.patience.asked[:2] == [7, 7]


async def test_a_platform_that_is_not_there_at_the_start_and_later_is_waited_for(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async def told() -> bool:
        return "does not say who this bot is" in caplog.text

    async def waited() -> bool:
        return len(house.patience.asked) >= 3

    caplog.set_level(logging.INFO)
    await house.gateway.close()
    async with house.at_work() as service:
        await until(told)
        await house.gateway.open()
        await service.ready.wait()
        await house.gateway.close()
        await house.platform.says(LAN, SAID, house.clock())
        await until(waited)
        await house.gateway.open()
        await house.platform.latest(LAN)

    assert await house.platform.unconfirmed() == 0
    assert sum(LINE in record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING) == 1
    assert TOKEN not in caplog.text


async def test_an_update_that_cannot_be_read_is_set_aside_and_its_neighbours_are_answered(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.platform.says(LAN, SAID, house.clock())
    await house.platform.inject({"message": {"chat": "nonsense", "text": SAID}})
    await house.platform.says(MAI, SAID, house.clock())

    async with house.at_work():
        await house.platform.latest(LAN)
        await house.platform.latest(MAI)

    assert await house.platform.unconfirmed() == 0
    assert await house.installation.count(inbox.c.outcome == "set_aside") == 1
    assert await house.installation.count(inbox.c.outcome == "done") == 2
    assert SAID not in caplog.text
