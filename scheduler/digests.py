"""The morning digest, the late list and the evening summary: who gets which, made from figures as they are issued.

What a digest says, its stored figures and its file come from one reading, in the transaction that claims the run; so a digest
is issued once, and the file shows what was issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import COMMUNE_ROLES, OVERSEERS
from bot.reports import issued
from bot.reports.counters import counter_lines, counters
from bot.reports.digest import digest_lines, evening_lines
from bot.reports.discrepancies import discrepancies, discrepancy_lines
from bot.reports.duties import buttons, duty, voice
from bot.reports.excuses import excuses
from bot.reports.figures import Figures, Known, figures, roll_up
from bot.reports.overdue import late_lines
from bot.reports.phrases import HOME, places
from bot.reports.picture_file import for_readers
from bot.reports.remarks import kept_lines
from bot.reports.sign_off import changed_since, signed_off
from bot.reports.table_file import table_file
from bot.storage import ledger, mails, own_tables, work
from bot.storage.ledger import Range
from bot.storage.outbox import Post
from bot.storage.people import Who
from scheduler.round import Decisions, Round, holders, steer

AN_INSTANT = timedelta(microseconds=1)


async def morning(round_: Round, units: Sequence[str]) -> Decisions:
    """The digest of communes and of the units above them, with its file. It is issued even if nobody is there to read it.

    Copies of the units' own tables are filled as long work, so that nobody waits for them.
    """
    readers = await holders(round_, units, COMMUNE_ROLES | OVERSEERS)
    made = {unit: await _digest(round_, unit, readers.get(unit, [])) for unit in units}
    name = f"own_table:{round_.due_at.isoformat()}"
    await own_tables.ask_copies(round_.tx, round_.keys, units, round_.day, name, round_.now)
    return made


async def _digest(round_: Round, unit: str, readers: Sequence[Who]) -> list[Post]:
    known = await issued.read_now(round_.tx, round_.tree, unit, issued.MORNING, round_.day, round_.now)
    made = await issued.issue_from(round_.tx, round_.tree, unit, issued.MORNING, round_.day, known, round_.timetable)
    reading = await issued.read(round_.tx, round_.tree, made)
    after: list[Say] = []
    if made.seq != known.seq:  # it was approved before this hour
        after = changed_since(reading.figures, roll_up(round_.tree, unit, known, round_.timetable))
        known = await issued.read_then(round_.tx, round_.tree, made)
    late = round_.now - round_.due_at if round_.late else None
    signed = await signed_off(round_.tx, round_.keys, round_.tree, unit, made.kind, made.day, made.version)
    differ = await discrepancies(round_.tx, round_.keys, round_.tree, unit, round_.day)
    kept = await kept_lines(round_.tx, round_.tree, unit, round_.day)
    counted = await counters(round_.tx, round_.keys, round_.tree, [unit], round_.day, reading.figures.as_of)
    said = [*counter_lines(counted.get(unit, ())), *kept, *signed.lines(round_.now)]
    answers = [*said, *after, *discrepancy_lines(differ, round_.tree, unit)]
    since = issued.cumulative_from(made.kind)
    lines = digest_lines(reading.figures, reading.previous, late, since=since, timetable=round_.timetable, signed=answers)
    files = {language: await _file(round_, reading.figures, known, language) for language in {who.language for who in readers}}
    if unit in round_.mailed:
        await mails.queue(round_.tx, unit, made.kind, made.day, made.version, round_.now)
    if any(who.channel in round_.carries_files for who in readers):
        drawn = for_readers(f"picture:{round_.key_at(unit)}", reading.figures, round_.day, round_.now)
        await work.ask(round_.tx, round_.keys, drawn, round_.now)
    figures_ = Choice(f"do:signing:{unit}:{round_.day}", Say("signing.button.open"))
    choices = (figures_, *steer(unit, round_.day, bool(reading.figures.missing)))
    return [
        post
        for who in readers
        for post in duty(
            who,
            _spoken(who, lines),
            round_.key(unit, who),
            buttons=buttons(who, choices),
            attachment=files[who.language],
            carries_files=round_.carries_files,
        )
    ]


async def _file(round_: Round, shown: Figures, known: Known, language: str) -> str:
    key = round_.key_at(shown.unit.code)
    since = issued.cumulative_from(issued.MORNING)
    args = (round_.tx, round_.keys, round_.tree, round_.timetable, shown, known, key, language, since, round_.now)
    return await table_file(*args)


async def evening(round_: Round, communes: Sequence[str]) -> Decisions:
    """What came in since the morning, for the commune's officials."""
    readers = await holders(round_, communes, COMMUNE_ROLES)
    return {unit: await _evening(round_, unit, readers.get(unit, [])) for unit in communes}


async def _evening(round_: Round, unit: str, readers: Sequence[Who]) -> list[Post]:
    made = await issued.issue(round_.tx, round_.tree, unit, issued.EVENING, round_.day, round_.now, round_.timetable)
    reading = await issued.read(round_.tx, round_.tree, made)
    before = await issued.as_issued(round_.tx, round_.tree, unit, issued.MORNING, round_.day)
    lines = evening_lines(reading.figures, before.figures if before else None, timetable=round_.timetable)
    lines[1:1] = lateness(round_)
    choices = steer(unit, round_.day, bool(reading.figures.missing))
    return [
        post for who in readers for post in duty(who, _spoken(who, lines), round_.key(unit, who), buttons=buttons(who, choices))
    ]


async def late_list(round_: Round, overseers: Sequence[str]) -> Decisions:
    """Which communes are not complete at the deadline, for the officials above them; whom to call is behind a button."""
    readers = await holders(round_, overseers, OVERSEERS)
    return {unit: await _late_list(round_, unit, readers.get(unit, [])) for unit in overseers}


async def _late_list(round_: Round, unit: str, readers: Sequence[Who]) -> list[Post]:
    seen = await _at_deadline(round_, unit)
    notes = await excuses(round_.tx, round_.tree, [village.code for village in seen.missing], round_.day)
    differ = await discrepancies(round_.tx, round_.keys, round_.tree, unit, round_.day)
    lines = [*late_lines(seen, notes), *discrepancy_lines(differ, round_.tree, unit)]
    lines[1:1] = lateness(round_)
    lines += await _not_mailed(round_, unit)
    call = [[Choice(f"do:missing:{unit}:{round_.day}", Say("schedule.button.whom_to_call"))]] if seen.missing else []
    return [
        post
        for who in readers
        for post in duty(who, _spoken(who, lines), round_.key(unit, who), buttons=buttons(who, *call, [HOME]))
    ]


async def _not_mailed(round_: Round, unit: str) -> list[Say]:
    """Whose mail of this morning has not gone, of the unit and of those below it."""
    units = [one.code for one in round_.tree.subtree(unit) if one.code in round_.mailed]
    found = await mails.of_day(round_.tx, units, issued.MORNING, round_.day)
    waiting = [code for code in units if any(one.state == mails.WAITING and one.sent_at is None for one in found.get(code, ()))]
    return [Say("mail.late_list", units=places([round_.tree[code] for code in waiting]))] if waiting else []


async def _at_deadline(round_: Round, unit: str) -> Figures:
    """Who is missing at the deadline, at which a report is late already; or now, if the list itself comes late.

    A confirmation is a tap and carries no instant of its own: one that waited while the bot was down would be accused.
    """
    days = Range(round_.day, round_.day)
    if round_.late:
        return await figures(round_.tx, round_.tree, unit, days, round_.now, timetable=round_.timetable)
    before = round_.due_at - AN_INSTANT
    seq = await ledger.last_seq(round_.tx)
    seen = await figures(round_.tx, round_.tree, unit, days, before, seq, timetable=round_.timetable)
    return replace(seen, as_of=round_.due_at)


def lateness(round_: Round) -> list[Say]:
    """That this goes out late, if it does, in whole minutes, hours or days."""
    if not round_.late:
        return []
    late = round_.now - round_.due_at
    for unit, length in (("days", timedelta(days=2)), ("hours", timedelta(hours=1))):
        if late >= length:
            return [Say(f"schedule.late.{unit}", n=late // timedelta(**{unit: 1}), due=round_.due_at)]
    return [Say("schedule.late.minutes", n=max(1, late // timedelta(minutes=1)), due=round_.due_at)]


def _spoken(who: Who, lines: Sequence[Say]) -> str:
    return "\n".join(voice(who)(line) for line in lines)
