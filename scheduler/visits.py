"""Visits to people who isolate at home: whom to visit, each morning; and the ladder of what was not visited. No names.

The morning's round opens the day's figures as well, since nothing else happens on an ordinary morning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import time, timedelta

from bot.clock import at
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Role
from bot.domain.due import VISIT_FIGURES, at_home, visits, visits_on
from bot.domain.follow_up import climbing
from bot.domain.follow_up_rules import follow_up_rules
from bot.domain.units import VILLAGE
from bot.domain.visit_figures import open_days, settled, window_of_visits
from bot.forms import forms
from bot.reports.duties import buttons, duty, voice
from bot.reports.ending import Ending, ending
from bot.reports.phrases import HOME, place
from bot.reports.supervision import Watched, supervisors, watched_in
from bot.storage import people, persons
from bot.storage.outbox import Post
from scheduler.round import Decisions, Round, holders

OPENED = "visits"  # a kind of event: the figures of a day's visits were opened
AN_INSTANT = timedelta(microseconds=1)


async def morning(round_: Round, communes: Sequence[str]) -> Decisions:
    """Each supervisor gets the number of their people, and the commune's officers all; the names are behind the buttons."""
    decided = {}
    for commune, watched in (await _watched(round_, communes)).items():
        await _open(round_, commune, watched)
        decided[commune] = await _to_supervisors(round_, commune, watched)
    return decided


async def _watched(round_: Round, communes: Sequence[str]) -> dict[str, dict[str, Watched]]:
    """Whoever isolates or watches their health in each commune in which there is anybody, read for all of them at once."""
    of_village = {unit.code: commune for commune in communes for unit in round_.tree.subtree(commune)}
    found: dict[str, dict[str, Watched]] = {}
    for one, who in (await watched_in(round_.tx, round_.keys, of_village, round_.now)).items():
        found.setdefault(of_village[who.person.unit], {})[one] = who
    return found


async def _open(round_: Round, commune: str, watched: Mapping[str, Watched]) -> None:
    windows = [window_of_visits(day) for day in open_days(round_.now)]
    counted = await persons.flows_of(round_.tx, watched, VISIT_FIGURES, windows)
    files = {one: (who.person.unit, who.file) for one, who in watched.items()}
    entries = settled(files, forms(), counted, round_.now, opening=True)
    if entries:
        event = await persons.add_event(round_.tx, round_.keys, OPENED, f"{commune}.{OPENED}", commune, None, None, round_.now)
        await persons.post_stocks(round_.tx, event, entries)


async def _to_supervisors(round_: Round, commune: str, watched: Mapping[str, Watched]) -> list[Post]:
    news = ending(watched, round_.day, forms())
    visited = {one for one, who in watched.items() if any(not v.done for v in visits_on(round_.day, one, who.file, forms()))}
    concerned = visited | {one.person for one in news.over} | set(news.others)
    seeing = await supervisors(
        round_.tx, round_.keys, round_.tree, forms(), {one: watched[one] for one in watched if one in concerned}
    )
    known = {who.id: who for of_one in seeing.values() for who in of_one}
    of_user: dict[str, set[str]] = {}
    for person, users in seeing.items():
        for who in users:
            of_user.setdefault(who.id, set()).add(person)
    posts = [
        post
        for user, people in sorted(of_user.items())
        for post in _card(round_, commune, known[user], people & visited, news.of(people))
    ]
    return posts + await _overview(round_, commune, len(visited), news, known)


def _card(round_: Round, commune: str, who: people.Who, visited: Collection[str], news: Ending) -> list[Post]:
    lines = [Say("schedule.follow_up.morning", n=len(visited))] if visited else []
    if counts := news.counts():
        lines.append(Say("schedule.follow_up.ending", counts=counts))
    opens = [Choice("do:visits", Say("visits.open"))] if visited else []
    opens += [Choice("do:countdown", Say("menu.countdown"))] if counts else []
    return _posted(round_, who, commune, lines, (*opens, HOME))


async def _overview(round_: Round, commune: str, visited: int, news: Ending, told: Collection[str]) -> list[Post]:
    """The same of the whole commune for its officers; who sees to people there has a card of their own."""
    counts = news.counts()
    if not visited and not counts:
        return []
    officers = await holders(round_, [commune], {Role.COMMUNE_OFFICER})
    place_ = place(round_.tree[commune])
    lines = [Say("schedule.follow_up.commune", place=place_, n=visited)]
    if counts:
        lines.append(Say("schedule.follow_up.ending", counts=counts))
    choices = (Choice("do:visits", Say("visits.open")), Choice("do:countdown", Say("menu.countdown")), HOME)
    return [
        post
        for who in officers.get(commune, ())
        if who.id not in told
        for post in _posted(round_, who, commune, lines, choices)
    ]


def _posted(round_: Round, who: people.Who, unit: str, lines: Sequence[Say], choices: Sequence[Choice]) -> list[Post]:
    return duty(
        who,
        "\n".join(voice(who)(line) for line in lines),
        round_.key(unit, who),
        buttons=buttons(who, choices),
        drop_after=at(round_.day, time.max),
    )


def climb_times() -> list[time]:
    """The hours at which a visit that was not made climbs (``rules/follow_up.toml``)."""
    return sorted({step.at for slot in follow_up_rules().visit for step in slot.climbs})


async def climb(round_: Round, communes: Sequence[str]) -> Decisions:
    """Tell the heads, and the commune, of the visits that climb to them at this hour."""
    decided = {}
    for commune, watched in (await _watched(round_, communes)).items():
        counts = _climbing(round_, watched)
        posts = await _to_heads(round_, counts.get(Role.HEAD, Counter()))
        posts += await _to_commune(round_, commune, counts.get(Role.COMMUNE_OFFICER, Counter()))
        if posts:
            decided[commune] = posts
    return decided


def _climbing(round_: Round, watched: Mapping[str, Watched]) -> dict[Role, Counter[str]]:
    """How many visits climb now, to whom, from which villages. Late, the hours that passed count, not what was done since."""
    found: dict[Role, Counter[str]] = {}
    for who in watched.values():
        stay = at_home(who.file, forms())
        if stay is None or stay.watched is None:
            continue
        told = climbing(stay.watched, visits(who.file), round_.due_at - AN_INSTANT, round_.due_at, follow_up_rules())
        for one in told:
            if stay.opened_at < one.due_at:
                found.setdefault(one.to, Counter())[who.person.unit] += 1
    return found


async def _to_heads(round_: Round, counts: Counter[str]) -> list[Post]:
    heads = await holders(round_, counts, {Role.HEAD})
    return [
        post
        for village, n in sorted(counts.items())
        for who in heads.get(village, ())
        for post in _told(round_, who, village, Say("schedule.follow_up.missed", place=place(round_.tree[village]), n=n))
    ]


async def _to_commune(round_: Round, commune: str, counts: Counter[str]) -> list[Post]:
    if not counts:
        return []
    officers = await holders(round_, [commune], {Role.COMMUNE_OFFICER})
    villages = [Say("visits.climbed", unit=place(round_.tree[code]), n=n) for code, n in sorted(counts.items())]
    say = Say("schedule.follow_up.missed_commune", place=place(round_.tree[commune]), n=counts.total(), villages=villages)
    return [post for who in officers.get(commune, ()) for post in _told(round_, who, commune, say)]


def _told(round_: Round, who: people.Who, unit: str, say: Say) -> list[Post]:
    opens = f"do:visits:{unit}" if round_.tree[unit].level == VILLAGE else "do:visits"
    return _posted(round_, who, unit, [say], (Choice(opens, Say("visits.open")), HOME))
