"""The morning's numbers for whoever sees to people at home, and the ladder of visits that nobody made."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversation.draft import REVIEW, Draft
from bot.domain.access import Role, RoleAt
from bot.domain.deadlines import Timetable
from bot.domain.due import VISIT_FIGURES
from bot.forms import forms
from bot.handlers.call import Desk
from bot.handlers.filing import file_report
from bot.reports.supervision import watched_in
from bot.storage import ledger
from bot.storage.ledger import Range
from bot.storage.people import Who
from bot.storage.units import UnitTrees
from scheduler.visits import climb_times

from .conftest import BAN, DAY, MUNG, VILLAGES, District, clock_shows

FIRST, SECOND, _THIRD = VILLAGES[MUNG]
RETURNEE = {
    **dict.fromkeys(("phone", "household", "last_dose_on")),
    "birth_year": 1985,
    "sex": "male",
    "came_from": "TP. Hồ Chí Minh",
    "arrived_on": "2021-09-08",
    "transport": "coach",
    "doses": "0",
    "health_declared": True,
    "quarantine_type": "home",
    "quarantine_from": "2021-09-08",
}
IDS = (f"V{n:09}" for n in itertools.count())


async def file(district: District, village: str, form: str, answers: dict[str, Any], **facts: str) -> str:
    desk = Desk(keys=district.keys, timetable=Timetable(), forms=forms(), new_id=lambda: next(IDS))
    who = Who("nobody", "Người Mẫu", None, "anh", "vi", (RoleAt(Role.HEAD, village),), "telegram", "1", "nobody")
    draft = Draft(desk.new_id(), form, desk.forms[form].version, village, REVIEW, answers=answers, facts=facts)
    async with district.db.write() as tx:
        tree = await UnitTrees().on(tx, DAY)
        filed = await file_report(tx, desk, tree, who, desk.forms[form], draft, district.clock())
    return filed.record.id


async def at_home(district: District, village: str, name: str = "Lò Mẫu An") -> str:
    return await file(district, village, "returnee", {**RETURNEE, "full_name": name})


async def visit(district: District, village: str, role: str) -> None:
    answers = {"visited_on": DAY.isoformat(), "slot": "day", "visit_status": "cooperative"}
    await file(district, village, "visit", answers, person=role, follows=role)


async def told(district: District, wall: str) -> dict[str, str]:
    """Whom the schedule tells of visits at this hour, and in which words."""
    await district.move(wall)
    return {one.to: one.text for one in await district.hear() if any("do:visits" in button for button in one.buttons)}


async def test_the_morning_tells_numbers_to_who_sees_to_people_and_to_their_commune(district: District) -> None:
    await at_home(district, FIRST)
    await at_home(district, FIRST, "Vì Mẫu Bình")

    heard = await told(district, "07:00")

    assert heard.keys() == {f"head-{FIRST}", "officer"}
    assert heard[f"head-{FIRST}"].startswith("Hôm nay anh/chị có 2 người cách ly tại nhà cần thăm.")
    assert heard["officer"].startswith("Xã Chiềng Mung: 2 người cách ly tại nhà cần thăm hôm nay.")
    assert "Mẫu" not in "".join(heard.values())
    runs = await district.runs()
    assert [unit for (job, unit, _at) in runs if job == "visits"] == [MUNG], "a commune without anybody at home has no round"


async def test_a_visit_that_nobody_made_climbs_once_to_each(district: District) -> None:
    seen = await at_home(district, FIRST)
    await at_home(district, SECOND)
    await told(district, "11:00")
    await visit(district, FIRST, seen)

    assert (await told(district, "12:00")).keys() == {f"head-{SECOND}"}
    assert (await told(district, "16:59")).keys() == set()
    heard = await told(district, "17:00")
    assert heard.keys() == {"officer"}
    assert heard["officer"] == "Xã Chiềng Mung: còn 1 lượt thăm cách ly hôm nay chưa làm, ở: Bản Hai (1)."
    assert (await told(district, "20:00")).keys() == set()


async def test_a_day_that_is_over_has_its_figures_and_they_are_its_lists(district: District) -> None:
    seen = await at_home(district, FIRST)
    await at_home(district, SECOND)
    await told(district, "09:00")
    await visit(district, FIRST, seen)

    tomorrow = DAY.replace(day=10)
    await district.move("07:00", tomorrow)

    async with district.db.read() as tx:
        sums = await ledger.sums(tx, VILLAGES[MUNG], Range(tomorrow, tomorrow))
        lines = {key: await ledger.listed(tx, VILLAGES[MUNG], key, Range(tomorrow, tomorrow)) for key in VISIT_FIGURES}
    assert {key: sum(line.n for line in listed) for key, listed in lines.items()} == {
        "visits_due": 2,
        "visits_done": 1,
        "visits_missed": 1,
    }
    assert {place: n for place, n in sums.items() if place[1] == "visits_missed"} == {(SECOND, "visits_missed"): 1}


@pytest.mark.parametrize("n", [1, 12])
async def test_however_many_people_are_at_home_they_are_read_at_once(district: District, n: int) -> None:
    for number in range(n):
        await at_home(district, VILLAGES[BAN][0], f"Lò Mẫu {chr(65 + number)}n")
    statements: list[str] = []

    def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    async with district.db.read() as tx:
        sa.event.listen(tx.sync_connection, "before_cursor_execute", count)
        found = await watched_in(tx, district.keys, VILLAGES[BAN], district.clock())

    assert len(found) == n
    assert len(statements) == 5


def test_the_ladder_has_the_hours_of_the_rules() -> None:
    assert [f"{hour:%H:%M}" for hour in climb_times()] == ["12:00", "14:00", "17:00", "18:00", "19:00"]


async def test_who_becomes_known_in_the_afternoon_makes_nobody_late(district: District) -> None:
    district.clock.move(clock_shows("15:00"))
    await at_home(district, FIRST)

    assert await told(district, "17:00") == {}
