"""Confirming a template where only words can be typed: nine choices to a page, and a word where a digit could slip."""

from __future__ import annotations

import dataclasses
import io
import re
from datetime import timedelta

import pytest
from openpyxl import Workbook

from bot.domain.access import Role, RoleAt
from bot.domain.units import Tree
from bot.reports.own_figures import scopes
from bot.reports.own_look import Looked, look
from bot.reports.own_table import restored, stored
from bot.storage import own_tables, roster
from bot.storage.own_tables import Draft
from tests.handlers.conftest import UNITS, Bureau, person

COLUMNS = (
    *("F0 mới", "F1 mới", "Cách ly tập trung", "Cách ly tại nhà", "Số mẫu đã lấy", "Mẫu chờ kết quả", "F0 đang điều trị"),
    *("Số túi thuốc đã cấp", "Số chốt kiểm soát", "Tử vong trong ngày", "F1 đang theo dõi", "Ghi chú"),
)


def template() -> bytes:
    book = Workbook()
    book.worksheets[0].append(["TT", "Tên bản", *COLUMNS])
    book.worksheets[0].append([1, "Bản Mẫu"])
    book.worksheets[0].append([2, "Bản Không Có"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Typist:
    """The commune's officer on Zalo."""

    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau

    async def types(self, *texts: str) -> str:
        """The last answer to these messages."""
        said: list[str] = []
        for text in texts:
            self.bureau.clock.move(self.bureau.clock() + timedelta(seconds=5))
            message = dataclasses.replace(self.bureau.message(text, address="z1"), channel="zalo")
            said = await self.bureau.take(message)
        return "\n".join(one.removeprefix("z1: ") for one in said)


@pytest.fixture
async def officer(bureau: Bureau) -> Typist:
    """With a template that was read and is not confirmed yet."""
    found = look(template(), scopes(Tree(UNITS, bureau.clock().date()), ["04123"]), {})
    assert isinstance(found, Looked)
    roles = (RoleAt(Role.COMMUNE_OFFICER, "04123"),)
    async with bureau.db.write() as tx:
        someone = dataclasses.replace(person(3, "z1"), channel="zalo", roles=roles)
        await roster.add_people(tx, bureau.keys, [someone], bureau.clock())
        draft = Draft("BIEU", "04123", 0, "Bieu.xlsx", template(), stored(found.table))
        await own_tables.keep(tx, bureau.keys, "U3", draft, bureau.clock())
    return Typist(bureau)


def number_of(label: str, text: str) -> str:
    """The number in front of a choice."""
    found = re.search(rf"^(\d)\. .*{re.escape(label)}", text, re.MULTILINE)
    assert found is not None, (label, text)
    return found[1]


async def test_a_page_has_a_digit_for_each_choice_and_a_word_turns_it(officer: Typist) -> None:
    seen = first = await officer.types("/bieu")
    while '"tiếp"' in first:
        assert "\n10. " not in first
        first = await officer.types("tiếp")
        seen += first

    assert [column for column in COLUMNS if f"{column} →" not in seen] == []


async def test_what_is_unclear_is_asked_one_after_the_other_and_a_word_confirms(bureau: Bureau, officer: Typist) -> None:
    card = await officer.types("/bieu")
    asked = await officer.types(number_of("Trả lời mục chưa rõ", card))
    assert "Số túi thuốc đã cấp" in asked

    asked = await officer.types(number_of("Cột này xã tự gõ", asked))
    assert "Số chốt kiểm soát" in asked
    asked = await officer.types(number_of("Cột này xã tự gõ", asked))
    assert "Bản Không Có" in asked
    card = await officer.types(number_of("Dòng này để nguyên", asked))
    assert '"DÙNG" (Xác nhận, dùng từ hôm nay)' in card
    assert "ĐÃ DÙNG MẪU BIỂU (bản 1)" in await officer.types("dùng")

    async with bureau.db.read() as tx:
        version = await own_tables.latest(tx, bureau.keys, "04123")
    assert version is not None
    table = restored(version.mapping)
    assert not table.open_columns + table.open_rows
    assert [row.unit for row in table.rows] == ["04123-01", None]


async def test_stopping_takes_a_word_too(officer: Typist) -> None:
    await officer.types("/bieu", "dùng")
    card = await officer.types("/bieu")
    sure = await officer.types(number_of("Thôi dùng", card))

    assert '"THÔI"' in sure
    assert "Đã thôi dùng mẫu biểu" in await officer.types("thôi")
