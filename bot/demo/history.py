"""The demo's yesterday and its early morning: what the invented teams have filed before the newcomer sits down.

Everything is filed by the use case that people's own reports go through, so it obeys every rule. One commune, the one whose
morning is played, has sent nothing yet today; elsewhere a few villages are silent, so that the late list has something to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.clock import at, vietnam_day
from bot.conversation.draft import REVIEW, Draft, Json
from bot.demo.people import SHOWN_FIRST, demo_people
from bot.domain.access import Role, RoleAt
from bot.domain.units import COMMUNE, DISTRICT, Tree
from bot.handlers.call import Desk
from bot.handlers.filing import file_report
from bot.reports.issued import issue
from bot.storage import records
from bot.storage.database import Tx
from bot.storage.people import Who

PLACES = ("TP. Hồ Chí Minh", "Bình Dương", "Đồng Nai", "Hà Nội", "Bắc Ninh")
HOUSEHOLDS = ("Lò Mẫu Ín", "Hoàng Mẫu Pâng", "Quàng Mẫu Sơn", "Cầm Mẫu Ưng", "Vì Mẫu Yên")
GIVEN = ("Ái", "Bun", "Cương", "Diên", "Hặc", "Ín", "Kẹo", "Lả", "Mới", "Nơi", "Ón", "Pản", "Sương", "Thu", "Văn", "Xôm")
FAMILIES = ("Lò", "Hoàng", "Quàng", "Cầm", "Lường", "Tòng", "Hà", "Vì")
SILENT = frozenset({"04138-02", "04138-05", "04147-03", "04162-01"})


@dataclass(frozen=True)
class _Deed:
    when: datetime
    unit: str
    form: str
    answers: Mapping[str, Json]


async def make_history(tx: Tx, desk: Desk, tree: Tree, bots: Mapping[str, str], today: date) -> int:
    """File the past of the demo, up to ``today`` 06:45, and issue yesterday's digests. Returns how many reports that were.

    ``bots`` has the bot's id on each channel. Does nothing, and returns 0, if anything was filed before.
    """
    if await records.any_filed(tx):
        return 0
    heads = {person.unit: person for person in demo_people() if person.role is Role.HEAD}
    deeds = sorted(_deeds(today, list(heads)), key=lambda deed: deed.when)
    yesterday_digest = at(today - timedelta(days=1), desk.timetable.digest)
    issued = False
    for deed in deeds:
        if deed.when >= yesterday_digest and not issued:
            await _issue(tx, desk, tree, yesterday_digest)
            issued = True
        head = heads[deed.unit]
        roles, bot = (RoleAt(head.role, head.unit),), bots[head.channel]
        who = Who(head.id, head.name, head.phone, head.address_form, "vi", roles, head.channel, bot, head.address)
        form = desk.forms[deed.form]
        draft = Draft(desk.new_id(), form.name, form.version, deed.unit, REVIEW, answers=deed.answers)
        await file_report(tx, desk, tree, who, form, draft, deed.when)
    return len(deeds)


async def _issue(tx: Tx, desk: Desk, tree: Tree, now: datetime) -> None:
    for unit in tree:
        if unit.level in (COMMUNE, DISTRICT):
            await issue(tx, tree, unit.code, "morning", vietnam_day(now), now, desk.timetable)


def _deeds(today: date, villages: list[str]) -> Iterator[_Deed]:
    chance = Random(2021)  # the same past every time
    yesterday, before = today - timedelta(days=1), today - timedelta(days=2)
    for village in villages:
        for _ in range(chance.randint(1, 3)):
            yield _Deed(_between(chance, before, 9, 17), village, "absence", _absence(chance, today))
        yield _Deed(_between(chance, yesterday, 6, 7), village, "zero_report", {})
        back = chance.choice((0, 0, 0, 1, 1, 2))
        for _ in range(back):
            yield _Deed(_between(chance, yesterday, 9, 19), village, "returnee", _returnee(chance, yesterday))
        if not village.startswith(SHOWN_FIRST) and village not in SILENT:
            counts = {"returnees_new": back, "away_new": 0, "f0_new": 0, "difficulties": None}
            form, answers = ("daily_report", counts) if back else ("zero_report", {})
            yield _Deed(_between(chance, today, 5, 6), village, form, answers)


def _between(chance: Random, day: date, first: int, last: int) -> datetime:
    """Some minute from ``first`` o'clock to a quarter to ``last`` + 1."""
    return at(day, time(chance.randint(first, last), chance.randint(0, 44)))


def _name(chance: Random) -> str:
    return f"{chance.choice(FAMILIES)} Mẫu {chance.choice(GIVEN)}"


def _phone(chance: Random) -> str | None:
    return chance.choice((None, f"+849000{chance.randint(10_000, 99_999)}"))


def _absence(chance: Random, today: date) -> dict[str, Json]:
    contacted = chance.random() < 0.8
    return {
        "full_name": _name(chance),
        "birth_year": chance.randint(1965, 2003),
        "group": chance.choice(("worker", "worker", "worker", "student", "patient")),
        "household": chance.choice(HOUSEHOLDS),
        "phone": _phone(chance),
        "now_at": chance.choice(PLACES),
        "doses": chance.choice(("0", "1", "2", "unknown")),
        "returned": False,
        "expected_return": chance.choice((None, (today + timedelta(days=chance.randint(5, 40))).isoformat())),
        "contacted": contacted,
        "needs_support": contacted and chance.random() < 0.25,
        "support_note": None,
    }


def _returnee(chance: Random, arrived: date) -> dict[str, Json]:
    place = chance.choice(("home", "home", "institutional", "self_monitoring"))
    answers: dict[str, Json] = {
        "full_name": _name(chance),
        "birth_year": chance.randint(1960, 2005),
        "sex": chance.choice(("male", "female")),
        "phone": _phone(chance),
        "household": chance.choice(HOUSEHOLDS),
        "came_from": chance.choice(PLACES),
        "arrived_on": arrived.isoformat(),
        "transport": chance.choice(("motorbike", "coach", "car")),
        "doses": chance.choice(("0", "1", "2")),
        "health_declared": True,
        "quarantine_type": place,
    }
    if answers["doses"] != "0":
        answers["last_dose_on"] = None
    if place != "self_monitoring":
        answers["quarantine_from"] = arrived.isoformat()
    return answers
