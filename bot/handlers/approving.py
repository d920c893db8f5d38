"""What is done about a day's figures, by who works there: reviewed, approved, sent again, and the steps of their paper.

Approving freezes a version. What changes afterwards changes no version: it makes the next one, which names what changed and
goes to everybody who had the one before.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import at
from bot.conversation.draft import Json
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import ANSWERABLE, OFFICIALS, OVERSEERS, answers_for, works_for
from bot.domain.signing import Mark, Means, Step, next_on_paper
from bot.forms.paper import Paper
from bot.handlers import reporting
from bot.handlers.call import Call
from bot.handlers.signing import DAY, Seen, card, closed, look, show, which
from bot.reports import issued
from bot.reports.changes import change_lines
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.phrases import HOME, place
from bot.reports.sign_off import fingerprint, signed_off
from bot.reports.table_file import table_file
from bot.storage import mails, outbox, own_tables, people, sign_offs


async def review(call: Call, unit: str, day: str, shown: str) -> None:
    """An officer has looked through the figures that the button stood under."""
    seen = await _worked_on(call, unit, day, shown)
    if seen is None:
        return
    mark = Mark(seen.version, Step.REVIEWED, call.user.id, call.user.id, call.at, figures=shown)
    await sign_offs.note(call.tx, unit, seen.kind, seen.day, mark)
    await _tell(call, seen, await _answerable(call, unit), "signing.please_approve", f"review:{shown}")
    await card(call, unit, day, Say("signing.reviewed"))


async def approve(call: Call, unit: str, day: str, shown: str) -> None:
    """Who answers for the figures says that they are right."""
    seen = await _worked_on(call, unit, day, shown)
    if seen is not None and answers_for(call.user.roles, unit):
        await _freeze(call, seen, Mark(seen.version, Step.APPROVED, call.user.id, call.user.id, call.at, figures=shown))


async def phoned(call: Call, unit: str, day: str, shown: str, whose: str = "") -> None:
    """Somebody who answers for the figures approved them by telephone: an officer records whose word it is."""
    seen = await _worked_on(call, unit, day, shown)
    if seen is None:
        return
    leaders = await _answerable(call, unit, everyone=True)
    if whose not in {who.id for who in leaders}:
        choices = [(Choice(f"do:phoned:{unit}:{day}:{shown}:{who.id}", _leader(who, unit)),) for who in leaders]
        back = Choice(f"do:signing:{unit}:{day}", Say("button.back"))
        call.say(Say("signing.who_approved" if choices else "signing.nobody_answers"), rows=(*choices, (back,)))
        return
    await _freeze(call, seen, Mark(seen.version, Step.APPROVED, call.user.id, whose, call.at, Means.PHONE, shown))


def _leader(who: people.Who, unit: str) -> Say:
    role = next(held.role for held in who.roles if held.unit == unit and held.role in ANSWERABLE)
    return Say("signing.leader", name=who.name, role=Say(f"role.{role}"))


async def _worked_on(call: Call, unit: str, day: str, shown: str) -> Seen | None:
    """What stood under a button, for whoever works there; if it is another by now, that is shown and None returned."""
    if unit not in call.tree or not works_for(call.user.roles, unit):
        call.say(Say("access.denied"))
        return None
    seen = await look(call, unit, *which(call, day))
    if seen.approved and seen.same:
        await show(call, seen, Say("signing.already"))
        return None
    if fingerprint(seen.now) != shown or not closed(call, seen):
        await show(call, seen, Say("signing.changed"))
        return None
    return seen


async def _freeze(call: Call, seen: Seen, mark: Mark) -> None:
    """Store the approval, and the version if it is a new one; tell those who had the one before."""
    unit, timetable = seen.unit.code, call.desk.timetable
    if seen.frozen is None or seen.frozen.version != seen.version:
        await issued.next_version(call.tx, seen.tree, unit, seen.kind, seen.day, seen.known, timetable)
    await sign_offs.note(call.tx, unit, seen.kind, seen.day, mark)
    if unit in call.desk.mail.recipients and (seen.kind != DAY or call.at >= at(seen.day, timetable.digest)):
        await mails.queue(call.tx, unit, seen.kind, seen.day, seen.version, call.at)
    if seen.version > 1 and seen.was is not None and (seen.kind != DAY or call.at >= at(seen.day, timetable.digest)):
        await _reissue(call, seen)
    elif seen.kind != DAY:
        await _tell_above(call, seen, "signing.period_done", f"period:{seen.version}")
    await card(call, unit, seen.when, Say("signing.done", n=seen.version))


async def _reissue(call: Call, seen: Seen) -> None:
    """Send the new version with its file to all who had the former one, and a word to those above, whose sums it changes."""
    assert seen.was is not None
    unit, desk = seen.unit.code, call.desk
    signed = await signed_off(call.tx, desk.keys, seen.tree, unit, seen.kind, seen.day, seen.version)
    title = Say("signing.reissue.title", n=seen.version, unit=place(seen.unit), day=seen.day)
    lines = [title, *change_lines(seen.was, seen.now)[1:], *signed.lines(call.at)]
    readers = (await holding(call.tx, desk.keys, [unit], OFFICIALS)).get(unit, [])
    files = {}
    for language in {who.language for who in readers}:
        key = f"reissue:{unit}:{seen.when}:{seen.version}"
        args = (call.tx, desk.keys, seen.tree, desk.timetable, seen.now, seen.known)
        files[language] = await table_file(*args, key, language, issued.cumulative_from(seen.kind), call.at)
    posts = [
        post
        for who in readers
        for post in duty(
            who,
            "\n".join(voice(who)(line) for line in lines),
            f"reissue:{unit}:{seen.when}:{seen.version}:{who.id}",
            buttons=buttons(who, (Choice(f"do:signing:{unit}:{seen.when}", Say("signing.button.open")), HOME)),
            attachment=files[who.language],
            carries_files=desk.carries_files,
        )
    ]
    await outbox.queue(call.tx, desk.keys, posts, call.at)
    if seen.kind == DAY:
        name = f"own_table:reissue:{seen.day}:{seen.version}"
        await own_tables.ask_copies(call.tx, desk.keys, [unit], seen.day, name, call.at)
        call.wants_work = True
    await _tell_above(call, seen, "signing.reissue.below", f"reissue-below:{seen.version}")


async def _tell_above(call: Call, seen: Seen, key: str, name: str) -> None:
    above = await _overseers(call, seen)
    if above is not None:
        who = (await holding(call.tx, call.desk.keys, [above], OVERSEERS)).get(above, [])
        await _tell(call, seen, who, key, name, at_unit=above)


async def _overseers(call: Call, seen: Seen) -> str | None:
    """The nearest unit above that has somebody who sees to communes."""
    ups = [up.code for up in call.tree.ancestors(seen.unit.code) if up.code != seen.unit.code]
    manned = await holding(call.tx, call.desk.keys, ups, OVERSEERS)
    return next((up for up in ups if up in manned), None)


async def _answerable(call: Call, unit: str, everyone: bool = False) -> Sequence[people.Who]:
    """Who answers for a unit's figures: those to whom something can be sent, or everyone, each once."""
    if not everyone:
        return (await holding(call.tx, call.desk.keys, [unit], ANSWERABLE)).get(unit, [])
    found = await people.with_roles(call.tx, call.desk.keys, [unit], ANSWERABLE)
    return list({who.id: who for who in found}.values())


async def _tell(call: Call, seen: Seen, readers: Sequence[people.Who], key: str, name: str, at_unit: str = "") -> None:
    """A sentence with a button to the figures, to everybody but who caused it; said once."""
    where = at_unit or seen.unit.code
    said = Say(key, unit=place(seen.unit), day=seen.day, n=seen.version, name=call.user.name)
    posts = [
        post
        for who in readers
        if who.id != call.user.id
        for post in duty(
            who,
            voice(who)(said),
            f"{name}:{seen.unit.code}:{seen.when}:{who.id}",
            buttons=buttons(who, (Choice(f"do:signing:{where}:{seen.when}", Say("signing.button.open")), HOME)),
        )
    ]
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)


# --- the paper ----------------------------------------------------------------------------------------------------------


async def paper(call: Call, unit: str, day: str, version: str, step: str, drop: str = "") -> None:
    """The next step of a version's paper; a signed one is asked for its number."""
    seen = await look(call, unit, *which(call, day)) if unit in call.tree and works_for(call.user.roles, unit) else None
    if seen is None or seen.frozen is None or str(seen.frozen.version) != version:
        await card(call, unit, day, Say("signing.changed"))
        return
    if step == Step.PRINTED or next_on_paper(seen.marks) != step:
        await show(call, seen, Say("signing.already"))
        return
    if step == Step.SIGNED:
        if not reporting.busy(call, Paper.name, drop, lambda draft: f"do:paper:{unit}:{day}:{version}:{step}:{draft}"):
            facts: dict[str, Json] = {"unit_name": call.voice(place(seen.unit)), "paper": [unit, seen.when, version]}
            reporting.begin(call, opened(Paper, call.desk.new_id(), unit, {}, facts, call.today), fresh=True)
        return
    mark = Mark(seen.frozen.version, Step(step), call.user.id, call.user.id, call.at)
    await sign_offs.note(call.tx, unit, seen.kind, seen.day, mark)
    await card(call, unit, day, Say(f"signing.noted.{step}"))


async def signed_paper(call: Call) -> None:
    """The number of the signed paper was confirmed."""
    assert call.draft is not None
    unit, day, version = call.draft.facts["paper"]
    number = call.draft.answers["number"]
    call.close_draft()
    if works_for(call.user.roles, unit):
        mark = Mark(int(version), Step.SIGNED, call.user.id, call.user.id, call.at, number=number)
        last, kind = which(call, day)
        await sign_offs.note(call.tx, unit, kind, last, mark)
    await card(call, unit, day, Say("signing.noted.signed"))
