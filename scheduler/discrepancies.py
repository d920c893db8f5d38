"""Figures that do not match, told to whose they are while there is time to mend or explain them.

What nobody has explained by then, who answers for the figures reads in the forecast, and those above in the late list.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import at
from bot.domain.access import TEAM, Role
from bot.reports.asking import ask
from bot.reports.discrepancies import DECLARED_HERE, discrepancies
from bot.storage.outbox import Post
from scheduler.round import Decisions, Round, holders


async def unexplained(round_: Round, communes: Sequence[str]) -> Decisions:
    """What a village declared is asked of its team and the commune's officers, a figure of those above of the officers."""
    return {code: posts for code in communes if (posts := await _asked(round_, code))}


async def _asked(round_: Round, code: str) -> list[Post]:
    found = await discrepancies(round_.tx, round_.keys, round_.tree, code, round_.day)
    open_ = [one for one in found if one.explanation is None]
    if not open_:
        return []
    teams = await holders(round_, {one.unit.code for one in open_ if one.source == DECLARED_HERE}, TEAM)
    officers = (await holders(round_, [code], {Role.COMMUNE_OFFICER})).get(code, ())
    times, until = round_.timetable, at(round_.day, round_.timetable.deadline)
    return [
        post
        for one in open_
        for who in (*teams.get(one.unit.code, ()), *officers)
        for post in ask(
            round_.tree, one, who, round_.key(one.unit.code, who, f"{one.indicator}:{one.source}"), times.deadline, until
        )
    ]
