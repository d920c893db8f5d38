"""Which unit a command means to somebody who has several: asked in pages, chosen by a number, never one beyond their reach."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from bot.domain.access import Role, RoleAt
from bot.domain.units import OrgUnit
from bot.storage import roster, units
from bot.texts import Voice
from tests.handlers.conftest import Bureau, person

COMMUNES = [OrgUnit(f"042{n:02}", f"Xã {n}", "commune", None) for n in range(1, 12)]
VILLAGE = OrgUnit("04211-01", "Bản của Xã 11", "village", "04211", "bản")
FIGURES = ("tinhhinh", "thieu", "giaitrinh", "doichieu", "tiendo", "thongke", "xacnhan", "bang", "bangiao", "bieu", "bieu 8/9")
PEOPLE = ("danhsach", "goi", "quyetdinh", "trung")
VERBS = ("situation", "missing", "differ", "stats", "signing", "table", "calls", "decisions", "doubles", "board", "shift")


@pytest.fixture
async def several(bureau: Bureau) -> Bureau:
    roles = tuple(RoleAt(Role.COMMUNE_OFFICER, commune.code) for commune in COMMUNES)
    async with bureau.db.write() as tx:
        await units.save(tx, [*COMMUNES, VILLAGE])
        for channel in bureau.channels:
            who = dataclasses.replace(person(len(channel), channel), channel=channel, roles=roles)
            await roster.add_people(tx, bureau.keys, [who], bureau.clock())
    return bureau


async def types(bureau: Bureau, *texts: str) -> str:
    """The last answer to somebody on Zalo."""
    for text in texts:
        bureau.clock.move(bureau.clock() + timedelta(seconds=5))
        said = await bureau.take(dataclasses.replace(bureau.message(text, address="zalo"), channel="zalo"))
    return said[-1]


@pytest.mark.parametrize("command", FIGURES + PEOPLE)
async def test_whoever_has_several_units_is_asked_which_and_answers_with_a_number(several: Bureau, command: str) -> None:
    asked = await types(several, f"/{command}")
    assert "1. Xã 1\n" in asked
    assert "9. Xã 9\n" in asked
    assert "1. Xã 10\n2. Xã 11\n" in await types(several, "tiếp")

    assert "Xã 11" in await types(several, "2")


@pytest.mark.parametrize(
    "verb", ["situation", "missing", "differ", "stats", "signing", "table", "calls", "decisions", "doubles"]
)
@pytest.mark.parametrize("code", ["04123", "04123-01", "nowhere"])
async def test_a_unit_beyond_ones_reach_is_refused(several: Bureau, verb: str, code: str) -> None:
    rest = ":daily:month" if verb == "stats" else ""

    [said] = await several.take(several.message(token=f"do:{verb}:{code}{rest}", address="telegram"))

    assert said == f"telegram: {Voice('vi', 'anh').word('access.denied')}"
