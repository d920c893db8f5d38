"""/health says whether this process can do its work, and nothing else."""

from __future__ import annotations

import pytest

from bot.errors import TransientStorage
from bot.web.health import Health, Standing
from bot.web.webhooks import Counters


def standing(state="leads", channel="telegram"):
    return Standing(channel, "webhook", state, since_message=1.26, since_sent=None, set_aside=2)


@pytest.fixture
async def health(serve, http, stubborn):
    """The answer for these channels."""

    async def health(*standings):
        counters = Counters(accepted=3, refused=1)
        url = await serve(Health(stubborn, lambda: standings, counters).routes())
        async with http.get(f"{url}/health") as answer:
            return answer.status, await answer.json()

    return health


async def test_a_process_at_work_is_well(health):
    assert await health(standing()) == (
        200,
        {
            "ok": True,
            "database": True,
            "channels": [
                {
                    "channel": "telegram",
                    "mode": "webhook",
                    "state": "leads",
                    "since_message": 1.3,
                    "since_sent": None,
                    "set_aside": 2,
                }
            ],
            "webhooks": {"accepted": 3, "refused": 1, "too_large": 0, "not_stored": 0},
        },
    )


@pytest.mark.parametrize("state", ["connecting", "stands_by", "starts"])
async def test_a_process_that_stands_by_or_waits_for_the_platform_is_well(health, state):
    assert (await health(standing(state)))[0] == 200


async def test_a_process_whose_work_has_ended_is_not_well(health):
    status, said = await health(standing(), standing("ended", "zalo"))

    assert (status, said["ok"], said["database"]) == (503, False, True)


@pytest.mark.parametrize("error", [TransientStorage("locked"), OSError("refused"), TimeoutError()])
async def test_a_process_without_its_database_is_not_well(health, stubborn, error):
    stubborn.reads_fail, stubborn.error = True, error

    status, said = await health(standing())

    assert (status, said["ok"], said["database"]) == (503, False, False)
