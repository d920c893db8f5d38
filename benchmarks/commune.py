"""How much work a commune's teams have: fourteen days of ten villages, played through practice mode's HTTP API.

``python -m benchmarks.commune`` prints, for each way of reporting, how many acts (messages and taps) it takes a person.
Everybody is invented. At the end the commune's figures are compared with what was played.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.demo.people import demo_people
from bot.domain.access import Role, RoleAt
from bot.domain.units import OrgUnit
from bot.handlers.call import NOTICE_VERSION
from bot.practice import BOTS
from bot.storage import ledger, people, roster, units
from bot.storage.ledger import Range
from bot.storage.people import Who
from bot.storage.schema import account
from tests.stories.talk import Person, Talk, talking

COMMUNE = OrgUnit("09990", "Xã Mẫu", "commune", "125")
FIRST_DAY = date(2021, 9, 9)
FAMILIES, MIDDLE = ("Lò", "Hoàng", "Quàng", "Cầm", "Lường", "Tòng", "Hà", "Vì", "Giàng", "Bùi"), "Mẫu"
GIVEN = ("An", "Bình", "Chung", "Dũng", "Đức", "Hải", "Hiếu", "Hùng", "Khánh", "Lâm", "Long", "Mạnh", "Quân", "Sơn", "Tùng")
PLACES = ("Bình Dương", "Hà Nội", "Đồng Nai", "Bắc Ninh", "TP. Hồ Chí Minh")
RIDES = ("xe khách", "xe máy")
EVERY_NTH_GUIDED = 8
"""Of the returnees; most people who have learnt it will paste."""


@dataclass
class Tally:
    """Of one way of reporting: how often, and the acts of each."""

    acts: list[int] = field(default_factory=list)

    def line(self, name: str, most: int | None) -> str:
        limit = f"  (at most {most}: {'yes' if max(self.acts) <= most else 'NO'})" if most else ""
        return f"{name:34}{len(self.acts):7}{sum(self.acts) / len(self.acts):8.1f}{max(self.acts):6}{limit}"


HEAD = f"{'way of reporting':34}{'times':>7}{'acts':>8}{'most':>6}"
LIMITS = {
    "returnee, question by question": None,
    "returnee, guided": 11,
    "returnee, pasted": 2,
    "nothing new": 2,
    "healthy visit": 2,
    "round of visits, opening it": None,
}
HEALTHY = "Có mặt, không triệu chứng"


class Commune:
    """The teams at work."""

    def __init__(self, talk: Talk, villages: int, seed: int) -> None:
        self.talk = talk
        self.heads = [talk.person(_head(n)) for n in range(1, villages + 1)]
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self.filed: dict[str, int] = defaultdict(int)
        self.dice = random.Random(seed)
        self._names = _names(self.dice)
        self._count = 0
        self.visited = 0

    async def day(self, day: date, newcomers: int) -> None:
        """One day: ``newcomers`` people come home, spread over the villages by chance; who has none says so."""
        await self.talk.clock.to("07:05", day)
        for head in self.heads:
            await self.visits(head)
        coming: dict[Person, int] = defaultdict(int)
        quiet = self.heads[day.toordinal() % len(self.heads)]  # somebody always has nothing new
        for _ in range(newcomers):
            coming[self.dice.choice([head for head in self.heads if head is not quiet])] += 1
        for head in self.heads:
            if not coming[head]:
                await self._counted("nothing new", head, self.nothing_new)
            for _ in range(coming[head]):
                await self.somebody(head, day)

    async def visits(self, head: Person) -> None:
        """Everybody whom this head sees to today is at home and well."""
        before = head.acts
        if "Mở danh sách" not in await head.buttons():
            return
        await head.taps("Mở danh sách")
        self.tallies["round of visits, opening it"].acts.append(head.acts - before)
        first = (await head.buttons())[0]
        while True:
            before = head.acts
            if HEALTHY not in await head.buttons():
                await head.taps(first)  # the first of the round; the next one comes by itself
            await head.taps(HEALTHY)
            self.tallies["healthy visit"].acts.append(head.acts - before)
            self.visited += 1
            if HEALTHY not in await head.buttons():
                return

    async def somebody(self, head: Person, day: date) -> None:
        self._count += 1
        self.filed["returnees_total"] += 1
        if self._count % (2 * EVERY_NTH_GUIDED) == 0:
            await self._counted("returnee, question by question", head, lambda who: self.question_by_question(who, day))
        elif self._count % EVERY_NTH_GUIDED == 0:
            await self._counted("returnee, guided", head, lambda who: self.guided(who, day))
        else:
            await self._counted("returnee, pasted", head, lambda who: self.pasted(who, day))

    async def _counted(self, name: str, who: Person, does: Callable[[Person], Coroutine[Any, Any, None]]) -> None:
        before = who.acts
        await does(who)
        self.tallies[name].acts.append(who.acts - before)

    # --- ways of reporting ------------------------------------------------------------------------------------------

    async def nothing_new(self, head: Person) -> None:
        """By the button of the morning's reminder."""
        await head.taps("Không phát sinh mới", "Gửi báo cáo")

    async def question_by_question(self, head: Person, day: date) -> None:
        name, year, phone = self._someone()
        await head.says("/nguoive")
        await head.answers(name, str(year), "Nam", phone, "Lò Mẫu Hộ", "Bình Dương", "Hôm qua", "Xe khách", "1 mũi")
        await head.answers(_short(day - timedelta(20)), "Có", "Cách ly tại nhà", "Hôm qua", "Gửi báo cáo")

    async def guided(self, head: Person, day: date) -> None:
        name, year, phone = self._someone()
        place, ride = self.dice.choice(PLACES), self.dice.choice(RIDES)
        await head.says("/nguoive", f"{name} {year} nam {phone}")
        await head.answers("Lò Mẫu Hộ", f"{place} hôm qua {ride}", "2 mũi", _short(day - timedelta(30)), "Có")
        await head.answers("Cách ly tại nhà", "Hôm qua", "Gửi báo cáo")

    async def pasted(self, head: Person, day: date) -> None:
        name, year, phone = self._someone()
        place, ride = self.dice.choice(PLACES), self.dice.choice(RIDES)
        await head.says(
            f"Em báo cáo: {name}, nam, sn {year}, sđt {phone}, về từ {place} hôm qua bằng {ride}, đã tiêm 1 mũi, "
            f"đã khai báo y tế, cách ly tại nhà từ {_short(day - timedelta(1))}"
        )
        await head.taps("Gửi báo cáo")

    def _someone(self) -> tuple[str, int, str]:
        return next(self._names), self.dice.randrange(1950, 2003), f"0900 {self._count // 1000:03} {self._count % 1000:03}"


def _names(dice: random.Random) -> Iterator[str]:
    """All different, in no order."""
    found = [f"{family} {MIDDLE} {one} {two}" for family, one, two in product(FAMILIES, GIVEN, GIVEN) if one != two]
    dice.shuffle(found)
    return iter(found)


def _short(day: date) -> str:
    return f"{day.day}/{day.month}"


def _head(village: int) -> str:
    return f"{COMMUNE.code}-{village:02}-head"


async def _prepared(data: Path, villages: int) -> None:
    """A commune of its own; all others have blocked the bot, so that their reminders do not take the time."""
    async with talking(data) as talk:
        parts = talk.running.parts
        places = [
            OrgUnit(f"{COMMUNE.code}-{n:02}", f"Bản Mẫu {n}", "village", COMMUNE.code, "bản") for n in range(1, villages + 1)
        ]
        teams = [_who(n, _head(n), RoleAt(Role.HEAD, place.code)) for n, place in enumerate(places, start=1)]
        office = _who(0, f"{COMMUNE.code}-officer", RoleAt(Role.COMMUNE_OFFICER, COMMUNE.code))
        async with parts.db.write() as tx:
            quiet = [one.address for one in demo_people() if one.unit != "125"]
            await tx.execute(sa.update(account).where(account.c.address.in_(quiet)).values(state=people.BLOCKED))
            await units.save(tx, [COMMUNE, *places])
            await roster.add_people(tx, parts.keys, [*teams, office], parts.clock())


def _who(number: int, name: str, held: RoleAt) -> Who:
    return Who(
        id=name,
        name=f"Lò Mẫu {GIVEN[number]}",
        phone=f"+84900999{number:03}",
        address_form="anh",
        language="vi",
        roles=(held,),
        channel="telegram",
        bot=BOTS["telegram"],
        address=str(799900000 + number),
        notice_version=NOTICE_VERSION,
    )


async def play(data: Path, villages: int, people_: int, days: int, seed: int = 1) -> Commune:
    """Play these days; the commune as it stands then. Raises AssertionError if its figures are not what was played."""
    await _prepared(data, villages)
    async with talking(data) as talk:
        commune = Commune(talk, villages, seed)
        for n in range(days):
            share = people_ * (n + 1) // days - people_ * n // days
            await commune.day(FIRST_DAY + timedelta(n), share)
            print(f"day {n + 1}: {share} people", file=sys.stderr, flush=True)
        await _compare(talk, commune, villages, days)
    return commune


async def _compare(talk: Talk, commune: Commune, villages: int, days: int) -> None:
    codes = [f"{COMMUNE.code}-{n:02}" for n in range(1, villages + 1)]
    async with talk.running.parts.db.read() as tx:
        sums = await ledger.sums(tx, codes, Range(FIRST_DAY, FIRST_DAY + timedelta(days + 1)))
    for indicator, expected in commune.filed.items():
        counted = sum(n for (_, name), n in sums.items() if name == indicator)
        assert counted == expected, f"{indicator}: played {expected}, counted {counted}"
    visited = sum(n for (_, name), n in sums.items() if name == "visits_done")
    assert visited == commune.visited, f"visits: made {commune.visited}, counted {visited}"


def table(commune: Commune) -> str:
    """The numbers for people."""
    lines = [HEAD, *(commune.tallies[name].line(name, most) for name, most in LIMITS.items() if name in commune.tallies)]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commune", description=__doc__)
    parser.add_argument("--villages", type=int, default=10)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--days", type=int, default=14)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="commune-") as folder:
        commune = asyncio.run(play(Path(folder) / "practice", options.villages, options.people, options.days))
    print(table(commune))
    return 0


if __name__ == "__main__":
    sys.exit(main())
