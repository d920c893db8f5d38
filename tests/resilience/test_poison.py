"""A message that breaks its handler, or the whole process, is set aside; its sender is told and everybody else is served."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import sqlalchemy as sa

from bot.clock import Window
from bot.conversation.draft import Draft
from bot.forms.returnee import Returnee
from bot.handlers.ingest import Ingest
from bot.service import Parts
from bot.storage import drafts, inbox
from bot.storage.schema import inbox as inbox_table
from bot.storage.schema import record

from .conftest import House
from .installation import Installation, forge, until
from .reporter import FILED, SET_ASIDE, VOICE

PEOPLE = {"04123-01-member": 704123012, "04123-02-member": 704123022, "04123-03-member": 704123032}
BROKEN = "04123-02-member"
EVIL = "Hộ Hỏng"
SEND = VOICE.word("button.send")


class BrokenReturnee(Returnee):
    name: ClassVar[str] = "returnee"

    def entries(self, window: Window) -> Mapping[str, int]:
        if self.household == EVIL:
            raise ZeroDivisionError
        return super().entries(window)


def with_a_broken_form(parts: Parts) -> Parts:
    desk = replace(parts.desk, forms={**parts.desk.forms, "returnee": BrokenReturnee})
    return replace(parts, ingest=Ingest(parts.db, desk, parts.trees, parts.clock, parts.leadership))


async def three_drafts(house: House) -> dict[str, Draft]:
    evil = {BROKEN: {"household": EVIL}}
    return {person: await house.draft(person, 1 + number, **evil.get(person, {})) for number, person in enumerate(PEOPLE)}


async def open_drafts(installation: Installation) -> dict[str, Draft]:
    async with installation.db.read() as tx:
        return await drafts.all_open(tx, installation.keys)


async def reference_kept(installation: Installation) -> tuple[str, int]:
    """The reference number of what was set aside, and how often it had been begun."""
    async with installation.db.read() as tx:
        row = (await tx.execute(sa.select(inbox_table).where(inbox_table.c.outcome == inbox.SET_ASIDE))).one()
    return str(row.reference), int(row.attempts)


def told(texts: list[str]) -> str:
    """The reference number that the only answer names."""
    assert len(texts) == 1
    found = re.fullmatch(re.escape(SET_ASIDE) + r"(\w{6})\.", texts[0])
    assert found is not None
    return found[1]


async def test_an_exception_in_one_message_of_a_batch_is_its_senders_affair_alone(house: House) -> None:
    seeded = await three_drafts(house)
    for chat in PEOPLE.values():
        await house.platform.says(chat, SEND, house.clock())

    async with house.at_work(with_a_broken_form) as service:
        await service.ready.wait()
        await until(house.installation.all_sent)
        heard = {person: await house.platform.heard(chat) for person, chat in PEOPLE.items()}
        answer = await house.platform.latest(PEOPLE[BROKEN])
        await house.platform.taps(PEOPLE[BROKEN], answer, "do:resume")
        again = await house.platform.latest(PEOPLE[BROKEN], answer.seq)

    assert [person for person, texts in heard.items() if [text.startswith(FILED) for text in texts] == [True]] == [
        person for person in PEOPLE if person != BROKEN
    ]
    reference, _ = await reference_kept(house.installation)
    assert told(heard[BROKEN]) == reference
    assert await open_drafts(house.installation) == {BROKEN: seeded[BROKEN]}
    assert EVIL in again.text
    assert await house.platform.unconfirmed() == 0


async def test_a_message_that_kills_the_process_is_set_aside_after_its_third_attempt(house: House) -> None:
    seeded = await three_drafts(house)
    for chat in PEOPLE.values():
        await house.platform.says(chat, SEND, house.clock())
    here = house.installation

    async with asyncio.timeout(60), forge(here, house.gateway.url) as bots:
        bot = await bots.start(deadly=EVIL)

        async def settled() -> bool:
            return not bot.alive or (not await house.platform.unconfirmed() and await here.all_sent())

        await until(settled)
        while not bot.alive:
            bot = await bots.start(deadly=EVIL)
            await until(settled)
        await bot.stopped()
        deaths = len(bots.made) - 1

    assert deaths == 3
    assert await here.count(record.c.id.in_([draft.id for draft in seeded.values()])) == 2
    heard = {person: await house.platform.heard(chat) for person, chat in PEOPLE.items()}
    assert told(heard.pop(BROKEN)) == (await reference_kept(here))[0]
    assert [len(set(texts)) for texts in heard.values()] == [1, 1]  # the same words, perhaps again after a death
    assert all(text.startswith(FILED) for texts in heard.values() for text in texts)
    assert await open_drafts(here) == {BROKEN: seeded[BROKEN]}
