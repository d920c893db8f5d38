"""Long lists: pages of buttons, and pages of numbers with one key each."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest

from bot.domain.access import Role, RoleAt
from bot.domain.units import OrgUnit
from bot.storage import roster, units
from tests.handlers.conftest import Bureau, person

VILLAGES = [OrgUnit(f"04123-{n:02}", f"Bản {n}", "village", "04123", "bản") for n in range(2, 27)]  # beside "Bản Mẫu"


class Officer:
    """The officer of a commune of 26 villages, who types; ``heard`` is the last answer."""

    def __init__(self, bureau: Bureau, channel: str) -> None:
        self.bureau = bureau
        self.channel = channel

    async def types(self, *texts: str) -> str:
        for text in texts:
            self.bureau.clock.move(self.bureau.clock() + timedelta(seconds=5))
            said = await self.bureau.take(dataclasses.replace(self.bureau.message(text, address="9"), channel=self.channel))
        return said[-1].removeprefix("9: ")


async def officer(bureau: Bureau, channel: str) -> Officer:
    who = dataclasses.replace(person(9, "9"), channel=channel, roles=(RoleAt(Role.COMMUNE_OFFICER, "04123"),))
    async with bureau.db.write() as tx:
        await units.save(tx, VILLAGES)
        await roster.add_people(tx, bureau.keys, [who], bureau.clock())
    return Officer(bureau, channel)


def numbered(text: str) -> list[str]:
    return re.findall(r"^(\d+)\. ", text, re.MULTILINE)


async def test_a_page_of_numbers_has_nine_choices_and_words_to_turn_it(bureau: Bureau) -> None:
    zalo = await officer(bureau, "zalo")

    first = await zalo.types("/khong")
    assert numbered(first) == [*"123456789", "0"]
    assert first.endswith('9. Bản 9\n0. Về đầu\nHoặc gõ "tiếp" (Trang sau).')
    second = await zalo.types("tiếp")
    assert "1. Bản 10\n" in second
    assert second.endswith('Hoặc gõ "trước" (Trang trước), "tiếp" (Trang sau).')
    last = await zalo.types("tiep")
    assert numbered(last) == [*"12345678", "0"]
    assert last.endswith('8. Bản 26\n0. Về đầu\nHoặc gõ "trước" (Trang trước).')
    assert await zalo.types("trước") == second
    assert await zalo.types("trang sau") == last

    assert "Bản 26" in await zalo.types("8")
    draft = await bureau.draft("U9")
    assert draft is not None
    assert draft.unit == "04123-26"


async def test_a_village_is_named_by_what_it_is_called_too(bureau: Bureau) -> None:
    zalo = await officer(bureau, "zalo")

    assert (await zalo.types("/khong", "ban 2")).startswith("KIỂM TRA TRƯỚC KHI GỬI\nKhông phát sinh mới, 09/9/2021 – Bản 2\n")


@pytest.mark.parametrize("command", ["/tinhhinh", "/thieu", "/khong", "/moi"])
async def test_no_page_needs_a_second_digit(bureau: Bureau, command: str) -> None:
    zalo = await officer(bureau, "zalo")

    shown = await zalo.types(command)
    for _ in range(5):
        assert len(numbered(shown)) <= 10
        assert len(set(numbered(shown))) == len(numbered(shown))
        shown = await zalo.types("tiếp" if '"tiếp"' in shown else "1")


async def test_the_situation_is_walked_down_to_a_village_and_back_by_numbers(bureau: Bureau) -> None:
    zalo = await officer(bureau, "zalo")

    commune = await zalo.types("tình hình")
    assert commune.startswith("TÌNH HÌNH Xã Mẫu")
    assert numbered(commune) == [*"123456789", "0"]
    village = await zalo.types("tiếp", "4")

    assert village.startswith("TÌNH HÌNH Bản 11")
    assert village.endswith("1. Kỳ trước\n2. Lên Xã Mẫu\n0. Về đầu")
    assert (await zalo.types("2")).startswith("TÌNH HÌNH Xã Mẫu")


async def test_the_communes_whose_figures_are_reconciled_come_in_pages_too(bureau: Bureau) -> None:
    who = dataclasses.replace(person(9, "9"), channel="zalo", roles=(RoleAt(Role.DISTRICT_OFFICER, "125"),))
    communes = [OrgUnit(f"0500{n}", f"Xã Mẫu {n}", "commune", "125") for n in range(1, 10)]
    async with bureau.db.write() as tx:
        await units.save(
            tx, [OrgUnit("125", "Huyện Mẫu", "district", None), *communes, OrgUnit("05010", "Xã Cuối", "commune", "125")]
        )
        await roster.add_people(tx, bureau.keys, [who], bureau.clock())
    zalo = Officer(bureau, "zalo")

    assert "Xã Cuối" not in await zalo.types("/doichieu")
    assert "1. Xã Cuối" in await zalo.types("tiếp")


async def test_buttons_come_by_two_dozens(bureau: Bureau) -> None:
    telegram = await officer(bureau, "telegram")

    await telegram.types("/khong")

    villages = [token for token in await bureau.payloads() if token.startswith("do:form:zero_report:")]
    assert len(villages) == 24
    assert (await bureau.payloads())[24:] == ["do:villages:zero_report:1", "do:menu"]
