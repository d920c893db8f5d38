"""Reminding the villages that are silent, and only them. What is said again takes the place of what was said (``ladder``).

Every nudge carries its village's cancel key, so that filing the report takes back what is not sent yet, and the instant
after which it would only annoy. Its text holds no one's name: it shows on a locked screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import at
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import TEAM, Role
from bot.domain.deadlines import nudge_key
from bot.domain.units import OrgUnit
from bot.reports.duties import buttons, duty, voice
from bot.reports.excuses import excuses
from bot.reports.figures import DATA_SET
from bot.reports.phrases import HOME, labels, place, places
from bot.storage import people, records, ways
from bot.storage.outbox import Post
from scheduler.ladder import Rung, climbed
from scheduler.round import Decisions, Round, holders, steer

RING_UP = "calls"


def minutes_left(now: datetime, due: datetime) -> int:
    """Whole minutes until ``due``, a begun one counted."""
    return -((now - due) // timedelta(minutes=1))


@dataclass(frozen=True)
class Silence:
    """The villages of a commune that have not reported, out of how many; the people of each; the commune's officers.

    ``notes`` are remarks about those of them that sent a picture, a voice message or a file, which the commune has yet to type
    in, or said why their report comes later; ``rung_up`` those that report by phone or on paper, where nobody is reminded.
    """

    commune: OrgUnit
    total: int
    villages: tuple[OrgUnit, ...]
    notes: Mapping[str, Say]
    rung_up: frozenset[str]
    teams: Mapping[str, Sequence[people.Who]]
    officers: Sequence[people.Who]

    @property
    def reminded(self) -> tuple[OrgUnit, ...]:
        """The villages whose teams are reminded."""
        return tuple(one for one in self.villages if one.code not in self.notes.keys() | self.rung_up)


async def first_nudge(round_: Round, communes: Sequence[str]) -> Decisions:
    until = round_.timetable.second_nudge
    return {
        one.commune.code: await climbed(round_, _nudge(round_, one, until), loud=True)
        for one in await silences(round_, communes)
        if one.reminded
    }


async def second_nudge(round_: Round, communes: Sequence[str]) -> Decisions:
    """Once more, to be heard: the deadline is the next. And the commune's officers get the list of whom to ring up."""
    until = round_.timetable.cut_off
    return {
        one.commune.code: [*await climbed(round_, _nudge(round_, one, until), loud=True), *_ring_up(round_, one, until)]
        for one in await silences(round_, communes)
        if one.reminded or one.rung_up
    }


def _nudge(round_: Round, silence: Silence, until: time) -> list[Rung]:
    return _to_teams(round_, silence, "schedule.nudge", minutes_left(round_.now, round_.timetable.due(round_.day)), until)


def _ring_up(round_: Round, silence: Silence, until: time) -> list[Post]:
    code = silence.commune.code
    silent = [one for one in silence.villages if one.code in silence.rung_up]
    say = Say(
        "schedule.ring_up", n=len(silent), place=place(silence.commune), villages=places(silent), due=round_.timetable.cut_off
    )
    return [
        post
        for who in silence.officers
        if silent
        for post in duty(
            who,
            voice(who)(say),
            round_.key(code, who, RING_UP),
            buttons=buttons(who, (Choice(f"do:calls:{code}", Say("menu.calls")), HOME)),
            drop_after=at(round_.day, until),
        )
    ]


async def overdue(round_: Round, communes: Sequence[str]) -> Decisions:
    """The cut-off has passed: ask the silent teams once more, and tell the commune's officers which villages are silent."""
    until = round_.timetable.deadline
    return {
        one.commune.code: await climbed(
            round_,
            [*_to_teams(round_, one, "schedule.overdue.team", 0, until), *_to_officers(round_, one, until)],
            loud=False,
        )
        for one in await silences(round_, communes)
    }


async def silences(round_: Round, communes: Sequence[str]) -> list[Silence]:
    """The communes among these that have a silent village, a few statements for all of them."""
    villages = {code: round_.tree.villages(code) for code in communes}
    codes = [village.code for found in villages.values() for village in found]
    reported = await records.reports_for(round_.tx, codes, DATA_SET, round_.day)
    silent = {code: tuple(one for one in found if one.code not in reported) for code, found in villages.items()}
    asked = [village.code for found in silent.values() for village in found]
    notes = await excuses(round_.tx, round_.tree, asked, round_.day)
    others = await ways.not_on_app(round_.tx, asked)
    teams = await holders(round_, asked, TEAM)
    officers = await holders(round_, communes, {Role.COMMUNE_OFFICER})
    return [
        Silence(
            commune=round_.tree[code],
            total=len(villages[code]),
            villages=found,
            notes={village.code: notes[village.code] for village in found if village.code in notes},
            rung_up=frozenset(others.keys() & {village.code for village in found}),
            teams={village.code: teams.get(village.code, ()) for village in found},
            officers=officers.get(code, ()),
        )
        for code, found in silent.items()
        if found
    ]


def _to_teams(round_: Round, silence: Silence, key: str, left: int, until: time) -> list[Rung]:
    times = round_.timetable
    ladder = (("nudge_second", times.second_nudge), ("nudge_first", times.first_nudge))
    return [
        Rung(
            who,
            duty(
                who,
                voice(who)(Say(key, n=left, due=round_.timetable.cut_off, place=place(village))),
                round_.key(village.code, who),
                buttons=buttons(
                    who,
                    (Choice(f"do:open:zero_report:{village.code}", Say("button.zero_report")),),
                    (Choice(f"do:late:{village.code}:{round_.day}", Say("lateness.button")), HOME),
                ),
                drop_after=at(round_.day, until),
                cancel_key=nudge_key(village.code, round_.day),
            ),
            [round_.key_of(job, wall, village.code, who) for job, wall in ladder if job != round_.job],
        )
        for village in silence.villages
        if village in silence.reminded
        for who in silence.teams[village.code]
    ]


def _to_officers(round_: Round, silence: Silence, until: time) -> list[Rung]:
    say = Say(
        "schedule.overdue.officer",
        n=len(silence.villages),
        total=silence.total,
        due=round_.timetable.cut_off,
        place=place(silence.commune),
        missing=places(silence.villages, silence.notes),
        labels=labels(silence.villages),
    )
    code = silence.commune.code
    calls = (Choice(f"do:calls:{code}", Say("menu.calls")),)
    return [
        Rung(
            who,
            duty(
                who,
                voice(who)(say),
                round_.key(code, who),
                buttons=buttons(who, calls, steer(code, round_.day, anyone_missing=True)),
                drop_after=at(round_.day, until),
            ),
            [round_.key_of("nudge_second", round_.timetable.second_nudge, code, who, RING_UP)],
        )
        for who in silence.officers
    ]
