"""How complete and how punctual reports are (A2, R38): of today, of a month, of a year; for any unit within one's reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bot.conversation.prompt import Choice
from bot.conversation.words import Say
from bot.domain.access import Act
from bot.domain.data_sets import COMMUNE_DAILY, DAILY, data_sets
from bot.domain.units import COMMUNE, VILLAGE, Tree
from bot.handlers import areas
from bot.handlers.call import Call
from bot.handlers.paging import paged
from bot.reports.habits import Habit, habits
from bot.reports.phrases import HOME, place
from bot.reports.punctuality import Punctuality, in_words, punctuality, rolled_up, total

SPANS = ("today", "week", "month", "last_month", "year")
ONE_DAY = timedelta(days=1)
MOST_LINES = 30


def span(name: str, today: date) -> tuple[date, date]:
    """The days of a span that ends today, or with the last month."""
    first_of_month = today.replace(day=1)
    match name:
        case "week":
            return today - timedelta(days=6), today
        case "month":
            return first_of_month, today
        case "last_month":
            return (first_of_month - ONE_DAY).replace(day=1), first_of_month - ONE_DAY
        case "year":
            return today.replace(month=1, day=1), today
        case _:
            return today, today


async def progress(call: Call, code: str = "") -> None:
    """Of today."""
    await show(call, code, "", "today")


async def statistics(call: Call, code: str = "") -> None:
    """Of this month."""
    await show(call, code, "", "month")


async def show(call: Call, code: str, key: str, name: str, page: str = "0") -> None:
    """What was owed, came, and came in time, of a unit and of each unit below it, the worst first."""
    top = areas.asked(call, "stats", Act.SEE_FIGURES, code, page, key, name)
    if top is None:
        return
    unit = top.code
    keys = _keys(call.tree, unit)
    key = key if key in keys else keys[0]
    name = name if name in SPANS else "month"
    first, last = span(name, call.today)
    found = await punctuality(call.tx, key, unit, first, last, call.at, call.desk.timetable)
    here = f"do:stats:{unit}"
    others = [Choice(f"{here}:{one}:{name}", Say(f"statistics.data_set.{one}")) for one in keys if one != key]
    spans = [Choice(f"{here}:{key}:{one}", Say(f"statistics.span.{one}")) for one in SPANS if one != name]
    below = [
        Choice(f"do:stats:{one.code}:{key}:{name}", place(one)) for one in call.tree.children(unit) if one.level != VILLAGE
    ]
    title = Say(
        "statistics.title",
        unit=place(call.tree[unit]),
        data_set=Say(f"statistics.data_set.{key}"),
        span=Say(f"statistics.span.{name}"),
        first=first,
        last=last,
    )
    habitual = await habits(call.tx, unit, first, last, call.at, call.desk.timetable) if _of_villages(call, unit, key) else {}
    lines = [title, *_lines(call.tree, unit, found, habitual)]
    call.say(*lines, rows=paged([*others, *spans, *below], page, f"{here}:{key}:{name}", call.message.channel, [HOME]))


def _of_villages(call: Call, unit: str, key: str) -> bool:
    """Whether each village is told of: in its own view and in its commune's."""
    return key == DAILY and call.tree[unit].level in (VILLAGE, COMMUNE)


def _keys(tree: Tree, unit: str) -> list[str]:
    """The data sets that are owed at or below a unit; what communes owe is not shown to a village."""
    level = tree[unit].level
    if level == VILLAGE:
        return [DAILY]
    return [DAILY, COMMUNE_DAILY, *(key for key in data_sets() if key not in (DAILY, COMMUNE_DAILY))]


def _lines(tree: Tree, unit: str, found: Mapping[str, Punctuality], habitual: Mapping[str, Habit]) -> list[Say]:
    whole = total(found)
    if not whole.expected:
        return [Say("statistics.nothing_due")]
    parts = rolled_up(found, tree, unit)
    worst_first = sorted(parts.items(), key=lambda one: (one[1].timeliness or 0, one[1].completeness or 0, one[0]))
    lines = [Say("statistics.total", **in_words(whole))]
    if set(parts) != {unit}:
        for code, counted in worst_first[:MOST_LINES]:
            named = place(tree[code]) if code in tree else Say("reports.as_written", value=code)
            said = habitual[code].words() if code in habitual else []
            key = "statistics.village" if said else "statistics.part"
            lines.append(Say(key, unit=named, habits=said, **in_words(counted)))
        if len(worst_first) > MOST_LINES:
            lines.append(Say("statistics.more", n=len(worst_first) - MOST_LINES))
    elif unit in habitual and (said := habitual[unit].words()):
        lines.append(Say("statistics.habits", habits=said))
    return lines
