"""The forecast before the digest, for who answers for the figures: whom to remind now."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import at
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, OVERSEERS
from bot.domain.signing import Step
from bot.reports import issued
from bot.reports.discrepancies import discrepancies, discrepancy_lines
from bot.reports.duties import buttons, duty, voice
from bot.reports.figures import figures
from bot.reports.forecast import forecast_lines, outlook
from bot.reports.phrases import HOME
from bot.reports.sign_off import signed_off
from bot.storage.ledger import Range
from bot.storage.outbox import Post
from bot.storage.people import Who
from scheduler.ladder import Rung, climbed
from scheduler.nudges import RING_UP
from scheduler.round import Decisions, Round, holders


async def forecast(round_: Round, units: Sequence[str]) -> Decisions:
    """Nothing for a unit where everything is in, explained and approved."""
    readers = await holders(round_, units, COMMUNE_ROLES | OVERSEERS)
    made = {unit: await _forecast(round_, unit, readers[unit]) for unit in units if unit in readers}
    return {unit: posts for unit, posts in made.items() if posts}


async def _forecast(round_: Round, unit: str, readers: Sequence[Who]) -> list[Post]:
    days = Range(round_.day, round_.day)
    seen = await figures(round_.tx, round_.tree, unit, days, round_.now, timetable=round_.timetable)
    signed = await signed_off(round_.tx, round_.keys, round_.tree, unit, issued.MORNING, round_.day, 1)
    approved = Step.APPROVED in signed.marks
    found = await discrepancies(round_.tx, round_.keys, round_.tree, unit, round_.day)
    unexplained = [one for one in found if one.explanation is None]
    if not seen.missing and approved and not signed.unapproved and not unexplained:
        return []
    ahead = await outlook(round_.tx, round_.tree, seen, round_.now, round_.timetable)
    lines = forecast_lines(seen, ahead, approved, round_.timetable.digest, signed.unapproved)
    lines += discrepancy_lines(unexplained, round_.tree, unit)
    rows: list[tuple[Choice, ...]] = []
    if seen.missing or signed.unapproved:
        rows.append((Choice(f"do:remind:{unit}:{round_.day}", Say("forecast.button.remind")),))
    if unexplained:
        rows.append((Choice(f"do:differ:{unit}", Say("discrepancy.button.list")),))
    rows.append((Choice(f"do:signing:{unit}:{round_.day}", Say("signing.button.open")), HOME))
    rungs = [
        Rung(
            who,
            duty(
                who,
                "\n".join(voice(who)(line) for line in lines),
                round_.key(unit, who),
                buttons=buttons(who, *rows),
                drop_after=at(round_.day, round_.timetable.digest),
            ),
            _said_before(round_, unit, who),
        )
        for who in readers
    ]
    return await climbed(round_, rungs, loud=True)


def _said_before(round_: Round, unit: str, who: Who) -> list[str]:
    """What a commune's officer was told of its silent villages."""
    times = round_.timetable
    return [
        round_.key_of("overdue", times.cut_off, unit, who),
        round_.key_of("nudge_second", times.second_nudge, unit, who, RING_UP),
    ]
