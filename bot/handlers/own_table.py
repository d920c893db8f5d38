"""A unit's own table in the chat (N13): what a template's columns and rows are, confirmed by buttons; /bieu; a copy of any day.

A draft belongs to whoever sent the file; two officers do not disturb each other until one of them has confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from openpyxl.utils import get_column_letter

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import offices, works_for
from bot.domain.dates import parse_date
from bot.domain.indicators import indicators
from bot.domain.vietnamese import Misread
from bot.handlers import areas, own_table_questions
from bot.handlers.call import Call
from bot.handlers.own_table_files import summary
from bot.handlers.paging import page_of, paged
from bot.handlers.wanted import want
from bot.messages import BUTTONS
from bot.reports.counters import TARGET
from bot.reports.own_look import heading
from bot.reports.own_table import CODE, NOTE, Column, Confidence, Row, TableMap, Why, restored, stored
from bot.reports.phrases import HOME, NOTHING, moment, place
from bot.storage import own_tables, people
from bot.storage.own_tables import FILL, READ, Draft, Version

NONE = "-"
"""What stands for nothing in a button: a column or a row that the commune fills in itself."""

_FIXED = (Why.FORMULA, Why.HIDDEN, Why.EMPTY)


async def command(call: Call, word: str = "") -> None:
    """/bieu shows the table; with a day it gives the copy of that day."""
    if not word:
        await show(call)
        return
    try:
        day = parse_date(word, call.today, "past")
    except Misread as error:
        call.say(Say(f"error.{error.key}", **error.params), rows=((HOME,),))
        return
    await show(call, "", str(day))


async def show(call: Call, code: str = "", day: str = "", page: str = "0") -> None:
    """What waits to be confirmed; else the table in force. With a day its copy."""
    draft = await own_tables.draft_of(call.tx, call.desk.keys, call.user.id)
    own = offices(call.user.roles, call.tree)
    if not day and draft is not None and draft.unit in own and code in ("", draft.unit):
        await map_(call, draft.id)
    elif (unit := areas.office(call, "table", code, page, day)) is not None:
        await (get(call, unit.code, day) if day else _in_force(call, unit.code))


async def _in_force(call: Call, unit: str) -> None:
    version = await own_tables.latest(call.tx, call.desk.keys, unit)
    named = place(call.tree[unit])
    if version is None or version.mapping is None:
        stopped = [Say("own_table.stopped", day=version.first_day)] if version is not None else []
        call.say(*stopped, Say("own_table.none_yet", unit=named), rows=((HOME,),))
        return
    table = restored(version.mapping)
    mine = [column for column in table.columns if column.target is None and column.why not in _FIXED]
    lines = [
        Say("own_table.in_force", unit=named, n=version.version, day=version.first_day, name=version.name),
        Say("own_table.confirmed_by", who=await _name(call, version), at=moment(version.at, call.at)),
        Say("own_table.understood", n=len(_filled(table)), rows=sum(row.unit is not None for row in table.rows)),
    ]
    if mine:
        lines.append(Say("own_table.by_hand", what=[_written(heading(column.path)) for column in mine]))
    rows = (
        (Choice(f"do:table_get:{unit}:{call.today}", Say("own_table.button.get")),),
        (
            Choice(f"do:table_edit:{unit}", Say("own_table.button.edit")),
            Choice(f"do:table_stop:{unit}", Say("own_table.button.stop")),
        ),
        (HOME,),
    )
    call.say(*lines, Say("own_table.how"), rows=rows)


# --- what is proposed ---------------------------------------------------------------------------------------------------


async def map_(call: Call, draft_id: str, page: str = "0") -> None:
    """A draft: the figure of each column, to be confirmed or looked at; or the sheets of which one is to be chosen."""
    draft = await _draft(call, draft_id)
    if draft is None:
        return
    if draft.mapping is None:
        sheets = [Choice(f"do:table_sheet:{draft.id}:{at}", _written(name)) for at, name in enumerate(draft.sheets)]
        below = [Choice(f"do:table_drop:{draft.id}", Say("own_table.button.drop")), HOME]
        rows = paged(sheets, page, f"do:table_map:{draft.id}", call.message.channel, below)
        call.say(Say("own_table.refused.which_sheet", n=len(sheets)), rows=rows)
        return
    table = restored(draft.mapping)
    columns = [column for column in table.columns if column.why not in _FIXED]
    titles = [_written(heading(column.path)) for column in columns]
    said = [_column_line(at, column, title) for at, (column, title) in enumerate(zip(columns, titles, strict=True), start=1)]
    asked = _next_open(draft, table)
    use = "own_table.button.use_open" if asked else "own_table.button.use"
    below = [
        *([Choice(asked, Say("own_table.button.asked"))] if asked else []),
        Choice(f"do:table_rows:{draft.id}", Say("own_table.button.rows")),
        Choice(f"do:table_ok:{draft.id}", Say(use), Say("own_table.word.use")),
        Choice(f"do:table_drop:{draft.id}", Say("own_table.button.drop"), Say("word.drop")),
        HOME,
    ]
    keys = [f"do:table_col:{draft.id}:{column.at}" for column in columns]
    before = [Say("own_table.title", unit=place(call.tree[draft.unit]), name=draft.name), *summary(draft, table)]
    _listed(call, before, list(zip(keys, said, strict=True)), page, f"do:table_map:{draft.id}", below)


async def rows_(call: Call, draft_id: str, page: str = "0") -> None:
    """The unit of each row."""
    draft = await _draft(call, draft_id)
    if draft is None or draft.mapping is None:
        return
    rows = [row for row in restored(draft.mapping).rows if row.why is not Why.FORMULA]
    keys = [f"do:table_row:{draft.id}:{row.at}" for row in rows]
    said = [
        Say("own_table.line", at=at, title=_written(row.name), what=_unit(call, row), mark=_mark(row))
        for at, row in enumerate(rows, start=1)
    ]
    below = [Choice(f"do:table_map:{draft.id}", Say("button.back"))]
    listed = list(zip(keys, said, strict=True))
    _listed(call, [Say("own_table.rows_title")], listed, page, f"do:table_rows:{draft.id}", below)


def _listed(call: Call, before: list[Say], listed: list[tuple[str, Say]], page: str, turn: str, below: list[Choice]) -> None:
    """Lines with a button of their number each; without buttons the lines are the choices."""
    channel = call.message.channel
    if BUTTONS[channel]:
        shown = page_of(len(listed), page, channel, below).of([line for _, line in listed])
        choices = [Choice(key, Say("own_table.number", at=at)) for at, (key, _) in enumerate(listed, start=1)]
        call.say(*before, NOTHING, *shown, rows=paged(choices, page, turn, channel, below, per_row=6))
    else:
        choices = [Choice(key, line) for key, line in listed]
        call.say(*before, rows=paged(choices, page, turn, channel, below))


async def column(call: Call, draft_id: str, at: str, page: str = "0") -> None:
    """One column, and what it may be: the likeliest first."""
    draft = await _draft(call, draft_id)
    if draft is None or draft.mapping is None:
        return
    table = restored(draft.mapping)
    one = next((found for found in table.columns if str(found.at) == at), None)
    if one is None:
        await map_(call, draft_id)
        return
    rest = [target for target in (*indicators(), NOTE, CODE) if target not in one.candidates]
    choices = [Choice(f"do:table_set:{draft.id}:{at}:{target}", _figure(target)) for target in (*one.candidates, *rest)]
    choices += await own_table_questions.offered(call, draft, at)
    below = [
        Choice(f"do:table_ask:{draft.id}:{at}", Say("own_table.button.ask_below")),
        Choice(f"do:table_set:{draft.id}:{at}:{NONE}", Say("own_table.button.by_hand")),
        Choice(f"do:table_map:{draft.id}", Say("button.back")),
    ]
    where = Say("own_table.row_at", n=one.at) if table.across else Say("own_table.column_at", at=get_column_letter(one.at))
    lines = [where, _written(heading(one.path)), one.reason, Say("own_table.now", what=_meant(one))]
    call.say(*lines, rows=paged(choices, page, f"do:table_col:{draft.id}:{at}", call.message.channel, below))


async def row(call: Call, draft_id: str, at: str, page: str = "0") -> None:
    """One row, and which unit it may be: those that bear its name first."""
    draft = await _draft(call, draft_id)
    if draft is None or draft.mapping is None:
        return
    one = next((found for found in restored(draft.mapping).rows if str(found.at) == at), None)
    if one is None:
        await map_(call, draft_id)
        return
    units = [code for code in one.candidates if code in call.tree]
    units += [unit.code for unit in (*call.tree.children(draft.unit), call.tree[draft.unit]) if unit.code not in units]
    choices = [Choice(f"do:table_unit:{draft.id}:{at}:{code}", place(call.tree[code])) for code in units]
    below = [
        Choice(f"do:table_unit:{draft.id}:{at}:{NONE}", Say("own_table.button.row_by_hand")),
        Choice(f"do:table_rows:{draft.id}", Say("button.back")),
    ]
    lines = [_written(one.name), one.reason, Say("own_table.now", what=_unit(call, one))]
    call.say(*lines, rows=paged(choices, page, f"do:table_row:{draft.id}:{at}", call.message.channel, below))


async def set_column(call: Call, draft_id: str, at: str, target: str) -> None:
    """The officer says what a column is; the next open question follows."""
    draft = await _draft(call, draft_id)
    if draft is None:
        return
    if target not in (*indicators(), NOTE, CODE, NONE) and not await own_table_questions.fits(call, draft.unit, target):
        await map_(call, draft_id)
        return

    def changed(table: TableMap) -> TableMap:
        key = next((one.key for one in table.columns if str(one.at) == at), None)
        return table if key is None else table.column(key, None if target == NONE else target)

    await _change(call, draft_id, changed)


async def ask_below(call: Call, draft_id: str, at: str) -> None:
    """What this column counts is asked of the units below every day, once the table is confirmed."""
    draft = await _draft(call, draft_id)
    if draft is None or draft.mapping is None:
        return
    one = next((found for found in restored(draft.mapping).columns if str(found.at) == at), None)
    if one is None:
        await map_(call, draft_id)
        return
    await set_column(call, draft_id, at, await own_table_questions.drafted(call, draft, one))


async def set_row(call: Call, draft_id: str, at: str, unit: str) -> None:
    """The officer says which unit a row is."""

    def changed(table: TableMap) -> TableMap:
        key = next((one.key for one in table.rows if str(one.at) == at), None)
        return table if key is None else table.row(key, None if unit == NONE else unit)

    draft = await _draft(call, draft_id)
    if draft is None:
        return
    if unit != NONE and not call.tree.within(unit, draft.unit):
        await map_(call, draft_id)
        return
    await _change(call, draft_id, changed)


async def _change(call: Call, draft_id: str, how: Callable[[TableMap], TableMap]) -> None:
    draft = await _draft(call, draft_id)
    if draft is None or draft.mapping is None:
        return
    before = restored(draft.mapping)
    table = how(before)
    draft = replace(draft, mapping=stored(table))
    await own_tables.keep(call.tx, call.desk.keys, call.user.id, draft, call.at)
    asked = _next_open(draft, table)
    if asked is None or _next_open(draft, before) == asked:  # it was not the open question that was answered
        await map_(call, draft_id)
        return
    verb, _, at = asked.removeprefix("do:").split(":")
    await (column if verb == "table_col" else row)(call, draft_id, at)


async def sheet(call: Call, draft_id: str, number: str) -> None:
    """The officer says which sheet; the file is read again."""
    draft = await _draft(call, draft_id)
    if draft is None:
        return
    if draft.mapping is not None or not number.isdecimal() or int(number) >= len(draft.sheets):
        await map_(call, draft_id)
        return
    await want(call, READ, draft=draft.id, sheet=int(number))
    call.say(Say("own_table.received"), rows=((HOME,),))


# --- using it -----------------------------------------------------------------------------------------------------------


async def confirm(call: Call, draft_id: str, over: str = "") -> None:
    """From today on this is the unit's table. ``over``: the version of a colleague that is meant to give way to it."""
    draft = await _draft(call, draft_id)
    if draft is None or draft.mapping is None:
        return
    newest = await own_tables.latest(call.tx, call.desk.keys, draft.unit)
    number = newest.version if newest is not None else 0
    if newest is not None and number != draft.based_on and over != str(number):
        use = Choice(f"do:table_ok:{draft.id}:{number}", Say("own_table.button.use_mine"), Say("own_table.word.use"))
        drop = Choice(f"do:table_drop:{draft.id}", Say("own_table.button.drop"), Say("word.drop"))
        who, at = await _name(call, newest), moment(newest.at, call.at)
        call.say(Say("own_table.overtaken", who=who, at=at, n=number), rows=((use,), (drop, HOME)))
        return
    table, asked = await own_table_questions.confirmed(call, _settled(restored(draft.mapping)))
    new = Version(draft.unit, number + 1, call.today, draft.name, stored(table), draft.content, call.user.id, call.at)
    if not await own_tables.add(call.tx, call.desk.keys, new):  # in this very moment a colleague did
        await map_(call, draft_id)
        return
    await own_tables.forget(call.tx, call.user.id)
    lines = [Say("own_table.used", n=new.version, day=new.first_day, unit=place(call.tree[draft.unit]))]
    if draft.based_on:
        lines.append(Say("own_table.former_stays"))
    lines += asked
    get_now = Choice(f"do:table_get:{draft.unit}:{call.today}", Say("own_table.button.get"))
    call.say(*lines, rows=((get_now,), (HOME,)))


def _settled(table: TableMap) -> TableMap:
    """All that was proposed is confirmed; what was left open is the commune's to fill in, and is not asked again."""
    for column in table.open_columns:
        table = table.column(column.key, None)
    for row in table.open_rows:
        table = table.row(row.key, None)
    return table.confirmed()


async def drop(call: Call, draft_id: str) -> None:
    """What was proposed is not used; what is in force stays."""
    if await _draft(call, draft_id) is not None:
        await own_tables.forget(call.tx, call.user.id)
        call.say(Say("own_table.dropped"), rows=((HOME,),))


async def edit(call: Call, unit: str) -> None:
    """Look again at what the columns of the table in force are; what changes is a new version."""
    version = await own_tables.latest(call.tx, call.desk.keys, unit) if works_for(call.user.roles, unit) else None
    if version is None or version.mapping is None or version.content is None:
        await show(call)
        return
    begun = Draft(call.desk.new_id(), unit, version.version, version.name, version.content, version.mapping)
    await own_tables.keep(call.tx, call.desk.keys, call.user.id, begun, call.at)
    await map_(call, begun.id)


async def stop(call: Call, unit: str, sure: str = "") -> None:
    """From today on no table is filled; those of former days can still be had."""
    version = await own_tables.latest(call.tx, call.desk.keys, unit) if works_for(call.user.roles, unit) else None
    if version is None or version.content is None:
        await show(call)
        return
    if sure != str(version.version):
        yes = Choice(f"do:table_stop:{unit}:{version.version}", Say("own_table.button.stop_sure"), Say("own_table.word.stop"))
        keep = Choice(f"do:table:{unit}", Say("button.back"))
        call.say(Say("own_table.stop_sure", unit=place(call.tree[unit])), rows=((yes,), (keep,)))
        return
    none = Version(unit, version.version + 1, call.today, "", None, None, call.user.id, call.at)
    await own_tables.add(call.tx, call.desk.keys, none)
    await _in_force(call, unit)


async def get(call: Call, unit: str, day: str) -> None:
    """A copy filled with the figures of a day, by the version in force then."""
    try:
        wanted = min(date.fromisoformat(day), call.today)
    except ValueError:
        wanted = call.today
    if not works_for(call.user.roles, unit) or unit not in call.tree:
        call.say(Say("access.denied"))
        return
    if await own_tables.in_force(call.tx, call.desk.keys, unit, wanted) is None:
        call.say(Say("own_table.none_on", day=wanted, unit=place(call.tree[unit])), rows=((HOME,),))
        return
    await want(call, FILL, unit=unit, day=wanted.isoformat())
    call.say(Say("own_table.coming", day=wanted), rows=((HOME,),), fresh=True)


# --- words --------------------------------------------------------------------------------------------------------------


async def _draft(call: Call, draft_id: str) -> Draft | None:
    """The draft that a button speaks of; None, and the reader was told, if it is over."""
    draft = await own_tables.draft_of(call.tx, call.desk.keys, call.user.id)
    if draft is None or draft.id != draft_id or not works_for(call.user.roles, draft.unit) or draft.unit not in call.tree:
        call.say(Say("own_table.over"), rows=((Choice("do:table", Say("menu.table")), HOME),), fresh=True)
        return None
    return draft


def _next_open(draft: Draft, table: TableMap) -> str | None:
    """The button of the next column or row that an officer has to say."""
    for one in table.open_columns:
        return f"do:table_col:{draft.id}:{one.at}"
    for line in table.open_rows:
        return f"do:table_row:{draft.id}:{line.at}"
    return None


def _filled(table: TableMap) -> list[Column]:
    return [column for column in table.columns if column.target is not None]


def _column_line(at: int, column: Column, title: Say) -> Say:
    return Say("own_table.line", at=at, title=title, what=_meant(column), mark=_mark(column))


def _mark(one: Column | Row) -> Say:
    if one.is_open:
        return Say("own_table.mark.asked")
    return Say("own_table.mark.likely") if one.confidence is Confidence.LIKELY else NOTHING


def _meant(column: Column) -> Say:
    return _figure(column.target) if column.target is not None else _nothing(column)


def _unit(call: Call, row: Row) -> Say:
    if row.unit is None:
        return _nothing(row)
    unit = call.tree.get(row.unit)
    return place(unit) if unit is not None else _written(row.unit)


def _nothing(one: Column | Row) -> Say:
    return Say("own_table.unclear" if one.is_open else "own_table.by_hand_short")


def _figure(target: str) -> Say:
    if target.startswith(TARGET):
        return Say("own_table.target.question")
    return Say(f"own_table.target.{target}") if target in (NOTE, CODE) else Say(f"reports.indicator.{target}")


def _written(text: str) -> Say:
    return Say("reports.as_written", value=text)


async def _name(call: Call, version: Version) -> Say:
    found = await people.of_users(call.tx, call.desk.keys, [version.by])
    return _written(found[0].name) if found else Say("value.none")
