"""A day's figures on their way to who answers for them, and on paper (R6, N17): reviewed, approved, printed, signed, sent.

Approving freezes a version. What changes afterwards changes no version: it makes the next one, which names what changed and
goes to everybody who had the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import at
from bot.conversation.draft import Json
from bot.conversation.engine import opened
from bot.conversation.prompt import Choice, Rows
from bot.conversation.words import Say
from bot.domain.access import ANSWERABLE, OFFICIALS, OVERSEERS, Act, answers_for, may, works_for
from bot.domain.signing import Mark, Marks, Means, Step, next_on_paper, of_version
from bot.domain.units import VILLAGE, OrgUnit, Tree
from bot.forms.paper import Paper
from bot.handlers import reporting
from bot.handlers.call import Call
from bot.reports import issued
from bot.reports.changes import change_lines
from bot.reports.digest import digest_lines
from bot.reports.duties import buttons, duty, holding, voice
from bot.reports.figures import Figures, Known, roll_up
from bot.reports.phrases import moment, place
from bot.reports.sign_off import SignedOff, changed_since, fingerprint, signed_off
from bot.reports.table_file import table_file
from bot.storage import digests, outbox, people, sign_offs
from bot.storage.digests import Issued

MENU = Choice("do:menu", Say("button.menu"))
KIND = issued.MORNING
LOOKS_BACK = timedelta(days=7)
"""How old a day's figures may be to be approved or sent again."""


@dataclass(frozen=True)
class Seen:
    """A unit's figures of a day as they are known now, the newest version of them that was frozen, and its marks.

    ``ahead`` are the marks of the version that would come next.
    """

    unit: OrgUnit
    day: date
    tree: Tree
    known: Known
    now: Figures
    frozen: Issued | None
    was: Figures | None
    previous: Figures | None
    marks: Marks
    ahead: Marks

    @property
    def approved(self) -> bool:
        return Step.APPROVED in self.marks

    @property
    def same(self) -> bool:
        """Whether the newest version still says what is known."""
        return self.was is not None and fingerprint(self.was) == fingerprint(self.now)

    @property
    def version(self) -> int:
        """The version that an approval now would be of."""
        if self.frozen is None:
            return 1
        return self.frozen.version if self.same and not self.approved else self.frozen.version + 1


async def card(call: Call, code: str = "", day: str = "", *before: Say) -> None:
    """The figures of a unit for whoever works there, with what is to be done about them."""
    own = sorted({held.unit for held in call.user.roles if held.role in OFFICIALS and held.unit in call.tree})
    if not code and len(own) != 1:
        said = Say("unit.choose") if own else Say("access.denied")
        call.say(said, rows=(*((Choice(f"do:signing:{one}", place(call.tree[one])),) for one in own), (MENU,)))
        return
    unit = code or own[0]
    if unit not in call.tree or call.tree[unit].level == VILLAGE or not may(call.user.roles, Act.SEE_FIGURES, unit, call.tree):
        call.say(Say("access.denied"))
        return
    await _show(call, await _seen(call, unit, _day(call, day)), *before)


def _day(call: Call, given: str) -> date:
    """The day of a button, within the last week; today without one."""
    try:
        return max(call.today - LOOKS_BACK, min(date.fromisoformat(given), call.today))
    except ValueError:
        return call.today


async def _seen(call: Call, unit: str, day: date) -> Seen:
    tree = call.tree if day >= call.today else await call.desk.trees.on(call.tx, day)
    tree = tree if unit in tree else call.tree
    known = await issued.read_now(call.tx, tree, unit, KIND, day, call.at)
    frozen = await digests.latest(call.tx, unit, KIND, day)
    reading = await issued.read(call.tx, tree, frozen) if frozen is not None else None
    marks = (await sign_offs.of_units(call.tx, [unit], KIND, day)).get(unit, [])
    version = frozen.version if frozen is not None else 0
    before = await digests.before(call.tx, unit, KIND, day)
    return Seen(
        tree[unit],
        day,
        tree,
        known,
        roll_up(tree, unit, known, call.desk.timetable),
        frozen,
        reading.figures if reading else None,
        Figures.from_json(before.figures, tree) if before is not None else None,
        of_version(marks, version),
        of_version(marks, version + 1),
    )


async def _show(call: Call, seen: Seen, *before: Say) -> None:
    timetable = call.desk.timetable
    signed = await _signed(call, seen)
    shown = seen.was if seen.was is not None and seen.approved else seen.now
    lines = digest_lines(shown, seen.previous, timetable=timetable, signed=signed.lines(call.at))
    if seen.frozen is not None:
        lines.insert(1, Say("signing.version", n=seen.frozen.version, at=moment(seen.frozen.issued_at, call.at)))
    if seen.was is not None:
        lines += changed_since(seen.was, seen.now)
    if not _closed(call, seen):
        lines.append(Say("signing.from", at=timetable.cut_off))
    call.say(*before, *lines, rows=_rows(call, seen))


async def _signed(call: Call, seen: Seen) -> SignedOff:
    version = seen.frozen.version if seen.frozen is not None else 1
    return await signed_off(call.tx, call.desk.keys, seen.tree, seen.unit.code, KIND, seen.day, version)


def _closed(call: Call, seen: Seen) -> bool:
    return call.at >= call.desk.timetable.due(seen.day)


def _rows(call: Call, seen: Seen) -> Rows:
    """What one may do about these figures. Approving takes a word where a digit could slip."""
    unit, roles = seen.unit.code, call.user.roles
    here = f"{unit}:{seen.day}"
    rows: list[tuple[Choice, ...]] = []
    if _closed(call, seen) and works_for(roles, unit) and not (seen.approved and seen.same):
        sure = f"{here}:{fingerprint(seen.now)}"
        again = seen.version > 1
        if answers_for(roles, unit):
            label = Say("signing.button.approve_again", n=seen.version) if again else Say("signing.button.approve")
            rows.append((Choice(f"do:approve:{sure}", label, Say("word.approve")),))
        else:
            if not _reviewed(seen):
                rows.append((Choice(f"do:review:{sure}", Say("signing.button.review")),))
            rows.append((Choice(f"do:phoned:{sure}", Say("signing.button.phoned")),))
    if works_for(roles, unit) and (step := next_on_paper(seen.marks)) is not None and seen.frozen is not None:
        rows.append((Choice(f"do:paper:{here}:{seen.frozen.version}:{step}", Say(f"signing.button.{step}")),))
    steer = [Choice(f"do:signing:{here}", Say("button.refresh")), MENU]
    if seen.now.missing:
        steer.insert(0, Choice(f"do:missing:{here}", Say("menu.missing")))
    return (*rows, tuple(steer))


def _reviewed(seen: Seen) -> bool:
    """Whether somebody has looked through exactly these figures."""
    mark = (seen.ahead if seen.frozen is None or not seen.same else seen.marks).get(Step.REVIEWED)
    return mark is not None and mark.figures == fingerprint(seen.now)


async def review(call: Call, unit: str, day: str, shown: str) -> None:
    """An officer has looked through the figures that the button stood under."""
    seen = await _worked_on(call, unit, day, shown)
    if seen is None:
        return
    mark = Mark(seen.version, Step.REVIEWED, call.user.id, call.user.id, call.at, figures=shown)
    await sign_offs.note(call.tx, unit, KIND, seen.day, mark)
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
    seen = await _seen(call, unit, _day(call, day))
    if seen.approved and seen.same:
        await _show(call, seen, Say("signing.already"))
        return None
    if fingerprint(seen.now) != shown or not _closed(call, seen):
        await _show(call, seen, Say("signing.changed"))
        return None
    return seen


async def _freeze(call: Call, seen: Seen, mark: Mark) -> None:
    """Store the approval, and the version if it is a new one; tell those who had the one before."""
    unit, timetable = seen.unit.code, call.desk.timetable
    if seen.frozen is None or seen.frozen.version != seen.version:
        await issued.next_version(call.tx, seen.tree, unit, KIND, seen.day, seen.known, timetable)
    await sign_offs.note(call.tx, unit, KIND, seen.day, mark)
    if seen.version > 1 and seen.was is not None and call.at >= at(seen.day, timetable.digest):
        await _reissue(call, seen)
    await card(call, unit, seen.day.isoformat(), Say("signing.done", n=seen.version))


async def _reissue(call: Call, seen: Seen) -> None:
    """Send the new version with its file to all who had the former one, and a word to those above, whose sums it changes."""
    assert seen.was is not None
    unit, desk = seen.unit.code, call.desk
    signed = await signed_off(call.tx, desk.keys, seen.tree, unit, KIND, seen.day, seen.version)
    title = Say("signing.reissue.title", n=seen.version, unit=place(seen.unit), day=seen.day)
    lines = [title, *change_lines(seen.was, seen.now)[1:], *signed.lines(call.at)]
    readers = (await holding(call.tx, desk.keys, [unit], OFFICIALS)).get(unit, [])
    files = {}
    for language in {who.language for who in readers}:
        key = f"reissue:{unit}:{seen.day}:{seen.version}"
        args = (call.tx, desk.keys, seen.tree, desk.timetable, seen.now, seen.known)
        files[language] = await table_file(*args, key, language, call.at)
    posts = [
        post
        for who in readers
        for post in duty(
            who,
            "\n".join(voice(who)(line) for line in lines),
            f"reissue:{unit}:{seen.day}:{seen.version}:{who.id}",
            buttons=buttons(who, (Choice(f"do:signing:{unit}:{seen.day}", Say("signing.button.open")), MENU)),
            attachment=files[who.language],
            carries_files=desk.carries_files,
        )
    ]
    await outbox.queue(call.tx, desk.keys, posts, call.at)
    above = await _overseers(call, seen)
    if above is not None:
        who = (await holding(call.tx, desk.keys, [above], OVERSEERS)).get(above, [])
        await _tell(call, seen, who, "signing.reissue.below", f"reissue-below:{seen.version}", at_unit=above)


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
            f"{name}:{seen.unit.code}:{seen.day}:{who.id}",
            buttons=buttons(who, (Choice(f"do:signing:{where}:{seen.day}", Say("signing.button.open")), MENU)),
        )
    ]
    await outbox.queue(call.tx, call.desk.keys, posts, call.at)


# --- the paper ----------------------------------------------------------------------------------------------------------


async def paper(call: Call, unit: str, day: str, version: str, step: str, drop: str = "") -> None:
    """The next step of a version's paper; a signed one is asked for its number."""
    seen = await _seen(call, unit, _day(call, day)) if unit in call.tree and works_for(call.user.roles, unit) else None
    if seen is None or seen.frozen is None or str(seen.frozen.version) != version:
        await card(call, unit, day, Say("signing.changed"))
        return
    if next_on_paper(seen.marks) != step:
        await _show(call, seen, Say("signing.already"))
        return
    if step == Step.SIGNED:
        if not reporting.busy(call, Paper.name, drop, lambda draft: f"do:paper:{unit}:{day}:{version}:{step}:{draft}"):
            facts: dict[str, Json] = {"unit_name": call.voice(place(seen.unit)), "paper": [unit, seen.day.isoformat(), version]}
            reporting.begin(call, opened(Paper, call.desk.new_id(), unit, {}, facts, call.today), fresh=True)
        return
    mark = Mark(seen.frozen.version, Step(step), call.user.id, call.user.id, call.at)
    await sign_offs.note(call.tx, unit, KIND, seen.day, mark)
    await card(call, unit, day, Say(f"signing.noted.{step}"))


async def signed_paper(call: Call) -> None:
    """The number of the signed paper was confirmed."""
    assert call.draft is not None
    unit, day, version = call.draft.facts["paper"]
    number = call.draft.answers["number"]
    call.close_draft()
    if works_for(call.user.roles, unit):
        mark = Mark(int(version), Step.SIGNED, call.user.id, call.user.id, call.at, number=number)
        await sign_offs.note(call.tx, unit, KIND, date.fromisoformat(day), mark)
    await card(call, unit, day, Say("signing.noted.signed"))
