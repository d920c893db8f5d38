"""Columns of a unit's own table that nobody counts yet: each may be asked of the units below as a daily question (N13, N14)."""

from __future__ import annotations

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.questions import AnswerKind, Question, State
from bot.handlers.asking import start
from bot.handlers.call import Call
from bot.reports.counters import TARGET
from bot.reports.own_look import heading
from bot.reports.own_table import Column, TableMap
from bot.storage import questions
from bot.storage.own_tables import Draft

LONGEST = 200


async def offered(call: Call, draft: Draft, at: str) -> list[Choice]:
    """The daily questions of the unit, any of which may be what a column is."""
    found = await questions.of_units(call.tx, call.desk.keys, [draft.unit])
    return [
        Choice(f"do:table_set:{draft.id}:{at}:{TARGET}{one.id}", Say("own_table.target.counter", text=one.text))
        for one in found
        if one.daily
    ]


async def fits(call: Call, unit: str, target: str) -> bool:
    """Whether a target is a daily question of this unit that was not ended."""
    one = await _meant(call, target)
    return one is not None and one.daily and one.unit == unit and one.state in (State.OPEN, State.DRAFT)


async def _meant(call: Call, target: str) -> Question | None:
    if not target.startswith(TARGET):
        return None
    return await questions.get(call.tx, call.desk.keys, target.removeprefix(TARGET))


async def drafted(call: Call, draft: Draft, column: Column) -> str:
    """A daily question in the words of a column's heading; it is asked once the table is confirmed. Its target."""
    table = call.desk.timetable
    one = Question(
        id=call.desk.new_id(),
        unit=draft.unit,
        by=call.user.id,
        kind=AnswerKind.NUMBER,
        text=heading(column.path)[:LONGEST],
        options=(),
        units=None,
        state=State.DRAFT,
        first_day=call.today,
        created_at=call.at,
        ask_wall=table.first_nudge,
        due_wall=table.cut_off,
    )
    await questions.keep(call.tx, call.desk.keys, one)
    return TARGET + one.id


async def confirmed(call: Call, table: TableMap) -> tuple[TableMap, list[Say]]:
    """The table with the questions behind its columns asked, and what is said of it. One that is over fills nothing."""
    said: list[Say] = []
    for column in table.columns:
        if column.target is None or not column.target.startswith(TARGET):
            continue
        one = await _meant(call, column.target)
        if one is None or one.state not in (State.OPEN, State.DRAFT):
            table = table.column(column.key, None)
        elif one.state is State.DRAFT:
            said += await start(call, one, call.desk.timetable.digest)
    return table, said
