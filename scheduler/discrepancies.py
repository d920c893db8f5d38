"""Figures that do not match their lists, told to whose they are while there is time to mend or explain them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import at
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import TEAM, Role
from bot.reports.discrepancies import DECLARED_HERE, Discrepancy, discrepancies
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import place
from bot.storage.outbox import Post
from bot.storage.people import Who
from scheduler.round import MENU, Decisions, Round, holders


async def unexplained(round_: Round, communes: Sequence[str]) -> Decisions:
    """For each village whose report says otherwise than its list: its team and the commune's officers."""
    return {code: posts for code in communes if (posts := await _commune(round_, code))}


async def _commune(round_: Round, code: str) -> list[Post]:
    found = await discrepancies(round_.tx, round_.keys, round_.tree, code, round_.day)
    open_ = [one for one in found if one.source == DECLARED_HERE and one.explanation is None]
    if not open_:
        return []
    teams = await holders(round_, {one.unit.code for one in open_}, TEAM)
    officers = (await holders(round_, [code], {Role.COMMUNE_OFFICER})).get(code, ())
    return [
        post for one in open_ for who in (*teams.get(one.unit.code, ()), *officers) for post in _post(round_, code, one, who)
    ]


def _post(round_: Round, commune: str, one: Discrepancy, who: Who) -> list[Post]:
    said = Say(
        "discrepancy.push",
        commune=place(round_.tree[commune]),
        unit=place(one.unit),
        indicator=Say(f"reports.indicator.{one.indicator}"),
        a=one.declared,
        b=one.listed,
    )
    open_ = Choice(f"do:explain:{one.unit.code}:{one.indicator}:{one.source}", Say("discrepancy.button.explain"))
    return duty(
        who,
        voice(who)(said),
        round_.key(one.unit.code, who, one.indicator),
        buttons=buttons(who, (open_, MENU)),
        drop_after=at(round_.day, round_.timetable.deadline),
    )
