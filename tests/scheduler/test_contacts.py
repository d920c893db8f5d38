"""At 07:00 the villages are asked for what was not said of contacts and cases at night."""

from __future__ import annotations

import itertools
from typing import Any

from bot.conversation.draft import REVIEW, Draft
from bot.domain.access import Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.filing import file_report
from bot.storage.people import Who
from bot.storage.units import UnitTrees

from .conftest import BAN, DAY, MUNG, VILLAGES, District

NAMED = {"full_name": "Lò Mẫu An", "source_case": None}
COMPLETE = {name: None for name in forms()["contact"].model_fields if name not in ("last_dose_on", "quarantine_from")} | {
    **NAMED,
    "birth_year": 1985,
    "sex": "male",
    "exposure_type": "care",
    "doses": "0",
    "quarantine_type": "self_monitoring",
}
IDS = (f"C{n:09}" for n in itertools.count())


async def file(district: District, village: str, answers: dict[str, Any], form: str = "contact") -> None:
    desk = Desk(keys=district.keys, timetable=Timetable(), forms=forms(), new_id=lambda: next(IDS))
    roles = (RoleAt(Role.HEAD, village),)
    who = Who("head", "Người Mẫu", None, "anh", "vi", roles, "telegram", "1", "head")
    draft = Draft(desk.new_id(), form, desk.forms[form].version, village, REVIEW, answers=answers)
    async with district.db.write() as tx:
        tree = await UnitTrees().on(tx, DAY)
        await file_report(tx, desk, tree, who, desk.forms[form], draft, district.clock())


async def told(district: District) -> dict[str, str]:
    """Who was asked to complete something, and in which words."""
    await district.move("07:00")
    return {one.to: one.text for one in await district.hear() if "do:complete" in one.buttons}


async def test_everybody_in_the_team_of_the_village_is_asked_and_nobody_else(district: District) -> None:
    first = VILLAGES[MUNG][0]
    await file(district, first, NAMED)
    await file(district, first, {"full_name": "Hà Mẫu Ca", "classification": "confirmed"}, "f0")

    assert await told(district) == {
        f"head-{first}": "Bản Một: 1 người F1, 1 ca F0 cần bổ sung thông tin. Anh/Chị mở danh sách giúp.",
        f"member-{first}": "Bản Một: 1 người F1, 1 ca F0 cần bổ sung thông tin. Bác mở danh sách giúp.",
    }
    runs = await district.runs()
    assert {unit: outcome for (job, unit, _), outcome in runs.items() if job == "contacts_to_complete"} == {
        MUNG: "ran",
        BAN: "dropped",
    }


async def test_no_name_is_told(district: District) -> None:
    await file(district, VILLAGES[BAN][1], NAMED)

    assert "Mẫu An" not in "".join((await told(district)).values())


async def test_who_was_asked_about_everything_needs_nothing_more(district: District) -> None:
    await file(district, VILLAGES[MUNG][0], COMPLETE)

    assert await told(district) == {}
