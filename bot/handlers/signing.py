"""A day's figures, or a period's, before who works there (R6, N17): who answers for them, and what is to be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation.prompt import Choice, Rows
from bot.conversation.words import Say
from bot.domain.access import Act, answers_for, works_for
from bot.domain.data_sets import DAILY, FORTNIGHT, MONTH, data_sets, last_ended, period_of
from bot.domain.signing import Marks, Step, next_on_paper, of_version
from bot.domain.units import COMMUNE, VILLAGE, OrgUnit, Tree
from bot.errors import AccessDenied
from bot.handlers import areas
from bot.handlers.call import Call
from bot.reports import issued
from bot.reports.counters import counter_lines, counters
from bot.reports.digest import digest_lines, period_lines
from bot.reports.figures import Figures, Known, roll_up
from bot.reports.mailing import mail_line
from bot.reports.phrases import HOME, moment
from bot.reports.punctuality import in_words, punctuality, total
from bot.reports.sign_off import SignedOff, changed_since, fingerprint, signed_off
from bot.storage import digests, mails, sign_offs
from bot.storage.digests import Issued

DAY = issued.MORNING
LOOKS_BACK = timedelta(days=45)
"""How old figures may be to be approved or sent again: those of a month are approved in the next."""
_LETTERS = {DAY: "", FORTNIGHT: "f", MONTH: "m"}
PERIODS = (FORTNIGHT, MONTH)


@dataclass(frozen=True)
class Seen:
    """A unit's figures of a day as they are known now, the newest version of them that was frozen, and its marks.

    ``ahead`` are the marks of the version that would come next.
    """

    unit: OrgUnit
    day: date
    kind: str
    tree: Tree
    known: Known
    now: Figures
    frozen: Issued | None
    was: Figures | None
    previous: Figures | None
    marks: Marks
    ahead: Marks

    @property
    def when(self) -> str:
        return when_of(self.kind, self.day)

    @property
    def approved(self) -> bool:
        return Step.APPROVED in self.marks

    @property
    def same(self) -> bool:
        """Whether the newest version still says what is known."""
        return self.was is not None and fingerprint(self.was) == fingerprint(self.now)

    @property
    def shown(self) -> Figures:
        """Those of the version, once it is approved; else what is known."""
        return self.was if self.was is not None and self.approved else self.now

    @property
    def version(self) -> int:
        """The version that an approval now would be of."""
        if self.frozen is None:
            return 1
        return self.frozen.version if self.same and not self.approved else self.frozen.version + 1


def when_of(kind: str, day: date) -> str:
    """Day and kind, as buttons have them; ``which`` reads it."""
    return f"{day}{_LETTERS[kind]}"


async def of_unit(call: Call, code: str = "", day: str = "", page: str = "0") -> None:
    """/xacnhan: the figures of the unit that is meant, by default one's own office's."""
    unit = areas.meant(call, Act.SEE_FIGURES, code) if code else areas.office(call, "signing", "", page, day)
    if unit is not None:
        await card(call, unit.code, day)


async def card(call: Call, code: str, day: str, *before: Say) -> None:
    """The figures of a unit above the village, with what is to be done about them by whoever works there."""
    unit = areas.meant(call, Act.SEE_FIGURES, code)
    if unit is None or unit.level == VILLAGE:
        raise AccessDenied(code)
    await show(call, await look(call, unit.code, *which(call, day)), *before)


def which(call: Call, given: str) -> tuple[date, str]:
    """Day and kind of a button; today's without one. A period of several days is named by its last."""
    kind = next((kind for kind, letter in _LETTERS.items() if letter and given.endswith(letter)), DAY)
    try:
        day = max(call.today - LOOKS_BACK, min(date.fromisoformat(given.rstrip("fm")), call.today))
    except ValueError:
        return call.today, DAY
    return (day, DAY) if kind == DAY else (last_ended(data_sets()[kind], day), kind)


async def look(call: Call, unit: str, day: date, kind: str) -> Seen:
    tree = call.tree if day >= call.today else await call.desk.trees.on(call.tx, day)
    tree = tree if unit in tree else call.tree
    known = await issued.read_now(call.tx, tree, unit, kind, day, call.at)
    frozen = await digests.latest(call.tx, unit, kind, day)
    reading = await issued.read(call.tx, tree, frozen) if frozen is not None else None
    marks = (await sign_offs.of_units(call.tx, [unit], kind, day)).get(unit, [])
    version = frozen.version if frozen is not None else 0
    before = await digests.before(call.tx, unit, kind, day)
    return Seen(
        tree[unit],
        day,
        kind,
        tree,
        known,
        roll_up(tree, unit, known, call.desk.timetable),
        frozen,
        reading.figures if reading else None,
        Figures.from_json(before.figures, tree) if before is not None else None,
        of_version(marks, version),
        of_version(marks, version + 1),
    )


async def show(call: Call, seen: Seen, *before: Say) -> None:
    signed = (await _signed(call, seen)).lines(call.at)
    shown, since = seen.shown, issued.cumulative_from(seen.kind)
    if seen.kind == DAY:
        counted = await counters(call.tx, call.desk.keys, seen.tree, [seen.unit.code], seen.day, shown.as_of)
        signed = [*counter_lines(counted.get(seen.unit.code, ())), *signed]
        lines = digest_lines(shown, seen.previous, since=since, timetable=call.desk.timetable, signed=signed)
    else:
        lines = period_lines(shown, signed, await _received(call, seen), since=since)
    if seen.frozen is not None:
        lines.insert(1, Say("signing.version", n=seen.frozen.version, at=moment(seen.frozen.issued_at, call.at)))
    lines += await _mail(call, seen)
    if seen.was is not None:
        lines += changed_since(seen.was, seen.now)
    if not closed(call, seen):
        lines.append(Say("signing.from", at=call.desk.timetable.cut_off))
    call.say(*before, *lines, rows=_rows(call, seen))


async def _mail(call: Call, seen: Seen) -> list[Say]:
    """What became of the mail of this version."""
    queued = (await mails.of_day(call.tx, [seen.unit.code], seen.kind, seen.day)).get(seen.unit.code, [])
    version = seen.frozen.version if seen.frozen is not None else 0
    return [mail_line(one, call.at) for one in queued if one.version == version]


async def _received(call: Call, seen: Seen) -> list[Say]:
    """How many of the villages' daily reports came in the days of a period."""
    days = issued.days_of(seen.kind, seen.day)
    args = (DAILY, seen.unit.code, days.first, days.last, call.at, call.desk.timetable)
    counted = total(await punctuality(call.tx, *args))
    return [Say("statistics.total", **in_words(counted))] if counted.expected else []


async def _signed(call: Call, seen: Seen) -> SignedOff:
    version = seen.frozen.version if seen.frozen is not None else 1
    return await signed_off(call.tx, call.desk.keys, seen.tree, seen.unit.code, seen.kind, seen.day, version)


def closed(call: Call, seen: Seen) -> bool:
    return call.at >= call.desk.timetable.due(seen.day)


def _rows(call: Call, seen: Seen) -> Rows:
    """What one may do about these figures. Approving takes a word where a digit could slip."""
    unit, roles = seen.unit.code, call.user.roles
    here = f"{unit}:{seen.when}"
    rows: list[tuple[Choice, ...]] = []
    if closed(call, seen) and works_for(roles, unit) and not (seen.approved and seen.same):
        sure = f"{here}:{fingerprint(seen.now)}"
        again = seen.version > 1
        if answers_for(roles, unit):
            label = Say("signing.button.approve_again", n=seen.version) if again else Say("signing.button.approve")
            rows.append((Choice(f"do:approve:{sure}", label, Say("word.approve")),))
        else:
            if not _reviewed(seen):
                rows.append((Choice(f"do:review:{sure}", Say("signing.button.review")),))
            rows.append((Choice(f"do:phoned:{sure}", Say("signing.button.phoned")),))
    if works_for(roles, unit) and seen.frozen is not None and seen.approved:
        rows += _paper(seen, f"{here}:{seen.frozen.version}")
    if seen.unit.level == COMMUNE and works_for(roles, unit):
        rows += [(choice,) for choice in _others(call, seen)]
    steer = [Choice(f"do:signing:{here}", Say("button.refresh")), HOME]
    if seen.kind == DAY:
        steer.insert(0, Choice(f"do:photo:{here}", Say("picture.take")))
    if seen.kind == DAY and seen.now.missing:
        steer.insert(0, Choice(f"do:missing:{here}", Say("menu.missing")))
    return (*rows, tuple(steer))


def _paper(seen: Seen, version: str) -> Rows:
    """Its paper, as often as it is wanted, and the next step of it; the scan of a signed one."""
    printed = Step.PRINTED in seen.marks
    row = [Choice(f"do:print:{version}", Say("signing.button.print_again" if printed else "signing.button.printed"))]
    if printed and (step := next_on_paper(seen.marks)) is not None:
        row.append(Choice(f"do:paper:{version}:{step}", Say(f"signing.button.{step}")))
    if (signed := seen.marks.get(Step.SIGNED)) is not None and signed.scan:
        row.append(Choice(f"do:scan:{version}", Say("signing.button.scan")))
    return (tuple(row),)


def _others(call: Call, seen: Seen) -> list[Choice]:
    """What else a commune owes: the periods that ended last, while their report is still taken; and the day's."""
    found = []
    for kind in PERIODS:
        day = last_ended(data_sets()[kind], call.today)
        open_ = period_of(data_sets()[kind], day, call.desk.timetable).taken(call.at)
        if kind != seen.kind and open_:
            when = f"{day}{_LETTERS[kind]}"
            found.append(
                Choice(
                    f"do:signing:{seen.unit.code}:{when}",
                    Say(f"signing.button.{kind}", day=day, month=f"{day.month}/{day.year}"),
                )
            )
    if seen.kind != DAY:
        found.append(Choice(f"do:signing:{seen.unit.code}", Say("signing.button.daily")))
    return found


def _reviewed(seen: Seen) -> bool:
    """Whether somebody has looked through exactly these figures."""
    mark = (seen.ahead if seen.frozen is None or not seen.same else seen.marks).get(Step.REVIEWED)
    return mark is not None and mark.figures == fingerprint(seen.now)
