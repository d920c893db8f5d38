"""At dawn: the villages are asked for what was not said at night. No name: it shows on a locked screen."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import at
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import TEAM
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import HOME, place
from bot.reports.to_complete import Incomplete, counts, to_complete
from bot.storage import people
from bot.storage.outbox import Post
from scheduler.round import Decisions, Round, holders


async def contacts_to_complete(round_: Round, communes: Sequence[str]) -> Decisions:
    """The teams of each village with contacts or cases of whom little more than a name is known."""
    villages = {code: [village.code for village in round_.tree.villages(code)] for code in communes}
    found: dict[str, list[Incomplete]] = {}
    for one in await to_complete(round_.tx, round_.keys, [code for codes in villages.values() for code in codes]):
        found.setdefault(one.record.unit, []).append(one)
    teams = await holders(round_, found, TEAM)
    return {
        commune: [
            post for village in codes for who in teams.get(village, ()) for post in _asked(round_, village, who, found[village])
        ]
        for commune, codes in villages.items()
        if found.keys() & set(codes)
    }


def _asked(round_: Round, village: str, who: people.Who, found: Sequence[Incomplete]) -> list[Post]:
    return duty(
        who,
        voice(who)(Say("schedule.to_complete", place=place(round_.tree[village]), counts=counts(found))),
        round_.key(village, who),
        buttons=buttons(who, (Choice("do:complete", Say("menu.complete")), HOME)),
        drop_after=at(round_.day, round_.timetable.deadline),
    )
