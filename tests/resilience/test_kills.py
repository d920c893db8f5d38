"""Nothing acknowledged is lost, nothing is counted twice, whenever the process dies."""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.demo.people import demo_people
from bot.domain.access import Role
from bot.domain.plans import PLAN
from bot.storage import records
from bot.storage.schema import arrival, inbox, outbox, posting, record

from .chats import TOKEN, ZALO_TOKEN, Platform, ZaloPlatform
from .installation import BotProcess, Forge, Installation, forge, install, until
from .reporter import Reporter, stored

WAYS = [("telegram", "polling", 24), ("telegram", "webhook", 8), ("zalo", "webhook", 8)]  # and how often the bot is killed
PLATFORMS: dict[str, type[Platform]] = {"telegram": Platform, "zalo": ZaloPlatform}
CHATS = 16
MORNING = datetime.fromisoformat("2021-09-09T07:10:00+07:00")  # the clock stands: nothing is due while the load runs


@asynccontextmanager
async def sandbox(data: Path) -> AsyncIterator[str]:
    """The Bot API in a process of its own, on a port of its own."""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "bot.sandbox",
            "--port",
            "0",
            "--data",
            str(data),
            "--token",
            TOKEN,
            "--zalo-token",
            ZALO_TOKEN,
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().split()[1]
    finally:
        process.terminate()
        await process.wait()


async def kill_again_and_again(
    bots: Forge, platform: Platform, dice: random.Random, kills: int
) -> tuple[list[int], BotProcess]:
    """The seq that the platform had reached after each kill, and the process that lives on."""
    reached: list[int] = []
    bot = await bots.start()
    for _ in range(kills):
        if dice.random() < 0.8:  # at work; else while it starts

            async def leads(bot: BotProcess = bot) -> bool:
                return bot.leads

            await until(leads, what="the start of a bot")
        await asyncio.sleep(dice.uniform(0, 1.5))  # no synchronisation: it is the moment of the kill
        await bot.killed()
        reached.append(await platform.seq())
        bot = await bots.start()
    return reached, bot


@pytest.mark.parametrize(("channel", "mode", "kills"), WAYS, ids=[f"{channel}-{mode}" for channel, mode, _ in WAYS])
async def test_a_bot_that_is_killed_again_and_again_loses_nothing_and_files_nothing_twice(
    tmp_path: Path, sqlite_url: str, channel: str, mode: str, kills: int
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    dice = random.Random(seed)
    installation = await install(tmp_path, sqlite_url, MORNING, channel=channel)
    numbers = itertools.count(1)
    people = [person.chat_id for person in demo_people() if person.role is Role.MEMBER][:CHATS]
    async with (
        asyncio.timeout(150),
        sandbox(tmp_path / "sandbox") as url,
        aiohttp.ClientSession() as http,
        forge(installation, url, channel, mode) as bots,
    ):
        platform = PLATFORMS[channel](http, url)
        reporters = [Reporter(platform, chat, MORNING, numbers.__next__) for chat in people]

        async def work(reporter: Reporter) -> None:
            while not killing.done():
                await reporter.report(reporter.next_number())

        async with asyncio.TaskGroup() as load:
            killing = load.create_task(kill_again_and_again(bots, platform, dice, kills))
            for reporter in reporters:
                load.create_task(work(reporter))
        reached, bot = await killing

        async def settled() -> bool:
            arrived = await installation.count(arrival.c.id > 0)
            return not await platform.unconfirmed() and not arrived and await installation.all_sent()

        await until(settled, what="the delivery of everything")
        await bot.stopped()
        for reporter in reporters:
            await reporter.watch()

    assert len(reached) == kills
    await everything_is_there_once(installation, reporters)
    for reporter in reporters:
        per_kill = Counter(bisect_right(reached, seq - 1) for seq in reporter.repeats)
        assert [number for number in per_kill.values() if number > 1] == []
        assert 0 not in per_kill  # nothing comes twice where nothing was killed
    print(
        f"{len(reached)} kills, {len(installation_reports(reporters))} reports, {sum(r.done for r in reporters)} messages, "
        f"{sum(len(r.repeats) for r in reporters)} shown again, {sum(r.set_aside for r in reporters)} set aside"
    )
    await installation.db.close()


def installation_reports(reporters: list[Reporter]) -> dict[str, int]:
    return {code: number for reporter in reporters for code, number in reporter.filed.items()}


async def everything_is_there_once(installation: Installation, reporters: list[Reporter]) -> None:
    said = sum(reporter.done for reporter in reporters)
    confirmed = installation_reports(reporters)
    async with installation.db.read() as tx:
        versions = (await tx.execute(sa.select(record.c.id, record.c.version).where(record.c.kind != PLAN))).all()
        found = {row.id: await records.current(tx, installation.keys, row.id) for row in versions}
        counted = await tx.scalar(sa.select(sa.func.sum(posting.c.n)).where(posting.c.indicator == "returnees_new"))
        taken = Counter((await tx.scalars(sa.select(inbox.c.outcome))).all())
        answered = Counter((await tx.scalars(sa.select(outbox.c.state).where(outbox.c.lane == 0))).all())

    bodies = {code: dict(filed.body) for code, filed in found.items() if filed}
    assert {code for code in confirmed if code not in bodies} == set()  # acknowledged and missing
    assert bodies.keys() == confirmed.keys()
    assert {row.version for row in versions} == {1}  # doubled
    assert len(versions) == counted == len(confirmed)
    assert [
        code for code, number in confirmed.items() if _given(bodies[code]) != stored(number)
    ] == []  # under a wrong question
    assert taken["done"] + taken["set_aside"] == taken.total() == said
    assert taken["set_aside"] == sum(reporter.set_aside for reporter in reporters)
    assert answered == {"sent": said}


def _given(body: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if value is not None}
