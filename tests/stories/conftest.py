"""Practice mode for every story, on a copy of a folder that was seeded once: starting takes a tenth of a second then."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.demo.people import demo_people
from bot.storage import people
from bot.storage.schema import account

from .talk import Person, Talk, talking

IN_THE_STORIES = "04123"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mai Sơn with its people at 06:50 on 9 September 2021; nothing was filed yet.

    Outside Chiềng Mung and the district's office all have blocked the bot: the day's 500 nudges to them take 5 seconds.
    """
    data = tmp_path_factory.mktemp("seeded")
    quiet = [one.address for one in demo_people() if not one.unit.startswith(IN_THE_STORIES) and one.unit != "125"]

    async def seed() -> None:
        async with talking(data) as talk, talk.running.parts.db.write() as tx:
            await tx.execute(sa.update(account).where(account.c.address.in_(quiet)).values(state=people.BLOCKED))

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as loop:
        loop.run(seed())
    return data


@pytest.fixture
def data(seeded: Path, tmp_path: Path) -> Path:
    """A story's own folder."""
    return Path(shutil.copytree(seeded, tmp_path / "practice"))


@pytest.fixture
async def talk(data: Path) -> AsyncIterator[Talk]:
    async with talking(data) as talk:
        yield talk


@pytest.fixture
def head(talk: Talk) -> Person:
    """The head of Bản Cây Đa, Xã Chiềng Mung; addressed as "Chị"."""
    return talk.person("04123-01-head")


@pytest.fixture
def officer(talk: Talk) -> Person:
    """An officer of Xã Chiềng Mung."""
    return talk.person("04123-commune_officer")
