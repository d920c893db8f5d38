"""In the morning: whoever was asked to take somebody in and has not answered. No name: it shows on a locked screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.clock import at, vietnam_day
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Role
from bot.reports.duties import buttons, duty, voice
from bot.reports.phrases import HOME, place
from bot.storage import people, transfers
from bot.storage.outbox import Post
from scheduler.round import Decisions, Round, holders


async def transfers_waiting(round_: Round, communes: Sequence[str]) -> Decisions:
    """The heads of each village that was asked before today, or else the officers of its commune."""
    villages = {code: [village.code for village in round_.tree.villages(code)] for code in communes}
    every = [code for codes in villages.values() for code in codes]
    waiting = await transfers.open_to(round_.tx, round_.keys, every)
    n = Counter(one.to_unit for one in waiting if vietnam_day(one.proposed_at) < round_.day)
    heads = await holders(round_, n, {Role.HEAD})
    officers = await holders(round_, communes, {Role.COMMUNE_OFFICER})
    return {
        commune: [
            post
            for village in codes
            if village in n
            for who in heads.get(village, ()) or officers.get(commune, ())
            for post in _asked(round_, village, who, n[village])
        ]
        for commune, codes in villages.items()
        if n.keys() & set(codes)
    }


def _asked(round_: Round, village: str, who: people.Who, n: int) -> list[Post]:
    return duty(
        who,
        voice(who)(Say("schedule.transfers", place=place(round_.tree[village]), n=n)),
        round_.key(village, who),
        buttons=buttons(who, (Choice("do:transfers", Say("menu.transfers")), HOME)),
        drop_after=at(round_.day, round_.timetable.deadline),
    )
