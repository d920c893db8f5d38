"""Who finishes, who lacks a test, whose end nobody has said yet (N6); and saying so by one tap.

A stock of isolated people falls by these taps and never by a date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.conversation.draft import REVIEW, Answers, Draft
from bot.conversation.form import Form
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act, may, villages_of
from bot.domain.due import Due, What, due
from bot.forms.follow_up_end import FollowUpEnd
from bot.forms.release import Release, next_phase
from bot.handlers import filing, planning
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.ending import Ending, ending
from bot.reports.phrases import HOME, place, who_is
from bot.reports.supervision import Watched, supervisors, watched_in
from bot.storage import persons, records
from bot.storage.records import Record


async def list_(call: Call, unit: str = "", page: str = "0", *before: Say) -> None:
    """What is to be ended, who finishes tomorrow, who lacks a test: of whom one sees to, else of one's area."""
    villages = [one.code for one in villages_of(call.user.roles, Act.REPORT, call.tree)]
    if not villages or (unit and unit not in villages):
        call.say(Say("access.denied"))
        return
    watched = await watched_in(call.tx, call.desk.keys, [unit] if unit else villages, call.at)
    mine = {} if unit else await _mine(call, watched)
    people = mine or watched
    news = ending(people, call.today, call.desk.forms)
    lines, choices = _lines(call, people, news), _choices(call, people, news)
    below = [Choice("do:sampling", Say("menu.sampling")), HOME]
    if mine and len(mine) < len(watched) and len(villages) == 1:
        below.insert(0, Choice(f"do:countdown:{villages[0]}", Say("visits.whole_village")))
    title = Say("countdown.title" if lines else "countdown.nobody", day=call.today)
    call.say(*before, title, *lines, rows=paged(choices, page, f"do:countdown:{unit}", call.message.channel, below))


async def _mine(call: Call, people: Mapping[str, Watched]) -> dict[str, Watched]:
    seeing = await supervisors(call.tx, call.desk.keys, call.tree, call.desk.forms, people)
    return {one: people[one] for one, users in seeing.items() if any(who.id == call.user.id for who in users)}


def _lines(call: Call, people: Mapping[str, Watched], news: Ending) -> list[Say]:
    """A paragraph for each kind of news, with everybody whom it is about."""

    def named(one: str, tests: Sequence[int] = ()) -> Say:
        return _with_tests(_name(call, people[one]), tests)

    counted = news.counted
    groups = (
        *((str(what), [named(one.person) for one in news.over if one.what is what]) for what in (What.RELEASE, What.CLOSE)),
        ("finishing", [named(one, tests) for one, tests in counted.finishing.items()]),
        ("lacking", [named(one, tests) for one, tests in counted.lacking.items()]),
        ("test_today", [named(one, [day]) for one, day in counted.test_today.items()]),
    )
    return [Say(f"countdown.{key}", n=len(names), people=names) for key, names in groups if names]


def _name(call: Call, who: Watched) -> str:
    village = call.tree.get(who.person.unit)
    several = len(villages_of(call.user.roles, Act.REPORT, call.tree)) > 1
    return f"{who_is(who.person)} ({call.voice(place(village))})" if several and village is not None else who_is(who.person)


def _with_tests(name: str, tests: Sequence[int]) -> Say:
    if not tests:
        return Say("countdown.person", person=name)
    return Say("countdown.untested", person=name, days=[Say("countdown.day", n=day) for day in tests])


def _choices(call: Call, people: Mapping[str, Watched], news: Ending) -> list[Choice]:
    """One tap ends what is over; everybody else's card."""
    ends = [
        Choice(f"do:{one.what}:{one.role}", Say(f"countdown.{one.what}_button", person=_name(call, people[one.person])))
        for one in news.over
    ]
    cards = [Choice(f"do:person:{one}", Say("value.as_written", value=_name(call, people[one]))) for one in news.others]
    return [*ends, *cards]


async def release(call: Call, role_id: str) -> None:
    """The isolation of this role is finished, as its plan says; the answer names what comes next."""
    await _end(call, role_id, What.RELEASE)


async def close(call: Call, role_id: str) -> None:
    """The time for which somebody watched their health is over."""
    await _end(call, role_id, What.CLOSE)


async def _end(call: Call, role_id: str, what: What) -> None:
    role = await records.current(call.tx, call.desk.keys, role_id)
    if role is None or role.person_id is None or not may(call.user.roles, Act.REPORT, role.unit, call.tree):
        call.say(Say("draft.gone"), fresh=True)
        return
    kept = await persons.kept_for(call.tx, role.person_id)
    file = (await persons.files(call.tx, call.desk.keys, [kept]))[kept]
    name = who_is((await persons.of_ids(call.tx, call.desk.keys, [kept]))[kept])
    found = next(
        (one for one in due(call.today, {kept: file}, call.desk.forms) if (one.what, one.role) == (what, role_id)), None
    )
    if found is None:
        await list_(call, "", "0", Say("countdown.not_over", person=name))
        return
    form, answers = _answers(file, found, call)
    draft = Draft(
        call.desk.new_id(),
        form.name,
        form.version,
        role.unit,
        REVIEW,
        answers=answers,
        facts={"person": kept, "follows": role_id},
    )
    filed = await filing.file_report(call.tx, call.desk, call.tree, call.user, form, draft, call.at)
    said = next_phase(answers) if form is Release else Say("countdown.closed")
    call.say(
        Say("countdown.ended", person=name, code=filed.record.id),
        said,
        rows=(
            (Choice("do:countdown", Say("menu.countdown")), Choice(f"do:person:{kept}", Say("button.card"))),
            (Choice(f"do:undo:{filed.record.id}", Say("button.undo")), HOME),
        ),
        record=(filed.record.id, filed.record.version),
    )


def _answers(file: Sequence[Record], found: Due, call: Call) -> tuple[type[Form], Answers]:
    if found.what is What.RELEASE:
        return Release, Release.prefill(planning.facts(file, found.role, call.at))
    last = date.fromordinal(found.day.toordinal() - 1)
    return FollowUpEnd, {"ending": "completed", "ended_on": last.isoformat(), "note": None}
