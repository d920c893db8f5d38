"""What falls due of quick questions (N14): today's round of a daily one, a reminder before the deadline, who is missing at it.

The hours are those that officials set, so they are read from the questions; a run is noted by unit and instant like any other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.domain.questions import Asked, Moment, Question, What, foreseen, moments
from bot.domain.units import Tree
from bot.reports.question_posts import NUDGE, ask_posts, askers, live_posts, respondents, told_posts
from bot.reports.questions import read_round
from bot.storage import lateness, questions, ways
from bot.storage.crypto import Keyring
from bot.storage.database import Tx
from bot.storage.outbox import Post
from scheduler.round import Decisions, Round

KEPT = timedelta(days=1)
"""For so long a run is still worth doing."""

_AN_INSTANT = timedelta(microseconds=1)


async def moments_between(tx: Tx, keys: Keyring, after: datetime, until: datetime) -> Collection[datetime]:
    """The instants in (after, until] at which something of an open question falls due.

    And those before that were never looked at: after a clock was set back, ``after`` lies behind what is asked since.
    """
    found = await questions.falling_due(tx, keys, until)
    begin = {one.id: min(after, max((one.next_at or after) - _AN_INSTANT, until - KEPT)) for one in found}
    rounds = await questions.rounds(tx, begin, min(begin.values(), default=after))
    return {moment.at for one in found for moment in moments(one, rounds.get(one.id, []), begin[one.id], until)}


async def units_at(tx: Tx, keys: Keyring, tree: Tree, due_at: datetime) -> Sequence[str]:
    """Who asks something of which something falls due just then."""
    found = await _due(tx, keys, due_at)
    return sorted({one.unit for one, _ in found if one.unit in tree})


async def _due(
    tx: Tx, keys: Keyring, due_at: datetime, units: Collection[str] | None = None
) -> list[tuple[Question, list[Moment]]]:
    found = await questions.falling_due(tx, keys, due_at, units)
    rounds = await questions.rounds(tx, [one.id for one in found], due_at)
    at_once = ((one, moments(one, rounds.get(one.id, []), due_at - _AN_INSTANT, due_at)) for one in found)
    return [(one, due) for one, due in at_once if due]


async def due_now(round_: Round, units: Sequence[str]) -> Decisions:
    """Ask, remind, or tell who asked; each question then waits for its next moment."""
    decided: dict[str, list[Post]] = {}
    for one, due in await _due(round_.tx, round_.keys, round_.due_at, units):
        posts = decided.setdefault(one.unit, [])
        for moment in due:
            posts += await _WORK[moment.what](round_, one, moment)
        await questions.reschedule(round_.tx, one, round_.due_at)
    return decided


async def _ask(round_: Round, one: Question, moment: Moment) -> list[Post]:
    """Today's round begins. Asked too late to be answered in time, it is noted and nobody is asked."""
    coming = foreseen(one, moment.day)
    if coming is None or not await questions.begin(round_.tx, coming) or round_.now >= coming.due_at:
        return []
    seen = await read_round(round_.tx, round_.keys, round_.tree, one, coming)
    readers = await respondents(round_.tx, round_.keys, seen.standing.units)
    posts = ask_posts(one, coming, round_.tree, readers, round_.now)
    return posts + await live_posts(round_.tx, seen, await askers(round_.tx, round_.keys, one), round_.now)


async def _nudge(round_: Round, one: Question, moment: Moment) -> list[Post]:
    """Who is silent, but not who said today that their report comes later, nor who is rung up anyway."""
    asked = await _round(round_, one, moment)
    if asked is None or round_.now >= asked.due_at:
        return []
    seen = await read_round(round_.tx, round_.keys, round_.tree, one, asked)
    codes = [unit.code for unit in seen.standing.missing]
    spared = (await lateness.reasons(round_.tx, codes, round_.day)).keys() | (await ways.not_on_app(round_.tx, codes)).keys()
    left = [unit for unit in seen.standing.missing if unit.code not in spared]
    readers = await respondents(round_.tx, round_.keys, left)
    return ask_posts(one, asked, round_.tree, readers, round_.now, NUDGE, moment.at.isoformat())


async def _over(round_: Round, one: Question, moment: Moment) -> list[Post]:
    """The deadline has come: who is missing, by name; nothing where nobody is."""
    asked = await _round(round_, one, moment)
    if asked is None:
        return []
    seen = await read_round(round_.tx, round_.keys, round_.tree, one, asked)
    readers = await askers(round_.tx, round_.keys, one)
    live = await live_posts(round_.tx, seen, readers, round_.now)
    return live + (told_posts(seen, readers, round_.now, "due") if seen.standing.missing else [])


async def _round(round_: Round, one: Question, moment: Moment) -> Asked | None:
    """The round as it is; None if it was never asked: nobody is reminded of that."""
    rounds = (await questions.rounds(round_.tx, [one.id], moment.at)).get(one.id, [])
    return next((asked for asked in rounds if asked.day == moment.day), None)


_WORK = {What.ASK: _ask, What.NUDGE: _nudge, What.DUE: _over}
