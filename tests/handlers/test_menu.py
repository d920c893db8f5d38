"""The menu: what officials see by group, teams see at once; nothing that can be typed is forgotten."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.access import Role, RoleAt
from bot.handlers.entries import ENTRIES, Group
from bot.handlers.routes import COMMANDS, VERBS, platform_commands
from bot.storage import roster
from bot.texts import catalogue, languages
from tests.handlers.conftest import Bureau, person

NOT_OFFERED = {"start"}  # the beginning, and what a link to the bot sends


@pytest.fixture
async def official(bureau: Bureau) -> Bureau:
    async with bureau.db.write() as tx:
        officer = dataclasses.replace(person(7, "107"), roles=(RoleAt(Role.COMMUNE_OFFICER, "04123"),))
        await roster.add_people(tx, bureau.keys, [officer], bureau.clock())
    return bureau


def test_every_command_is_an_entry_or_deliberately_none() -> None:
    offered = {entry.key for entry in ENTRIES}

    assert {command.key for command in COMMANDS} - offered == NOT_OFFERED
    assert not offered & NOT_OFFERED
    assert len(offered) == len(ENTRIES)


@pytest.mark.parametrize("language", languages())
def test_every_entry_leads_somewhere_and_has_its_words(language: str) -> None:
    words = catalogue(language)

    for entry in ENTRIES:
        assert not entry.told or f"command.{entry.key}.help" in words
        if entry.group is not None and entry.choices is None:
            assert entry.button.key.split(":")[1] in VERBS
            assert entry.button.label.key in words
    assert all(f"menu.group.{group}" in words for group in Group)


async def test_an_official_chooses_a_group_then_an_entry_and_finds_back(official: Bureau) -> None:
    await official.take(official.message(token="do:more", address="107"))
    assert await official.payloads() == [*(f"do:more:{group}" for group in Group), "do:menu"]

    found = set()
    for group in Group:
        await official.take(official.message(token=f"do:more:{group}", address="107"))
        *entries, back = await official.payloads()
        assert back == "do:more"
        assert not found & set(entries)
        found |= set(entries)
    assert {"do:search", "do:balance", "do:form:returnee", "do:form:zero_report", "do:calls", "do:invite"} <= found
    assert not found & {"do:situation", "do:missing", "do:signing", "do:list"}  # which the first menu has


async def test_a_team_sees_everything_at_once(bureau: Bureau) -> None:
    await bureau.take(bureau.message(token="do:more"))

    shown = await bureau.payloads()

    assert {"do:form:returnee", "do:situation", "do:list", "do:search", "do:visits", "do:help"} <= set(shown)
    assert not [token for token in shown if token.startswith("do:more") or token in ("do:calls", "do:form:zero_report")]


async def test_an_unknown_group_is_answered_with_those_there_are(official: Bureau) -> None:
    await official.take(official.message(token="do:more:2", address="107"))  # a page, when the menu had no groups

    assert f"do:more:{Group.PEOPLE}" in await official.payloads()


async def test_the_help_tells_what_the_menu_offers_and_no_more(official: Bureau) -> None:
    [team] = await official.take(official.message("/trogiup"))
    [officer] = await official.take(official.message("/trogiup", address="107"))

    assert "/danhsach" in team
    assert "/danhsach" in officer
    assert "/chonhap" not in team
    assert "/chonhap" in officer
    assert [name for name, _ in platform_commands()[""] if f"/{name}" not in officer] == ["trogiup"]
