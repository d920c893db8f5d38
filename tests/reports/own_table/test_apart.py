"""A file is looked at in a process of its own: what happens to it there happens to nobody else."""

from __future__ import annotations

from bot.reports.own_look import Looked, look
from bot.reports.own_process import look_apart
from bot.reports.own_table import Refused
from tests.reports.own_table.books import UNITS, WHOLE, merged_headings

SCOPES = {WHOLE: [list(UNITS)]}


async def test_it_finds_what_is_found_here() -> None:
    found = await look_apart(merged_headings(), SCOPES, {})

    assert isinstance(found, Looked)
    assert found == look(merged_headings(), SCOPES, {})
    assert await look_apart(b"khong phai Excel", SCOPES, {}) == Refused("not_excel")


async def test_what_takes_too_long_is_given_up_and_said() -> None:
    assert await look_apart(merged_headings(), SCOPES, {}, patience=0) == Refused("too_much")
