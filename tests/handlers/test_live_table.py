"""The table of a quick question: however many answers come before anything is sent, the newest table is all that waits."""

from __future__ import annotations

import dataclasses

import sqlalchemy as sa

from bot.domain.access import Role, RoleAt
from bot.storage import roster
from bot.storage.schema import outbox
from tests.handlers.conftest import Bureau, person

ASKED = ("/hoi", "Mấy hộ?", "1", "1", "10h mai", "1", "1")  # a number, once, of all


async def test_only_the_newest_table_waits_to_be_sent_and_it_replaces_the_first(bureau: Bureau) -> None:
    officer = dataclasses.replace(person(7, "107"), roles=(RoleAt(Role.COMMUNE_OFFICER, "04123"),))
    async with bureau.db.write() as tx:
        await roster.add_people(tx, bureau.keys, [officer], bureau.clock())
    await bureau.take(bureau.message("/hoi", address="107"))
    await bureau.take(bureau.message(token="do:ask_new", address="107"))
    for text in ASKED[1:-1]:
        await bureau.take(bureau.message(text, address="107"))
    draft = await bureau.payloads()
    await bureau.take(bureau.message(token=next(one for one in draft if one.endswith("*send")), address="107"))
    async with bureau.db.read() as tx:
        first = await tx.scalar(sa.select(outbox.c.id).where(outbox.c.dedup_key.like("question:%:live:%")))

    for value in ("3", "4", "5"):
        await bureau.take(bureau.message(token="do:answer"))
        await bureau.take(bureau.message(value))

    async with bureau.db.read() as tx:
        changes = (await tx.execute(sa.select(outbox.c.state, outbox.c.edits).where(outbox.c.edits.is_not(None)))).all()
    assert [one.state for one in changes].count("pending") == 1
    assert {one.edits for one in changes} == {first}
    assert any("• Bản Mẫu: 5" in said for said in await bureau.said())
